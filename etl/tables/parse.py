"""Parse raw text to cells: codes, spans, and figures as intervals.

A filled cell becomes one row of one table of cells, and stays that: rules bind to it, citations join it, `core.figure` is it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate, chain, repeat

import numpy as np
import polars as pl

from etl.figures.marked_cells import MARK_COLUMNS, read_cells
from etl.figures.words import PACKAGE_NOTATION, Notation
from etl.findings import Finding, make_finding
from etl.tables.findings_by_cell import blank, unreadable
from etl.tables.labels import Labels, places, read_labels
from etl.tables.read import RawTable
from schemas import builtin_rules
from schemas.constraints import HIGH, LOW
from schemas.figure_table import Figures, FigureTable
from schemas.models import Category, Column, columns, figures, key
from schemas.texts import Text
from schemas.validation import MARK
from schemas.vintages import ORDER as ORDER
from schemas.vintages import PERIOD_END as PERIOD_END
from schemas.vintages import PERIOD_START, ROW

CELLS: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "address": pl.String,
    ROW: pl.UInt32,
    "column": pl.String,
    "area": pl.String,
    "period": pl.String,
    "categories": pl.List(pl.String),
    "source": pl.String,
    "section": pl.String,
    "published": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "unit": pl.String,
    "hedge": pl.String,
    **dict.fromkeys(MARK_COLUMNS, pl.String),
    "row_key": pl.String,
    "file": pl.String,
    "line": pl.Int64,
}
"""The table of cells, one row per cell that is filled: where it stands, what it is of, and what it says; an open bound is null.

A cell with a mark in place of a figure has no value; `mark` and statuses are null where there is no mark (`etl.figures.marks`).
"""

IS_MARK = (pl.col("mark").is_not_null() & pl.col("value").is_null()).alias("is_mark")
"""Whether a cell holds a mark in place of a figure."""


@dataclass(frozen=True)
class ParsedTable:
    """A table with values.

    Attributes:
        raw: the file it comes from.
        labels: one row per row of the file: its number, the labels as codes, and where it stands (`schemas.vintages`).
        figures: its columns of figures; a cell that is blank or cannot be read has none.
        cells: its part of the table of cells (`CELLS`).
        keys: the key of each row, as waivers and `core.figure` name it.
        findings: what could not be read.
        unread: the cells (row, column) that could not be read; rules say nothing of them.
    """

    raw: RawTable
    labels: pl.DataFrame
    figures: Mapping[str, Figures]
    cells: pl.DataFrame
    keys: list[str]
    findings: list[Finding]
    unread: frozenset[tuple[int, str]]

    @property
    def address(self) -> str:
        """Address of the table."""
        return self.raw.entry.address

    @cached_property
    def figure_table(self) -> FigureTable:
        """The table as rules see it."""
        return FigureTable(self.address, self.raw.entry.model, self.labels, self.figures, is_whole=not self.raw.missing)

    @cached_property
    def frame(self) -> pl.DataFrame:
        """Labels, and each figure as `x`, `x__low` and `x__high`; an open bound is null."""
        series = [
            each.alias(name + suffix)
            for name, figures in self.figures.items()
            for each, suffix in zip(figures.series(name), ("", LOW, HIGH), strict=True)
        ]
        return self.labels.with_columns(series)

    @property
    def frame_with_marks(self) -> pl.DataFrame:
        """The frame, and the marks of each figure `x` as `x_mark`."""
        found = self.frame
        of_cell = self.cells.filter(pl.col("mark").is_not_null()).select(ROW, "column", "mark")
        for name in self.figures:
            marks = of_cell.filter(column=name).select(ROW, pl.col("mark").alias(name + MARK))
            found = found.join(marks, ROW, how="left", maintain_order="left")
        return found

    @property
    def rows_read(self) -> int:
        """Number of rows in the file, including those that do not fit the header."""
        return self.raw.height + len(self.raw.set_aside)


def parse(tables: Sequence[RawTable], sources: Mapping[str, int]) -> list[ParsedTable]:
    """Parse raw tables.

    `sources` are the documents that rows may name, in the order of publication.
    """
    every = [read_labels(table, sources) for table in tables]
    placed = places(every, sources)
    heights = [table.height for table in tables]
    parts = [placed.slice(first, height) for first, height in zip(_firsts(heights), heights, strict=True)]
    keys = []
    for labels, part in zip(every, parts, strict=True):
        if "period" in labels.codes:
            labels.report_periods(part.get_column(PERIOD_START))
        keys.append(_keys(labels))
    slots = [
        _Slot(number, table, column)
        for number, table in enumerate(tables)
        for column in figures(table.entry.model)
        if column.name in table.cells
    ]
    read = _read(slots, tables[0].entry.catalogue.notation if tables else PACKAGE_NOTATION)
    cells = _cells(read, slots, every, keys)
    columns_of = _by_table(read, slots)
    parsed, first = [], 0
    for number_of_table, (labels, part, of_rows) in enumerate(zip(every, parts, keys, strict=True)):
        table = labels.table
        mine = columns_of.get(number_of_table, {})
        number = sum(len(slot.rows) for slot, _, _ in mine.values())
        findings = [each if each.row is None else replace(each, row_key=of_rows[each.row]) for each in labels.findings]
        for slot, _, problems in mine.values():
            findings += _problems(slot, problems, of_rows, labels.unread)
        by_name = {name: column for name, (_, column, _) in mine.items()}
        frame = pl.DataFrame(labels.series(part))
        parsed.append(ParsedTable(table, frame, by_name, cells.slice(first, number), of_rows, findings, frozenset(labels.unread)))
        first += number
    return parsed


class _Slot:
    """A column of figures of a raw table, and the rows in which it prints one.

    A table is known by its place among those that are parsed: `etl new` tries several versions of one table at once.
    """

    def __init__(self, number: int, table: RawTable, column: Column) -> None:
        self.number, self.table, self.column = number, table, column
        texts = table.cells[column.name]
        self.rows = [row for row, text in enumerate(texts) if text is not None]
        self.texts = texts if len(self.rows) == len(texts) else [text for text in texts if text is not None]


def _firsts(sizes: Sequence[int]) -> Iterator[int]:
    """Yield where each of several parts starts, in the sequence of all of them."""
    return accumulate(sizes[:-1], initial=0) if sizes else iter(())


def _read(slots: Sequence[_Slot], notation: Notation) -> pl.DataFrame:
    """Read the figures of all tables in one query, as it costs by expression."""
    stated = pl.DataFrame(
        {
            "column": [slot.column.name for slot in slots],
            "kind": [slot.column.dtype.kind for slot in slots],
            "declared_unit": [slot.column.meaning.unit for slot in slots],
        },
        schema=dict.fromkeys(("column", "kind", "declared_unit"), pl.String),
    )
    numbers = np.repeat(np.arange(len(slots)), [len(slot.rows) for slot in slots])
    texts = pl.Series("published", [*chain.from_iterable(slot.texts for slot in slots)], dtype=pl.String)
    rows = pl.Series(ROW, [*chain.from_iterable(slot.rows for slot in slots)], dtype=pl.UInt32)
    return read_cells(stated[numbers].with_columns(texts, rows), notation)


def _by_table(read: pl.DataFrame, slots: Sequence[_Slot]) -> dict[int, dict[str, tuple[_Slot, Figures, list[tuple[int, str]]]]]:
    """Group figures and their problems by table and column."""
    every = Figures.of_series(*(read.get_column(name) for name in ("value", "low", "high")))
    problems = dict(
        read.lazy()
        .with_row_index("@cell")
        .filter(pl.col("problem").is_not_null())
        .select("@cell", "problem")
        .collect()
        .iter_rows()
    )
    found: dict[int, dict[str, tuple[_Slot, Figures, list[tuple[int, str]]]]] = {}
    for slot, first in zip(slots, _firsts([len(slot.rows) for slot in slots]), strict=True):
        column, span = Figures.absent(slot.table.height), slice(first, first + len(slot.rows))
        for mine, theirs in ((column.value, every.value), (column.low, every.low), (column.high, every.high)):
            mine[slot.rows] = theirs[span]
        wrong = [(row, problems[cell]) for cell, row in enumerate(slot.rows, first) if cell in problems] if problems else []
        found.setdefault(slot.number, {})[slot.column.name] = (slot, column, wrong)
    return found


def _problems(
    slot: _Slot, problems: Iterable[tuple[int, str]], keys: Sequence[str], unread: set[tuple[int, str]]
) -> Iterator[Finding]:
    """Yield the findings on the cells of a column, and note which cells."""
    for row, problem in problems:
        unread.add((row, slot.column.name))
        yield unreadable(problem, slot.table, row, slot.column, keys[row])
    if slot.column.optional or len(slot.rows) == slot.table.height:
        return
    for row, text in enumerate(slot.table.cells[slot.column.name]):
        if text is None:
            unread.add((row, slot.column.name))
            yield blank(slot.table, row, slot.column, keys[row])


def _cells(read: pl.DataFrame, slots: Sequence[_Slot], labels: Sequence[Labels], keys: Sequence[Sequence[str]]) -> pl.DataFrame:
    """Build the table of cells: figures joined with the labels of their rows."""
    if not labels:
        return pl.DataFrame(schema=CELLS)
    rows = _rows(labels, keys)
    heights = [each.table.height for each in labels]
    first = [*_firsts(heights)]
    offsets = np.repeat([first[slot.number] for slot in slots], [len(slot.rows) for slot in slots])
    of_rows = rows[read.get_column(ROW).to_numpy() + offsets.astype(np.int64)]
    figures = read.select(ROW, "column", "published", "value", "low", "high", "unit", "hedge", *MARK_COLUMNS)
    return pl.concat([figures, of_rows], how="horizontal").select(pl.col(name).cast(dtype) for name, dtype in CELLS.items())


def _rows(every: Sequence[Labels], keys: Sequence[Sequence[str]]) -> pl.DataFrame:
    """Build the labels and positions of the rows of all tables."""
    said: dict[str, list[object]] = {name: [] for name in CELLS if name in _OF_ROWS}
    for labels, of_rows in zip(every, keys, strict=True):
        table = labels.table
        nothing = [None] * table.height
        for name in ("area", "period", "source", "section"):
            said[name] += labels.codes.get(name, nothing)
        names = [c.name for c in columns(table.entry.model) if isinstance(c.dtype, Category) and c.name in labels.codes]
        listed = zip(*(labels.codes[name] for name in names), strict=True) if names else repeat((), table.height)
        said["categories"] += map(list, listed)
        said["row_key"] += of_rows
        said["line"] += table.lines
        said["address"] += repeat(table.entry.address, table.height)
        said["file"] += table.file_of_rows
    return pl.DataFrame(said, schema={name: CELLS[name] for name in said})


_OF_ROWS = frozenset({"address", "area", "period", "categories", "source", "section", "row_key", "file", "line"})
"""The columns of the table of cells that are the same for all cells of a row."""


def _keys(labels: Labels) -> list[str]:
    """Build the key of each row, and report duplicates; incomplete keys are exempt."""
    table = labels.table
    names = [name for name in key(table.entry.model) if name in labels.codes]
    texts = [table.cells[name] for name in names]
    codes = [labels.codes[name] for name in names]
    parts = [code if all(code) else [*map(_part, code, text)] for code, text in zip(codes, texts, strict=True)]
    keys = [*map(":".join, zip(*parts, strict=True))] if parts else [""] * table.height
    first: dict[str, int] = {}
    repeated = {text for text, number in Counter(keys).items() if number > 1}
    for row, text in enumerate(keys) if repeated and names else ():
        if text not in repeated or any((row, name) in labels.unread for name in names):
            continue
        if text not in first:
            first[text] = row
            continue
        place, before = table.place(row, names[0]), table.place(first[text])
        line, other = before.line, "" if before.file == place.file else before.file
        en = f"the key {text} ({', '.join(names)}) is that of line {line}{other and f' of {other}'} too"
        message = Text(en, f"键 {text} 与{other and f' {other} '}第 {line} 行重复")
        labels.findings.append(
            make_finding(builtin_rules.KEY_IS_UNIQUE, table.entry.address, place, message, row=row, row_key=text)
        )
    return keys


def _part(code: str | None, text: str | None) -> str:
    """Return one part of a key.

    Unknown names keep their raw text, so that a waiver for one does not match another.
    """
    return code or text or "?"
