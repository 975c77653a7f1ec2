"""What each rule says: the list of all of them, and the page that explains one.

A page is data first, which is also its JSON; `_text` and `_markdown` write it out for a person.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from etl.catalogue import Catalogue, Entry, RegisterEntry
from etl.catalogue_file import RuleChange
from etl.errors import UnknownNameError
from etl.findings import Language, Text
from etl.gate.waivers import UNWAIVABLE
from etl.output.cases import statement
from etl.output.escape import markdown
from etl.rules.examples import breaking
from etl.rules.lint import models_of
from etl.rules.words import cell_words, condition_words
from schemas import standing
from schemas.registers import declared_rules
from schemas.standing_examples import EXAMPLES
from schemas.standing_registers import REGISTER_RULES
from schemas.vocabulary import Rule, rules

Style = Literal["text", "json", "markdown"]
Page = dict[str, Any]
Declared = Sequence[tuple[Rule, Entry | RegisterEntry | None]]

_EVERY_TABLE = Text("every table", "所有数据表")
_EVERY_REGISTER = Text("every register", "所有登记簿")
_WORDS = {
    "why": Text("Why", "理由"),
    "source": Text("Source", "出处"),
    "severity": Text("Severity", "严重程度"),
    "changed": Text("Changed by the project", "本项目更改"),
    "tables": Text("Tables", "适用范围"),
    "only": Text("Only where", "仅限"),
    "broken": Text("Broken by, in made-up figures", "不通过的示例（虚构）"),
    "waive": Text("To accept a finding", "如何豁免"),
    "delete": Text(
        "not possible; renew or delete the line of raw/waivers.csv", "不可豁免；请更新或删除 raw/waivers.csv 中的该行"
    ),
}


def listed_rules(catalogue: Catalogue, domain: str | None, style: Style, language: Language) -> str:
    """Give every rule with its severity, tables and statement; with `domain`, those that its tables declare.

    Raises:
        UnknownNameError: there is no such domain.
    """
    if domain is not None and domain not in catalogue.domains:
        raise UnknownNameError("domain", domain, catalogue.domains)
    pages = [_summary(declared) for declared in _all_rules(catalogue, domain)]
    if style == "json":
        return json.dumps(pages, ensure_ascii=False, indent=2)
    if style == "text":
        return "\n".join(
            f"{each['severity']}[{each['id']}] {_tables(each, language)}: {_statement(each, language)}" for each in pages
        )
    rows = [(f"`{p['id']}`", _severity(p, language), _tables(p, language), markdown(_statement(p, language))) for p in pages]
    return _markdown_table(("rule", "severity", "tables", "statement"), rows)


def rule_page(catalogue: Catalogue, rule_id: str, style: Style, language: Language) -> str:
    """Give the page of a rule.

    Raises:
        UnknownNameError: there is no such rule.
    """
    page = _page(catalogue, rule_id)
    if style == "json":
        return json.dumps(page, ensure_ascii=False, indent=2)
    return "\n".join(_text(page, language) if style == "text" else _markdown(page, language))


def _all_rules(catalogue: Catalogue, domain: str | None) -> Iterator[Declared]:
    """Give each rule's declarations: those of the same id, severity and thresholds are one rule."""
    if domain is None:
        yield from ([(rule, None)] for rule in (*standing.STANDING_RULES, *REGISTER_RULES))
    tables, registers = catalogue.entries(domain), catalogue.registers(domain)
    declared: list[tuple[Rule, Entry | RegisterEntry]] = []
    declared += [(rule, entry) for entry in tables for rule in rules(entry.model)]
    declared += [(rule, register) for register in registers for rule in declared_rules(register.model)]
    every: list[Entry | RegisterEntry] = [*tables, *registers]
    declared += [(each.rule, entry) for entry in every for each in entry.changed_rules if each.severity is None]
    same: dict[tuple[str, str, str], list[tuple[Rule, Entry | RegisterEntry | None]]] = {}
    for rule, entry in declared:
        same.setdefault((rule.id, _severity_of(rule, entry), repr(rule.thresholds)), []).append((rule, entry))
    yield from same.values()


def _change(rule: Rule, entry: Entry | RegisterEntry | None) -> RuleChange | None:
    """Return what the project changes of a rule in a table."""
    return next((each.change for each in entry.changed_rules if each.rule.id == rule.id), None) if entry else None


def _severity_of(rule: Rule, entry: Entry | RegisterEntry | None) -> str:
    change = _change(rule, entry)
    return change.severity if change else rule.severity


def _summary(declared: Declared) -> Page:
    first = declared[0][0]
    limits = first.thresholds
    changes = {entry.address: change for rule, entry in declared if entry and (change := _change(rule, entry))}
    return {
        "id": first.id,
        "severity": _severity_of(*declared[0]),
        "warn_if": limits.warn_if.text if limits and limits.warn_if else None,
        "error_if": limits.error_if.text if limits and limits.error_if else None,
        "statement": {"en": statement(first, "en"), "zh": " / ".join(dict.fromkeys(rule.zh for rule, _ in declared))},
        "reasons": list(dict.fromkeys(rule.reason for rule, _ in declared)),
        "source": first.source or None,
        "tables": [entry.address for _, entry in declared if entry],
        **({"changed": _told_changes(changes)} if changes else {}),
    }


def _told_changes(changes: Mapping[str, RuleChange]) -> list[Page]:
    return [
        {"table": address, "severity": change.severity, "place": change.place, "reason": change.reason}
        for address, change in changes.items()
    ]


def _page(catalogue: Catalogue, rule_id: str) -> Page:
    every = list(_all_rules(catalogue, None))
    same = [each for each in every if each[0][0].id == rule_id]
    if not same:
        raise UnknownNameError("rule", rule_id, dict.fromkeys(each[0][0].id for each in every))
    declared = [one for each in same for one in each]
    summary = _summary(declared)
    tables = summary["tables"]
    file = f"raw/{tables[0].replace('.', '/')}.csv" if len(tables) == 1 else "FILE"
    return {
        **summary,
        "declared": [_declaration(rule, entry) for rule, entry in declared if entry],
        "example": {} if tables else EXAMPLES.get(rule_id, {}),
        "waive": None if rule_id in UNWAIVABLE else f"etl waive '{file}:LINE:COLUMN[{rule_id}]' --reason '…'",
    }


def _declaration(rule: Rule, entry: Entry | RegisterEntry) -> Page:
    """Give what a rule is in one table: the claim as a formula, what its figures mean, and figures that break it."""
    claim = rule.claim
    if isinstance(entry, RegisterEntry):
        return _of_register(rule, entry)
    assert claim is not None
    models = models_of(entry.catalogue.entries())
    example = breaking(claim, entry.address, models, entry.catalogue.notation)
    condition = condition_words(rule, entry.model, entry.catalogue.lists)
    formula = "" if claim.relation == "holds" else claim.formula(lambda cell: cell.name)
    return {
        "model": f"schemas/{entry.domain}.py: {entry.model.__name__}",
        **_summary([(rule, entry)]),
        "formula": f"{formula} ∈ ℕ" if claim.relation == "whole" else formula,
        "only": {"en": condition.en, "zh": condition.zh} if condition else None,
        "figures": [cell_words(cell, entry.address, models) for cell in claim.cells()],
        "broken_by": {cell.name: list(texts) for cell, texts in example.printed.items()} if example else {},
        "message": {"en": example.message.en, "zh": example.message.zh} if example else None,
    }


def _of_register(rule: Rule, entry: RegisterEntry) -> Page:
    """Give what a rule is in a register: the columns that it reads; records have no printed figures that could break it."""
    return {
        "model": f"schemas/{entry.domain}.py: {entry.model.__name__}",
        **_summary([(rule, entry)]),
        "formula": ", ".join(rule.claim.uses) if rule.claim else "",
        "only": None,
        "figures": [],
        "broken_by": {},
        "message": None,
    }


# For a person


def _statement(page: Page, language: Language) -> str:
    text: str = page["statement"][language]
    return text


def _tables(page: Page, language: Language) -> str:
    every = _EVERY_REGISTER if page["id"] in {rule.id for rule in REGISTER_RULES} else _EVERY_TABLE
    return ", ".join(page["tables"]) or every.in_language(language)


def _severity(page: Page, language: Language) -> str:
    limits = [(severity, page[name]) for severity, name in (("error", "error_if"), ("warning", "warn_if")) if page[name]]
    if not limits:
        return str(page["severity"])
    zh, en = (
        "，".join(f"超过 {limit} 行为 {severity}" for severity, limit in limits) + "，否则为 information",
        ", ".join(f"{severity} above {limit} of the rows it applies to" for severity, limit in limits) + ", else information",
    )
    return zh if language == "zh" else en


def _fields(page: Page, language: Language) -> Iterator[tuple[str, str]]:
    """Give what is said of a rule as titles and texts; the reasons, if they differ, are said of each table."""
    declared = page["declared"]
    severities = dict.fromkeys(_severity(each, language) for each in declared or [page])
    if len(page["reasons"]) == 1:
        yield "why", page["reasons"][0]
    if page["source"]:
        yield "source", page["source"]
    yield "severity", " / ".join(severities)
    for each in page.get("changed", ()):
        yield "changed", f"{each['table']}: {each['severity']}, {each['place']}: {each['reason']}"
    yield "tables", _tables(page, language)


def _fields_of_table(page: Page, declared: Page, language: Language) -> Iterator[tuple[str, str]]:
    if len(page["reasons"]) > 1:
        yield "why", declared["reasons"][0]
    if declared["only"]:
        yield "only", declared["only"][language]
    if declared["message"]:
        yield "broken", declared["message"][language]


def _text(page: Page, language: Language) -> Iterator[str]:
    colon = "：" if language == "zh" else ": "
    words = {name: word.in_language(language) for name, word in _WORDS.items()}
    yield f"{page['severity']}[{page['id']}] {_statement(page, language)}"
    yield ""
    yield from (f"{words[name]}{colon}{text}" for name, text in _fields(page, language))
    for each in page["declared"]:
        yield from ("", f"{each['tables'][0]} ({each['model']})", f"  {each['formula']}")
        yield from (f"    {figure['figure']}: {figure[language]} ({figure['unit']})" for figure in each["figures"])
        yield from (f"  {words[name]}{colon}{text}" for name, text in _fields_of_table(page, each, language))
    if page["example"]:
        yield from ("", words["broken"])
    for file, content in page["example"].items():
        yield from (f"  {file}", *(f"    {line}" for line in content.splitlines()))
    yield from ("", f"{words['waive']}{colon}{page['waive'] or words['delete']}")


def _markdown(page: Page, language: Language) -> Iterator[str]:
    words = {name: word.in_language(language) for name, word in _WORDS.items()}
    yield from (f"# `{page['id']}`", "", f"**{markdown(_statement(page, language))}**", "")
    yield from (f"- {words[name]}: {markdown(text)}" for name, text in _fields(page, language))
    for each in page["declared"]:
        yield from ("", f"## {each['tables'][0]}", "", f"`{each['formula']}`", "")
        rows = [(f"`{f['figure']}`", markdown(f[language]), f["unit"]) for f in each["figures"]]
        yield _markdown_table(("figure", "meaning", "unit"), rows)
        yield ""
        yield from (f"- {words[name]}: {markdown(text)}" for name, text in _fields_of_table(page, each, language))
    if page["example"]:
        yield from ("", f"## {words['broken']}")
    for file, content in page["example"].items():
        yield from ("", f"`{file}`", "", "```csv", content.rstrip("\n"), "```")
    yield from ("", f"## {words['waive']}", "", f"`{page['waive']}`" if page["waive"] else words["delete"])


def _markdown_table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = list(header)
    return "\n".join(f"| {' | '.join(row)} |" for row in (titles, ["---"] * len(titles), *rows))
