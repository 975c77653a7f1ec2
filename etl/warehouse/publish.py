"""The DuckDB file: built beside the one in use, checked, and put in its place in one step. Nothing else knows duckdb."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import duckdb
import polars as pl
from polars.exceptions import PolarsError

from etl.errors import ProjectError, QueryError
from etl.warehouse.relation import Relation, column_comment
from etl.warehouse.sql_views import VIEWS, View, sql_views

_READ_ONLY: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "python_enable_replacements": False,
    "lock_configuration": True,
}
"""A query sees the warehouse: no other file, no variable of this process, and no way to change that."""


class _Streamed(Protocol):
    def __arrow_c_stream__(self, requested_schema: object = None) -> object: ...


class _ArrowStream:
    """A table as an Arrow stream and nothing else.

    duckdb 2.0 asks pyarrow for a polars frame, but reads any stream; polars 2.1 reads a duckdb relation, but keeps its class
    for ever, which nanobind reports as a leak when the process ends.
    """

    def __init__(self, table: _Streamed) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


def quoted(name: str) -> str:
    """Give a name as a SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def publish(path: Path, relations: Iterable[Relation], views: Path = VIEWS, memory_limit: str = "") -> None:
    """Build a warehouse of these tables and the SQL views of a folder, and put it at `path` in one step.

    Args:
        path: of the warehouse.
        relations: its tables.
        views: folder of its views.
        memory_limit: how much memory DuckDB may use, such as `2GB`; empty for what it takes by itself.

    Raises:
        ProjectError: a view breaks its declared grain, or does not say what it means. The file at `path` is then what it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    building = path.with_name(f".build-{os.getpid()}.duckdb")
    _discard(building)  # what a killed process of the same number left behind
    try:
        _build(building, relations, sql_views(views), memory_limit)
        os.chmod(building, 0o444)
        os.replace(building, path)
    finally:
        _discard(building)


def _discard(building: Path) -> None:
    for leftover in (building, building.with_name(building.name + ".wal")):
        leftover.unlink(missing_ok=True)


def _build(path: Path, relations: Iterable[Relation], views: Iterable[View], memory_limit: str) -> None:
    with duckdb.connect(path, config={"memory_limit": memory_limit} if memory_limit else {}) as connection:
        connection.execute("BEGIN")
        meanings: dict[str, str] = {}
        for relation in relations:
            _load(connection, relation, meanings)
        for view in views:
            _create_view(connection, view, meanings)
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT")  # close() would swallow a checkpoint that fails (duckdb 2.0.0)


def _load(connection: duckdb.DuckDBPyConnection, relation: Relation, meanings: dict[str, str]) -> None:
    """Make a table, and add what its columns mean to `meanings` by their addresses."""
    name = f"{quoted(relation.schema)}.{quoted(relation.name)}"
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(relation.schema)}")
    for number, rows in enumerate(relation.batches()):
        connection.register("arriving", _ArrowStream(rows))
        connection.execute(f"INSERT INTO {name} FROM arriving" if number else f"CREATE TABLE {name} AS FROM arriving")
        connection.unregister("arriving")
    address = f"{relation.schema}.{relation.name}"
    comments = {column: column_comment(column, relation.comments, address) for column in relation.rows.columns}
    meanings |= {f"{address}.{column}": comment for column, comment in comments.items()}
    _comment(connection, f"TABLE {name}", relation.comment)
    for column, comment in comments.items():
        _comment(connection, f"COLUMN {name}.{quoted(column)}", comment)


def _comment(connection: duckdb.DuckDBPyConnection, on: str, comment: str) -> None:
    connection.execute(f"COMMENT ON {on} IS {_literal(comment)}")


def _create_view(connection: duckdb.DuckDBPyConnection, view: View, meanings: Mapping[str, str]) -> None:
    """Make a view that says what it means and has one row per grain.

    Raises:
        ProjectError: it does not.
    """
    name = f"{quoted(view.schema)}.{quoted(view.name)}"
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(view.schema)}")
    try:
        connection.execute(f"CREATE VIEW {name} AS {view.sql}")
    except duckdb.Error as error:
        raise ProjectError(f"The view {view.address} cannot be made: {error}") from None
    columns = [column for column, *_ in connection.execute(f"DESCRIBE {name}").fetchall()]
    unknown = [column for column in (*view.grain, *view.comments) if column not in columns]
    if unknown:
        raise ProjectError(f"The header of the view {view.address} names {unknown[0]}, which is none of its columns.")
    _comment(connection, f"VIEW {name}", view.comment)
    comments = {column: _expanded(text, view, meanings) for column, text in view.comments.items()}
    for column in columns:
        _comment(connection, f"COLUMN {name}.{quoted(column)}", column_comment(column, comments, view.address))
    grain = ", ".join(map(quoted, view.grain))
    repeated = connection.execute(f"SELECT {grain} FROM {name} GROUP BY ALL HAVING count(*) > 1 LIMIT 1").fetchone()
    if repeated is not None:
        raise ProjectError(f"The view {view.address} has several rows for {repeated}; its grain is {', '.join(view.grain)}.")


def _expanded(text: str, view: View, meanings: Mapping[str, str]) -> str:
    """Give a comment in which each `{schema.table.column}` is replaced by what that column means."""

    def meaning(match: re.Match[str]) -> str:
        if match[1] not in meanings:
            raise ProjectError(f"The header of the view {view.address} names {match[1]}, which the warehouse does not have.")
        return meanings[match[1]]

    return re.sub(r"\{([\w.]+)\}", meaning, text)


def query(path: Path, sql: str, parameters: Mapping[str, object] | None = None) -> pl.DataFrame:
    """Give the result of a query, with its named parameters, on the warehouse at `path`, which is opened read-only.

    Raises:
        ProjectError: there is no warehouse, or the file there is none.
        QueryError: the query is wrong.
    """
    with opened(path) as ask:
        return ask(sql, parameters)


Ask = Callable[[str, Mapping[str, object] | None], pl.DataFrame]


@contextmanager
def opened(path: Path) -> Iterator[Ask]:
    """Give a function that asks the warehouse at `path`, read-only: one state of it, whatever is published meanwhile.

    Raises:
        ProjectError: there is no warehouse, or the file there is none.
        QueryError: a query is wrong.
    """
    if not path.is_file():
        raise ProjectError(f"No warehouse at {path}. Make it with `etl run`.")
    try:
        connection = duckdb.connect(path, read_only=True, config=_READ_ONLY)
    except duckdb.Error as error:
        raise ProjectError(f"{path} is no warehouse. Make it anew with `etl run`. ({error})") from None
    with connection:
        try:
            yield lambda sql, parameters: _result(connection, sql, parameters)
        except (duckdb.Error, PolarsError) as error:
            raise QueryError(str(error)) from None


def _result(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, object] | None) -> pl.DataFrame:
    relation = connection.sql(sql, params=dict(parameters) if parameters else None)
    if relation is None:
        return pl.DataFrame()
    types = [str(dtype) for dtype in relation.types]
    if "INTERVAL" in types:  # polars 2.1 reads no Arrow intervals
        columns = zip(map(quoted, relation.columns), types, strict=True)
        shown = (f"CAST({column} AS VARCHAR) AS {column}" if dtype == "INTERVAL" else column for column, dtype in columns)
        relation = relation.project(", ".join(shown))
    return pl.DataFrame(_ArrowStream(relation))
