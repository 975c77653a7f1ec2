"""Rules that might hold within a row: sums, balances, shares, parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import combinations, permutations

import numpy as np

from etl.scaffold.candidates import Candidate, Columns, candidate, listed_en, listed_zh
from etl.scaffold.columns import FigureColumn, without_unit
from etl.scaffold.dry_run import DryRun
from etl.scaffold.expressions import Expression, call, times
from schemas import rules

MOST_PARTS = 6
MOST_COLUMNS = 10
"""Up to so many columns every sum is tried; of more, sums of neighbours."""
LEAST_ROWS_FOR_A_SLIP = 8
"""One row in so many may break a rule; then it is reported, not proposed."""

_PER = ((re.compile("每万"), 10_000), (re.compile("每千"), 1_000), (re.compile("每百"), 100))
_ROLES: Mapping[str, re.Pattern[str]] = {
    "carried_over": re.compile("^(?:旧存|上期未结|年初未结|年初存案|期初未结|上年结转|上年旧存|期初存案)(?:案件|数|件数)*$"),
    "carried_on": re.compile("^(?:未结|期末未结|年末未结|年末存案|结转下期|期末存案|结存)(?:案件|数|件数)*$"),
    "received": re.compile("^(?:收案|新收|受理|新收案件|新受理|新收案)(?:案件|数|件数)*$"),
    "closed": re.compile("^(?:结案|审结|办结|已结)(?:案件|数|件数)*$"),
}


class TriedColumns:
    """The columns of a table and the bounds of their figures, row for row."""

    def __init__(self, dry_run: DryRun) -> None:
        figures = dry_run.parsed.figures
        self.columns: Columns = dry_run.layout.figures
        self.levels: Columns = tuple(each for each in self.columns if each.is_level)
        self.shares: Columns = tuple(each for each in self.columns if each.kind == "share")
        self._bounds = {name: np.array([each.low, each.high]) for name, each in figures.items()}
        self.twins: set[str] = set()
        for one, other in combinations(self.levels, 2):
            mine, theirs = figures[one.name].value, figures[other.name].value
            if one.dimension == other.dimension and np.array_equal(mine, theirs, equal_nan=True):
                self.twins |= {one.name, other.name}

    def may_hold(self, plus: Columns, minus: Columns, constant: float = 0.0) -> bool:
        """Check whether the sum of columns can equal a number in nearly all rows."""
        low, high = sum((self._bounds[each.name] for each in plus), np.full((2, 1), -constant))
        for each in minus:
            low, high = low - self._bounds[each.name][1], high - self._bounds[each.name][0]
        is_known = np.isfinite(low) & np.isfinite(high)
        slack = 1e-9 * (abs(low) + abs(high))
        broken = is_known & ((low - slack > 0) | (high + slack < 0))
        return bool(is_known.any()) and int(np.count_nonzero(broken)) * LEAST_ROWS_FOR_A_SLIP <= len(low)


def role(column: FigureColumn) -> str:
    """Return the role of a column in the flow of cases; empty for none."""
    return next((name for name, pattern in _ROLES.items() if pattern.match(column.zh)), "")


def within_rows(table: TriedColumns) -> Iterator[Candidate]:
    """Yield the rules that might hold within a row."""
    by_dimension: dict[str, list[FigureColumn]] = {}
    for each in table.levels:
        if each.name not in table.twins:
            by_dimension.setdefault(each.dimension, []).append(each)
    for columns in by_dimension.values():
        yield from _sums(table, columns)
        yield from _balances(table, columns)
    yield from _shares_of_a_hundred(table)
    yield from _quotients(table)
    yield from _parts(table)


def _subsets(columns: Columns, most: int) -> Iterator[Columns]:
    """Yield the sets of two and more columns to be tried."""
    for size in range(2, min(most, len(columns)) + 1):
        if len(columns) < MOST_COLUMNS:
            yield from combinations(columns, size)
        else:
            yield from (tuple(columns[at : at + size]) for at in range(len(columns) - size + 1))


def _total(columns: Columns) -> Expression:
    return call(rules.total, *(each.name for each in columns))


def _sums(table: TriedColumns, columns: Columns) -> Iterator[Candidate]:
    others = {total.name: [each for each in columns if each is not total] for total in columns}
    tries = [(total, parts) for total in columns for parts in _subsets(others[total.name], MOST_PARTS)]
    for total, parts in tries:
        if table.may_hold(parts, [total]):
            expression, words = call(rules.equal, total.name, _total(parts)), _words_of_parts(parts)
            yield candidate("sum", expression, total, *parts, tried=len(tries), **words)


def _words_of_parts(parts: Columns) -> dict[str, str]:
    return {"parts": listed_en(parts), "parts_zh": listed_zh(parts)}


def _balances(table: TriedColumns, columns: Columns) -> Iterator[Candidate]:
    if len(columns) > MOST_COLUMNS:
        columns = [each for each in columns if role(each)]
    tries = [
        ((first, partner), tuple(each for each in others if each is not partner))
        for first, *others in combinations(columns, 4)
        for partner in others
    ]
    for left, right in tries:
        if table.may_hold(left, right):
            yield _balance(left, right, len(tries))


def _balance(left: Columns, right: Columns, tried: int) -> Candidate:
    by_role = {role(each): each for each in (*left, *right)}
    if by_role.keys() == _ROLES.keys() and {*map(role, left)} in ({"received", "carried_over"}, {"closed", "carried_on"}):
        flow = [by_role[each] for each in ("received", "carried_over", "closed", "carried_on")]
        return candidate("carried_on", call(rules.pending_end_balances, *_names(flow)), *flow, tried=tried)
    words = {"left": listed_en(left), "right": listed_en(right), "left_zh": listed_zh(left), "right_zh": listed_zh(right)}
    return candidate("balance", call(rules.equal, _total(left), _total(right)), *left, *right, tried=tried, **words)


def _names(columns: Columns) -> list[str]:
    return [each.name for each in columns]


def _shares_of_a_hundred(table: TriedColumns) -> Iterator[Candidate]:
    tries = [*_subsets(table.shares, len(table.shares))]
    for parts in tries:
        if table.may_hold(parts, [], 100):
            expression = call(rules.equal, _total(parts), 100)
            yield candidate("shares_of_a_hundred", expression, *parts, tried=len(tries), **_words_of_parts(parts))


def _quotients(table: TriedColumns) -> Iterator[Candidate]:
    """Yield the shares, multiples and means that might be one column over another."""
    for quotient in table.columns:
        is_mean = quotient.kind == "mean"
        if not is_mean and quotient.kind not in ("share", "multiple"):
            continue
        pairs = [pair for pair in permutations(table.levels, 2) if is_mean or pair[0].dimension == pair[1].dimension]
        for part, whole in pairs:
            kind = "quotient_of_its_parts" if whole.name in quotient.name else "quotient"
            expression, stem = _quotient(quotient, part.name, whole.name), without_unit(quotient.name)
            yield candidate(kind, expression, quotient, part, whole, target=quotient.name, tried=len(pairs), stem=stem)


def _quotient(quotient: FigureColumn, part: str, whole: str) -> Expression:
    """Write that a column is the quotient of two others."""
    if quotient.kind == "share" or (quotient.kind, quotient.dimension) == ("multiple", "percentage"):
        return call(rules.share_of, part, whole, quotient.name)
    number = next((number for pattern, number in _PER if pattern.search(quotient.zh)), 1)
    if quotient.kind == "mean" and number > 1:
        return call(rules.equal, times(part, whole, number), quotient.name)
    return call(rules.multiple_of, part, whole, quotient.name)


def _parts(table: TriedColumns) -> Iterator[Candidate]:
    """Yield the parts of a whole that titles name, and the limit of closed cases."""
    whole: dict[str, FigureColumn] = {}
    for each in table.columns:
        if each.title.is_part and each.is_level and each.dimension in whole:
            of = whole[each.dimension]
            yield candidate("part", call(rules.within, each.name, of.name), each, of)
        elif not each.title.is_part:
            whole[each.dimension] = each
    by_role = {role(each): each for each in table.columns}
    if {"received", "closed", "carried_over"} <= by_role.keys():
        flow = [by_role[each] for each in ("closed", "received", "carried_over")]
        yield candidate("closed_within", call(rules.disposed_le_docket, *_names(flow)), *flow)
