"""Pair the rows of a table with those of the year before and of the enclosing area, and collect what rules say of the pairs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import repeat
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from etl.findings import Finding, WaivedKeys, Witness, make_finding
from etl.tables.evaluate import Outcome
from etl.tables.parse import ParsedTable
from schemas.figure_table import FigureTable
from schemas.intervals import Verdict
from schemas.models import Rule
from schemas.texts import Text

YEAR = 12
MOST_LISTED = 1000
"""Most findings of one rule on one table; the rest are counted."""

MOST_OTHERS = 100
"""Most rows to which one is compared: so many prints of one figure are a fault of their own, and their pairs are their square."""

Mask = NDArray[np.bool_]
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

    def __init__(self, rule: Rule, height: int) -> None:
        self.rule = rule
        self.known: Mask = np.zeros(height, dtype=np.bool_)
        self.broken: dict[Print, tuple[Print, ...]] = {}

    def add(self, column: str, pairs: Pairs, verdict: Verdict) -> None:
        """Add the verdicts on pairs of rows; a row breaks the rule where none of its pairs keeps it."""
        self.known[pairs.rows[verdict.known]] = True
        is_kept = np.zeros_like(self.known)
        is_kept[pairs.rows[verdict.kept]] = True
        self.add_broken(column, pairs, verdict.broken & ~is_kept[pairs.rows])

    def add_broken(self, column: str, pairs: Pairs, is_broken: Mask) -> None:
        """Add the figures of the pairs that break the rule; of a figure that is in several, the first."""
        own, others = (map(Print._make, zip(each[is_broken].tolist(), repeat(column))) for each in pairs)
        for each, other in zip(own, others, strict=True):
            self.broken.setdefault(each, (other,))

    def outcome(self, height: int) -> Outcome:
        """Count the rows that keep and break the rule."""
        is_broken = np.zeros(height, dtype=np.bool_)
        is_broken[[row for row, _ in self.broken]] = True
        broken, known = np.flatnonzero(is_broken), int(np.count_nonzero(self.known | is_broken))
        return Outcome(self.rule, "", known - len(broken), height - known, tuple(broken.tolist()))

    def findings(self, table: ParsedTable, waived: WaivedKeys) -> Iterator[Finding]:
        """Yield a finding for each figure that breaks the rule; of very many, the last open one stands for the rest.

        Errors are all listed, for their rows are not loaded; and so is what is waived.
        """
        if self.rule.severity == "error" or len(self.broken) <= MOST_LISTED:
            yield from (self._finding(table, own) for own in self.broken)
            return
        is_waived = {
            own for own in self.broken if table.keys[own.position] in waived.get((self.rule.id, own.column), frozenset())
        }
        opened = sorted((own for own in self.broken if own not in is_waived), key=attrgetter("position"))
        yield from (self._finding(table, own) for own in is_waived)
        yield from (self._finding(table, own) for own in opened[: MOST_LISTED - 1])
        if len(opened) >= MOST_LISTED:
            yield replace(self._finding(table, opened[MOST_LISTED - 1]), more=len(opened) - MOST_LISTED)

    def _finding(self, table: ParsedTable, own: Print) -> Finding:
        others, row = self.broken[own], table.figure_table.rows[own.position]
        compared = (own, *others) if own.column in table.figures else ()
        witnesses = tuple(_witness(table, each) for each in compared)
        place, key, message = table.raw.place(row, own.column), table.keys[own.position], self.message(table, own, others)
        return make_finding(
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
    places = _Places(table)
    return places.pairs(places.areas, _translated(places.spans, places.span_numbers, _year_before))


def enclosing(table: FigureTable, parents: Mapping[str, str | None]) -> Pairs:
    """Pair each row with those of the area that encloses its own, of its span and categories."""
    places = _Places(table)
    return places.pairs(_translated(places.areas, places.area_numbers, parents.get), places.spans)


def _year_before(months: tuple[int, int]) -> tuple[int, int]:
    return months[0] - YEAR, months[1] - YEAR


def _translated(each: Positions, numbers: dict[Any, int], other_of: Callable[[Any], object]) -> Positions:
    """Return for each row the number of the label that is wanted in place of its own; -1 for none."""
    wanted = np.array([*(numbers.get(other_of(label), -1) for label in numbers), -1], dtype=np.int64)
    return wanted[each]


class _Places:
    """Area, span and categories of each row as numbers, which are quicker to compare; -1 where one is missing."""

    def __init__(self, table: FigureTable) -> None:
        self.areas, self.area_numbers = numbered(table.areas)
        spans = (each if None not in each else None for each in zip(table.starts, table.ends, strict=True))
        self.spans, self.span_numbers = numbered(spans)
        codes = zip(*table.categories.values(), strict=True) if table.categories else repeat((), table.height)
        self._categories, _ = numbered(each if None not in each else None for each in codes)

    def pairs(self, areas: Positions, spans: Positions) -> Pairs:
        """Pair each row with the first rows of the area and span that are wanted for it, and of its categories."""
        own, wanted = self._key(self.areas, self.spans), self._key(areas, spans)
        order = np.argsort(own, kind="stable")
        first, after = (np.searchsorted(own[order], wanted, side=side) for side in ("left", "right"))
        numbers = np.where(wanted >= 0, np.minimum(after - first, MOST_OTHERS), 0)
        rows = np.repeat(np.arange(len(own)), numbers)
        rank = np.arange(len(rows)) - np.repeat(np.cumsum(numbers) - numbers, numbers)
        return Pairs(rows, order[first[rows] + rank])

    def _key(self, areas: Positions, spans: Positions) -> Positions:
        key = (self._categories * len(self.area_numbers) + areas) * len(self.span_numbers) + spans
        return np.where((areas < 0) | (spans < 0) | (self._categories < 0), -1, key)


def numbered(labels: Iterable[Any]) -> tuple[Positions, dict[Any, int]]:
    """Number labels as they first appear; a label that is None has -1."""
    numbers: dict[Any, int] = {}
    each = [-1 if label is None else numbers.setdefault(label, len(numbers)) for label in labels]
    return np.array(each, dtype=np.int64), numbers
