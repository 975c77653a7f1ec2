"""Pass tables between polars and duckdb as Arrow streams."""

from __future__ import annotations

from typing import Protocol


class _Streamed(Protocol):
    def __arrow_c_stream__(self, requested_schema: object = None) -> object: ...


class ArrowStream:
    """A table as an Arrow stream and nothing else.

    duckdb 2.0 asks pyarrow for a polars frame, but reads any stream; polars 2.1 reads a duckdb relation, but keeps its class
    for ever, which nanobind reports as a leak when the process ends.
    """

    def __init__(self, table: _Streamed) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)
