"""Plant varieties: marts with the province's enterprises that a share implies."""

from __future__ import annotations

import polars as pl

from etl.warehouse.marts import mart, measure
from schemas.rules import term


@mart()
def rights(varieties: pl.LazyFrame) -> pl.LazyFrame:
    """Rights: n rows by area, period, source -> the same n rows."""
    return varieties.select("area", "period", "cumulative", "newly_granted", "source", "section")


@mart()
def approvals(varieties: pl.LazyFrame) -> pl.LazyFrame:
    """Approvals: n rows by area, period, approval, source -> the same n rows."""
    return varieties.select("area", "period", "approval", "varieties", "source", "section")


@mart(
    measure(
        "implied_enterprises_in_province",
        "推算全省种业阵型企业",
        "enterprises of the province, as implied",
        "家",
        term("enterprises") / term("share_of_province_pct") * 100,
    ),
)
def seed_enterprises(enterprises: pl.LazyFrame) -> pl.LazyFrame:
    """Seed enterprises: n rows by area, period, source -> the same n rows, with those of the province."""
    return enterprises.select(
        "area",
        "period",
        "enterprises",
        "share_of_province_pct",
        "implied_enterprises_in_province",
        "implied_enterprises_in_province_low",
        "implied_enterprises_in_province_high",
        "source",
        "section",
    )


@mart()
def cultivation(crops: pl.LazyFrame) -> pl.LazyFrame:
    """Cultivation: n rows by area, period, source -> the same n rows."""
    return crops.select("area", "period", "hybrid_rice_mu", "improved_variety_coverage_pct", "source", "section")
