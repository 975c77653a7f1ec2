"""Patents: levels of a year before, implied wholes, and rates of ownership."""

from __future__ import annotations

from etl.warehouse.marts import implied_whole, level_before, mart, measure, ratio_pct

stock = mart(
    measure(
        "implied_valid_inventions_before",
        "推算上年有效发明专利",
        "patents in force a year before, as implied",
        "件",
        level_before("valid_inventions", "valid_inventions_growth_pct"),
    ),
)

density = mart(
    measure(
        "high_value_share_pct",
        "高价值发明专利占比",
        "high-value patents per hundred patents in force",
        "%",
        ratio_pct("high_value_inventions_per_10k_people", "inventions_per_10k_people"),
    ),
)

industries = mart(
    measure(
        "implied_gdp_yuan",
        "推算地区生产总值",
        "gross domestic product, as part and share imply",
        "元",
        implied_whole("value_added_yuan", "share_of_gdp_pct"),
    ),
)

enterprises = mart(
    measure(
        "owners_share_pct",
        "拥有发明专利企业占比",
        "enterprises with a patent per hundred of the class",
        "%",
        ratio_pct("owners", "enterprises"),
    ),
    measure(
        "implied_owners_before",
        "推算上年拥有发明专利企业",
        "such enterprises a year before, as implied",
        "家",
        level_before("owners", "owners_growth_pct"),
    ),
)

grants = mart(
    measure(
        "implied_granted_before",
        "推算上年授权",
        "patents granted a year before, as the growth implies",
        "件",
        level_before("granted", "granted_growth_pct"),
    ),
    measure(
        "implied_all_granted",
        "推算授权总量",
        "all patents granted, as part and share imply",
        "件",
        implied_whole("granted", "share_pct"),
    ),
)

applications = mart(
    measure(
        "implied_filed_before",
        "推算上年申请",
        "applications filed a year before, as the growth implies",
        "件",
        level_before("filed", "filed_growth_pct"),
    ),
    measure(
        "implied_all_filed",
        "推算申请总量",
        "all applications filed, as part and share imply",
        "件",
        implied_whole("filed", "share_pct"),
    ),
)

pct_applications = mart(
    measure(
        "implied_filed_before",
        "推算上年国际申请",
        "applications filed a year before, as the growth implies",
        "件",
        level_before("filed", "filed_growth_pct"),
    ),
)
