"""Finance: marts with the means per enterprise and per product that tell how far the money reaches."""

from __future__ import annotations

import polars as pl

from etl.registers.monthly_flows import monthly
from etl.warehouse.marts import mart, measure
from schemas.rules import term


@mart(
    measure(
        "mean_amount_per_enterprise_yuan",
        "平均每家企业质押融资金额",
        "mean amount raised per enterprise",
        "元",
        term("amount_yuan") / term("enterprises"),
    )
)
def pledges(loans: pl.LazyFrame) -> pl.LazyFrame:
    """Pledges: n rows by area, period, right, source -> the same n rows, with the mean per enterprise."""
    return loans.select(
        "area",
        "period",
        "right",
        "amount_yuan",
        "enterprises",
        "loan_balance_yuan",
        "mean_amount_per_enterprise_yuan",
        "mean_amount_per_enterprise_yuan_low",
        "mean_amount_per_enterprise_yuan_high",
        "source",
        "section",
    )


@mart(
    measure(
        "first_in_country_share_pct",
        "全国首创产品占比",
        "share of products that were the first in the country",
        "%",
        term("first_in_country") / term("products") * 100,
    ),
    measure(
        "mean_cover_yuan",
        "平均每家企业保障额度",
        "mean cover per enterprise insured",
        "元",
        term("cover_yuan") / term("enterprises"),
    ),
)
def insurance(policies: pl.LazyFrame) -> pl.LazyFrame:
    """Insurance: n rows by area, period, source -> the same n rows, with the mean cover per enterprise."""
    return policies.select(
        "area",
        "period",
        "products",
        "first_in_country",
        "enterprises",
        "cover_yuan",
        "first_in_country_share_pct",
        "first_in_country_share_pct_low",
        "first_in_country_share_pct_high",
        "mean_cover_yuan",
        "mean_cover_yuan_low",
        "mean_cover_yuan_high",
        "source",
        "section",
    )


@mart(
    measure(
        "mean_raised_per_product_yuan",
        "平均每单融资规模",
        "mean amount raised per security",
        "元",
        term("raised_yuan") / term("products"),
    ),
    measure(
        "mean_raised_per_enterprise_yuan",
        "平均每家企业融资规模",
        "mean amount raised per enterprise",
        "元",
        term("raised_yuan") / term("enterprises"),
    ),
)
def securitisation(securities: pl.LazyFrame) -> pl.LazyFrame:
    """Securitisation: n rows by area, period, source -> the same n rows, with means per security and enterprise."""
    return securities.select(
        "area",
        "period",
        "products",
        "enterprises",
        "raised_yuan",
        "mean_raised_per_product_yuan",
        "mean_raised_per_product_yuan_low",
        "mean_raised_per_product_yuan_high",
        "mean_raised_per_enterprise_yuan",
        "mean_raised_per_enterprise_yuan_low",
        "mean_raised_per_enterprise_yuan_high",
        "source",
        "section",
    )


@monthly
def pledges_register(flow: pl.LazyFrame) -> pl.LazyFrame:
    """Pledges register: one record per pledge -> one row per area, right and month, with amounts and times to release."""
    return flow.select(
        "area",
        "right",
        "month",
        "registered",
        "released",
        "outstanding_at_start",
        "outstanding_at_end",
        "amount_yuan",
        "amount_yuan_at_end",
        "median_days",
        "mean_days",
    )
