"""Police: marts with the solved rate, and what a case involves on average."""

from __future__ import annotations

import polars as pl

from etl.warehouse.marts import mart, measure
from schemas.rules import term


@mart(
    measure(
        "solved_rate_pct",
        "破案率",
        "cases solved per hundred investigated",
        "%",
        term("solved") / term("cases") * 100,
    ),
    measure("suspects_per_case", "案均嫌疑人", "suspects transferred per case", "名", term("suspects") / term("cases")),
    measure("value_per_case_yuan", "案均涉案价值", "value involved per case", "元", term("value_yuan") / term("cases")),
)
def operations(cases: pl.LazyFrame) -> pl.LazyFrame:
    """Operations: n rows by area, period, source -> the same n rows, with the solved rate and averages per case."""
    return cases.select(
        "area",
        "period",
        "cases",
        "solved",
        "suspects",
        "value_yuan",
        "solved_rate_pct",
        "solved_rate_pct_low",
        "solved_rate_pct_high",
        "suspects_per_case",
        "suspects_per_case_low",
        "suspects_per_case_high",
        "value_per_case_yuan",
        "value_per_case_yuan_low",
        "value_per_case_yuan_high",
        "source",
        "section",
    )
