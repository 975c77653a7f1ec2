"""Raw text to values with bounds: labels become codes, periods become spans, printed figures become intervals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from etl.findings import Finding, Text, found
from etl.tables.figure_cells import FigureCells
from etl.tables.figure_cells import rule_of_problem as rule_of_problem
from etl.tables.labels import ORDER as ORDER
from etl.tables.labels import PERIOD_END as PERIOD_END
from etl.tables.labels import PERIOD_START as PERIOD_START
from etl.tables.labels import ROW as ROW
from etl.tables.labels import Labels, places, read_labels
from etl.tables.read import RawTable
from schemas import standing
from schemas.vocabulary import key


@dataclass(frozen=True)
class ParsedTable:
    """A table with values.

    Attributes:
        raw: the file it comes from.
        frame: one row per row of the file: `row`, the labels as codes, `period__start` and `period__end` in months,
            `source__order`, the place of the document in the order of publication (-1: not listed), and `x`, `x__low`,
            `x__high` for each figure column x. A cell that could not be read is null.
        cells: one row per printed figure: row, column, published, value, low, high, unit, hedge.
        keys: the key of each row, as waivers and `core.figure` name it.
        findings: what could not be read.
        unread: the cells (row, column) that could not be read; rules say nothing of them.
    """

    raw: RawTable
    frame: pl.DataFrame
    cells: pl.DataFrame
    keys: list[str]
    findings: list[Finding]
    unread: frozenset[tuple[int, str]]

    @property
    def address(self) -> str:
        """Address of the table."""
        return self.raw.entry.address

    @cached_property
    def rows(self) -> list[dict[str, object]]:
        """The rows of the frame as they are."""
        return self.frame.to_dicts()

    @property
    def rows_read(self) -> int:
        """Number of rows that stand in its file, those included that do not fit the header."""
        return self.raw.height + len(self.raw.set_aside)


def parse(tables: Sequence[RawTable], sources: Mapping[str, int]) -> list[ParsedTable]:
    """Give the tables with values; `sources` are the documents that rows may name, in the order of publication."""
    labels = [read_labels(table, sources) for table in tables]
    placed = places(labels, sources)
    cells = FigureCells(tables)
    parsed, first = [], 0
    for each in labels:
        parsed.append(_parsed(each, placed.slice(first, each.table.height), cells))
        first += each.table.height
    return parsed


def _parsed(labels: Labels, placed: pl.DataFrame, cells: FigureCells) -> ParsedTable:
    table = labels.table
    if "period" in labels.codes:
        labels.report_periods(placed.get_column(PERIOD_START))
    keys = _keys(labels)
    findings = [each if each.row is None else replace(each, row_key=keys[each.row]) for each in labels.findings]
    series = [*labels.series(placed), *cells.next(table, keys, findings, labels.unread)]
    return ParsedTable(table, pl.DataFrame(series), cells.printed(table), keys, findings, frozenset(labels.unread))


def _keys(labels: Labels) -> list[str]:
    """Give the key of each row, and report rows whose key another row has; rows without a whole key have none to compare."""
    table = labels.table
    names = [name for name in key(table.entry.model) if name in labels.codes]
    texts = [table.cells[name] for name in names]
    codes = [labels.codes[name] for name in names]
    parts = [code if all(code) else [*map(_part, code, text)] for code, text in zip(codes, texts, strict=True)]
    keys = [*map(":".join, zip(*parts, strict=True))]
    first: dict[str, int] = {}
    repeated = {text for text, number in Counter(keys).items() if number > 1}
    for row, text in enumerate(keys) if repeated else ():
        if text not in repeated or any((row, name) in labels.unread for name in names):
            continue
        if text not in first:
            first[text] = row
            continue
        line = table.lines[first[text]]
        en = f"the key {text} ({', '.join(names)}) is that of line {line} too"
        place = table.place(row, names[0])
        message = Text(en, f"键 {text} 与第 {line} 行重复")
        labels.findings.append(found(standing.KEY_IS_UNIQUE, table.entry.address, place, message, row=row, row_key=text))
    return keys


def _part(code: str | None, text: str | None) -> str:
    """Give what stands in a key. What is no code is there as it is written: a waiver of one unknown name accepts no other."""
    return code or text or "?"
