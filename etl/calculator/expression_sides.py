"""The two sides of a formula, computed in one unit.

Units: parts of a sum, and the two sides, must be of one dimension. A quotient of like dimensions is a pure number, and
so are percentages, percentage points and multiples (57.6% = 0.576, 2倍 = 2). Products and quotients of unlike
dimensions have a composite unit (元/件), which is compared with the same (25元/件) or with a number without any.
A pure number times 100 that meets a percentage is read as a number of percent, and so is one times 100%; if the formula
contradicts that way and holds as a number of one, it agrees. Compared with 0, a side needs no unit.

Exactness: a count, and a number without unit, is exact where it is whole and printed in full; anything else is rounded
to its last digit. But the result of a computation, alone on its side of `=`, is rounded in any case, unless the
computation is of whole things only: 100件 / 3 = 33件 agrees, 2件 + 2件 = 5件 does not. Of pure numbers that holds for
products and quotients (10 / 3 = 3), for those that are added up to a whole number are parts of it (57.6% + 42.4% = 1).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

from etl.calculator.bounds import Bounds, exact
from etl.calculator.figures import PURE, RESULT, FormulaFigure, cut, rounded
from etl.calculator.quantities import CONSTANTS, HUNDREDTH, ZERO, Quantity, computed, joined, product_of_units, units_of
from etl.calculator.syntax import Chain, Formula, FormulaError, Node
from etl.figures.reading import FigureReading, Key
from schemas.constraints import Cell

LARGEST = 10**200
"""Floats reach to 1e308, and a bound is still to be multiplied by another."""


@dataclass(slots=True)
class Sides:
    """Computes the two sides of a formula.

    Attributes:
        formula: the formula.
        readings: of its figures.
        in_percent: whether a ratio times 100 that meets a percentage is a number of percent.
        rounded: the bounds of each cell, by name.
        cut: the same, with further digits cut off.
        whole: the cells, by name, that can only be whole numbers.
        unbounded: the products and divisors that left a bound open.
        has_two_readings: whether a ratio times 100 met a percentage.
    """

    formula: Formula
    readings: dict[Key, FigureReading]
    in_percent: bool = True
    rounded: dict[str, Bounds] = field(default_factory=lambda: dict(CONSTANTS))
    cut: dict[str, Bounds] = field(default_factory=lambda: dict(CONSTANTS))
    whole: set[str] = field(default_factory=set)
    unbounded: list[tuple[Literal["divisor", "product"], Chain]] = field(default_factory=list)
    has_two_readings: bool = False

    def both(self) -> tuple[Quantity, Quantity | None]:
        """Compute both sides; the right one is None where there is no comparison.

        Raises:
            FormulaError: a figure cannot be read, units do not fit, or numbers are too large.
        """
        formula = self.formula
        left = self._quantity(formula.left)
        if formula.right is None:
            return left, None
        right = self._quantity(formula.right)
        if not _are_comparable(left, right):
            raise FormulaError("unlike_comparison", formula.right.start, left=left.unit, right=right.unit)
        if formula.comparator == "=":
            left, right = (
                self._as_result(formula.left, left, formula.right, right),
                self._as_result(formula.right, right, formula.left, left),
            )
        left, right = self._alike([left, right])
        return left, right

    def _as_result(self, node: Node, quantity: Quantity, computation: Node, other: Quantity) -> Quantity:
        """Read a whole figure as rounded where it results from non-whole quantities."""
        if not isinstance(node, FormulaFigure) or not isinstance(computation, Chain) or not quantity.is_whole or other.is_whole:
            return quantity
        is_quotient = other.is_composite or (not other.units and computation.joint == "*")
        return self._figure(node, RESULT) if is_quotient or not quantity.is_bare else quantity

    def _quantity(self, node: Node) -> Quantity:
        if isinstance(node, FormulaFigure):
            return self._figure(node, node.kind)
        total = (self._sum if node.joint == "+" else self._product)(node, [self._quantity(part.node) for part in node.parts])
        if is_beyond(total.bounds):
            raise FormulaError("too_large", node.start)
        return total

    def _figure(self, figure: FormulaFigure, kind: str) -> Quantity:
        reading = self.readings[figure.key(kind)]
        if (reading.problem or "").startswith("fraction_of_a_count"):  # then it is an average
            kind, reading = RESULT, self.readings[figure.key(RESULT)]
        if reading.problem is not None or reading.value is None:
            code = "figure_too_large" if (reading.problem or "").startswith("too_large") else "figure_unreadable"
            raise FormulaError(code, figure.start, figure=figure.published)
        name, is_whole = figure.cell.name, kind == "count"
        self.whole = self.whole | {name} if is_whole else self.whole - {name}
        self.rounded[name], self.cut[name] = rounded(reading, figure.of_base), cut(reading, figure.of_base)
        is_percent = figure.is_pure and figure.of_base == PURE["percentage"]
        units = units_of(figure)
        return Quantity(figure.cell, self.rounded[name], units, is_percent, is_whole=is_whole, is_bare=figure.is_bare)

    def _sum(self, chain: Chain, parts: list[Quantity]) -> Quantity:
        for part, quantity in zip(chain.parts, parts, strict=True):
            if quantity.units != parts[0].units:
                raise FormulaError("unlike_sum", part.node.start, left=parts[0].unit, right=quantity.unit)
        parts = self._alike(parts)
        above, below = _split(chain, parts)
        total = joined("+", above) if above else ZERO
        if below:
            total = computed("-", total, joined("+", below))
        return replace(
            total,
            units=parts[0].units,
            is_percent=any(each.is_percent for each in parts),
            is_hundredfold=any(each.is_hundredfold for each in parts),
            is_whole=all(each.is_whole for each in parts),
            is_bare=all(each.is_bare for each in parts),
        )

    def _alike(self, parts: list[Quantity]) -> list[Quantity]:
        """Read a number of percent as a number of one, where it meets a percentage."""
        if parts[0].units or not any(each.is_percent for each in parts) or not any(each.is_hundredfold for each in parts):
            return parts
        self.has_two_readings = True
        if not self.in_percent:
            return parts
        return [replace(computed("*", each, HUNDREDTH), is_percent=True) if each.is_hundredfold else each for each in parts]

    def _product(self, chain: Chain, parts: list[Quantity]) -> Quantity:
        units = product_of_units(
            (each.units, -1 if part.is_inverse else 1) for part, each in zip(chain.parts, parts, strict=True)
        )
        percents = [part.node for part, each in zip(chain.parts, parts, strict=True) if each.is_percent]
        # A ratio times 100% is a ratio in percent: this 100% is no share that was rounded.
        is_in_percent = not units and [each.plain for each in percents if isinstance(each, FormulaFigure)] == ["100%"]
        if is_in_percent:
            parts = [self._one(each) if each.is_percent else each for each in parts]
        above, below = _split(chain, parts)
        total = joined("*", above)
        if total.bounds.is_open and not any(each.bounds.is_open for each in above):
            self.unbounded.append(("product", chain))
        if below:
            is_open = total.bounds.is_open
            total = computed("/", total, joined("*", below))
            if total.bounds.is_open and not is_open:
                self.unbounded.append(("divisor", chain))
        return replace(
            total,
            units=units,
            is_percent=is_in_percent,
            is_hundredfold=not percents and _is_hundredfold(above) and not _is_hundredfold([ZERO, *below]),
            is_whole=not below and all(each.is_whole for each in above),
            is_bare=all(each.is_bare for each in parts),
        )

    def _one(self, percentage: Quantity) -> Quantity:
        """Read 100% as the number one; a computed percentage stays."""
        if not isinstance(percentage.term, Cell):
            return percentage
        self.rounded[percentage.term.name] = self.cut[percentage.term.name] = exact(1)
        return replace(percentage, bounds=exact(1))


def is_beyond(bounds: Bounds) -> bool:
    """Tell whether a bound is too large to compute with."""
    return any(bound is not None and abs(bound) > LARGEST for bound in (bounds.low, bounds.high))


def _split(chain: Chain, quantities: list[Quantity]) -> tuple[list[Quantity], list[Quantity]]:
    """Split operands into direct (+, ×) and inverse (−, ÷)."""
    pairs = list(zip(chain.parts, quantities, strict=True))
    return [each for part, each in pairs if not part.is_inverse], [each for part, each in pairs if part.is_inverse]


def _are_comparable(left: Quantity, right: Quantity) -> bool:
    if left.units == right.units or left.is_exactly(0) or right.is_exactly(0):
        return True
    pairs = ((left, right), (right, left))
    return any(one.is_composite and other.is_bare and not other.units for one, other in pairs)


def _is_hundredfold(factors: list[Quantity]) -> bool:
    """Tell whether a product is 100 times the rest of it."""
    times = sum(each.is_hundredfold or each.is_exactly(100) for each in factors)
    return times == 1 and (len(factors) > 1 or factors[0].is_hundredfold)
