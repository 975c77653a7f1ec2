"""Claims tried on rows that are in no file yet: by the same reading, look-ups and arithmetic as the gate's."""

from __future__ import annotations

import math
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import narwhals.stable.v1 as nw
import polars as pl

from etl.catalogue import Entry
from etl.scaffold.layout import TableLayout
from etl.tables.lookups import ROWS, looked_up
from etl.tables.parse import ParsedTable, parse
from etl.tables.read import RawTable
from schemas import vocabulary
from schemas.claims import Cell, Claim
from schemas.intervals import Interval
from schemas.row_cells import in_row
from schemas.vocabulary import Category, Table, figure, label

KINDS: Mapping[str, type[vocabulary.Figure]] = {
    kind.kind: kind
    for kind in (
        vocabulary.Count, vocabulary.Amount, vocabulary.Share, vocabulary.Rate, vocabulary.Mean, vocabulary.Duration,
        vocabulary.Score, vocabulary.Multiple, vocabulary.Measure,
    )
}  # fmt: skip
ADDRESS = "proposed.table"
MOST_BITS = 20.0
"""Of evidence that one row can give: beyond it is no more likely than a slip of whoever typed it."""

Row = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Judged:
    """What a claim says of a row.

    Attributes:
        row: the row.
        holds: whether it holds; None where it does not apply.
        is_broken: whether it is broken even if digits were cut off.
        bits: how much the row speaks for the claim, as the binary logarithm of how unlikely it would hold by chance.
        figures: the values that it rests on.
    """

    row: int
    holds: bool | None
    is_broken: bool
    bits: float
    figures: tuple[float | None, ...]


def row_of(layout: TableLayout, number: int, source: str) -> dict[str, str | None]:
    """Give a row of a layout, by the names of its columns, as its raw file will hold it."""
    row: dict[str, str | None] = {"area": layout.areas[number], "period": layout.periods[number]}
    row |= {each.name: each.cells[number] for each in layout.categories}
    row |= {each.name: each.cells[number] for each in layout.figures}
    return row | {"source": source, "section": "0"}


class Trial:
    """Rows of a proposed table, on which claims are tried."""

    def __init__(self, layout: TableLayout, rows: Sequence[Row]) -> None:
        self.layout = layout
        (self.parsed,) = _parsed(layout, [rows])

    @classmethod
    def each(cls, layout: TableLayout, several: Sequence[Sequence[Row]]) -> Iterator[Trial]:
        """Give a trial of each of several tables; they are read at once, for reading costs by the query."""
        for parsed in _parsed(layout, several):
            trial = cls.__new__(cls)
            trial.layout, trial.parsed = layout, parsed
            yield trial

    @cached_property
    def _is_count(self) -> frozenset[str]:
        return frozenset(each.name for each in self.layout.figures if each.kind == "count")

    def judged(self, claims: Sequence[Claim], most_broken: int | None = None) -> list[list[Judged]]:
        """Give, for each claim, what it says of the rows that it is made of.

        Args:
            claims: the claims.
            most_broken: after more broken rows than these nobody wants to know about the others; None for all rows.
        """
        if not claims:
            return []
        parsed: ParsedTable = self.parsed
        frame = looked_up(parsed, claims, {ADDRESS: parsed})
        rows = frame.to_dicts()
        conditions = {f"@{number}": claim.condition for number, claim in enumerate(claims) if claim.condition is not None}
        made: pl.DataFrame = nw.from_native(frame).select(**conditions).to_native() if conditions else pl.DataFrame()
        found = []
        for number, claim in enumerate(claims):
            is_made = made.get_column(f"@{number}").to_list() if f"@{number}" in conditions else [True] * len(rows)
            cells = {cell: cell.name for cell in claim.cells()}
            of_claim: list[Judged] = []
            broken = 0
            for at, row in enumerate(rows):
                if is_made[at] and (most_broken is None or broken <= most_broken):
                    of_claim.append(self._judged(claim, cells, at, row))
                    broken += of_claim[-1].holds is False
            found.append(of_claim)
        return found

    def rests_on(self, claims: Sequence[Claim]) -> list[dict[int, set[int]]]:
        """Give, for each claim and row, the rows whose figures it takes, the row itself included."""
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

    def _judged(self, claim: Claim, cells: Mapping[Cell, str], number: int, row: Mapping[str, Any]) -> Judged:
        figures = tuple(row[name] for name in cells.values())
        if None in figures:
            return Judged(number, None, False, 0.0, figures)
        of = in_row(row)
        holds = claim.verdict(of)
        assert not isinstance(holds, nw.Expr)
        is_broken = holds is False and claim.verdict(in_row(row, is_cut_off=True)) is False
        bits = min((self._bits(claim, cell, row, of) for cell in cells), default=0.0) if holds and claim.relation == "=" else 0.0
        return Judged(number, holds, is_broken, bits, figures)

    def _bits(self, claim: Claim, cell: Cell, row: Mapping[str, Any], of: Callable[[Cell], Interval]) -> float:
        """Give how unlikely the figure of a cell would fit by chance: the room left for it, over its size."""
        expected = claim.expected(cell, of)
        if expected is None:
            return MOST_BITS
        known = of(cell)
        bounds = (expected.low, expected.high, known.low, known.high)
        if any(not isinstance(bound, float | int) for bound in bounds):
            return 0.0
        low, high, known_low, known_high = (float(bound) for bound in bounds)  # type: ignore[arg-type]
        room = (high - low) + (known_high - known_low)
        room += 1.0 if cell.column in self._is_count and room < 1 else 0.0
        size = abs(row[cell.name])
        return min(MOST_BITS, -math.log2(room / (size + room))) if room > 0 else MOST_BITS if size else 0.0


def _parsed(layout: TableLayout, several: Sequence[Sequence[Row]]) -> list[ParsedTable]:
    """Give tables of these rows, read as the gate reads them."""
    entry = Entry(ADDRESS, _model(layout), lambda frame: frame)
    raws = []
    for rows in several:
        cells: dict[str, list[str | None]] = {name: [row[name] for row in rows] for name in rows[0]}
        cells["revision"] = [None] * len(rows)
        raws.append(RawTable(entry, "proposed", cells, list(range(2, len(rows) + 2))))
    sources = dict.fromkeys(str(row["source"]) for rows in several for row in rows)
    return parse(raws, {source: number for number, source in enumerate(sources)})


@lru_cache(maxsize=1)
def _model(layout: TableLayout) -> type[Table]:
    """Give a model of a proposed table, without rules; its categories may be any text."""
    kinds: dict[str, Any] = {each.name: Category for each in layout.categories}
    kinds |= {each.name: KINDS[each.kind] for each in layout.figures}
    declared: dict[str, Any] = {each.name: label(each.zh, each.en) for each in layout.categories}
    declared |= {each.name: figure(each.zh, each.en, each.unit, optional=True) for each in layout.figures}

    def fill(namespace: dict[str, Any]) -> None:
        namespace |= {"__annotations__": kinds, "__module__": __name__, "__doc__": "A proposed table."} | declared

    made: type[Table] = types.new_class("Proposed", (Table,), {"zh": layout.title}, fill)
    return made
