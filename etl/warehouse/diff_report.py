"""The differences of two warehouses as text, Markdown, JSON or CSV."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from etl.catalogue import Catalogue
from etl.escape import escape_json, escape_markdown, visible
from etl.formula_text import with_safe_texts
from etl.markdown_table import format_markdown_table
from etl.text_table import format_table
from etl.warehouse.diff import DIFFERENCES, SAME, WarehouseDiff
from schemas.texts import Language, Text

_HEADERS = {
    "changed": Text("changed", "变动"),
    "gone": Text("gone", "消失"),
    "added": Text("added", "新增"),
    "within": Text("within", "相容"),
    "source": Text("document", "来源"),
    SAME: Text("same", "相同"),
}
_DOMAIN, _TOTAL = Text("domain", "领域"), Text("total", "合计")
_SCHEMA, _FINDINGS = Text("tables, views and columns", "表、视图与列"), Text("findings", "问题")
_FIGURE_HEADERS = (Text("figure", "数字"), Text("old", "旧"), Text("new", "新"), Text("change", "增减"), Text("document", "来源"))
_VERDICTS = (
    Text("no figure is gone or changed beyond its interval", "没有数字消失或超出区间"),
    Text("figures gone or changed beyond their intervals: {}", "消失或超出区间的数字：{} 个"),
)
_MARKS = {"added": "+", "gone": "-", "changed": "~"}


def as_json(comparison: WarehouseDiff, language: Language, most: int) -> str:
    """Format everything as JSON, in both languages: verdict, counts, differences."""
    del language, most
    parts = {
        "exit_code": comparison.exit_code,
        "counts": comparison.counts.to_dicts(),
        "figures": comparison.figures.to_dicts(),
        "schema": comparison.schema.to_dicts(),
        "findings": comparison.findings.to_dicts(),
    }
    return escape_json(json.dumps(parts, ensure_ascii=False, indent=2)) + "\n"


def as_csv(comparison: WarehouseDiff, language: Language, most: int) -> str:
    """Write the figures that differ, a row each; what a spreadsheet would run as a formula has an apostrophe before it."""
    del language, most
    return with_safe_texts(comparison.figures).write_csv()


def as_text(comparison: WarehouseDiff, language: Language, most: int) -> str:
    """Write at most so many differences of each kind, the counts, and the verdict."""
    parts = []
    for title, rows in _sections(comparison, language):
        lines = [f"  {visible(_line(row))}" for row in rows[:most]]
        parts.append("\n".join([f"{title} ({len(rows)})", *lines, *_more(rows, most, language)]))
    header, counts = _counts(comparison, language)
    parts.append(format_table(pl.DataFrame(counts, schema=header, orient="row")))
    return "\n\n".join(parts) + f"\n{verdict(comparison, language)}\n"


def _line(row: tuple[str, ...]) -> str:
    """Join a row of texts to a line, with an arrow between the two prints."""
    if len(row) == len(_FIGURE_HEADERS):
        row = (row[0], f"{row[1]} → {row[2]}", *row[3:])
    return "  ".join(filter(None, row))


def as_markdown(comparison: WarehouseDiff, language: Language, most: int) -> str:
    """Format the same as Markdown, the verdict first, for a comment or job summary."""
    parts = [f"**{verdict(comparison, language)}**", format_markdown_table(*_counts(comparison, language))]
    for title, rows in _sections(comparison, language):
        is_of_figures = len(rows[0]) == len(_FIGURE_HEADERS)
        header = tuple(text.in_language(language) for text in _FIGURE_HEADERS)
        shown = (
            format_markdown_table(header, rows[:most])
            if is_of_figures
            else "\n".join(f"- {escape_markdown(' '.join(row))}" for row in rows[:most])
        )
        parts += [f"### {title} ({len(rows)})", shown, *_more(rows, most, language)]
    return "\n\n".join(parts) + "\n"


def verdict(comparison: WarehouseDiff, language: Language) -> str:
    """Return the verdict in one line."""
    number = comparison.figures.get_column("difference").is_in(["changed", "gone"]).sum()
    return _VERDICTS[comparison.exit_code].in_language(language).format(number)


def _sections(comparison: WarehouseDiff, language: Language) -> Iterator[tuple[str, list[tuple[str, ...]]]]:
    """Yield each kind of difference that there is, with a row of texts for each."""
    for difference, title in DIFFERENCES.items():
        figures = comparison.figures.filter(pl.col("difference") == difference)
        if not figures.is_empty():
            yield title.in_language(language), [_figure(row) for row in figures.iter_rows(named=True)]
    if not comparison.schema.is_empty():
        yield _SCHEMA.in_language(language), [_type(row) for row in comparison.schema.iter_rows(named=True)]
    if not comparison.findings.is_empty():
        yield _FINDINGS.in_language(language), [_finding(row, language) for row in comparison.findings.iter_rows(named=True)]


def _figure(row: Mapping[str, Any]) -> tuple[str, ...]:
    name = " ".join(filter(None, (row["address"], row["area_code"], row["period"], row["categories"])))
    return (name, row["old_published"] or "∅", row["new_published"] or "∅", _change(row), _documents(row))


def _change(row: Mapping[str, Any]) -> str:
    """Format the change of a value: `+36 件 (+0.6%)`; empty if units differ."""
    if not row["change"]:
        return ""
    unit = "个百分点" if row["new_unit"] == "%" else row["new_unit"]
    percent = "" if row["change_pct"] is None else f" ({row['change_pct']:+.3g}%)"
    return f"{row['change']:+,.12g} {unit}{percent}"


def _documents(row: Mapping[str, Any]) -> str:
    old, new = row["old_source"], row["new_source"]
    return f"{old} → {new}" if old and new and old != new else str(new or old)


def _type(row: Mapping[str, Any]) -> tuple[str, ...]:
    types = " → ".join(filter(None, (row["old_type"], row["new_type"])))
    return (f"{_MARKS[row['difference']]} {row['address']}", types)


def _finding(row: Mapping[str, Any], language: Language) -> tuple[str, ...]:
    waived = {"en": " (waived)", "zh": "（已豁免）"}[language] if row["is_waived"] else ""
    place = " ".join(filter(None, (row["address"], row["row_key"], row["column_name"])))
    message = row["message_zh" if language == "zh" else "message"]
    return (f"{_MARKS[row['difference']]} {row['severity']}[{row['rule']}]{waived}", f"{place}: {message}")


def _counts(comparison: WarehouseDiff, language: Language) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Return the counts as texts: a header, and rows for the domains and the total."""
    names = tuple(_HEADERS)
    header = (_DOMAIN.in_language(language), *(_HEADERS[name].in_language(language) for name in names))
    rows = []
    for counts in comparison.counts.iter_rows(named=True):
        rows.append((_title(counts["domain"], comparison.catalogue, language), *(str(counts[name]) for name in names)))
    sums = comparison.counts.select(names).sum().row(0)
    return header, [*rows, (_TOTAL.in_language(language), *map(str, sums))]


def _title(domain: str, catalogue: Catalogue, language: Language) -> str:
    return catalogue.domain_title(domain)[0 if language == "zh" else 1] if domain in catalogue.domains else domain


def _more(rows: list[tuple[str, ...]], most: int, language: Language) -> list[str]:
    more = len(rows) - most
    return [Text(f"  … and {more} more", f"  …… 另有 {more} 条").in_language(language)] if more > 0 else []
