"""What a register counts against what is published of the same area and period."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import polars as pl

from etl.registers.flows import MONTH
from etl.tables.parse import ParsedTable
from schemas.claims import HIGH, LOW
from schemas.intervals import intersects, interval, point
from schemas.registers import TOTAL, Agreement, Flow
from schemas.vintages import PERIOD_END, PERIOD_START, ROW
from schemas.vocabulary import Category, columns


@dataclass(frozen=True, slots=True)
class Compared:
    """A published figure, and what a register counts.

    Attributes:
        agreement: what is held to agree.
        row: row of the table that prints the figure.
        counted: by the register; None where it does not cover the area and period.
        agrees: whether it lies within the figure's interval; None where nothing can be said.
    """

    agreement: Agreement
    row: int
    counted: float | None
    agrees: bool | None


def compared(
    months: pl.DataFrame, flow: Flow, agreement: Agreement, table: ParsedTable, rejected: Collection[int]
) -> Iterator[Compared]:
    """Give each published figure of an agreement that is not rejected, with what the register counts."""
    frame = table.frame
    if agreement.column not in frame.columns or PERIOD_START not in frame.columns:
        return
    categories = [column.name for column in columns(table.raw.entry.model) if isinstance(column.dtype, Category)]
    printed = frame.filter(pl.col(agreement.column).is_not_null(), ~pl.col(ROW).is_in(list(rejected)))
    for name, pinned in agreement.pins.items():
        printed = printed.filter(pl.col(name) == pinned)
    covered = _covered(months, flow)
    for figure in printed.drop_nulls(["area", PERIOD_START, *categories]).iter_rows(named=True):
        codes = {name: figure[name] for name in categories if name not in agreement.pins and figure[name] != TOTAL}
        start, end = figure[PERIOD_START], figure[PERIOD_END]
        counted = None
        chosen = months.filter(pl.col("area") == figure["area"])
        if _is_covered(covered.get(figure["area"]), start, end, agreement) and _has_records(chosen, flow, start, end):
            for name, code in {**codes, **agreement.only}.items():
                chosen = chosen.filter(pl.col(name) == code)
            counted = _counted(chosen, agreement.measure, start, end)
        low, high = figure[agreement.column + LOW], figure[agreement.column + HIGH]
        yield Compared(agreement, figure[ROW], counted, _agrees(counted, low, high))


def _agrees(counted: float | None, low: float | None, high: float | None) -> bool | None:
    """Tell whether a count lies within the bounds of a figure; None where nothing can be said."""
    if counted is None:
        return None
    verdict = intersects(point(counted), interval(low, high))
    return bool(verdict.holds) if verdict.known else None


def _covered(months: pl.DataFrame, flow: Flow) -> Mapping[str, tuple[int, int]]:
    """Give for each area the first and the last month in which a record comes."""
    came = months.filter(pl.col(flow.opened.column) > 0)
    spans = came.group_by("area").agg(pl.col(MONTH).min().alias("first"), pl.col(MONTH).max().alias("last"))
    return {area: (first, last) for area, first, last in spans.iter_rows()}


def _is_covered(span: tuple[int, int] | None, start: int, end: int, agreement: Agreement) -> bool:
    """Whether the register has the whole period; what is there at its start is known from the month before."""
    if span is None:
        return False
    first, last = span
    if agreement.measure.endswith("_at_end"):
        return first <= end - 1 <= last
    return first <= start - agreement.measure.endswith("_at_start") and end - 1 <= last


def _has_records(chosen: pl.DataFrame, flow: Flow, start: int, end: int) -> bool:
    """Whether a record comes in the period; a register without one does not have the period."""
    within = chosen.filter(pl.col(MONTH) >= start, pl.col(MONTH) < end)
    return bool(within.select(pl.col(flow.opened.column).sum()).item())


def _counted(chosen: pl.DataFrame, measure: str, start: int, end: int) -> float:
    """Give a count over a period: a sum of its months, or what is there at its start or end."""
    if measure.endswith("_at_start"):
        chosen = chosen.filter(pl.col(MONTH) == start)
    elif measure.endswith("_at_end"):
        chosen = chosen.filter(pl.col(MONTH) == end - 1)
    else:
        chosen = chosen.filter(pl.col(MONTH) >= start, pl.col(MONTH) < end)
    return float(chosen.select(pl.col(measure).sum()).item() or 0)
