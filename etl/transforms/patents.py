"""Patents: marts with the levels of a year before, implied wholes, and rates of ownership."""

from __future__ import annotations

import polars as pl

from etl.registers.monthly_flows import monthly
from etl.warehouse.marts import mart, measure
from schemas.rules import term


@mart(
    measure(
        "implied_valid_inventions_before",
        "推算上年有效发明专利",
        "patents in force a year before, as implied",
        "件",
        term("valid_inventions") / (term("valid_inventions_growth_pct") / 100 + 1),
    ),
)
def stock(patents: pl.LazyFrame) -> pl.LazyFrame:
    """Stock: n rows by area, period, holder, source -> the same n rows, with the stock of a year before."""
    return patents.select(
        "area",
        "period",
        "holder",
        "valid_inventions",
        "valid_inventions_growth_pct",
        "share_pct",
        "implied_valid_inventions_before",
        "implied_valid_inventions_before_low",
        "implied_valid_inventions_before_high",
        "source",
        "section",
    )


@mart(
    measure(
        "high_value_share_pct",
        "高价值发明专利占比",
        "high-value patents per hundred patents in force",
        "%",
        term("high_value_inventions_per_10k_people") / term("inventions_per_10k_people") * 100,
    ),
)
def density(densities: pl.LazyFrame) -> pl.LazyFrame:
    """Density: n rows by area, period, source -> the same n rows, with the high-value share."""
    return densities.select(
        "area",
        "period",
        "inventions_per_10k_people",
        "high_value_inventions_per_10k_people",
        "high_value_share_pct",
        "high_value_share_pct_low",
        "high_value_share_pct_high",
        "source",
        "section",
    )


@mart(
    measure(
        "implied_gdp_yuan",
        "推算地区生产总值",
        "gross domestic product, as part and share imply",
        "元",
        term("value_added_yuan") / term("share_of_gdp_pct") * 100,
    ),
)
def industries(shares: pl.LazyFrame) -> pl.LazyFrame:
    """Industries: n rows by area, period, industry, source -> the same n rows, with the implied domestic product."""
    return shares.select(
        "area",
        "period",
        "industry",
        "share_of_inventions_pct",
        "share_of_high_value_inventions_pct",
        "value_added_yuan",
        "share_of_gdp_pct",
        "implied_gdp_yuan",
        "implied_gdp_yuan_low",
        "implied_gdp_yuan_high",
        "source",
        "section",
    )


@mart(
    measure(
        "owners_share_pct",
        "拥有发明专利企业占比",
        "enterprises with a patent per hundred of the class",
        "%",
        term("owners") / term("enterprises") * 100,
    ),
    measure(
        "implied_owners_before",
        "推算上年拥有发明专利企业",
        "such enterprises a year before, as implied",
        "家",
        term("owners") / (term("owners_growth_pct") / 100 + 1),
    ),
)
def enterprises(classes: pl.LazyFrame) -> pl.LazyFrame:
    """Enterprises: n rows by area, period, holder, source -> the same n rows, with the share of owners."""
    return classes.select(
        "area",
        "period",
        "holder",
        "enterprises",
        "owners",
        "owners_growth_pct",
        "coverage_pct",
        "mean_valid_inventions",
        "owners_share_pct",
        "owners_share_pct_low",
        "owners_share_pct_high",
        "implied_owners_before",
        "implied_owners_before_low",
        "implied_owners_before_high",
        "source",
        "section",
    )


@mart(
    measure(
        "implied_granted_before",
        "推算上年授权",
        "patents granted a year before, as the growth implies",
        "件",
        term("granted") / (term("granted_growth_pct") / 100 + 1),
    ),
    measure(
        "implied_all_granted",
        "推算授权总量",
        "all patents granted, as part and share imply",
        "件",
        term("granted") / term("share_pct") * 100,
    ),
)
def grants(patents: pl.LazyFrame) -> pl.LazyFrame:
    """Grants: n rows by area, period, type, source -> the same n rows, with the implied levels."""
    return patents.select(
        "area",
        "period",
        "patent_type",
        "granted",
        "granted_growth_pct",
        "share_pct",
        "implied_granted_before",
        "implied_granted_before_low",
        "implied_granted_before_high",
        "implied_all_granted",
        "implied_all_granted_low",
        "implied_all_granted_high",
        "source",
        "section",
    )


@mart(
    measure(
        "implied_filed_before",
        "推算上年申请",
        "applications filed a year before, as the growth implies",
        "件",
        term("filed") / (term("filed_growth_pct") / 100 + 1),
    ),
    measure(
        "implied_all_filed",
        "推算申请总量",
        "all applications filed, as part and share imply",
        "件",
        term("filed") / term("share_pct") * 100,
    ),
)
def applications(patents: pl.LazyFrame) -> pl.LazyFrame:
    """Applications: n rows by area, period, type, source -> the same n rows, with the implied levels."""
    return patents.select(
        "area",
        "period",
        "patent_type",
        "filed",
        "filed_growth_pct",
        "share_pct",
        "implied_filed_before",
        "implied_filed_before_low",
        "implied_filed_before_high",
        "implied_all_filed",
        "implied_all_filed_low",
        "implied_all_filed_high",
        "source",
        "section",
    )


@mart(
    measure(
        "implied_filed_before",
        "推算上年国际申请",
        "applications filed a year before, as the growth implies",
        "件",
        term("filed") / (term("filed_growth_pct") / 100 + 1),
    ),
)
def pct_applications(applications: pl.LazyFrame) -> pl.LazyFrame:
    """PCT applications: n rows by area, period, source -> the same n rows, with those of a year before."""
    return applications.select(
        "area",
        "period",
        "filed",
        "filed_growth_pct",
        "implied_filed_before",
        "implied_filed_before_low",
        "implied_filed_before_high",
        "source",
        "section",
    )


@mart()
def applicants(inventions: pl.LazyFrame) -> pl.LazyFrame:
    """Applicants: n rows by area, period, applicant, source -> the same n rows."""
    return inventions.select("area", "period", "applicant", "inventions_filed", "inventions_granted", "source", "section")


@mart()
def pre_examination(cases: pl.LazyFrame) -> pl.LazyFrame:
    """Pre-examination: n rows by area, period, source -> the same n rows."""
    return cases.select("area", "period", "received", "mean_months", "fastest_days", "source", "section")


@mart()
def awards(won: pl.LazyFrame) -> pl.LazyFrame:
    """Awards: n rows by area, period, source -> the same n rows."""
    return won.select("area", "period", "awards", "source", "section")


@mart()
def recognised_enterprises(titles: pl.LazyFrame) -> pl.LazyFrame:
    """Recognised enterprises: n rows by area, period, title, source -> the same n rows."""
    return titles.select("area", "period", "title", "newly_recognised", "source", "section")


@monthly
def grants_register(flow: pl.LazyFrame) -> pl.LazyFrame:
    """Grants register: one record per patent -> one row per area, type and month, with the times from filing to grant."""
    return flow.select(
        "area",
        "patent_type",
        "month",
        "granted",
        "expired",
        "in_force_at_start",
        "in_force_at_end",
        "median_days",
        "mean_days",
    )
