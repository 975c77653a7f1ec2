"""Periods as printed in raw tables, read as spans of months.

A month is counted as `12 * year + month - 1`; a span is the half-open range of months [start, end), so a year earlier is
both ends minus 12, and the span before ends where this one starts.
"""

from __future__ import annotations

import polars as pl

_YEAR = "(?:1[89]|2[01])[0-9]{2}"
"""A year of published statistics, 1800 to 2199: 0001 and 9999 are none, though the calendar has them."""

_SPAN = rf"^({_YEAR})(?:-(H|Q)?([0-9]{{1,2}}))?(?:/({_YEAR})-([0-9]{{2}}))?$"


def span(text: pl.Expr) -> pl.Expr:
    """Parse a period to `struct{start: i32, end: i32}` in months; null where invalid."""
    parts = text.str.extract_groups(_SPAN)
    year, division, number, to_year, to_month = (parts.struct.field(str(i)) for i in range(1, 6))
    digits = number.str.len_chars()
    number, january = number.cast(pl.Int32), year.cast(pl.Int32) * 12
    until = to_year.cast(pl.Int32) * 12 + to_month.cast(pl.Int32)
    length = (
        pl.when(number.is_null() & to_year.is_null())
        .then(12)
        .when(to_year.is_not_null() & division.is_null())
        .then(until - january - number + 1)
        .when((division == "H") & number.is_between(1, 2) & to_year.is_null())
        .then(6)
        .when((division == "Q") & number.is_between(1, 4) & to_year.is_null())
        .then(3)
        .when(division.is_null() & to_year.is_null())
        .then(1)
    )
    start = january + pl.when(number.is_null()).then(0).when(division.is_null()).then(number - 1).otherwise((number - 1) * length)
    is_month = number.is_null() | division.is_not_null() | ((digits == 2) & number.is_between(1, 12))
    is_well_formed = (
        is_month
        & (division.is_null() | (digits == 1))
        & (to_month.is_null() | to_month.cast(pl.Int32).is_between(1, 12))
        & (length > 0)
    )
    return pl.struct(
        start=pl.when(is_well_formed).then(start).cast(pl.Int32),
        end=pl.when(is_well_formed).then(start + length).cast(pl.Int32),
    )
