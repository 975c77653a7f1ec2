"""Monthly flow of a register: the records that come, go and are there.

Records are counted by group, event and month while they stream by. The tables of counts no longer grow with the records; the
months are computed from these.
"""

from __future__ import annotations

from collections.abc import Iterable

import narwhals.stable.v2 as nw
import polars as pl

from etl.registers.group_codes import MONTH, NUMBER, GroupCodes, count_numbers
from etl.registers.parse import MONTH_OF
from schemas.flows import Flow

EVENT, CAME, WENT, LEFT = "@event", "came", "went", "left"
COUNT, FLAGGED, AMOUNT, DAYS = "@count", "@flagged", "@amount", "@days"
MEDIAN, MEAN, CLEARANCE = "median_days", "mean_days", "clearance_rate_pct"
MERGES = {name: pl.col(name).sum() for name in (COUNT, FLAGGED, AMOUNT)}
"""How the counts of some of the records become those of all."""


def event_months(flow: Flow) -> dict[str, nw.Expr]:
    """Return the months in which a record comes, goes, and is no longer there.

    The last two differ if a record goes before it comes: it has left in the month in which it comes.
    """
    opened, closed = nw.col(MONTH_OF + flow.opens), nw.col(MONTH_OF + flow.closes)
    went = nw.when(~opened.is_null()).then(closed)
    left = nw.when(~opened.is_null() & ~closed.is_null()).then(nw.max_horizontal(opened, closed))
    return {CAME: opened, WENT: went, LEFT: left}


def count_flow(records: pl.DataFrame, flow: Flow, groups: GroupCodes) -> pl.DataFrame:
    """Count records by group and event, in parts, which `merge_counts` adds up.

    Few records go before they come, and only those leave in another month than that in which they go.
    """
    came, went = (_count(records, event, flow, groups) for event in (CAME, WENT))
    parts = [came, went, went.with_columns(pl.lit(LEFT).alias(EVENT))]
    early = records.filter(pl.col(MONTH_OF + flow.closes) < pl.col(MONTH_OF + flow.opens))
    if early.height:
        less = _count(early, WENT, flow, groups).with_columns(-pl.col(COUNT, *_sums(flow)), pl.lit(LEFT).alias(EVENT))
        parts += [less, _count(early, LEFT, flow, groups)]
    return pl.concat(parts)


def merge_counts(parts: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Add up the parts of `count_flow`; `unpack_counts` names the groups and months."""
    whole = pl.concat(parts)
    merged = whole.group_by(NUMBER, EVENT).agg(MERGES[name] for name in MERGES if name in whole.columns)
    return merged.filter(pl.col(COUNT) != 0).select(whole.columns)


def _sums(flow: Flow) -> list[str]:
    return [FLAGGED] * bool(flow.flag) + [AMOUNT] * bool(flow.amount)


def _count(records: pl.DataFrame, event: str, flow: Flow, groups: GroupCodes) -> pl.DataFrame:
    """Count the records of an event by number of group and month."""
    month = event_months(flow)[event]
    with_month: pl.DataFrame = nw.from_native(records).with_columns(month.alias(MONTH)).to_native()
    numbers = with_month.select(groups.number(pl.col(MONTH))).to_series().rename(NUMBER)
    parts = [_count_each(numbers, COUNT)]
    if flow.flag:
        parts.append(_count_each(numbers.filter(records.get_column(flow.flag).fill_null(False)), FLAGGED))
    if flow.amount:
        amounts = (
            pl.DataFrame([numbers, records.get_column(flow.amount).rename(AMOUNT)]).group_by(NUMBER).agg(pl.col(AMOUNT).sum())
        )
        parts.append(amounts.with_columns(pl.col(NUMBER).cast(pl.Int64)))
    return pl.concat(parts, how="diagonal").fill_null(0).with_columns(pl.lit(event).alias(EVENT))


def _count_each(numbers: pl.Series, name: str) -> pl.DataFrame:
    return pl.DataFrame(dict(zip((NUMBER, name), count_numbers(numbers.to_numpy()), strict=True)))


def unpack_counts(counts: pl.DataFrame, groups: GroupCodes) -> pl.DataFrame:
    """Name the groups and months of counts."""
    measures = [name for name in MERGES if name in counts.columns]
    return counts.select(*groups.unpack(pl.col(NUMBER)), *measures, EVENT)


def subtract_counts(of_all: pl.DataFrame, of_some: pl.DataFrame) -> pl.DataFrame:
    """Compute the counts of all records without those of some of them."""
    measures = [name for name in MERGES if name in of_all.columns]
    whole = of_all.with_columns(pl.col(COUNT).cast(pl.Int64))
    less = of_some.select(of_all.columns).with_columns(pl.col(COUNT).cast(pl.Int64))
    less = less.with_columns(-pl.col(name) for name in measures)
    keys = [name for name in whole.columns if name not in measures]
    rest = pl.concat([whole, less.cast(whole.schema)]).group_by(keys).agg(MERGES[name] for name in measures)
    return rest.filter(pl.col(COUNT) != 0).select(of_all.columns)


def monthly_flow(counts: pl.DataFrame, flow: Flow) -> pl.DataFrame:
    """Compute the flow of a register: one row per area, codes and month, without gaps.

    The months of an area and codes are those from the first in which a record comes to the last in which any record of the
    register comes or goes; where the going is foreseen, comes. What is there at the end of a month is counted on its own, so
    that the flow can fail to add up.
    """
    on = [*flow.keys, MONTH]
    opened, closed, at_start, at_end = flow.opened.column, flow.closed.column, *flow.stock
    measures = {opened: (CAME, COUNT), closed: (WENT, COUNT), "@left": (LEFT, COUNT)}
    if flow.flag:
        measures[flow.flag] = (CAME, FLAGGED)
    if flow.amount:
        measures |= {flow.amount: (CAME, AMOUNT), "@amount left": (LEFT, AMOUNT)}
    known = counts.drop_nulls(on)
    frame = _grid(known, flow)
    for name, (event, measure) in measures.items():
        value = pl.col(measure) if measure == AMOUNT else pl.col(measure).cast(pl.Int64)
        frame = frame.join(known.filter(pl.col(EVENT) == event).select(*on, value.alias(name)), on=on, how="left")
    stocks = {at_end: pl.col(opened) - pl.col("@left")}
    if flow.amount:
        stocks[f"{flow.amount}_at_end"] = pl.col(flow.amount) - pl.col("@amount left")
    frame = frame.with_columns(pl.exclude(*on).fill_null(0)).sort(on)
    frame = frame.with_columns(change.cum_sum().over(flow.keys, order_by=MONTH).alias(name) for name, change in stocks.items())
    rate = pl.when(pl.col(opened) > 0).then(pl.col(closed) / pl.col(opened) * 100)
    before = pl.col(at_end).shift(1).over(flow.keys).fill_null(0)
    return frame.with_columns(before.alias(at_start), rate.alias(CLEARANCE)).drop("@left", "@amount left", strict=False)


def _grid(known: pl.DataFrame, flow: Flow) -> pl.DataFrame:
    """List the months of each area and codes."""
    came = known.filter(pl.col(EVENT) == CAME)
    first = came.group_by(flow.keys).agg(pl.col(MONTH).min())
    if first.is_empty():
        return first
    seen = came if flow.is_foreseen else known.filter(pl.col(EVENT) != LEFT)
    last = seen.select(pl.col(MONTH).max()).item()
    return first.with_columns(pl.int_ranges(pl.col(MONTH), last + 1, dtype=pl.Int64)).explode(MONTH)


def month_name(month: pl.Expr) -> pl.Expr:
    """Write a counted month: `2025-03`."""
    year, number = (month // 12).cast(pl.String), (month % 12 + 1).cast(pl.String).str.zfill(2)
    return pl.concat_str(year, number, separator="-")
