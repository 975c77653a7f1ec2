"""A frame as a text table, for people."""

from __future__ import annotations

import polars as pl

from etl.escape import visible

MOST_CHARACTERS = 10_000
"""Of a longer cell the rest is left away."""


def format_table(frame: pl.DataFrame, *, types: bool = False) -> str:
    """Format a frame as a full text table; wide characters count as two, and invisible ones are escaped."""
    shown = pl.DataFrame([_visible(column) for column in frame])
    with pl.Config(
        tbl_rows=-1,
        tbl_cols=-1,
        tbl_width_chars=10_000,
        fmt_str_lengths=MOST_CHARACTERS,
        tbl_formatting="UTF8_FULL_CONDENSED",
        tbl_hide_dataframe_shape=True,
        tbl_hide_column_data_types=not types,
        float_precision=None,
    ):
        return str(shown)


def _visible(column: pl.Series) -> pl.Series:
    if column.dtype != pl.String:
        return column.alias(visible(column.name))
    texts = (None if text is None else visible(text[: MOST_CHARACTERS + 1]) for text in column)
    return pl.Series(visible(column.name), texts, pl.String)
