"""Records of XLS that go on in others, and the texts in them, with the fonts of their runs.

Source: Microsoft, [MS-XLS] 2.1.4 (records), 2.4.265 (SST), 2.5.293 and 2.5.294 (texts).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from etl.raw_files.workbooks.fonts import BLACK, PLAIN, WHITE, Font, Rgb
from etl.raw_files.workbooks.sheet import Look, RefusedWorkbookError, Run, damaged

_BOF, _EOF, _CONTINUE = 0x809, 0x0A, 0x3C
_IS_WIDE, _HAS_EXTENSION, _HAS_RUNS = 1, 4, 8
_STRUCK = 8
_RAISED: dict[int, Look] = {1: "raised", 2: "lowered"}

_AUTOMATIC, _SOLID = 0x7FFF, 1
_HAS_FORMAT, _HAS_FONT, _HAS_ALIGNMENT, _HAS_BORDER, _HAS_FILL = (1 << bit for bit in range(25, 30))
_STRUCK_BY_CONDITION = 0x80

Fonts = Sequence[Font]
Palette = Sequence[Rgb | None]
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


def font_of(data: bytes, palette: Palette) -> Font:
    """Return the font of a record."""
    twips, flags, colour, _, position = struct.unpack_from("<HHHHH", data)
    look = "struck" if flags & _STRUCK else _RAISED.get(position, "")
    return Font(look, BLACK if colour == _AUTOMATIC else _colour(colour, palette), twips / 20)


def background_of(data: bytes, palette: Palette) -> Rgb | None:
    """Return the colour of the background of a style; None where it is a pattern or unknown."""
    pattern, colour = data[17] >> 2, data[18] & 0x7F
    return WHITE if pattern == 0 else _colour(colour, palette) if pattern == _SOLID else None


def changes(condition: bytes, palette: Palette) -> bool:
    """Whether a conditional format may change or hide what is seen of a cell ([MS-XLS] 2.4.42 and 2.5.91)."""
    (parts,) = struct.unpack_from("<I", condition, 6)
    if parts & _HAS_FORMAT or not parts & _HAS_FONT:
        return bool(parts & _HAS_FORMAT)
    (flags,) = struct.unpack_from("<I", condition, 12 + 68)
    (colour,) = struct.unpack_from("<I", condition, 12 + 80)
    (not_struck,) = struct.unpack_from("<I", condition, 12 + 88)
    background: Rgb | None = WHITE
    if parts & _HAS_FILL:
        fill = 12 + 118 + 8 * bool(parts & _HAS_ALIGNMENT) + 8 * bool(parts & _HAS_BORDER)
        background = _colour(struct.unpack_from("<H", condition, fill + 2)[0] >> 7 & 0x7F, palette)
    is_struck = flags & _STRUCK_BY_CONDITION and not not_struck & _STRUCK_BY_CONDITION
    return Font("struck" if is_struck else "", _colour(colour, palette)).on(background) != ""


def _colour(number: int, palette: Palette) -> Rgb | None:
    return palette[number] if number < len(palette) else None


def runs_in_cell(text: XlsText, font: Font, background: Rgb | None, fonts: Fonts) -> tuple[Run, ...]:
    """Return the runs of a text in a cell of a font and a background; none where all stand alike and plain."""
    if not text[1]:
        return ()
    units, look = text[0].encode("utf-16-le"), font.on(background)
    starts = [(0, look), *((2 * at, font_at(number, fonts).on(background)) for at, number in text[1])]
    ends = [*(start for start, _ in starts[1:]), len(units)]
    runs = [(units[start:end].decode("utf-16-le"), each) for (start, each), end in zip(starts, ends, strict=True)]
    seen = tuple(run for run in runs if run[0])
    return seen if any(each for _, each in seen) or look else ()


def font_at(number: int, fonts: Fonts) -> Font:
    """Return a font by its number, of which there is no 4; a plain one where it is not there."""
    at = number - (number > 4)
    return fonts[at] if at < len(fonts) else PLAIN


def too_old() -> RefusedWorkbookError:
    """Refuse a workbook of a form before Excel 97."""
    return RefusedWorkbookError("it is older than Excel 97; save it as .xlsx", "文件早于 Excel 97；请另存为 .xlsx")
