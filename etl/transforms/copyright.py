"""Copyright: last year's works and those of the province."""

from __future__ import annotations

from etl.warehouse.marts import implied_whole, level_before, mart, measure

registrations = mart(
    measure(
        "implied_works_before",
        "推算上年作品登记",
        "works registered a year before, as the growth implies",
        "件",
        level_before("works", "works_growth_pct"),
    ),
    measure(
        "implied_works_in_province",
        "推算全省作品登记",
        "works of the province, as part and share imply",
        "件",
        implied_whole("works", "share_of_province_pct"),
    ),
)
