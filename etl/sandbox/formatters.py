"""Stream results of queries as CSV, JSON, NDJSON or Markdown, in constant memory.

Each writer takes the results of all statements of a query, of which it is told whether there is more than one.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from etl.escape import escape_json, visible
from etl.markdown_table import table_lines
from etl.warehouse.column_types import as_json as json_columns
from etl.warehouse.column_types import as_text, cast_columns, cast_out_of_range, unique_names

if TYPE_CHECKING:
    import duckdb
    import polars as pl

    from etl.warehouse.column_types import Cast

_ROWS_AT_ONCE = 2_048
_NO_NUMBER = re.compile(r'"(?:[^"\\]|\\.)*"|NaN|-?Infinity')

_DECIMAL = re.compile(r"(?P<sign>-?)(?P<whole>[0-9]+)(?:\.(?P<decimals>[0-9]+))")
_FRACTIONAL, _GROUPED_FROM = ("DOUBLE", "FLOAT", "DECIMAL"), 5

Row = Sequence[str | None]


class Result:
    """The result of a statement, of which at most some rows are read, 0 for all.

    Attributes:
        columns: the names of its columns, each of them once.
        is_plan: whether it is that of EXPLAIN.
        width: of the terminal that a text table has to fit; None for none.
        was_cut: whether there were more rows, once they are read.
    """

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        relation: duckdb.DuckDBPyRelation,
        most: int,
        *,
        is_plan: bool = False,
        width: int | None = None,
    ) -> None:
        self._connection, self._most = connection, most
        self._relation = relation.limit(most + 1) if most else relation
        self.columns = unique_names(relation.columns)
        self.is_plan = is_plan
        self.width = width
        self.was_cut = False

    def texts(self) -> Iterator[Row]:
        """Yield the rows as DuckDB prints their cells; null is None."""
        return self._rows(as_text)

    def human_texts(self) -> Iterator[Row]:
        """Yield the rows for people: a number that is whole has no decimals, and a large one has its thousands parted."""
        is_number = [str(each).startswith(_FRACTIONAL) for each in self._relation.types]
        for row in self.texts():
            yield [_grouped(cell) if number and cell else cell for cell, number in zip(row, is_number, strict=True)]

    def json_texts(self) -> Iterator[Row]:
        """Yield the rows with each cell as JSON; null is None."""
        return ([None if cell is None else _finite(cell) for cell in row] for row in self._rows(json_columns))

    def _rows(self, cast: Cast) -> Iterator[Row]:
        """Yield the rows as they are fetched, to the end: until then the connection takes no other statement.

        duckdb 2.0 fetches a relation whole, but an executed query in parts.
        """
        result = self._connection.execute(cast_columns(self._relation, cast).sql_query())
        number = 0
        while rows := result.fetchmany(_ROWS_AT_ONCE):
            for row in rows:
                number += 1
                if self._most and number > self._most:
                    self.was_cut = True
                else:
                    yield row

    def frame(self) -> pl.DataFrame:
        """Return all rows at once, in the types of polars where they hold every value."""
        import polars as pl

        from etl.warehouse.arrow import ArrowStream

        frame = pl.DataFrame(ArrowStream(cast_out_of_range(self._relation)))
        frame.columns = self.columns
        self.was_cut = bool(self._most) and frame.height > self._most
        return frame.head(self._most) if self.was_cut else frame


Write = Callable[[Iterable[Result], bool], Iterator[bytes]]
"""Write the results of a query, and whether there are several."""


def as_csv(results: Iterable[Result], _several: bool) -> Iterator[bytes]:
    """Write results as CSV, with a blank line between them: cells are what DuckDB prints, nulls are empty."""
    for number, result in enumerate(results):
        rows = result.texts()
        lines: list[Row] = [*([()] if number else ()), result.columns]
        while lines:
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows(lines)
            yield text.getvalue().encode()
            lines = list(islice(rows, _ROWS_AT_ONCE))


def as_json(results: Iterable[Result], several: bool) -> Iterator[bytes]:
    """Write a result as a JSON array with one object per row; several as an array of such arrays."""
    if not several:
        for result in results:
            yield from _json_array(result)
            yield b"\n"
        return
    before = b"["
    for result in results:
        yield before + b"\n"
        yield from _json_array(result)
        before = b","
    yield b"\n]\n"


def as_ndjson(results: Iterable[Result], several: bool) -> Iterator[bytes]:
    """Write a result as NDJSON: a JSON object a row, each on a line of its own.

    Raises:
        ValueError: there are several.
    """
    if several:
        raise ValueError("A file of this form holds one result; ask for one at a time.")
    for result in results:
        names = [escape_json(json.dumps(name, ensure_ascii=False)) for name in result.columns]
        for row in result.json_texts():
            cells = ", ".join(f"{name}: {escape_json(cell or 'null')}" for name, cell in zip(names, row, strict=True))
            yield f"{{{cells}}}\n".encode()


def as_markdown(results: Iterable[Result], _several: bool) -> Iterator[bytes]:
    """Write results as Markdown tables, whose cells may hold markup."""
    for number, result in enumerate(results):
        rows = (["" if cell is None else _markdown_cell(cell) for cell in row] for row in result.texts())
        yield b"\n" if number else b""
        for line in table_lines(map(_markdown_cell, result.columns), rows):
            yield f"{line}\n".encode()


def _json_array(result: Result) -> Iterator[bytes]:
    names = [escape_json(json.dumps(name, ensure_ascii=False)) for name in result.columns]
    before = "[\n"
    for row in result.json_texts():
        cells = ",\n".join(f"    {name}: {escape_json(cell or 'null')}" for name, cell in zip(names, row, strict=True))
        yield f"{before}  {{\n{cells}\n  }}".encode()
        before = ",\n"
    yield b"[]" if before == "[\n" else b"\n]"


def _finite(text: str) -> str:
    """Replace numbers that JSON has not by null."""
    if "NaN" not in text and "Infinity" not in text:
        return text
    return _NO_NUMBER.sub(lambda found: found[0] if found[0].startswith('"') else "null", text)


def _grouped(text: str) -> str:
    """Format a number for people: 5981.0 as 5981, and 76450.50 as 76,450.50."""
    found = _DECIMAL.fullmatch(text)
    if found is None or text == "-0.0":
        return text
    whole = f"{int(found['whole']):,}" if len(found["whole"]) >= _GROUPED_FROM else found["whole"]
    decimals = found["decimals"] if found["decimals"].strip("0") else ""
    return f"{found['sign']}{whole}{f'.{decimals}' if decimals else ''}"


def _markdown_cell(text: str) -> str:
    return visible(text.replace("\n", " ")).replace("\\", "\\\\").replace("|", r"\|")
