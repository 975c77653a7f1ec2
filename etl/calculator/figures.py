"""Figures of a formula, read by the grammar, of the kind that their unit implies.

Bounds are fractions of the printed decimals, so that a difference of near numbers loses nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from etl.calculator.bounds import Bounds, truncated
from etl.figures.numerals import MULTIPLIER, MULTIPLIERS, SAME_CHARACTERS
from etl.figures.reading import FigureReading, Key, read_printed
from etl.figures.words import Notation
from schemas.code_lists import Unit
from schemas.constraints import Cell

_PLAIN = str.maketrans(dict(SAME_CHARACTERS))
PURE = {"percentage": Fraction(1, 100), "percentage_point": Fraction(1, 100), "multiple": Fraction(1)}
"""The dimensions of pure numbers, and their base unit as a number: 57.6% is 0.576."""
RESULT = "mean"
"""The kind of a number that is rounded even where it is whole."""
FLOAT_DIGITS = 15
"""A float of so many digits or fewer is the very decimal that was printed."""


class Per(NamedTuple):
    """The denominator of a figure, as 万件 in 25元/万件."""

    unit: Unit
    multiplier: str

    @property
    def text(self) -> str:
        """As it is printed."""
        return f"/{self.multiplier}{self.unit.unit}"


@dataclass(frozen=True, slots=True)
class FormulaFigure:
    """A printed figure in a formula.

    Attributes:
        published: as the formula prints it.
        start: its offset in the formula.
        plain: the text that the grammar of figures reads.
        unit: the unit it is read in, 倍 where it has none.
        kind: its kind, on which it depends whether a number in full is exact.
        is_bare: whether it has no unit.
        per: its denominators.
        scale: the unit that it is printed in, with 万 or 亿 and denominators.
        times: how many base units one of those is, whatever the denominators.
    """

    published: str
    start: int
    plain: str
    unit: Unit
    kind: str
    is_bare: bool
    per: tuple[Per, ...]
    scale: str
    times: Fraction

    @property
    def cell(self) -> Cell:
        """Cell of the figure; the same text at two places is two independent numbers."""
        return Cell(f"@{self.start}")

    @property
    def is_pure(self) -> bool:
        """Whether it is a percentage, a multiple, or a number without a unit."""
        return self.unit.dimension in PURE and not self.per

    @property
    def of_base(self) -> Fraction:
        """One of the base unit, in which it is read, in the unit that is computed in."""
        return PURE.get(self.unit.dimension, Fraction(1)) / math.prod((_times(*each) for each in self.per), start=Fraction(1))

    @property
    def of_scale(self) -> Fraction:
        """One of the unit in which it is printed, in the unit that is computed in."""
        return self.times * self.of_base

    def key(self, kind: str) -> Key:
        """Return the key under which its reading as a figure of a kind is found."""
        return self.plain, self.unit.unit, kind


def rounded(reading: FigureReading, factor: Fraction) -> Bounds:
    """Return the bounds of a reading, times a factor."""
    return Bounds(_fraction(reading.low, -math.inf, factor), _fraction(reading.high, math.inf, factor))


def cut(reading: FigureReading, factor: Fraction) -> Bounds:
    """Return the bounds of a reading, times a factor, if further digits were cut off."""
    value = _fraction(reading.value, 0, factor)
    return rounded(reading, factor) if value is None else truncated(value, rounded(reading, factor))


def _fraction(bound: float | None, toward: float, factor: Fraction) -> Fraction | None:
    """Scale a bound to the printed fraction, or to the next float outside."""
    if bound is None:
        return None
    if toward and len(Decimal(repr(bound)).normalize().as_tuple().digits) > FLOAT_DIGITS:
        bound = math.nextafter(bound, toward)
    return Fraction(repr(bound)) * factor


@lru_cache(maxsize=8)
def printed_figure(notation: Notation) -> re.Pattern[str]:
    """Return the pattern of a figure that ends where its digits end."""
    return re.compile(rf"{notation.figure_pattern}(?![0-9]|\.[0-9])")


@lru_cache(maxsize=8)
def printed_per(notation: Notation) -> re.Pattern[str]:
    """Return the pattern of a denominator after a figure, such as `/件` or `/万件`."""
    return re.compile(f" */ *(?P<multiplier>万?亿?)(?P<unit>{notation.unit_pattern})(?![0-9])")


def per(match: re.Match[str], notation: Notation) -> Per:
    """Return the denominator that a match of `printed_per` names."""
    return Per(notation.lists.units_by_name[match["unit"]], match["multiplier"])


def figure(match: re.Match[str], published: str, pers: tuple[Per, ...], notation: Notation) -> FormulaFigure:
    """Return the figure that a match of `printed_figure` is.

    Its kind is that of its unit. A change (增长…) is a rate, an average (元/件) a mean. A number without a unit is an
    exact one where it is whole, and else as precise as its digits.
    """
    words, unit = _unit_of(match, notation)
    is_bare = not (match["unit"] or match["tenths"] or match["fraction"] or match["doubling"])
    kind = unit.kind
    if match["direction"]:
        kind = "rate"
    elif is_bare:
        kind = "measure" if match["decimals"] or "点" in (match["numeral"] or "") else "count"
    elif pers and kind == "count":
        kind = RESULT
    scale = words + ("" if is_bare else unit.unit) + "".join(each.text for each in pers)
    return FormulaFigure(published, match.start(), match[0].strip(), unit, kind, is_bare, pers, scale, _times(unit, words))


def implied_unit(text: str, notation: Notation) -> Unit:
    """Return a figure's unit and the kind that it implies; 倍 for a bare number."""
    match = printed_figure(notation).search(text.translate(_PLAIN))
    if match is None:
        return notation.lists.units_by_name["倍"]
    read = figure(match, text, (), notation)
    return replace(read.unit, kind=read.kind)


def readings(figures: Iterable[FormulaFigure], notation: Notation) -> dict[Key, FigureReading]:
    """Read figures, each by its own kind and as a rounded result."""
    return read_printed((each.key(kind) for each in figures for kind in (each.kind, RESULT)), notation)


def _unit_of(match: re.Match[str], notation: Notation) -> tuple[str, Unit]:
    """Return the multipliers before the unit, and the unit; 倍 if there is none."""
    units = notation.lists.units_by_name
    words = (match["multiplier"] or "") + (match["second_multiplier"] or "")
    if match["tenths"]:
        return words, units["成"]
    if match["fraction"] or (match["doubling"] and match["direction"]):
        return words, units["%"]
    printed = re.fullmatch(rf"\(?({MULTIPLIER})({notation.unit_pattern})\)?", match["unit"] or "")
    return (words + printed[1], units[printed[2]]) if printed else (words, units["倍"])


def _times(unit: Unit, multipliers: str) -> Fraction:
    """Return how many base units one of a unit is, with 万 and 亿 before it."""
    return Fraction(10 ** sum(MULTIPLIERS[word] for word in multipliers) * unit.times, unit.over)
