"""Services: marts of the one-stop centre and the protection centre."""

from __future__ import annotations

import polars as pl

from etl.warehouse.marts import mart, measure
from schemas.rules import term


@mart()
def one_stop_centre(centres: pl.LazyFrame) -> pl.LazyFrame:
    """One-stop centre: n rows by area, period, source -> the same n rows."""
    return centres.select("area", "period", "departments", "institution_kinds", "services", "handled", "source", "section")


@mart(
    measure(
        "implied_fields_before",
        "推算上期预审领域",
        "fields open before, as the new ones imply",
        "个",
        term("fields") - term("new_fields"),
    ),
)
def protection_centre(centres: pl.LazyFrame) -> pl.LazyFrame:
    """Protection centre: n rows by area, period, source -> the same n rows, with the fields that were open before."""
    return centres.select(
        "area",
        "period",
        "fields",
        "new_fields",
        "industry_coverage_pct",
        "mean_months",
        "enterprises",
        "granted",
        "implied_fields_before",
        "implied_fields_before_low",
        "implied_fields_before_high",
        "source",
        "section",
    )
