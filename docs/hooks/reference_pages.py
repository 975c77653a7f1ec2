"""Generate pages when the site is built: reference, measurements, and what is kept at the top of the project."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

from measurements_page import measurements
from mkdocs.config.defaults import MkDocsConfig
from reference_of_programs import commands, finding_keys, settings

from etl.catalogue import Catalogue
from etl.escape import escape_markdown
from etl.formats import writer
from etl.markdown_table import table_lines
from etl.reporters.rule_pages import rule_page, rule_summaries
from etl.reporters.words import WORDS
from etl.warehouse.dictionary import column_row, measure_row
from etl.warehouse.marts import declared_mart
from schemas import registers
from schemas.models import columns, key, rules, titles
from schemas.texts import Language, Text

ROOT = Path(__file__).parents[2]
SUFFIXES: dict[Language, str] = {"en": "", "zh": ".zh-CN"}
TITLES = {
    "rules": {"en": "Rules", "zh": "规则"},
    "tables": {"en": "Tables of the warehouse", "zh": "数据仓库的表"},
}
COLUMNS = {
    "en": {
        "header": "column|meaning|kind|unit|codes",
        "is_key": " (key)",
        "rules": "rule|severity|statement",
        "tables": "table|title",
    },
    "zh": {"header": "列|含义|类型|单位|代码", "is_key": "（主键）", "rules": "规则|严重程度|内容", "tables": "表|标题"},
}
KEYS_OF_FINDINGS = "<!-- keys of a finding -->"
KEPT_AT_THE_TOP = {"contributing": "CONTRIBUTING", "security": "SECURITY", "changes": "CHANGELOG"}


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the pages that are written by hand and the generated ones into one folder, and build the site from it."""
    together = ROOT / "build" / "docs"
    shutil.rmtree(together, ignore_errors=True)
    shutil.copytree(ROOT / "docs", together, ignore=shutil.ignore_patterns("hooks"))
    for path, content in generated_pages(Catalogue.of(ROOT)):
        page = together / path
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(content, encoding="utf-8")
    config.docs_dir = str(together)
    return config


def generated_pages(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Yield the path and content of each page that is written when the site is built."""
    for language, suffix in SUFFIXES.items():
        for path, name in KEPT_AT_THE_TOP.items():
            if (kept := ROOT / f"{name}{suffix}.md").is_file():
                yield f"{path}{suffix}.md", kept.read_text(encoding="utf-8")
        yield f"reference/commands{suffix}.md", "\n".join(commands(language))
        yield f"explanation/measurements{suffix}.md", "\n".join(measurements(language))
        yield f"reference/settings{suffix}.md", "\n".join(settings(language))
        page = ROOT / "docs" / "reference" / f"findings{suffix}.md"
        yield f"reference/findings{suffix}.md", page.read_text(encoding="utf-8").replace(KEYS_OF_FINDINGS, finding_keys(language))
        yield f"reference/rules/index{suffix}.md", "\n".join(_rule_list(catalogue, language))
        for rule in {page["id"] for page in rule_summaries(catalogue, None)}:
            yield f"reference/rules/{rule}{suffix}.md", str(writer("markdown", "rule")(rule_page(catalogue, rule), language))
        yield f"reference/tables/index{suffix}.md", "\n".join(_table_list(catalogue, language))
        for domain in catalogue.domains:
            yield f"reference/tables/{domain}{suffix}.md", "\n".join(_domain(catalogue, domain, language))


def _rule_list(catalogue: Catalogue, language: Language) -> Iterator[str]:
    yield f"# {TITLES['rules'][language]}"
    yield ""
    rows = {
        page["id"]: (
            f"[`{page['id']}`]({page['id']}.md)",
            _severity(page["severity"], language),
            escape_markdown(page["statement"][language]),
        )
        for page in rule_summaries(catalogue, None)
    }
    yield from table_lines(COLUMNS[language]["rules"].split("|"), rows.values())


def _severity(severity: str, language: Language) -> str:
    """Return a severity as findings print it, and in Chinese its name."""
    return f"{WORDS[severity].zh}（{severity}）" if language == "zh" else severity


def _table_list(catalogue: Catalogue, language: Language) -> Iterator[str]:
    yield f"# {TITLES['tables'][language]}"
    which = 0 if language == "zh" else 1
    for domain in catalogue.domains:
        yield from ("", f"## [{catalogue.domain_title(domain)[which]}]({domain}.md)", "")
        rows = [(f"`{entry.address}`", titles(entry.model)[which]) for entry in catalogue.entries(domain)]
        rows += [(f"`{entry.address}`", registers.titles(entry.model)[which]) for entry in catalogue.registers(domain)]
        yield from table_lines(COLUMNS[language]["tables"].split("|"), rows)


def _domain(catalogue: Catalogue, domain: str, language: Language) -> Iterator[str]:
    which = 0 if language == "zh" else 1
    yield f"# {catalogue.domain_title(domain)[which]}"
    for entry in catalogue.entries(domain):
        rows = [column_row(column, key(entry.model), catalogue.lists) for column in columns(entry.model)]
        rows += [measure_row(measure.name, measure.meaning) for measure in declared_mart(entry.transform).measures]
        yield from _table(entry.address, titles(entry.model)[which], rows, [rule.id for rule in rules(entry.model)], language)
    for register in catalogue.registers(domain):
        listed = registers.columns(register.model)
        rows = [column_row(column, registers.key(register.model), catalogue.lists) for column in listed]
        declared = [rule.id for rule in registers.declared_rules(register.model)]
        yield from _table(register.address, registers.titles(register.model)[which], rows, declared, language)


def _table(address: str, title: str, rows: list[dict[str, Text]], declared: list[str], language: Language) -> Iterator[str]:
    yield from ("", f"## {address}", "", escape_markdown(title), "")
    words = COLUMNS[language]
    shown = []
    for row in rows:
        name = f"`{row['column'].en}`" + (words["is_key"] if row["key"] else "")
        cells = (row[cell].in_language(language) for cell in (language, "kind", "unit", "codes"))
        shown.append((name, *map(escape_markdown, cells)))
    yield from table_lines(words["header"].split("|"), shown)
    yield from ("", *(f"- [`{rule}`](../rules/{rule}.md)" for rule in dict.fromkeys(declared)))
