"""The figures of a formula: found, read and bounded by the grammar of all figures, with the kind that their unit says.

Bounds are fractions, as in the decimals that were printed, so that a difference of near numbers loses nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import cast

import polars as pl

from etl.figures.grammar import read_figures
from etl.figures.numerals import MULTIPLIER, MULTIPLIERS
from etl.figures.words import Notation
from schemas.code_lists import Unit
from schemas.intervals import Interval, cut_off

PURE = {"percentage": Fraction(1, 100), "percentage_point": Fraction(1, 100), "multiple": Fraction(1)}
"""The dimensions of pure numbers, and what one of their base unit is: 57.6% is 0.576."""
RESULT = "mean"
"""The kind of a number that is rounded even where it is whole."""
FLOAT_DIGITS = 15
"""A float of so many digits or fewer is the very decimal that was printed."""


@dataclass(frozen=True, slots=True)
class Per:
    """What a figure is per, as 万件 in 25元/万件."""

    unit: Unit
    multiplier: str

    @property
    def text(self) -> str:
        """As it is printed."""
        return f"/{self.multiplier}{self.unit.unit}"

    @property
    def factor(self) -> Fraction:
        """How many base units it is."""
        return Fraction(10 ** MULTIPLIERS[self.multiplier] * self.unit.times, self.unit.over)


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed figure in a formula.

    Attributes:
        published: as the formula prints it.
        start: its offset in the formula.
        plain: the text that the grammar of figures reads.
        unit: the unit it is read in, 倍 where it has none.
        kind: its kind, which says whether a number in full is exact.
        is_bare: whether it has no unit.
        per: what it is per.
        scale: the unit that it is printed in, with 万 or 亿 where it has them.
        times: how many base units one of those is, whatever it is per.
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
    def key(self) -> tuple[str, str, str]:
        """Under which it is found among the readings."""
        return self.plain, self.unit.unit, self.kind

    @property
    def of_base(self) -> Fraction:
        """What one of the base unit, in which it is read, is in the unit that is computed in."""
        return PURE.get(self.unit.dimension, Fraction(1)) / math.prod((each.factor for each in self.per), start=Fraction(1))

    @property
    def of_scale(self) -> Fraction:
        """What one of the unit in which it is printed is, in the unit that is computed in."""
        return self.times * self.of_base


@dataclass(frozen=True, slots=True)
class Reading:
    """What the grammar of figures makes of a figure, in its base unit.

    Attributes:
        value: the number; None where it cannot be read.
        low: its least value; None where that is open.
        high: its greatest value; None where that is open.
        hedge: the hedge as printed.
        problem: why it cannot be read; None where it can.
    """

    value: float | None
    low: float | None
    high: float | None
    hedge: str
    problem: str | None

    def interval(self, factor: Fraction) -> Interval:
        """Give the bounds, times a factor, as fractions."""
        return between(_fraction(self.low, -math.inf, factor), _fraction(self.high, math.inf, factor))

    def cut(self, factor: Fraction) -> Interval:
        """Give the bounds as those of a number whose further digits were cut off."""
        rounded, value = self.interval(factor), _fraction(self.value, 0, factor)
        return cut_off(cast("float | None", value), rounded.low, rounded.high)


Readings = Mapping[tuple[str, str, str], Reading]
"""By text, unit and kind."""


@lru_cache(maxsize=8)
def printed_figure(notation: Notation) -> re.Pattern[str]:
    """Compile the pattern of a figure that ends where its digits end."""
    return re.compile(rf"{notation.figure_pattern}(?![0-9]|\.[0-9])")


@lru_cache(maxsize=8)
def printed_per(notation: Notation) -> re.Pattern[str]:
    """Compile the pattern of what a figure before it is per, such as `/件` or `/万件`."""
    return re.compile(f" */ *(?P<multiplier>万?亿?)(?P<unit>{notation.unit_pattern})(?![0-9])")


def per(match: re.Match[str], notation: Notation) -> Per:
    """Return what a match of `printed_per` says."""
    return Per(notation.lists.units_by_name[match["unit"]], match["multiplier"])


def figure(match: re.Match[str], published: str, pers: tuple[Per, ...], notation: Notation) -> Figure:
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
    times = Fraction(10 ** sum(MULTIPLIERS[word] for word in words) * unit.times, unit.over)
    scale = "".join(words) + ("" if is_bare else unit.unit) + "".join(each.text for each in pers)
    return Figure(published, match.start(), match[0].strip(), unit, kind, is_bare, pers, scale, times)


def _unit_of(match: re.Match[str], notation: Notation) -> tuple[list[str], Unit]:
    """Return the multipliers between the digits and the unit, and the unit; 倍 where the figure has none."""
    units = notation.lists.units_by_name
    words = [match["multiplier"] or "", match["second_multiplier"] or ""]
    if match["tenths"]:
        return words, units["成"]
    if match["fraction"] or (match["doubling"] and match["direction"]):
        return words, units["%"]
    printed = re.fullmatch(rf"\(?({MULTIPLIER})({notation.unit_pattern})\)?", match["unit"] or "")
    return ([*words, printed[1]], units[printed[2]]) if printed else (words, units["倍"])


def bounds(interval: Interval) -> tuple[Fraction | None, Fraction | None]:
    """Give the bounds of an interval of fractions, which take the place of floats there."""
    return cast("Fraction | None", interval.low), cast("Fraction | None", interval.high)


def between(low: Fraction | None, high: Fraction | None) -> Interval:
    """Give the interval of two fractions."""
    return Interval(cast("float | None", low), cast("float | None", high))


def readings(figures: Iterable[Figure], notation: Notation) -> Readings:
    """Read figures, each as one of its own kind and as the rounded result of a computation, all at once."""
    keys = sorted({key for each in figures for key in (each.key, (*each.key[:2], RESULT))})
    cells = pl.LazyFrame(keys, schema=dict.fromkeys(("published", "declared_unit", "kind"), pl.String), orient="row")
    read = read_figures(cells, notation).select("value", "low", "high", "hedge", "problem").collect()
    return {key: Reading(*row) for key, row in zip(keys, read.iter_rows(), strict=True)}


def _fraction(bound: float | None, toward: float, factor: Fraction) -> Fraction | None:
    """Give a bound times a factor as the fraction that was printed, or the next float outside where that is not sure."""
    if bound is None:
        return None
    if toward and len(Decimal(repr(bound)).normalize().as_tuple().digits) > FLOAT_DIGITS:
        bound = math.nextafter(bound, toward)
    return Fraction(repr(bound)) * factor
