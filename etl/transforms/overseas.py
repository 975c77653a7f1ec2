"""Overseas: marts of experts, disputes, suits, and insurance with its average cover."""

from __future__ import annotations

import polars as pl

from etl.warehouse.marts import mart, measure
from schemas.rules import term


@mart()
def experts(pool: pl.LazyFrame) -> pl.LazyFrame:
    """Experts: n rows by area, period, source -> the same n rows."""
    return pool.select("area", "period", "countries", "experts", "response_days", "plan_working_days", "source", "section")


@mart()
def disputes(found: pl.LazyFrame) -> pl.LazyFrame:
    """Disputes: n rows by area, period, source -> the same n rows."""
    return found.select("area", "period", "screened", "guided_share_pct", "recovered_yuan", "source", "section")


@mart()
def litigation(suits: pl.LazyFrame) -> pl.LazyFrame:
    """Litigation: n rows by area, period, country, source -> the same n rows."""
    return suits.select("area", "period", "country", "recovered_usd", "source", "section")


@mart(
    measure(
        "mean_cover_yuan",
        "家均保额",
        "average cover per insured enterprise",
        "元",
        term("cover_yuan") / term("enterprises"),
    ),
)
def insurance(policies: pl.LazyFrame) -> pl.LazyFrame:
    """Insurance: n rows by area, period, source -> the same n rows, with the average cover per enterprise."""
    return policies.select(
        "area",
        "period",
        "products",
        "enterprises",
        "cover_yuan",
        "mean_cover_yuan",
        "mean_cover_yuan_low",
        "mean_cover_yuan_high",
        "source",
        "section",
    )
