"""Read CSV strictly by RFC 4180; set aside each row that breaks it.

The standard library's reader accepts a quotation mark inside a cell without quotation marks, takes a lone carriage return
for a line end, and cannot go on after an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from etl.findings import Text
from etl.raw_files.decode import Decoded, decoded
from etl.raw_files.page import NO_TEXT, SPACES, Page, RefusedFileError, Remark, blank_or, no_text
from schemas import builtin_rules

MOST_LINES_OF_A_CELL, MOST_CHARACTERS_OF_A_CELL = 100, 32_767
_QUOTED = re.compile(r'"((?:[^"]++|"")*+)"')
_PLAIN = re.compile(r'[^",]*')
_SPACES_IN_LINES = SPACES.replace("\r", "").replace("\n", "")
_OTHER_SEPARATORS = {"\t": Text("tabs", "制表符"), ";": Text("semicolons", "分号"), "，": Text("full-width commas", "全角逗号")}


def read_delimited(content: bytes) -> Page:
    """Read a CSV file.

    Raises:
        RefusedFileError: it has no header that can be read, or is no CSV at all.
    """
    found = _decoded(content)
    page = _page(found.text, found.encoding)
    if found.remark:
        page.remarks.insert(0, Remark(builtin_rules.FILE_IS_PLAIN, 1, 1, found.remark))
    return page


def read_ragged(content: bytes) -> list[list[str]]:
    """Read the rows of a CSV file, padded to one width, as those of a sheet.

    Raises:
        RefusedFileError: a row of it cannot be read, or it has no row of two cells.
    """
    found = _decoded(content)
    rows: list[list[str]] = []
    for first, _, row in _rows(found.text.split("\n"), found.encoding, lambda: 0, is_all_text=not NO_TEXT.search(found.text)):
        if isinstance(row, _BrokenRowError):
            raise RefusedFileError(row.message, first + 1, row.column)
        rows.append(row)
    width = max(map(len, rows), default=0)
    if width < 2:
        en = "No row of the file has two cells: are they separated by commas? Save it as CSV UTF-8."
        raise RefusedFileError(Text(en, "没有一行含两个以上单元格：是否以逗号分隔？请另存为 CSV UTF-8"))
    return [row + [""] * (width - len(row)) for row in rows]


def _decoded(content: bytes) -> Decoded:
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        en = "this is a workbook, not CSV; name it so (.xlsx, .xls or .ods), or save it as CSV UTF-8"
        raise RefusedFileError(Text(en, "这是工作簿，不是 CSV；请改用 .xlsx、.xls 或 .ods 扩展名，或另存为 CSV UTF-8"))
    return decoded(content)


class _BrokenRowError(Exception):
    """A row that is not RFC 4180: the column of its first line, and the reason."""

    def __init__(self, column: int, message: Text) -> None:
        super().__init__(message.en)
        self.column, self.message = column, message


def _page(text: str, encoding: str) -> Page:
    lines = text.split("\n")
    is_all_text = not NO_TEXT.search(text)
    is_bare = is_all_text and not any(space in text for space in _SPACES_IN_LINES)
    page = Page([], spot=lambda line, position: cell_place(lines, line, position))
    for first, after, row in _rows(lines, encoding, lambda: len(page.header), is_all_text=is_all_text):
        if isinstance(row, _BrokenRowError):
            if not page.header:
                raise RefusedFileError(row.message, first + 1, row.column)
            page.reject(Remark(builtin_rules.ROW_IS_READABLE, first + 1, row.column, row.message))
        elif not row:
            continue
        elif page.header:
            is_plain = is_bare and after == first + 1  # only a cell of several lines has spaces then: the line ends
            page.keep(first + 1, [cell or None for cell in row] if is_plain else [blank_or(cell) for cell in row])
        else:
            page.header, page.header_line = row, first + 1
            _refuse_other_separator(page)
    return page


def _rows(
    lines: list[str], encoding: str, width: Callable[[], int], *, is_all_text: bool
) -> Iterator[tuple[int, int, list[str] | _BrokenRowError]]:
    """Yield each row: its first line from 0, the line after it, and its cells.

    A blank line has no cells; of a row that is not RFC 4180, what is wrong takes their place.
    """
    at = 0
    while at < len(lines):
        first, at = at, at + 1
        line = lines[first].removesuffix("\r") if at < len(lines) else lines[first]
        try:
            if not is_all_text:
                _refuse_no_text(line, encoding)
            if '"' in line:
                cells, at = _quoted_row(lines, first, width())
                if at - first > 1 and not is_all_text:
                    _refuse_no_text("\n".join(lines[first:at]).removesuffix("\r"), encoding)
            else:
                cells = line.split(",") if line else []
            yield first, at, cells
        except _BrokenRowError as broken:
            at = first + 1
            yield first, at, broken


def _refuse_other_separator(page: Page) -> None:
    """Refuse a header of one cell whose titles are separated by another character."""
    for separator, name in _OTHER_SEPARATORS.items():
        if len(page.header) == 1 and separator in page.header[0]:
            en = f"the cells are separated by {name.en}, not by commas; save the file as CSV with commas"
            raise RefusedFileError(Text(en, f"单元格以{name.zh}而非逗号分隔；请存为逗号分隔的 CSV"), page.header_line)


def _refuse_no_text(row: str, encoding: str) -> None:
    match = NO_TEXT.search(row)
    if not match:
        return
    character, column = match[0], match.start() + 1
    if "\udc80" <= character <= "\udcff":
        byte = f"0x{ord(character) - 0xDC00:02x}"
        en = f"byte {byte} is not {encoding}, as the other lines are: the row is cut off, damaged, or in another encoding"
        message = Text(en, f"字节 {byte} 与其他行的编码 {encoding} 不符：本行被截断、损坏或编码不同")
    else:
        message = no_text(character)
    raise _BrokenRowError(column, message)


def _quoted_row(lines: list[str], first: int, width: int) -> tuple[list[str], int]:
    """Split a row with quotation marks; return its cells and the next line.

    Raises:
        _BrokenRowError: it is not RFC 4180, or a quotation mark too many has joined it with other rows.
    """
    text, last, at = lines[first], first, 0
    cells: list[str] = []
    while True:
        if text.startswith('"', at):
            while (match := _QUOTED.match(text, at)) is None:
                last += 1
                if last == len(lines) or last - first > MOST_LINES_OF_A_CELL or len(text) - at > MOST_CHARACTERS_OF_A_CELL:
                    raise _BrokenRowError(at + 1, Text("the quotation mark is not closed", "引号未闭合"))
                text += "\n" + lines[last]
            cells.append(match[1].replace('""', '"'))
            at = match.end()
        else:
            match = _PLAIN.match(text, at)
            assert match is not None  # it also matches nothing
            cells.append(match[0].removesuffix("\r") if match.end() == len(text) else match[0])
            at = match.end()
        if at == len(text) or text[at:] == "\r":
            _refuse_joined(lines, first, last, width)
            return cells, last + 1
        if text[at] != ",":
            is_closed = text[at] != '"'
            en = "a cell goes on after its closing quotation mark" if is_closed else "a quotation mark in a cell without them"
            zh = "引号闭合之后仍有内容" if is_closed else "未加引号的单元格内出现引号"
            more = Text(f"{en}; put the cell in quotation marks and double those within", f"{zh}；请给整格加引号，格内引号写两遍")
            raise _BrokenRowError(at + 1 if last == first else 1, more)
        at += 1


def _refuse_joined(lines: list[str], first: int, last: int, width: int) -> None:
    """Refuse a cell that holds a full line: a quotation mark is probably missing."""
    for number in range(first + 1, last + 1):
        if width > 1 and lines[number].count(",") + 1 == width:
            en = f"a quotation mark joins this row with line {number + 1}, which looks like a row of its own; close or delete it"
            raise _BrokenRowError(1, Text(en, f"引号把本行与第 {number + 1} 行连成一格，而该行看似独立的一行；请闭合或删除引号"))


def cell_place(lines: list[str], line: int, position: int) -> tuple[int, int]:
    """Locate a cell of the row that starts on a line: line and column, from 1."""
    column, commas, is_quoted = 1, 0, False
    for number in range(line, len(lines) + 1):
        for column, character in enumerate(f"{lines[number - 1]}\n", start=1):
            if commas == position:
                return number, column
            if character == '"':
                is_quoted = not is_quoted
            commas += character == "," and not is_quoted
        if not is_quoted:
            break
    return line, column
