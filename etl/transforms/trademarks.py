"""Trademarks: levels of the province that a share implies, and output per worker."""

from __future__ import annotations

from etl.warehouse.marts import implied_whole, level_before, mart, measure
from schemas.rules import term

stock = mart(
    measure(
        "implied_valid_in_province",
        "推算全省有效注册商标",
        "trademarks of the province, as implied",
        "件",
        implied_whole("valid", "share_of_province_pct"),
    ),
)

applications = mart(
    measure(
        "implied_filed_before",
        "推算上年商标申请",
        "applications filed a year before, as the growth implies",
        "件",
        level_before("filed", "filed_growth_pct"),
    ),
)

madrid_applications = mart(
    measure(
        "implied_designations",
        "推算指定国家次数",
        "countries designated, as their mean implies",
        "个",
        term("applicants") * term("mean_countries"),
    ),
)

well_known = mart(
    measure(
        "implied_newly_recognised_in_province",
        "推算全省新认定驰名商标",
        "those new in the province, as implied",
        "件",
        implied_whole("newly_recognised", "share_of_province_pct"),
    ),
)

brands = mart(
    measure(
        "implied_newly_cultivated_last_year",
        "推算上年全年新培育",
        "newly cultivated in all of the year before",
        "个",
        level_before("newly_cultivated", "newly_cultivated_above_last_year_pct"),
    ),
)

geographical_indication_economy = mart(
    measure("output_per_worker_yuan", "从业人员人均产值", "output per worker", "元", term("output_yuan") / term("workers")),
)
