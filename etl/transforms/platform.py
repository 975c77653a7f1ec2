"""Platform: marts of information services, bases, stations and agencies."""

from __future__ import annotations

import polars as pl

from etl.warehouse.marts import mart


@mart()
def information_service(platforms: pl.LazyFrame) -> pl.LazyFrame:
    """Information service: n rows by area, period, source -> the same n rows."""
    return platforms.select("area", "period", "mining_libraries", "topic_libraries", "users", "records", "source", "section")


@mart()
def navigation_bases(bases: pl.LazyFrame) -> pl.LazyFrame:
    """Navigation bases: n rows by area, period, source -> the same n rows."""
    return bases.select("area", "period", "bases", "source", "section")


@mart()
def brand_stations(stations: pl.LazyFrame) -> pl.LazyFrame:
    """Brand stations: n rows by area, period, source -> the same n rows."""
    return stations.select("area", "period", "stations", "source", "section")


@mart()
def agencies(industry: pl.LazyFrame) -> pl.LazyFrame:
    """Agencies: n rows by area, period, source -> the same n rows."""
    return industry.select(
        "area", "period", "mediation_bodies", "clusters", "new_agencies", "leading_agencies", "source", "section"
    )
