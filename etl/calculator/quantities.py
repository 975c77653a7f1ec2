"""Quantities: parts of a formula as constraint terms, with bounds and units."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from etl.calculator.bounds import Bounds, combine, exact
from etl.calculator.figures import PURE, FormulaFigure
from schemas.constraints import Cell, Operation, Operator, Term

Units = tuple[tuple[str, int], ...]
"""Base units and their powers, in order; none for a pure number."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A part of a formula.

    Attributes:
        term: as a term of constraints.
        bounds: of that term.
        units: its unit.
        is_percent: whether it is a pure number written in percent.
        is_hundredfold: whether it was multiplied by 100, and so may be a number of percent.
        is_whole: whether it can only be a whole number: counts and whole numbers, added or multiplied.
        is_bare: whether none of its figures has a unit.
    """

    term: Term
    bounds: Bounds
    units: Units = ()
    is_percent: bool = False
    is_hundredfold: bool = False
    is_whole: bool = False
    is_bare: bool = False

    @property
    def is_composite(self) -> bool:
        """Whether its unit is no unit that a figure is printed in, such as 元/件."""
        return len(self.units) > 1 or any(power != 1 for _, power in self.units)

    @property
    def unit(self) -> str:
        """Its unit in words; empty for a pure number."""
        return unit_name(self.units) or ("%" if self.is_percent else "")

    def is_exactly(self, number: int) -> bool:
        """Tell whether it is this number as a constant, exact and without a unit."""
        return self.is_bare and isinstance(self.term, Cell) and self.bounds == exact(number)


CONSTANTS = {str(number): exact(number) for number in (Fraction(0), Fraction(1, 100))}
"""The numbers that computing itself needs, by the names of their cells."""
ZERO, HUNDREDTH = (Quantity(Cell(name), number) for name, number in CONSTANTS.items())


def computed(sign: Operator, left: Quantity, right: Quantity) -> Quantity:
    """Add, subtract, multiply or divide two quantities, in the unit of the left one.

    Interval arithmetic needs a factor that is not negative, and a positive divisor; else both change signs.
    """
    of_left, of_right = left.bounds, right.bounds
    if sign == "*":
        is_clear = of_left.is_at_least_zero or of_right.is_at_least_zero
        is_mirrored = not is_clear and (of_left.is_at_most_zero or of_right.is_at_most_zero)
    else:
        is_mirrored = sign == "/" and of_right.is_at_most_zero
    if is_mirrored:
        left, right = computed("-", ZERO, left), computed("-", ZERO, right)
    return Quantity(Operation(sign, left.term, right.term), combine(sign, left.bounds, right.bounds), left.units)


def joined(sign: Operator, parts: Sequence[Quantity]) -> Quantity:
    """Join quantities by halves, so that the tree of a long list stays low."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return computed(sign, joined(sign, parts[:middle]), joined(sign, parts[middle:]))


def units_of(figure: FormulaFigure) -> Units:
    """Return the unit of a figure; none for percentages, multiples and bare numbers."""
    named = [(figure.unit, 1), *((each.unit, -1) for each in figure.per)]
    return product_of_units((((unit.base, 1),), power) for unit, power in named if unit.dimension not in PURE)


def product_of_units(factors: Iterable[tuple[Units, int]]) -> Units:
    """Multiply units, each to the power 1, or -1 where it is divided by."""
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
