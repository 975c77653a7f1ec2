"""Where the rows and cells of a register stand: lines and columns, looked for only where there is something to say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from etl.findings import Place
from etl.registers.scan import ROW, Scan
from etl.registers.strictly import strict_rows

_LINE, _NUMBER = "line", "number"


@dataclass(frozen=True)
class Places:
    """The places of some rows of a file.

    Attributes:
        scan: the file.
        lines: by row, the line on which it starts; of a Parquet file the row itself, counted from 1.
        texts: by line, what stands there.
        rows_are_lines: whether every row of the file is a line of it, as where it has no quotation marks.
    """

    scan: Scan
    lines: Mapping[int, int]
    texts: Mapping[int, str]
    rows_are_lines: bool = False

    def texts_of(self, rows: Iterable[int]) -> list[str] | None:
        """Give the lines that these rows are; None where rows are more than lines, or one of them is not known."""
        if not self.rows_are_lines or not all(row in self.lines for row in rows):
            return None
        return [self.texts[self.lines[row]] for row in rows]

    def row(self, row: int) -> Place:
        """Give the place of a row."""
        return self.scan.raw.place(self.lines[row])

    def cell(self, row: int, column: str) -> Place:
        """Give the place of a cell, or of its row where the file has no such column."""
        if column not in self.scan.names:
            return self.row(row)
        position = self.scan.names.index(column)
        if self.scan.raw.is_parquet:
            return self.scan.raw.place(self.lines[row], position + 1)
        return self.scan.raw.place(*_cell_place(self.texts, self.lines[row], position))


def places(scan: Scan, rows: Iterable[int]) -> Places:
    """Give the places of these rows."""
    wanted = sorted(set(rows))
    if not wanted:
        return Places(scan, {}, {})
    if scan.raw.is_parquet:
        return Places(scan, {row: row + 1 for row in wanted}, {})
    if rows_are_lines(scan):
        # The header is the first line.
        texts = dict(_read_lines(scan.raw.path, [row + 2 for row in wanted]))
        return Places(scan, {row: row + 2 for row in wanted}, texts, rows_are_lines=True)
    lines = dict(zip(wanted, _lines(scan, wanted), strict=True))
    return Places(scan, lines, _texts(scan, lines.values()))


def rows_are_lines(scan: Scan) -> bool:
    """Whether every row of a file is known to be a line of it, for it has no quotation marks."""
    if scan.raw.is_parquet or scan.raw.is_compressed or scan.is_strict:
        return False
    return not any(b'"' in block for block in _blocks(scan.raw.path, 1 << 20))


def places_of(rows: Iterable[tuple[int, int]], scans: Sequence[Scan]) -> dict[int, Places]:
    """Give by the numbers of files where these rows of them stand."""
    by_file: dict[int, set[int]] = {}
    for file, row in rows:
        by_file.setdefault(file, set()).add(row)
    return {file: places(scans[file], of_file) for file, of_file in by_file.items()}


def line_numbers(scan: Scan, row: pl.Expr) -> pl.Expr:
    """Give the lines on which rows start, for any number of rows."""
    if scan.raw.is_parquet:
        return row.cast(pl.Int64) + 1
    breaks = _breaks(scan)
    first = row.cast(pl.Int64) + 2
    if breaks.is_empty():
        return first
    before = pl.lit(breaks.get_column(ROW)).search_sorted(row, side="left")
    lines = pl.concat([pl.Series([0]), breaks.get_column(_NUMBER).cast(pl.Int64).cum_sum()])
    return first + pl.lit(lines).gather(before)


def _lines(scan: Scan, rows: list[int]) -> list[int]:
    frame = pl.DataFrame({ROW: rows}, schema={ROW: pl.Int64})
    return frame.select(line_numbers(scan, pl.col(ROW))).to_series().to_list()


def _breaks(scan: Scan) -> pl.DataFrame:
    """Give the rows that have line breaks within their cells, with how many: none, wherever lines and rows are as many.

    The header counts as row -1.
    """
    if scan.is_strict:
        found = ((number, sum(cell.count("\n") for cell in row)) for number, row in strict_rows(scan.raw))
        schema = {ROW: pl.Int64, _NUMBER: pl.UInt32}
        return pl.DataFrame([each for each in found if each[1]], schema=schema, orient="row")
    if rows_are_lines(scan):
        return pl.DataFrame(schema={ROW: pl.Int64, _NUMBER: pl.UInt32})
    whole = pl.scan_csv(
        scan.raw.path,
        has_header=False,
        schema=dict.fromkeys(scan.names, pl.String()),
        truncate_ragged_lines=True,
        row_index_name=ROW,
        glob=False,
    ).with_columns(pl.col(ROW).cast(pl.Int64) - 1)
    rows = whole.select(pl.len()).collect(engine="streaming").item()
    lines = pl.scan_lines(scan.raw.path, glob=False).select(pl.len()).collect(engine="streaming").item()
    if rows == lines:
        return pl.DataFrame(schema={ROW: pl.Int64, _NUMBER: pl.UInt32})
    breaks = pl.sum_horizontal(pl.col(name).str.count_matches("\n", literal=True) for name in scan.names)
    return whole.select(ROW, breaks.alias(_NUMBER)).filter(pl.col(_NUMBER) > 0).collect(engine="streaming").sort(ROW)


def _texts(scan: Scan, lines: Iterable[int]) -> dict[int, str]:
    """Give these lines and those after them, as far as a row that starts there may reach."""
    wanted = sorted({line + more for line in lines for more in range(MOST_LINES_OF_A_ROW)})
    if not scan.raw.is_compressed:
        return dict(_read_lines(scan.raw.path, wanted))
    frame = pl.scan_lines(scan.raw.path, name=_LINE, row_index_name=_NUMBER, row_index_offset=1, glob=False)
    found = frame.join(pl.LazyFrame({_NUMBER: wanted}, schema={_NUMBER: frame.collect_schema()[_NUMBER]}), on=_NUMBER, how="semi")
    return dict(found.select(_NUMBER, _LINE).collect(engine="streaming").iter_rows())


def _read_lines(path: Path, wanted: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Give lines of a file, counted from 1, by their numbers in order: a few of very many, so most are only counted.

    Blocks are small, for one that has such a line is taken to pieces.
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


MOST_LINES_OF_A_ROW = 64


def _cell_place(texts: Mapping[int, str], line: int, position: int) -> tuple[int, int]:
    """Give line and column, from 1, of the cell at a position of the row that starts on a line."""
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
