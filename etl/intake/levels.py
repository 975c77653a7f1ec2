"""The levels that a project has already, to hold a proposed figure against: they may raise a question, never settle one."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from etl.intake.scope import Scope
from etl.intake.targets import ENCLOSING, OWN, Target
from etl.tables.parse import ParsedTable

_OPEN = (-math.inf, math.inf)
MOST_TIMES = 9.5
"""From so many times the level before on, or as small a part of it, a person is asked."""


class Level(NamedTuple):
    """What a figure says: its value and bounds."""

    value: float
    low: float
    high: float


class Levels:
    """The figures that were printed for each cell, by period; those of the document itself, entered before, are none."""

    def __init__(self, tables: Iterable[ParsedTable], scope: Scope, source: str = "") -> None:
        self._printed: dict[tuple[str, str, tuple[str, ...], str], dict[str, tuple[str, Level]]] = {}
        self._areas = {OWN: scope.area, ENCLOSING: scope.enclosing}
        self._period = scope.period
        names = ("address", "column", "categories", "area", "period", "source", "published", "value", "low", "high")
        for table in tables:
            for address, column, categories, place, period, printed_in, published, *read in table.cells.select(names).iter_rows():
                if read[0] is None or place is None or period is None or printed_in == source:
                    continue
                level = Level(read[0], *(bound if bound is not None else end for bound, end in zip(read[1:], _OPEN, strict=True)))
                self._printed.setdefault((address, column, tuple(categories), place), {})[period] = published, level

    def _of(self, target: Target) -> dict[str, tuple[str, Level]]:
        area = self._areas.get(target.area, target.area)
        return self._printed.get((target.table, target.column, target.categories, area), {})

    def last(self, target: Target) -> tuple[str, str, float] | None:
        """Return the period, print and value of the figure that a cell had last."""
        printed = self._of(target)
        if not printed:
            return None
        period = max(printed)
        return period, printed[period][0], printed[period][1].value

    def a_year_before(self, target: Target) -> Level | None:
        """Return what a cell had in the period a year before that of the document; None where nothing is known of it."""
        if "/" in self._period:
            return None
        printed = self._of(target).get(f"{int(self._period[:4]) - 1}{self._period[4:]}")
        return printed[1] if printed else None

    def compared(self, target: Target, value: float | None) -> str:
        """Return what a cell had last and by how much a value differs: `2025: 5981件, +2.3 %`; empty where it had none."""
        last = self.last(target)
        if last is None:
            return ""
        change = f", {(value / last[2] - 1) * 100:+.1f} %" if value is not None and last[2] > 0 else ""
        return f"{last[0]}: {last[1]}{change}"

    def is_far_from(self, target: Target, value: float) -> bool:
        """Whether a value is many times what the cell had last, or a small part of it."""
        last = self.last(target)
        if last is None or last[2] <= 0 or value <= 0:
            return False
        return not 1 / MOST_TIMES < value / last[2] < MOST_TIMES
