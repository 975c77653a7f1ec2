"""Fonts on their backgrounds: how a text stands beside others, and whether a person sees it."""

from __future__ import annotations

import colorsys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from etl.raw_files.workbooks.sheet import Look

Rgb = tuple[int, int, int]
BLACK, WHITE = (0, 0, 0), (255, 255, 255)
_SMALLEST_POINTS, _LEAST_DIFFERENCE = 3.0, 16
"""Below them a person sees no text: the size of the letters, and the difference to the background in each channel."""
_FIRST_INDEXED = "000000 FFFFFF FF0000 00FF00 0000FF FFFF00 FF00FF 00FFFF"
_INDEXED = (
    f"{_FIRST_INDEXED} {_FIRST_INDEXED} 800000 008000 000080 808000 800080 008080 C0C0C0 808080"
    " 9999FF 993366 FFFFCC CCFFFF 660066 FF8080 0066CC CCCCFF 000080 FF00FF FFFF00 00FFFF 800080 800000 008080 0000FF"
    " 00CCFF CCFFFF CCFFCC FFFF99 99CCFF FF99CC CC99FF FFCC99 3366FF 33CCCC 99CC00 FFCC00 FF9900 FF6600 666699 969696"
    " 003366 339966 003300 333300 993300 993366 333399 333333 000000 FFFFFF"
)


def rgb(text: str) -> Rgb | None:
    """Return a colour of six hexadecimal digits, whatever stands before them."""
    try:
        red, green, blue = bytes.fromhex(text[-6:])
    except ValueError:
        return None
    return red, green, blue


INDEXED = tuple(rgb(each) for each in _INDEXED.split())
"""Excel's palette of 56 colours, with the first eight twice, then those of text and paper (ECMA-376 part 1, 18.8.27)."""


@dataclass(frozen=True, slots=True)
class Font:
    """How a font is written: struck out, raised or lowered, its colour (None: unknown) and its size in points."""

    look: Look = ""
    colour: Rgb | None = None
    points: float = 0

    def on(self, background: Rgb | None) -> Look:
        """Return how a text of this font looks on a background; None is unknown."""
        if self.look in ("struck", "hidden"):
            return self.look
        if self.colour and background and not is_seen(self.colour, background):
            return "pale"
        return "tiny" if 0 < self.points < _SMALLEST_POINTS else self.look


PLAIN = Font()
"""A font of which nothing is known."""


def is_seen(colour: Rgb, background: Rgb) -> bool:
    """Whether a person sees a colour on another."""
    return any(abs(mine - theirs) >= _LEAST_DIFFERENCE for mine, theirs in zip(colour, background, strict=True))


@dataclass(frozen=True, slots=True)
class Colours:
    """The colours that an XLSX file names by number: those of its theme, and its palette."""

    theme: Sequence[Rgb | None] = (WHITE, BLACK)
    indexed: Sequence[Rgb | None] = INDEXED

    def of(self, given: Mapping[str, str], automatic: Rgb | None = None) -> Rgb | None:
        """Return a colour by its attributes; None where it is unknown."""
        if "rgb" in given:
            return rgb(given["rgb"])
        named = self.theme if "theme" in given else self.indexed
        number = given.get("theme", given.get("indexed", ""))
        if not number.isdecimal():
            return automatic
        colour = named[int(number)] if int(number) < len(named) else None
        try:
            return _tinted(colour, float(given.get("tint", "0"))) if colour else None
        except ValueError:
            return None


def _tinted(colour: Rgb, tint: float) -> Rgb:
    """Lighten or darken a colour (ECMA-376 part 1, 18.8.19)."""
    if not tint:
        return colour
    hue, light, saturation = colorsys.rgb_to_hls(*(channel / 255 for channel in colour))
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    red, green, blue = colorsys.hls_to_rgb(hue, min(max(light, 0), 1), saturation)
    return round(red * 255), round(green * 255), round(blue * 255)
