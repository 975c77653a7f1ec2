"""Weigh which cell of a broken constraint is likely wrong, by its document, the year before, and chance.

A cell that differs from its document is the first suspect, and then the only one. Of cells that their documents confirm those of
the latest document come first, for the earlier ones were checked when they were entered.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cached_property

import numpy as np

from etl.tables.comparisons import a_year_before
from etl.tables.parse import ParsedTable
from etl.tables.what_if import Instance, WhatIf
from schemas.binding import CellRef
from schemas.figure_table import Floats, Reading
from schemas.kinds import USUAL_FACTORS
from schemas.models import Count, figures

_OTHERS = np.exp(np.linspace(-np.log(3), np.log(3), 100))
"""Factors between a figure and others of its size; none of them is one."""
_FEWEST_OTHERS = 50
_MOST_TRIED = 50
"""Of more cells nobody reads which is likely wrong."""


class Evidence:
    """What is known of the cells of a project beside the constraints.

    Attributes:
        unconfirmed: the cells that their documents do not confirm, with what these print; empty where that is not known.
    """

    def __init__(self, tables: Mapping[str, ParsedTable], what_if: WhatIf, unconfirmed: Mapping[CellRef, str]) -> None:
        self._tables = tables
        self._what_if = what_if
        self.unconfirmed = unconfirmed
        self._tried = 0
        self._years: dict[str, dict[int, list[int]]] = {}

    def first_suspects(self, refs: Iterable[CellRef]) -> list[CellRef]:
        """Return those of some cells that are to be suspected first."""
        cells = list(refs)
        for unconfirmed in (
            [ref for ref in cells if self.unconfirmed.get(ref)],
            [ref for ref in cells if ref in self.unconfirmed],
        ):
            if unconfirmed and len(unconfirmed) < len(cells):
                return unconfirmed
        latest = max((self._order(ref) for ref in cells), default=0)
        return [ref for ref in cells if self._order(ref) == latest]

    def is_singled_out(self, ref: CellRef, refs: Collection[CellRef]) -> bool:
        """Tell whether a cell is the only one of several that its document does not confirm, as it prints something else."""
        return len(refs) > 1 and [each for each in refs if self.unconfirmed.get(each)] == [ref]

    def _order(self, ref: CellRef) -> int:
        return self._tables[ref.table].figure_table.order[ref.row]

    def is_unusual(self, ref: CellRef, value: float | None = None) -> bool:
        """Tell whether a level is several times that of the year before or after, or a fraction of it; or would be."""
        table = self._tables[ref.table].figure_table
        own = self._what_if.reading(ref).value if value is None else value
        others = [table.figures[ref.column].reading(row).value for row in self._of_other_years(ref)]
        factor = USUAL_FACTORS[0]
        return self._is_level(ref) and any(other > 0 and not other / factor <= own <= other * factor for other in others)

    def _is_level(self, ref: CellRef) -> bool:
        return ref.column in self._levels[ref.table]

    @cached_property
    def _levels(self) -> dict[str, frozenset[str]]:
        return {
            address: frozenset(each.name for each in figures(table.raw.entry.model) if each.is_level)
            for address, table in self._tables.items()
        }

    def _of_other_years(self, ref: CellRef) -> list[int]:
        """Return the rows of the year before and after that of a cell."""
        if ref.table not in self._years:
            beside: dict[int, list[int]] = {}
            for row, other in zip(*(each.tolist() for each in a_year_before(self._tables[ref.table].figure_table)), strict=True):
                beside.setdefault(row, []).append(other)
                beside.setdefault(other, []).append(row)
            self._years[ref.table] = beside
        return self._years[ref.table].get(ref.row, [])

    def is_chance(self, ref: CellRef, reading: Reading, repaired: Collection[Instance]) -> bool:
        """Tell whether another figure of the same size would repair what a figure repairs."""
        values = reading.value * _OTHERS
        if self._is_count(ref):
            values = np.unique(np.round(values))
        values = values[values != reading.value]
        if len(values) < _FEWEST_OTHERS:
            return True
        expected = [self._what_if.expected(instance, ref) for instance in repaired]
        known = [each for each in expected if each is not None]
        if len(known) < len(expected):
            return self._is_one_of_many(ref, reading, values, repaired)
        low, high = max(float(each.low) for each in known), min(float(each.high) for each in known)
        below, above = reading.low - reading.value, reading.high - reading.value
        return bool(np.any((values + above >= low) & (values + below <= high)))

    def _is_one_of_many(self, ref: CellRef, reading: Reading, values: Floats, repaired: Collection[Instance]) -> bool:
        """Try other figures one by one, where it cannot be said what would repair a constraint; of so many cells only."""
        self._tried += 1
        if self._tried > _MOST_TRIED:
            return True
        half = np.array([reading.low - reading.value, reading.high - reading.value])
        changes = [{ref: Reading(float(value), *(value + half).tolist())} for value in values]
        return any(all(after.get(each) is True for each in repaired) for after in self._what_if.changed(changes))

    def _is_count(self, ref: CellRef) -> bool:
        declared = figures(self._tables[ref.table].raw.entry.model)
        return any(each.name == ref.column and isinstance(each.dtype, Count) for each in declared)
