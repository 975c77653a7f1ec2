"""Derive column constraints from row rules, by trying each rule on a few rows.

A condition is an opaque expression, so it is not read but tried: which order of two days it accepts, which characters of
a number must be the year of a day, which columns must be filled together, how many years a term may last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import narwhals.stable.v1 as nw
import polars as pl

from etl.registers.parse import YES
from schemas.code_lists import CodeLists
from schemas.registers import TOTAL, Code, Day, Flag, Identifier, Money, Register, columns, row_rules
from schemas.rule_declarations import Rule

TRIED_YEARS, TRIED_POSITIONS = 100, 40
TYPES: Mapping[type, pl.DataType] = {Day: pl.Date(), Flag: pl.Boolean(), Money: pl.Float64()}
_DAY, _NEXT_DAY, _YEAR = date(2031, 5, 5), date(2031, 5, 6), "2031"
_FILLED: Mapping[type, object] = {Day: _DAY, Flag: True, Money: 1.0}
Cells = Mapping[str, Sequence[object]]


@dataclass
class RowConstraints:
    """Constraints of row rules on columns.

    Attributes:
        ordered: pairs of days, the first of which is not after the second.
        dated: for an identifier, at which position it bears the year of which day.
        filled_with: for a column, the day with which it is filled or blank.
        terms: for a day, the day from which it is counted, the code that sets the number of years, and that number by code.
    """

    ordered: list[tuple[str, str]] = field(default_factory=list)
    dated: dict[str, tuple[int, str]] = field(default_factory=dict)
    filled_with: dict[str, str] = field(default_factory=dict)
    terms: dict[str, tuple[str, str, dict[str, int]]] = field(default_factory=dict)


def row_constraints(model: type[Register], lists: CodeLists) -> RowConstraints:
    """Find what the row rules of a model ask of its columns."""
    found = RowConstraints()
    kinds = {column.name: type(column.dtype) for column in columns(model)}
    codes = {
        column.name: [each.code for each in lists.codes(column.meaning.codes) if each.code != TOTAL]
        for column in columns(model)
        if column.meaning.codes
    }
    for rule in _conditions(model):
        used = list(dict.fromkeys(rule.constraint.uses if rule.constraint else ()))
        days, others = ([name for name in used if (kinds[name] is Day) == is_day] for is_day in (True, False))
        if len(days) == 2 and not others:
            _try_order(found, rule, days[0], days[1], kinds)
        elif len(days) == 2 and len(others) == 1 and kinds[others[0]] is Code:
            _try_term(found, rule, days, others[0], codes[others[0]], kinds)
        elif len(days) == len(others) == 1 and kinds[others[0]] is Identifier:
            _try_year(found, rule, days[0], others[0], kinds)
        elif len(days) == len(others) == 1:
            _try_filled(found, rule, days[0], others[0], kinds)
    return found


def broken_rules(model: type[Register], rows: pl.DataFrame) -> list[str]:
    """List the rules of rows that some row, given as text, breaks."""
    cells = rows.select(_read(pl.col(column.name), type(column.dtype)) for column in columns(model))
    return [rule.id for rule in _conditions(model) if not _verdicts(rule, cells).all()]


def _read(text: pl.Expr, kind: type) -> pl.Expr:
    if kind is Flag:
        return text.is_in(YES)
    return text.str.to_date() if kind is Day else text.cast(TYPES.get(kind, pl.String()))


def _conditions(model: type[Register]) -> list[Rule]:
    return [rule for rule in row_rules(model) if rule.constraint and rule.constraint.relation == "holds"]


def _verdicts(rule: Rule, cells: pl.DataFrame) -> pl.Series:
    assert rule.constraint is not None and rule.constraint.condition is not None
    judged: pl.DataFrame = nw.from_native(cells).select(verdict=rule.constraint.condition).to_native()
    return judged["verdict"]


def _tried(rule: Rule, cells: Cells, kinds: Mapping[str, type]) -> list[bool | None]:
    schema = {name: TYPES.get(kinds[name], pl.String()) for name in cells}
    return _verdicts(rule, pl.DataFrame(cells, schema=schema)).to_list()


def _try_order(found: RowConstraints, rule: Rule, one: str, other: str, kinds: Mapping[str, type]) -> None:
    match _tried(rule, {one: [_DAY, _NEXT_DAY], other: [_NEXT_DAY, _DAY]}, kinds):
        case [True, False]:
            found.ordered.append((one, other))
        case [False, True]:
            found.ordered.append((other, one))


def _try_year(found: RowConstraints, rule: Rule, day: str, number: str, kinds: Mapping[str, type]) -> None:
    numbers = ["_" * at + _YEAR for at in range(TRIED_POSITIONS)]
    verdicts = _tried(rule, {number: numbers, day: [_DAY] * len(numbers)}, kinds)
    if verdicts.count(True) == 1:
        found.dated[number] = (verdicts.index(True), day)


def _try_filled(found: RowConstraints, rule: Rule, day: str, other: str, kinds: Mapping[str, type]) -> None:
    filled = _FILLED.get(kinds[other], "x")
    if _tried(rule, {day: [None, _DAY, None, _DAY], other: [None, filled, filled, None]}, kinds) == [True, True, False, False]:
        found.filled_with[other] = day


def _try_term(found: RowConstraints, rule: Rule, days: list[str], code: str, known: list[str], kinds: Mapping[str, type]) -> None:
    """Find the most years by code, whichever of the two days is the later one."""
    ends = [_DAY.replace(year=_DAY.year + years) for years in range(TRIED_YEARS)]
    for earlier, later in (days, reversed(days)):
        most = {}
        for each in known:
            cells: Cells = {earlier: [_DAY] * TRIED_YEARS, later: ends, code: [each] * TRIED_YEARS}
            years = [at for at, holds in enumerate(_tried(rule, cells, kinds)) if holds]
            if years and years[-1] < TRIED_YEARS - 1:
                most[each] = years[-1]
        if len(most) == len(known):
            found.terms[later] = (earlier, code, most)
