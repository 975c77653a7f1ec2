"""Read CSV strictly by RFC 4180; set aside each row that breaks it.

The standard library's reader accepts a quotation mark inside a cell without quotation marks, takes a lone carriage return
for a line end, and cannot go on after an error.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from etl.raw_files.decode import UTF_8, Decoded, decoded
from etl.raw_files.first_line import refuse_other_separator, refuse_quoted_separator
from etl.raw_files.other_forms import refuse_other_forms, unreadable_encoding
from etl.raw_files.page import NO_TEXT, SPACES, Page, RefusedFileError, Remark, blank_or, cell_place, no_text
from etl.raw_files.stored_numbers import MOST_CHARACTERS_OF_A_CELL
from schemas import builtin_rules
from schemas.file_forms import UTF_16
from schemas.texts import Text

MOST_LINES_OF_A_CELL, MOST_COLUMNS, MOST_LINES = 100, 2_000, 2_000_000
_QUOTED = re.compile(r'"((?:[^"]++|"")*+)"')
_PLAIN = re.compile(r'[^",]*')
_SPACES_IN_LINES = SPACES.replace("\r", "").replace("\n", "")


def read_delimited(content: bytes) -> Page:
    """Read a CSV file.

    Raises:
        RefusedFileError: it has no header that can be read, or is no CSV at all.
    """
    found = decoded_file(content)
    page = _page(found.text, found.encoding)
    if found.remark:
        page.remarks.insert(0, Remark(builtin_rules.FILE_IS_PLAIN, 1, 1, found.remark))
    return page


class BrokenRowError(Exception):
    """A row that is not RFC 4180: the column of its first line, the reason, and how many lines are set aside with it."""

    def __init__(self, column: int, message: Text, lines: int = 1) -> None:
        super().__init__(message.en)
        self.column, self.message, self.lines = column, message, lines


def decoded_file(content: bytes) -> Decoded:
    """Decode a CSV file.

    Raises:
        RefusedFileError: it is something else, has too many lines, or is in no encoding that is certain.
    """
    refuse_other_forms(content)
    if (lines := content.count(b"\n")) > MOST_LINES:
        en = f"{lines:,} lines, more than the {MOST_LINES:,} that a table of figures may have; records belong in a register"
        raise RefusedFileError(Text(en, f"共 {lines:,} 行，超过统计表上限 {MOST_LINES:,} 行；逐条记录应放入登记簿"))
    return decoded(content)


def _page(text: str, encoding: str) -> Page:
    lines = text.split("\n")
    _refuse_mac_lines(lines)
    is_all_text = not NO_TEXT.search(text)
    is_bare = is_all_text and not any(space in text for space in _SPACES_IN_LINES)
    page = Page([], spot=lambda line, position: cell_place(lines, line, position))
    for first, after, row in delimited_rows(lines, encoding, lambda: len(page.header), is_all_text=is_all_text):
        if isinstance(row, BrokenRowError):
            if not page.header:
                refuse_quoted_separator(lines[first], first + 1)
                raise RefusedFileError(row.message, first + 1, row.column)
            page.reject(Remark(builtin_rules.ROW_IS_READABLE, first + 1, row.column, row.message))
        elif not any(row) or (len(row) > 1 and not any(cell.strip(SPACES) for cell in row)):
            continue
        elif page.header:
            is_plain = is_bare and after == first + 1  # only a cell of several lines has spaces then: the line ends
            page.keep(first + 1, [cell or None for cell in row] if is_plain else [blank_or(cell) for cell in row])
        else:
            page.header, page.header_line = row, first + 1
            refuse_width(len(row))
            refuse_other_separator(row, first + 1)
    return _without_blank_columns(page)


def _without_blank_columns(page: Page) -> Page:
    """Leave out the columns without a title in which every cell is blank, as Excel writes them beside a table."""
    if all(title.strip(SPACES) for title in page.header):
        return page
    filled = [at for at, title in enumerate(page.header) if title.strip(SPACES) or any(row[at] for row in page.rows)]
    whole = page.spot
    header, rows = [page.header[at] for at in filled], [[row[at] for at in filled] for row in page.rows]
    return replace(page, header=header, rows=rows, spot=lambda line, position: whole(line, filled[position]))


def delimited_rows(
    lines: list[str], encoding: str, width: Callable[[], int], *, is_all_text: bool
) -> Iterator[tuple[int, int, list[str] | BrokenRowError]]:
    """Yield each row: its first line from 0, the line after it, and its cells.

    A blank line has no cells; of a row that is not RFC 4180, what is wrong takes their place.
    """
    at = 0
    while at < len(lines):
        first, at = at, at + 1
        if not (lines[first].removesuffix("\r") if at < len(lines) else lines[first]):
            yield first, at, []
            continue
        try:
            cells, at = split_row(lines, first, width(), encoding, is_all_text=is_all_text)
            yield first, at, cells
        except BrokenRowError as broken:
            at = first + broken.lines
            yield first, at, broken


def read_header(start: bytes, *, is_whole: bool) -> list[str]:
    """Read the titles of a UTF-8 file from its first bytes.

    Args:
        start: the bytes.
        is_whole: whether they are the whole file.

    Raises:
        RefusedFileError: they are no header.
    """
    refuse_other_forms(start)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in start[:4]:
        raise RefusedFileError(unreadable_encoding(UTF_16))
    lines = start.removeprefix(codecs.BOM_UTF8).decode("utf-8", "surrogateescape").split("\n", MOST_LINES_OF_A_CELL + 1)
    _refuse_mac_lines(lines)
    if len(lines) == 1 and not is_whole:
        raise RefusedFileError(Text(f"the first line has more than {len(start):,} bytes", f"首行超过 {len(start):,} 字节"))
    try:
        titles, _ = split_row(lines, 0, 0)
    except BrokenRowError as broken:
        refuse_quoted_separator(lines[0], 1)
        raise RefusedFileError(broken.message, 1, broken.column) from None
    refuse_width(len(titles))
    refuse_other_separator(titles, 1)
    return titles


def _refuse_mac_lines(lines: Sequence[str]) -> None:
    """Refuse a file that has no line feeds but carriage returns."""
    if len(lines) < 3 and "\r" in lines[0].removesuffix("\r"):
        en = "the lines end in CR, as of old Mac OS; save the file with line ends LF or CR LF"
        raise RefusedFileError(Text(en, "换行符为 CR（旧 Mac 格式）；请以 LF 或 CR LF 换行重新保存"))


def refuse_width(columns: int) -> None:
    """Refuse a header of too many columns."""
    if columns > MOST_COLUMNS:
        en = f"{columns:,} columns, where no table has more than {MOST_COLUMNS:,}"
        raise RefusedFileError(Text(en, f"共 {columns:,} 列，超过上限 {MOST_COLUMNS:,} 列"))


def split_row(
    lines: Sequence[str], first: int, width: int, encoding: str = UTF_8, *, is_all_text: bool = False
) -> tuple[list[str], int]:
    """Split the row that starts on a line; return its cells and the next line.

    Args:
        lines: those of the file, from `first` as many as a row may have; the last one is known to have no end.
        first: the line on which the row starts.
        width: number of cells of the header; 0 if this is the header.
        encoding: that of the file, for messages.
        is_all_text: whether all characters are known to be text.

    Raises:
        BrokenRowError: it is not RFC 4180, or a quotation mark too many has joined it with other rows.
    """
    line = lines[first].removesuffix("\r") if first + 1 < len(lines) else lines[first]
    if not is_all_text:
        _refuse_no_text(line, encoding)
    if '"' not in line:
        cells, after = line.split(","), first + 1
    else:
        cells, after = _quoted_row(lines, first, width)
    if len(line) > MOST_CHARACTERS_OF_A_CELL and (longest := max(map(len, cells))) > MOST_CHARACTERS_OF_A_CELL:
        en = f"a cell of {longest:,} characters, where none may have more than {MOST_CHARACTERS_OF_A_CELL:,}"
        zh = f"单元格长达 {longest:,} 个字符，超过上限 {MOST_CHARACTERS_OF_A_CELL:,}"
        raise BrokenRowError(1, Text(en, zh), after - first)
    if after - first > 1 and not is_all_text:
        text = "\n".join(lines[first:after])
        _refuse_no_text(text.removesuffix("\r") if after < len(lines) else text, encoding, after - first)
    return cells, after


def _refuse_no_text(row: str, encoding: str, lines: int = 1) -> None:
    match = NO_TEXT.search(row)
    if not match:
        return
    character, column = match[0], match.start() + 1 if lines == 1 else 1
    if "\udc80" <= character <= "\udcff":
        byte = f"0x{ord(character) - 0xDC00:02x}"
        en = f"byte {byte} is not {encoding}, as the other lines are: the row is cut off, damaged, or in another encoding"
        message = Text(en, f"字节 {byte} 与其他行的编码 {encoding} 不符：本行被截断、损坏或编码不同")
    else:
        message = no_text(character)
    raise BrokenRowError(column, message, lines)


def _quoted_row(lines: Sequence[str], first: int, width: int) -> tuple[list[str], int]:
    """Split a row with quotation marks; return its cells and the next line.

    Raises:
        BrokenRowError: it is not RFC 4180, or a quotation mark too many has joined it with other rows.
    """
    text, last, at = lines[first], first, 0
    cells: list[str] = []
    while True:
        if text.startswith('"', at):
            while (match := _QUOTED.match(text, at)) is None:
                text, last = _with_closing_line(lines, text, first, last, at)
            cells.append(match[1].replace('""', '"'))
            at = match.end()
        else:
            match = _PLAIN.match(text, at)
            assert match is not None  # it also matches nothing
            cells.append(match[0].removesuffix("\r") if match.end() == len(text) else match[0])
            at = match.end()
        if at == len(text) or text[at:] == "\r":
            if last > first:
                _refuse_joined(lines, first, last, width, len(cells))
            return cells, last + 1
        if text[at] != ",":
            is_closed = text[at] != '"'
            en = "a cell goes on after its closing quotation mark" if is_closed else "a quotation mark in a cell without them"
            zh = "引号闭合之后仍有内容" if is_closed else "未加引号的单元格内出现引号"
            more = Text(f"{en}; put the cell in quotation marks and double those within", f"{zh}；请给整格加引号，格内引号写两遍")
            raise BrokenRowError(at + 1 if last == first else 1, more)
        at += 1


def _with_closing_line(lines: Sequence[str], text: str, first: int, last: int, at: int) -> tuple[str, int]:
    """Add the lines up to the next quotation mark to a text whose cell, that begins at `at`, is open."""
    added, length = [text], len(text) - at
    while True:
        last += 1
        if last == len(lines) or last - first > MOST_LINES_OF_A_CELL or length > MOST_CHARACTERS_OF_A_CELL:
            raise BrokenRowError(at + 1, Text("the quotation mark is not closed", "引号未闭合"))
        added.append(lines[last])
        length += len(lines[last]) + 1
        if '"' in lines[last]:
            return "\n".join(added), last


def _refuse_joined(lines: Sequence[str], first: int, last: int, width: int, cells: int) -> None:
    """Refuse a row of several lines each of which looks like a row: a quotation mark is probably missing.

    Only where not all lines look so is the row what it is read as: one that has a full line within a cell. If it is not as wide
    as the header, its last line may be the start of another row.
    """
    looks = [line.count(",") + 1 == width for line in lines[first : last + 1]]
    if width > 1 and (all(looks) if cells == width else last - first > 1 and all(looks[:-1])):
        en = f"a quotation mark joins this row with line {first + 2}, which looks like a row of its own; close or delete it"
        raise BrokenRowError(1, Text(en, f"引号把本行与第 {first + 2} 行连成一格，而该行看似独立的一行；请闭合或删除引号"))
