"""Constraints on figures: cells, arithmetic on them, and comparisons.

A constraint is a value: it can be judged on the figures of its cells (`verdict`), names the cells it rests on (`cells`), can be
written out (`formula`), and can be solved for one of its cells (`expected`), which tells what that cell should have been. Nothing
here knows where the figure of a cell comes from: `schemas.binding` finds it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

import narwhals.stable.v1 as nw

from schemas import intervals
from schemas.intervals import OPEN, Interval, Verdict
from schemas.statements import Statement

LOW, HIGH = "__low", "__high"

Intervals = Callable[["Cell"], Interval]
Operator = Literal["+", "-", "*", "/"]
Comparator = Literal["=", "<=", "whole", "holds"]


class Term:
    """A figure, a number or a computation of them, with an interval in every row."""

    def __add__(self, other: Term | float) -> Term:
        return Operation("+", self, as_term(other))

    def __radd__(self, other: float) -> Term:
        return Operation("+", as_term(other), self)

    def __sub__(self, other: Term | float) -> Term:
        return Operation("-", self, as_term(other))

    def __rsub__(self, other: float) -> Term:
        return Operation("-", as_term(other), self)

    def __mul__(self, other: Term | float) -> Term:
        return Operation("*", self, as_term(other))

    def __rmul__(self, other: float) -> Term:
        return Operation("*", as_term(other), self)

    def __truediv__(self, other: Term | float) -> Term:
        return Operation("/", self, as_term(other))

    def interval(self, of: Intervals) -> Interval:
        """Compute the interval of the term in each row; `of` returns that of a cell."""
        raise NotImplementedError

    def cells(self) -> Iterator[Cell]:
        """Yield the cells in the term, left to right."""
        raise NotImplementedError

    def formula(self, show: Callable[[Cell], str]) -> str:
        """Format the term as a formula; `show` formats a cell."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Cell(Term):
    """A figure selected from the row at hand, by column, period, area and category.

    Attributes:
        column: name of the figure column.
        table: address of another table; empty for the rule's own.
        period: the row's own period, the same span a year earlier, or the span that ends where the row's begins.
        area: the row's own area, the one that encloses it, or the sum of all areas that lie directly within it.
        pins: categories held at a code, e.g. `(("holder", "all"),)`; other categories are the row's own.
        over: a category whose rows are summed, all of `among` being required; empty for a single row.
        among: the codes that make up the whole breakdown (with `over`); empty: whatever codes the group has.
    """

    column: str
    table: str = ""
    period: Literal["same", "year_before", "preceding"] = "same"
    area: Literal["same", "parent", "within"] = "same"
    pins: tuple[tuple[str, str], ...] = ()
    over: str = ""
    among: tuple[str, ...] = ()

    @property
    def is_own(self) -> bool:
        """Whether the figure stands in the row at hand."""
        return self == Cell(self.column)

    @property
    def name(self) -> str:
        """Name of the cell's column in the frame that a constraint is evaluated on."""
        if self.is_own:
            return self.column
        parts = [f"{self.table}." if self.table else "", self.column]
        parts += [f"@{self.period}"] if self.period != "same" else []
        parts += [f"@{self.area}"] if self.area != "same" else []
        parts += [f"[{category}={code}]" for category, code in self.pins]
        parts += [f"[sum over {self.over}: {' '.join(self.among) or 'all'}]"] if self.over else []
        return "".join(parts)

    def interval(self, of: Intervals) -> Interval:
        return of(self)

    def cells(self) -> Iterator[Cell]:
        yield self

    def formula(self, show: Callable[[Cell], str]) -> str:
        return show(self)


@dataclass(frozen=True, slots=True)
class Number(Term):
    """A number that is known, such as the 100 of a percentage."""

    number: float

    def interval(self, of: Intervals) -> Interval:
        return intervals.point(self.number)

    def cells(self) -> Iterator[Cell]:
        return iter(())

    def formula(self, show: Callable[[Cell], str]) -> str:
        return f"{self.number:.15g}"


@dataclass(frozen=True, slots=True)
class Between(Term):
    """A term of which only the given interval is known."""

    bounds: Interval

    def interval(self, of: Intervals) -> Interval:
        return self.bounds

    def cells(self) -> Iterator[Cell]:
        return iter(())

    def formula(self, show: Callable[[Cell], str]) -> str:
        return "…"


@dataclass(frozen=True, slots=True)
class Operation(Term):
    """Two terms joined by an arithmetic operator."""

    operator: Operator
    left: Term
    right: Term

    def interval(self, of: Intervals) -> Interval:
        left, right = self.left.interval(of), self.right.interval(of)
        match self.operator:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
            case "/":
                return left / right

    def cells(self) -> Iterator[Cell]:
        yield from self.left.cells()
        yield from self.right.cells()

    def formula(self, show: Callable[[Cell], str]) -> str:
        return f"{_bracket(self.left, self, show)} {_SIGNS[self.operator]} {_bracket(self.right, self, show)}"


_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "÷"}
_BINDS = {"+": 1, "-": 1, "*": 2, "/": 2}


def _bracket(part: Term, whole: Operation, show: Callable[[Cell], str]) -> str:
    text = part.formula(show)
    if not isinstance(part, Operation):
        return text
    looser = _BINDS[part.operator] < _BINDS[whole.operator]
    right_of_inverse = part is whole.right and whole.operator in "-/" and _BINDS[part.operator] == _BINDS[whole.operator]
    return f"({text})" if looser or right_of_inverse else text


def as_term(value: Term | float) -> Term:
    """Convert a number to a term; return a term unchanged."""
    return value if isinstance(value, Term) else Number(float(value))


@dataclass(frozen=True, slots=True)
class Constraint:
    """A comparison of terms; in each row it is true, false or undecided.

    Attributes:
        relation: `=` both terms can be equal; `<=` left can be at most right; `whole` left can be a whole number;
            `holds` the condition itself, of columns that are not figures.
        condition: where given, the constraint is made only of rows in which it is true.
        uses: the plain columns (codes, dates) that the condition reads.
        states: what a condition that `holds` says, where it is one of the standard ones; records are made up by it.
    """

    relation: Comparator
    left: Term
    right: Term
    condition: nw.Expr | None = None
    uses: tuple[str, ...] = ()
    states: Statement | None = None

    def where(self, condition: nw.Expr, *uses: str) -> Constraint:
        """Return the constraint restricted to rows that meet `condition` too.

        The condition reads the columns `uses`.
        """
        both = condition if self.condition is None else self.condition & condition
        return replace(self, condition=both, uses=(*self.uses, *uses), states=None)

    def cells(self) -> tuple[Cell, ...]:
        """Return the cells in the constraint, each once, left to right."""
        return tuple(dict.fromkeys((*self.left.cells(), *self.right.cells())))

    def verdict(self, of: Intervals) -> Verdict:
        """Evaluate the comparison, whatever the condition; `of` returns a cell's interval."""
        match self.relation:
            case "=":
                return intervals.intersects(self.left.interval(of), self.right.interval(of))
            case "<=":
                return intervals.possibly_le(self.left.interval(of), self.right.interval(of))
            case "whole":
                return intervals.contains_whole_number(self.left.interval(of))
            case "holds":
                raise ValueError("a constraint that a condition holds is judged on plain columns, not on figures")

    def expected(self, cell: Cell, of: Intervals) -> Interval | None:
        """Return the values of `cell` that satisfy the constraint.

        None where it cannot be solved for the cell.
        """
        if self.relation not in ("=", "<="):
            return None
        in_left, in_right = (list(side.cells()).count(cell) for side in (self.left, self.right))
        if in_left + in_right != 1:
            return None
        side, other = (self.left, self.right) if in_left else (self.right, self.left)
        known = other.interval(of)
        if self.relation == "<=":
            known = Interval(-OPEN, known.high) if in_left else Interval(known.low, OPEN)
        return _solved(side, cell, Between(known)).interval(of)

    def formula(self, show: Callable[[Cell], str]) -> str:
        """Format the constraint as a formula; `show` formats a cell."""
        left = self.left.formula(show)
        if self.relation == "whole":
            return left
        return f"{left} {'=' if self.relation == '=' else '≤'} {self.right.formula(show)}"


def _solved(term: Term, cell: Cell, target: Term) -> Term:
    """Solve `term` = `target` for `cell`, which stands once in `term`."""
    if not isinstance(term, Operation):
        return target
    left, right = term.left, term.right
    if cell in left.cells():
        inverse: Operator = {"+": "-", "-": "+", "*": "/", "/": "*"}[term.operator]  # type: ignore[assignment]
        return _solved(left, cell, Operation(inverse, target, right))
    match term.operator:
        case "+":
            return _solved(right, cell, target - left)
        case "*":
            return _solved(right, cell, target / left)
        case "-":
            return _solved(right, cell, left - target)
        case "/":
            return _solved(right, cell, left / target)


def suspect_of(constraint: Constraint) -> Cell | None:
    """Return the first cell to suspect.

    That is the total, where the rule equates one cell with an expression.
    """
    if isinstance(constraint.right, Cell) and constraint.right.is_own and constraint.relation == "=":
        return constraint.right
    own = [cell for cell in constraint.cells() if cell.is_own]
    if not own:
        return None
    return own[-1] if constraint.relation == "whole" else own[0]
