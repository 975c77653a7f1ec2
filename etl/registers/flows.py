"""The flow of a register: what comes, goes and is there, by month.

Aggregations over the records, in narwhals' words, give tables that no longer grow with the records; the months are made of
these.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl

from etl.registers.packed import NUMBER, Packing, codes_number, month_of, with_month
from etl.registers.parse import MONTH_OF
from etl.registers.reading import DAYS
from schemas.registers import Flow

MONTH = "month"
EVENT, CAME, WENT, LEFT = "@event", "came", "went", "left"
COUNT, FLAGGED, AMOUNT = "@count", "@flagged", "@amount"
_EVENTS = (CAME, WENT, LEFT)
MEDIAN, MEAN, CLEARANCE = "median_days", "mean_days", "clearance_rate_pct"

Frame = nw.LazyFrame[Any]


ADDED_UP = {name: pl.col(name).sum() for name in (COUNT, FLAGGED, AMOUNT)}
"""How the counts of some of the records become those of all."""


def counts(records: Frame, flow: Flow) -> Frame:
    """Count records by area, codes and month: those that come in it, that go, and that are no longer there from it on.

    The last two differ where a record goes before it comes: it has left in the month in which it comes. Three aggregations
    over one month each give some thousand groups; one over two months would give hundreds of thousands, and take thrice as long.
    """
    sums = [nw.len().alias(COUNT)]
    if flow.flag:
        sums.append(nw.col(flow.flag).cast(nw.Int64).sum().alias(FLAGGED))
    if flow.amount:
        sums.append(nw.col(flow.amount).sum().alias(AMOUNT))
    counted = [
        records.with_columns(month.alias(MONTH)).group_by(*flow.keys, MONTH).agg(*sums).with_columns(nw.lit(event).alias(EVENT))
        for event, month in _months_of_events(flow).items()
    ]
    return nw.concat(counted)


def _months_of_events(flow: Flow) -> dict[str, nw.Expr]:
    """Give the month in which a record comes, that in which it goes, and that from which on it is no longer there."""
    opened, closed = nw.col(MONTH_OF + flow.opens), nw.col(MONTH_OF + flow.closes)
    went = nw.when(~opened.is_null()).then(closed)
    left = nw.when(~opened.is_null() & ~closed.is_null()).then(nw.max_horizontal(opened, closed))
    return dict(zip(_EVENTS, (opened, went, left), strict=True))


def lengths(records: Frame, flow: Flow) -> Frame:
    """Count records by area, codes, the month in which their time is over, and the days that they lasted."""
    lasted = records.filter(~nw.col(DAYS).is_null())
    with_month = lasted.with_columns(nw.col(MONTH_OF + flow.measured[1]).alias(MONTH))
    return with_month.group_by(*flow.keys, MONTH, DAYS).agg(nw.len().alias(COUNT))


def counted_records(records: pl.LazyFrame, flow: Flow) -> pl.LazyFrame:
    """Give `counts` of polars' records, with codes as text."""
    return _with_texts(counts(nw.from_native(records), flow), flow)


def with_numbers(records: pl.LazyFrame, flow: Flow, packs: Packing) -> pl.LazyFrame:
    """Give records with what `counted_by_number` counts: for each event, the number of a record's codes and its month."""
    months = {NUMBER + event: month for event, month in _months_of_events(flow).items()}
    with_months: pl.LazyFrame = nw.from_native(records).with_columns(**months).to_native()
    return with_months.with_columns(with_month(packs.number(), pl.col(name)).alias(name) for name in months)


def counted_by_number(records: pl.LazyFrame, flow: Flow) -> pl.LazyFrame:
    """Give `counts` of polars' records `with_numbers` of their codes and months, in half the time."""
    sums = [pl.len().alias(COUNT)]
    sums += [pl.col(flow.flag).cast(pl.Int64).sum().alias(FLAGGED)] if flow.flag else []
    sums += [pl.col(flow.amount).sum().alias(AMOUNT)] if flow.amount else []
    counted = []
    for event in _EVENTS:
        number = pl.col(NUMBER + event).alias(NUMBER)
        of_event = (
            records.group_by(number).agg(*sums)
            if len(sums) > 1
            else records.select(number.value_counts(name=COUNT)).unnest(NUMBER)
        )
        counted.append(of_event.with_columns(pl.lit(event, pl.Enum(_EVENTS)).alias(EVENT)))
    return pl.concat(counted)


def with_codes(counted: pl.DataFrame, packs: Packing) -> pl.DataFrame:
    """Give `counted_by_number` as `counts`."""
    number = pl.col(NUMBER)
    names = [name for name in counted.columns if name in ADDED_UP]
    return counted.select(
        *packs.codes_of(codes_number(number)), month_of(number).alias(MONTH), *names, pl.col(EVENT).cast(pl.String)
    )


def counted_lengths(records: pl.LazyFrame, flow: Flow) -> pl.LazyFrame:
    """Give `lengths` of polars' records, with codes as text."""
    return _with_texts(lengths(nw.from_native(records), flow), flow)


def _with_texts(aggregated: Frame, flow: Flow) -> pl.LazyFrame:
    native: pl.LazyFrame = aggregated.to_native()
    return native.with_columns(pl.col(flow.keys).cast(pl.String))


def months(counts: pl.DataFrame, flow: Flow) -> pl.DataFrame:
    """Give the flow of a register: one row per area, codes and month, without gaps.

    The months of an area and codes are those from the first in which a record comes to the last in which any record of the
    register comes or goes; where the going is foreseen, comes. What is there at the end of a month is counted on its own, so
    that the flow can fail to add up.
    """
    on = [*flow.keys, MONTH]
    known = counts.drop_nulls(on)
    grid = _grid(known, flow)
    came = _by_month(known, flow, CAME, COUNT, flow.opened.column)
    went = _by_month(known, flow, WENT, COUNT, flow.closed.column)
    left = _by_month(known, flow, LEFT, COUNT, "@left")
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


def lasted(lengths: pl.DataFrame, on: Sequence[str]) -> pl.DataFrame:
    """Give the median and the mean of the days that records lasted, by what names a group."""
    days, number = pl.col(DAYS), pl.col(COUNT).cast(pl.Int64)
    known = lengths.drop_nulls(on).sort(*on, DAYS)
    known = known.with_columns(number.cum_sum().over(on).alias("@upto"), number.sum().over(on).alias("@all"))
    # The middle record, or the mean of the two in the middle: the first days by which half of the records are counted.
    lower = days.filter(pl.col("@upto") * 2 >= pl.col("@all")).first()
    upper = days.filter(pl.col("@upto") * 2 > pl.col("@all")).first()
    return known.group_by(on).agg(((lower + upper) / 2).alias(MEDIAN), ((days * number).sum() / number.sum()).alias(MEAN))


def without(all_counts: pl.DataFrame, some: pl.DataFrame) -> pl.DataFrame:
    """Give the `counts` of all records without those of some of them."""
    measures = [name for name in ADDED_UP if name in all_counts.columns]
    whole = all_counts.with_columns(pl.col(COUNT).cast(pl.Int64))
    less = some.select(all_counts.columns).with_columns(pl.col(COUNT).cast(pl.Int64))
    less = less.with_columns(-pl.col(name) for name in measures)
    keys = [name for name in whole.columns if name not in measures]
    left = pl.concat([whole, less.cast(whole.schema)]).group_by(keys).agg(ADDED_UP[name] for name in measures)
    return left.filter(pl.col(COUNT) != 0).select(all_counts.columns)


def _sums(known: pl.DataFrame, flow: Flow) -> Iterable[pl.DataFrame]:
    if flow.flag:
        yield _by_month(known, flow, CAME, FLAGGED, flow.flag)
    if flow.amount:
        yield _by_month(known, flow, CAME, AMOUNT, flow.amount)
        yield _by_month(known, flow, LEFT, AMOUNT, "@amount left")


def _by_month(known: pl.DataFrame, flow: Flow, event: str, measure: str, name: str) -> pl.DataFrame:
    value = pl.col(measure) if measure == AMOUNT else pl.col(measure).cast(pl.Int64)
    return known.filter(pl.col(EVENT) == event).select(*flow.keys, MONTH, value.alias(name))


def _grid(known: pl.DataFrame, flow: Flow) -> pl.DataFrame:
    came = known.filter(pl.col(EVENT) == CAME)
    first = came.group_by(flow.keys).agg(pl.col(MONTH).min())
    if first.is_empty():
        return first
    seen = came if flow.is_foreseen else known.filter(pl.col(EVENT) != LEFT)
    last = seen.select(pl.col(MONTH).max()).item()
    return first.with_columns(pl.int_ranges(pl.col(MONTH), last + 1, dtype=pl.Int64)).explode(MONTH)


def _with_stock(frame: pl.DataFrame, flow: Flow, name: str, change: pl.Expr) -> pl.DataFrame:
    return frame.with_columns(change.cum_sum().over(flow.keys, order_by=MONTH).alias(name))


def named(month: pl.Expr) -> pl.Expr:
    """Give a counted month as it is written: `2025-03`."""
    year, number = (month // 12).cast(pl.String), (month % 12 + 1).cast(pl.String).str.zfill(2)
    return pl.concat_str(year, number, separator="-")
