"""The child process in which a stranger's query runs: it reads the warehouse, and nothing else of this machine.

It takes a request as JSON on its standard input, writes the result to its standard output, and ends with one of the codes of
`Ending`. DuckDB draws no line between a query and the machine (duckdb.org/docs/stable/operations_manual/securing_duckdb), so
three hold: its own settings, locked; limits of the kernel; and the parent, which ends the child when its time is over.
"""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

import duckdb

from etl.sandbox.child import Ending, die_with_the_parent, hold_to
from etl.sandbox.written import ROWS_AT_ONCE, STREAMED
from etl.warehouse.arrow import ArrowStream
from etl.warehouse.sql_names import quoted

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "python_enable_replacements": False,
    "allow_persistent_secrets": False,
    "allow_community_extensions": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "temp_directory": "",
}
# duckdb 2.0 refuses these before a connection is there; the lock is the last.
_THEN = ("SET disabled_filesystems = 'LocalFileSystem'", "SET lock_configuration = true")
# What Python cannot take over without a library more (duckdb 2.0), and polars 2.1 cannot read at all.
_AS_TEXT = {"INTERVAL", "TIMESTAMP WITH TIME ZONE", "TIME WITH TIME ZONE"}


def main() -> None:
    """Answer the one request that stands on the standard input."""
    die_with_the_parent()
    request = json.load(sys.stdin)
    try:
        connection = duckdb.connect(request["path"], read_only=True, config=_SETTINGS)
    except duckdb.Error as error:
        _end(Ending.NO_WAREHOUSE, str(error))
    if request["style"] not in STREAMED:
        import polars  # noqa: F401  before the address space is closed
    for setting in _THEN:
        connection.execute(setting)
    hold_to(request["memory"])
    try:
        was_cut = _answer(connection, request, sys.stdout.buffer)
    except BrokenPipeError:
        os._exit(Ending.DONE)
    except (duckdb.Error, MemoryError, ValueError, RuntimeError) as error:
        _end(Ending.REFUSED, str(error) or "the query needs more memory than it may use")
    _end(Ending.DONE, "cut" if was_cut else "")


def _answer(connection: duckdb.DuckDBPyConnection, request: dict[str, Any], out: BinaryIO) -> bool:
    """Write the result of a query; give whether there were more rows than were asked for."""
    relation = connection.sql(request["query"])
    if relation is None:
        return False
    most: int = request["most"]
    if most:
        relation = relation.limit(most + 1)
    relation = _readable(relation)
    if request["style"] in STREAMED:
        rows = _Capped(_rows(connection, relation), most)
        for part in STREAMED[request["style"]](list(relation.columns), rows):
            out.write(part)
        out.flush()
        return rows.was_cut
    return _write_frame(relation, request["style"], most, out)


class _Capped:
    """Rows up to a number, 0 for all of them."""

    def __init__(self, rows: Iterable[Sequence[Any]], most: int) -> None:
        self._rows, self._most, self.was_cut = rows, most, False

    def __iter__(self) -> Iterator[Sequence[Any]]:
        for number, row in enumerate(self._rows, 1):
            if self._most and number > self._most:
                self.was_cut = True
                return
            yield row


def _readable(relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    types = [str(dtype) for dtype in relation.types]
    if not _AS_TEXT.intersection(types):
        return relation
    columns = zip(map(quoted, relation.columns), types, strict=True)
    return relation.project(
        ", ".join(f"CAST({column} AS VARCHAR) AS {column}" if dtype in _AS_TEXT else column for column, dtype in columns)
    )


def _rows(connection: duckdb.DuckDBPyConnection, relation: duckdb.DuckDBPyRelation) -> Iterator[Sequence[Any]]:
    """Give the rows as they come; a relation of duckdb 2.0 gives all of them at once, what is executed does not."""
    result = connection.execute(relation.sql_query())
    while rows := result.fetchmany(ROWS_AT_ONCE):
        yield from rows


def _write_frame(relation: duckdb.DuckDBPyRelation, style: str, most: int, out: BinaryIO) -> bool:
    """Write a result that is whole in memory, as `table` or `parquet`."""
    import polars as pl

    from etl.text_table import rendered

    result = pl.DataFrame(ArrowStream(relation))
    was_cut = bool(most) and result.height > most
    result = result.head(most) if was_cut else result
    if style == "parquet":
        # A file of Parquet ends with what it holds, so it is made before it is sent.
        made = io.BytesIO()
        result.write_parquet(made)
        out.write(made.getbuffer())
    else:
        out.write(rendered(result).encode() + b"\n")
    out.flush()
    return was_cut


def _end(how: Ending, message: str) -> None:
    """End at once: what a library would do at the end of a process held to so little could fail."""
    sys.stderr.write(message)
    sys.stderr.flush()
    os._exit(how)


if __name__ == "__main__":
    main()
