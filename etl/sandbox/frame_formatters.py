"""Results of queries that are written whole: as a text table and as Parquet."""

from __future__ import annotations

import io
from collections.abc import Iterator

import polars  # noqa: F401  Result.frame needs it, and a sandboxed process cannot import it any more

from etl.sandbox.formatters import Result
from etl.text_table import format_table


def as_table(result: Result) -> Iterator[bytes]:
    """Write a result as a text table."""
    yield format_table(result.frame()).encode() + b"\n"


def as_parquet(result: Result) -> Iterator[bytes]:
    """Write a result as Parquet, whose metadata stand at the end of the file."""
    made = io.BytesIO()
    result.frame().write_parquet(made)
    yield made.getvalue()
