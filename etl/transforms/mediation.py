"""Mediation: marts of disputes and bodies."""

from __future__ import annotations

import polars as pl

from etl.warehouse.marts import mart


@mart()
def disputes(settled: pl.LazyFrame) -> pl.LazyFrame:
    """Disputes: n rows by area, period, source -> the same n rows."""
    return settled.select("area", "period", "mediated", "source", "section")


@mart()
def bodies(organisations: pl.LazyFrame) -> pl.LazyFrame:
    """Bodies: n rows by area, period, source -> the same n rows."""
    return organisations.select("area", "period", "bodies", "source", "section")
