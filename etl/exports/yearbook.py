"""Lay out tables as a statistical yearbook prints them: a row an indicator, a column a period."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

from etl.exports.fields import Field
from etl.exports.tables import DERIVED, ExportTable

Languages = Literal["zh", "en", "both"]
_MOST_NOTES = 50
_BOUNDS = ("_low", "_high")


@dataclass(frozen=True, slots=True)
class YearbookOptions:
    """What a yearbook shows.

    Attributes:
        is_printed: figures as their documents print them, not as numbers.
        languages: of titles and indicators.
        has_bounds: the bounds of computed measures too.
    """

    is_printed: bool = False
    languages: Languages = "both"
    has_bounds: bool = False


@dataclass(frozen=True, slots=True)
class YearbookRow:
    """A row: what it is of (area and categories), its indicator, its unit, and a cell for each period, None if empty."""

    group: str
    indicator: str
    unit: str
    cells: tuple[Any, ...]
    is_computed: bool = False


@dataclass(frozen=True, slots=True)
class YearbookTable:
    """A table of a yearbook.

    Attributes:
        title: its title.
        unit: that of all its rows; empty where they have several.
        periods: the titles of its columns.
        rows: in the order of groups and of the columns of the model.
        notes: hedged figures and documents, a line each.
    """

    title: str
    unit: str
    periods: tuple[str, ...]
    rows: tuple[YearbookRow, ...]
    notes: tuple[str, ...]


def lay_out(table: ExportTable, options: YearbookOptions) -> YearbookTable:
    """Lay out a table; of several documents for a cell the latest that has it is shown."""
    periods = sorted(set(table.rows.get_column("period")))
    names = _names(table, options.languages)
    shown = [each for each in table.fields if each.is_number and (options.has_bounds or not each.name.endswith(_BOUNDS))]
    cells = _cells(table, shown, options)
    units = {_unit(each, options.languages) for each in shown}
    common = units.pop() if len(units) == 1 else ""
    rows = [
        YearbookRow(
            " · ".join(names[field].get(code, code) for field, code in group),
            _in(options.languages, each.zh, each.en),
            "" if common else _unit(each, options.languages),
            tuple(cells.get((group, each.name, period)) for period in periods),
            each.kind == DERIVED,
        )
        for group in dict.fromkeys(group for group, _, _ in cells)
        for each in shown
    ]
    kept = tuple(row for row in rows if any(cell is not None for cell in row.cells))
    notes = (*(() if options.is_printed else _notes(table, options.languages)), *_sources(table, options.languages))
    return YearbookTable(_in(options.languages, table.zh, table.en), common, tuple(periods), kept, notes)


Group = tuple[tuple[str, str], ...]


def _cells(table: ExportTable, shown: Sequence[Field], options: YearbookOptions) -> dict[tuple[Group, str, str], Any]:
    """Return the cell of each group, column and period."""
    order = {document.source: rank for rank, document in enumerate(table.documents)}
    of_groups = [name for name in table.key if name not in ("period", "source")]
    printed = {(row["row_key"], row["indicator"]): row["published"] for row in table.figures.iter_rows(named=True)}
    latest_first = sorted(table.rows.iter_rows(named=True), key=lambda row: order.get(row["source"], len(order)))
    cells: dict[tuple[Group, str, str], Any] = {}
    for row in latest_first:
        row_key = ":".join(str(row[name]) for name in table.key)
        for each in shown:
            value = row[each.name]
            if options.is_printed or value is None:  # a mark, such as `…`, has no value
                value = printed.get((row_key, each.name), value)
            if value is not None:
                cells.setdefault((tuple((name, row[name]) for name in of_groups), each.name, row["period"]), value)
    return dict(sorted(cells.items(), key=lambda item: item[0][0]))


def _names(table: ExportTable, languages: Languages) -> dict[str, dict[str, str]]:
    return {each.name: {code: _in(languages, *both) for code, both in each.code_names.items()} for each in table.fields}


def _in(languages: Languages, zh: str, en: str) -> str:
    return {"zh": zh, "en": en, "both": f"{zh} {en}"}[languages]


def _unit(field: Field, languages: Languages) -> str:
    return _in(languages, field.unit, field.unit_en) if field.unit != field.unit_en else field.unit


def _notes(table: ExportTable, languages: Languages) -> Iterator[str]:
    """Yield a note for each hedged or marked figure, since its number alone claims too much."""
    is_marked = pl.col("mark").is_not_null() & (pl.col("value").is_not_null() | pl.col("note").is_not_null())
    hedged = table.figures.filter((pl.col("hedge") != "") | is_marked)
    names = {each.name: _in(languages, each.zh, each.en) for each in table.fields}
    for row in hedged.head(_MOST_NOTES).iter_rows(named=True):
        where = re.sub(r":[^:]*$", "", row["row_key"])
        mark = (row["mark"] or "").replace(" ", "") if row["value"] is not None else ""
        printed = _in(languages, f"原文“{row['published']}{mark}”", f"printed as “{row['published']}{mark}”")
        note = f"; {row['note']}" if row["note"] else ""
        yield f"{_in(languages, '注', 'Note')}: {where} {names[row['indicator']]}: {printed}{note}"
    if hedged.height > _MOST_NOTES:
        more = hedged.height - _MOST_NOTES
        yield _in(languages, f"另有 {more} 处。", f"{more} more.")


def _sources(table: ExportTable, languages: Languages) -> Iterator[str]:
    for document in table.documents:
        publisher = f", {document.publisher}" if document.publisher else ""
        yield f"{_in(languages, '资料来源', 'Source')}: {document.title}{publisher} ({document.source})"
