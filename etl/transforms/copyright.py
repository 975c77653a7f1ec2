"""Copyright: marts with last year's works and those of the province."""

from __future__ import annotations

import polars as pl

from etl.warehouse.marts import mart, measure
from schemas.rules import term


@mart(
    measure(
        "implied_works_before",
        "推算上年作品登记",
        "works registered a year before, as the growth implies",
        "件",
        term("works") / (term("works_growth_pct") / 100 + 1),
    ),
    measure(
        "implied_works_in_province",
        "推算全省作品登记",
        "works of the province, as part and share imply",
        "件",
        term("works") / term("share_of_province_pct") * 100,
    ),
)
def registrations(works: pl.LazyFrame) -> pl.LazyFrame:
    """Registrations: n rows by area, period, source -> the same n rows, with the levels that growth and share imply."""
    return works.select(
        "area",
        "period",
        "works",
        "works_growth_pct",
        "share_of_province_pct",
        "implied_works_before",
        "implied_works_before_low",
        "implied_works_before_high",
        "implied_works_in_province",
        "implied_works_in_province_low",
        "implied_works_in_province_high",
        "source",
        "section",
    )


@mart()
def service_stations(stations: pl.LazyFrame) -> pl.LazyFrame:
    """Service stations: n rows by area, period, source -> the same n rows."""
    return stations.select("area", "period", "districts_covered", "source", "section")
