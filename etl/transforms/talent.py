"""Talent: marts of advisers, training bases, attorneys and appointments."""

from __future__ import annotations

import polars as pl

from etl.warehouse.marts import mart, measure
from schemas.rules import total


@mart()
def think_tank(experts: pl.LazyFrame) -> pl.LazyFrame:
    """Think tank: n rows by area, period, source -> the same n rows."""
    return experts.select("area", "period", "experts", "source", "section")


@mart()
def training_bases(bases: pl.LazyFrame) -> pl.LazyFrame:
    """Training bases: n rows by area, period, source -> the same n rows."""
    return bases.select("area", "period", "bases", "source", "section")


@mart()
def attorneys(qualified: pl.LazyFrame) -> pl.LazyFrame:
    """Attorneys: n rows by area, period, source -> the same n rows."""
    return qualified.select("area", "period", "new", "source", "section")


@mart(
    measure(
        "appointments",
        "双聘人数",
        "people appointed either way so far",
        "名",
        total("science_vice_presidents", "industry_professors"),
    ),
)
def mutual_appointments(appointed: pl.LazyFrame) -> pl.LazyFrame:
    """Mutual appointments: n rows by area, period, source -> the same n rows, with all who were appointed."""
    return appointed.select(
        "area",
        "period",
        "science_vice_presidents",
        "industry_professors",
        "appointments",
        "appointments_low",
        "appointments_high",
        "source",
        "section",
    )
