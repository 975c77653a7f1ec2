"""Locate rows and cells by line and column, where there is something to report."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from etl.findings import Place
from etl.registers.csv_diagnostics import strict_rows
from etl.registers.reader import RegisterReader
from etl.registers.scan import ROW, Scan

MOST_LINES_OF_A_ROW = 64
_LINE, _NUMBER = "line", "number"


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
    if _rows_are_lines(scan):
        lines = {row: row + 2 for row in wanted}  # The header is the first line.
        return SourceLocations(scan, lines, dict(_read_lines(scan.raw.path, [*lines.values()])), rows_are_lines=True)
    numbers = pl.DataFrame({ROW: wanted}, schema={ROW: pl.Int64}).select(line_numbers(scan, pl.col(ROW))).to_series()
    return SourceLocations(scan, dict(zip(wanted, numbers, strict=True)), _texts(scan, numbers))


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
    breaks = _line_breaks(scan)
    first = row.cast(pl.Int64) + 2
    if breaks.is_empty():
        return first
    before = pl.lit(breaks.get_column(ROW)).search_sorted(row, side="left")
    lines = pl.concat([pl.Series([0]), breaks.get_column(_NUMBER).cast(pl.Int64).cum_sum()])
    return first + pl.lit(lines).gather(before)


def _line_breaks(scan: Scan) -> pl.DataFrame:
    """Count line breaks within the cells of each row that has any; header is row -1."""
    schema = {ROW: pl.Int64, _NUMBER: pl.UInt32}
    if scan.is_strict:
        found = ((number, sum(cell.count("\n") for cell in row)) for number, row in strict_rows(scan.raw))
        return pl.DataFrame([each for each in found if each[1]], schema=schema, orient="row")
    if _rows_are_lines(scan):
        return pl.DataFrame(schema=schema)
    names = dict.fromkeys(scan.names, pl.String())
    whole = pl.scan_csv(
        scan.raw.path, has_header=False, schema=names, truncate_ragged_lines=True, row_index_name=ROW, glob=False
    ).with_columns(pl.col(ROW).cast(pl.Int64) - 1)
    lines = pl.scan_lines(scan.raw.path, glob=False)
    if _height(whole) == _height(lines):
        return pl.DataFrame(schema=schema)
    breaks = pl.sum_horizontal(pl.col(name).str.count_matches("\n", literal=True) for name in scan.names)
    return whole.select(ROW, breaks.alias(_NUMBER)).filter(pl.col(_NUMBER) > 0).collect(engine="streaming").sort(ROW)


def _height(frame: pl.LazyFrame) -> int:
    return int(frame.select(pl.len()).collect(engine="streaming").item())


def _rows_are_lines(scan: Scan) -> bool:
    """Tell whether each row is known to be one line: the file has no quotation marks."""
    if scan.raw.is_parquet or scan.raw.is_compressed or scan.is_strict:
        return False
    return not any(b'"' in block for block in _blocks(scan.raw.path, 1 << 20))


def _texts(scan: Scan, lines: Iterable[int]) -> dict[int, str]:
    """Read these lines and those after them that a row starting there may reach."""
    wanted = sorted({line + more for line in lines for more in range(MOST_LINES_OF_A_ROW)})
    if not scan.raw.is_compressed:
        return dict(_read_lines(scan.raw.path, wanted))
    frame = pl.scan_lines(scan.raw.path, name=_LINE, row_index_name=_NUMBER, row_index_offset=1, glob=False)
    found = frame.join(pl.LazyFrame({_NUMBER: wanted}, schema={_NUMBER: frame.collect_schema()[_NUMBER]}), on=_NUMBER, how="semi")
    return dict(found.select(_NUMBER, _LINE).collect(engine="streaming").iter_rows())


def _read_lines(path: Path, wanted: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Read a few lines of a large file by their numbers, from 1, in order.

    Blocks are small, for one that has such a line is split.
    """
    number, start, at = 1, b"", 0
    for block in _blocks(path, 1 << 16):
        ended = block.count(b"\n")
        if at < len(wanted) and wanted[at] <= number + ended:
            lines = (start + block).split(b"\n")
            while at < len(wanted) and wanted[at] < number + ended:
                yield wanted[at], lines[wanted[at] - number].decode("utf-8", "replace")
                at += 1
        number += ended
        start = block[block.rindex(b"\n") + 1 :] if ended else start + block
        if at == len(wanted):
            return
    if start and wanted[at] == number:
        yield number, start.decode("utf-8", "replace")


def _blocks(path: Path, size: int) -> Iterator[bytes]:
    with path.open("rb", buffering=0) as file:
        while block := file.read(size):
            yield block


def _locate_cell(texts: Mapping[int, str], line: int, position: int) -> tuple[int, int]:
    """Find line and column, from 1, of the cell at a position of a row."""
    commas, quoted = 0, False
    for number in range(line, line + MOST_LINES_OF_A_ROW):
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
