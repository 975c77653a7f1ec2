"""Locate rows and cells by line and column, where there is something to report."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from etl.findings import Place
from etl.raw_files.delimited import MOST_LINES_OF_A_CELL
from etl.registers.plain_file import LONGEST_LINE, inflated_blocks
from etl.registers.reader import RegisterReader
from etl.registers.scan import ROW, Scan

_BLOCK = 1 << 16


@dataclass(frozen=True)
class SourceLocations:
    """Places of some rows of a file.

    Attributes:
        scan: the file.
        lines: by row, the line on which it starts; of a Parquet file the row itself, counted from 1.
        texts: by line, its text.
        rows_are_lines: whether every row of the file is a line of it, as where it has no quotation marks.
    """

    scan: Scan
    lines: Mapping[int, int]
    texts: Mapping[int, str]
    rows_are_lines: bool = False

    def row(self, row: int) -> Place:
        """Locate a row."""
        return self.scan.raw.place(self.lines[row])

    def cell(self, row: int, column: str) -> Place:
        """Locate a cell, or its row if the file has no such column."""
        if column not in self.scan.names:
            return self.row(row)
        position = self.scan.names.index(column)
        if self.scan.raw.is_parquet:
            return self.scan.raw.place(self.lines[row], position + 1)
        return self.scan.raw.place(*_locate_cell(self.texts, self.lines[row], position))


def locate_rows(scan: Scan, rows: Iterable[int]) -> SourceLocations:
    """Locate rows of a file."""
    wanted = sorted(set(rows))
    if not wanted or scan.raw.is_parquet:
        return SourceLocations(scan, {row: row + 1 for row in wanted}, {})
    if scan.layout is None or scan.layout.rows_are_lines:
        lines = {row: row + 2 for row in wanted}  # The header is the first line.
        return SourceLocations(scan, lines, dict(_read_lines(scan, [*lines.values()])), rows_are_lines=True)
    numbers = pl.DataFrame({ROW: wanted}, schema={ROW: pl.Int64}).select(line_numbers(scan, pl.col(ROW))).to_series()
    reach = sorted({line + more for line in numbers for more in range(MOST_LINES_OF_A_CELL)})
    return SourceLocations(scan, dict(zip(wanted, numbers, strict=True)), dict(_read_lines(scan, reach)))


def locate_in_files(rows: Iterable[tuple[int, int]], scans: Sequence[Scan]) -> dict[int, SourceLocations]:
    """Locate rows, each given by the number of its file and its own."""
    by_file: dict[int, set[int]] = {}
    for file, row in rows:
        by_file.setdefault(file, set()).add(row)
    return {file: locate_rows(scans[file], of_file) for file, of_file in by_file.items()}


def reread_rows(
    reader: RegisterReader, number: int, rows: pl.Series, where: SourceLocations | None, only: Collection[str] | None = None
) -> pl.LazyFrame:
    """Read a few rows of a file again.

    They are parsed from their lines if `where` has these, else by a scan of the file.
    """
    scan = reader.scans[number]
    if where is None or not where.rows_are_lines or not all(row in where.lines for row in rows):
        return reader.file(scan, only).filter(pl.col(ROW).is_in(rows.implode()))
    return reader.parse(scan, scan.parse_lines([where.texts[where.lines[row]] for row in rows], rows), only)


def line_numbers(scan: Scan, row: pl.Expr) -> pl.Expr:
    """Compute the lines on which rows start, for any number of rows."""
    if scan.raw.is_parquet:
        return row.cast(pl.Int64) + 1
    return scan.layout.line_numbers(row) if scan.layout else row.cast(pl.Int64) + 2


def _read_lines(scan: Scan, wanted: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Read a few lines of a large file by their numbers, from 1, in order.

    Blocks are small, for one that has such a line is split.
    """
    number, start, at = 1, b"", 0
    for block in _blocks(scan):
        ended = int(np.count_nonzero(np.frombuffer(block, np.uint8) == ord("\n")))
        if at < len(wanted) and wanted[at] <= number + ended:
            lines = (start + block).split(b"\n")
            while at < len(wanted) and wanted[at] < number + ended:
                yield wanted[at], lines[wanted[at] - number].decode("utf-8", "replace")
                at += 1
        number += ended
        if ended:
            start = block[block.rindex(b"\n") + 1 :]
        elif len(start) < LONGEST_LINE:  # of a longer one nothing is asked
            start += block
        if at == len(wanted):
            return
    if start and wanted[at] == number:
        yield number, start.decode("utf-8", "replace")


def _blocks(scan: Scan) -> Iterator[bytes]:
    if scan.layout is None:
        yield from inflated_blocks(scan.raw, _BLOCK)
        return
    with scan.layout.original.open("rb", buffering=0) as file:
        while block := file.read(_BLOCK):
            yield block


def _locate_cell(texts: Mapping[int, str], line: int, position: int) -> tuple[int, int]:
    """Find line and column, from 1, of the cell at a position of a row."""
    commas, quoted = 0, False
    for number in range(line, line + MOST_LINES_OF_A_CELL):
        text = texts.get(number)
        if text is None:
            break
        for column, character in enumerate(f"{text}\n".removeprefix("\ufeff"), start=1):
            if commas == position and not quoted:
                return number, column
            if character == '"':
                quoted = not quoted
            commas += character == "," and not quoted
        if not quoted:
            break
    return line, 1
