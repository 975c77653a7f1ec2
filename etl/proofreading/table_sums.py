"""Rows and columns of a table that should add up, and parts that are within their whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from etl.calculator.bounds import can_hold
from etl.proofreading.figures import PrintedFigure, bounds_of_cells
from etl.proofreading.grids import Column, Grid, Row, is_of_which_title, is_total_title
from etl.proofreading.relations import Relations, added
from schemas import document_rules, rules
from schemas.constraints import Constraint

_MOST_NESTED = 12
_OUTER = re.compile("[一二三四五六七八九十]+、")

Sum = tuple[Sequence[PrintedFigure], PrintedFigure, str]
"""The parts of a sum, its total, and the words for it."""


def find_table_sums(grid: Grid, relations: Relations) -> None:
    """Find the sums of a table that are plain: where the others hold, or where nothing speaks against a single one."""
    for rank, row in enumerate(grid.rows):
        if row.is_total or row.is_subtotal or row.is_of_area:
            parts, is_plain = _parts(grid.rows, rank)
            parts = _without_nested(parts, grid.columns)
            if len(parts) > 1:
                _judge(list(_sums_of_rows(grid, parts, row)), relations, is_plain=is_plain and not row.is_of_area)
    for total in grid.columns:
        parts_of = _sibling_columns(grid.columns, total) if is_total_title(total.title) else []
        if len(parts_of) > 1:
            _judge(list(_sums_of_columns(grid, parts_of, total)), relations, is_plain=True)
    _find_parts_within(grid, relations)


def _parts(rows: Sequence[Row], rank: int) -> tuple[list[Row], bool]:
    """Return the rows that add up to a row, and whether that is plain from their names."""
    row = rows[rank]
    ends = [at for at, each in enumerate(rows) if each.is_total or each.is_of_area]
    if row.is_subtotal:
        start = max((at + 1 for at in range(rank) if rows[at].is_subtotal or rows[at].is_total), default=0)
        run = list(rows[start:rank])
    elif rank == len(rows) - 1 or rank > 0:
        run = list(rows[max((at + 1 for at in ends if at < rank), default=0) : rank])
    else:
        run = list(rows[rank + 1 : min((at for at in ends if at > rank), default=len(rows))])
    if not row.is_subtotal and any(each.is_subtotal for each in run):
        run = [each for each in run if each.is_subtotal]
    outer = [each for each in run if _OUTER.match(each.stub)]
    is_plain = len(outer) > 1 or not (outer or any(each.is_of_which for each in run))
    run = outer if len(outer) > 1 else [each for each in run if not each.is_of_which]
    return run, is_plain


def _without_nested(rows: Sequence[Row], columns: Sequence[Column]) -> list[Row]:
    """Leave out rows that add up to the row above them, as parts of a part do."""
    kept, at = list[Row](), 0
    while at < len(rows):
        kept.append(rows[at])
        at += 1 + _nested(rows[at], rows[at + 1 : at + _MOST_NESTED], columns)
    return kept


def _nested(whole: Row, below: Sequence[Row], columns: Sequence[Column]) -> int:
    """Count the rows just below a row that add up to it in every column; 0 for none."""
    places = [each.place for each in columns if each.is_additive and each.place in whole.figures]
    for number in range(2, len(below) + 1 if places else 0):
        parts = [[row.figures[place] for row in below[:number] if place in row.figures] for place in places]
        highest = whole.figures[places[0]].reading.high
        if highest is not None and sum(each.reading.low or 0 for each in parts[0]) > highest:
            return 0  # and with more rows even more so
        if all(len(each) == number for each in parts) and all(
            _holds(rules.equal(added(figures), whole.figures[place].cell), (*figures, whole.figures[place]))
            for place, figures in zip(places, parts, strict=True)
        ):
            return number
    return 0


def _sums_of_rows(grid: Grid, parts: Sequence[Row], total: Row) -> Iterator[Sum]:
    for column in grid.columns:
        if not column.is_additive or column.place not in total.figures:
            continue
        figures = [row.figures[column.place] for row in parts if column.place in row.figures]
        whole = total.figures[column.place]
        if len(figures) == len(parts) and {each.unit for each in figures} == {whole.unit}:
            yield figures, whole, f"{total.stub} · {'/'.join(column.header)}"


def _sibling_columns(columns: Sequence[Column], total: Column) -> list[Column]:
    alike = [
        each
        for each in columns
        if each is not total and each.group == total.group and each.unit == total.unit and each.is_additive
    ]
    others = [each for each in alike if not is_of_which_title(each.title) and not is_total_title(each.title)]
    return others if total.is_additive else []


def _sums_of_columns(grid: Grid, parts: Sequence[Column], total: Column) -> Iterator[Sum]:
    for row in grid.rows:
        figures = [row.figures[column.place] for column in parts if column.place in row.figures]
        if total.place in row.figures and len(figures) == len(parts):
            yield figures, row.figures[total.place], f"{row.stub} · {'/'.join(total.header)}"


def _judge(sums: Sequence[Sum], relations: Relations, *, is_plain: bool) -> None:
    """Add sums: of several, those that fail count only where most others hold."""
    constraints = [rules.equal(added(parts), total.cell) for parts, total, _ in sums]
    holding = [_holds(constraint, (*parts, total)) for constraint, (parts, total, _) in zip(constraints, sums, strict=True)]
    kept = sum(holding)
    is_judged = kept > len(sums) - kept or (kept and kept == len(sums) - kept and is_plain)
    if len(sums) == 1:
        is_judged = kept == 1 or (is_plain and _is_near(sums[0]))
    for constraint, (parts, total, words) in zip(constraints, sums, strict=True):
        relations.add(document_rules.PARTS_SUM, [constraint] if is_judged else (), (*parts, total), total, words)


def _holds(constraint: Constraint, figures: Sequence[PrintedFigure]) -> bool:
    return can_hold(constraint, bounds_of_cells(figures, is_cut_off=True)) is not False


def _is_near(one: Sum) -> bool:
    """Whether parts that stand alone may be all: half to twice their total."""
    parts, total, _ = one
    added = sum(float(each.bounds[0].low or 0) for each in parts)
    whole = float(total.bounds[0].low or 0)
    return whole / 2 <= added <= 2 * whole


def _find_parts_within(grid: Grid, relations: Relations) -> None:
    whole: Row | None = None
    for row in grid.rows:
        if not row.is_of_which:
            whole = row
        elif whole is not None:
            for column in grid.columns:
                part, of = row.figures.get(column.place), whole.figures.get(column.place)
                if part and of and column.is_additive and part.unit == of.unit:
                    words = f"{row.stub} · {'/'.join(column.header)}"
                    relations.add(document_rules.PART_WITHIN, [rules.within(part.cell, of.cell)], (part, of), part, words)
    for left, right in zip(grid.columns, grid.columns[1:], strict=False):
        if is_of_which_title(right.title) and left.is_additive and right.is_additive and left.unit == right.unit:
            for row in grid.rows:
                part, of = row.figures.get(right.place), row.figures.get(left.place)
                if part and of:
                    words = f"{row.stub} · {'/'.join(right.header)}"
                    relations.add(document_rules.PART_WITHIN, [rules.within(part.cell, of.cell)], (part, of), part, words)
