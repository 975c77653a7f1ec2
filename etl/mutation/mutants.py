"""Generate mutants: the raw tables with one typical transcription error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from etl.figures.transcription_errors import slips
from etl.tables.localize import neighbours
from etl.tables.parse import IS_MARK, ParsedTable
from schemas.binding import CellRef
from schemas.figure_table import FigureTable
from schemas.models import Area, Category, Column, columns, figures
from schemas.periods import span
from schemas.vintages import PERIOD_END, PERIOD_START, ROW


@dataclass(frozen=True, slots=True)
class CellMutant:
    """One or two figure cells with other texts; None is a blank."""

    kind: str
    texts: tuple[tuple[CellRef, str | None], ...]


@dataclass(frozen=True, slots=True)
class RowMutant:
    """A table with a row dropped, doubled, or moved to another key.

    Attributes:
        kind: `row-dropped`, `row-doubled` or `key-changed`.
        table: address of the table.
        row: the row.
        column: the key column that is changed; empty for a row dropped or doubled.
        text: what that column says then.
    """

    kind: str
    table: str
    row: int
    column: str = ""
    text: str = ""


def cell_mutants(tables: Mapping[str, ParsedTable], source: str) -> Iterator[CellMutant]:
    """List the errors possible in the figure cells of a document, each once."""
    for address, table in tables.items():
        declared = {column.name: column for column in figures(table.raw.entry.model)}
        rows = set(_rows_of(table, source))
        for row, name, text in table.cells.filter(~IS_MARK).select(ROW, "column", "published").iter_rows():
            if row in rows:
                yield from _of_cell(table, CellRef(address, row, name), text, declared[name])


def _of_cell(table: ParsedTable, ref: CellRef, text: str, column: Column) -> Iterator[CellMutant]:
    for slip in slips(text, column.dtype.kind, table.raw.entry.catalogue.lists):
        yield CellMutant(slip.kind, ((ref, slip.text),))
    seen = {text}
    for kind, other in neighbours(table, ref):
        if other not in seen:
            seen.add(other)
            yield CellMutant(kind, ((ref, other),))
    following = _following(table, ref)
    beside = table.raw.cells[following.column][following.row] if following else None
    if following and beside not in (None, text):
        yield CellMutant("exchanged", ((ref, beside), (following, text)))
    yield CellMutant("blank", ((ref, None),))


def _following(table: ParsedTable, ref: CellRef) -> CellRef | None:
    names = [column.name for column in figures(table.raw.entry.model) if table.raw.cells[column.name][ref.row]]
    position = names.index(ref.column) + 1
    return CellRef(ref.table, ref.row, names[position]) if position < len(names) else None


def row_mutants(tables: Mapping[str, ParsedTable], source: str) -> Iterator[RowMutant]:
    """List each row of a document as dropped, doubled, and moved to another key."""
    for address, table in tables.items():
        for row in _rows_of(table, source):
            yield RowMutant("row-dropped", address, row)
            yield RowMutant("row-doubled", address, row)
            for column, text in _other_keys(table, row):
                yield RowMutant("key-changed", address, row, column, text)


def _rows_of(table: ParsedTable, source: str) -> list[int]:
    return table.labels.filter(pl.col("source") == source).get_column(ROW).to_list()


def _other_keys(table: ParsedTable, row: int) -> Iterator[tuple[str, str]]:
    """Yield another code for each key column: the next one, or the year before."""
    values = table.labels.row(row, named=True)
    for column in columns(table.raw.entry.model):
        if isinstance(column.dtype, Area | Category):
            listed = [code.code for code in table.raw.entry.catalogue.codes(column.meaning.codes)]
            if len(listed) > 1:
                yield column.name, listed[(listed.index(values[column.name]) + 1) % len(listed)]
    period = values["period"]
    if period[:4].isdigit():
        yield "period", f"{int(period[:4]) - 1}{period[4:]}"


def mutated(table: ParsedTable, mutant: RowMutant) -> FigureTable:
    """Apply a mutant of a row to its table; figures need not be read again."""
    judged = table.figure_table
    if mutant.kind == "row-dropped":
        kept = np.flatnonzero(np.arange(judged.height) != mutant.row)
        return replace(judged, labels=judged.labels[kept], figures={name: each.at(kept) for name, each in judged.figures.items()})
    is_row = pl.col(ROW) == mutant.row
    labels = judged.labels.with_columns(pl.when(is_row).then(pl.lit(mutant.text)).otherwise(mutant.column).alias(mutant.column))
    months = span(pl.col("period"))
    return replace(
        judged,
        labels=labels.with_columns(
            months.struct.field("start").alias(PERIOD_START), months.struct.field("end").alias(PERIOD_END)
        ),
    )


def blanked(table: ParsedTable, ref: CellRef) -> FigureTable:
    """Return the table with a figure left blank."""
    positions = np.arange(table.figure_table.height)
    column = table.figures[ref.column].at(np.where(positions == ref.row, -1, positions))
    return replace(table.figure_table, figures={**table.figures, ref.column: column})
