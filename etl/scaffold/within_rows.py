"""Rules that might hold within a row: sums, balances, shares, parts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from etl.scaffold.candidates import Candidate, listed, listed_zh
from etl.scaffold.columns import FigureColumn, without_unit
from etl.scaffold.dry_run import DryRun
from etl.scaffold.expressions import CARRIED_ON, CLOSED_WITHIN, Expression, call, times
from schemas import rules

MOST_PARTS = 6
SUM, SUM_OVER = "_is_the_sum_of_its_parts", "_sum_over_"
"""How the name of such a rule ends, and what stands in that of a sum over a category."""
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

Columns = tuple[FigureColumn, ...]


class Readings:
    """The columns of a table and the bounds of their figures, row for row."""

    def __init__(self, dry_run: DryRun) -> None:
        self.columns: Columns = dry_run.layout.figures
        self.levels: Columns = tuple(each for each in self.columns if each.is_level)
        self.shares: Columns = tuple(each for each in self.columns if each.kind == "share")
        self.twins = frozenset[str]()
        self._height = dry_run.layout.height
        self._bounds = {each.name: [dry_run.bounds(row, each.name) for row in range(self._height)] for each in self.columns}
        for one, other in combinations(self.levels, 2):
            if one.dimension == other.dimension and all(row[one.name] == row[other.name] for row in dry_run.rows):
                self.twins |= {one.name, other.name}

    def may_hold(self, plus: Sequence[FigureColumn], minus: Sequence[FigureColumn], constant: float = 0.0) -> bool:
        """Check whether the sum of columns can equal a number in nearly all rows."""
        added, subtracted = ([self._bounds[each.name] for each in side] for side in (plus, minus))
        applied = broken = 0
        for row in range(self._height):
            low = high = -constant
            for column in added:
                if (bounds := column[row]) is None:
                    break
                low, high = low + bounds[0], high + bounds[1]
            else:
                for column in subtracted:
                    if (bounds := column[row]) is None:
                        break
                    low, high = low - bounds[1], high - bounds[0]
                else:
                    applied += 1
                    slack = 1e-9 * (abs(low) + abs(high))
                    broken += not (low - slack <= 0 <= high + slack)
                    if broken * LEAST_ROWS_FOR_A_SLIP > self._height:
                        return False
        return applied > 0


def role(column: FigureColumn) -> str:
    """Return the role of a column in the flow of cases; empty for none."""
    return next((name for name, pattern in _ROLES.items() if pattern.match(column.zh)), "")


def within_rows(readings: Readings) -> Iterator[Candidate]:
    """Yield the rules that might hold within a row."""
    by_dimension: dict[str, list[FigureColumn]] = {}
    for each in readings.levels:
        if each.name not in readings.twins:
            by_dimension.setdefault(each.dimension, []).append(each)
    for columns in by_dimension.values():
        yield from _sums(readings, columns)
        yield from _balances(readings, columns)
    yield from _shares_of_a_hundred(readings)
    yield from _quotients(readings)
    yield from _parts(readings)


def _subsets(columns: Sequence[FigureColumn], most: int) -> Iterator[Columns]:
    """Yield the sets of two and more columns to be tried."""
    for size in range(2, min(most, len(columns)) + 1):
        if len(columns) < MOST_COLUMNS:
            yield from combinations(columns, size)
        else:
            yield from (tuple(columns[at : at + size]) for at in range(len(columns) - size + 1))


def _names(columns: Sequence[FigureColumn]) -> list[str]:
    return [each.name for each in columns]


def _en(columns: Sequence[FigureColumn]) -> str:
    return listed([each.en for each in columns])


def _sums(readings: Readings, columns: Sequence[FigureColumn]) -> list[Candidate]:
    found, tried = [], 0
    for total in columns:
        for parts in _subsets([each for each in columns if each is not total], MOST_PARTS):
            tried += 1
            if readings.may_hold(parts, [total]):
                constraint = call(rules.equal, total.name, call(rules.total, *_names(parts)))
                reason = f"What is counted as {total.en} is {_en(parts)} together."
                zh = f"{total.zh}等于{listed_zh(parts)}之和"
                found.append(Candidate(f"{total.name}{SUM}", zh, reason, constraint, (total, *parts)))
    return [replace(each, tried=tried) for each in found]


def _balances(readings: Readings, columns: Sequence[FigureColumn]) -> list[Candidate]:
    if len(columns) > MOST_COLUMNS:
        columns = [each for each in columns if role(each)]
    found, tried = [], 0
    for first, *others in combinations(columns, 4):
        for partner in others:
            left, right = (first, partner), tuple(each for each in others if each is not partner)
            tried += 1
            if readings.may_hold(left, right):
                found.append(_balance(left, right))
    return [replace(each, tried=tried) for each in found]


def _balance(left: Columns, right: Columns) -> Candidate:
    by_role = {role(each): each for each in (*left, *right)}
    if set(by_role) == set(_ROLES) and {role(each) for each in left} in ({"received", "carried_over"}, {"closed", "carried_on"}):
        flow = [by_role[each] for each in ("received", "carried_over", "closed", "carried_on")]
        zh = "{}加{}减{}等于{}".format(*(each.zh for each in flow))
        reason = "A case that was received or carried over, and not closed, is carried on."
        return Candidate("carried_on_is_what_is_left", zh, reason, call(CARRIED_ON, *_names(flow)), (*left, *right))
    constraint = call(rules.equal, *(call(rules.total, *_names(side)) for side in (left, right)))
    zh = "{}之和等于{}之和".format(*map(listed_zh, (left, right)))
    reason = f"Together, {_en(left)} are as much as {_en(right)}."
    name = f"{left[0].name}_and_{left[1].name}_balance_the_others"
    return Candidate(name, zh, reason, constraint, (*left, *right))


def _shares_of_a_hundred(readings: Readings) -> list[Candidate]:
    found, tried = [], 0
    for parts in _subsets(readings.shares, len(readings.shares)):
        tried += 1
        if readings.may_hold(parts, [], 100):
            constraint = call(rules.equal, call(rules.total, *_names(parts)), 100)
            reason = f"A whole is made of {_en(parts)}, so the shares add up to a hundred percent."
            found.append(Candidate("shares_sum_to_the_whole", f"{listed_zh(parts)}之和为百分之百", reason, constraint, parts))
    return [replace(each, tried=tried) for each in found]


def _quotients(readings: Readings) -> Iterator[Candidate]:
    """Yield the shares, multiples and means that might be one column over another."""
    for quotient in readings.columns:
        constraint, is_of_one_dimension = _quotient(quotient)
        if constraint is None:
            continue
        pairs = [
            (part, whole)
            for part in readings.levels
            for whole in readings.levels
            if part is not whole and (not is_of_one_dimension or part.dimension == whole.dimension)
        ]
        for part, whole in pairs:
            reason = f"What is printed as {quotient.en} is {part.en} over {whole.en}."
            zh = f"{quotient.zh}等于{part.zh}与{whole.zh}之比"
            is_named = whole.name in quotient.name
            name = f"{without_unit(quotient.name)}_fits_its_parts" if is_named else f"{quotient.name}_is_of_{whole.name}"
            columns = (quotient, part, whole)
            yield Candidate(name, zh, reason, constraint(part.name, whole.name), columns, quotient.name, tried=len(pairs))


def _quotient(quotient: FigureColumn) -> tuple[Callable[[str, str], Expression] | None, bool]:
    """Choose the constraint of a quotient, and whether both sides share a dimension."""
    if quotient.kind == "share" or (quotient.kind, quotient.dimension) == ("multiple", "percentage"):
        return lambda part, whole: call(rules.share_of, part, whole, quotient.name), True
    number = next((number for pattern, number in _PER if pattern.search(quotient.zh)), 1)
    if quotient.kind == "mean" and number > 1:
        return lambda part, whole: call(rules.equal, times(part, whole, number), quotient.name), False
    if quotient.kind in ("mean", "multiple"):
        return lambda part, whole: call(rules.multiple_of, part, whole, quotient.name), quotient.kind == "multiple"
    return None, False


def _parts(readings: Readings) -> Iterator[Candidate]:
    """Yield the parts of a whole that titles name, and the limit of closed cases."""
    for at, part in enumerate(readings.columns):
        before = readings.columns[:at] if part.title.is_part and part.is_level else ()
        wholes = [each for each in before if each.dimension == part.dimension and not each.title.is_part]
        if wholes:
            whole = wholes[-1]
            reason, zh = f"The table counts {part.en} among {whole.en}.", f"{part.zh}不多于{whole.zh}"
            constraint = call(rules.within, part.name, whole.name)
            yield Candidate(f"{part.name}_are_among_{whole.name}", zh, reason, constraint, (part, whole), is_by_name=True)
    by_role = {role(each): each for each in readings.columns}
    if {"received", "closed", "carried_over"} <= set(by_role):
        flow = tuple(by_role[each] for each in ("closed", "received", "carried_over"))
        reason = "A case that is closed was received in the period, or carried over into it."
        zh = "{}不超过{}与{}之和".format(*(each.zh for each in flow))
        constraint = call(CLOSED_WITHIN, *_names(flow))
        yield Candidate("closed_are_received_or_carried_over", zh, reason, constraint, flow, is_by_name=True)
