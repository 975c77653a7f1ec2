"""Write the DuckDB file in one transaction, and verify it against its ledger.

Nothing here needs polars.

The ledger is `quality.content`: the number and hash of the rows of every table, and the name of every view. It is written in the
same transaction as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb

from etl.errors import WriteError, first_line
from etl.warehouse.sql_names import literal, quoted
from schemas.texts import NO_TEXT, Text

STORAGE_VERSION = "v1.0.0"
"""Storage version of the file. DuckDB 1.1.3 (November 2024), 1.2.2, 1.3.2 and 1.4.4 open it; none
of them opens that of 2.0."""

BLOCK_SIZE = 1 << 16
"""Bytes of a block of the file, of which each table has one or more. DuckDB's own 256 kB make a hundred small tables a file of
27 MB; with less than this, a large table takes longer to read and to write. DuckDB 1.1.3 was seen to open such a file too."""

_WITHOUT = Text(" Where the version in force is damaged, --force does without it.", "现行版本若已损坏，可加 --force 不再使用它。")

BUILDING = "version being built"
"""Name of the file within the process that builds it; no schema has such a name, so that names are unambiguous."""

CURRENT = "version in force"
"""Name of the current version there."""

FILE_FORM = f"STORAGE_VERSION {literal(STORAGE_VERSION)}, BLOCK_SIZE {BLOCK_SIZE}"
"""Options of ATTACH that make a file of this form."""

_NO_LOG = {"checkpoint_threshold": "1KB"}
"""Have COMMIT write into the file at once: a write-ahead log is of no use to a file that is not opened before it is whole."""

_ONE_THREAD = {"threads": 1}
"""Of a hundred small tables, several threads take half as much time again as one."""

_LARGE = 1 << 26
"""Bytes of a file that is read by several threads."""

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "python_enable_replacements": False,
    "autoinstall_known_extensions": False,  # a file of another kind in place of a version would have one fetched
}

_TABLES = """
    SELECT schema_name, table_name, list(column_name ORDER BY column_index)
    FROM duckdb_tables() JOIN duckdb_columns() USING (database_name, schema_name, table_name)
    WHERE database_name = current_database() AND (schema_name, table_name) <> ('quality', 'content')
    GROUP BY ALL ORDER BY ALL
"""
_VIEWS = """
    SELECT schema_name, view_name, NULL::BIGINT, NULL::VARCHAR FROM duckdb_views()
    WHERE database_name = current_database() AND NOT internal
"""
_COMMENTS = {
    "": "内容清单 · one row per table and view of this warehouse: what a copy of it must hold",
    "schema_name": "模式 · schema",
    "name": "名称 · name of the table or view",
    "rows": "行数 · rows; NULL for a view",
    "hash": "散列值 · sum of the hashes of the rows, whatever their order; NULL for a view",
}


Verify = Callable[[duckdb.DuckDBPyConnection], None]


@contextmanager
def new_file(
    path: Path,
    memory_limit: str = "",
    current: Path | None = None,
    cached: Collection[tuple[str, str]] = (),
    verify: Verify = lambda connection: None,
    restore: Callable[[Path], bool] = lambda path: False,
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a new file in one transaction; then commit, write its ledger, and close it.

    Args:
        path: of the new file.
        memory_limit: how much memory DuckDB may use; empty for DuckDB's default.
        current: a version from which rows are copied; it is attached, read-only, as `CURRENT`.
        cached: schema and name of the tables that are copied whole, as they are known at the end.
        verify: raises where the committed file may not be published. It runs after the commit, for duckdb 2.0.0 has no
            statistics of uncommitted rows, so that the same queries could take many times as long.
        restore: writes a skeleton at the path, and returns whether it did.

    Raises:
        WriteError: the file cannot be written.
    """
    settings = {**_SETTINGS, **_NO_LOG, **_ONE_THREAD, "temp_directory": f"{path}.tmp"} | (
        {"memory_limit": memory_limit} if memory_limit else {}
    )
    try:
        with duckdb.connect(config=settings) as connection:
            connection.execute("SET enable_progress_bar = false")  # it would mix with the report
            _attach(connection, path, restore)
            if current is not None:
                connection.execute(f"ATTACH {literal(str(current))} AS {quoted(CURRENT)} (READ_ONLY)")
            connection.execute(f"USE {quoted(BUILDING)}")
            connection.execute("BEGIN")
            yield connection
            content = _write_ledger(connection)
            if cached:
                _refuse_changed(connection, cached, content)
            connection.execute("COMMIT")
            connection.execute(f"CHECKPOINT {quoted(BUILDING)}")  # close() would swallow a checkpoint that fails (duckdb 2.0.0)
            verify(connection)
    except duckdb.ProgrammingError:
        raise  # a fault of the package, not of the disk
    except duckdb.Error as error:  # duckdb 2.0.0 has no class of its own for a block that cannot be read
        reason = first_line(error)
        message = Text(
            f"The warehouse could not be written; the old one is in force. {reason}", f"数据仓库未能写入，现行版本不变。{reason}"
        )
        raise WriteError(message + (_WITHOUT if current is not None else NO_TEXT)) from error


def _attach(connection: duckdb.DuckDBPyConnection, path: Path, restore: Callable[[Path], bool]) -> None:
    """Attach the file to be built, which is a skeleton where there is one that DuckDB can read."""
    attached = f"ATTACH {literal(str(path))} AS {quoted(BUILDING)}"
    if restore(path):
        try:
            connection.execute(attached)
        except duckdb.Error:
            path.unlink()
        else:
            return
    connection.execute(f"{attached} ({FILE_FORM})")


def verify_file(path: Path) -> None:
    """Reopen a file, and check it against its ledger and its count of rows.

    Raises:
        WriteError: they differ.
    """
    try:
        threads = _ONE_THREAD if path.stat().st_size < _LARGE else {}
        with duckdb.connect(path, read_only=True, config=_SETTINGS | threads) as connection:
            wrong = _describe_fault(connection)
    except (duckdb.Error, FileNotFoundError) as error:
        reason = first_line(error)
        raise WriteError(
            f"{path.name} cannot be read back, so it is not published. {reason}",
            f"{path.name} 写入后无法读回，未予发布。{reason}",
        ) from error
    if wrong:
        raise WriteError(
            f"{path.name} is not what was loaded, so it is not published: {wrong.en}. Run again, and check the disk.",
            f"{path.name} 与装载内容不符，未予发布：{wrong.zh}。请重新运行，并检查磁盘。",
        )


def fetch_rows(path: Path, *queries: str) -> list[list[tuple[Any, ...]]] | None:
    """Fetch the rows of queries on a file, read-only; None if one of them fails."""
    try:
        with duckdb.connect(path, read_only=True, config=_SETTINGS | _ONE_THREAD) as connection:
            return [connection.execute(query).fetchall() for query in queries]
    except duckdb.Error:
        return None


def _refuse_changed(
    connection: duckdb.DuckDBPyConnection, cached: Collection[tuple[str, str]], content: Collection[tuple[object, ...]]
) -> None:
    """Refuse tables copied from the current version that differ from its ledger.

    Raises:
        WriteError: one of them was changed.
    """
    loaded = set(connection.execute(f"SELECT schema_name, name, rows, hash FROM {quoted(CURRENT)}.quality.content").fetchall())
    changed = sorted(f"{row[0]}.{row[1]}" for row in content if row[:2] in cached and row not in loaded)
    if changed:
        raise WriteError(
            f"{changed[0]} was changed in the version in force. Read everything again with --force.",
            f"现行版本中的 {changed[0]} 被改动过。请加 --force 全部重新读取。",
        )


def _write_ledger(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    content = _compute_ledger(connection)
    connection.execute("CREATE SCHEMA IF NOT EXISTS quality")
    columns = "schema_name VARCHAR, name VARCHAR, rows BIGINT, hash VARCHAR"
    connection.execute(f"CREATE TABLE IF NOT EXISTS quality.content ({columns})")
    if content:
        values = ", ".join(["(?, ?, ?, ?)"] * len(content))
        connection.execute(f"INSERT INTO quality.content VALUES {values}", list(chain.from_iterable(content)))
    for column, comment in _COMMENTS.items():
        on = f"COLUMN quality.content.{quoted(column)}" if column else "TABLE quality.content"
        connection.execute(f"COMMENT ON {on} IS {literal(comment)}")
    return content


def _compute_ledger(connection: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]]:
    """Compute the entries of the ledger."""
    parts = [_VIEWS]
    for schema, table, columns in connection.execute(_TABLES).fetchall():
        hashed = f"coalesce(sum(hash({', '.join(map(quoted, columns))})), 0)::VARCHAR"
        named = f"{literal(schema)}, {literal(table)}"
        parts.append(f"SELECT {named}, count(*), {hashed} FROM {quoted(schema)}.{quoted(table)}")
    return connection.execute(" UNION ALL ".join(parts)).fetchall()


def _describe_fault(connection: duckdb.DuckDBPyConnection) -> Text:
    """Describe what is wrong with a file; empty where nothing is."""
    ledger = set(connection.execute("SELECT schema_name, name, rows, hash FROM quality.content").fetchall())
    differing = sorted({f"{row[0]}.{row[1]}" for row in ledger ^ set(_compute_ledger(connection))})
    if differing:
        return Text(f"{', '.join(differing[:3])} differ from its ledger", f"{'、'.join(differing[:3])} 与内容清单不一致")
    if not {("quality", "load"), ("quality", "rejected")} <= {row[:2] for row in ledger}:
        return NO_TEXT
    names = [name for (name,) in connection.execute(_UNACCOUNTED).fetchall()[:3]]
    en = f"rows of {', '.join(names)} are neither loaded nor rejected"
    return Text(en, f"{'、'.join(names)} 中有的行既未装载也未拒收") if names else NO_TEXT


_UNACCOUNTED = """
    SELECT domain || '.' || table_name AS address
    FROM quality.load AS load
    JOIN quality.content AS content ON content.schema_name = load.domain AND content.name = load.table_name
    LEFT JOIN (SELECT address, count(*) AS rejected FROM quality.rejected GROUP BY address) AS found
      ON found.address = load.domain || '.' || load.table_name
    WHERE rows_read <> rows_loaded + rows_rejected OR rows_loaded <> content.rows OR rows_rejected <> coalesce(rejected, 0)
    ORDER BY address
"""
