"""Trademarks: marts with the province's level that a share implies, and output per worker."""

from __future__ import annotations

import polars as pl

from etl.registers.monthly_flows import monthly
from etl.warehouse.marts import mart, measure
from schemas.rules import term


@mart(
    measure(
        "implied_valid_in_province",
        "推算全省有效注册商标",
        "trademarks of the province, as implied",
        "件",
        term("valid") / term("share_of_province_pct") * 100,
    ),
)
def stock(trademarks: pl.LazyFrame) -> pl.LazyFrame:
    """Stock: n rows by area, period, source -> the same n rows, with the stock of the province."""
    return trademarks.select(
        "area",
        "period",
        "valid",
        "share_of_province_pct",
        "madrid",
        "per_10k_market_entities",
        "per_10k_market_entities_growth_pct",
        "implied_valid_in_province",
        "implied_valid_in_province_low",
        "implied_valid_in_province_high",
        "source",
        "section",
    )


@mart(
    measure(
        "implied_filed_before",
        "推算上年商标申请",
        "applications filed a year before, as the growth implies",
        "件",
        term("filed") / (term("filed_growth_pct") / 100 + 1),
    ),
)
def applications(trademarks: pl.LazyFrame) -> pl.LazyFrame:
    """Applications: n rows by area, period, source -> the same n rows, with the level of a year before."""
    return trademarks.select(
        "area",
        "period",
        "filed",
        "filed_growth_pct",
        "goods_share_pct",
        "implied_filed_before",
        "implied_filed_before_low",
        "implied_filed_before_high",
        "source",
        "section",
    )


@mart(
    measure(
        "implied_designations",
        "推算指定国家次数",
        "countries designated, as their mean implies",
        "个",
        term("applicants") * term("mean_countries"),
    ),
)
def madrid_applications(applications: pl.LazyFrame) -> pl.LazyFrame:
    """Madrid applications: n rows by area, period, source -> the same n rows, with all designations."""
    return applications.select(
        "area",
        "period",
        "applicants",
        "mean_countries",
        "implied_designations",
        "implied_designations_low",
        "implied_designations_high",
        "source",
        "section",
    )


@mart(
    measure(
        "implied_newly_recognised_in_province",
        "推算全省新认定驰名商标",
        "those new in the province, as implied",
        "件",
        term("newly_recognised") / term("share_of_province_pct") * 100,
    ),
)
def well_known(trademarks: pl.LazyFrame) -> pl.LazyFrame:
    """Well-known trademarks: n rows by area, period, source -> the same n rows, with those new in the province."""
    return trademarks.select(
        "area",
        "period",
        "total",
        "newly_recognised",
        "share_of_province_pct",
        "implied_newly_recognised_in_province",
        "implied_newly_recognised_in_province_low",
        "implied_newly_recognised_in_province_high",
        "source",
        "section",
    )


@mart(
    measure(
        "implied_newly_cultivated_last_year",
        "推算上年全年新培育",
        "newly cultivated in all of the year before",
        "个",
        term("newly_cultivated") / (term("newly_cultivated_above_last_year_pct") / 100 + 1),
    ),
)
def brands(kinds: pl.LazyFrame) -> pl.LazyFrame:
    """Brands: n rows by area, period, kind, source -> the same n rows, with those cultivated in the year before."""
    return kinds.select(
        "area",
        "period",
        "brand_kind",
        "total",
        "newly_cultivated",
        "newly_cultivated_above_last_year_pct",
        "implied_newly_cultivated_last_year",
        "implied_newly_cultivated_last_year_low",
        "implied_newly_cultivated_last_year_high",
        "source",
        "section",
    )


@mart()
def geographical_indications(indications: pl.LazyFrame) -> pl.LazyFrame:
    """Geographical indications: n rows by area, period, source -> the same n rows."""
    return indications.select(
        "area",
        "period",
        "total",
        "certification_marks",
        "products",
        "newly_registered_marks",
        "filed_marks",
        "source",
        "section",
    )


@mart(
    measure(
        "output_per_worker_yuan",
        "从业人员人均产值",
        "output per worker",
        "元",
        term("output_yuan") / term("workers"),
    ),
)
def geographical_indication_economy(yields: pl.LazyFrame) -> pl.LazyFrame:
    """Economy of indications: n rows by area, period, source -> the same n rows, with output per worker."""
    return yields.select(
        "area",
        "period",
        "workers",
        "output_yuan",
        "marks_above_10k_workers",
        "marks_above_100m_yuan",
        "output_per_worker_yuan",
        "output_per_worker_yuan_low",
        "output_per_worker_yuan_high",
        "source",
        "section",
    )


@monthly
def registrations(flow: pl.LazyFrame) -> pl.LazyFrame:
    """Registrations: one record per trademark -> one row per area, class and month, with the times from filing."""
    return flow.select(
        "area",
        "nice_class",
        "month",
        "registered",
        "cancelled",
        "valid_at_start",
        "valid_at_end",
        "median_days",
        "mean_days",
    )
