"""Page of a raw file of any form: a header and rows of text, with their lines."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from etl.raw_files.misfits import misfit
from schemas import builtin_rules
from schemas.models import Rule
from schemas.texts import Text

MOST_BROKEN_ROWS = 1_000
"""With more, a file is no table with slips but something else, and is refused as a whole."""

MOST_MISFITS = 20
"""So many rows that are not as wide as the header are kept, for its line to be explained by."""

PLAIN_SPACES = " \t\r\n"
SPACES = PLAIN_SPACES + "\u00a0\u2009\u202f\u3000"
"""What may stand around a cell, and is all there is in a blank one: the non-breaking, thin and ideographic spaces too."""

# Lone surrogates stand for bytes that are no text, and U+FFFD for what a program before this one could not read. Other control
# characters are text that no figure, code or period has.
NO_TEXT = re.compile("[\0\ufffd\ud800-\udfff]|\r(?!\n)")


@dataclass(frozen=True, slots=True)
class Remark:
    """A place in a file, the rule that it breaks, and why."""

    rule: Rule
    line: int
    column: int
    message: Text


class RefusedFileError(Exception):
    """A raw file that is not read: the reason, the place, and the broken rule."""

    def __init__(self, message: Text, line: int = 1, column: int = 1, rule: Rule = builtin_rules.FILE_IS_READABLE) -> None:
        super().__init__(message.en)
        self.message, self.line, self.column, self.rule = message, line, column, rule


@dataclass
class Page:
    """The text of a raw file.

    Attributes:
        header: the titles of the columns; empty where the file is.
        header_line: the line they stand on.
        rows: the rows that can be read, each as wide as the header; None is a blank cell.
        lines: the line on which each of them starts; a row of a workbook.
        set_aside: the lines of the rows that cannot be read.
        remarks: on the file, and on each row that was set aside.
        spot: maps a line, on which a row or the header starts, and a position in it to line and column of the cell.
        sheet: name of the sheet; empty for a file that has none.
        misfits: the first rows that are not as wide as the header, with their lines.
    """

    header: list[str]
    header_line: int = 1
    rows: list[list[str | None]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    set_aside: list[int] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    spot: Callable[[int, int], tuple[int, int]] = lambda line, position: (line, position + 1)
    sheet: str = ""
    misfits: list[tuple[int, list[str | None]]] = field(default_factory=list)

    def keep(self, line: int, cells: list[str | None]) -> None:
        """Take a row, unless it is not as wide as the header or repeats it."""
        if len(cells) != len(self.header):
            self.reject(Remark(builtin_rules.ROW_FITS_HEADER, line, 1, misfit([cell or "" for cell in cells], len(self.header))))
            if len(self.misfits) < MOST_MISFITS:
                self.misfits.append((line, cells))
        elif len(cells) > 1 and all(cell == blank_or(title) for cell, title in zip(cells, self.header, strict=True)):
            self.reject(Remark(builtin_rules.ROW_FITS_HEADER, line, 1, header_again()))
        else:
            self.rows.append(cells)
            self.lines.append(line)

    def keep_text(self, line: int, cells: list[str | None]) -> None:
        """Keep a row of a binary file, unless a cell is not text."""
        for position, cell in enumerate(cells):
            match = NO_TEXT.search(cell or "")
            if match:
                self.reject(Remark(builtin_rules.ROW_IS_READABLE, *self.spot(line, position), no_text(match[0])))
                return
        self.keep(line, cells)

    def note(self, line: int, column: int, en: str, zh: str) -> None:
        """Remark on something that is read otherwise than it stands, or not at all."""
        self.remarks.append(Remark(builtin_rules.FILE_IS_PLAIN, line, column, Text(en, zh)))

    def reject(self, remark: Remark) -> None:
        """Set a row aside, with the reason.

        Raises:
            RefusedFileError: too many are.
        """
        if remark.line not in self.set_aside[-1:]:
            self.set_aside.append(remark.line)
        self.remarks.append(remark)
        if len(self.set_aside) > MOST_BROKEN_ROWS:
            first = self.remarks[0]
            en = f"more than {MOST_BROKEN_ROWS} rows cannot be read, the first for this reason: {first.message.en}"
            zh = f"超过 {MOST_BROKEN_ROWS} 行无法读取，首行原因：{first.message.zh}"
            raise RefusedFileError(Text(en, zh), first.line, first.column)


def header_again() -> Text:
    """Explain a row that repeats the header."""
    en = "the header stands here again; if two files were put together, delete this line"
    return Text(en, "表头重复出现；如由两个文件拼接而成，请删去本行")


def no_text(character: str) -> Text:
    """Explain a character that is no text."""
    if character == "\r":
        return Text("a carriage return without a line feed: end lines in LF or CR LF", "单独的回车符：换行应为 LF 或 CR LF")
    if character == "\ufffd":
        en = "U+FFFD: a program that saved the file before lost a character here; mend it from the document"
        return Text(en, "U+FFFD：此前保存文件的程序在此丢失了字符；请按来源文件更正")
    return Text("the character NUL is no text; delete it", "含 NUL 字符；请删除")


def blank_or(text: str) -> str | None:
    """Strip the plain spaces around a cell; None for a blank one."""
    return text.strip(PLAIN_SPACES) if text.strip(SPACES) else None


def cell_place(lines: list[str], line: int, position: int) -> tuple[int, int]:
    """Locate a cell of the row that starts on a line: line and column, from 1."""
    text = lines[line - 1]
    if '"' not in text:
        return line, len(text) - len(text.split(",", position)[-1]) + 1
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
