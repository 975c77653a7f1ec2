"""Rows shown to Python as they stream by, some thousand at once, without a second reader of the scan."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import polars as pl


def shown(columns: Iterable[str], take: Callable[[pl.DataFrame], None]) -> pl.Expr:
    """Give an expression that shows columns to `take`, in no order and from several threads, and comes to nothing.

    polars 2.1 keeps all rows in memory that one of several results of a query has seen and another has not; this is none.
    """

    def see(rows: pl.Series) -> pl.Series:
        take(rows.struct.unnest())
        return pl.repeat(None, len(rows), dtype=pl.Boolean, eager=True)

    return pl.struct(list(columns)).map_batches(see, return_dtype=pl.Boolean, is_elementwise=True).any()
