"""Mutation testing of the rules on a project's own figures: which slips would the gate notice, and which would pass?

A mutant is killed when the gate, open before, shuts. Only what a cell can touch is evaluated again: its reading, its
range, the other documents that print it, its link to the ledger, and the claims that it takes part in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from etl.documents.citations import document
from etl.errors import ProjectError
from etl.figures.grammar import read_figures
from etl.findings import is_at_least
from etl.gate.check import Checked
from etl.project import Project
from etl.slips.coverage import siblings_of
from etl.slips.mutants import CellMutant, RowMutant, cell_mutants, mutated, row_mutants
from etl.tables.instances import BLANK, CellRef, Instance, Reading, by_cell, instances, readings
from etl.tables.lookups import looked_up
from etl.tables.parse import ROW, ParsedTable, rule_of_problem
from etl.tables.provenance import broken_rows
from etl.tables.row_by_row import judged
from etl.tables.validate import Outcome, claims, validate
from schemas import standing
from schemas.vocabulary import Column, Figure, Severity, figures, key

Mutant = CellMutant | RowMutant
Broken = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate makes of a mutant: the rules that would stop it (none: it survives).

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


def mutate(project: Project, checked: Checked, source: str, fail_on: Severity, *, cite: bool) -> Iterator[Verdict]:
    """Give the verdict on every mutant of the rows of a document.

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
        raise ProjectError("The gate is shut already, so that no mutant could shut it; see `etl check`.")
    if source not in project.sources:
        raise ProjectError(f"No source {source!r} in raw/sources.csv.")
    laboratory = _Laboratory(project, checked, fail_on, cite)
    cells = list(cell_mutants(checked.tables, source))
    yield from laboratory.cell_verdicts(cells)
    for mutant in row_mutants(checked.tables, source):
        yield laboratory.row_verdict(mutant)


class _Laboratory:
    """A checked project, taken apart so that a mutant touches only what depends on it."""

    def __init__(self, project: Project, checked: Checked, fail_on: Severity, cite: bool) -> None:
        self._tables = checked.tables
        self._sources = project.sources
        self._fail_on = fail_on
        self._readings = readings(checked.tables)
        every = instances(checked.tables)
        self._by_cell = by_cell(every)
        self._before = {id(each): each.verdict(self._read) for each in every}
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

    def _read(self, ref: CellRef) -> Reading:
        return self._readings.get(ref, BLANK)

    def _shuts(self, severity: Severity) -> bool:
        return is_at_least(severity, self._fail_on)

    def cell_verdicts(self, mutants: list[CellMutant]) -> Iterator[Verdict]:
        """Give the verdicts on changed cells; all their texts are read at once."""
        changes = [(ref, text) for mutant in mutants for ref, text in mutant.texts]
        read = iter(_read_all(changes, self._tables))
        for mutant in mutants:
            yield self._cell_verdict(mutant, {ref: next(read) for ref, _ in mutant.texts})

    def _cell_verdict(self, mutant: CellMutant, read: Mapping[CellRef, tuple[Reading, str | None]]) -> Verdict:
        killers: list[str] = []
        for ref, text in mutant.texts:
            killers += self._alone(ref, text, *read[ref])
        changed = {ref: reading for ref, (reading, _) in read.items()}
        killers += self._together(changed)
        if any(text is None for _, text in mutant.texts):
            killers += self._after(self._blanked(mutant))
        address = mutant.texts[0][0].table
        same = all(self._read(ref) == reading for ref, reading in changed.items())
        return Verdict(mutant, address, tuple(dict.fromkeys(killers)), same)

    def _alone(self, ref: CellRef, text: str | None, reading: Reading, problem: str | None) -> Iterator[str]:
        """Give the rules that a cell breaks whatever stands beside it."""
        column = _column(self._tables[ref.table], ref.column)
        if problem:
            yield rule_of_problem(problem).id
        if text is None and not column.optional:
            yield standing.CELL_IS_FILLED.id
        if reading.value is not None:
            yield from _out_of_range(column.dtype, reading.value)
        if self._linked is not None:
            if text is None:
                yield standing.FIGURES_ARE_ALL_TAKEN.id
            elif text not in self._linked.get(ref, ()):
                yield standing.FIGURE_IS_CITED.id

    def _together(self, changed: Mapping[CellRef, Reading]) -> Iterator[str]:
        """Give the rules that cells break with those around them."""

        def read(ref: CellRef) -> Reading:
            return changed.get(ref) or self._read(ref)

        for ref in changed:
            if not _agree(read(ref), [read(other) for other in self._siblings.get(ref, ())]):
                yield standing.SOURCES_AGREE.id
        for instance in {id(each): each for ref in changed for each in self._by_cell.get(ref, ())}.values():
            yield from self._of_instance(instance, instance.verdict(read))

    def _of_instance(self, instance: Instance, after: bool | None) -> Iterator[str]:
        name = (instance.table, instance.rule.id, instance.row)
        if after is False and self._before[id(instance)] is not False and self._shuts(instance.rule.severity):
            yield instance.rule.id
        if after is not False and name in self._waived and self._shuts(standing.WAIVER_IS_NEEDED.severity):
            yield standing.WAIVER_IS_NEEDED.id

    def _blanked(self, mutant: CellMutant) -> ParsedTable:
        """Give the table with a cell blank, for a claim may be made only of rows where a figure is missing."""
        ref = mutant.texts[0][0]
        table = self._tables[ref.table]
        names = [name for name in table.frame.columns if name == ref.column or name.startswith(f"{ref.column}__")]
        is_row = pl.col(ROW) == ref.row
        frame = table.frame.with_columns(pl.when(~is_row).then(pl.col(name)).alias(name) for name in names)
        return ParsedTable(table.raw, frame, table.cells, table.keys, table.findings, table.unread)

    def row_verdict(self, mutant: RowMutant) -> Verdict:
        """Give the verdict on a row dropped, doubled, or moved to another key."""
        table = self._tables[mutant.table]
        killers: list[str] = []
        if mutant.kind == "row-doubled":
            return Verdict(mutant, mutant.table, (standing.KEY_IS_UNIQUE.id,))
        has_figures = table.cells.filter(pl.col(ROW) == mutant.row).height > 0
        if self._linked is not None and has_figures:
            dropped = mutant.kind == "row-dropped"
            killers.append((standing.FIGURES_ARE_ALL_TAKEN if dropped else standing.FIGURE_IS_CITED).id)
        changed = mutated(table, mutant)
        if changed.frame.select(pl.struct(key(table.raw.entry.model)).is_duplicated().any()).item():
            killers.append(standing.KEY_IS_UNIQUE.id)
        killers += (rule.id for rule, _ in broken_rows(changed, self._sources) if self._shuts(rule.severity))
        killers += self._after(changed)
        return Verdict(mutant, mutant.table, tuple(dict.fromkeys(killers)))

    def _after(self, changed: ParsedTable) -> Iterator[str]:
        """Give the rules that a changed table breaks, in itself or in the tables that ask for its figures."""
        tables = {**self._tables, changed.address: changed}
        for address in (changed.address, *self._dependents.get(changed.address, ())):
            for outcome in _outcomes(tables[address], tables):
                new = {(address, outcome.rule.id, row) for row in outcome.broken} - self._broken
                if new and self._shuts(outcome.rule.severity):
                    yield outcome.rule.id


def _outcomes(table: ParsedTable, tables: Mapping[str, ParsedTable]) -> Sequence[Outcome]:
    """Give what each rule says of a table, in the way in which the gate finds it."""
    by_row = judged(table, tables)
    if by_row is not None:
        return by_row[1]
    model = table.raw.entry.model
    return validate(model, looked_up(table, claims(model), tables))


def _read_all(
    changes: list[tuple[CellRef, str | None]], tables: Mapping[str, ParsedTable]
) -> Iterable[tuple[Reading, str | None]]:
    declared = [_column(tables[ref.table], ref.column) for ref, _ in changes]
    cells = pl.LazyFrame(
        {
            "published": pl.Series([text for _, text in changes], dtype=pl.String),
            "kind": [column.dtype.kind for column in declared],
            "declared_unit": [column.meaning.unit for column in declared],
        }
    )
    for value, low, high, problem in read_figures(cells).select("value", "low", "high", "problem").collect().iter_rows():
        yield Reading(value, low, high), problem


def _column(table: ParsedTable, name: str) -> Column:
    return next(column for column in figures(table.raw.entry.model) if column.name == name)


def _out_of_range(dtype: Figure, value: float) -> Iterator[str]:
    if value < dtype.minimum or (dtype.is_positive and value == dtype.minimum):
        yield standing.NOT_BELOW_ITS_RANGE.id
    if dtype.maximum is not None and value > dtype.maximum:
        yield standing.NOT_ABOVE_ITS_RANGE.id


def _agree(reading: Reading, others: list[Reading]) -> bool:
    printed = [each for each in (reading, *others) if each.value is not None]
    low = max((each.low for each in printed if each.low is not None), default=None)
    high = min((each.high for each in printed if each.high is not None), default=None)
    return low is None or high is None or low <= high


def _linked(project: Project, tables: Mapping[str, ParsedTable]) -> dict[CellRef, tuple[str, ...]]:
    """Give, for each cell that is linked to its document, what is printed there."""
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
    """Give, for each table, the other tables whose claims ask for its figures."""
    found: dict[str, list[str]] = {}
    for address, table in tables.items():
        for claim in claims(table.raw.entry.model):
            for other in {cell.table for cell in claim.cells() if cell.table} - {address}:
                found.setdefault(other, []).append(address)
    return {address: list(dict.fromkeys(others)) for address, others in found.items()}
