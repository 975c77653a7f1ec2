"""What the parts of a formula come to: terms of the algebra of claims, with the unit that they are in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from etl.formulas.figures import PURE, Figure, between, bounds
from schemas.claims import Cell, Operation, Operator, Term
from schemas.intervals import Interval

Units = tuple[tuple[str, int], ...]
"""Base units and their powers, in order; none for a pure number."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a part of a formula comes to.

    Attributes:
        term: as a term of claims.
        interval: the interval of that term.
        units: its unit.
        is_percent: whether it is a pure number that is spoken of in percent.
        is_hundredfold: whether it was multiplied by 100, and so may be a number of percent.
        is_whole: whether it can only be a whole number: counts and whole numbers, added or multiplied.
        is_bare: whether none of its figures has a unit.
    """

    term: Term
    interval: Interval
    units: Units
    is_percent: bool = False
    is_hundredfold: bool = False
    is_whole: bool = False
    is_bare: bool = False

    @property
    def is_figure(self) -> bool:
        """Whether it is a single figure, and no computation."""
        return isinstance(self.term, Cell)

    @property
    def is_composite(self) -> bool:
        """Whether its unit is no unit that a figure is printed in, such as 元/件."""
        return len(self.units) > 1 or any(power != 1 for _, power in self.units)

    @property
    def unit(self) -> str:
        """Its unit in words; empty for a pure number."""
        return unit_name(self.units) or ("%" if self.is_percent else "")

    def is_exactly(self, number: int) -> bool:
        """Whether it is a constant that somebody wrote: this number, exact and without a unit."""
        return self.is_bare and self.is_figure and self.interval == exact(number)

    @property
    def is_at_least_zero(self) -> bool:
        """Whether no value of it is negative."""
        low, _ = bounds(self.interval)
        return low is not None and low >= 0

    @property
    def is_at_most_zero(self) -> bool:
        """Whether no value of it is positive."""
        _, high = bounds(self.interval)
        return high is not None and high <= 0


def exact(number: int | Fraction) -> Interval:
    """Give the interval of a number that is known, as fractions."""
    return between(Fraction(number), Fraction(number))


ZERO, HUNDREDTH = (Quantity(Cell(f"{number}"), exact(number), ()) for number in (Fraction(0), Fraction(1, 100)))
CONSTANTS = {each.term.column: each.interval for each in (ZERO, HUNDREDTH) if isinstance(each.term, Cell)}
"""The numbers that computing itself needs, by the names of their cells."""


def computed(operator: Operator, left: Quantity, right: Quantity) -> Quantity:
    """Give what an operator makes of two quantities, in the unit of the left one."""
    term = Operation(operator, left.term, right.term)
    one, other = left.interval, right.interval
    match operator:
        case "+":
            return Quantity(term, one + other, left.units)
        case "-":
            return Quantity(term, one - other, left.units)
        case "*":
            return Quantity(term, one * other, left.units)
        case "/":
            return Quantity(term, one / other, left.units)


def added(left: Quantity, right: Quantity) -> Quantity:
    """Give the sum of two quantities."""
    return computed("+", left, right)


def negated(quantity: Quantity) -> Quantity:
    """Give a quantity with the opposite sign."""
    return computed("-", ZERO, quantity)


def multiplied(left: Quantity, right: Quantity) -> Quantity:
    """Give the product of two quantities; interval arithmetic wants one that is not negative, so signs may change twice."""
    is_clear = left.is_at_least_zero or right.is_at_least_zero
    if not is_clear and (left.is_at_most_zero or right.is_at_most_zero):
        left, right = negated(left), negated(right)
    return computed("*", left, right)


def divided(left: Quantity, right: Quantity) -> Quantity:
    """Give the quotient of two quantities; interval arithmetic wants a positive divisor, so signs may change twice."""
    if right.is_at_most_zero:
        left, right = negated(left), negated(right)
    return computed("/", left, right)


def joined(parts: Sequence[Quantity], join: Callable[[Quantity, Quantity], Quantity]) -> Quantity:
    """Join quantities by halves, so that the tree of a long list stays low."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return join(joined(parts[:middle], join), joined(parts[middle:], join))


def units_of(figure: Figure) -> Units:
    """Give the unit of a figure; none for percentages, multiples and bare numbers."""
    named = [(figure.unit, 1), *((each.unit, -1) for each in figure.per)]
    return product_of_units((((unit.base, 1),), power) for unit, power in named if unit.dimension not in PURE)


def product_of_units(factors: Iterable[tuple[Units, int]]) -> Units:
    """Give the unit of a product of units, each to the power 1, or -1 where it is divided by."""
    powers: dict[str, int] = {}
    for units, sign in factors:
        for unit, power in units:
            powers[unit] = powers.get(unit, 0) + sign * power
    return tuple(sorted((unit, power) for unit, power in powers.items() if power))


def unit_name(units: Units) -> str:
    """Write a unit out: 元/件, 件·天, 1/件; empty for a pure number."""
    above, below = (
        "·".join(unit if abs(power) == 1 else f"{unit}^{abs(power)}" for unit, power in units if (power > 0) is is_above)
        for is_above in (True, False)
    )
    below = f"({below})" if "·" in below else below
    return f"{above or '1'}/{below}" if below else above
