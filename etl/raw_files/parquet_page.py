"""Page of a Parquet file: text as printed, plain numbers in the column's unit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from etl.raw_files.page import Page, RefusedFileError, blank_or
from etl.raw_files.plain_characters import plain
from schemas.builtin_register_rules import COLUMN_HAS_ITS_TYPE
from schemas.models import Column
from schemas.texts import Text


def parquet_page(found: dict[str, Any], declared: Sequence[Column]) -> Page:
    """Build the page of a Parquet file read in a child process; lines are rows.

    Raises:
        RefusedFileError: a column has another type than its declared one; nothing is converted in silence.
    """
    by_title = {plain(name): column for column in declared for name in (column.name, column.meaning.zh)}
    for position, (title, type_name, kind, _) in enumerate(found["columns"], start=1):
        column = by_title.get(plain(title))
        if column is None or kind == "text" or (kind == "number" and column.is_figure):
            continue
        wanted = f"text, or numbers in {column.meaning.unit}" if column.is_figure else "text"
        in_chinese = f"文本或以“{column.meaning.unit}”为单位的数" if column.is_figure else "文本"
        message = Text(
            f"{title}: the column is of the type {type_name}; it must be {wanted}",
            f"{title}：该列类型为 {type_name}，应为{in_chinese}",
        )
        raise RefusedFileError(message, column=position, rule=COLUMN_HAS_ITS_TYPE)
    page = Page([title for title, *_ in found["columns"]])
    columns = [texts for *_, texts in found["columns"]]
    # A column that is not declared may be of any type, and is reported as such.
    height = max(map(len, columns), default=0)
    padded = [texts or [None] * height for texts in columns]
    for number, cells in enumerate(zip(*padded, strict=True), start=1):
        page.keep_text(number, [blank_or(cell) if cell else None for cell in cells])
    return page
