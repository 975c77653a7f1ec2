"""The flow of a register: what comes, goes and is there, by month.

Two aggregations over the records, in narwhals' words, give tables that no longer grow with the records; the months are made
of these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl

from etl.registers.reading import DAYS
from schemas.registers import Flow

MONTH = "month"
OPENED_IN, CLOSED_IN, MEASURED_IN = "@opened", "@closed", "@measured"
COUNT, FLAGGED, AMOUNT = "@count", "@flagged", "@amount"
MEDIAN, MEAN, CLEARANCE = "median_days", "mean_days", "clearance_rate_pct"

Frame = nw.LazyFrame[Any]


def counts(records: Frame, flow: Flow) -> Frame:
    """Count records by area, codes, month of coming and month of going."""
    with_months = records.with_columns(
        _month(nw.col(flow.opens)).alias(OPENED_IN),
        _month(nw.col(flow.closes)).alias(CLOSED_IN),
    )
    sums = [nw.len().alias(COUNT)]
    if flow.flag:
        sums.append(nw.col(flow.flag).cast(nw.Int64).sum().alias(FLAGGED))
    if flow.amount:
        sums.append(nw.col(flow.amount).sum().alias(AMOUNT))
    return with_months.group_by(*flow.keys, OPENED_IN, CLOSED_IN).agg(*sums)


def lengths(records: Frame, flow: Flow) -> Frame:
    """Count records by area, codes, the month in which their time is over, and the days that they lasted."""
    lasted = records.filter(~nw.col(DAYS).is_null())
    with_month = lasted.with_columns(_month(nw.col(flow.measured[1])).alias(MEASURED_IN))
    return with_month.group_by(*flow.keys, MEASURED_IN, DAYS).agg(nw.len().alias(COUNT))


def _month(day: nw.Expr) -> nw.Expr:
    """Give the month of a day, counted as `12 * year + month - 1`."""
    return day.dt.year().cast(nw.Int64) * 12 + day.dt.month().cast(nw.Int64) - 1


def tallied(records: pl.LazyFrame, flow: Flow, *aggregations: Callable[[Frame, Flow], Frame]) -> list[pl.DataFrame]:
    """Give what aggregations over records come to, each from a scan of the columns that it reads."""
    found = []
    for aggregation in aggregations:
        native: pl.LazyFrame = aggregation(nw.from_native(records), flow).to_native()
        found.append(native.with_columns(pl.col(flow.keys).cast(pl.String)).collect(engine="streaming"))
    return found


def months(counts: pl.DataFrame, flow: Flow) -> pl.DataFrame:
    """Give the flow of a register: one row per area, codes and month, without gaps.

    The months of an area and codes are those from the first in which a record comes to the last in which any record of the
    register comes or goes; where the going is foreseen, comes. What is there at the end of a month is counted on its own, so
    that the flow can fail to add up.
    """
    known = counts.drop_nulls([*flow.keys, OPENED_IN])
    grid = _grid(known, flow)
    on = [*flow.keys, MONTH]
    came = _by_month(known, flow, pl.col(OPENED_IN), COUNT, flow.opened.column)
    went = _by_month(known.drop_nulls(CLOSED_IN), flow, pl.col(CLOSED_IN), COUNT, flow.closed.column)
    left = _by_month(known.drop_nulls(CLOSED_IN), flow, pl.max_horizontal(OPENED_IN, CLOSED_IN), COUNT, "@left")
    frame = grid
    for part in (came, went, left, *_sums(known, flow)):
        frame = frame.join(part, on=on, how="left")
    frame = frame.with_columns(pl.exclude(*on).fill_null(0)).sort(on)
    frame = _with_stock(frame, flow, f"{flow.open.column}_at_end", pl.col(flow.opened.column) - pl.col("@left"))
    at_end = pl.col(f"{flow.open.column}_at_end")
    frame = frame.with_columns(at_end.shift(1).over(flow.keys).fill_null(0).alias(f"{flow.open.column}_at_start"))
    if flow.amount:
        frame = _with_stock(frame, flow, f"{flow.amount}_at_end", pl.col(flow.amount) - pl.col("@amount left"))
    rate = pl.when(pl.col(flow.opened.column) > 0).then(pl.col(flow.closed.column) / pl.col(flow.opened.column) * 100)
    return frame.with_columns(rate.alias(CLEARANCE)).drop("@left", "@amount left", strict=False).sort(on)


def with_lengths(months: pl.DataFrame, lengths: pl.DataFrame, flow: Flow) -> pl.DataFrame:
    """Give a flow with the median and the mean of the days that records lasted."""
    on = [*flow.keys, MONTH]
    days, number = pl.col(DAYS), pl.col(COUNT).cast(pl.Int64)
    known = lengths.rename({MEASURED_IN: MONTH}).drop_nulls(on).sort(*on, DAYS)
    known = known.with_columns(number.cum_sum().over(on).alias("@upto"), number.sum().over(on).alias("@all"))
    # The middle record, or the mean of the two in the middle: the first days by which half of the records are counted.
    lower = days.filter(pl.col("@upto") * 2 >= pl.col("@all")).first()
    upper = days.filter(pl.col("@upto") * 2 > pl.col("@all")).first()
    lasted = known.group_by(on).agg(((lower + upper) / 2).alias(MEDIAN), ((days * number).sum() / number.sum()).alias(MEAN))
    return months.join(lasted, on=on, how="left").sort(on)


def _sums(known: pl.DataFrame, flow: Flow) -> Iterable[pl.DataFrame]:
    if flow.flag:
        yield _by_month(known, flow, pl.col(OPENED_IN), FLAGGED, flow.flag)
    if flow.amount:
        yield _by_month(known, flow, pl.col(OPENED_IN), AMOUNT, flow.amount)
        gone = known.drop_nulls(CLOSED_IN)
        yield _by_month(gone, flow, pl.max_horizontal(OPENED_IN, CLOSED_IN), AMOUNT, "@amount left")


def _by_month(known: pl.DataFrame, flow: Flow, month: pl.Expr, measure: str, name: str) -> pl.DataFrame:
    value = pl.col(measure) if measure == AMOUNT else pl.col(measure).cast(pl.Int64)
    return known.group_by(*flow.keys, month.alias(MONTH)).agg(value.sum().alias(name))


def _grid(known: pl.DataFrame, flow: Flow) -> pl.DataFrame:
    ends = [pl.col(OPENED_IN).max()] if flow.is_foreseen else [pl.col(OPENED_IN).max(), pl.col(CLOSED_IN).max()]
    last = known.select(pl.max_horizontal(*ends)).item()
    first = known.group_by(flow.keys).agg(pl.col(OPENED_IN).min())
    if first.is_empty():
        return first.rename({OPENED_IN: MONTH})
    span = pl.int_ranges(pl.col(OPENED_IN), last + 1, dtype=pl.Int64)
    return first.with_columns(span.alias(MONTH)).drop(OPENED_IN).explode(MONTH)


def _with_stock(frame: pl.DataFrame, flow: Flow, name: str, change: pl.Expr) -> pl.DataFrame:
    return frame.with_columns(change.cum_sum().over(flow.keys, order_by=MONTH).alias(name))


def named(month: pl.Expr) -> pl.Expr:
    """Give a counted month as it is written: `2025-03`."""
    year, number = (month // 12).cast(pl.String), (month % 12 + 1).cast(pl.String).str.zfill(2)
    return pl.concat_str(year, number, separator="-")
