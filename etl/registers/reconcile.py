"""Reconcile a register's counts with figures of the same area and period."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import polars as pl

from etl.registers.group_codes import MONTH
from etl.tables.parse import ParsedTable
from schemas.constraints import HIGH, LOW
from schemas.flows import Agreement, Flow
from schemas.intervals import intersects, interval, point
from schemas.models import Category, columns
from schemas.registers import TOTAL
from schemas.vintages import PERIOD_END, PERIOD_START, ROW


@dataclass(frozen=True, slots=True)
class ReconciledFigure:
    """Published figure, and what a register counts.

    Attributes:
        agreement: what must agree.
        row: row of the table that prints the figure.
        counted: by the register; None where it does not cover the area and period.
        agrees: whether it lies within the figure's interval; None where nothing can be said.
    """

    agreement: Agreement
    row: int
    counted: float | None
    agrees: bool | None


def reconcile(
    months: pl.DataFrame, flow: Flow, agreement: Agreement, table: ParsedTable, rejected: Collection[int]
) -> Iterator[ReconciledFigure]:
    """Compare each kept figure of an agreement with what the register counts."""
    frame = table.frame
    if agreement.column not in frame.columns or PERIOD_START not in frame.columns:
        return
    categories = [column.name for column in columns(table.raw.entry.model) if isinstance(column.dtype, Category)]
    pinned = [pl.col(name) == code for name, code in agreement.pins.items()]
    printed = frame.filter(pl.col(agreement.column).is_not_null(), ~pl.col(ROW).is_in(list(rejected)), *pinned)
    came = months.filter(pl.col(flow.opened.column) > 0)
    first_and_last = came.group_by("area").agg(pl.col(MONTH).min(), pl.col(MONTH).max().alias("last"))
    spans = {area: (first, last) for area, first, last in first_and_last.iter_rows()}
    for figure in printed.drop_nulls(["area", PERIOD_START, *categories]).iter_rows(named=True):
        codes = {name: figure[name] for name in categories if name not in agreement.pins and figure[name] != TOTAL}
        start, end = figure[PERIOD_START], figure[PERIOD_END]
        counted = None
        of_area = months.filter(pl.col("area") == figure["area"])
        if _is_covered(spans.get(figure["area"]), start, end, agreement.measure) and _count(
            of_area, flow.opened.column, start, end
        ):  # A register in which no record comes in the period does not have the period.
            chosen = of_area.filter(*(pl.col(name) == code for name, code in {**codes, **agreement.only}.items()))
            counted = _count(chosen, agreement.measure, start, end)
        bounds = figure[agreement.column + LOW], figure[agreement.column + HIGH]
        yield ReconciledFigure(agreement, figure[ROW], counted, None if counted is None else _agrees(counted, *bounds))


def _agrees(counted: float, low: float | None, high: float | None) -> bool | None:
    """Tell whether a count lies within the bounds of a figure; None if undecided."""
    verdict = intersects(point(counted), interval(low, high))
    return bool(verdict.holds) if verdict.known else None


def _is_covered(span: tuple[int, int] | None, start: int, end: int, measure: str) -> bool:
    """Tell whether the register covers the whole period.

    What is there at its start is known from the month before.
    """
    if span is None:
        return False
    first, last = span
    if measure.endswith("_at_end"):
        return first <= end - 1 <= last
    return first <= start - measure.endswith("_at_start") and end - 1 <= last


def _count(months: pl.DataFrame, measure: str, start: int, end: int) -> float:
    """Sum a measure over the months of a period, or read it at its start or end."""
    if measure.endswith("_at_start"):
        end = start + 1
    elif measure.endswith("_at_end"):
        start = end - 1
    within = months.filter(pl.col(MONTH) >= start, pl.col(MONTH) < end)
    return float(within.select(pl.col(measure).sum()).item() or 0)
