"""Trace a figure of the warehouse, by its print or column, to its file, its document, and its rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from etl.errors import ProjectError, UnknownNameError
from etl.figures.marks import NORMAL
from etl.project import Project
from etl.tracing.figure import TracedFigure, figure_lines, reading_of
from etl.warehouse.query import query
from schemas.texts import Language, Text

_FIGURES = """
SELECT f.*, i.zh, i.en, s.title, l.ordinal, l."offset", t.zh AS status_zh, t.en AS status_en
FROM core.figure f
LEFT JOIN core.indicator i ON i.domain = f.domain AND i.table_name = f.table_name AND i.indicator = f.indicator
LEFT JOIN core.source s ON s.source = f.source
LEFT JOIN core.ledger l ON l.source = f.source AND l.address = i.address AND l.row_key = f.row_key
LEFT JOIN core.status t ON t.column_name = 'status' AND t.code = f.status
WHERE f.published = $wanted OR i.address = $wanted OR concat_ws('.', f.domain, f.table_name) = $wanted
ORDER BY ALL
"""


def trace_figure(project: Project, wanted: str, language: Language) -> Iterator[str]:
    """Trace each figure that is printed so, or stands in that column or table.

    Raises:
        UnknownNameError: there is no such figure, column or table.
        ProjectError: there is one, and the warehouse has no figure of it.
    """
    found = query(project.warehouse, _FIGURES, {"wanted": wanted})
    if found.is_empty():
        tables = project.catalogue.entries()
        columns = [f"{each.address}.{column}" for each in tables for column in each.model.to_schema().columns]
        names = [*(each.address for each in tables), *columns]
        if wanted in names:
            raise ProjectError(f"The warehouse has no figure of {wanted} yet.", f"数据仓库尚无 {wanted} 的数字。")
        raise UnknownNameError(Text("figure, column or table", "数字、列或表"), wanted, names)
    for row in found.iter_rows(named=True):
        yield from figure_lines(_figure(row, language), project.catalogue, language)


def _figure(row: Mapping[str, Any], language: Language) -> TracedFigure:
    position = "" if row["ordinal"] is None else f":{row['ordinal']}"
    character = Text(f", character {row['offset']}", f"，第 {row['offset']} 个字符").in_language(language)
    offset = "" if row["offset"] is None else character
    return TracedFigure(
        f"{row['domain']}.{row['table_name']}",
        row["indicator"],
        row["zh"],
        row["en"],
        row["row_key"],
        row["published"],
        _value(row, language),
        row["raw_file"],
        row["raw_line"],
        f"{row['source']} {row['section']}{position}{offset}",
        row["title"] or "",
    )


def _value(row: Mapping[str, Any], language: Language) -> str:
    """Format what a cell says: its value and bounds, or why it has none, and its marks."""
    status = "" if row["status"] == NORMAL else f"{row['status']} {row['status_zh'] if language == 'zh' else row['status_en']}"
    marks = ", ".join(filter(None, (row["mark"] if row["value"] is not None else "", status, row["note"])))
    if row["value"] is None:
        return marks or "?"
    return reading_of(row["value"], row["low"], row["high"], row["unit"]) + (marks and f"  [{marks}]")
