"""Administration: marts with the rates, means and levels of a year before that reports ask for."""

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
    measure("pending_change", "未结案增量", "cases received less cases closed", "件", term("received") - term("closed")),
    measure(
        "implied_received_before",
        "推算上年受理",
        "cases received a year before, as the growth implies",
        "件",
        term("received") / (term("received_growth_pct") / 100 + 1),
    ),
    measure(
        "mean_days_cut_pct",
        "平均办理周期压缩",
        "part of the mean time that was saved",
        "%",
        (1 - term("mean_days") / term("mean_days_before")) * 100,
    ),
)
def adjudications(disputes: pl.LazyFrame) -> pl.LazyFrame:
    """Adjudications: n rows by area, period, channel, source -> the same n rows, with clearance and time saved."""
    return disputes.select(
        "area",
        "period",
        "channel",
        "received",
        "received_growth_pct",
        "closed",
        "pending_at_start",
        "pending_at_end",
        "mean_days",
        "mean_days_before",
        "clearance_rate_pct",
        "clearance_rate_pct_low",
        "clearance_rate_pct_high",
        "pending_change",
        "pending_change_low",
        "pending_change_high",
        "implied_received_before",
        "implied_received_before_low",
        "implied_received_before_high",
        "mean_days_cut_pct",
        "mean_days_cut_pct_low",
        "mean_days_cut_pct_high",
        "source",
        "section",
    )


@mart(
    measure(
        "offline_cases_share_pct",
        "线下案件占比",
        "share of cases outside online trade",
        "%",
        term("offline_cases") / term("cases") * 100,
    ),
    measure(
        "implied_offline_cases_before",
        "推算上年线下案件",
        "offline cases a year before, as the growth implies",
        "件",
        term("offline_cases") / (term("offline_cases_growth_pct") / 100 + 1),
    ),
)
def infringement_cases(cases: pl.LazyFrame) -> pl.LazyFrame:
    """Infringement cases: n rows by area, period, right, source -> the same n rows, with the offline share."""
    return cases.select(
        "area",
        "period",
        "right",
        "cases",
        "offline_cases",
        "offline_cases_growth_pct",
        "offline_cases_share_pct",
        "offline_cases_share_pct_low",
        "offline_cases_share_pct_high",
        "implied_offline_cases_before",
        "implied_offline_cases_before_low",
        "implied_offline_cases_before_high",
        "source",
        "section",
    )


@mart(
    measure(
        "mean_amount_per_case_yuan",
        "平均每案罚没款",
        "mean fines and confiscated proceeds per case",
        "元",
        term("amount_yuan") / term("cases"),
    ),
    measure(
        "transferred_share_pct",
        "移送公安机关占比",
        "share of cases transferred to the police",
        "%",
        term("transferred_to_police") / term("cases") * 100,
    ),
)
def penalties(cases: pl.LazyFrame) -> pl.LazyFrame:
    """Penalties: n rows by area, period, source -> the same n rows, with means and shares of the cases."""
    return cases.select(
        "area",
        "period",
        "cases",
        "amount_yuan",
        "transferred_to_police",
        "mean_amount_per_case_yuan",
        "mean_amount_per_case_yuan_low",
        "mean_amount_per_case_yuan_high",
        "transferred_share_pct",
        "transferred_share_pct_low",
        "transferred_share_pct_high",
        "source",
        "section",
    )


@mart()
def abnormal_filings(filings: pl.LazyFrame) -> pl.LazyFrame:
    """Abnormal filings: n rows by area, period, source -> the same n rows."""
    return filings.select("area", "period", "withdrawn", "source", "section")


@mart()
def joint_hearings(hearings: pl.LazyFrame) -> pl.LazyFrame:
    """Joint hearings: n rows by area, period, source -> the same n rows."""
    return hearings.select("area", "period", "handling_time_cut_pct", "source", "section")


@mart()
def foreign_related_cases(cases: pl.LazyFrame) -> pl.LazyFrame:
    """Foreign-related cases: n rows by area, period, source -> the same n rows."""
    return cases.select("area", "period", "guided_share_pct", "source", "section")


@mart()
def satisfaction(surveys: pl.LazyFrame) -> pl.LazyFrame:
    """Satisfaction: n rows by area, period, source -> the same n rows."""
    return surveys.select("area", "period", "score", "source", "section")


@monthly
def disputes(flow: pl.LazyFrame) -> pl.LazyFrame:
    """Disputes: one record per dispute -> one row per area, channel, right and month, with the times of those closed in it."""
    return flow.select(
        "area",
        "channel",
        "right",
        "month",
        "received",
        "closed",
        "pending_at_start",
        "pending_at_end",
        "median_days",
        "mean_days",
        "clearance_rate_pct",
    )
