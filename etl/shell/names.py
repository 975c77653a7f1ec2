"""The names in a warehouse: its tables, views, columns and functions, with what they mean."""

from __future__ import annotations

import csv
import io
import os
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Thread

from etl.errors import ProjectError
from etl.sandbox.ask import Limits, ask_as_stranger

_NAMES = """
SELECT schema_name AS schema, table_name AS relation, '' AS name, '' AS type, comment, -1 AS place
FROM duckdb_tables() WHERE database_name = current_database()
UNION ALL
SELECT schema_name, view_name, '', '', comment, -1
FROM duckdb_views() WHERE database_name = current_database() AND NOT internal
UNION ALL
SELECT schema_name, table_name, column_name, data_type, comment, column_index
FROM duckdb_columns() WHERE database_name = current_database() AND NOT internal
UNION ALL
SELECT DISTINCT '', '', function_name, '', '', -1
FROM duckdb_functions() WHERE regexp_full_match(function_name, '[a-z][a-z0-9_]+')
ORDER BY schema, relation, place, name
"""

_LIMITS = Limits(seconds=60, memory=1_000_000_000, rows=0)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name, type and meaning."""

    name: str
    dtype: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A table or view: its schema, name and meaning, and its columns in order."""

    schema: str
    name: str
    meaning: str
    columns: tuple[Column, ...] = ()

    @property
    def address(self) -> str:
        """Schema and name."""
        return f"{self.schema}.{self.name}"


@dataclass(frozen=True, slots=True)
class Names:
    """What a query may name."""

    relations: tuple[Relation, ...] = ()
    functions: tuple[str, ...] = ()

    def called(self, name: str) -> list[Relation]:
        """Give the relations that a name stands for: a schema's, the one of that address, or each of that name."""
        wanted = name.lower().replace('"', "")
        return [each for each in self.relations if wanted in (each.schema, each.address, each.name)]


def names_of(warehouse: Path) -> Names:
    """Give the names in a warehouse.

    Raises:
        ProjectError: there is no warehouse.
    """
    out = io.BytesIO()
    ask_as_stranger(warehouse, _NAMES, "csv", _LIMITS, out)
    relations: dict[tuple[str, str], Relation] = {}
    functions = []
    for row in csv.DictReader(io.StringIO(out.getvalue().decode(), newline="")):
        key = row["schema"], row["relation"]
        if not row["relation"]:
            functions.append(row["name"])
        elif not row["name"]:
            relations[key] = Relation(*key, row["comment"])
        else:
            column = Column(row["name"], row["type"], row["comment"])
            relations[key] = replace(relations[key], columns=(*relations[key].columns, column))
    return Names(tuple(relations.values()), tuple(functions))


@dataclass(slots=True)
class NamesInForce:
    """The names of the version in force, read in the background, and again when another version is put in force."""

    warehouse: Path
    _version: str = ""
    _last: Names = Names()
    _coming: Future[Names] = field(default_factory=Future)

    def look(self) -> None:
        """Begin to read the names if the version in force is not that of the last look."""
        version = os.path.realpath(self.warehouse)
        if version != self._version:
            self._version, self._coming = version, Future()
            Thread(target=self._read, args=(self._coming,), daemon=True).start()

    def now(self) -> Names:
        """Give the names as far as they are known by now, without waiting."""
        return self._last

    def waited_for(self) -> Names:
        """Give the names when they are known."""
        return self._coming.result()

    def _read(self, coming: Future[Names]) -> None:
        try:
            with suppress(ProjectError):  # the next query tells what is wrong
                self._last = names_of(self.warehouse)
        finally:
            coming.set_result(self._last)
