"""Finance: means per enterprise and per product."""

from __future__ import annotations

from etl.warehouse.marts import mart, measure, ratio_pct
from schemas.rules import term

pledges = mart(
    measure(
        "mean_amount_per_enterprise_yuan",
        "平均每家企业质押融资金额",
        "mean amount raised per enterprise",
        "元",
        term("amount_yuan") / term("enterprises"),
    ),
)

insurance = mart(
    measure(
        "first_in_country_share_pct",
        "全国首创产品占比",
        "share of products that were the first in the country",
        "%",
        ratio_pct("first_in_country", "products"),
    ),
    measure(
        "mean_cover_yuan",
        "平均每家企业保障额度",
        "mean cover per enterprise insured",
        "元",
        term("cover_yuan") / term("enterprises"),
    ),
)

securitisation = mart(
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
