"""Exact interval arithmetic: `schemas.intervals` with fractions as bounds.

Only this module of the calculator knows how an interval is carried there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from schemas import intervals
from schemas.constraints import Between, Cell, Constraint, Operation, Operator, Term
from schemas.intervals import Interval


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the greatest value that a true number can have; None is open."""

    low: Fraction | None
    high: Fraction | None

    @property
    def is_open(self) -> bool:
        """Whether a bound is open."""
        return self.low is None or self.high is None

    @property
    def is_at_least_zero(self) -> bool:
        """Whether no value is negative."""
        return self.low is not None and self.low >= 0

    @property
    def is_at_most_zero(self) -> bool:
        """Whether no value is positive."""
        return self.high is not None and self.high <= 0

    def times(self, factor: Fraction) -> Bounds:
        """Multiply by a positive number."""
        return Bounds(*(None if bound is None else bound * factor for bound in (self.low, self.high)))


UNKNOWN = Bounds(None, None)
Cells = Mapping[str, Bounds]
"""The bounds of cells, by their names."""


def exact(number: int | Fraction) -> Bounds:
    """Return the bounds of a number that is known."""
    return Bounds(Fraction(number), Fraction(number))


def combine(sign: Operator, left: Bounds, right: Bounds) -> Bounds:
    """Add, subtract, multiply or divide two numbers."""
    return bounds_of(Operation(sign, Between(_interval(left)), Between(_interval(right))), {})


def truncated(value: Fraction, rounded: Bounds) -> Bounds:
    """Return the bounds of a number of which it is not known whether it was rounded or its further digits cut off.

    Each number of a formula may be either, so that a formula whose result alone was cut off agrees.
    """
    known = _interval(rounded)
    cut = _bounds(intervals.truncated(value, known.low, known.high))
    if cut.low is None or cut.high is None or rounded.low is None or rounded.high is None:
        return cut
    return Bounds(min(rounded.low, cut.low), max(rounded.high, cut.high))


def bounds_of(term: Term, cells: Cells) -> Bounds:
    """Compute the bounds of a term."""
    return _bounds(term.interval(_intervals(cells)))


def can_hold(constraint: Constraint, cells: Cells) -> bool | None:
    """Judge a constraint; None where nothing can be said."""
    verdict = constraint.verdict(_intervals(cells))
    return bool(verdict.holds) if verdict.known else None


def expected(constraint: Constraint, cell: Cell, cells: Cells) -> Bounds | None:
    """Solve a constraint for a cell; None where it cannot be solved."""
    found = constraint.expected(cell, _intervals(cells))
    return None if found is None else _bounds(found)


def contains_whole_number(bounds: Bounds) -> bool:
    """Tell whether a whole number can lie within bounds."""
    return not intervals.contains_whole_number(_interval(bounds)).broken


def _intervals(cells: Cells) -> Callable[[Cell], Interval]:
    return lambda cell: _interval(cells[cell.name])


def _interval(bounds: Bounds) -> Interval:
    return intervals.interval(bounds.low, bounds.high)


def _bounds(interval: Interval) -> Bounds:
    low, high = interval.bounds()
    return Bounds(None if low is None else Fraction(low), None if high is None else Fraction(high))
