"""Build the DuckDB file from table specs and SQL views, and publish it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import duckdb

from etl.errors import ProjectError
from etl.publishing.protocol import begin_load
from etl.warehouse.database import new_file, verify_file
from etl.warehouse.fill_tables import TableFiller
from etl.warehouse.skeleton import MadeTables, Skeleton
from etl.warehouse.sql_names import literal, quoted, refuse_lookalikes
from etl.warehouse.sql_views import VIEWS, View, names_view, reads_table, sql_views, unordered
from etl.warehouse.table_spec import ExternalTable, TableSpec, UnusedTable, column_comment


def publish(
    path: Path, relations: Iterable[TableSpec], views: Path = VIEWS, memory_limit: str = "", declarations: str = ""
) -> None:
    """Build a warehouse of tables and SQL views, and publish it at `path`.

    Args:
        path: of the warehouse.
        relations: its tables.
        views: folder of its views.
        memory_limit: how much memory DuckDB may use, such as `2GB`; empty for DuckDB's default.
        declarations: as for `build`.

    Raises:
        ProjectError: a view breaks its declared grain, or lacks a comment. The file at `path` is then unchanged.
        WriteError: it cannot be written; the file at `path` is then unchanged.
        BusyError: another load is at work.
    """
    with begin_load(path) as load:
        made = partial(build, relations=relations, views=views, memory_limit=memory_limit, declarations=declarations)
        load.publish(made, verify_file)


def build(
    path: Path,
    relations: Iterable[TableSpec],
    views: Path = VIEWS,
    memory_limit: str = "",
    current: Path | None = None,
    declarations: str = "",
) -> None:
    """Write a new file of tables and views; copy cached rows from the current version.

    Args:
        path: of the file.
        relations: its tables.
        views: folder of its views.
        memory_limit: how much memory DuckDB may use; empty for DuckDB's default.
        current: the version that cached rows are copied from.
        declarations: hash of all that tables, views and comments follow from, under which a skeleton is kept; empty for none.
    """
    declared = sql_views(views)
    cached: set[tuple[str, str]] = set()
    skeleton = Skeleton(declarations)
    is_kept = True

    def prove(connection: duckdb.DuckDBPyConnection) -> None:
        _check_grains(connection, declared)
        if is_kept:
            skeleton.store(connection)

    with new_file(path, memory_limit, current, cached, prove, skeleton.restore) as connection:
        made = MadeTables(connection)
        filler = TableFiller(connection, cached)
        meanings: dict[str, str] = {}
        comments: list[str] = []
        for relation in relations:
            described = _comments(relation)
            meanings |= _by_address(relation, described)
            if isinstance(relation, UnusedTable) and not any(reads_table(view, _address(relation)) for view in declared):
                continue
            is_kept = is_kept and not isinstance(relation, ExternalTable)  # a view that names a place of one project
            _make_schema(connection, relation.schema, made.schemas)
            kind = filler.fill(relation, is_there=made.take(relation, described))
            comments += _comments_on(kind, relation, described)
        if not made.is_whole:
            made.drop_left()
            comments += _create_views(connection, declared, views, meanings, made.schemas)
        filler.finish(comments)


def _create_views(
    connection: duckdb.DuckDBPyConnection, declared: Sequence[View], folder: Path, meanings: Mapping[str, str], schemas: set[str]
) -> Iterator[str]:
    """Create the views and their functions, and yield their comments."""
    for view in declared:
        _make_schema(connection, view.schema, schemas)
    for path in sorted((folder / "functions").glob("*.sql")):
        connection.execute(path.read_text(encoding="utf-8"))
    for view in declared:
        _create_view(connection, view)
    columns = _columns_of_views(connection)
    for view in declared:
        yield from _comments_of_view(view, columns[view.schema, view.name], meanings)


def _make_schema(connection: duckdb.DuckDBPyConnection, schema: str, made: set[str]) -> None:
    if schema not in made:
        connection.execute(f"CREATE SCHEMA {quoted(schema)}")
        made.add(schema)


def _address(relation: TableSpec) -> str:
    return f"{relation.schema}.{relation.name}"


def _comments(relation: TableSpec) -> dict[str, str]:
    """Return the comment of each column of a table."""
    address = _address(relation)
    return {column: column_comment(column, relation.comments, address) for column in refuse_lookalikes(relation.rows.columns)}


def _by_address(relation: TableSpec, comments: Mapping[str, str]) -> dict[str, str]:
    """Return the comment of each column of a table, by the address of the column."""
    return {f"{_address(relation)}.{column}": comment for column, comment in comments.items()}


def _comments_on(kind: str, relation: TableSpec, comments: Mapping[str, str]) -> list[str]:
    """Write the comments on what was created; nothing was where there is no kind."""
    name = f"{quoted(relation.schema)}.{quoted(relation.name)}"
    return [_comment(f"{kind} {name}", relation.comment), *_column_comments(name, comments)] if kind else []


def _column_comments(name: str, comments: Mapping[str, str]) -> list[str]:
    return [_comment(f"COLUMN {name}.{quoted(column)}", comment) for column, comment in comments.items()]


def _comment(on: str, comment: str) -> str:
    return f"COMMENT ON {on} IS {literal(comment)}"


def _create_view(connection: duckdb.DuckDBPyConnection, view: View) -> None:
    """Make a view.

    Raises:
        ProjectError: it cannot be made.
    """
    try:
        connection.execute(f"CREATE VIEW {quoted(view.schema)}.{quoted(view.name)} AS {view.sql}")
    except duckdb.Error as error:
        raise ProjectError(f"The view {view.address} cannot be made: {error}", f"视图 {view.address} 无法建立：{error}") from None


def _columns_of_views(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], list[str]]:
    """List the columns of each view, by its schema and name."""
    rows = connection.execute("""
        SELECT schema_name, view_name, list(column_name ORDER BY column_index)
        FROM duckdb_views()
        JOIN duckdb_columns() AS columns USING (database_name, schema_name)
        WHERE columns.table_name = view_name AND database_name = current_database()
        GROUP BY ALL
    """).fetchall()
    return {(schema, name): columns for schema, name, columns in rows}


def _comments_of_view(view: View, columns: Sequence[str], meanings: Mapping[str, str]) -> list[str]:
    """Yield the comments of a view and its columns.

    Raises:
        ProjectError: a column has no comment.
    """
    name = f"{quoted(view.schema)}.{quoted(view.name)}"
    unknown = [column for column in (*view.grain, *view.comments) if column not in columns]
    if unknown:
        raise ProjectError(
            f"The header of the view {view.address} names {unknown[0]}, which is not one of its columns.",
            f"视图 {view.address} 的文件头写有 {unknown[0]}，但视图没有这一列。",
        )
    declared = {column: _expand(text, view, meanings) for column, text in view.comments.items()}
    comments = {column: column_comment(column, declared, view.address) for column in columns}
    return [_comment(f"VIEW {name}", view.comment), *_column_comments(name, comments)]


def _check_grains(connection: duckdb.DuckDBPyConnection, views: Sequence[View]) -> None:
    """Check that each view has one row per grain; materialize shared views once.

    Raises:
        ProjectError: a view has several rows for its grain.
    """
    copies: dict[str, str] = {}
    for view in views:
        rows = unordered(view, copies)
        if any(names_view(other, view.address) for other in views):
            copies[view.address] = f"temp.main.{quoted(view.address)}"
            connection.execute(f"CREATE TEMP TABLE {quoted(view.address)} AS FROM {rows}")
            rows = copies[view.address]
        grain = ", ".join(map(quoted, view.grain))
        repeated = connection.execute(f"SELECT {grain} FROM {rows} GROUP BY ALL HAVING count(*) > 1 LIMIT 1").fetchone()
        if repeated is not None:
            grain = ", ".join(view.grain)
            raise ProjectError(
                f"The view {view.address} has several rows for {repeated}; its grain is {grain}.",
                f"视图 {view.address} 中 {repeated} 有多行；其粒度为 {grain}。",
            )
    for copy in copies.values():
        connection.execute(f"DROP TABLE {copy}")


def _expand(text: str, view: View, meanings: Mapping[str, str]) -> str:
    """Replace each `{schema.table.column}` in a comment by that column's meaning."""

    def meaning(match: re.Match[str]) -> str:
        if match[1] not in meanings:
            raise ProjectError(
                f"The header of the view {view.address} names {match[1]}, which the warehouse does not have.",
                f"视图 {view.address} 的文件头写有 {match[1]}，但数据仓库中没有。",
            )
        return meanings[match[1]]

    return re.sub(r"\{([\w.]+)\}", meaning, text)
