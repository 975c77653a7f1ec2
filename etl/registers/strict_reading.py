"""Read a CSV file strictly by RFC 4180, and note each line that is not one row.

Lines are sorted out in polars; only those that are not plain rows of one line are split one by one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import polars as pl

from etl.raw_files.delimited import MOST_LINES_OF_A_CELL, BrokenRowError, split_row
from etl.raw_files.misfits import misfit
from etl.raw_files.page import PLAIN_SPACES, RefusedFileError, Remark, header_again
from etl.registers.plain_file import LONGEST_LINE, MARK, blocks_of_lines
from schemas import builtin_rules
from schemas.models import Rule
from schemas.texts import Text

MOST_REMARKS = 1_000
"""Of each rule; of more rows only the lines are kept."""

MOST_SPANS, MOST_BYTES_OF_SPANS = 200_000, 20_000_000
"""If there are more, and they are a large part of a file, it is no register with slips but something else, and is refused."""

_LONGEST_ROW = 4 * LONGEST_LINE
"""So many bytes are held for a row whose end has not been read yet."""

_FOREIGN = re.compile("[\udc80-\udcff]")
_CELL = r'(?:"(?:[^"]|"")*"|[^",]*)'
_ROW = rf"^{_CELL}(?:,{_CELL})*$"
_NO_TEXT = "[\0\r\ufffd]"
_LINE, _IS_QUOTED = "line", "is_quoted"


class Span(NamedTuple):
    """Lines that are not one row each.

    Attributes:
        line: the first of them, from 0.
        lines: their number.
        start: where they begin, in bytes.
        end: where they end.
        is_row: whether they are a row of several lines; else they are left out.
        is_line: whether polars takes them for one row.
    """

    line: int
    lines: int
    start: int
    end: int
    is_row: bool = False
    is_line: bool = True


class StrictReading:
    """What a strict reader finds in a file.

    Attributes:
        spans: lines that are not one row each, in order.
        set_aside: the lines, from 1, of rows that cannot be read or do not fit the header, with the rule that each breaks.
        remarks: the first of them, with the reasons.
    """

    def __init__(self, header: Sequence[str]) -> None:
        self._header = [title.strip(PLAIN_SPACES) for title in header]
        self._line = self._byte = self._unread = self._in_utf_8 = self._doubtful = self._foreign = 0
        self._first_foreign: RefusedFileError | None = None
        self._remarked: dict[str, int] = {}
        self.spans: list[Span] = []
        self.set_aside: list[tuple[int, str]] = []
        self.remarks: list[Remark] = []

    def read(self, path: Path) -> None:
        """Read a file.

        Raises:
            RefusedFileError: it is not in UTF-8.
        """
        rest, blocks = b"", blocks_of_lines(path)
        current = next(blocks, None)
        while current is not None:
            (block, too_long), current = current, next(blocks, None)
            if not self._line and block.startswith(MARK):
                block, self._byte = block[len(MARK) :], len(MARK)
            rest = self._read_block(rest + block, is_last=bool(too_long) or current is None)
            self._refuse_rubbish()
            if too_long:
                self._reject(builtin_rules.ROW_IS_READABLE, _too_long(too_long), too_long, is_line=False)
                self._line, self._byte = self._line + 1, self._byte + too_long
        # No line with three-byte characters is UTF-8 by chance, but others may be.
        if (self._foreign > self._in_utf_8 and self._doubtful) or (self._foreign * 2 > self._line and not self._in_utf_8):
            assert self._first_foreign is not None
            raise self._first_foreign

    def _read_block(self, block: bytes, *, is_last: bool) -> bytes:
        """Read lines; return the rest, that may be part of a row which goes on, unless they are the last."""
        lines = block.split(b"\n")
        number = len(lines) - (not lines[-1])
        unusual = self._unusual(block.decode("utf-8", "replace").removesuffix("\n").split("\n")) if number else []
        if lines[-1].endswith(b"\r") and number - 1 not in unusual[-1:]:
            unusual.append(number - 1)
        starts = [0, *accumulate(len(line) + 1 for line in lines)] if unusual else []
        texts = block.decode("utf-8", "surrogateescape").split("\n") if unusual else []
        line, byte, after = self._line, self._byte, 0
        for at in unusual:
            if at < after:
                continue
            may_go_on = at + MOST_LINES_OF_A_CELL >= number and len(block) - starts[at] <= _LONGEST_ROW
            if not is_last and b'"' in lines[at] and may_go_on:
                self._line, self._byte = line + at, byte + starts[at]
                return block[starts[at] :]
            self._line, self._byte = line + at, byte + starts[at]
            after = at + self._read_row(lines, texts, at)
        self._line, self._byte = line + number, byte + len(block)
        return b""

    def _refuse_rubbish(self) -> None:
        number, size = len(self.spans), self._unread
        if (number > MOST_SPANS and number * 4 > self._line) or (size > MOST_BYTES_OF_SPANS and size * 4 > self._byte):
            en, zh = (
                f"{number:,} of the first {self._line:,} lines are no rows",
                f"前 {self._line:,} 行中有 {number:,} 行不是数据行",
            )
            for first in self.remarks[:1]:  # there is none if all of them are blank
                en, zh = f"{en}, the first for this reason: {first.message.en}", f"{zh}，首行原因：{first.message.zh}"
            raise RefusedFileError(Text(en, zh), self.spans[0].line + 1)

    def _unusual(self, lines: list[str]) -> list[int]:
        """List the lines that are not rows as polars reads them; the header is among them."""
        line, is_quoted = pl.col(_LINE), pl.col(_IS_QUOTED)
        frame = pl.LazyFrame({_LINE: lines}, schema={_LINE: pl.String}).with_columns(line.str.strip_suffix("\r"))
        frame = frame.with_columns(line.str.contains('"', literal=True).alias(_IS_QUOTED))
        outside = pl.when(is_quoted).then(line.str.replace_all('"[^"]*"', "")).otherwise(line)
        is_row = (outside.str.count_matches(",", literal=True) == len(self._header) - 1) & (line != "")
        is_row &= ~line.str.contains(_NO_TEXT) & (~is_quoted | line.str.contains(_ROW))
        is_header = line.str.strip_chars_start(f'{PLAIN_SPACES}"').str.starts_with(self._header[0])
        is_row &= ~is_header & (line.str.len_bytes() <= LONGEST_LINE)
        is_beyond_chance, is_whole = line.str.contains("[^\0-\u07ff]"), ~line.str.contains("\ufffd", literal=True)
        is_doubtful = (line.str.len_bytes() != line.str.len_chars()) & ~is_beyond_chance
        found = frame.select(
            (~is_row).alias("unusual"), (is_beyond_chance & is_whole).alias("in UTF-8"), is_doubtful.alias("doubtful")
        ).collect()
        self._in_utf_8 += int(found["in UTF-8"].sum())
        self._doubtful += int(found["doubtful"].sum())
        return list(found["unusual"].arg_true())

    def _read_row(self, lines: Sequence[bytes], texts: Sequence[str], at: int) -> int:
        """Read the row that starts on a line, and return the number of its lines."""
        raw, is_header = lines[at], self._line == 0
        if raw in (b"", b"\r") and at + 1 < len(lines):
            self.spans.append(Span(self._line, 1, self._byte, self._byte + len(raw) + 1))
            return 1
        is_quoted = b'"' in raw
        size = len(raw) + 1
        try:
            if len(raw) > LONGEST_LINE:
                raise BrokenRowError(1, _too_long(len(raw)))
            cells, after = split_row(texts, at, 0 if is_header else len(self._header))
            number = after - at
        except BrokenRowError as broken:
            is_foreign = self._note_encoding(texts[at])
            size = sum(len(line) + 1 for line in lines[at : at + broken.lines])
            is_line = not (is_quoted or is_foreign)
            self._reject(builtin_rules.ROW_IS_READABLE, broken.message, size, broken.column, broken.lines, is_line=is_line)
            return broken.lines
        if number > 1:
            size = sum(len(line) + 1 for line in lines[at : at + number])
        is_line, width = not is_quoted, len(self._header)
        if len(cells) != width:
            self._reject(builtin_rules.ROW_FITS_HEADER, misfit(cells, width), size, 1, number, is_line=is_line)
        elif not is_header and [cell.strip(PLAIN_SPACES) for cell in cells] == self._header and len(cells) > 1:
            self._reject(builtin_rules.ROW_FITS_HEADER, header_again(), size, 1, number, is_line=is_line)
        elif number > 1:
            self.spans.append(Span(self._line, number, self._byte, self._byte + size, is_row=True, is_line=False))
        return number

    def _note_encoding(self, line: str) -> bool:
        """Count a line with bytes that are not UTF-8; return whether it is one."""
        found = _FOREIGN.search(line)
        column = found.start() + 1 if found else 0
        if column:
            self._foreign += 1
            self._first_foreign = self._first_foreign or not_utf_8(line, self._line + 1, column)
        return bool(column)

    def _reject(self, rule: Rule, message: Text, size: int, column: int = 1, lines: int = 1, *, is_line: bool) -> None:
        self.spans.append(Span(self._line, lines, self._byte, self._byte + size, is_line=is_line and lines == 1))
        self.set_aside.append((self._line + 1, rule.id))
        self._unread += size if size <= LONGEST_LINE else 0  # a longer line is not read at all
        self._remarked[rule.id] = remarked = self._remarked.get(rule.id, 0) + 1
        if remarked <= MOST_REMARKS:
            self.remarks.append(Remark(rule, self._line + 1, column, message))


def not_utf_8(line: str, number: int, column: int) -> RefusedFileError:
    """Explain that a line is not in UTF-8."""
    byte = f"0x{ord(line[column - 1]) - 0xDC00:02x}"
    en = f"byte {byte} is not UTF-8. Save the file as UTF-8 (in Excel: CSV UTF-8)."
    return RefusedFileError(Text(en, f"字节 {byte} 不是 UTF-8。请将文件另存为 UTF-8（Excel 中选 CSV UTF-8）。"), number, column)


def _too_long(size: int) -> Text:
    return Text(f"a line of {size:,} bytes is no row", f"一行长达 {size:,} 字节，不是数据行")
