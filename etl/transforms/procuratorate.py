"""Procuratorate: marts with indictment rates, and the average compensation."""

from __future__ import annotations

import polars as pl

from etl.warehouse.marts import mart, measure
from schemas.rules import term


@mart(
    measure("persons_per_case", "案均人数", "persons per case handled", "人", term("persons") / term("cases")),
    measure(
        "indicted_cases_pct",
        "案件起诉率",
        "cases indicted per hundred handled",
        "%",
        term("indicted_cases") / term("cases") * 100,
    ),
    measure(
        "indicted_persons_pct",
        "人员起诉率",
        "persons indicted per hundred in the cases handled",
        "%",
        term("indicted_persons") / term("persons") * 100,
    ),
)
def prosecutions(cases: pl.LazyFrame) -> pl.LazyFrame:
    """Prosecutions: n rows by area, period, stage, source -> the same n rows, with indictment rates."""
    return cases.select(
        "area",
        "period",
        "stage",
        "cases",
        "persons",
        "indicted_cases",
        "indicted_persons",
        "persons_per_case",
        "persons_per_case_low",
        "persons_per_case_high",
        "indicted_cases_pct",
        "indicted_cases_pct_low",
        "indicted_cases_pct_high",
        "indicted_persons_pct",
        "indicted_persons_pct_low",
        "indicted_persons_pct_high",
        "source",
        "section",
    )


@mart()
def litigation(cases: pl.LazyFrame) -> pl.LazyFrame:
    """Litigation: n rows by area, period, kind, source -> the same n rows."""
    return cases.select("area", "period", "kind", "cases", "source", "section")


@mart()
def advice(given: pl.LazyFrame) -> pl.LazyFrame:
    """Advice: n rows by area, period, source -> the same n rows."""
    return given.select("area", "period", "adopted_share_pct", "source", "section")


@mart(
    measure(
        "mean_amount_yuan",
        "家均获赔金额",
        "compensation per enterprise",
        "元",
        term("amount_yuan") / term("enterprises"),
    ),
)
def compensation(paid: pl.LazyFrame) -> pl.LazyFrame:
    """Compensation: n rows by area, period, source -> the same n rows, with the average per enterprise."""
    return paid.select(
        "area",
        "period",
        "enterprises",
        "amount_yuan",
        "mean_amount_yuan",
        "mean_amount_yuan_low",
        "mean_amount_yuan_high",
        "source",
        "section",
    )


@mart()
def typical_cases(cases: pl.LazyFrame) -> pl.LazyFrame:
    """Typical cases: n rows by area, period, level, source -> the same n rows."""
    return cases.select("area", "period", "level", "cases", "source", "section")
