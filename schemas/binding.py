"""Bind the cells of constraints to the printed figures of table rows.

Where several documents print a figure, what they have in common is taken (the intersection of their intervals); where they
contradict each other nothing is, for a constraint must not fail because its input is in dispute. Of a revised figure, the
vintage is taken that was the latest when the document of the row at hand came out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from schemas.constraints import Cell
from schemas.figure_table import ABSENT, Figures, FigureTable, Reading
from schemas.texts import TextError

Group = tuple[int, ...]
"""Positions of the rows of a table whose figures are summed; of one document."""

LookupKey = tuple[Any, ...]


class OpenCategoryError(TextError):
    """A cell of a constraint leaves a category of another table open."""


class CellRef(NamedTuple):
    """A figure of a table: address, row, column."""

    table: str
    row: int
    column: str


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """Rows from which the figures of a cell are taken, for each row of a table.

    Attributes:
        address: of the table that prints the figure.
        column: its column there.
        figures: the figures of that column; None where there is no such table or column.
        single: for each row, the position of the one row that prints the figure; -1 for none or several.
        several: for the rows that take several figures, those of each document, to be summed.
    """

    address: str
    column: str
    figures: Figures | None
    single: NDArray[np.int64]
    several: Mapping[int, tuple[Group, ...]]

    def groups(self, row: int) -> tuple[Group, ...]:
        """Return the figures that a row takes, one group per document.

        A group is one figure, or those that are summed.
        """
        return self.several.get(row) or (((int(self.single[row]),),) if self.single[row] >= 0 else ())

    def cells(self, row: int) -> Iterator[CellRef]:
        """Yield each figure that a row takes."""
        return (CellRef(self.address, position, self.column) for group in self.groups(row) for position in group)

    def rows_of(self, position: int, most: int | None = None) -> list[int]:
        """Return the rows that take the figure at a position, or so many of them."""
        found: list[int] = np.nonzero(self.single == position)[0][:most].tolist()
        holds: dict[int, bool] = {}  # Rows of the same key share their groups.
        for row, groups in self.several.items():
            if most is not None and len(found) >= most:
                break
            if id(groups) not in holds:
                holds[id(groups)] = any(position in group for group in groups)
            if holds[id(groups)]:
                found.append(row)
        return found

    def taken(self, rows: NDArray[Any] | None = None) -> Figures:
        """Return the figure that each row takes, or each of some rows."""
        asked = np.arange(len(self.single)) if rows is None else rows
        if self.figures is None:
            return Figures.absent(len(asked))
        taken = self.figures.at(self.single[asked])
        read: dict[int, Reading] = {}  # Rows of the same key share their groups.
        for at, row in enumerate(asked.tolist()) if self.several else ():
            if row in self.several:
                groups = id(self.several[row])
                if groups not in read:
                    read[groups] = self.reading(row, self.figures.reading)
                taken.put(at, read[groups])
        return taken

    def reading(self, row: int, read: Callable[[int], Reading]) -> Reading:
        """Return what a row takes, where `read` returns what stands at a position."""
        return in_common([summed([read(position) for position in group]) for group in self.groups(row)])


def summed(readings: Sequence[Reading]) -> Reading:
    """Return the sum of figures.

    The sum of n independently rounded figures is almost never off by n half units: its slack is capped at four standard
    deviations of n uniform rounding errors, each as wide as its interval.
    """
    if len(readings) == 1:
        return readings[0]
    value = sum(each.value for each in readings)
    low, high = sum(each.low for each in readings), sum(each.high for each in readings)
    if math.isfinite(low) and math.isfinite(high):
        cap = 4 * math.sqrt(sum((each.high - each.low) ** 2 / 12 for each in readings))
        low, high = max(low, value - cap), min(high, value + cap)
    return ABSENT if math.isnan(value) else Reading(value, low, high)


def in_common(readings: Iterable[Reading]) -> Reading:
    """Intersect the figures of several documents; return no bounds if they conflict."""
    printed = [each for each in readings if not math.isnan(each.value)]
    if not printed:
        return ABSENT
    low, high = max(each.low for each in printed), min(each.high for each in printed)
    return ABSENT if low > high else Reading(printed[0].value, low, high)


def bind(cell: Cell, table: FigureTable, tables: Mapping[str, FigureTable], parents: Mapping[str, str | None]) -> Binding:
    """Return where each row of a table takes the figure of a cell from.

    Args:
        cell: the cell.
        table: the table at hand.
        tables: all tables, by address.
        parents: the area that encloses each area.

    Raises:
        OpenCategoryError: the cell leaves a category of another table open.
    """
    target = tables.get(cell.table) if cell.table else table
    figures = target.figures.get(cell.column) if target else None
    if target is None or figures is None or not (cell.is_own or target.is_whole):
        return Binding(cell.table, cell.column, None, np.full(table.height, -1), {})
    if cell.is_own:
        return Binding(table.address, cell.column, figures, np.where(figures.is_printed, np.arange(table.height), -1), {})
    single, several = _found(cell, table, target, parents)
    return Binding(target.address, cell.column, figures, single, several)


def _found(
    cell: Cell, table: FigureTable, target: FigureTable, parents: Mapping[str, str | None]
) -> tuple[NDArray[np.int64], dict[int, tuple[Group, ...]]]:
    is_printed = target.figures[cell.column].is_printed.tolist()
    spans = target.spans_of_vintages(cell.column)
    single, several = np.full(table.height, -1), {}
    index = target.positions(leave_out=cell.over)
    within = _areas_within(parents) if cell.area == "within" else {}
    known: dict[tuple[LookupKey, int | None], tuple[Group, ...]] = {}
    for row, key in enumerate(_keys(cell, table, target, parents)):
        asked = key, None if spans is None else table.order[row]
        if asked not in known:
            keys = [(area, *key[1:]) for area in within.get(key[0], ())] if cell.area == "within" else [key]
            positions = [each for sought in keys if None not in sought for each in index.get(sought, ()) if is_printed[each]]
            groups = _by_area(target, positions, len(keys)) if cell.area == "within" else _by_document(cell, target, positions)
            if spans is not None:
                groups = [each for each in groups if all(spans.hold(position, table.order[row]) for position in each)]
            known[asked] = tuple(groups)
        taken = known[asked]
        if len(taken) == 1 and len(taken[0]) == 1:
            single[row] = taken[0][0]
        elif taken:
            several[row] = taken
    return single, several


def _keys(cell: Cell, table: FigureTable, target: FigureTable, parents: Mapping[str, str | None]) -> Iterator[LookupKey]:
    """Yield the area, span and categories by which each row looks up its figure."""
    starts, ends = table.starts, table.ends
    match cell.period:
        case "year_before":
            starts, ends = _shifted(starts, 12), _shifted(ends, 12)
        case "preceding":
            lengths = [None if start is None or end is None else end - start for start, end in zip(starts, ends, strict=True)]
            starts, ends = [s if n is None or s is None else s - n for s, n in zip(starts, lengths, strict=True)], starts
    areas = [parents.get(area) if area else None for area in table.areas] if cell.area == "parent" else table.areas
    pinned = dict(cell.pins)
    shared: list[Sequence[str | None]] = []
    for name in target.categories:
        if name in pinned:
            shared.append([pinned[name]] * table.height)
        elif name != cell.over:
            if name not in table.categories:
                raise OpenCategoryError(
                    f"The figure {cell.name} leaves the category {name} open; name one of its codes.",
                    f"数字 {cell.name} 没有写明分类 {name}；请写明其中一个代码。",
                )
            shared.append(table.categories[name])
    return zip(areas, starts, ends, *shared, strict=True)


def _shifted(months: Sequence[int | None], by: int) -> list[int | None]:
    return [None if month is None else month - by for month in months]


def _areas_within(parents: Mapping[str, str | None]) -> dict[str | None, list[str]]:
    """List the areas directly within each area."""
    found: dict[str | None, list[str]] = {}
    for area, parent in parents.items():
        found.setdefault(parent, []).append(area)
    return found


def _by_area(target: FigureTable, positions: Sequence[int], areas: int) -> list[Group]:
    """Group figures by document; drop the documents that do not print each of so many areas once."""
    groups: dict[str | None, list[int]] = {}
    for position in positions:
        groups.setdefault(target.sources[position], []).append(position)
    return [
        tuple(group) for group in groups.values() if len(group) == areas == len({target.areas[position] for position in group})
    ]


def _by_document(cell: Cell, target: FigureTable, positions: Sequence[int]) -> list[Group]:
    """Group figures by document; drop sums that lack a required code."""
    if not cell.over:
        return [(position,) for position in positions]
    codes = target.categories[cell.over]
    groups: dict[str | None, list[int]] = {}
    for position in positions:
        if not cell.among or codes[position] in cell.among:
            groups.setdefault(target.sources[position], []).append(position)
    return [
        tuple(group)
        for group in groups.values()
        if not cell.among or len({codes[position] for position in group}) == len(cell.among)
    ]
