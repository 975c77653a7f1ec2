"""Customs: marts with the averages per seizure, and the share of leads that became cases."""

from __future__ import annotations

import polars as pl

from etl.warehouse.marts import mart, measure
from schemas.rules import term


@mart(
    measure(
        "goods_per_seizure",
        "批均件数",
        "pieces per consignment seized",
        "件",
        term("goods") / term("consignments"),
    ),
    measure(
        "value_per_seizure_yuan",
        "批均案值",
        "value per consignment seized",
        "元",
        term("value_yuan") / term("consignments"),
    ),
    measure("value_per_piece_yuan", "件均案值", "value per piece seized", "元", term("value_yuan") / term("goods")),
)
def seizures(seized: pl.LazyFrame) -> pl.LazyFrame:
    """Seizures: n rows by area, period, source -> the same n rows, with averages per consignment and piece."""
    return seized.select(
        "area",
        "period",
        "consignments",
        "goods",
        "value_yuan",
        "goods_per_seizure",
        "goods_per_seizure_low",
        "goods_per_seizure_high",
        "value_per_seizure_yuan",
        "value_per_seizure_yuan_low",
        "value_per_seizure_yuan_high",
        "value_per_piece_yuan",
        "value_per_piece_yuan_low",
        "value_per_piece_yuan_high",
        "source",
        "section",
    )


@mart(measure("filed_rate_pct", "立案率", "cases opened per hundred leads", "%", term("filed") / term("leads") * 100))
def leads(passed_on: pl.LazyFrame) -> pl.LazyFrame:
    """Leads: n rows by area, period, source -> the same n rows, with the share of leads that became cases."""
    return passed_on.select(
        "area",
        "period",
        "leads",
        "filed",
        "filed_rate_pct",
        "filed_rate_pct_low",
        "filed_rate_pct_high",
        "source",
        "section",
    )
