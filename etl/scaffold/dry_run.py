"""Constraints tried on rows before they are in a file.

The rows are read and judged as the gate would. No other module of the scaffold evaluates constraints on rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain

import numpy as np

from etl.scaffold.layout import ADDRESS, Row, TableLayout
from etl.tables.evaluate import evaluation_of
from etl.tables.parse import ParsedTable, parse
from etl.tables.read import RawTable
from schemas.constraints import Cell, Constraint
from schemas.evaluation import Evaluation, Mask, RowNumbers, RowVerdicts, applies, judge
from schemas.figure_table import Figures, Floats

MOST_BITS = 20.0
"""Upper bound on one row's evidence: beyond it a typing error is as likely."""

Evidence = dict[tuple[float, ...], float]
"""The figures that rows rest on, each set with the bits of evidence that it gives."""


class DryRun:
    """Rows of a proposed table, on which constraints are tried."""

    def __init__(self, layout: TableLayout, parsed: ParsedTable) -> None:
        self.layout, self.parsed = layout, parsed
        self._counts = frozenset(each.name for each in layout.figures if each.kind == "count")

    @classmethod
    def of(cls, layout: TableLayout, rows: Sequence[Row]) -> DryRun:
        """Read the rows of a table."""
        return next(cls.each(layout, [rows]))

    @classmethod
    def each(cls, layout: TableLayout, several: Sequence[Sequence[Row]]) -> Iterator[DryRun]:
        """Read several tables in one query, which takes less time than one query each."""
        raws = []
        for rows in several:
            cells: dict[str, list[str | None]] = {name: [row[name] for row in rows] for name in rows[0]}
            cells["revision"] = [None] * len(rows)
            raws.append(RawTable(layout.entry, "proposed", cells, list(range(2, len(rows) + 2))))
        sources = dict.fromkeys(str(row["source"]) for row in chain(*several))
        for parsed in parse(raws, {source: number for number, source in enumerate(sources)}):
            yield cls(layout, parsed)

    @cached_property
    def _evaluation(self) -> Evaluation:
        return evaluation_of({ADDRESS: self.parsed})

    def verdicts(self, constraint: Constraint) -> RowVerdicts:
        """Evaluate a constraint in each row that has all of its figures."""
        is_made = applies(self.parsed.figure_table, constraint).kept
        is_whole = np.logical_and.reduce([is_made, *(each.is_printed for each in self._taken(constraint).values())])
        evaluation = self._evaluation
        return judge(constraint, is_whole, evaluation.of(ADDRESS), lambda rows: evaluation.of_truncated(ADDRESS, rows))

    def evidence(self, constraint: Constraint, rows: RowNumbers, least: float) -> Evidence:
        """Weigh rows in which a constraint holds; leave out those of little evidence."""
        taken = self._taken(constraint)
        bits = np.zeros(len(rows))
        if constraint.relation == "=":
            bits = np.min([self._bits(constraint, cell, rows) for cell in taken], axis=0)
        figures = zip(*(each.value[rows].tolist() for each in taken.values()), strict=True)
        return {each: weight for each, weight in zip(figures, bits.tolist(), strict=True) if weight > least}

    def rests_on(self, constraint: Constraint, row: int) -> set[int]:
        """List the rows whose figures a constraint takes in a row."""
        bindings = (self._evaluation.binding(ADDRESS, cell) for cell in constraint.cells())
        return {row, *(ref.row for each in bindings for ref in each.cells(row))}

    def _taken(self, constraint: Constraint) -> dict[Cell, Figures]:
        return {cell: self._evaluation.binding(ADDRESS, cell).taken() for cell in constraint.cells()}

    def _bits(self, constraint: Constraint, cell: Cell, rows: RowNumbers) -> Floats:
        """Compute the evidence that a constraint holds at a cell by more than chance."""
        expected = constraint.expected(cell, self._evaluation.of(ADDRESS, rows))
        if expected is None:
            return np.full(len(rows), MOST_BITS)
        taken = self._evaluation.binding(ADDRESS, cell).taken(rows)
        size = np.abs(taken.value)
        with np.errstate(all="ignore"):
            room = (expected.high - expected.low) + (taken.high - taken.low)
            room += np.where((cell.column in self._counts) & (room < 1), 1.0, 0.0)
            bits = np.where(room > 0, -np.log2(room / (size + room)), np.where(size > 0, MOST_BITS, 0.0))
        return np.where(np.isfinite(room), np.minimum(MOST_BITS, bits), 0.0)


def holds(verdicts: RowVerdicts) -> Mask:
    """Return the rows that keep a constraint without any digit cut off."""
    return verdicts.known & ~verdicts.broken & ~verdicts.truncated
