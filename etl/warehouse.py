"""The DuckDB file: built beside the one in use, checked, and put in its place in one step. Nothing else knows duckdb."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from etl.contents import Relation
from etl.errors import ProjectError, QueryError

VIEWS = Path(__file__).parent / "views"


class _ArrowStream:
    """A frame as an Arrow stream and nothing else: duckdb 2.0 asks pyarrow for a polars frame, but reads any stream."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._frame.__arrow_c_stream__(requested_schema)


def quoted(name: str) -> str:
    """Give a name as a SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def publish(path: Path, relations: Iterable[Relation]) -> None:
    """Build a warehouse of these tables and the SQL views, and put it at `path` in one step.

    Raises:
        ProjectError: a view breaks its declared grain. The file at `path` is then what it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    building = path.with_name(f".build-{os.getpid()}.duckdb")
    try:
        _build(building, relations)
        os.chmod(building, 0o444)
        os.replace(building, path)
    finally:
        building.unlink(missing_ok=True)
        building.with_name(building.name + ".wal").unlink(missing_ok=True)


def _build(path: Path, relations: Iterable[Relation]) -> None:
    with duckdb.connect(path) as connection:
        connection.execute("BEGIN")
        for relation in relations:
            _load(connection, relation)
        for view in sorted(VIEWS.glob("*.sql")):
            _create_view(connection, view)
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT")  # close() would swallow a checkpoint that fails (duckdb 2.0.0)


def _load(connection: duckdb.DuckDBPyConnection, relation: Relation) -> None:
    name = f"{quoted(relation.schema)}.{quoted(relation.name)}"
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(relation.schema)}")
    connection.register("arriving", _ArrowStream(relation.rows))
    connection.execute(f"CREATE TABLE {name} AS SELECT * FROM arriving")
    connection.unregister("arriving")
    connection.execute(f"COMMENT ON TABLE {name} IS {_literal(relation.comment)}")
    for column in relation.rows.columns:
        comment = relation.comments.get(column, column.replace("_", " "))
        connection.execute(f"COMMENT ON COLUMN {name}.{quoted(column)} IS {_literal(comment)}")


_HEADER = re.compile(r"-- (?P<key>view|zh|en|grain): (?P<value>.+)")


def _create_view(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Create the view of a SQL file, whose first lines name it (`-- view:`), say what it is and state its grain."""
    sql = path.read_text(encoding="utf-8")
    header = {match["key"]: match["value"].strip() for match in _HEADER.finditer(sql)}
    name = header["view"]
    schema, _, view = name.partition(".")
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(schema)}")
    connection.execute(f"CREATE VIEW {quoted(schema)}.{quoted(view)} AS {sql}")
    comment = f"{header['zh']} · {header['en']} [grain: {header['grain']}]"
    connection.execute(f"COMMENT ON VIEW {quoted(schema)}.{quoted(view)} IS {_literal(comment)}")
    grain = ", ".join(quoted(column.strip()) for column in header["grain"].split(","))
    repeated = connection.execute(
        f"SELECT {grain} FROM {quoted(schema)}.{quoted(view)} GROUP BY ALL HAVING count(*) > 1 LIMIT 1"
    ).fetchone()
    if repeated is not None:
        raise ProjectError(f"The view {name} has several rows for {repeated}; its grain is {header['grain']}.")


def query(path: Path, sql: str, parameters: Mapping[str, object] | None = None) -> pl.DataFrame:
    """Give the result of a query, with its named parameters, on the warehouse at `path`, which is opened read-only.

    Raises:
        ProjectError: there is no warehouse.
        QueryError: the query is wrong.
    """
    if not path.is_file():
        raise ProjectError(f"No warehouse at {path}. Make it with `etl run`.")
    with duckdb.connect(path, read_only=True, config={"enable_external_access": "false"}) as connection:
        try:
            result: Any = connection.execute(sql, parameters)
            return pl.DataFrame(result) if result.description else pl.DataFrame()
        except duckdb.Error as error:
            raise QueryError(str(error)) from None
