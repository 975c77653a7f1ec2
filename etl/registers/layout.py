"""Lay out a CSV file by RFC 4180: which of its lines are rows, and which are not.

polars reads rows of one line quickly and right. What else a file holds is found here, by a strict reader: if each row is one
line, and polars takes each line for one row, lines that are no rows are left out by their number; else the rows are copied to
a file in which each is one line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from etl.raw_files.page import Remark
from etl.registers.plain_file import BLOCK, MARK, ScratchFolder, inflated_blocks, is_plain
from etl.registers.raw_files import RawFile
from etl.registers.strict_reading import Span, StrictReading

LINE_BREAK = "\0"
"""What stands in a copy for a line break within a cell; it stands in no row that is kept."""


@dataclass(frozen=True)
class Layout:
    """Layout of a CSV file.

    Attributes:
        path: what polars reads: the header and after it the rows, each on one line.
        original: the file as it stands, inflated; its lines are those that findings name.
        left_out: rows of `path`, from 0, that are no rows.
        has_breaks: whether line breaks within cells are written as `LINE_BREAK`.
        breaks: rows of `path` before which there are lines that `path` has not, and the number of these lines up to there.
        set_aside: the lines of rows that cannot be read or do not fit the header, each with the rule that it breaks.
        remarks: the first of them, with the reasons.
        folder: holds the files that were made; they last as long as it is referred to.
    """

    path: Path
    original: Path
    left_out: tuple[int, ...] = ()
    has_breaks: bool = False
    breaks: tuple[tuple[int, ...], tuple[int, ...]] = ((), ())
    set_aside: tuple[tuple[int, str], ...] = ()
    remarks: tuple[Remark, ...] = ()
    folder: ScratchFolder | None = None

    @property
    def rows_are_lines(self) -> bool:
        """Whether polars reads the file as it stands, so that each row is one line of it."""
        return self.path == self.original

    def line_numbers(self, row: pl.Expr) -> pl.Expr:
        """Compute the lines on which rows start, for any number of rows."""
        first, (rows, lines) = row.cast(pl.Int64) + 2, self.breaks
        if not rows:
            return first
        before = pl.lit(pl.Series(rows, dtype=pl.Int64)).search_sorted(row.cast(pl.Int64), side="right")
        return first + pl.lit(pl.Series([0, *lines], dtype=pl.Int64)).gather(before)


def lay_out(raw: RawFile, header: Sequence[str], *, is_suspect: bool = False) -> Layout:
    """Lay out a CSV file.

    Args:
        raw: the file.
        header: its titles.
        is_suspect: whether polars cannot read it, although nothing in it looks unusual.

    Raises:
        RefusedFileError: it is damaged, or not in UTF-8.
        ProjectError: a copy cannot be written.
    """
    folder, original = None, raw.path
    if raw.is_compressed:
        folder = ScratchFolder()
        original = folder.write("plain.csv", inflated_blocks(raw))
    if not is_suspect and is_plain(original, header[0], len(header)):
        return Layout(original, original, folder=folder)
    found = StrictReading(header)
    found.read(original)
    spans, reports = found.spans, (tuple(found.set_aside), tuple(found.remarks))
    if all(span.is_line for span in spans):
        return Layout(original, original, tuple(span.line - 1 for span in spans), False, ((), ()), *reports, folder)
    folder = folder or ScratchFolder()
    copy = folder.write("rows.csv", _copied(original, spans))
    return Layout(copy, original, (), any(span.is_row for span in spans), _breaks(spans), *reports, folder)


def _copied(path: Path, spans: Sequence[Span]) -> Iterator[bytes]:
    """Yield the rows of a file, each on one line."""
    with path.open("rb") as file:
        at = len(MARK) if file.read(len(MARK)) == MARK else 0
        for span in (*spans, None):
            file.seek(at)
            left = span.start - at if span else -1
            while block := file.read(min(BLOCK, left) if left >= 0 else BLOCK):
                left -= len(block) if span else 0
                yield block
            if span and span.is_row:
                row = file.read(span.end - span.start)
                yield row[:-1].replace(b"\n", LINE_BREAK.encode()) + row[-1:]
            at = span.end if span else at


def _breaks(spans: Sequence[Span]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """List the rows of a copy before which lines are gone, and how many are gone up to there."""
    rows, lines, gone = [], [], 0
    for span in spans:
        gone += span.lines - span.is_row
        rows.append(span.line + span.lines - gone - 1)
        lines.append(gone)
    return tuple(rows), tuple(lines)
