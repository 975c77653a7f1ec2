"""Evaluate rules over tables.

This is the one evaluator: of the gate, of explanations, suspects and mutants, and of pandera's `validate`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import narwhals.stable.v1 as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from schemas.binding import Binding, bind
from schemas.constraints import Cell, Constraint
from schemas.figure_table import FigureTable
from schemas.intervals import Interval, Verdict
from schemas.models import holds_of, rules
from schemas.rule_declarations import Rule
from schemas.rules import first_of
from schemas.texts import Text, TextError

RowNumbers = NDArray[np.int64]
Mask = NDArray[np.bool_]


class RuleNotRunError(TextError):
    """A rule could not be evaluated; the message says why."""


def missing_columns(names: Sequence[str]) -> Text:
    """Say that columns are missing, so that a rule did not run."""
    return Text(f"the column {', '.join(names)} is missing", f"缺少列 {'、'.join(names)}")


def rule_raises(rule: str, why: str) -> Text:
    """Say that a rule did not run since it raised an error."""
    return Text(f"{rule} raises {why}", f"{rule} 运行出错：{why}")


@dataclass(frozen=True, slots=True)
class RowVerdicts:
    """Verdicts of a rule on each row of a table.

    Attributes:
        known: the rows of which something can be said.
        broken: the rows that break the rule, even if digits were cut off rather than rounded.
        truncated: the rows that keep it only if digits were cut off.
    """

    known: Mask
    broken: Mask
    truncated: Mask


@dataclass(frozen=True)
class Evaluation:
    """The tables of a project, to be asked for what its rules say of their rows.

    Attributes:
        tables: the tables, by address.
        parents: the area that encloses each area.
    """

    tables: Mapping[str, FigureTable]
    parents: Mapping[str, str | None]
    _bindings: dict[tuple[str, Cell], Binding] = field(default_factory=dict)
    _conditions: dict[tuple[str, str], Verdict | Exception] = field(default_factory=dict)

    def binding(self, address: str, cell: Cell) -> Binding:
        """Return where each row of a table takes the figure of a cell from.

        Raises:
            OpenCategoryError: the cell leaves a category of another table open.
        """
        if (address, cell) not in self._bindings:
            self._bindings[address, cell] = bind(cell, self.tables[address], self.tables, self.parents)
        return self._bindings[address, cell]

    def replacing(self, table: FigureTable) -> Evaluation:
        """Return the evaluation with a table replaced, keeping what does not depend on it."""
        kept = {
            (address, cell): binding
            for (address, cell), binding in self._bindings.items()
            if table.address not in (address, binding.address)
        }
        conditions = {name: series for name, series in self._conditions.items() if name[0] != table.address}
        return Evaluation({**self.tables, table.address: table}, self.parents, kept, conditions)

    def of(self, address: str, rows: RowNumbers | None = None) -> Callable[[Cell], Interval]:
        """Return a function from a cell to its interval in each row, or in some rows."""
        return lambda cell: self.binding(address, cell).taken(rows).interval

    def of_truncated(self, address: str, rows: RowNumbers | None = None) -> Callable[[Cell], Interval]:
        """Return a function like `of`, reading figures as truncated, not rounded."""
        return lambda cell: self.binding(address, cell).taken(rows).truncated

    def applies(self, address: str, rule: Rule) -> Verdict:
        """Find the rows in which a rule's condition is known, and those that meet it.

        Raises:
            RuleNotRunError: it cannot be evaluated, or a column that the rule reads is missing.
        """
        table = self.tables[address]
        absent = [name for name in reads(rule) if name not in table.figures and name not in table.labels.columns]
        if absent:
            raise RuleNotRunError(missing_columns(absent))
        assert rule.constraint is not None
        if rule.constraint.condition is None:
            return applies(table, rule.constraint)
        if (address, rule.id) not in self._conditions:
            self._conditions.update(((address, name), answer) for name, answer in _conditions(table, rule))
        answer = self._conditions[address, rule.id]
        if isinstance(answer, Exception):
            why = f"{type(answer).__name__}: {' '.join(str(answer).split())}"
            raise RuleNotRunError(rule_raises(rule.id, why)) from answer
        return answer

    def verdicts(self, address: str, rule: Rule) -> RowVerdicts:
        """Evaluate a rule in each row of a table.

        Raises:
            RuleNotRunError: it cannot be evaluated.
            OpenCategoryError: a cell of its constraint leaves a category of another table open.
        """
        constraint = rule.constraint
        assert constraint is not None
        applies = self.applies(address, rule)
        if constraint.relation == "holds":
            return RowVerdicts(applies.known, applies.broken, np.zeros_like(applies.known))
        return judge(constraint, applies.kept, self.of(address), lambda rows: self.of_truncated(address, rows))


def judge(
    constraint: Constraint,
    applies: Mask,
    of: Callable[[Cell], Interval],
    truncated: Callable[[RowNumbers], Callable[[Cell], Interval]],
) -> RowVerdicts:
    """Evaluate a constraint in each row; retry broken rows with truncated figures.

    Args:
        constraint: the constraint.
        applies: the rows that it is made of.
        of: returns what is known of a cell in each row.
        truncated: for some rows, returns what is known of a cell in each of them, if digits were cut off.
    """
    verdict = constraint.verdict(of)
    known, broken = applies & verdict.known, applies & verdict.broken
    is_truncated = np.zeros(len(applies), dtype=bool)
    suspicious = np.nonzero(broken)[0]
    if len(suspicious):
        second: Verdict = constraint.verdict(truncated(suspicious))
        is_truncated[suspicious] = np.broadcast_to(second.kept, len(suspicious))
    return RowVerdicts(known, broken & ~is_truncated, is_truncated)


def applies(table: FigureTable, constraint: Constraint) -> Verdict:
    """Find the rows in which a condition is known, and those that meet it."""
    if constraint.condition is None:
        return Verdict(np.ones(table.height, dtype=bool), np.ones(table.height, dtype=bool))
    ((_, verdict),) = _answers(_with_uses(table, constraint.uses), {"": constraint.condition})
    return verdict


def reads(rule: Rule) -> tuple[str, ...]:
    """Name the columns of its own table that a rule reads."""
    assert rule.constraint is not None
    own = (cell.column for cell in rule.constraint.cells() if cell.is_own)
    return (*own, *(name for name in rule.constraint.uses if not name.startswith(first_of(""))))


def _conditions(table: FigureTable, rule: Rule) -> Iterator[tuple[str, Verdict | Exception]]:
    """Evaluate the conditions of all rules at once; one by one if that fails."""
    declared = {
        each.id: each.constraint
        for each in (*rules(table.model), rule)
        if each.constraint and each.constraint.condition is not None
    }
    frame = _with_uses(table, [name for constraint in declared.values() for name in constraint.uses])
    conditions = {name: constraint.condition for name, constraint in declared.items()}
    try:
        yield from _answers(frame, conditions)
    except (Exception, pl.exceptions.PanicException):  # What a condition raises is up to the rule and to polars.
        for name, condition in conditions.items():
            try:
                yield from _answers(frame, {name: condition})
            except (Exception, pl.exceptions.PanicException) as error:
                yield name, error if isinstance(error, Exception) else RuntimeError(str(error))


def _with_uses(table: FigureTable, uses: Sequence[str]) -> pl.DataFrame:
    """Return the labels of a table with the plain columns that conditions read."""
    frame = table.values(uses)
    for name in dict.fromkeys(name for name in uses if name.startswith(first_of(""))):
        frame = frame.with_columns(table.is_first_of(name.removeprefix(first_of(""))).alias(name))
    return frame


def _answers(frame: pl.DataFrame, conditions: Mapping[str, Any]) -> Iterator[tuple[str, Verdict]]:
    asked = {f"@{number}": condition for number, condition in enumerate(conditions.values())}
    answered: pl.DataFrame = nw.from_native(frame).with_columns(**asked).to_native()
    for number, name in enumerate(conditions):
        answer = answered.get_column(f"@{number}").cast(pl.Boolean)
        yield name, Verdict(answer.is_not_null().to_numpy(), answer.fill_null(False).to_numpy())


def ranges(table: FigureTable) -> Iterator[tuple[str, str, RowVerdicts]]:
    """Check each figure against the range of its kind: column, rule id, verdicts."""
    for name, column in table.model.to_schema().columns.items():
        for check in column.checks:
            figures = table.figures.get(name)
            if figures is not None:
                known = figures.is_printed
                broken = known & ~np.asarray(holds_of(check)(figures.value))
                yield name, str(check.name), RowVerdicts(known, broken, np.zeros_like(known))


def sources_agree(table: FigureTable, column: str) -> RowVerdicts:
    """Check each figure against earlier documents' prints of the same vintage."""
    figures = table.figures[column]
    known, broken = np.zeros(table.height, dtype=bool), np.zeros(table.height, dtype=bool)
    for rows in table.reprints:
        least, greatest, is_first = math.inf, -math.inf, True
        for row in rows:
            reading = figures.reading(row)
            if math.isnan(reading.value):
                continue
            if not is_first and (math.isfinite(reading.low) or math.isfinite(reading.high)):
                known[row] = True
                broken[row] = reading.low > least or greatest > reading.high or reading.low > reading.high
            least, greatest, is_first = min(least, reading.high), max(greatest, reading.low), False
    return RowVerdicts(known, broken, np.zeros_like(known))
