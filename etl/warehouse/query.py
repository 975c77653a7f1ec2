"""Query the DuckDB file: read-only, consistent, isolated from this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl
from polars.exceptions import PolarsError

from etl.errors import OtherVersionError, QueryError, first_line, no_warehouse, not_a_warehouse
from etl.warehouse.arrow import ArrowStream
from etl.warehouse.column_types import cast_columns, readable, unique_names
from etl.warehouse.isolation import ISOLATED
from schemas.texts import text_of

Connection = duckdb.DuckDBPyConnection


def query(path: Path, sql: str, parameters: Mapping[str, object] | None = None, *, is_own: bool = True) -> pl.DataFrame:
    """Run one query, with named parameters, on the warehouse at `path`, read-only.

    Args:
        path: the warehouse.
        sql: the query.
        parameters: their values, by name.
        is_own: whether it is a query of this package; else a user wrote it, who may name a table that is not there.

    Raises:
        ProjectError: there is no warehouse, or the file there is none.
        QueryError: the query is wrong.
    """
    with open_warehouse(path, is_own=is_own) as run_query:
        return run_query(sql, parameters)


RunQuery = Callable[[str, Mapping[str, object] | None], pl.DataFrame]


@contextmanager
def open_warehouse(path: Path, *, is_own: bool = True) -> Iterator[RunQuery]:
    """Open the warehouse at `path`, read-only; yield a function that runs queries.

    All queries see one state of it, whatever is published meanwhile. Queries of this package (`is_own`) ask for nothing that a
    warehouse lacks, unless another version of the package has made it.

    Raises:
        ProjectError: there is no warehouse, or the file there is none.
        OtherVersionError: another version made it.
        QueryError: a query is wrong.
    """
    with connect(path) as connection:
        try:
            yield lambda sql, parameters: _result(connection, sql, parameters)
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise (_made_otherwise(path, error) if is_own else QueryError(text_of(error))) from None
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


def _made_otherwise(path: Path, error: duckdb.Error) -> OtherVersionError:
    return OtherVersionError(
        f"{path} was made by another version of this package. Make it anew with `etl run`. ({first_line(error)})",
        f"{path} 由本软件的另一版本生成。请用 `etl run` 重新生成。（{first_line(error)}）",
    )


def _result(connection: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, object] | None) -> pl.DataFrame:
    relation = connection.sql(sql, params=dict(parameters) if parameters else None)
    if relation is None:
        return pl.DataFrame()
    frame = pl.DataFrame(ArrowStream(cast_columns(relation, readable)))
    frame.columns = unique_names(relation.columns)
    return frame
