"""A few rows of a register read again: from their lines alone where these are known, else by a scan of the file."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from etl.registers.places import Places
from etl.registers.reading import Reading
from etl.registers.scan import ROW


def rows_of(
    reading: Reading, number: int, rows: pl.Series, where: Places | None, only: Collection[str] | None = None
) -> pl.LazyFrame:
    """Give the values of these rows of a file, in their order, with their numbers as `@row`.

    Args:
        reading: the register.
        number: of the file.
        rows: numbers of the rows, in order.
        where: the places of these rows and of others; None where they are not known.
        only: the columns that are wanted; None for all.
    """
    scan = reading.scans[number]
    texts = where.texts_of(rows.to_list()) if where else None
    if texts is None:
        return reading.file(scan, only, numbered=True).filter(pl.col(ROW).is_in(rows.implode()))
    return reading.values(scan, scan.of_lines(texts, rows), only)
