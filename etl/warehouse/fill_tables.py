"""Create the tables of a file, or find them made, and load their rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import duckdb
import polars as pl

from etl.warehouse.arrow import ArrowStream
from etl.warehouse.database import CURRENT
from etl.warehouse.sql_names import literal, quoted
from etl.warehouse.table_spec import Batch, CachedRows, ExternalTable, StreamedTable, TableSpec

ROW_GROUP = 122_880
"""Rows that DuckDB stores together."""

FEW_ROWS = 50_000
"""Rows, in all tables, that take less time to store as they are than to try how they would best be compressed."""


class TableFiller:
    """Loads tables into the file that a connection builds.

    It begins with one thread, and uses all of them from the first rows on that may be many.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, cached: set[tuple[str, str]]) -> None:
        """Prepare to load tables.

        Args:
            connection: builds the file.
            cached: gets schema and name of each table that is copied whole from the current version.
        """
        self._connection = connection
        self._cached = cached
        self._rows = 0
        self._has_many_rows = False

    def fill(self, relation: TableSpec, *, is_there: bool) -> str:
        """Load a table; return TABLE or VIEW where it was created, and empty where it was there and stays."""
        name = f"{quoted(relation.schema)}.{quoted(relation.name)}"
        if isinstance(relation, ExternalTable):
            if is_there:
                self._connection.execute(f"DROP TABLE {name}")
            self._create_refusing_view(name, relation)
            return "VIEW"
        is_created = False
        for rows in self._nonempty_batches(relation):
            is_empty = isinstance(rows, pl.DataFrame) and not rows.height
            if is_there and not is_created and not is_empty and self._may_be_many(relation, rows):
                # See `_nonempty_batches`: rows that may be many are not put into a table that was made empty.
                self._connection.execute(f"DROP TABLE {name}")
                is_there = False
            arriving = self._arriving(rows)
            if not is_there:
                arriving.create(name)
                is_there = is_created = True
            elif not is_empty:
                arriving.insert_into(name)
        return "TABLE" if is_created else ""

    def finish(self, comments: Iterable[str]) -> None:
        """Write comments, many small statements in one call and one thread, and say how rows are to be stored."""
        self._connection.execute("SET threads = 1")
        self._connection.execute("; ".join(comments))
        if self._has_many_rows:
            self._connection.execute("RESET threads")
        elif self._rows < FEW_ROWS:
            self._connection.execute("SET force_compression = 'uncompressed'")

    def _may_be_many(self, relation: TableSpec, rows: Batch) -> bool:
        return isinstance(relation, StreamedTable) or isinstance(rows, CachedRows) or rows.height >= ROW_GROUP

    def _arriving(self, rows: Batch) -> duckdb.DuckDBPyRelation:
        if isinstance(rows, pl.DataFrame):
            return self._connection.from_arrow(ArrowStream(rows))
        if not rows.address:
            self._cached.add((rows.schema, rows.name))
        return self._connection.sql(f"SELECT * {_source(rows)}")

    def _create_refusing_view(self, name: str, relation: ExternalTable) -> None:
        """Create a view for a table stored elsewhere, which raises instead of rows."""
        self._connection.register("arriving", ArrowStream(relation.rows))
        types = self._connection.execute("SELECT column_name, column_type FROM (DESCRIBE FROM arriving)").fetchall()
        self._connection.unregister("arriving")
        columns = ", ".join(f"NULL::{kind} AS {quoted(column)}" for column, kind in types)
        self._connection.execute(f"CREATE VIEW {name} AS SELECT {columns} WHERE error({literal(relation.location)}) IS NULL")

    def _nonempty_batches(self, relation: TableSpec) -> Iterator[Batch]:
        """Yield the batches that have rows; if none has, the first.

        duckdb 2.0.0 loses sight of what is put into a table that was made without rows, if it is a row group or more, until the
        file is opened again.
        """
        first: Batch | None = None
        has_rows = False
        for rows in relation.batches():
            first = rows if first is None else first
            number = self._count(rows)
            if number:
                self._rows += number
                self._use_threads()
                has_rows = True
                yield rows
        if first is not None and not has_rows:
            yield first

    def _count(self, rows: Batch) -> int:
        if isinstance(rows, pl.DataFrame):
            return rows.height
        (number,) = self._connection.execute(f"SELECT count(*) {_source(rows)}").fetchall()[0]
        return int(number)

    def _use_threads(self) -> None:
        if not self._has_many_rows and self._rows >= ROW_GROUP:
            self._connection.execute("RESET threads")
            self._has_many_rows = True


def _source(rows: CachedRows) -> str:
    table = ".".join(map(quoted, (CURRENT, rows.schema, rows.name)))
    return f"FROM {table}" + (f" WHERE address = {literal(rows.address)}" if rows.address else "")
