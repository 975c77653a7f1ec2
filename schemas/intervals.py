"""Interval arithmetic in narwhals expressions: what can be said of a sum, product or quotient of printed figures.

A bound that is null is unbounded, so nulls propagate exactly as infinities would: an operation on an unknown bound
gives an unknown bound. A missing figure has two null bounds, about which nothing can be said.
"""

from __future__ import annotations

from dataclasses import dataclass

import narwhals.stable.v1 as nw

# Bounds are computed in binary floating point. A handful of correctly rounded operations without cancellation errs by
# less than 2**-46 of the result, so a comparison gives way by that much and by nothing else: this is the error of the
# computer, not a tolerance for the data (a count of 10**12 gives way by 0.02).
ROUNDING_ERROR = 2.0**-46


@dataclass(frozen=True, slots=True)
class Interval:
    """Two float expressions that enclose a true value; a null bound is unbounded."""

    low: nw.Expr
    high: nw.Expr

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Interval) -> Interval:
        """Give the product where one factor is known not to be negative; elsewhere it is unbounded."""
        by_other, by_self = _scaled(self, other), _scaled(other, self)
        return Interval(
            nw.when(other.low >= 0).then(by_other.low).otherwise(nw.when(self.low >= 0).then(by_self.low)),
            nw.when(other.low >= 0).then(by_other.high).otherwise(nw.when(self.low >= 0).then(by_self.high)),
        )

    def __truediv__(self, other: Interval) -> Interval:
        """Give the quotient where the divisor is known to be positive; elsewhere it is unbounded."""
        low = nw.when(self.low >= 0).then(self.low / other.high).otherwise(self.low / other.low)
        high = nw.when(self.high >= 0).then(self.high / other.low).otherwise(self.high / other.high)
        return Interval(nw.when(other.low > 0).then(low), nw.when(other.low > 0).then(high))


def _scaled(factor: Interval, scale: Interval) -> Interval:
    """Give `factor * scale` for a scale that is not negative."""
    low = nw.when(factor.low >= 0).then(factor.low * scale.low).otherwise(factor.low * scale.high)
    high = nw.when(factor.high >= 0).then(factor.high * scale.high).otherwise(factor.high * scale.low)
    return Interval(low, high)


def exactly(number: float) -> Interval:
    """Give the interval of a number that is known."""
    return Interval(nw.lit(float(number)), nw.lit(float(number)))


def at_most(left: Interval, right: Interval) -> nw.Expr:
    """Whether some value of `left` is not above some value of `right`; null where nothing can be said."""
    return _down(left.low) <= _up(right.high)


def meet(left: Interval, right: Interval) -> nw.Expr:
    """Whether the intervals share a value; null where nothing can be said (an unbounded side cannot contradict)."""
    below, above = at_most(left, right), at_most(right, left)
    return nw.coalesce(below & above, below, above)


def holds_whole_number(interval: Interval) -> nw.Expr:
    """Whether a whole number lies in the interval; null where it is unbounded."""
    return _up(interval.high).floor() >= _down(interval.low).ceil()


def _down(bound: nw.Expr) -> nw.Expr:
    return bound - bound.abs() * ROUNDING_ERROR


def _up(bound: nw.Expr) -> nw.Expr:
    return bound + bound.abs() * ROUNDING_ERROR
