"""Trade secrets: marts with the totals at the end of the period before."""

from __future__ import annotations

import polars as pl

from etl.warehouse.marts import mart, measure
from schemas.rules import term


@mart()
def pilot(pilots: pl.LazyFrame) -> pl.LazyFrame:
    """Pilot: n rows by area, period, source -> the same n rows."""
    return pilots.select("area", "period", "outcomes", "source", "section")


@mart(
    measure(
        "implied_alliances_before",
        "推算上期联盟总数",
        "alliances at the end of the period before, as the new ones imply",
        "个",
        term("alliances") - term("new_alliances"),
    )
)
def alliances(founded: pl.LazyFrame) -> pl.LazyFrame:
    """Alliances: n rows by area, period, source -> the same n rows, with the total of the period before."""
    return founded.select(
        "area",
        "period",
        "alliances",
        "new_alliances",
        "implied_alliances_before",
        "implied_alliances_before_low",
        "implied_alliances_before_high",
        "source",
        "section",
    )


@mart(
    measure(
        "implied_enterprises_before",
        "推算上期贯标企业总数",
        "adopters at the end of the period before, as the new ones imply",
        "家",
        term("enterprises") - term("new_enterprises"),
    ),
    measure(
        "implied_enterprises_growth_pct",
        "推算贯标企业增幅",
        "growth of adopters in the period, as the new ones imply",
        "%",
        (term("enterprises") / (term("enterprises") - term("new_enterprises")) - 1) * 100,
    ),
)
def standard_adopters(adopters: pl.LazyFrame) -> pl.LazyFrame:
    """Standard adopters: n rows by area, period, source -> the same n rows, with the total of the period before."""
    return adopters.select(
        "area",
        "period",
        "enterprises",
        "new_enterprises",
        "implied_enterprises_before",
        "implied_enterprises_before_low",
        "implied_enterprises_before_high",
        "implied_enterprises_growth_pct",
        "implied_enterprises_growth_pct_low",
        "implied_enterprises_growth_pct_high",
        "source",
        "section",
    )
