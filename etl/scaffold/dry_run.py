"""Claims tried on rows that are in no file yet, read as the gate reads them.

This is the only module of the package that binds claims to rows.
"""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import narwhals.stable.v1 as nw
import polars as pl
from schemas.row_cells import in_row

from etl.catalogue import Entry
from etl.scaffold.columns import KINDS
from etl.scaffold.layout import TableLayout
from etl.tables.lookups import ROWS, looked_up
from etl.tables.parse import ParsedTable, parse
from etl.tables.read import RawTable
from schemas.claims import HIGH, LOW, Cell, Claim
from schemas.intervals import Interval
from schemas.vocabulary import Category, Table, figure, label

ADDRESS = "proposed.table"
MOST_BITS = 20.0
"""Upper bound on one row's evidence: beyond it a typing error is as likely."""

Row = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict of a claim on a row.

    Attributes:
        row: the row.
        holds: whether it holds; None where it does not apply.
        is_broken: whether it is broken even if digits were cut off.
        bits: the evidence of the row for the claim: the binary logarithm of how unlikely it would hold by chance.
        figures: the values that it rests on.
    """

    row: int
    holds: bool | None
    is_broken: bool
    bits: float
    figures: tuple[float | None, ...]


class DryRun:
    """Rows of a proposed table, on which claims are tried."""

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
        """Read several tables, at once, because reading costs by the query."""
        entry = Entry(ADDRESS, _model(layout), lambda frame: frame)
        raws = []
        for rows in several:
            cells: dict[str, list[str | None]] = {name: [row[name] for row in rows] for name in rows[0]}
            cells["revision"] = [None] * len(rows)
            raws.append(RawTable(entry, "proposed", cells, list(range(2, len(rows) + 2))))
        sources = dict.fromkeys(str(row["source"]) for rows in several for row in rows)
        for parsed in parse(raws, {source: number for number, source in enumerate(sources)}):
            yield cls(layout, parsed)

    @property
    def rows(self) -> Sequence[Mapping[str, Any]]:
        """The figures of each row, as read: value by column."""
        rows: Sequence[Mapping[str, Any]] = self.parsed.rows
        return rows

    def bounds(self, row: int, column: str) -> tuple[float, float] | None:
        """Return the bounds of a figure; None where it is blank or open on a side."""
        low, high = (self.rows[row][f"{column}{end}"] for end in (LOW, HIGH))
        return None if low is None or high is None else (low, high)

    def judged(self, claims: Sequence[Claim], most_broken: int | None = None) -> list[list[Judged]]:
        """Judge the rows of each claim that it is made of.

        Args:
            claims: the claims.
            most_broken: after more broken rows than these the others are not judged; None for all rows.
        """
        if not claims:
            return []
        frame = looked_up(self.parsed, claims, {ADDRESS: self.parsed})
        rows = frame.to_dicts()
        conditions = {f"@{number}": claim.condition for number, claim in enumerate(claims) if claim.condition is not None}
        made: pl.DataFrame = nw.from_native(frame).select(**conditions).to_native() if conditions else pl.DataFrame()
        found = []
        for number, claim in enumerate(claims):
            is_made = made.get_column(f"@{number}").to_list() if f"@{number}" in conditions else [True] * len(rows)
            of_claim: list[Judged] = []
            broken = 0
            for at, row in enumerate(rows):
                if is_made[at] and (most_broken is None or broken <= most_broken):
                    of_claim.append(self._judged(claim, at, row))
                    broken += of_claim[-1].holds is False
            found.append(of_claim)
        return found

    def rests_on(self, claims: Sequence[Claim]) -> list[dict[int, set[int]]]:
        """List, for each claim and row, the rows whose figures it takes."""
        frame = looked_up(self.parsed, claims, {ADDRESS: self.parsed})
        found = []
        for claim in claims:
            rows: dict[int, set[int]] = {number: {number} for number in range(frame.height)}
            for cell in claim.cells():
                if not cell.is_own:
                    for number, others in enumerate(frame.get_column(cell.name + ROWS).to_list()):
                        rows[number] |= set(others or ())
            found.append(rows)
        return found

    @cached_property
    def _counts(self) -> frozenset[str]:
        return frozenset(each.name for each in self.layout.figures if each.kind == "count")

    def _judged(self, claim: Claim, number: int, row: Mapping[str, Any]) -> Judged:
        cells = claim.cells()
        figures = tuple(row[cell.name] for cell in cells)
        if None in figures:
            return Judged(number, None, False, 0.0, figures)
        of = in_row(row)
        holds = claim.verdict(of)
        assert not isinstance(holds, nw.Expr)
        is_broken = holds is False and claim.verdict(in_row(row, is_cut_off=True)) is False
        bits = min((self._bits(claim, cell, row, of) for cell in cells), default=0.0) if holds and claim.relation == "=" else 0.0
        return Judged(number, holds, is_broken, bits, figures)

    def _bits(self, claim: Claim, cell: Cell, row: Mapping[str, Any], of: Callable[[Cell], Interval]) -> float:
        """Measure how unlikely the figure of a cell would fit by chance."""
        expected = claim.expected(cell, of)
        if expected is None:
            return MOST_BITS
        known = of(cell)
        bounds = [each for each in (expected.low, expected.high, known.low, known.high) if isinstance(each, float | int)]
        if len(bounds) < 4:
            return 0.0
        low, high, known_low, known_high = bounds
        room = (high - low) + (known_high - known_low)
        room += 1.0 if cell.column in self._counts and room < 1 else 0.0
        size = abs(row[cell.name])
        return min(MOST_BITS, -math.log2(room / (size + room))) if room > 0 else MOST_BITS if size else 0.0


@lru_cache(maxsize=1)
def _model(layout: TableLayout) -> type[Table]:
    """Make a model of a proposed table, without rules; its categories may be any text."""
    kinds: dict[str, Any] = {each.name: Category for each in layout.categories}
    kinds |= {each.name: KINDS[each.kind] for each in layout.figures}
    declared: dict[str, Any] = {each.name: label(each.zh, each.en) for each in layout.categories}
    declared |= {each.name: figure(each.zh, each.en, each.unit, optional=True) for each in layout.figures}
    body = {"__annotations__": kinds, "__module__": __name__, "__doc__": "A proposed table."} | declared
    made: type[Table] = types.new_class("Proposed", (Table,), {"zh": layout.title}, lambda space: space.update(body))
    return made
