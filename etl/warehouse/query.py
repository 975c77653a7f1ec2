"""Query the DuckDB file: read-only, consistent, isolated from this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl
from polars.exceptions import PolarsError

from etl.errors import QueryError, no_warehouse, not_a_warehouse
from etl.warehouse.arrow import ArrowStream
from etl.warehouse.column_types import cast_columns, readable, unique_names
from etl.warehouse.isolation import ISOLATED
from schemas.texts import text_of

Connection = duckdb.DuckDBPyConnection


def query(path: Path, sql: str, parameters: Mapping[str, object] | None = None) -> pl.DataFrame:
    """Run one query, with named parameters, on the warehouse at `path`, read-only.

    Raises:
        ProjectError: there is no warehouse, or the file there is none.
        QueryError: the query is wrong.
    """
    with open_warehouse(path) as run_query:
        return run_query(sql, parameters)


RunQuery = Callable[[str, Mapping[str, object] | None], pl.DataFrame]


@contextmanager
def open_warehouse(path: Path) -> Iterator[RunQuery]:
    """Open the warehouse at `path`, read-only; yield a function that runs queries.

    All queries see one state of it, whatever is published meanwhile.

    Raises:
        ProjectError: there is no warehouse, or the file there is none.
        QueryError: a query is wrong.
    """
    with connect(path) as connection:
        try:
            yield lambda sql, parameters: _result(connection, sql, parameters)
        except (duckdb.Error, PolarsError) as error:
            raise QueryError(text_of(error)) from None


def connect(path: Path) -> Connection:
    """Open a read-only connection to the current version of the warehouse.

    DuckDB shares one state among the connections of a process to one path, hence the path of the version is opened.

    Raises:
        ProjectError: there is no warehouse, or the file there is none.
    """
    if not path.is_file():
        raise no_warehouse(path)
    try:
        return duckdb.connect(path.resolve(), read_only=True, config=ISOLATED | {"lock_configuration": True})
    except duckdb.Error as error:
        raise not_a_warehouse(path, str(error)) from None


def _result(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, object] | None) -> pl.DataFrame:
    relation = connection.sql(sql, params=dict(parameters) if parameters else None)
    if relation is None:
        return pl.DataFrame()
    frame = pl.DataFrame(ArrowStream(cast_columns(relation, readable)))
    frame.columns = unique_names(relation.columns)
    return frame
