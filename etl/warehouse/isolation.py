"""Isolate a connection from the machine, and cast types Python cannot read."""

from __future__ import annotations

import duckdb

from etl.warehouse.sql_names import quoted

ISOLATED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": False,
    "python_enable_replacements": False,
    "allow_persistent_secrets": False,
    "allow_community_extensions": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
"""A query sees the warehouse: no other file, no network, no variable of this process, no extension."""

UNREADABLE = frozenset({"INTERVAL"})
"""The types that polars 2.1 cannot read."""

NEEDS_PYTZ = frozenset({"TIMESTAMP WITH TIME ZONE", "TIME WITH TIME ZONE"})
"""The types that duckdb 2.0 makes Python objects of only with a library more."""


def cast_to_text(relation: duckdb.DuckDBPyRelation, as_text: frozenset[str]) -> duckdb.DuckDBPyRelation:
    """Return a relation in which columns of some types are text."""
    types = [str(dtype) for dtype in relation.types]
    if not as_text.intersection(types):
        return relation
    columns = zip(map(quoted, relation.columns), types, strict=True)
    return relation.project(
        ", ".join(f"CAST({column} AS VARCHAR) AS {column}" if dtype in as_text else column for column, dtype in columns)
    )
