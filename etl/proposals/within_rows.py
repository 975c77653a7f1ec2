"""Rules that might hold of the figures of one row: sums, balances, shares, and parts of a whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from etl.proposals.candidates import Candidate, listed, listed_zh
from etl.proposals.columns import FigureColumn, without_unit
from etl.proposals.wording import Wording, call, times
from schemas import rules
from schemas.claims import HIGH, LOW

MOST_PARTS = 6
SUM = "_is_the_sum_of_its_parts"
SUM_OVER = "_sum_over_"
"""How the name of such a rule ends, and what stands in that of a sum over a category."""
MOST_COLUMNS = 10
"""Of one dimension, of which every sum is tried; of more, only sums of columns side by side."""
LEAST_ROWS_FOR_A_SLIP = 8
"""One row in so many may break what all others keep: then it is told, and not proposed."""

_PER = ((re.compile("每万"), 10_000), (re.compile("每千"), 1_000), (re.compile("每百"), 100))
_ROLES: Mapping[str, re.Pattern[str]] = {
    "carried_over": re.compile("^(?:旧存|上期未结|年初未结|年初存案|期初未结|上年结转|上年旧存|期初存案)(?:案件|数|件数)*$"),
    "carried_on": re.compile("^(?:未结|期末未结|年末未结|年末存案|结转下期|期末存案|结存)(?:案件|数|件数)*$"),
    "received": re.compile("^(?:收案|新收|受理|新收案件|新受理|新收案)(?:案件|数|件数)*$"),
    "closed": re.compile("^(?:结案|审结|办结|已结)(?:案件|数|件数)*$"),
}

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Readings:
    """What the figures of a table say, row for row."""

    columns: tuple[FigureColumn, ...]
    rows: Rows

    def may_hold(self, plus: Sequence[FigureColumn], minus: Sequence[FigureColumn], constant: float = 0.0) -> bool:
        """Whether the sum of some columns less that of others can be a number, in all rows but one in so many."""
        applied = broken = 0
        for row in self.rows:
            low = high = -constant
            for each, is_plus in (*((one, True) for one in plus), *((one, False) for one in minus)):
                bounds = row[each.name + LOW], row[each.name + HIGH]
                if None in bounds:
                    break
                low += bounds[0] if is_plus else -bounds[1]
                high += bounds[1] if is_plus else -bounds[0]
            else:
                applied += 1
                slack = 1e-9 * (abs(low) + abs(high))
                broken += not (low - slack <= 0 <= high + slack)
                if broken * LEAST_ROWS_FOR_A_SLIP > len(self.rows):
                    return False
        return applied > 0

    def twins(self) -> set[str]:
        """Give the columns that another one equals in every row, so that nobody can tell which of them a sum has."""
        found: set[str] = set()
        for one, other in combinations([each for each in self.columns if each.is_level], 2):
            if one.dimension == other.dimension and all(row[one.name] == row[other.name] for row in self.rows):
                found |= {one.name, other.name}
        return found


def role(column: FigureColumn) -> str:
    """Give what a column is in the flow of cases: received, closed, carried over, carried on; empty for none."""
    return next((name for name, pattern in _ROLES.items() if pattern.match(column.zh)), "")


def within_rows(readings: Readings) -> Iterator[Candidate]:
    """Give the rules that might hold within a row."""
    for columns in _by_dimension(readings):
        yield from _sums(readings, columns)
        yield from _balances(readings, columns)
    yield from _shares_of_a_hundred(readings)
    yield from _quotients(readings)
    yield from _parts(readings)


def _by_dimension(readings: Readings) -> list[list[FigureColumn]]:
    twins = readings.twins()
    found: dict[str, list[FigureColumn]] = {}
    for each in readings.columns:
        if each.is_level and each.name not in twins:
            found.setdefault(each.dimension, []).append(each)
    return list(found.values())


def _subsets(columns: Sequence[FigureColumn], most: int) -> Iterator[tuple[FigureColumn, ...]]:
    """Give the sets of two and more columns to be tried."""
    for size in range(2, min(most, len(columns)) + 1):
        if len(columns) < MOST_COLUMNS:
            yield from combinations(columns, size)
        else:
            yield from (tuple(columns[at : at + size]) for at in range(len(columns) - size + 1))


def _sums(readings: Readings, columns: Sequence[FigureColumn]) -> list[Candidate]:
    found, tried = [], 0
    for total in columns:
        for parts in _subsets([each for each in columns if each is not total], MOST_PARTS):
            tried += 1
            if readings.may_hold(parts, [total]):
                wording = call(rules.equal, total.name, call(rules.total, *(part.name for part in parts)))
                reason = f"What is counted as {total.en} is {listed([part.en for part in parts])} together."
                zh = f"{total.zh}等于{listed_zh(parts)}之和"
                name = f"{total.name}{SUM}"
                found.append(Candidate(name, zh, reason, wording, (total, *parts)))
    return [replace(each, tried=tried) for each in found]


def _balances(readings: Readings, columns: Sequence[FigureColumn]) -> list[Candidate]:
    if len(columns) > MOST_COLUMNS:
        columns = [each for each in columns if role(each)]
    found, tried = [], 0
    for four in combinations(columns, 4):
        first, *others = four
        for partner in others:
            left, right = (first, partner), tuple(each for each in others if each is not partner)
            tried += 1
            if readings.may_hold(left, right):
                found.append(_balance(left, right))
    return [replace(each, tried=tried) for each in found]


def _balance(left: tuple[FigureColumn, ...], right: tuple[FigureColumn, ...]) -> Candidate:
    by_role = {role(each): each for each in (*left, *right)}
    columns = (*left, *right)
    if set(by_role) == set(_ROLES) and {role(each) for each in left} in ({"received", "carried_over"}, {"closed", "carried_on"}):
        names = [by_role[each].name for each in ("received", "carried_over", "closed", "carried_on")]
        zh = "{received}加{carried_over}减{closed}等于{carried_on}".format(**{key: each.zh for key, each in by_role.items()})
        reason = "A case that was received or carried over, and not closed, is carried on."
        return Candidate("carried_on_is_what_is_left", zh, reason, call(rules.pending_end_balances, *names), columns)
    wording = call(rules.equal, *(call(rules.total, *(each.name for each in side)) for side in (left, right)))
    said, said_zh = ([listed([each.en for each in side]) for side in (left, right)], [listed_zh(side) for side in (left, right)])
    name = f"{left[0].name}_and_{left[1].name}_balance_the_others"
    return Candidate(
        name, f"{said_zh[0]}之和等于{said_zh[1]}之和", f"Together, {said[0]} are as much as {said[1]}.", wording, columns
    )


def _shares_of_a_hundred(readings: Readings) -> list[Candidate]:
    shares = [each for each in readings.columns if each.kind == "share"]
    found, tried = [], 0
    for parts in _subsets(shares, len(shares)):
        tried += 1
        if readings.may_hold(parts, [], 100):
            wording = call(rules.equal, call(rules.total, *(part.name for part in parts)), 100)
            reason = f"A whole is made of {listed([part.en for part in parts])}, so the shares add up to a hundred percent."
            zh = f"{listed_zh(parts)}之和为百分之百"
            found.append(Candidate("shares_sum_to_the_whole", zh, reason, wording, parts))
    return [replace(each, tried=tried) for each in found]


def _quotients(readings: Readings) -> Iterator[Candidate]:
    """Give the shares, multiples and means that might be one column over another."""
    levels = [each for each in readings.columns if each.is_level]
    for quotient in readings.columns:
        made = _made_of(quotient)
        if made is None:
            continue
        claim, is_of_one_dimension = made
        pairs = [
            (part, whole)
            for part in levels
            for whole in levels
            if part is not whole and (not is_of_one_dimension or part.dimension == whole.dimension)
        ]
        for part, whole in pairs:
            reason = f"What is printed as {quotient.en} is {part.en} over {whole.en}."
            zh = f"{quotient.zh}等于{part.zh}与{whole.zh}之比"
            is_named = whole.name in quotient.name
            name = f"{without_unit(quotient.name)}_fits_its_parts" if is_named else f"{quotient.name}_is_of_{whole.name}"
            wording = claim(part.name, whole.name)
            yield Candidate(name, zh, reason, wording, (quotient, part, whole), quotient.name, tried=len(pairs))


def _made_of(quotient: FigureColumn) -> tuple[Callable[[str, str], Wording], bool] | None:
    """Give how a quotient is made of two columns, and whether both must be of one dimension; None for what is none."""
    match quotient.kind, quotient.dimension:
        case ("share", _) | ("multiple", "percentage"):
            return lambda part, whole: call(rules.share_of, part, whole, quotient.name), True
        case "multiple", _:
            return lambda part, whole: call(rules.multiple_of, part, whole, quotient.name), True
        case "mean", _:
            number = next((number for pattern, number in _PER if pattern.search(quotient.zh)), 1)
            if number > 1:
                return lambda part, whole: call(rules.equal, times(part, whole, number), quotient.name), False
            return lambda part, whole: call(rules.multiple_of, part, whole, quotient.name), False
        case _:
            return None


def _parts(readings: Readings) -> Iterator[Candidate]:
    """Give the parts of a whole that the titles name, and the cases that can be closed."""
    by_role = {role(each): each for each in readings.columns}
    for at, part in enumerate(readings.columns):
        if not (part.title.is_part and part.is_level):
            continue
        wholes = [each for each in readings.columns[:at] if each.dimension == part.dimension and not each.title.is_part]
        if wholes:
            whole = wholes[-1]
            reason = f"The table counts {part.en} among {whole.en}."
            zh, wording = f"{part.zh}不多于{whole.zh}", call(rules.within, part.name, whole.name)
            yield Candidate(f"{part.name}_are_among_{whole.name}", zh, reason, wording, (part, whole), is_by_name=True)
    if {"received", "closed", "carried_over"} <= set(by_role):
        flow = tuple(by_role[each] for each in ("closed", "received", "carried_over"))
        wording = call(rules.disposed_le_docket, *(each.name for each in flow))
        reason = "A case that is closed was received in the period, or carried over into it."
        zh = f"{flow[0].zh}不超过{flow[1].zh}与{flow[2].zh}之和"
        yield Candidate("closed_are_received_or_carried_over", zh, reason, wording, flow, is_by_name=True)
