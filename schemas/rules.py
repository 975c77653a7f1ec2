"""Builders of constraints: the sentences in which rules are written.

A column is named by a string, or its figure elsewhere is selected: `year_before`, `previous_period`, `row`, `parent_area`,
`total_of_areas`, `other_table`, `total_over`.
"""

from __future__ import annotations

from collections.abc import Mapping

import narwhals.stable.v1 as nw

from schemas.constraints import Cell, Constraint, Number, Term, as_term
from schemas.statements import BearsYear, FilledTogether, NotBefore, Statement, YearsWithin

Figures = str | float | Term


def term(figure: Figures) -> Term:
    """Convert a column name or number to a term; return a term unchanged."""
    return Cell(figure) if isinstance(figure, str) else as_term(figure)


def year_before(column: str) -> Cell:
    """Select the figure of the same span one year earlier."""
    return Cell(column, period="year_before")


def previous_period(column: str) -> Cell:
    """Select the figure of the period of the same length just before this one."""
    return Cell(column, period="preceding")


def row(column: str, **codes: str) -> Cell:
    """Select the figure of another row: same area and period, these categories."""
    return Cell(column, pins=tuple(codes.items()))


def parent_area(column: str) -> Cell:
    """Select the figure of the area that encloses the row's own."""
    return Cell(column, area="parent")


def total_of_areas(column: str) -> Cell:
    """Sum a column over all areas directly within the row's own, where one document prints each of them."""
    return Cell(column, area="within")


def other_table(address: str, **codes: str) -> Cell:
    """Select the figure `domain.table.column` of the row's area and period."""
    table, _, column = address.rpartition(".")
    return Cell(column, table=table, pins=tuple(codes.items()))


def total_over(category: str, column: str, *among: str) -> Cell:
    """Sum a column over the rows of a category, or over all of the codes `among`.

    The sum of n independently rounded figures is almost never off by n half units: its slack is capped at four
    standard deviations of n uniform rounding errors, which is less than that for n above 5.
    """
    return Cell(column, over=category, among=among)


def total(*figures: Figures) -> Term:
    """Add figures."""
    first, *others = (term(figure) for figure in figures)
    for other in others:
        first = first + other
    return first


def equal(left: Figures, right: Figures) -> Constraint:
    """Constraint that two figures, or computations of figures, can be the same number."""
    return Constraint("=", term(left), term(right))


def within(part: Figures, whole: Figures) -> Constraint:
    """Constraint that a part is not more than its whole."""
    return Constraint("<=", term(part), term(whole))


def share_of(part: Figures, whole: Figures, share: Figures) -> Constraint:
    """Constraint that a printed share, in percent, is the part over the whole."""
    return equal(term(part) / term(whole) * 100, share)


def growth(now: Figures, earlier: Figures, rate: Figures) -> Constraint:
    """Constraint that a printed growth rate fits the earlier and the present level."""
    return equal(term(now) / term(earlier), term(rate) / 100 + 1)


def stock_and_flow(stock: Figures, stock_before: Figures, new: Figures) -> Constraint:
    """Constraint that a stock is what it was a period before plus what has come since."""
    return equal(stock, term(stock_before) + term(new))


def disposed_le_docket(closed: Figures, received: Figures, carried_over: Figures) -> Constraint:
    """Constraint that no more cases were closed than were received and carried over."""
    return within(closed, total(received, carried_over))


def closed_within_received(closed: Figures, received: Figures, carried_over: str) -> Constraint:
    """Constraint that closed ≤ received where no carry-over is printed."""
    return within(closed, received).where(nw.col(carried_over).is_null(), carried_over)


def pending_end_balances(received: Figures, carried_over: Figures, closed: Figures, carried_on: Figures) -> Constraint:
    """Constraint that received + carried over − closed = carried on."""
    return equal(total(received, carried_over) - term(closed), carried_on)


def pending_start_equals_previous_end(carried_over: Figures, carried_on: str) -> Constraint:
    """Constraint that a period starts with the pending cases of the one before."""
    return equal(carried_over, previous_period(carried_on))


def whole_cases(part: Figures, share: Figures) -> Constraint:
    """Constraint that a whole number of cases gives the share (GRIM test).

    Brown & Heathers 2017.
    """
    return Constraint("whole", term(part) / term(share) * 100, Number(0))


def level_before(column: str, rate: str, **codes: str) -> Term:
    """Compute last year's level from the level and growth of another row."""
    return row(column, **codes) / (row(rate, **codes) / 100 + 1)


def part_of_all(column: str, category: str, *parts: str) -> Constraint:
    """Constraint that each part of a breakdown is at most the total, code `all`."""
    return where_category(within(column, row(column, **{category: "all"})), category, *parts)


def parts_sum_to_all(column: str, category: str, *parts: str) -> Constraint:
    """Constraint that the parts of a breakdown add up to the total."""
    return where_category(equal(column, total_over(category, column, *parts)), category, "all")


def shares_sum_to_the_whole(column: str, category: str, *parts: str) -> Constraint:
    """Constraint that the shares of a breakdown add up to a hundred percent."""
    return on_first_row_of(equal(total_over(category, column, *parts), 100), category)


def growth_of_parts_is_that_of_all(column: str, rate: str, category: str, *parts: str) -> Constraint:
    """Constraint that last year's levels, from the growth rates, add up to the total."""
    before_of_parts = total(*(level_before(column, rate, **{category: part}) for part in parts))
    return where_category(equal(level_before(column, rate, **{category: "all"}), before_of_parts), category, "all")


def multiple_of(attracted: Figures, put_in: Figures, multiple: Figures) -> Constraint:
    """Constraint that a printed multiple is what was attracted over what was put in."""
    return equal(term(attracted) / term(put_in), multiple)


def condition(holds: nw.Expr, *uses: str, states: Statement | None = None) -> Constraint:
    """Constraint that a condition on plain columns (`uses`) holds."""
    return Constraint("holds", Number(0), Number(0), holds, uses, states)


def not_before(later: str, earlier: str) -> Constraint:
    """Constraint that one day is not before another."""
    return condition(nw.col(later) >= nw.col(earlier), later, earlier, states=NotBefore(later, earlier))


def bears_the_year_of(number: str, at: int, day: str) -> Constraint:
    """Constraint that four characters of a number, from `at`, are the year of a day."""
    year = nw.col(day).dt.year().cast(nw.String)
    return condition(nw.col(number).str.slice(at, 4) == year, number, day, states=BearsYear(number, at, day))


def filled_together(one: str, other: str) -> Constraint:
    """Constraint that two columns are filled together or blank together."""
    states = FilledTogether(one, other)
    return condition(nw.col(one).is_null() == nw.col(other).is_null(), one, other, states=states)


def years_within(later: str, earlier: str, category: str, most: Mapping[str, int]) -> Constraint:
    """Constraint that two days are at most so many calendar years apart, by category."""
    years = nw.col(later).dt.year() - nw.col(earlier).dt.year()
    each = [(nw.col(category) != code) | (years <= limit) for code, limit in most.items()]
    states = YearsWithin(later, earlier, category, tuple(most.items()))
    return condition(nw.all_horizontal(*each, ignore_nulls=False), later, earlier, category, states=states)


def where_category(constraint: Constraint, category: str, *codes: str) -> Constraint:
    """Restrict a constraint to the rows whose category is one of the codes."""
    return constraint.where(nw.col(category).is_in(list(codes)), category)


def for_cities(constraint: Constraint) -> Constraint:
    """Restrict a constraint to cities of a province, whose GB/T 2260 codes end in 00."""
    return constraint.where(nw.col("area").str.ends_with("00"), "area")


def on_first_row_of(constraint: Constraint, category: str) -> Constraint:
    """Restrict a constraint to one row of each group that differs in a category only."""
    return constraint.where(nw.col(first_of(category)), first_of(category))


def first_of(category: str) -> str:
    """Name of the column that marks the first row of each such group."""
    return f"@first of {category}"
