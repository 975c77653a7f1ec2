"""Format the list of rules, and the page of one, as text, JSON and Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from etl.escape import escape_json, escape_markdown
from etl.markdown_table import table_lines
from etl.reporters.rule_pages import RulePage
from etl.reporters.words import WORDS
from schemas.builtin_register_rules import REGISTER_RULES
from schemas.texts import COLON, Language, Text, listed_names

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
    "figure": Text("figure", "数字"),
    "meaning": Text("meaning", "含义"),
    "unit": Text("unit", "单位"),
    "waive": Text("To accept a finding", "如何豁免"),
    "delete": Text(
        "not possible; renew or delete the line of raw/waivers.csv", "不可豁免；请更新或删除 raw/waivers.csv 中的该行"
    ),
}

_LIST_TITLES = (Text("rule", "规则"), Text("severity", "严重程度"), Text("tables", "适用范围"), Text("statement", "内容"))


def list_as_text(pages: Sequence[RulePage], language: Language) -> str:
    """Write a line for each rule."""
    colon = COLON.in_language(language)
    return "\n".join(f"{p['severity']}[{p['id']}] {_tables(p, language)}{colon}{_statement(p, language)}" for p in pages)


def as_json(pages: RulePage | Sequence[RulePage], language: Language) -> str:
    """Write the rules, or the page of one, as JSON, in both languages."""
    del language
    return escape_json(json.dumps(pages, ensure_ascii=False, indent=2))


def list_as_markdown(pages: Sequence[RulePage], language: Language) -> str:
    """Write the rules as a table."""
    rows = (
        (f"`{p['id']}`", _severity(p, language), _tables(p, language), escape_markdown(_statement(p, language))) for p in pages
    )
    return "\n".join(table_lines([each.in_language(language) for each in _LIST_TITLES], rows))


def page_as_text(page: RulePage, language: Language) -> str:
    """Write the page of a rule as text."""
    return "\n".join(_text(page, language))


def page_as_markdown(page: RulePage, language: Language) -> str:
    """Write the page of a rule as Markdown."""
    return "\n".join(_markdown(page, language))


def _text(page: RulePage, language: Language) -> Iterator[str]:
    colon = COLON.in_language(language)
    words = {name: word.in_language(language) for name, word in _WORDS.items()}
    yield f"{page['severity']}[{page['id']}] {_statement(page, language)}"
    yield ""
    yield from (f"{words[name]}{colon}{text}" for name, text in _fields(page, language))
    for each in page["declared"]:
        yield from ("", f"{each['tables'][0]} ({each['model']})", f"  {each['formula']}")
        yield from (f"    {figure['figure']}{colon}{_with_unit(figure, language)}" for figure in each["figures"])
        yield from (f"  {words[name]}{colon}{text}" for name, text in _fields_of_table(page, each, language))
    if page["example"]:
        yield from ("", words["broken"])
    for file, content in page["example"].items():
        yield from (f"  {file}", *(f"    {line}" for line in content.splitlines()))
    yield from ("", f"{words['waive']}{colon}{_waive(page, language) or words['delete']}")


def _markdown(page: RulePage, language: Language) -> Iterator[str]:
    words, colon = {name: word.in_language(language) for name, word in _WORDS.items()}, COLON.in_language(language)
    yield from (f"# `{page['id']}`", "", f"**{escape_markdown(_statement(page, language))}**", "")
    yield from (f"- {words[name]}{colon}{escape_markdown(text)}" for name, text in _fields(page, language))
    for each in page["declared"]:
        yield from ("", f"## {each['tables'][0]}", "", f"`{each['formula']}`", "")
        rows = [(f"`{f['figure']}`", escape_markdown(f[language]), f["unit"]) for f in each["figures"]]
        yield from table_lines([words[name] for name in ("figure", "meaning", "unit")], rows)
        yield ""
        yield from (f"- {words[name]}{colon}{escape_markdown(text)}" for name, text in _fields_of_table(page, each, language))
    if page["example"]:
        yield from ("", f"## {words['broken']}")
    for file, content in page["example"].items():
        yield from ("", f"`{file}`", "", "```csv", content.rstrip("\n"), "```")
    yield from ("", f"## {words['waive']}", "", f"`{_waive(page, language)}`" if page["waive"] else words["delete"])


def _waive(page: RulePage, language: Language) -> str:
    command: str = page["waive"] or ""
    return command.replace("FILE:", "文件:").replace(":LINE:COLUMN", ":行:列") if language == "zh" else command


def _with_unit(figure: RulePage, language: Language) -> str:
    return f"{figure[language]} ({figure['unit']})" if language == "en" else f"{figure[language]}（{figure['unit']}）"


def _statement(page: RulePage, language: Language) -> str:
    text: str = page["statement"][language]
    return text


def _tables(page: RulePage, language: Language) -> str:
    every = _EVERY_REGISTER if page["id"] in {rule.id for rule in REGISTER_RULES} else _EVERY_TABLE
    return listed_names(page["tables"]).in_language(language) or every.in_language(language)


def _severity(page: RulePage, language: Language) -> str:
    limits = [(severity, page[name]) for severity, name in (("error", "error_if"), ("warning", "warn_if")) if page[name]]
    if not limits:
        return WORDS[page["severity"]].in_language(language)
    zh, en = (
        "，".join(f"超过 {limit} 行为{WORDS[severity].zh}" for severity, limit in limits) + "，否则为提示",
        ", ".join(f"{severity} above {limit} of the rows it applies to" for severity, limit in limits) + ", else information",
    )
    return zh if language == "zh" else en


def _fields(page: RulePage, language: Language) -> Iterator[tuple[str, str]]:
    """Yield titles and texts of a rule; reasons that differ stand with their tables."""
    declared = page["declared"]
    severities = dict.fromkeys(_severity(each, language) for each in declared or [page])
    if len(page["reasons"]) == 1 and language == "en":  # in Chinese a rule has no reason beside its statement
        yield "why", page["reasons"][0]
    if page["source"]:
        yield "source", page["source"]
    yield "severity", " / ".join(severities)
    for each in page.get("changed", ()):
        severity = WORDS[each["severity"] or "off"]
        en, zh = (f"{each['table']}: {severity.en}, {each['place']}: ", f"{each['table']}：{severity.zh}，{each['place']}：")
        yield "changed", (Text(en, zh) + each["reason"]).in_language(language)
    yield "tables", _tables(page, language)


def _fields_of_table(page: RulePage, declared: RulePage, language: Language) -> Iterator[tuple[str, str]]:
    if len(page["reasons"]) > 1 and language == "en":
        yield "why", declared["reasons"][0]
    if declared["only"]:
        yield "only", declared["only"][language]
    if declared["message"]:
        yield "broken", declared["message"][language]
