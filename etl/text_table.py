"""A frame as a text table, for people: within a width, or one field a line where its columns do not fit."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from etl.display_width import display_width, padded, wrapped
from etl.escape import visible

MOST_CHARACTERS = 10_000
"""Of a longer cell the rest is left away."""
_WIDEST, _NARROWEST, _BETWEEN = 10_000, 12, 3
"""Columns of a table without a limit; those below which a column that is wider is not squeezed; those of a border."""


def format_table(frame: pl.DataFrame, *, types: bool = False, width: int | None = None) -> str:
    """Format a frame as a full text table; wide characters count as two, and invisible ones are escaped.

    Args:
        frame: of any types.
        types: whether the types of columns are shown.
        width: of the terminal. Cells are broken into lines to fit it; where they would be too narrow, each field has a line. None
            for as wide as the cells are.
    """
    shown = pl.DataFrame([_visible(column) for column in frame])
    if width is not None and _least_width(shown) > width:
        return "\n".join(_records(shown, width))
    with pl.Config(
        tbl_rows=-1,
        tbl_cols=-1,
        tbl_width_chars=_WIDEST if width is None else width,
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


def _least_width(shown: pl.DataFrame) -> int:
    """Return the width of a table whose wide columns are squeezed as far as they can still be read."""
    widest = (max(map(display_width, (column.name, *_texts(column))), default=0) for column in shown)
    return 1 + sum(
        min(each, max(_NARROWEST, display_width(column.name))) + _BETWEEN for each, column in zip(widest, shown, strict=True)
    )


def _texts(column: pl.Series) -> list[str]:
    return ["null" if cell is None else str(cell) for cell in column]


def _records(shown: pl.DataFrame, width: int) -> Iterator[str]:
    """Yield a line for each field of each row, under a rule with the row's number."""
    names = max(map(display_width, shown.columns), default=0)
    room = max(width - names - _BETWEEN, _NARROWEST)
    columns = [_texts(column) for column in shown]
    for number in range(shown.height):
        title = f"─[ {number + 1:,} ]"
        yield title + "─" * max(0, width - display_width(title))
        for name, texts in zip(shown.columns, columns, strict=True):
            for rank, line in enumerate(wrapped(texts[number], room)):
                yield f"{padded(name if rank == 0 else '', names)} │ {line}".rstrip()
