"""Constraints tried on rows before they are in a file.

The rows are read and judged as the gate would. No other module of the package evaluates constraints on rows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from etl.scaffold.layout import ADDRESS, TableLayout
from etl.tables.evaluate import evaluation_of
from etl.tables.parse import ParsedTable, parse
from etl.tables.read import RawTable
from schemas.constraints import Cell, Constraint
from schemas.evaluation import Evaluation, RowVerdicts, applies, judge
from schemas.figure_table import Figures, Reading
from schemas.intervals import Interval, closed

MOST_BITS = 20.0
"""Upper bound on one row's evidence: beyond it a typing error is as likely."""

Row = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict of a constraint on a row.

    Attributes:
        row: the row.
        holds: whether it holds; None where it does not apply.
        is_broken: whether it is broken even if digits were cut off.
        bits: the evidence of the row for the constraint: the binary logarithm of how unlikely it would hold by chance.
        figures: the values that it rests on.
    """

    row: int
    holds: bool | None
    is_broken: bool
    bits: float
    figures: tuple[float | None, ...]


class DryRun:
    """Rows of a proposed table, on which constraints are tried."""

    def __init__(self, layout: TableLayout, parsed: ParsedTable) -> None:
        self.layout, self.parsed = layout, parsed

    @classmethod
    def of(cls, layout: TableLayout, rows: Sequence[Row]) -> DryRun:
        """Read the rows of a table."""
        return next(cls.each(layout, [rows]))

    @classmethod
    def of_layout(cls, layout: TableLayout, source: str) -> DryRun:
        """Read the rows that were handed in."""
        return cls.of(layout, layout.rows(source))

    @classmethod
    def each(cls, layout: TableLayout, several: Sequence[Sequence[Row]]) -> Iterator[DryRun]:
        """Read several tables in one query, which takes less time than one query each."""
        raws = []
        for rows in several:
            cells: dict[str, list[str | None]] = {name: [row[name] for row in rows] for name in rows[0]}
            cells["revision"] = [None] * len(rows)
            raws.append(RawTable(layout.entry, "proposed", cells, list(range(2, len(rows) + 2))))
        sources = dict.fromkeys(str(row["source"]) for rows in several for row in rows)
        for parsed in parse(raws, {source: number for number, source in enumerate(sources)}):
            yield cls(layout, parsed)

    @cached_property
    def rows(self) -> Sequence[Mapping[str, Any]]:
        """The labels and figures of each row by column; None for a blank cell."""
        return self.parsed.frame.to_dicts()

    @cached_property
    def _evaluation(self) -> Evaluation:
        return evaluation_of({ADDRESS: self.parsed})

    def bounds(self, row: int, column: str) -> tuple[float, float] | None:
        """Return the bounds of a figure; None where it is blank or open on a side."""
        low, high = self.parsed.figures[column].reading(row).interval().bounds()
        return None if low is None or high is None else (low, high)

    def judged(self, constraints: Sequence[Constraint], most_broken: int | None = None) -> list[list[Judged]]:
        """Judge each constraint on the rows that it applies to.

        Args:
            constraints: the constraints.
            most_broken: after more broken rows than these the others are not judged; None for all rows.
        """
        if not constraints:
            return []
        table = self.parsed.figure_table
        found = []
        for constraint in constraints:
            is_made = applies(table, constraint).kept
            cells = constraint.cells()
            taken = {cell: self._evaluation.binding(ADDRESS, cell).taken() for cell in cells}
            is_known = is_made & np.logical_and.reduce([each.is_printed for each in taken.values()])
            verdicts = _verdicts(constraint, is_known, taken)
            of_claim: list[Judged] = []
            broken = 0
            for row in np.flatnonzero(is_made).tolist():
                if most_broken is None or broken <= most_broken:
                    of_claim.append(self._judged(constraint, row, taken, verdicts))
                    broken += of_claim[-1].holds is False
            found.append(of_claim)
        return found

    def rests_on(self, constraints: Sequence[Constraint]) -> list[dict[int, set[int]]]:
        """List, for each constraint and row, the rows whose figures it takes."""
        found = []
        for constraint in constraints:
            bindings = [self._evaluation.binding(ADDRESS, cell) for cell in constraint.cells()]
            rows = range(self.parsed.figure_table.height)
            found.append({row: {row, *(ref.row for each in bindings for ref in each.cells(row))} for row in rows})
        return found

    @cached_property
    def _counts(self) -> frozenset[str]:
        return frozenset(each.name for each in self.layout.figures if each.kind == "count")

    def _judged(self, constraint: Constraint, row: int, taken: Mapping[Cell, Figures], verdicts: RowVerdicts) -> Judged:
        readings = {cell: each.reading(row) for cell, each in taken.items()}
        figures = tuple(closed(each.value) for each in readings.values())
        if None in figures:
            return Judged(row, None, False, 0.0, figures)
        is_broken = bool(verdicts.broken[row])
        fits_as_rounded = not is_broken and not verdicts.truncated[row]
        holds = fits_as_rounded if verdicts.known[row] else None
        speaks = holds and constraint.relation == "="
        bits = min((self._bits(constraint, cell, readings) for cell in readings), default=0.0) if speaks else 0.0
        return Judged(row, holds, is_broken, bits, figures)

    def _bits(self, constraint: Constraint, cell: Cell, readings: Mapping[Cell, Reading]) -> float:
        """Compute the evidence that a constraint holds at a cell by more than chance."""
        expected = constraint.expected(cell, lambda other: readings[other].interval())
        if expected is None:
            return MOST_BITS
        bounds = [each for each in (*expected.bounds(), *readings[cell].interval().bounds()) if each is not None]
        if len(bounds) < 4:
            return 0.0
        low, high, known_low, known_high = bounds
        room = (high - low) + (known_high - known_low)
        room += 1.0 if cell.column in self._counts and room < 1 else 0.0
        size = abs(readings[cell].value)
        return min(MOST_BITS, -math.log2(room / (size + room))) if room > 0 else MOST_BITS if size else 0.0


def _verdicts(constraint: Constraint, is_known: NDArray[np.bool_], taken: Mapping[Cell, Figures]) -> RowVerdicts:
    def truncated(rows: NDArray[np.int64]) -> Callable[[Cell], Interval]:
        return lambda cell: taken[cell].at(rows).truncated

    return judge(constraint, is_known, lambda cell: taken[cell].interval, truncated)
