"""Figures of a document as its relations take them: bounds in the base unit, rounded or with digits cut off."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from etl.calculator.bounds import Bounds
from etl.calculator.figures import RESULT, cut, rounded
from etl.figures.numerals import MULTIPLIERS
from etl.figures.reading import FigureReading, Key, read_printed
from etl.figures.words import Notation
from schemas.constraints import Cell

BARE = "倍"
"""The unit in which a number without a unit is read, so that it stays a pure number."""
_FALL = re.compile(
    "(?:同比|环比)?(?:下降|减少|降低|缩减|缩短|压缩|下滑|回落|下跌|收窄|负增长|降幅|跌幅|减|跌"
    "|降)(?:幅度)?率?(?:了|为|达到?|约)*\\s*|▲"
    r"|(?:fell|declined|decreased|dropped|shrank|down|fall of|decrease of|decline of|drop of)(?: by)? ?"
)
_SCALE = re.compile(r"[0-9][0-9,，. ]*(?P<multiplier>[千百万亿]*)")
_PREFIXES = ("百分之", "千分之", "万分之")


@dataclass(frozen=True, slots=True, eq=False)
class PrintedFigure:
    """A figure of a document.

    Attributes:
        published: as printed, without a word for a fall before it.
        offset: of its first character in the document.
        fall: the word for a fall that was printed before it; empty where there is none.
        unit: the base unit; empty for a number without one.
        suffix: its unit as printed, with 万 or 亿.
        per_suffix: how many base units one of those is.
        reading: what it says, of a count printed in full just the number.
        reading_as_result: the same for the result of a computation, which is rounded even where it is whole.
    """

    published: str
    offset: int
    fall: str
    unit: str
    suffix: str
    per_suffix: Fraction
    reading: FigureReading
    reading_as_result: FigureReading

    @property
    def bounds(self) -> tuple[Bounds, Bounds]:
        """Where the true value lies if it was rounded, and if it was rounded or cut off."""
        return _both(self.reading)

    @property
    def as_result(self) -> tuple[Bounds, Bounds]:
        """The same of the result of a computation."""
        return _both(self.reading_as_result)

    @property
    def cell(self) -> Cell:
        """The figure as a number of its own."""
        return Cell(f"@{self.offset}")

    @property
    def result(self) -> Cell:
        """The figure as the result of a computation."""
        return Cell(f"@{self.offset}=")

    @property
    def is_exact(self) -> bool:
        """Whether only one number can be meant."""
        return self.reading.low is not None and self.reading.low == self.reading.high

    @property
    def is_percentage(self) -> bool:
        """Whether it is printed in percent, or in tenths of a whole."""
        return self.unit == "%"


@dataclass(frozen=True, slots=True)
class Print:
    """A text that prints a figure.

    Attributes:
        published: the text.
        offset: of its first character in the document.
        unit: its unit as printed, or that of its column; empty for none.
    """

    published: str
    offset: int
    unit: str


def read_prints(prints: Sequence[Print], notation: Notation) -> list[PrintedFigure | None]:
    """Read all figures of a document at once; None where one cannot be read for certain."""
    asked = [_asked(each, notation) for each in prints]
    keys: set[Key] = {(text, unit, kind) for text, _, unit, kind, _ in asked for kind in {kind, RESULT}}
    readings = read_printed(keys, notation)
    return [_figure(each, of, readings, notation) for each, of in zip(prints, asked, strict=True)]


def _asked(print_: Print, notation: Notation) -> tuple[str, str, str, str, str]:
    """Return the text to be read, the word for a fall before it, unit, kind, and an unknown unit."""
    text = print_.published.strip()
    fall = _FALL.match(text)
    text = text[fall.end() :] if fall else text
    known = notation.lists.units_by_name
    unit = print_.unit.lstrip("千百万亿") if print_.unit not in known else print_.unit
    if text.startswith(_PREFIXES) or print_.unit.startswith(_PREFIXES):
        return text, fall[0] if fall else "", "%", "rate", ""
    if unit in known:
        return text, fall[0] if fall else "", print_.unit, known[unit].kind, ""
    kind = "measure" if "." in text else "count"
    return text.removesuffix(unit), fall[0] if fall else "", BARE, kind, unit


def _figure(
    print_: Print, asked: tuple[str, str, str, str, str], readings: dict[Key, FigureReading], notation: Notation
) -> PrintedFigure | None:
    text, fall, unit, kind, unknown = asked
    as_result = readings[text, unit, RESULT]
    reading = readings[text, unit, kind]
    if (reading.problem or "").startswith("fraction_of_a_count"):  # then it is an average
        reading = as_result
    if reading.problem or reading.value is None:
        return None
    if as_result.problem or as_result.value is None:
        as_result = reading
    base = unknown if unit == BARE and print_.unit != BARE else reading.unit
    scale = _SCALE.search(text)
    words = scale["multiplier"] if scale else ""
    if not words and unit.startswith(tuple("千百万亿")) and unit not in notation.lists.units_by_name:
        words = unit[: len(unit) - len(unit.lstrip("千百万亿"))]
    known = notation.lists.units_by_name.get(unit.lstrip("千百万亿") if unit not in notation.lists.units_by_name else unit)
    times = Fraction(known.times, known.over) if known and base == reading.unit else Fraction(1)
    power = sum(MULTIPLIERS.get(word, 0) for word in words)
    name = unknown if unit == BARE else ("%" if unit == "%" else unit.lstrip("千百万亿") if known else unit)
    return PrintedFigure(text, print_.offset, fall, base, words + name, 10**power * times, reading, as_result)


@lru_cache(maxsize=20_000)
def _both(reading: FigureReading) -> tuple[Bounds, Bounds]:
    """Return the bounds of a figure as rounded, and as rounded or cut off."""
    one, other = rounded(reading, Fraction(1)), cut(reading, Fraction(1))
    low = None if one.low is None or other.low is None else min(one.low, other.low)
    high = None if one.high is None or other.high is None else max(one.high, other.high)
    return one, Bounds(low, high)


def bounds_of_cells(figures: Iterable[PrintedFigure], *, is_cut_off: bool = False) -> dict[str, Bounds]:
    """Return the bounds of figures by the names of their cells."""
    rank = int(is_cut_off)
    bounds = {each.cell.name: each.bounds[rank] for each in figures}
    return bounds | {each.result.name: each.as_result[rank] for each in figures}
