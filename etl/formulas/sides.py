"""The two sides of a formula, computed in one unit.

Units: parts of a sum, and the two sides, must be of one dimension. A quotient of like dimensions is a pure number, and
so are percentages, percentage points and multiples (57.6% = 0.576, 2倍 = 2). Products and quotients of unlike
dimensions have a composite unit (元/件), which is compared with the same (25元/件) or with a number without any.
A pure number times 100 that meets a percentage is read as a number of percent, and so is one times 100%; if the formula
contradicts that way and holds as a number of one, it agrees. Compared with 0, a side needs no unit.

Exactness: a count, and a number without unit, is exact where it is whole and printed in full; anything else is rounded
to its last digit. But what a computation comes to, alone on its side of `=`, is rounded in any case, unless the
computation is of whole things only: 100件 / 3 = 33件 agrees, 2件 + 2件 = 5件 does not. Of pure numbers that holds for
products and quotients (10 / 3 = 3), for those that are added up to a whole number are parts of it (57.6% + 42.4% = 1).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from etl.formulas.figures import PURE, RESULT, Figure, Readings, bounds
from etl.formulas.quantities import (
    CONSTANTS,
    HUNDREDTH,
    ZERO,
    Quantity,
    added,
    computed,
    divided,
    exact,
    joined,
    multiplied,
    product_of_units,
    units_of,
)
from etl.formulas.syntax import Chain, Formula, FormulaError, Node, Part
from schemas.claims import Cell
from schemas.intervals import Interval

LARGEST = 10**200
"""Floats reach to 1e308, and a bound is still to be multiplied by another."""


@dataclass(slots=True)
class Sides:
    """Computes the two sides of a formula.

    Attributes:
        formula: the formula.
        readings: what its figures say.
        in_percent: whether a ratio times 100 that meets a percentage is a number of percent.
        rounded: the interval of each cell, by name.
        cut: the same, with further digits cut off.
        whole: the cells, by name, that can only be whole numbers.
        unbounded: what left a bound open: a product, or a divisor.
        has_two_readings: whether a ratio times 100 met a percentage.
    """

    formula: Formula
    readings: Readings
    in_percent: bool = True
    rounded: dict[str, Interval] = field(default_factory=lambda: dict(CONSTANTS))
    cut: dict[str, Interval] = field(default_factory=lambda: dict(CONSTANTS))
    whole: set[str] = field(default_factory=set)
    unbounded: list[tuple[Literal["divisor", "product"], Chain]] = field(default_factory=list)
    has_two_readings: bool = False

    def both(self) -> tuple[Quantity, Quantity | None]:
        """Give both sides; the right one is None where there is no comparison.

        Raises:
            FormulaError: a figure cannot be read, units do not fit, or numbers are too large.
        """
        formula = self.formula
        left = self.quantity(formula.left)
        if formula.right is None:
            return left, None
        right = self.quantity(formula.right)
        if not _is_comparable(left, right):
            raise FormulaError("unlike_comparison", formula.right.start, left=left.unit, right=right.unit)
        if formula.relation == "=":
            left, right = (
                self._as_result(formula.left, left, formula.right, right),
                self._as_result(formula.right, right, formula.left, left),
            )
        left, right = self._alike([left, right])
        return left, right

    def _as_result(self, node: Node, quantity: Quantity, computation: Node, other: Quantity) -> Quantity:
        """Give a whole figure as rounded, if it is what a computation that is not of whole things comes to."""
        if not isinstance(node, Figure) or not isinstance(computation, Chain) or not quantity.is_whole or other.is_whole:
            return quantity
        is_quotient = other.is_composite or (not other.units and computation.operator == "*")
        return self._figure(node, RESULT) if is_quotient or not quantity.is_bare else quantity

    def quantity(self, node: Node) -> Quantity:
        """Give what a part of the formula comes to."""
        if isinstance(node, Figure):
            return self._figure(node, node.kind)
        total = self._sum(node) if node.operator == "+" else self._product(node)
        if is_beyond(total.interval):
            raise FormulaError("too_large", node.start)
        return total

    def _figure(self, figure: Figure, kind: str) -> Quantity:
        reading = self.readings[figure.plain, figure.unit.unit, kind]
        if (reading.problem or "").startswith("fraction_of_a_count"):  # then it is an average
            kind, reading = RESULT, self.readings[figure.plain, figure.unit.unit, RESULT]
        if reading.problem is not None or reading.value is None:
            code = "figure_too_large" if (reading.problem or "").startswith("too_large") else "figure_unreadable"
            raise FormulaError(code, figure.start, figure=figure.published)
        cell, is_whole = cell_of(figure), kind == "count"
        self.whole = self.whole | {cell.name} if is_whole else self.whole - {cell.name}
        self.rounded[cell.name], self.cut[cell.name] = reading.interval(figure.of_base), reading.cut(figure.of_base)
        return Quantity(
            cell,
            self.rounded[cell.name],
            units_of(figure),
            is_percent=figure.of_base == PURE["percentage"] and not figure.per,
            is_whole=is_whole,
            is_bare=figure.is_bare,
        )

    def _sum(self, chain: Chain) -> Quantity:
        parts = [self.quantity(part.node) for part in chain.parts]
        for part, quantity in zip(chain.parts, parts, strict=True):
            if quantity.units != parts[0].units:
                raise FormulaError("unlike_sum", part.node.start, left=parts[0].unit, right=quantity.unit)
        parts = self._alike(parts)
        above, below = _split(chain.parts, parts)
        total = joined(above, added) if above else ZERO
        if below:
            total = computed("-", total, joined(below, added))
        return replace(
            total,
            units=parts[0].units,
            is_percent=any(each.is_percent for each in parts),
            is_hundredfold=any(each.is_hundredfold for each in parts),
            is_whole=all(each.is_whole for each in parts),
            is_bare=all(each.is_bare for each in parts),
        )

    def _alike(self, parts: list[Quantity]) -> list[Quantity]:
        """Give what is a number of percent as a number of one, where it meets a percentage."""
        if parts[0].units or not any(each.is_percent for each in parts) or not any(each.is_hundredfold for each in parts):
            return parts
        self.has_two_readings = True
        if not self.in_percent:
            return parts
        return [replace(computed("*", each, HUNDREDTH), is_percent=True) if each.is_hundredfold else each for each in parts]

    def _product(self, chain: Chain) -> Quantity:
        parts = [self.quantity(part.node) for part in chain.parts]
        units = product_of_units(
            (each.units, -1 if part.is_inverse else 1) for part, each in zip(chain.parts, parts, strict=True)
        )
        percents = [part.node for part, each in zip(chain.parts, parts, strict=True) if each.is_percent]
        # A ratio times 100% is a ratio in percent: this 100% is no share that was rounded.
        is_in_percent = not units and [each.plain for each in percents if isinstance(each, Figure)] == ["100%"]
        if is_in_percent:
            parts = [self._one(each) if each.is_percent else each for each in parts]
        above, below = _split(chain.parts, parts)
        total = joined(above, multiplied)
        if _is_open(total) and not any(map(_is_open, above)):
            self.unbounded.append(("product", chain))
        if below:
            total = self._divided(total, joined(below, multiplied), chain)
        return replace(
            total,
            units=units,
            is_percent=is_in_percent,
            is_hundredfold=not percents and _is_hundredfold(above) and not _is_hundredfold([ZERO, *below]),
            is_whole=not below and all(each.is_whole for each in above),
            is_bare=all(each.is_bare for each in parts),
        )

    def _divided(self, above: Quantity, below: Quantity, chain: Chain) -> Quantity:
        total = divided(above, below)
        if _is_open(total) and not _is_open(above):
            self.unbounded.append(("divisor", chain))
        return total

    def _one(self, percentage: Quantity) -> Quantity:
        """Give 100% as the number one."""
        assert isinstance(percentage.term, Cell)
        self.rounded[percentage.term.name] = self.cut[percentage.term.name] = exact(1)
        return replace(percentage, interval=exact(1))


def is_beyond(interval: Interval) -> bool:
    """Whether a bound is too large to compute with."""
    return any(bound is not None and abs(bound) > LARGEST for bound in bounds(interval))


def cell_of(figure: Figure) -> Cell:
    """Give the cell of a figure, which is another for each place: the same figure twice is two independent numbers."""
    return Cell(f"@{figure.start}")


def _split(parts: tuple[Part, ...], quantities: list[Quantity]) -> tuple[list[Quantity], list[Quantity]]:
    """Give what is added or multiplied by, and what is subtracted or divided by."""
    pairs = list(zip(parts, quantities, strict=True))
    return [each for part, each in pairs if not part.is_inverse], [each for part, each in pairs if part.is_inverse]


def _is_comparable(left: Quantity, right: Quantity) -> bool:
    if left.units == right.units or left.is_exactly(0) or right.is_exactly(0):
        return True
    pairs = ((left, right), (right, left))
    return any(one.is_composite and other.is_bare and not other.units for one, other in pairs)


def _is_hundredfold(factors: list[Quantity]) -> bool:
    """Whether a product is 100 times the rest of it."""
    times = sum(each.is_hundredfold or each.is_exactly(100) for each in factors)
    return times == 1 and (len(factors) > 1 or factors[0].is_hundredfold)


def _is_open(quantity: Quantity) -> bool:
    return quantity.interval.low is None or quantity.interval.high is None
