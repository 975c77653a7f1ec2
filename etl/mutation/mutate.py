"""Mutate a project's figures, and find which mutants the gate would stop.

A mutant is killed when the gate, open before, shuts. Only what a cell can touch is evaluated again: its reading, its
range, the other documents that print it, its link to the ledger, and the constraints that it takes part in.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

import polars as pl

from etl.documents.citations import document
from etl.errors import ProjectError
from etl.figures.read_texts import read_texts
from etl.findings import is_at_least
from etl.gate.check import Checked
from etl.mutation.coverage import siblings_of
from etl.mutation.mutants import CellMutant, RowMutant, blanked, cell_mutants, mutated, row_mutants
from etl.project import Project
from etl.registers.progress import Progress
from etl.tables.evaluate import evaluate_rules, evaluation_of
from etl.tables.findings_by_cell import rule_of_problem
from etl.tables.parse import ParsedTable
from etl.tables.provenance import broken_rows
from etl.tables.what_if import Changes, Instance, WhatIf
from schemas import builtin_rules
from schemas.binding import CellRef, in_common
from schemas.figure_table import FigureTable, Reading
from schemas.models import Column, Severity, broken_ranges, figures, key, rules
from schemas.texts import Text
from schemas.vintages import ROW

Mutant = CellMutant | RowMutant
Broken = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class MutantVerdict:
    """The rules that would stop a mutant; it survives if there are none.

    Attributes:
        mutant: the mutant.
        table: address of the table it is in.
        killers: ids of the rules that break.
        is_equivalent: whether it says the same as the original, so that no rule but the citation could tell.
    """

    mutant: Mutant
    table: str
    killers: tuple[str, ...]
    is_equivalent: bool = False


def mutate(project: Project, checked: Checked, source: str, fail_on: Severity, *, cite: bool) -> Iterator[MutantVerdict]:
    """Yield the verdict on each mutant of a document's rows.

    Args:
        project: the project.
        checked: its check, whose gate must be open.
        source: the document whose figures are mutated.
        fail_on: the mildest severity that shuts the gate.
        cite: whether the citation rules count.

    Raises:
        ProjectError: the gate is not open, or the source is not listed.
    """
    if checked.exit_code(fail_on):
        raise ProjectError(
            "The gate is shut already, so that no mutant could shut it; see `etl check`.",
            "关口已经关闭，无法试验改动能否使其关闭；请先看 `etl check`。",
        )
    if source not in project.sources:
        raise ProjectError(f"No source {source!r} in raw/sources.csv.", f"raw/sources.csv 中没有来源“{source}”。")
    laboratory = _Laboratory(project, checked, fail_on, cite)
    cells, rows = list(cell_mutants(checked.tables, source)), list(row_mutants(checked.tables, source))
    progress = Progress(Text("trying slips", "正在试验差错"), project.say, len(cells) + len(rows))
    yield from progress.watch(chain(laboratory.cell_verdicts(cells), map(laboratory.row_verdict, rows)))


class _Laboratory:
    """A checked project, taken apart so that a mutant touches only what depends on it."""

    def __init__(self, project: Project, checked: Checked, fail_on: Severity, cite: bool) -> None:
        self._tables = checked.tables
        self._sources = project.sources
        self._fail_on = fail_on
        self._evaluation = evaluation_of(checked.tables)
        self._what_if = WhatIf(self._evaluation)
        self._notation = project.catalogue.notation
        self._waived: set[Broken] = {(f.table, f.rule, f.row) for f in checked.findings if f.waiver and f.row is not None}
        self._broken: set[Broken] = {
            (address, outcome.rule.id, row)
            for address, outcomes in checked.outcomes.items()
            for outcome in outcomes
            for row in outcome.broken
        }
        self._linked = _linked(project, checked.tables) if cite else None
        self._siblings = siblings_of(checked.tables)
        self._dependents = _dependents(checked.tables)

    def _shuts(self, severity: Severity) -> bool:
        return is_at_least(severity, self._fail_on)

    def cell_verdicts(self, mutants: list[CellMutant]) -> Iterator[MutantVerdict]:
        """Yield the verdicts on changed cells, read and evaluated all at once."""
        changes = [(ref, text) for mutant in mutants for ref, text in mutant.texts]
        read = iter(read_texts(((text, self._column(ref)) for ref, text in changes), self._notation))
        readings = [{ref: next(read) for ref, _ in mutant.texts} for mutant in mutants]
        changed = [{ref: reading for ref, (reading, _) in each.items()} for each in readings]
        for mutant, read_as, changes_of, after in zip(mutants, readings, changed, self._what_if.changed(changed), strict=True):
            killers: list[str] = []
            for ref, text in mutant.texts:
                killers += self._alone(ref, text, *read_as[ref])
            killers += self._disagreements(changes_of)
            for instance, holds in after.items():
                killers += self._of_instance(instance, holds)
            if any(text is None for _, text in mutant.texts):
                # A constraint may be made only of rows where a figure is missing.
                killers += self._after(blanked(self._tables[mutant.texts[0][0].table], mutant.texts[0][0]))
            same = all(self._what_if.reading(ref) == reading for ref, reading in changes_of.items())
            yield MutantVerdict(mutant, mutant.texts[0][0].table, tuple(dict.fromkeys(killers)), same)

    def _column(self, ref: CellRef) -> Column:
        return next(column for column in figures(self._tables[ref.table].raw.entry.model) if column.name == ref.column)

    def _alone(self, ref: CellRef, text: str | None, reading: Reading, problem: str | None) -> Iterator[str]:
        """Yield the rules that a cell breaks whatever stands beside it."""
        column = self._column(ref)
        if problem:
            yield rule_of_problem(problem).id
        if text is None and not column.optional:
            yield builtin_rules.CELL_IS_FILLED.id
        if not math.isnan(reading.value):
            yield from broken_ranges(column, reading.value)
        if self._linked is not None:
            if text is None:
                yield builtin_rules.FIGURES_ARE_ALL_TAKEN.id
            elif text not in self._linked.get(ref, ()):
                yield builtin_rules.FIGURE_IS_CITED.id

    def _disagreements(self, changes: Changes) -> Iterator[str]:
        """Yield `sources-agree` for each changed cell that another print contradicts."""
        for ref in changes:
            prints = [
                changes[each] if each in changes else self._what_if.reading(each) for each in (ref, *self._siblings.get(ref, ()))
            ]
            printed = [each for each in prints if not math.isnan(each.value)]
            if printed and math.isnan(in_common(printed).value):
                yield builtin_rules.SOURCES_AGREE.id

    def _of_instance(self, instance: Instance, after: bool | None) -> Iterator[str]:
        name, severity = (instance.table, instance.rule, instance.row), self._what_if.rule(instance).severity
        if after is False and self._what_if.verdict(instance) is not False and self._shuts(severity):
            yield instance.rule
        if after is not False and name in self._waived and self._shuts(builtin_rules.WAIVER_IS_NEEDED.severity):
            yield builtin_rules.WAIVER_IS_NEEDED.id

    def row_verdict(self, mutant: RowMutant) -> MutantVerdict:
        """Return the verdict on a row dropped, doubled, or moved to another key."""
        table = self._tables[mutant.table]
        killers: list[str] = []
        if mutant.kind == "row-doubled":
            return MutantVerdict(mutant, mutant.table, (builtin_rules.KEY_IS_UNIQUE.id,))
        has_figures = table.cells.filter(pl.col(ROW) == mutant.row).height > 0
        if self._linked is not None and has_figures:
            dropped = mutant.kind == "row-dropped"
            killers.append((builtin_rules.FIGURES_ARE_ALL_TAKEN if dropped else builtin_rules.FIGURE_IS_CITED).id)
        changed = mutated(table, mutant)
        if changed.labels.select(pl.struct(key(table.raw.entry.model)).is_duplicated().any()).item():
            killers.append(builtin_rules.KEY_IS_UNIQUE.id)
        killers += (
            rule.id
            for rule, _ in broken_rows(changed.labels, self._sources, table.raw.entry.catalogue.parents)
            if self._shuts(rule.severity)
        )
        killers += self._after(changed)
        return MutantVerdict(mutant, mutant.table, tuple(dict.fromkeys(killers)))

    def _after(self, changed: FigureTable) -> Iterator[str]:
        """Yield the rules that a changed table breaks, in itself or in dependent tables."""
        evaluation = self._evaluation.replacing(changed)
        for address in (changed.address, *self._dependents.get(changed.address, ())):
            for outcome in evaluate_rules(evaluation.tables[address], evaluation):
                new = {(address, outcome.rule.id, row) for row in outcome.broken} - self._broken
                if new and self._shuts(outcome.rule.severity):
                    yield outcome.rule.id


def _linked(project: Project, tables: Mapping[str, ParsedTable]) -> dict[CellRef, tuple[str, ...]]:
    """Map each linked cell to what its document prints."""
    rows = {(address, row_key): row for address, table in tables.items() for row, row_key in enumerate(table.keys)}
    linked: dict[CellRef, tuple[str, ...]] = {}
    for source in project.sources:
        known = document(project, source)
        for (address, row_key, column), positions in (known.cells if known else {}).items():
            row = rows.get((address, row_key))
            if row is not None and known is not None:
                texts = tuple(known.ledger[each].published for each in positions if each in known.ledger)
                linked[CellRef(address, row, column)] = texts
    return linked


def _dependents(tables: Mapping[str, ParsedTable]) -> dict[str, list[str]]:
    """Map each table to the tables whose constraints use its figures."""
    found: dict[str, list[str]] = {}
    for address, table in tables.items():
        for rule in rules(table.raw.entry.model):
            for other in {cell.table for cell in rule.constraint.cells() if cell.table} - {address} if rule.constraint else ():
                found.setdefault(other, []).append(address)
    return {address: list(dict.fromkeys(others)) for address, others in found.items()}
