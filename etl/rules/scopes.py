"""Find the rows that a rule applies to: try its condition on every code.

A condition is an expression over plain columns. The codes of a category or area are listed, so that all of them can be
tried; a figure may be any number, so that only blanks and a few numbers can.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import prod

import narwhals.stable.v1 as nw
import polars as pl

from schemas.code_lists import CodeLists
from schemas.constraints import HIGH, LOW, Cell, Constraint
from schemas.models import Column, Rule, Table, columns, rules
from schemas.rules import first_of

NUMBERS = (None, -1e15, -50.0, -1.0, 0.0, 0.5, 1.0, 50.0, 99.0, 100.0, 101.0, 1e6, 1e15)
MOST_COMBINATIONS = 100_000

Value = str | float | bool | None
RowKind = Mapping[str, Value]


@dataclass(frozen=True)
class Scopes:
    """The kinds of rows that the rules of a model can tell apart.

    Attributes:
        rows: each kind, as the values of the columns that tell it from others.
        made: by rule id, for each kind of rows whether the rule is made of them; a rule without a condition always is.
        is_whole: by rule id, whether every value that its condition can meet is among them.
        failed: by rule id, why its condition cannot be evaluated.
    """

    rows: Sequence[RowKind]
    made: Mapping[str, Sequence[bool]]
    is_whole: Mapping[str, bool]
    failed: Mapping[str, str]

    def of(self, rule: Rule) -> list[RowKind]:
        """List the kinds of rows that a rule applies to."""
        made = self.made.get(rule.id)
        return [row for number, row in enumerate(self.rows) if made is None or made[number]]


@lru_cache(maxsize=256)
def scopes(model: type[Table], lists: CodeLists) -> Scopes:
    """Enumerate the kinds of rows that a model's rules can tell apart."""
    constraints = {rule.id: rule.constraint for rule in rules(model) if rule.constraint is not None}
    conditions = {name: constraint.condition for name, constraint in constraints.items() if constraint.condition is not None}
    values = _values(model, constraints.values(), lists)
    is_cut = prod(map(len, values.values())) > MOST_COMBINATIONS
    if is_cut:
        values = {name: each[:2] for name, each in values.items()}
    rows = [dict(zip(values, combination, strict=True)) for combination in product(*values.values())]
    listed = {column.name for column in columns(model) if column.meaning.codes}
    is_whole = {
        name: not is_cut and all(used in listed or used.startswith(first_of("")) for used in constraints[name].uses)
        for name in conditions
    }
    made, failed = _try_conditions(rows, conditions)
    return Scopes(rows, made, is_whole, failed)


def _values(model: type[Table], constraints: Collection[Constraint], lists: CodeLists) -> dict[str, list[Value]]:
    """List the possible values of each column that a condition reads or a cell pins."""
    used = [name for constraint in constraints if constraint.condition is not None for name in constraint.uses]
    held = [name for constraint in constraints for cell in constraint.cells() if not cell.table for name in _held(cell)]
    declared = {column.name: column for column in columns(model)}
    return {
        name: _values_of(name, declared.get(name), lists)
        for name in dict.fromkeys((*used, *held))
        if name in declared or name.startswith(first_of(""))
    }


def _values_of(name: str, column: Column | None, lists: CodeLists) -> list[Value]:
    if column is None:
        return [True, False]
    if column.meaning.codes:
        return [*lists.by_code(column.meaning.codes), *([None] if column.optional else [])]
    return list(NUMBERS) if column.is_figure else [""]


def _held(cell: Cell) -> list[str]:
    return [*(name for name, _ in cell.pins), *([cell.over] if cell.over else [])]


def _try_conditions(rows: Sequence[RowKind], conditions: Mapping[str, nw.Expr]) -> tuple[dict[str, list[bool]], dict[str, str]]:
    if not conditions:
        return {}, {}
    frame = _frame(rows)
    made: dict[str, list[bool]] = {}
    failed: dict[str, str] = {}
    try:
        made = _evaluate(frame, conditions)
    except Exception:  # whatever a condition raises is its fault; which one it was is found one by one
        for name, condition in conditions.items():
            try:
                made |= _evaluate(frame, {name: condition})
            except Exception as error:
                failed[name] = str(error).partition("\n")[0]
    return made, failed


def _frame(rows: Sequence[RowKind]) -> pl.DataFrame:
    """Build a frame of the row kinds, with exact figures."""
    texts: dict[str, pl.Series] = {}
    for name in rows[0]:
        values = [row[name] for row in rows]
        series = pl.Series(name, values, dtype=_type(next(value for value in values if value is not None)))
        texts[name] = series
        if series.dtype == pl.Float64:
            texts |= {name + part: series for part in (LOW, HIGH)}
    return pl.DataFrame(texts)


def _evaluate(frame: pl.DataFrame, conditions: Mapping[str, nw.Expr]) -> dict[str, list[bool]]:
    asked = {f"@{number}": condition for number, condition in enumerate(conditions.values())}
    answered: pl.DataFrame = nw.from_native(frame.lazy()).with_columns(**asked).collect().to_native()
    return {name: list(map(bool, answered[f"@{number}"])) for number, name in enumerate(conditions)}


def _type(value: Value) -> type[pl.DataType]:
    match value:
        case bool():
            return pl.Boolean
        case float():
            return pl.Float64
        case _:
            return pl.String
