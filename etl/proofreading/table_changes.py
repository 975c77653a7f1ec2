"""Columns of growth and of shares in a table, held against the columns or rows that they are of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from etl.calculator.bounds import can_hold
from etl.proofreading.figures import PrintedFigure, bounds_of_cells
from etl.proofreading.grids import YEAR, Column, Grid, Row
from etl.proofreading.growth import changes
from etl.proofreading.relations import Relations, added
from etl.proofreading.words import NOT_COMPARABLE
from schemas import document_rules, rules
from schemas.constraints import Constraint
from schemas.rule_declarations import Rule

_GROWTH = re.compile("同比|增长|增幅|增速|增减|比上年|较上年|growth|change|increase", re.I)
_YEARLY = re.compile("年均|环比|累计增|拉动|贡献|不变|可比|两年|average|real", re.I)
_SHARE = re.compile("占比|比重|份额|占总|构成|share|percentage|% of", re.I)
_NOW, _BEFORE = re.compile("本年|今年|本期|当年|本年度|this year"), re.compile("上年|去年|上期|上年同期|last year")

Stated = tuple[list[Constraint], tuple[PrintedFigure, ...], PrintedFigure, str]
"""What a cell states: its readings, the figures, the figure that is suspect, and the words for it."""


def find_table_changes(grid: Grid, relations: Relations) -> None:
    """Find the growth and the shares that a table states."""
    for column in grid.columns:
        if _GROWTH.search(column.printed) and not _YEARLY.search(column.printed):
            levels = _levels(grid.columns, column)
            if levels is not None:
                _add(document_rules.GROWTH, list(_across(grid, *levels, column)), relations)
            else:
                _add_best(document_rules.GROWTH, [list(_down(grid, each, column)) for each in _left_of(grid, column)], relations)
        elif _SHARE.search(column.printed) and column.unit == "%":
            _add_shares(grid, column, relations)


def _levels(columns: Sequence[Column], change: Column) -> tuple[Column, Column] | None:
    """Return the columns of the earlier and the later level that a change stands beside; None where these are not plain."""
    alike = [
        each for each in columns if each is not change and not _GROWTH.search(each.printed) and not _SHARE.search(each.printed)
    ]
    for group in (change.group, ()):
        level = [each for each in alike if each.group == group] if group else alike
        years: dict[int, list[Column]] = {}
        for each in level:
            if found := YEAR.search(each.title) or YEAR.search(" ".join(each.header)):
                years.setdefault(int(found[0]), []).append(each)
        if len(years) >= 2:
            last = max(years)
            if (
                last - 1 in years
                and len(years[last]) == len(years[last - 1]) == 1
                and years[last][0].unit == years[last - 1][0].unit
            ):
                return years[last - 1][0], years[last][0]
            return None
        now, before = ([each for each in level if word.search(each.title)] for word in (_NOW, _BEFORE))
        if len(now) == len(before) == 1 and now[0].unit == before[0].unit:
            return before[0], now[0]
    return None


def _across(grid: Grid, before: Column, now: Column, change: Column) -> Iterator[Stated]:
    for row in grid.rows:
        one, other, third = (row.figures.get(each.place) for each in (before, now, change))
        if one and other and third and not NOT_COMPARABLE.search(row.stub + grid.caption):
            readings = _changes(one, other, third)
            if readings:
                yield readings, (one, other, third), third, f"{row.stub} · {'/'.join(change.header)}"


def _down(grid: Grid, level: Column, change: Column) -> Iterator[Stated]:
    """Yield the growth from row to row where rows are years one after the other."""
    for one, other in zip(grid.rows, grid.rows[1:], strict=False):
        years = [YEAR.search(row.stub) for row in (one, other)]
        if not (years[0] and years[1]) or int(years[1][0]) - int(years[0][0]) != 1:
            continue
        before, now, third = one.figures.get(level.place), other.figures.get(level.place), other.figures.get(change.place)
        if before and now and third and (readings := _changes(before, now, third)):
            yield readings, (before, now, third), third, f"{other.stub} · {'/'.join(change.header)}"


def _left_of(grid: Grid, change: Column) -> list[Column]:
    """Return the columns of levels that a growth can be of: those of its group, or all to its left."""
    level = [each for each in grid.columns if each.is_additive and each.place < change.place]
    of_group = [each for each in level if change.group and each.group == change.group]
    return of_group or level


def _changes(before: PrintedFigure, now: PrintedFigure, change: PrintedFigure) -> list[Constraint]:
    if before.unit != now.unit or change.unit not in ("%", "个百分点", now.unit):
        return []
    return changes(before, now, change, is_rise=not change.fall)


def _add(rule: Rule, stated: Sequence[Stated], relations: Relations, *, needs_others: bool = False) -> None:
    """Add what the cells of a column state: where most of several fail, the column is of something else."""
    holding = [_holds(each) for each in stated]
    kept, failed = sum(holding), len(stated) - sum(holding)
    is_judged = failed <= kept if len(stated) > 1 or needs_others else True
    for readings, figures, suspect, words in stated:
        is_difference = suspect.unit == figures[0].unit and rule is document_rules.GROWTH
        relations.add(
            document_rules.DIFFERENCE if is_difference else rule, readings if is_judged else (), figures, suspect, words
        )


def _add_best(rule: Rule, candidates: Sequence[Sequence[Stated]], relations: Relations) -> None:
    """Add what a column states of the column that it fits best."""
    stated = max((each for each in candidates if each), key=lambda each: sum(map(_holds, each)), default=None)
    if stated is not None:
        _add(rule, stated, relations, needs_others=len(candidates) > 1)


def _holds(stated: Stated) -> bool:
    readings, figures, _, _ = stated
    bounds = bounds_of_cells(figures, is_cut_off=True)
    return any(can_hold(each, bounds) is not False for each in readings)


def _add_shares(grid: Grid, share: Column, relations: Relations) -> None:
    """Add shares of the total row, and their sum where the table prints a total of a hundred percent."""
    totals = [row for row in grid.rows if row.is_total or row.is_of_area]
    if len(totals) != 1:
        return
    total = totals[0]
    others = [row for row in grid.rows if row is not total and not row.is_subtotal]
    candidates = [list(_shares(level, share, total, others)) for level in _left_of(grid, share)[-1:]]
    _add_best(document_rules.SHARE_OF_WHOLE, candidates, relations)
    whole = total.figures.get(share.place)
    shares = [row.figures[share.place] for row in others if share.place in row.figures]
    is_flat = not any(row.is_of_which for row in others) and len(shares) == len(others) > 1
    if whole is not None and is_flat and whole.published.rstrip("%％").rstrip("0").rstrip(".") in ("1", "100"):
        constraint = rules.equal(added(shares), 100)
        words = f"{total.stub} · {'/'.join(share.header)}"
        relations.add(document_rules.SHARES_SUM, [constraint], (*shares, whole), whole, words)


def _shares(level: Column, share: Column, total: Row, rows: Sequence[Row]) -> Iterator[Stated]:
    whole = total.figures.get(level.place)
    for row in rows:
        part, printed = row.figures.get(level.place), row.figures.get(share.place)
        if whole and part and printed and part.unit == whole.unit:
            constraint = rules.share_of(part.cell, whole.cell, printed.cell)
            yield [constraint], (part, whole, printed), printed, f"{row.stub} · {'/'.join(share.header)}"
