"""Interval arithmetic over columns of numbers, for one row or a million.

A bound is a numpy array, or a number that stands for all rows. An open bound is -inf below and +inf above, so a figure that is
missing is (-inf, +inf), of which nothing can be said. Arrays of floats are compared with the error of the computer in mind;
arrays of `fractions.Fraction` (of dtype object) are exact, by the same code.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

# Bounds are computed in binary floating point. A handful of correctly rounded operations without cancellation errs by
# less than 2**-46 of the result, so a comparison gives way by that much and by nothing else: this is the error of the
# computer, not a tolerance for the data (a count of 10**12 gives way by 0.02).
ROUNDING_ERROR = 2.0**-46

OPEN = math.inf

Numbers: TypeAlias = Any
"""An array of floats or of fractions, or one number that stands for all rows."""

Booleans: TypeAlias = "NDArray[np.bool_]"


class Verdict(NamedTuple):
    """Whether a statement is decidable in each row, and whether it holds there."""

    known: Booleans
    holds: Booleans

    @property
    def broken(self) -> Booleans:
        """The rows in which the statement cannot be true."""
        return self.known & ~self.holds

    @property
    def kept(self) -> Booleans:
        """The rows in which it can be true."""
        return self.known & self.holds


@dataclass(frozen=True, slots=True)
class Interval:
    """Two bounds that enclose a true value in each row; -inf and +inf are open."""

    low: Numbers
    high: Numbers

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Interval) -> Interval:
        """Multiply; the result is open unless one factor is known not to be negative."""
        with np.errstate(all="ignore"):
            by_other, by_self = _scaled(self, other), _scaled(other, self)
            other_is_scale, self_is_scale = other.low >= 0, self.low >= 0
            return Interval(
                np.where(other_is_scale, by_other.low, np.where(self_is_scale, by_self.low, -OPEN)),
                np.where(other_is_scale, by_other.high, np.where(self_is_scale, by_self.high, OPEN)),
            )

    def __truediv__(self, other: Interval) -> Interval:
        """Divide; the result is open unless the divisor is known to be positive."""
        with np.errstate(all="ignore"):
            is_positive = other.low > 0
            low = np.where(self.low >= 0, _quotient(self.low, other.high, -OPEN), _quotient(self.low, other.low, -OPEN))
            high = np.where(self.high >= 0, _quotient(self.high, other.low, OPEN), _quotient(self.high, other.high, OPEN))
            return Interval(np.where(is_positive, low, -OPEN), np.where(is_positive, high, OPEN))

    def at(self, rows: Any) -> Interval:
        """Select rows by an index or a mask; bounds shared by all rows stay."""
        return Interval(
            *(bound[rows] if isinstance(bound, np.ndarray) and bound.ndim else bound for bound in (self.low, self.high))
        )

    def bounds(self) -> tuple[Any, Any]:
        """Return the bounds of one row as plain numbers, None for an open one."""
        return closed(self.low), closed(self.high)


UNKNOWN = Interval(-OPEN, OPEN)


def interval(low: float | Fraction | None, high: float | Fraction | None) -> Interval:
    """Return the interval between two numbers; None is open."""
    return Interval(-OPEN if low is None else low, OPEN if high is None else high)


def point(number: Numbers) -> Interval:
    """Build the interval of known numbers; NaN in a column is open."""
    if isinstance(number, np.ndarray):
        is_missing = _is_nan(number)
        return Interval(np.where(is_missing, -OPEN, number), np.where(is_missing, OPEN, number))
    return Interval(number, number)


def closed(bound: Any) -> Any:
    """Return the bound of one row as a plain number, None for an open one."""
    number = bound.item() if isinstance(bound, np.ndarray | np.generic) else bound
    return None if number in (OPEN, -OPEN) or number != number else number


def truncated(value: Numbers, low: Numbers, high: Numbers) -> Interval:
    """Turn a rounded interval [x - h, x + h] into a truncated one, [x, x + 2h].

    It is mirrored below zero, and at zero, whose sign is not printed, it reaches to both sides.
    An interval that is not rounded (exact, hedged, open) is returned as it is.
    """
    with np.errstate(all="ignore"):
        is_rounded = ~is_open(low) & ~is_open(high) & np.greater(value, low) & np.greater(high, value)
        width = high - low
        return Interval(
            np.where(is_rounded, np.where(np.greater(value, 0), value, value - width), low),
            np.where(is_rounded, np.where(np.less(value, 0), value, value + width), high),
        )


def possibly_le(left: Interval, right: Interval) -> Verdict:
    """Judge whether some value of `left` is not above some value of `right`."""
    known = ~(is_open(right.high) | is_open(left.low))
    with np.errstate(all="ignore"):
        return Verdict(known, np.asarray(_up(right.high) >= _down(left.low), dtype=np.bool_))


def intersects(left: Interval, right: Interval) -> Verdict:
    """Judge whether the intervals share a value; an open side cannot contradict."""
    below, above = possibly_le(left, right), possibly_le(right, left)
    return Verdict(below.known | above.known, ~(below.broken | above.broken))


def contains_whole_number(interval: Interval) -> Verdict:
    """Test whether the interval holds a whole number; undecided where it is open."""
    known = ~(is_open(interval.low) | is_open(interval.high))
    low, high = (np.where(known, bound, 0) for bound in (_down(interval.low), _up(interval.high)))
    return Verdict(known, np.asarray(_FLOOR(high) >= _CEILING(low), dtype=np.bool_))


_FLOOR, _CEILING = np.frompyfunc(math.floor, 1, 1), np.frompyfunc(math.ceil, 1, 1)


def is_open(bound: Numbers) -> Booleans:
    """Tell where a bound is open."""
    return np.asarray(np.equal(bound, OPEN) | np.equal(bound, -OPEN), dtype=np.bool_)


def _is_nan(numbers: Any) -> Booleans:
    return np.asarray(numbers != numbers, dtype=np.bool_)


def _scaled(factor: Interval, scale: Interval) -> Interval:
    """Return `factor * scale` for a scale that is not negative."""
    low = np.where(factor.low >= 0, factor.low * scale.low, factor.low * scale.high)
    high = np.where(factor.high >= 0, factor.high * scale.high, factor.high * scale.low)
    # Zero times an open bound is no number: the product is open.
    return Interval(np.where(_is_nan(low), -OPEN, low), np.where(_is_nan(high), OPEN, high))


def _quotient(dividend: Any, divisor: Any, otherwise: float) -> Any:
    """Divide two bounds; return `otherwise` if one is open or the divisor is zero."""
    is_undefined = is_open(dividend) | is_open(divisor) | np.asarray(divisor == 0, dtype=np.bool_)
    return np.where(is_undefined, otherwise, dividend / np.where(is_undefined, 1, divisor))


def _slack(bound: Any) -> Any:
    is_exact = isinstance(bound, Fraction) or (isinstance(bound, np.ndarray) and bound.dtype == object)
    return 0 if is_exact else abs(bound) * ROUNDING_ERROR


def _down(bound: Any) -> Any:
    return np.where(is_open(bound), bound, bound - _slack(bound))


def _up(bound: Any) -> Any:
    return np.where(is_open(bound), bound, bound + _slack(bound))
