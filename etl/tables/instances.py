"""Claims one row at a time, over numbers: which cells each rests on, and what it says when one of them changes.

The gate evaluates a rule over all rows in one pass (`etl.tables.validate`). Whoever asks what would be if one cell were another,
a suspect or a mutant, evaluates here the few claims that the cell takes part in, by the same arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import narwhals.stable.v1 as nw
import polars as pl

from etl.tables.lookups import ROWS, looked_up
from etl.tables.parse import ROW, ParsedTable
from etl.tables.validate import claims
from schemas import intervals
from schemas.claims import Cell
from schemas.intervals import Interval
from schemas.vocabulary import Rule, rules


class CellRef(NamedTuple):
    """A figure cell of a raw table."""

    table: str
    row: int
    column: str


class Reading(NamedTuple):
    """What a cell prints: its value and bounds; all None where it is blank or cannot be read."""

    value: float | None
    low: float | None
    high: float | None


BLANK = Reading(None, None, None)
Read = Callable[[CellRef], Reading]


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """A rule's claim about one row.

    Attributes:
        rule: the rule.
        table: address of its table.
        row: the row it is about.
        inputs: for each cell of the claim, the figures it is taken from: one group a document, of one figure or of those
            that are summed.
    """

    rule: Rule
    table: str
    row: int
    inputs: Mapping[Cell, tuple[tuple[CellRef, ...], ...]]

    def cells(self) -> Iterator[CellRef]:
        """Give every figure the instance rests on."""
        for groups in self.inputs.values():
            for group in groups:
                yield from group

    def verdict(self, read: Read) -> bool | None:
        """Give whether the claim holds of these readings: it holds too where it does if digits were cut off."""
        assert self.rule.claim is not None
        verdict = self.rule.claim.verdict(self.intervals(read))
        if verdict is False:
            verdict = self.rule.claim.verdict(self.intervals(read, is_cut_off=True))
        assert not isinstance(verdict, nw.Expr)
        return verdict

    def intervals(self, read: Read, *, is_cut_off: bool = False) -> Callable[[Cell], Interval]:
        """Give what the readings say of each cell of the claim."""

        def of(cell: Cell) -> Interval:
            reading = _in_common([_group(group, read) for group in self.inputs[cell]])
            return intervals.cut_off(*reading) if is_cut_off else Interval(reading.low, reading.high)

        return of

    def expected(self, ref: CellRef, read: Read) -> Interval | None:
        """Give the values of a figure that would satisfy the claim, the other figures being as they are read."""
        claim = self.rule.claim
        assert claim is not None
        for cell, groups in self.inputs.items():
            if groups == ((ref,),):
                return claim.expected(cell, self.intervals(read))
        return None


def _group(group: tuple[CellRef, ...], read: Read) -> Reading:
    """Give the figure of a group, or the sum of its figures with its slack capped as in `etl.tables.lookups`."""
    readings = [read(ref) for ref in group]
    if len(readings) == 1:
        return readings[0]
    lows, highs, values = zip(*((each.low, each.high, each.value) for each in readings), strict=True)
    if None in values:
        return BLANK
    low, high, value = _sum(lows), _sum(highs), sum(values)
    if low is not None and high is not None:
        cap = 4 * math.sqrt(sum((upper - lower) ** 2 / 12 for lower, upper in zip(lows, highs, strict=True)))
        low, high = max(low, value - cap), min(high, value + cap)
    return Reading(value, low, high)


def _sum(bounds: Iterable[float | None]) -> float | None:
    known = list(bounds)
    return None if None in known else sum(bound for bound in known if bound is not None)


def _in_common(readings: list[Reading]) -> Reading:
    """Give what several documents' figures have in common; nothing where they contradict each other."""
    printed = [each for each in readings if each.value is not None]
    if not printed:
        return BLANK
    low = max((each.low for each in printed if each.low is not None), default=None)
    high = min((each.high for each in printed if each.high is not None), default=None)
    if low is not None and high is not None and low > high:
        return BLANK
    return Reading(printed[0].value, low, high)


def readings(tables: Mapping[str, ParsedTable]) -> dict[CellRef, Reading]:
    """Give what every printed figure says."""
    return {
        CellRef(address, row, column): Reading(value, low, high)
        for address, table in tables.items()
        for row, column, value, low, high in table.cells.select(ROW, "column", "value", "low", "high").iter_rows()
    }


def instances(tables: Mapping[str, ParsedTable]) -> list[Instance]:
    """Give every claim about every row that it is made of."""
    return [instance for table in tables.values() for instance in _of_table(table, tables)]


def _of_table(table: ParsedTable, tables: Mapping[str, ParsedTable]) -> Iterator[Instance]:
    model = table.raw.entry.model
    declared = [rule for rule in rules(model) if rule.claim is not None and rule.claim.relation != "holds"]
    if not declared or table.raw.missing or not table.raw.height:
        return
    frame = looked_up(table, claims(model), tables)
    applies = _applies(frame, declared)
    columns = {name: frame.get_column(name).to_list() for name in frame.columns if name.endswith(ROWS)}
    for rule in declared:
        assert rule.claim is not None
        cells = rule.claim.cells()
        for row in range(frame.height):
            if applies[rule.id][row]:
                yield Instance(rule, table.address, row, {cell: _groups(cell, row, table, tables, columns) for cell in cells})


def _applies(frame: pl.DataFrame, declared: list[Rule]) -> dict[str, list[bool | None]]:
    conditions = {rule.id: rule.claim.condition for rule in declared if rule.claim and rule.claim.condition is not None}
    everywhere: dict[str, list[bool | None]] = {rule.id: [True] * frame.height for rule in declared}
    if not conditions:
        return everywhere
    found: pl.DataFrame = nw.from_native(frame).select(**conditions).to_native()
    return everywhere | {name: found.get_column(name).to_list() for name in conditions}


def _groups(
    cell: Cell,
    row: int,
    table: ParsedTable,
    tables: Mapping[str, ParsedTable],
    columns: Mapping[str, list[list[int] | None]],
) -> tuple[tuple[CellRef, ...], ...]:
    if cell.is_own:
        return ((CellRef(table.address, row, cell.column),),)
    address = cell.table or table.address
    refs = [CellRef(address, each, cell.column) for each in columns[cell.name + ROWS][row] or ()]
    if not cell.over:
        return tuple((ref,) for ref in refs)
    sources = tables[address].frame.get_column("source")
    by_source: dict[str, list[CellRef]] = {}
    for ref in refs:
        by_source.setdefault(sources[ref.row], []).append(ref)
    return tuple(tuple(group) for group in by_source.values())


def by_cell(all_instances: Iterable[Instance]) -> dict[CellRef, list[Instance]]:
    """Give the instances that each figure takes part in."""
    found: dict[CellRef, list[Instance]] = {}
    for instance in all_instances:
        for ref in dict.fromkeys(instance.cells()):
            found.setdefault(ref, []).append(instance)
    return found
