"""Records of XLS that go on in others, and the texts in them, with the fonts of their runs.

Source: Microsoft, [MS-XLS] 2.1.4 (records), 2.4.265 (SST), 2.5.293 and 2.5.294 (texts).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from etl.raw_files.workbooks.sheet import Look, RefusedWorkbookError, Run, damaged

_BOF, _EOF, _CONTINUE = 0x809, 0x0A, 0x3C
_IS_WIDE, _HAS_EXTENSION, _HAS_RUNS = 1, 4, 8
_STRUCK = 8
_RAISED: dict[int, Look] = {1: "raised", 2: "lowered"}

Fonts = Sequence[Look]
XlsText = tuple[str, tuple[tuple[int, int], ...]]
"""A text, and for each run but the first, in the font of the cell, the character it begins with and the number of its font."""


@dataclass(slots=True)
class Record:
    """A record: its kind, and its data with those of the records that continue it."""

    kind: int
    parts: list[bytes]

    @property
    def data(self) -> bytes:
        """The data of the record itself."""
        return self.parts[0]


def records(stream: bytes, start: int) -> Iterator[Record]:
    """Yield the records of the substream at an offset, without nested ones."""
    at, depth = start, 0
    last: Record | None = None
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        data = stream[at + 4 : at + 4 + length]
        if len(data) < length:
            break
        at += 4 + length
        if kind == _CONTINUE and last is not None:
            last.parts.append(data)
            continue
        if last is not None:
            yield last
            last = None
        if kind == _BOF:
            depth += 1
            if depth == 1 and struct.unpack_from("<H", data)[0] != 0x0600:
                raise too_old()
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            last = Record(kind, [data])
    raise damaged("a part of it has no end")


class TextReader:
    """Texts one after another in the parts of a record, from an offset of the first."""

    def __init__(self, parts: Sequence[bytes], start: int) -> None:
        self._parts, self._part, self._at = parts, 0, start

    @property
    def is_at_end(self) -> bool:
        """Whether nothing is left."""
        return self._part == len(self._parts) - 1 and self._at >= len(self._parts[-1])

    def text(self, *, length_size: int = 2) -> XlsText:
        """Read a text with its length and flags before it."""
        length = int.from_bytes(self._bytes(length_size), "little")
        flags = self._bytes(1)[0]
        runs = int.from_bytes(self._bytes(2), "little") if flags & _HAS_RUNS else 0
        extension = int.from_bytes(self._bytes(4), "little") if flags & _HAS_EXTENSION else 0
        found = self._characters(length, is_wide=bool(flags & _IS_WIDE))
        fonts = tuple(struct.unpack("<HH", self._bytes(4)) for _ in range(runs))
        self._bytes(extension)
        return found.decode("utf-16-le"), fonts

    def runs(self) -> tuple[tuple[int, int], ...]:
        """Read the runs that follow a text of a cell of its own."""
        return tuple(struct.unpack("<HH", self._bytes(4)) for _ in range(int.from_bytes(self._bytes(2), "little")))

    def _bytes(self, size: int) -> bytes:
        found = b""
        while len(found) < size:
            piece = self._parts[self._part][self._at : self._at + size - len(found)]
            found += piece
            self._at += len(piece)
            if len(found) < size:
                self._next_part()
        return found

    def _characters(self, length: int, *, is_wide: bool) -> bytes:
        """Read characters as UTF-16; each part that they go on in says anew how wide they are."""
        found = b""
        while True:
            width = 2 if is_wide else 1
            piece = self._parts[self._part][self._at : self._at + width * length]
            piece = piece[: len(piece) // width * width]
            self._at += len(piece)
            length -= len(piece) // width
            found += piece if is_wide else piece.decode("latin-1").encode("utf-16-le")
            if not length:
                return found
            self._next_part()
            is_wide = bool(self._bytes(1)[0] & _IS_WIDE)

    def _next_part(self) -> None:
        self._part, self._at = self._part + 1, 0
        if self._part >= len(self._parts):
            raise damaged("a text of it is cut off")


def look_of_font(data: bytes) -> Look:
    """Return how a font is written."""
    return "struck" if data[2] & _STRUCK else _RAISED.get(struct.unpack_from("<H", data, 8)[0], "")


def runs_in_cell(text: XlsText, look: Look, fonts: Fonts) -> tuple[Run, ...]:
    """Return the runs of a text in a cell of a look; none where all stand alike and plain."""
    if not text[1]:
        return ()
    units = text[0].encode("utf-16-le")
    starts = [(0, look), *((2 * at, look_of(font, fonts)) for at, font in text[1])]
    ends = [*(start for start, _ in starts[1:]), len(units)]
    runs = [(units[start:end].decode("utf-16-le"), each) for (start, each), end in zip(starts, ends, strict=True)]
    seen = tuple(run for run in runs if run[0])
    return seen if any(each for _, each in seen) or look else ()


def look_of(font: int, fonts: Fonts) -> Look:
    """Return the look of a font by its number, of which there is no 4; of one that is not there, that of the first."""
    at = font - (font > 4)
    return fonts[at] if at < len(fonts) else ""


def too_old() -> RefusedWorkbookError:
    """Refuse a workbook of a form before Excel 97."""
    return RefusedWorkbookError("it is older than Excel 97; save it as .xlsx", "文件早于 Excel 97；请另存为 .xlsx")
