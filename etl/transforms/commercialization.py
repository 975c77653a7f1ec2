"""Commercialization: marts with last year's transfers, and what industrialised patents brought."""

from __future__ import annotations

import polars as pl

from etl.warehouse.marts import mart, measure
from schemas.rules import term


@mart()
def industrialisation(shares: pl.LazyFrame) -> pl.LazyFrame:
    """Industrialisation: n rows by area, period, patentee, source -> the same n rows."""
    return shares.select("area", "period", "patentee", "industrialised_share_pct", "source", "section")


@mart(
    measure(
        "patents_per_institution",
        "平均每家高校院所链接专利",
        "patents on offer per institution linked",
        "件",
        term("patents") / term("institutions"),
    )
)
def resource_library(libraries: pl.LazyFrame) -> pl.LazyFrame:
    """Resource library: n rows by area, period, source -> the same n rows, with patents per institution."""
    return libraries.select(
        "area",
        "period",
        "institutions",
        "patents",
        "enterprises",
        "patents_per_institution",
        "patents_per_institution_low",
        "patents_per_institution_high",
        "source",
        "section",
    )


@mart(
    measure(
        "implied_transfers_and_licences_before",
        "推算上年专利转让许可",
        "transfers and licences a year before, as the growth implies",
        "件次",
        term("transfers_and_licences") / (term("transfers_and_licences_growth_pct") / 100 + 1),
    )
)
def transfers(transfers_and_licences: pl.LazyFrame) -> pl.LazyFrame:
    """Transfers: n rows by area, period, source -> the same n rows, with the number a year before."""
    return transfers_and_licences.select(
        "area",
        "period",
        "transfers_and_licences",
        "transfers_and_licences_growth_pct",
        "implied_transfers_and_licences_before",
        "implied_transfers_and_licences_before_low",
        "implied_transfers_and_licences_before_high",
        "source",
        "section",
    )


@mart()
def licence_filings(filings: pl.LazyFrame) -> pl.LazyFrame:
    """Licence filings: n rows by area, period, source -> the same n rows."""
    return filings.select("area", "period", "filings", "source", "section")


@mart(
    measure(
        "implied_new_output_yuan",
        "推算新增产值",
        "new output of these patents, as their mean implies",
        "元",
        term("patents") * term("mean_new_output_yuan"),
    )
)
def industrialised_patents(patents: pl.LazyFrame) -> pl.LazyFrame:
    """Industrialised patents: n rows by area, period, source -> the same n rows, with their output altogether."""
    return patents.select(
        "area",
        "period",
        "patents",
        "mean_new_output_yuan",
        "new_output_yuan",
        "implied_new_output_yuan",
        "implied_new_output_yuan_low",
        "implied_new_output_yuan_high",
        "source",
        "section",
    )
