"""Rows of an export for formats whose cells are single values."""

from __future__ import annotations

import json

import polars as pl


def as_flat(rows: pl.DataFrame) -> pl.DataFrame:
    """Write the cells that a flat format cannot hold, such as lists and bytes, as JSON text."""
    nested = [name for name, dtype in rows.schema.items() if dtype.is_nested() or dtype == pl.Binary]
    return rows.with_columns(_flat(rows.get_column(name)) for name in nested)


def _flat(cells: pl.Series) -> pl.Series:
    def plain(cell: object) -> object:
        return cell.hex() if isinstance(cell, bytes) else str(cell)

    texts = [None if cell is None else json.dumps(cell, ensure_ascii=False, default=plain) for cell in cells.to_list()]
    return pl.Series(cells.name, texts, pl.String)
