"""Evaluate constraints under changed figures: for suspects, mutants and coverage."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.binding import Binding, CellRef
from schemas.constraints import Cell, Constraint
from schemas.evaluation import Evaluation, RowVerdicts, RuleNotRunError, judge
from schemas.figure_table import Figures, Reading
from schemas.intervals import Interval
from schemas.models import Rule, rules

Changes = Mapping[CellRef, Reading]


class Instance(NamedTuple):
    """A rule's constraint about one row: address of the table, id of the rule, row."""

    table: str
    rule: str
    row: int


class WhatIf:
    """The constraints of a project, with verdicts under changed figures.

    Args:
        evaluation: of the tables of the project.
        most_rows: of the constraints of one rule that a figure takes part in, so many are looked at; None for all.
    """

    def __init__(self, evaluation: Evaluation, most_rows: int | None = None) -> None:
        self._evaluation, self._most_rows = evaluation, most_rows
        self._verdicts: dict[tuple[str, str], RowVerdicts] = {}
        self._rules: dict[tuple[str, str], Rule] = {}
        self._made: dict[tuple[str, str], NDArray[np.bool_]] = {}
        self._takers: dict[tuple[str, str], list[tuple[str, str, Binding]]] = {}
        self._of_cell: dict[CellRef, list[Instance]] = {}  # each slip of a cell asks for them
        for address, table in evaluation.tables.items():
            for rule in rules(table.model):
                if rule.constraint is not None and rule.constraint.relation != "holds":
                    self._add(address, rule)

    def _add(self, address: str, rule: Rule) -> None:
        try:
            self._verdicts[address, rule.id] = self._evaluation.verdicts(address, rule)
        except RuleNotRunError:
            return
        self._rules[address, rule.id] = rule
        self._made[address, rule.id] = self._evaluation.applies(address, rule).kept
        for binding in self._bindings(address, rule):
            self._takers.setdefault((binding.address, binding.column), []).append((address, rule.id, binding))

    def _bindings(self, address: str, rule: Rule) -> list[Binding]:
        return [self._evaluation.binding(address, cell) for cell in self.constraint(address, rule.id, rule).cells()]

    def constraint(self, address: str, rule_id: str, rule: Rule | None = None) -> Constraint:
        """Return the constraint of a rule of a table."""
        constraint = (rule or self._rules[address, rule_id]).constraint
        assert constraint is not None
        return constraint

    def rule(self, instance: Instance) -> Rule:
        """Return the rule of an instance."""
        return self._rules[instance.table, instance.rule]

    def reading(self, ref: CellRef) -> Reading:
        """Return what a figure says."""
        return self._evaluation.tables[ref.table].figures[ref.column].reading(ref.row)

    def __contains__(self, instance: Instance) -> bool:
        return (instance.table, instance.rule) in self._rules and self._is_made(instance)

    def _is_made(self, instance: Instance) -> bool:
        return bool(self._made[instance.table, instance.rule][instance.row])

    def verdict(self, instance: Instance) -> bool | None:
        """Whether a constraint holds, if need be of truncated digits; None: undecided."""
        return _at(self._verdicts[instance.table, instance.rule], instance.row)

    def cells(self, instance: Instance) -> list[CellRef]:
        """Return every figure that an instance rests on, each once."""
        bindings = self._bindings(instance.table, self.rule(instance))
        return list(dict.fromkeys(ref for binding in bindings for ref in binding.cells(instance.row)))

    def of_cell(self, ref: CellRef) -> list[Instance]:
        """Return the constraints that a figure takes part in."""
        if ref not in self._of_cell:
            self._of_cell[ref] = self._constraints_of(ref)
        return self._of_cell[ref]

    def _constraints_of(self, ref: CellRef) -> list[Instance]:
        found = [
            Instance(address, rule_id, row)
            for address, rule_id, binding in self._takers.get((ref.table, ref.column), ())
            for row in binding.rows_of(ref.row, self._most_rows)
        ]
        return [each for each in dict.fromkeys(found) if self._is_made(each)]

    def known(self) -> Iterator[Instance]:
        """Yield every constraint about a row of which something can be said."""
        for (address, rule_id), verdicts in self._verdicts.items():
            yield from (Instance(address, rule_id, row) for row in np.nonzero(verdicts.known)[0].tolist())

    def broken(self) -> Iterator[Instance]:
        """Yield the constraints about rows that fail, even of truncated digits."""
        for (address, rule_id), verdicts in self._verdicts.items():
            yield from (Instance(address, rule_id, row) for row in np.nonzero(verdicts.broken)[0].tolist())

    def names(self, address: str, column: str) -> bool:
        """Tell whether a constraint is made that takes a figure of a column."""
        return any(
            bool(np.any((binding.single >= 0) & made)) or any(made[row] for row in binding.several)
            for asking, rule_id, binding in self._takers.get((address, column), ())
            for made in [self._made[asking, rule_id]]
        )

    def expected(self, instance: Instance, ref: CellRef) -> Interval | None:
        """Return the values of a figure that satisfy a constraint; None if unsolvable."""
        constraint = self.constraint(instance.table, instance.rule)
        for cell in constraint.cells():
            if self._evaluation.binding(instance.table, cell).groups(instance.row) == ((ref.row,),) and self._is_of(
                instance, cell, ref
            ):
                found = constraint.expected(cell, self._evaluation.of(instance.table, np.array([instance.row])))
                return None if found is None else Interval(*(np.broadcast_to(bound, 1)[0] for bound in (found.low, found.high)))
        return None

    def _is_of(self, instance: Instance, cell: Cell, ref: CellRef) -> bool:
        binding = self._evaluation.binding(instance.table, cell)
        return (binding.address, binding.column) == (ref.table, ref.column)

    def changed(self, alternatives: Sequence[Changes]) -> list[dict[Instance, bool | None]]:
        """Evaluate the affected constraints under each of several changes of figures."""
        asked: dict[tuple[str, str], list[tuple[int, int]]] = {}
        for number, changes in enumerate(alternatives):
            for instance in dict.fromkeys(each for ref in changes for each in self.of_cell(ref)):
                asked.setdefault((instance.table, instance.rule), []).append((number, instance.row))
        found: list[dict[Instance, bool | None]] = [{} for _ in alternatives]
        for (address, rule_id), pairs in asked.items():
            verdicts = self._if(address, rule_id, [(alternatives[number], row) for number, row in pairs])
            for at, (number, row) in enumerate(pairs):
                found[number][Instance(address, rule_id, row)] = _at(verdicts, at)
        return found

    def _if(self, address: str, rule_id: str, pairs: Sequence[tuple[Changes, int]]) -> RowVerdicts:
        """Judge a constraint about one row after another, each with figures changed."""
        constraint = self.constraint(address, rule_id)
        rows = np.array([row for _, row in pairs])
        taken = {cell: self._taken(self._evaluation.binding(address, cell), rows, pairs) for cell in constraint.cells()}
        return judge(
            constraint,
            np.ones(len(pairs), dtype=bool),
            lambda cell: taken[cell].interval,
            lambda some: lambda cell: taken[cell].at(some).truncated,
        )

    def _taken(self, binding: Binding, rows: NDArray[np.int64], pairs: Sequence[tuple[Changes, int]]) -> Figures:
        taken = binding.taken(rows)
        for at, (changes, row) in enumerate(pairs):
            if any(ref in changes for ref in binding.cells(row)):
                taken.put(at, binding.reading(row, self._reader(binding, changes)))
        return taken

    def _reader(self, binding: Binding, changes: Changes) -> Callable[[int], Reading]:
        def read(position: int) -> Reading:
            ref = CellRef(binding.address, position, binding.column)
            return changes[ref] if ref in changes else self.reading(ref)

        return read


def _at(verdicts: RowVerdicts, row: int) -> bool | None:
    return not bool(verdicts.broken[row]) if verdicts.known[row] else None
