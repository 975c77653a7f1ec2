"""Read the lists that people edit by hand as code is read: strictly, every fault with its file, line and column.

A list is CSV in UTF-8 as RFC 4180 has it, with one header. Empty lines are no rows; everything else is a row or a fault. Only the
standard library is needed.
"""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from schemas.file_forms import LFS, other_form, wide_encoding
from schemas.list_headers import header_fault, width_fault

MOST_BYTES, MOST_LINES = 32 * 2**20, 200_000
MOST_FAULTS = 20
"""How many faults of a list are told at once."""

MOST_SHOWN = 60
"""Characters of a cell that a message quotes."""

_CELL = re.compile(r'(?:"((?:[^"]++|"")*+)"|([^",\n]*+))(?=[,\n]|\Z)')
_NO_TEXT = re.compile("[\0\r]")
_INVISIBLE = re.compile("[\0-\x08\x0a-\x1f\x7f-\x9f\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_QUOTED_SEPARATOR = re.compile(r'"\s*([\t;|，])\s*"')


class ListError(ValueError):
    """Faults of a list, each at its place."""


Fault = tuple[int, str, str]
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
        return _place(self.text, at)

    def refuse(self, *faults: Iterable[Fault]) -> None:
        """Refuse the list if it has faults; tell the first ones in the order of their places.

        Raises:
            ListError: it has one.
        """
        positions = {"": 0} | {column: position for position, column in enumerate(self.columns)}
        found = [(row, positions[column], message) for each in faults for row, column, message in each]
        if found:
            first = [(self._spot(row, position), message) for row, position, message in sorted(found)[:MOST_FAULTS]]
            more = [f"and {len(found) - MOST_FAULTS} more"] if len(found) > MOST_FAULTS else []
            raise ListError("\n".join([*(f"{self.name}:{at[0]}:{at[1]}: {message}" for at, message in first), *more]))

    def wrong(self, column: str, is_right: Callable[[str], object], hint: str, *, may_be_blank: bool = True) -> Iterator[Fault]:
        """Yield the cells of a column that are not right, quoted, with the hint."""
        position = self.columns.index(column)
        for number, row in enumerate(self.rows):
            if not (is_right(row[position]) if row[position] else may_be_blank):
                yield number, column, f"{column} {shown(row[position])} {hint}"

    def blank(self, *names: str) -> Iterator[Fault]:
        """Yield the blank cells of columns that must be filled."""
        for name in names:
            position = self.columns.index(name)
            yield from ((number, name, f"{name} is blank; fill it") for number, row in enumerate(self.rows) if not row[position])

    def invisible(self) -> Iterator[Fault]:
        """Yield the cells with characters that are not seen, or change the order of what is seen."""
        for number, row in enumerate(self.rows):
            for name, text in zip(self.columns, row, strict=True):
                if not text.isprintable() and (found := _INVISIBLE.search(text)):
                    yield number, name, f"the {_character(found[0])} in {name} {shown(text)} is not seen; delete it"

    def repeated(self, *names: str, fold: bool = False) -> Iterator[Fault]:
        """Yield the rows whose cells in some columns are those of an earlier row; `fold` for no difference of case and width."""
        positions = [self.columns.index(name) for name in names]
        first: dict[tuple[str, ...], int] = {}
        for number, row in enumerate(self.rows):
            cells = tuple(row[position] for position in positions)
            before = first.setdefault(tuple(map(_folded, cells)) if fold else cells, number)
            if before != number:
                line = self.lines[before]
                yield number, names[0], f"{' '.join(map(_quoted, cells))} stands here twice, first on line {line}"

    def unknown(self, column: str, known: Collection[str], where: str) -> Iterator[Fault]:
        """Yield the cells of a column that are not among the known ones, with the nearest of these."""
        from difflib import get_close_matches  # where it is needed, so that `etl --help` answers at once

        position, names = self.columns.index(column), {_folded(each): each for each in known if each}
        wrong = ((number, row[position]) for number, row in enumerate(self.rows) if row[position] not in known)
        for rank, (number, text) in enumerate(wrong):
            is_sought = rank < MOST_FAULTS and len(text) <= MOST_SHOWN  # it takes time
            near = get_close_matches(_folded(text), names, n=1) if is_sought else ()
            yield number, column, f"{column} {shown(text)} {where}.{f' Did you mean {names[near[0]]!r}?' if near else ''}"


def read_list(path: Path, columns: Sequence[str], root: Path | None = None) -> HandEditedList:
    """Read a list.

    Args:
        path: of the file.
        columns: its header; none for any.
        root: the folder that the file must be in, links resolved, and which messages leave away; None for any.

    Raises:
        ListError: it cannot be read, or a line of it is no row.
    """
    name, text = _name(path, root), read_text(path, root)
    listed = _plain(name, tuple(columns), text) if '"' not in text else _quoted_rows(name, tuple(columns), text)
    _refuse_header(listed)
    header = listed.rows.pop(0)
    rows = HandEditedList(name, tuple(header), listed.rows, listed.lines[1:], text)
    width = len(header)
    if any(len(row) != width for row in rows.rows):
        rows.refuse((number, "", width_fault(row, width)) for number, row in enumerate(rows.rows) if len(row) != width)
    rows.refuse((number, "", "all cells of the row are blank; delete it") for number, row in enumerate(rows.rows) if not any(row))
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


def target_outside(path: Path, root: Path) -> Path | None:
    """Return where a path really leads if that is outside a folder, or in a hidden part of it; else None."""
    real, base = Path(os.path.realpath(path)), Path(os.path.realpath(root))
    if not real.is_relative_to(base):
        return real
    is_hidden = any(part.startswith(".") for part in real.relative_to(base).parts)
    return real if is_hidden and real != base / Path(os.path.abspath(path)).relative_to(os.path.abspath(root)) else None  # noqa: PTH100


def _name(path: Path, root: Path | None) -> str:
    return path.relative_to(root).as_posix() if root is not None and path.is_relative_to(root) else str(path)


def read_text(path: Path, root: Path | None = None) -> str:
    """Read a file that people edit as text, with line feeds; else as `read_list`."""
    name = _name(path, root)
    content = _content(path, name, root)
    if form := other_form(content):
        step = "fetch the file with `git lfs pull`" if form == LFS else "save it as text, a list as CSV UTF-8"
        raise ListError(f"{name}:1:1: this is {form}, and no text; {step}")
    if encoding := wide_encoding(content):
        raise ListError(f"{name}:1:1: the file is {encoding}. Save it as UTF-8.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, column = _place(content[: error.start].decode("utf-8", "replace"), None)
        raise ListError(
            f"{name}:{line}:{column}: the byte 0x{content[error.start]:02x} is not UTF-8. Save it as UTF-8."
        ) from None
    text = text.replace("\r\n", "\n")
    if (lines := text.count("\n")) > MOST_LINES:
        raise ListError(f"{name} has {lines:,} lines, more than the {MOST_LINES:,} that a list may have; delete what is no row.")
    if "\r" in text and "\n" not in text:
        raise ListError(f"{name}:1:1: the lines end in CR, as of old Mac OS; save the file with line ends LF or CR LF")
    if found := _NO_TEXT.search(text):
        line, column = _place(text, found.start())
        hint = "save it with line feeds (LF, or CRLF)" if found[0] == "\r" else "delete it"
        raise ListError(f"{name}:{line}:{column}: the {_character(found[0])} is no text; {hint}")
    return text


def _content(path: Path, name: str, root: Path | None) -> bytes:
    try:
        about = path.stat()
    except FileNotFoundError:
        raise ListError(f"{name} is a link that leads nowhere." if path.is_symlink() else f"{name} is missing.") from None
    except (OSError, ValueError) as error:
        raise ListError(f"{name} cannot be read: {getattr(error, 'strerror', None) or error}.") from None
    if root is not None and (outside := target_outside(path, root)):
        raise ListError(f"{name} is a link that leads out of the project, to {outside}. Put the file itself there.")
    if not stat.S_ISREG(about.st_mode):
        what = "a folder" if stat.S_ISDIR(about.st_mode) else "no regular file"
        raise ListError(f"{name} is {what}, where a file is expected. Move it away.")
    if about.st_size > MOST_BYTES:
        most = f"{MOST_BYTES >> 20} MiB that a list may have; records belong in a register"
        raise ListError(f"{name} has {about.st_size:,} bytes, more than the {most}.")
    try:
        return path.read_bytes()
    except OSError as error:
        raise ListError(f"{name} cannot be read: {error.strerror}.") from None


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
        return ListError(f"{name}:1:1: its cells are separated by {found[1]!r}, so save it as CSV with commas")
    closed = re.compile(r'"(?:[^"]++|"")*+"').match(text, at)
    if closed:
        at, what = closed.end(), "a cell goes on after its closing quotation mark; put the whole cell in quotation marks"
    elif text[at] == '"':
        what = "the quotation mark is not closed"
    else:
        at, what = text.index('"', at), "a quotation mark in a cell without them; put the cell in quotation marks, and double it"
    line, column = _place(text, at)
    return ListError(f"{name}:{line}:{column}: {what}")


def _refuse_header(listed: HandEditedList) -> None:
    header = ",".join(listed.columns)
    if not listed.rows:
        raise ListError(f"{listed.name}:1:1: the file is empty{header and f'; its header must be {header}'}")
    if listed.columns and tuple(listed.rows[0]) != listed.columns:
        at, why = header_fault(listed.columns, listed.rows, listed.lines)
        line, column = listed._spot(0, at)
        raise ListError(f"{listed.name}:{line}:{column}: its header must be {header}; {why}")


def _place(text: str, at: int | None) -> tuple[int, int]:
    at = len(text) if at is None else at
    return text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1


def _character(character: str) -> str:
    return unicodedata.name(character, "") or f"control character U+{ord(character):04X}"


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _quoted(text: str) -> str:
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
