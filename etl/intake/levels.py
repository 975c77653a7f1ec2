"""The levels that a project has already, to hold a proposed figure against: they may raise a question, never settle one."""

from __future__ import annotations

from collections.abc import Iterable

from etl.intake.scope import Scope
from etl.intake.targets import ENCLOSING, OWN, Target
from etl.tables.parse import ParsedTable

MOST_TIMES = 9.5
"""From so many times the level before on, or as small a part of it, a person is asked."""


class Levels:
    """The figure printed last for each cell, whatever the period; those of the document itself, entered before, are none."""

    def __init__(self, tables: Iterable[ParsedTable], scope: Scope, source: str = "") -> None:
        self._last: dict[tuple[str, str, tuple[str, ...], str], tuple[str, str, float]] = {}
        self._areas = {OWN: scope.area, ENCLOSING: scope.enclosing}
        names = ("address", "column", "categories", "area", "period", "published", "value", "source")
        for table in tables:
            for address, column, categories, place, period, published, value, printed_in in table.cells.select(names).iter_rows():
                if value is None or place is None or period is None or printed_in == source:
                    continue
                cell = (address, column, tuple(categories), place)
                if cell not in self._last or self._last[cell][0] <= period:
                    self._last[cell] = (period, published, value)

    def last(self, target: Target) -> tuple[str, str, float] | None:
        """Return the period, print and value of the figure that a cell had last."""
        area = self._areas.get(target.area, target.area)
        return self._last.get((target.table, target.column, target.categories, area))

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
