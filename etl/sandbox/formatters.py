"""Stream results of queries as CSV, JSON or Markdown, in constant memory."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from etl.markdown_table import table_lines

if TYPE_CHECKING:
    import duckdb
    import polars as pl

_ROWS_AT_ONCE = 2_048


class Result:
    """The result of a query, of which at most some rows are read, 0 for all.

    Attributes:
        columns: the names of its columns.
        was_cut: whether there were more rows, once they are read.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, relation: duckdb.DuckDBPyRelation, most: int) -> None:
        self._connection, self._relation, self._most = connection, relation, most
        self.columns: list[str] = list(relation.columns)
        self.was_cut = False

    def rows(self) -> Iterator[Sequence[Any]]:
        """Yield the rows as they are fetched.

        duckdb 2.0 fetches a relation whole, but an executed query in parts.
        """
        result = self._connection.execute(self._relation.sql_query())
        number = 0
        while rows := result.fetchmany(_ROWS_AT_ONCE):
            for row in rows:
                number += 1
                if self._most and number > self._most:
                    self.was_cut = True
                    return
                yield row

    def frame(self) -> pl.DataFrame:
        """Return all rows at once."""
        import polars as pl

        from etl.warehouse.arrow import ArrowStream

        frame = pl.DataFrame(ArrowStream(self._relation))
        self.was_cut = bool(self._most) and frame.height > self._most
        return frame.head(self._most) if self.was_cut else frame


def as_csv(result: Result) -> Iterator[bytes]:
    """Write a result as CSV: nulls are empty, lists and structs are JSON."""
    rows = result.rows()
    lines: list[Sequence[Any]] = [result.columns]
    while lines:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(map(_csv_cell, line) for line in lines)
        yield text.getvalue().encode()
        lines = list(islice(rows, _ROWS_AT_ONCE))


def as_json(result: Result) -> Iterator[bytes]:
    """Write a result as a JSON array with one object per row."""
    before = "[\n"
    for row in result.rows():
        text = json.dumps(dict(zip(result.columns, row, strict=True)), ensure_ascii=False, indent=2, default=str)
        yield (before + "  " + text.replace("\n", "\n  ")).encode()
        before = ",\n"
    yield b"[]\n" if before == "[\n" else b"\n]\n"


def as_markdown(result: Result) -> Iterator[bytes]:
    """Write a result as a Markdown table, whose cells may hold markup."""
    rows = (["" if value is None else _markdown_cell(str(value)) for value in row] for row in result.rows())
    for line in table_lines(map(_markdown_cell, result.columns), rows):
        yield f"{line}\n".encode()


def _csv_cell(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | dict | tuple) else value


def _markdown_cell(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", r"\|").replace("\n", " ")
