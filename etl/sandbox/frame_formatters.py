"""Results of queries that are written whole: as a text table and as Parquet."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

import polars as pl  # at once: a sandboxed process cannot import it any more

from etl.sandbox.formatters import Result
from etl.text_table import format_table
from schemas.texts import TextError


def as_table(results: Iterable[Result], _several: bool) -> Iterator[bytes]:
    """Write results as text tables, with a blank line between them, and a plan as DuckDB draws it."""
    for number, result in enumerate(results):
        yield b"\n" if number else b""
        rows = list(result.texts() if result.is_plan else result.human_texts())
        if result.is_plan:
            yield "".join(row[-1] or "" for row in rows).encode()
        else:
            frame = pl.DataFrame(rows, schema=dict.fromkeys(result.columns, pl.String), orient="row")
            yield format_table(frame, width=result.width).encode() + b"\n"


def as_parquet(results: Iterable[Result], several: bool) -> Iterator[bytes]:
    """Write a result as Parquet, whose metadata stand at the end of the file.

    Raises:
        ValueError: there are several.
    """
    if several:
        raise TextError("A file of this form holds one result; ask for one at a time.", "此种文件只存一个结果；请一次查询一个。")
    for result in results:
        made = io.BytesIO()
        result.frame().write_parquet(made)
        yield made.getvalue()
