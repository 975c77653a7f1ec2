"""Linear constraints, tested for solutions by linear programs (scipy's HiGHS).

scipy is an optional dependency, `pip install ip-bulletin-etl[lint]`, and is imported when a program is solved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

# What a solver gives is exact to about 1e-7; the rows of a system are scaled to coefficients of at most 1.
PRECISION = 1e-6
MARGIN = ("margin",)

Variable = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Linear:
    """A number plus multiples of figures: `constant` and, by figure, its factor."""

    factors: Mapping[Variable, float]
    constant: float

    def plus(self, other: Linear, times: float) -> Linear:
        """Add a multiple of another."""
        names = dict.fromkeys((*self.factors, *other.factors))
        factors = {name: self.factors.get(name, 0.0) + times * other.factors.get(name, 0.0) for name in names}
        return Linear({name: factor for name, factor in factors.items() if factor}, self.constant + times * other.constant)

    def times(self, factor: float) -> Linear:
        """Multiply by a factor."""
        return Linear({}, 0.0).plus(self, factor)

    def scaled(self) -> Linear:
        """Scale so that the greatest factor is 1."""
        greatest = max(map(abs, self.factors.values()), default=1.0)
        return Linear({name: factor / greatest for name, factor in self.factors.items()}, self.constant / greatest)


@dataclass(frozen=True, slots=True)
class LinearConstraint:
    """A rule in rows of one kind: `difference` (left less right) is = 0 or ≤ 0."""

    rule: str
    difference: Linear
    is_equation: bool


@dataclass(frozen=True, slots=True)
class System:
    """The linear constraints on rows of one kind, and the ranges of their figures.

    Attributes:
        rows: the constraints.
        ranges: where each figure can lie.
    """

    rows: tuple[LinearConstraint, ...]
    ranges: Mapping[Variable, Range]

    def of(self, rows: Sequence[LinearConstraint]) -> System:
        """Return the system of some constraints over the same figures."""
        return replace(self, rows=tuple(rows))

    def without(self, rule: str) -> System:
        """Return the system without a rule's constraints."""
        return self.of([row for row in self.rows if row.rule != rule])


@dataclass(frozen=True, slots=True)
class Range:
    """Range of a figure's values; None is unbounded."""

    low: float | None
    high: float | None
    is_positive: bool


def has_solution(system: System) -> bool:
    """Whether some figures keep all constraints, with a margin above zero if positive."""
    margin = least(system, Linear({MARGIN: -1.0}, 0.0))
    return margin is not None and -margin > PRECISION


def greatest_excess(system: System, difference: Linear) -> float:
    """Maximize a difference over a system that has a solution, up to 1."""
    least_of_opposite = least(system, difference.times(-1), at_most_one=difference)
    return 1.0 if least_of_opposite is None else -least_of_opposite


def least(system: System, objective: Linear, at_most_one: Linear | None = None) -> float | None:
    """Minimize the objective over a system; None without a solution or minimum."""
    from scipy.optimize import linprog

    names = list(dict.fromkeys((*system.ranges, *objective.factors, MARGIN)))
    equal = [row.difference for row in system.rows if row.is_equation]
    below = [row.difference for row in system.rows if not row.is_equation]
    below += [Linear({name: -1.0, MARGIN: 1.0}, each.low or 0.0) for name, each in system.ranges.items() if each.is_positive]
    below += [at_most_one.plus(Linear({}, 1.0), -1)] if at_most_one else []
    solved: Any = linprog(
        [objective.factors.get(name, 0.0) for name in names],
        **_matrix("ub", below, names),
        **_matrix("eq", equal, names),
        bounds=[(0.0, 1.0) if name == MARGIN else _bounds(system, name) for name in names],
        method="highs",
    )
    return float(solved.fun) + objective.constant if solved.status == 0 else None


def _matrix(name: str, differences: Sequence[Linear], names: Sequence[Variable]) -> dict[str, list[Any]]:
    if not differences:
        return {}
    factors = [[difference.factors.get(each, 0.0) for each in names] for difference in differences]
    return {f"A_{name}": factors, f"b_{name}": [-difference.constant for difference in differences]}


def _bounds(system: System, name: Variable) -> tuple[float | None, float | None]:
    each = system.ranges.get(name)
    return (each.low, each.high) if each else (None, None)
