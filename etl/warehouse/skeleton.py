"""Reuse the tables, views and comments of an earlier warehouse of the same declarations.

A skeleton is a DuckDB file without rows, followed by its SHA-256. It is kept in the cache folder of the user, under a hash of
what it was made of: all declarations, this package and the version of DuckDB. Whatever is wrong with it, the warehouse is made
without it.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import polars as pl

from etl.warehouse.arrow import ArrowStream
from etl.warehouse.database import BUILDING, FILE_FORM
from etl.warehouse.sql_names import literal, quoted
from etl.warehouse.table_spec import TableSpec

KEPT = 8
"""Skeletons that are kept: those used last."""

_DIGEST = hashlib.sha256().digest_size
_COPY = "skeleton"
_UNFINISHED = ".making-"
_SECONDS_TO_FINISH = 3600

Shape = tuple[str | None, tuple[tuple[str, str, str | None], ...]]
"""Comment of a table; name, type and comment of each of its columns."""


def cache_folder() -> Path | None:
    """Return the folder in which this package caches files for the user; None where there is none."""
    places = {"win32": ("LOCALAPPDATA", "AppData/Local"), "darwin": ("XDG_CACHE_HOME", "Library/Caches")}
    variable, usual = places.get(sys.platform, ("XDG_CACHE_HOME", ".cache"))
    try:
        above = Path(os.environ.get(variable) or Path.home() / usual)
    except RuntimeError:
        return None
    return above / "ip-bulletin-etl" / "skeletons" if above.is_absolute() else None


@dataclass(frozen=True)
class Skeleton:
    """The skeleton of a warehouse.

    Attributes:
        key: hash of what it is made of; empty for a warehouse that has none.
    """

    key: str

    @cached_property
    def _path(self) -> Path | None:
        folder = cache_folder() if self.key else None
        return folder / f"{self.key}.duckdb" if folder else None

    def restore(self, path: Path) -> bool:
        """Write the file at a path that does not exist, if there is an undamaged skeleton."""
        content = _read(self._path) if self._path else b""
        if content:
            path.write_bytes(content)
        return bool(content)

    def store(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Keep the skeleton of the file that a connection has built; whatever hinders it is ignored."""
        if self._path is None or os.path.lexists(self._path):
            return
        with suppress(OSError, duckdb.Error):
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with TemporaryDirectory(prefix=_UNFINISHED, dir=self._path.parent, ignore_cleanup_errors=True) as folder:
                made = Path(folder) / self._path.name
                _copy_structure(connection, made)
                content = made.read_bytes()
                made.write_bytes(content + hashlib.sha256(content).digest())
                os.replace(made, self._path)
            _prune(self._path.parent)


def _copy_structure(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Write a file of the tables, views and functions that a connection has built, without rows."""
    connection.execute(f"ATTACH {literal(str(path))} AS {_COPY} ({FILE_FORM})")
    try:
        connection.execute(f"COPY FROM DATABASE {quoted(BUILDING)} TO {_COPY} (SCHEMA)")
        connection.execute(f"CHECKPOINT {_COPY}")
    finally:
        connection.execute(f"DETACH {_COPY}")


def _read(path: Path) -> bytes:
    """Read a skeleton; empty where it is absent, damaged, a link, or can be written by others."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
        with os.fdopen(handle, "rb") as file:
            about = os.fstat(handle)
            if not stat.S_ISREG(about.st_mode) or not _is_own(about) or not _is_own(path.parent.stat()):
                return b""
            content = file.read()
    except OSError:
        return b""
    skeleton, digest = content[:-_DIGEST], content[-_DIGEST:]
    if hashlib.sha256(skeleton).digest() != digest:
        with suppress(OSError):
            path.unlink()
        return b""
    with suppress(OSError):
        os.utime(path)
    return skeleton


def _is_own(about: os.stat_result) -> bool:
    """Whether a file or folder is this user's, and nobody else can write it."""
    return sys.platform == "win32" or (about.st_uid == os.getuid() and not about.st_mode & (stat.S_IWGRP | stat.S_IWOTH))


def _prune(folder: Path) -> None:
    """Delete the skeletons that were not used for longest, and what a killed process left."""
    last = sorted(folder.glob("*.duckdb"), key=lambda path: path.lstat().st_mtime_ns)
    for path in last[:-KEPT]:
        path.unlink(missing_ok=True)
    for path in folder.glob(f"{_UNFINISHED}*"):
        if path.lstat().st_mtime < time.time() - _SECONDS_TO_FINISH:
            shutil.rmtree(path, ignore_errors=True)


class MadeTables:
    """The tables that a file has before any row is loaded; none without a skeleton."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._types: dict[pl.DataType, str] = {}
        self._left = _shapes(connection)
        self._is_expected = bool(self._left)
        self.schemas = {name for (name,) in connection.execute(_SCHEMAS).fetchall()}

    def take(self, relation: TableSpec, comments: Mapping[str, str]) -> bool:
        """Whether a table is there with these columns, types and comments; another one in its place is dropped."""
        address = relation.schema, relation.name
        made, wanted = self._left.pop(address, None), (relation.comment, tuple(self._columns(relation, comments)))
        if made == wanted:
            return True
        self._is_expected = False
        if made is not None:
            self._connection.execute(f"DROP TABLE {'.'.join(map(quoted, address))}")
        return False

    @property
    def is_whole(self) -> bool:
        """Whether all that was wanted was there, and nothing else, so that the views are those that are wanted."""
        return self._is_expected and not self._left

    def drop_left(self) -> None:
        """Drop the tables that are not wanted, and all views and functions, which are to be made anew."""
        for address in self._left:
            self._connection.execute(f"DROP TABLE {'.'.join(map(quoted, address))}")
        for kind, schema, name in self._connection.execute(_VIEWS_AND_FUNCTIONS).fetchall():
            self._connection.execute(f"DROP {kind} {quoted(schema)}.{quoted(name)}")

    def _columns(self, relation: TableSpec, comments: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
        for name, dtype in relation.rows.schema.items():
            yield name, self._type(dtype), comments[name]

    def _type(self, dtype: pl.DataType) -> str:
        if dtype not in self._types:
            empty = pl.DataFrame(schema={"column": dtype})
            self._types[dtype] = str(self._connection.from_arrow(ArrowStream(empty)).types[0])
        return self._types[dtype]


_SCHEMAS = "SELECT schema_name FROM duckdb_schemas() WHERE database_name = current_database() AND NOT internal"
_TABLES = """
    SELECT schema_name, table_name, comment FROM duckdb_tables()
    WHERE database_name = current_database() AND (schema_name, table_name) <> ('quality', 'content')
"""
_COLUMNS = """
    SELECT schema_name, table_name, column_name, data_type, comment FROM duckdb_columns()
    WHERE database_name = current_database() ORDER BY column_index
"""


_VIEWS_AND_FUNCTIONS = """
    SELECT 'VIEW', schema_name, view_name FROM duckdb_views() WHERE database_name = current_database() AND NOT internal
    UNION ALL
    SELECT DISTINCT 'MACRO', schema_name, function_name FROM duckdb_functions()
    WHERE database_name = current_database() AND function_type = 'macro' AND NOT internal
"""


def _shapes(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], Shape]:
    columns: dict[tuple[str, str], list[tuple[str, str, str | None]]] = {}
    for schema, table, *column in connection.execute(_COLUMNS).fetchall():
        columns.setdefault((schema, table), []).append((column[0], column[1], column[2]))
    tables = connection.execute(_TABLES).fetchall()
    return {(schema, table): (comment, tuple(columns[schema, table])) for schema, table, comment in tables}
