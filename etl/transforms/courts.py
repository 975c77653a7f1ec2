"""Courts: marts with the rates that reports ask for."""

from __future__ import annotations

import polars as pl

from etl.registers.monthly_flows import monthly
from etl.warehouse.marts import mart, measure
from schemas.rules import term


@mart(
    measure(
        "clearance_rate_pct",
        "结案率",
        "cases closed per hundred received",
        "%",
        term("closed") / term("received") * 100,
    ),
    measure(
        "pending_change",
        "未结案增量",
        "cases received less cases closed",
        "件",
        term("received") - term("closed"),
    ),
    measure(
        "implied_received_before",
        "推算上年收案",
        "cases received a year before, as the growth implies",
        "件",
        term("received") / (term("received_growth_pct") / 100 + 1),
    ),
)
def caseload(cases: pl.LazyFrame) -> pl.LazyFrame:
    """Caseload: n rows by area, period, court, source -> the same n rows, with clearance rate and implied levels."""
    return cases.select(
        "area",
        "period",
        "court",
        "received",
        "received_growth_pct",
        "closed",
        "pending_at_start",
        "pending_at_end",
        "clearance_rate_pct",
        "clearance_rate_pct_low",
        "clearance_rate_pct_high",
        "pending_change",
        "pending_change_low",
        "pending_change_high",
        "implied_received_before",
        "implied_received_before_low",
        "implied_received_before_high",
        "source",
        "section",
    )


@mart()
def benches(courts: pl.LazyFrame) -> pl.LazyFrame:
    """Benches: n rows by area, period, source -> the same n rows."""
    return courts.select("area", "period", "base_courts", "circuit_points", "source", "section")


@mart(
    measure(
        "implied_technical_cases",
        "推算技术类案件",
        "technical cases, as part and share imply",
        "件",
        term("cases") / term("share_pct") * 100,
    ),
)
def technical_investigators(cases: pl.LazyFrame) -> pl.LazyFrame:
    """Technical investigators: n rows by area, period, source -> the same n rows, with the technical cases implied."""
    return cases.select(
        "area",
        "period",
        "cases",
        "share_pct",
        "mean_days_cut",
        "implied_technical_cases",
        "implied_technical_cases_low",
        "implied_technical_cases_high",
        "source",
        "section",
    )


@mart()
def backlog(cuts: pl.LazyFrame) -> pl.LazyFrame:
    """Backlog: n rows by area, period, source -> the same n rows."""
    return cuts.select("area", "period", "cut_pct", "source", "section")


@monthly
def cases(flow: pl.LazyFrame) -> pl.LazyFrame:
    """Cases: one record per case -> one row per area, court and month, with the times of the cases closed in it."""
    return flow.select(
        "area",
        "court",
        "month",
        "received",
        "closed",
        "pending_at_start",
        "pending_at_end",
        "median_days",
        "mean_days",
        "clearance_rate_pct",
    )
