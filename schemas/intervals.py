"""Interval arithmetic, written once and used twice: over narwhals expressions (all rows) and over numbers (one row).

A bound that is null (None) is unbounded, so nulls propagate exactly as infinities would: an operation on an unknown bound
gives an unknown bound. A missing figure has two null bounds, about which nothing can be said.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import narwhals.stable.v1 as nw

# Bounds are computed in binary floating point. A handful of correctly rounded operations without cancellation errs by
# less than 2**-46 of the result, so a comparison gives way by that much and by nothing else: this is the error of the
# computer, not a tolerance for the data (a count of 10**12 gives way by 0.02).
ROUNDING_ERROR = 2.0**-46

Bound: TypeAlias = "nw.Expr | float | None"
Verdict: TypeAlias = "nw.Expr | bool | None"


@dataclass(frozen=True, slots=True)
class Interval:
    """Two bounds that enclose a true value; a null bound is unbounded."""

    low: Bound
    high: Bound

    def __add__(self, other: Interval) -> Interval:
        return Interval(_add(self.low, other.low), _add(self.high, other.high))

    def __sub__(self, other: Interval) -> Interval:
        return Interval(_subtract(self.low, other.high), _subtract(self.high, other.low))

    def __mul__(self, other: Interval) -> Interval:
        """Give the product where one factor is known not to be negative; elsewhere it is unbounded."""
        by_other, by_self = _scaled(self, other), _scaled(other, self)
        other_is_scale, self_is_scale = _at_least(other.low, 0), _at_least(self.low, 0)
        return Interval(
            _choose(other_is_scale, by_other.low, _choose(self_is_scale, by_self.low, None)),
            _choose(other_is_scale, by_other.high, _choose(self_is_scale, by_self.high, None)),
        )

    def __truediv__(self, other: Interval) -> Interval:
        """Give the quotient where the divisor is known to be positive; elsewhere it is unbounded."""
        low = _choose(_at_least(self.low, 0), _divide(self.low, other.high), _divide(self.low, other.low))
        high = _choose(_at_least(self.high, 0), _divide(self.high, other.low), _divide(self.high, other.high))
        is_positive = _above(other.low, 0)
        return Interval(_choose(is_positive, low, None), _choose(is_positive, high, None))


def exactly(number: float) -> Interval:
    """Give the interval of a number that is known."""
    return Interval(float(number), float(number))


def cut_off(value: Bound, low: Bound, high: Bound) -> Interval:
    """Give a rounded interval [x - h, x + h] as one whose further digits were cut off: [x, x + 2h].

    It is mirrored below zero, and at zero, whose sign is not printed, it reaches to both sides.

    An interval that is not rounded (exact, hedged, open) is given back as it is.
    """
    is_rounded = _and(_above(value, low), _above(high, value))
    width = _subtract(high, low)
    is_above_zero = _and(is_rounded, _above(value, 0))
    is_below_zero = _and(is_rounded, _above(0, value))
    return Interval(
        _choose(is_above_zero, value, _choose(is_rounded, _subtract(value, width), low)),
        _choose(is_below_zero, value, _choose(is_rounded, _add(value, width), high)),
    )


def at_most(left: Interval, right: Interval) -> Verdict:
    """Whether some value of `left` is not above some value of `right`; null where nothing can be said."""
    verdict: Verdict = _at_least(_up(right.high), _down(left.low))
    return verdict


def meet(left: Interval, right: Interval) -> Verdict:
    """Whether the intervals share a value; null where nothing can be said (an unbounded side cannot contradict)."""
    below, above = at_most(left, right), at_most(right, left)
    return _first_known(_and(below, above), below, above)


def holds_whole_number(interval: Interval) -> Verdict:
    """Whether a whole number lies in the interval; null where it is unbounded."""
    verdict: Verdict = _at_least(_floor(_up(interval.high)), _ceiling(_down(interval.low)))
    return verdict


# The few operations that the two carriers, expressions and numbers, do not share.


def _lifted(operation: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    return lambda a, b: None if a is None or b is None else operation(a, b)


_add = _lifted(lambda a, b: a + b)
_subtract = _lifted(lambda a, b: a - b)
_multiply = _lifted(lambda a, b: a * b)
_divide = _lifted(lambda a, b: None if not isinstance(b, nw.Expr) and b == 0 else a / b)
_at_least = _lifted(lambda a, b: a >= b)
_above = _lifted(lambda a, b: a > b)


def _choose(condition: Verdict, then: Bound, otherwise: Bound) -> Bound:
    """Give `then` where the condition is true, and `otherwise` where it is false or null."""
    if isinstance(condition, nw.Expr):
        return nw.when(condition).then(expression(then)).otherwise(expression(otherwise))
    return then if condition else otherwise


def expression(bound: Bound) -> nw.Expr:
    """Give a bound as a narwhals expression."""
    return bound if isinstance(bound, nw.Expr) else nw.lit(bound, nw.Float64)


def _and(a: Verdict, b: Verdict) -> Verdict:
    if isinstance(a, nw.Expr) or isinstance(b, nw.Expr):
        return _condition(a) & _condition(b)
    if a is False or b is False:
        return False
    return None if a is None or b is None else True


def _condition(verdict: Verdict) -> nw.Expr:
    return verdict if isinstance(verdict, nw.Expr) else nw.lit(verdict, nw.Boolean)


def _first_known(*verdicts: Verdict) -> Verdict:
    if any(isinstance(verdict, nw.Expr) for verdict in verdicts):
        return nw.coalesce(*(_condition(verdict) for verdict in verdicts))
    return next((verdict for verdict in verdicts if verdict is not None), None)


def _scaled(factor: Interval, scale: Interval) -> Interval:
    """Give `factor * scale` for a scale that is not negative."""
    low = _choose(_at_least(factor.low, 0), _multiply(factor.low, scale.low), _multiply(factor.low, scale.high))
    high = _choose(_at_least(factor.high, 0), _multiply(factor.high, scale.high), _multiply(factor.high, scale.low))
    return Interval(low, high)


def _slack(bound: nw.Expr | float) -> nw.Expr | float:
    return (bound.abs() if isinstance(bound, nw.Expr) else abs(bound)) * ROUNDING_ERROR


def _down(bound: Bound) -> Bound:
    return None if bound is None else bound - _slack(bound)


def _up(bound: Bound) -> Bound:
    return None if bound is None else bound + _slack(bound)


def _floor(bound: Bound) -> Bound:
    return bound.floor() if isinstance(bound, nw.Expr) else None if bound is None else math.floor(bound)


def _ceiling(bound: Bound) -> Bound:
    return bound.ceil() if isinstance(bound, nw.Expr) else None if bound is None else math.ceil(bound)
