"""Operations: marts with the size of patent pools and the money the fund put in."""

from __future__ import annotations

import polars as pl

from etl.warehouse.marts import mart, measure
from schemas.rules import term


@mart(measure("patents_per_pool", "平均每个专利池专利", "patents per pool", "件", term("patents") / term("pools")))
def patent_pools(pools: pl.LazyFrame) -> pl.LazyFrame:
    """Patent pools: n rows by area, period, source -> the same n rows, with the mean size of a pool."""
    return pools.select(
        "area",
        "period",
        "pools",
        "patents",
        "patents_per_pool",
        "patents_per_pool_low",
        "patents_per_pool_high",
        "source",
        "section",
    )


@mart(
    measure(
        "implied_put_in_yuan",
        "推算基金出资",
        "amount the fund put in, as its leverage implies",
        "元",
        term("attracted_yuan") / term("leverage"),
    ),
    measure(
        "mean_attracted_per_project_yuan",
        "平均每个项目引导投资金额",
        "mean amount attracted per project",
        "元",
        term("attracted_yuan") / term("projects"),
    ),
)
def fund(investments: pl.LazyFrame) -> pl.LazyFrame:
    """Fund: n rows by area, period, source -> the same n rows, with what the fund put in."""
    return investments.select(
        "area",
        "period",
        "projects",
        "invested_share_pct",
        "put_in_yuan",
        "attracted_yuan",
        "leverage",
        "implied_put_in_yuan",
        "implied_put_in_yuan_low",
        "implied_put_in_yuan_high",
        "mean_attracted_per_project_yuan",
        "mean_attracted_per_project_yuan_low",
        "mean_attracted_per_project_yuan_high",
        "source",
        "section",
    )


@mart()
def competitions(sales: pl.LazyFrame) -> pl.LazyFrame:
    """Competitions: n rows by area, period, source -> the same n rows."""
    return sales.select("area", "period", "new_sales_yuan", "source", "section")
