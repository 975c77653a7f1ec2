"""Pair the rows of a table with those of the year before and of the enclosing area, and collect what rules say of the pairs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from etl.findings import Finding, Witness, make_finding
from etl.tables.evaluate import Outcome
from etl.tables.parse import ParsedTable
from schemas.figure_table import FigureTable
from schemas.intervals import Verdict
from schemas.models import Rule
from schemas.texts import Text

YEAR = 12

Positions = NDArray[np.int64]


class Pairs(NamedTuple):
    """Positions of rows, and for each that of a row to which it is compared; a row may be there several times."""

    rows: Positions
    others: Positions

    def first_of_each(self, height: int) -> Positions:
        """Return for each row the first row to which it is compared; -1 for none."""
        found = np.full(height, -1)
        found[self.rows[::-1]] = self.others[::-1]
        return found


class Print(NamedTuple):
    """A printed figure: its position in the table, and its column."""

    position: int
    column: str


class Comparison:
    """What one rule says of the rows of a table.

    Attributes:
        rule: the rule.
        known: the rows that it judges.
        broken: the figures that break it, each with those it is compared to.
    """

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.known: set[int] = set()
        self.broken: dict[Print, tuple[Print, ...]] = {}

    def add(self, column: str, pairs: Pairs, verdict: Verdict) -> None:
        """Add the verdicts on pairs of rows; a row breaks the rule where none of its pairs keeps it."""
        self.known.update(pairs.rows[verdict.known].tolist())
        kept = set(pairs.rows[verdict.kept].tolist())
        for row, other in zip(*(each[verdict.broken].tolist() for each in pairs), strict=True):
            if row not in kept:
                self.broken.setdefault(Print(row, column), (Print(other, column),))

    def outcome(self, height: int) -> Outcome:
        """Count the rows that keep and break the rule."""
        broken = tuple(sorted({row for row, _ in self.broken}))
        known = self.known | {*broken}
        return Outcome(self.rule, "", len(known) - len(broken), height - len(known), broken)

    def findings(self, table: ParsedTable) -> Iterator[Finding]:
        """Yield a finding for each figure that breaks the rule."""
        for own, others in self.broken.items():
            row = table.figure_table.rows[own.position]
            message = self.message(table, own, others)
            compared = (own, *others) if own.column in table.figures else ()
            witnesses = tuple(_witness(table, each) for each in compared)
            place, key = table.raw.place(row, own.column), table.keys[own.position]
            yield make_finding(
                self.rule, table.address, place, message, row=row, row_key=key, column=own.column, witnesses=witnesses
            )

    def message(self, table: ParsedTable, own: Print, others: tuple[Print, ...]) -> Text:
        """Say what is wrong with a figure, by those it is compared to."""
        raise NotImplementedError


def _witness(table: ParsedTable, each: Print) -> Witness:
    row = table.figure_table.rows[each.position]
    low, high = table.figures[each.column].reading(each.position).interval().bounds()
    text = table.raw.cells[each.column][row] or ""
    return Witness(f"{table.address}.{each.column}", table.raw.place(row, each.column), text, low, high)


def text_of(table: ParsedTable, each: Print) -> str:
    """Return what a figure, or a label, prints."""
    return table.raw.cells[each.column][table.figure_table.rows[each.position]] or ""


def place_of(table: ParsedTable, each: Print) -> str:
    """Return the place of a figure, as messages name it."""
    return str(table.raw.place(table.figure_table.rows[each.position], each.column))


def a_year_before(table: FigureTable) -> Pairs:
    """Pair each row with those of its area and categories a year before."""
    starts, ends = (_earlier(months) for months in (table.starts, table.ends))
    return _pairs(table, zip(table.areas, starts, ends, *table.categories.values(), strict=True))


def _earlier(months: Iterable[int | None]) -> Iterator[int | None]:
    return (None if month is None else month - YEAR for month in months)


def enclosing(table: FigureTable, parents: Mapping[str, str | None]) -> Pairs:
    """Pair each row with those of the area that encloses its own, of its span and categories."""
    areas = (parents.get(area) if area else None for area in table.areas)
    return _pairs(table, zip(areas, table.starts, table.ends, *table.categories.values(), strict=True))


def _pairs(table: FigureTable, wanted: Iterable[tuple[object, ...]]) -> Pairs:
    """Pair each row with the rows of the area, span and categories that are wanted for it."""
    index = table.positions()
    pairs = [(row, other) for row, key in enumerate(wanted) if None not in key for other in index.get(key, ())]
    rows, others = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return Pairs(rows, others)
