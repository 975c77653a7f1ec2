"""Coverage: the figures that a decidable constraint or a second print checks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from etl.tables.evaluate import evaluation_of
from etl.tables.parse import IS_MARK, ParsedTable
from etl.tables.what_if import WhatIf
from schemas.binding import CellRef
from schemas.figure_table import Reading
from schemas.models import figures
from schemas.vintages import ROW


@dataclass(frozen=True, slots=True)
class Coverage:
    """The figures of a project, and those checked by more than reading and range.

    Attributes:
        held: the rules that hold each figure; none where it is not held.
        columns: for each figure column (`domain.table.column`), whether any rule names it.
    """

    held: dict[CellRef, tuple[str, ...]]
    columns: dict[str, bool]

    def share(self, domain: str | None = None) -> float:
        """Percentage of figures that are covered; 100 where there are none."""
        mine = [rules for ref, rules in self.held.items() if domain in (None, ref.table.partition(".")[0])]
        return 100 * sum(bool(rules) for rules in mine) / len(mine) if mine else 100.0


def coverage(tables: Mapping[str, ParsedTable], source: str | None = None) -> Coverage:
    """Compute the coverage of a project's figures, or of one document's."""
    what_if = WhatIf(evaluation_of(tables))
    holding: dict[CellRef, list[str]] = {}
    for instance in what_if.known():
        for ref in what_if.cells(instance):
            holding.setdefault(ref, []).append(instance.rule)
    siblings = siblings_of(tables)
    of_source = _rows_of(tables, source)
    held = {}
    for ref in (CellRef(address, *cell) for address, table in tables.items() for cell in _places(table)):
        if of_source is not None and (ref.table, ref.row) not in of_source:
            continue
        rules = holding.get(ref, [])
        rules += ["sources-agree"] if any(_is_known(what_if.reading(other)) for other in siblings.get(ref, ())) else []
        held[ref] = tuple(dict.fromkeys(rules))
    columns = {
        f"{address}.{column.name}": what_if.names(address, column.name)
        for address, table in tables.items()
        for column in figures(table.raw.entry.model)
    }
    return Coverage(held, columns)


def _is_known(reading: Reading) -> bool:
    return math.isfinite(reading.low) or math.isfinite(reading.high)


def _rows_of(tables: Mapping[str, ParsedTable], source: str | None) -> set[tuple[str, int]] | None:
    if source is None:
        return None
    return {
        (address, row)
        for address, table in tables.items()
        for row in table.labels.filter(pl.col("source") == source).get_column(ROW)
    }


def _places(table: ParsedTable) -> Iterable[tuple[int, str]]:
    """Return the rows and columns of a table that have a figure."""
    return table.cells.filter(~IS_MARK).select(ROW, "column").iter_rows()


def siblings_of(tables: Mapping[str, ParsedTable]) -> dict[CellRef, list[CellRef]]:
    """Map each figure to its other prints of the same vintage."""
    groups: dict[tuple[object, ...], list[CellRef]] = {}
    for address, table in tables.items():
        judged = table.figure_table
        for row, column in _places(table):
            same = (address, column, judged.same_figures(row)[0], judged.vintages[row])
            groups.setdefault(same, []).append(CellRef(address, row, column))
    return {ref: [other for other in group if other != ref] for group in groups.values() if len(group) > 1 for ref in group}
