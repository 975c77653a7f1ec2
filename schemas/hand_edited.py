"""Read the lists that people edit by hand as code is read: strictly, every fault with its file, line and column.

A list is CSV in UTF-8 as RFC 4180 has it, with one header. Empty lines are no rows; everything else is a row or a fault. Only the
standard library is needed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from pathlib import Path

from schemas.list_files import ListError, character_name, file_name, place_in, read_text
from schemas.list_headers import header_fault, width_fault
from schemas.texts import NO_TEXT, Text, joined

MOST_FAULTS = 20
"""How many faults of a list are told at once."""

MOST_SHOWN = 60
"""Characters of a cell that a message quotes."""

_CELL = re.compile(r'(?:"((?:[^"]++|"")*+)"|([^",\n]*+))(?=[,\n]|\Z)')
_INVISIBLE = re.compile("[\0-\x08\x0a-\x1f\x7f-\x9f\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_QUOTED_SEPARATOR = re.compile(r'"\s*([\t;|，])\s*"')

_GOES_ON = Text(
    "a cell goes on after its closing quotation mark; put the whole cell in quotation marks",
    "引号闭合之后还有内容；请把整个单元格放入引号",
)
_UNQUOTED = Text(
    "a quotation mark in a cell without them; put the cell in quotation marks, and double it",
    "未加引号的单元格中有引号；请给单元格加引号，并把其中的引号写两次",
)


Fault = tuple[int, str, Text]
"""A fault of a list: number of the row from 0, name of the column, and what is wrong with the next step."""


@dataclass(frozen=True, eq=False)
class HandEditedList:
    """A list, whose rows are as wide as its header.

    Attributes:
        name: how messages name the file.
        columns: the header.
        rows: the cells of each row.
        lines: the line on which each row starts, from 1.
        text: the file as decoded, with line feeds.
    """

    name: str
    columns: tuple[str, ...]
    rows: list[list[str]]
    lines: Sequence[int]
    text: str

    def records(self) -> list[dict[str, str]]:
        """Return the rows as mappings of column to text."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def place(self, row: int, column: str = "") -> tuple[int, int]:
        """Locate a cell, or the start of a row: line and column, from 1."""
        return self._spot(row, self.columns.index(column) if column else 0)

    def _spot(self, row: int, position: int) -> tuple[int, int]:
        at = 0
        for _ in range(self.lines[row] - 1):
            at = self.text.index("\n", at) + 1
        for _ in range(position):
            match = _CELL.match(self.text, at)
            assert match is not None  # the row was read
            at = match.end() + 1
        return place_in(self.text, at)

    def refuse(self, *faults: Iterable[Fault]) -> None:
        """Refuse the list if it has faults; tell the first ones in the order of their places.

        Raises:
            ListError: it has one.
        """
        positions = {"": 0} | {column: position for position, column in enumerate(self.columns)}
        found = [(row, positions[column], message) for each in faults for row, column, message in each]
        if found:
            found.sort(key=itemgetter(0, 1))
            first = [(self._spot(row, position), message) for row, position, message in found[:MOST_FAULTS]]
            rest = len(found) - MOST_FAULTS
            more = [Text(f"and {rest} more", f"另有 {rest} 处")] if rest > 0 else []
            raise ListError(joined([*(f"{self.name}:{at[0]}:{at[1]}: " + message for at, message in first), *more], "\n"))

    def wrong(self, column: str, is_right: Callable[[str], object], hint: Text, *, may_be_blank: bool = True) -> Iterator[Fault]:
        """Yield the cells of a column that are not right, quoted, with the hint."""
        position = self.columns.index(column)
        for number, row in enumerate(self.rows):
            if not (is_right(row[position]) if row[position] else may_be_blank):
                yield number, column, cited(column, row[position], hint)

    def blank(self, *names: str) -> Iterator[Fault]:
        """Yield the blank cells of columns that must be filled."""
        for name in names:
            position = self.columns.index(name)
            yield from (
                (number, name, Text(f"{name} is blank; fill it", f"{name} 为空；请填写"))
                for number, row in enumerate(self.rows)
                if not row[position]
            )

    def invisible(self) -> Iterator[Fault]:
        """Yield the cells with characters that are not seen, or change the order of what is seen."""
        for number, row in enumerate(self.rows):
            for name, text in zip(self.columns, row, strict=True):
                if not text.isprintable() and (found := _INVISIBLE.search(text)):
                    en = f"the {character_name(found[0])} in {name} {shown(text)} is not seen; delete it"
                    yield number, name, Text(en, f"{name} {shown_zh(text)} 含不可见字符 U+{ord(found[0]):04X}；请删除")

    def repeated(self, *names: str, fold: bool = False) -> Iterator[Fault]:
        """Yield the rows whose cells in some columns are those of an earlier row; `fold` for no difference of case and width."""
        positions = [self.columns.index(name) for name in names]
        first: dict[tuple[str, ...], int] = {}
        for number, row in enumerate(self.rows):
            cells = tuple(row[position] for position in positions)
            before = first.setdefault(tuple(map(_folded, cells)) if fold else cells, number)
            if before != number:
                line = self.lines[before]
                key = " ".join(map(_quoted, cells))
                yield number, names[0], Text(f"{key} stands here twice, first on line {line}", f"{key} 重复，已见于第 {line} 行")

    def unknown(self, column: str, known: Collection[str], where: Text) -> Iterator[Fault]:
        """Yield the cells of a column that are not among the known ones, with the nearest of these."""
        from difflib import get_close_matches  # where it is needed, so that `etl --help` answers at once

        position, names = self.columns.index(column), {_folded(each): each for each in known if each}
        wrong = ((number, row[position]) for number, row in enumerate(self.rows) if row[position] not in known)
        for rank, (number, text) in enumerate(wrong):
            is_sought = rank < MOST_FAULTS and len(text) <= MOST_SHOWN  # it takes time
            near = get_close_matches(_folded(text), names, n=1) if is_sought else ()
            hint = Text(f" Did you mean {names[near[0]]!r}?", f"是否应为“{names[near[0]]}”？") if near else NO_TEXT
            yield number, column, cited(column, text, where) + Text(".", "。") + hint


def read_list(path: Path, columns: Sequence[str], root: Path | None = None) -> HandEditedList:
    """Read a list.

    Args:
        path: of the file.
        columns: its header; none for any.
        root: the folder that the file must be in, links resolved, and which messages leave away; None for any.

    Raises:
        ListError: it cannot be read, or a line of it is no row.
    """
    name, text = file_name(path, root), read_text(path, root)
    listed = _plain(name, tuple(columns), text) if '"' not in text else _quoted_rows(name, tuple(columns), text)
    _refuse_header(listed)
    header = listed.rows.pop(0)
    rows = HandEditedList(name, tuple(header), listed.rows, listed.lines[1:], text)
    width = len(header)
    if any(len(row) != width for row in rows.rows):
        rows.refuse((number, "", width_fault(row, width)) for number, row in enumerate(rows.rows) if len(row) != width)
    blank = Text("all cells of the row are blank; delete it", "本行所有单元格为空；请删除")
    rows.refuse((number, "", blank) for number, row in enumerate(rows.rows) if not any(row))
    return rows


def is_day(text: str) -> bool:
    """Whether a text is a day as YYYY-MM-DD; `date.fromisoformat` accepts more."""
    try:
        return bool(re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def shown(text: str) -> str:
    """Quote a cell for a message, shortened."""
    return repr(text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…")


def shown_zh(text: str) -> str:
    """Quote a cell for a message in Chinese, shortened."""
    return f"“{_quoted(text)}”"


def cited(column: str, text: str, fault: Text) -> Text:
    """Begin a message on a cell with its column and text."""
    return Text(f"{column} {shown(text)} {fault.en}", f"{column} {shown_zh(text)} {fault.zh}")


def one_of(names: Iterable[str]) -> Text:
    """Say that a cell is none of some words."""
    words = [*names]
    return Text(f"is none of {', '.join(words)}", f"应为 {'、'.join(words)} 之一")


def _plain(name: str, columns: tuple[str, ...], text: str) -> HandEditedList:
    """Read a text without quotation marks."""
    lines = text.split("\n")
    numbers = [number for number, line in enumerate(lines, start=1) if line]
    return HandEditedList(name, columns, [lines[number - 1].split(",") for number in numbers], numbers, text)


def _quoted_rows(name: str, columns: tuple[str, ...], text: str) -> HandEditedList:
    rows: list[list[str]] = []
    numbers: list[int] = []
    at, line = 0, 1
    while at < len(text):
        if text[at] == "\n":
            at, line = at + 1, line + 1
            continue
        start, cells = at, []
        while True:
            match = _CELL.match(text, at)
            if match is None:
                raise _quotation_fault(name, text, at)
            cells.append(match[2] if match[1] is None else match[1].replace('""', '"'))
            at = match.end() + 1
            if match.end() == len(text) or text[match.end()] == "\n":
                break
        rows.append(cells)
        numbers.append(line)
        line += text.count("\n", start, at)
    return HandEditedList(name, columns, rows, numbers, text)


def _quotation_fault(name: str, text: str, at: int) -> ListError:
    if "\n" not in text[:at] and (found := _QUOTED_SEPARATOR.search(text.split("\n", 1)[0])):
        return ListError(
            f"{name}:1:1: its cells are separated by {found[1]!r}, so save it as CSV with commas",
            f"{name}:1:1: 单元格以 {found[1]!r} 分隔；请另存为以逗号分隔的 CSV",
        )
    closed = re.compile(r'"(?:[^"]++|"")*+"').match(text, at)
    if closed:
        at, what = closed.end(), _GOES_ON
    elif text[at] == '"':
        what = Text("the quotation mark is not closed", "引号未闭合")
    else:
        at, what = text.index('"', at), _UNQUOTED
    line, column = place_in(text, at)
    return ListError(f"{name}:{line}:{column}: " + what)


def _refuse_header(listed: HandEditedList) -> None:
    header = ",".join(listed.columns)
    if not listed.rows:
        wanted = Text(f"; its header must be {header}", f"；表头应为 {header}") if header else NO_TEXT
        raise ListError(f"{listed.name}:1:1: " + Text("the file is empty", "文件为空") + wanted)
    if listed.columns and tuple(listed.rows[0]) != listed.columns:
        at, why = header_fault(listed.columns, listed.rows, listed.lines)
        line, column = listed._spot(0, at)
        place = f"{listed.name}:{line}:{column}: "
        raise ListError(f"{place}its header must be {header}; {why.en}", f"{place}表头应为 {header}；{why.zh}")


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _quoted(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
