"""Trace cells of raw tables: from their place in a file, or from their key."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import polars as pl

from etl.documents.citations import Document, document
from etl.escape import shortened
from etl.project import Project
from etl.tables.parse import ParsedTable, parse
from etl.tables.read import read_table
from etl.tracing.figure import TracedFigure, both_or_chinese, figure_lines, reading_of
from schemas.models import columns
from schemas.texts import Language, Text
from schemas.vintages import ROW

_NO_ROW = Text("no row stands there", "该处没有数据行")
_SET_ASIDE = Text("a row that is set aside", "未予读取的行")
_BLANK = Text("blank", "空白")
_UNREAD = Text("cannot be read as a figure", "不能读作数字")


class RawTables:
    """The raw tables of a project, each read when it is asked for."""

    def __init__(self, project: Project, language: Language) -> None:
        self.project, self.language = project, language
        self.table = cache(self._table)
        self.document = cache(self._document)

    def _table(self, address: str) -> ParsedTable | None:
        raw = read_table(self.project, self.project.catalogue.entry(address))
        return parse([raw], dict.fromkeys(self.project.sources, 0))[0] if raw else None

    def _document(self, source: str) -> Document | None:
        return document(self.project, source)

    def at(self, address: str, file: str, line: int, column: int | None) -> Iterator[str]:
        """Tell of the cell, or of the row, at a place of a file of a table."""
        table = self.table(address)
        if table is None:
            return
        row = _row_at(table, file, line)
        if row is not None:
            yield from self.cells(table, row, _column_at(table, row, line, column))
        elif (file, line) in table.raw.lines_set_aside:
            yield f"{address}  {_SET_ASIDE.in_language(self.language)}"
        else:
            yield from self._header(table, line, column)
        for each in (*table.raw.findings, *table.findings):
            if (each.place.file, each.place.line) == (file, line):
                yield f"  {each.severity}[{each.rule}] {shortened(each.message.in_language(self.language))}"

    def _header(self, table: ParsedTable, line: int, column: int | None) -> Iterator[str]:
        """Tell of the column that a header is of; of no row, where no header stands there."""
        at = {name: table.raw.place(column=name) for name in table.raw.cells if name not in table.raw.missing}
        before = [(place.column, name) for name, place in at.items() if place.line == line and place.column <= (column or 0)]
        if before:
            meaning = next(each.meaning for each in columns(table.raw.entry.model) if each.name == max(before)[1])
            yield f"{table.address}.{max(before)[1]}  {both_or_chinese(meaning.zh, meaning.en, self.language)}"
        else:
            yield f"{table.address}  {_NO_ROW.in_language(self.language)}"

    def of_key(self, address: str, row_key: str, column: str) -> Iterator[str]:
        """Tell of the cell of a table, given by the key of its row."""
        table = self.table(address) if address in self.project.catalogue.addresses else None
        if table and row_key in table.keys:
            yield from self.cells(table, table.keys.index(row_key), column)
        else:
            yield f"{address}.{column}  [{row_key}]"

    def cells(self, table: ParsedTable, row: int, column: str) -> Iterator[str]:
        """Tell of a cell; of all figures of its row, where the column has none."""
        declared = {each.name: each for each in columns(table.raw.entry.model)}
        names = (
            [column] if column and declared[column].is_figure else [name for name in table.raw.cells if declared[name].is_figure]
        )
        for name in names:
            text = table.raw.cells[name][row] or ""
            found = table.cells.filter((pl.col(ROW) == row) & (pl.col("column") == name)).to_dicts()
            if not (found or text or name == column):
                continue
            place = table.raw.place(row, name)
            reading = (
                reading_of(*(found[0][bound] for bound in ("value", "low", "high", "unit")))
                if found and found[0]["value"] is not None
                else (_UNREAD if text else _BLANK).in_language(self.language)
            )
            source = (table.raw.cells.get("source") or [None] * table.raw.height)[row] or ""
            section = (table.raw.cells.get("section") or [None] * table.raw.height)[row] or ""
            meaning, listed = declared[name].meaning, self.project.sources.get(source)
            figure = TracedFigure(
                table.address, name, meaning.zh, meaning.en, shortened(table.keys[row]), shortened(text), reading,
                place.file, place.line, self._printed(source, section, (table.address, table.keys[row], name)),
                listed.title if listed else "",
            )  # fmt: skip
            yield from figure_lines(figure, self.project.catalogue, self.language)

    def _printed(self, source: str, section: str, cell: tuple[str, str, str]) -> str:
        """Name the document of a cell, and its places in it."""
        known = self.document(source) if source in self.project.sources else None
        positions = known.cells.get(cell, []) if known else []
        places = [f"{where}:{ordinal}" for where, ordinal in positions] or [shortened(section)]
        return f"{shortened(source)} {', '.join(places)}"


def _row_at(table: ParsedTable, file: str, line: int) -> int | None:
    """Return the row that stands on a line, also on one within a cell."""
    starts = zip(table.raw.lines, table.raw.file_of_rows, strict=True)
    row = max((row for row, (start, name) in enumerate(starts) if name == file and start <= line), default=None)
    if row is None:
        return None
    more = sum((cells[row] or "").count("\n") for cells in table.raw.cells.values())
    return row if line <= table.raw.lines[row] + more else None


def _column_at(table: ParsedTable, row: int, line: int, column: int | None) -> str:
    """Return the column that stands at a place of a row; empty for the row."""
    if column is None:
        return ""
    places = ((table.raw.place(row, name), name) for name in table.raw.cells)
    before = [(at.line, at.column, name) for at, name in places if (at.line, at.column) <= (line, column)]
    return max(before)[-1] if before else ""
