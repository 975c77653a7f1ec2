"""Read any table, view or query of the warehouse for export, each by a sandboxed process."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path

import polars as pl

from etl.catalogue import Catalogue
from etl.errors import ProjectError, UnknownNameError
from etl.exports.fields import Field
from etl.exports.tables import ExportTable
from etl.sandbox.run import Limits, run_sandboxed
from etl.warehouse.query import query
from etl.warehouse.sql_names import quoted
from schemas.texts import Text

OF_A_QUERY = "query"
"""The name of the file that a query gives."""
_COLUMNS = """
    SELECT c.schema_name || '.' || c.table_name AS name, c.column_name, coalesce(c.comment, '') AS comment,
        coalesce(v.comment, t.comment, '') AS title
    FROM duckdb_columns() AS c
    LEFT JOIN duckdb_views() AS v ON v.schema_name = c.schema_name AND v.view_name = c.table_name AND NOT v.internal
    LEFT JOIN duckdb_tables() AS t ON t.schema_name = c.schema_name AND t.table_name = c.table_name
    WHERE NOT c.internal
    ORDER BY c.schema_name, c.table_name, c.column_index
"""
_UNIT = re.compile(r" \((?P<unit>[^()]+)\)(?=$|: )")
_GRAIN = re.compile(r" \[grain: (?P<grain>[^\]]*)\]$")


def read_relations(warehouse: Path, wanted: str, catalogue: Catalogue, limits: Limits) -> list[ExportTable]:
    """Read the tables and views of a name (`core.figure`), a schema (`report`) or a pattern (`report.*`).

    Raises:
        UnknownNameError: there is none.
        ProjectError: there is no warehouse.
        QueryError: one of them needs more time or memory than it may.
    """
    described = query(warehouse, _COLUMNS)
    names = described.get_column("name").unique(maintain_order=True).to_list()
    chosen = [name for name in names if name == wanted or fnmatchcase(name, wanted) or name.partition(".")[0] == wanted]
    if not chosen:
        schemas = dict.fromkeys(name.partition(".")[0] for name in names)
        raise UnknownNameError(Text("table, domain or view", "表、领域或视图"), wanted, (*schemas, *names))
    found = []
    for name in chosen:
        rows = described.filter(pl.col("name") == name)
        comments = dict(rows.select("column_name", "comment").iter_rows())
        frame = _read(warehouse, f"SELECT * FROM {'.'.join(map(quoted, name.split('.', 1)))}", limits)
        found.append(_table(name, rows.item(0, "title"), frame, comments, catalogue))
    return found


def read_query(warehouse: Path, text: str, catalogue: Catalogue, limits: Limits) -> list[ExportTable]:
    """Read the result of a query, whose columns have no meaning but their names.

    Raises:
        ProjectError: there is no warehouse, or the query has no result.
        QueryError: the query is wrong, or needs more time or memory than it may.
    """
    return [_table(OF_A_QUERY, "", _read(warehouse, text, limits), {}, catalogue)]


def _read(warehouse: Path, text: str, limits: Limits) -> pl.DataFrame:
    out = io.BytesIO()
    run_sandboxed(warehouse, text, "parquet", limits, out)
    if not out.getvalue():
        raise ProjectError("The query has no result to export. Write one SELECT.", "查询没有可导出的结果。请写一条 SELECT。")
    out.seek(0)
    return pl.read_parquet(out)


def _table(name: str, title: str, rows: pl.DataFrame, comments: Mapping[str, str], catalogue: Catalogue) -> ExportTable:
    grain = _GRAIN.search(title)
    zh, en = _both(_GRAIN.sub("", title) or name)
    fields = tuple(_field(column, dtype, comments.get(column, ""), catalogue) for column, dtype in rows.schema.items())
    key = tuple(part.strip() for part in grain["grain"].split(",")) if grain else ()
    is_key = set(key) <= set(rows.columns) and not any(rows.get_column(part).null_count() for part in key)
    return ExportTable(name, zh, en, en, fields, key if is_key else (), (), rows, pl.DataFrame(), (), catalogue)


def _field(name: str, dtype: pl.DataType, comment: str, catalogue: Catalogue) -> Field:
    """Describe a column by its comment in the warehouse: `中文 · English (unit)`."""
    found = _UNIT.search(comment)
    unit = found["unit"] if found and dtype.is_numeric() and _is_unit(found["unit"], catalogue) else ""
    zh, en = _both((_UNIT.sub("", comment) if unit else comment) or name)
    named = {each.base: each.en for each in catalogue.units}
    unit_en = " per ".join(named.get(part, part) for part in unit.split("/")) if unit else ""
    return Field(name, zh, en, _kind(dtype), unit, unit_en)


def _is_unit(text: str, catalogue: Catalogue) -> bool:
    known = catalogue.lists.units_by_name
    return all(part in known for part in text.split("/"))


def _kind(dtype: pl.DataType) -> str:
    if dtype.is_integer():
        return "integer"
    if dtype.is_numeric():
        return "number"
    named = {pl.Boolean: "boolean", pl.Date: "date", pl.Datetime: "datetime", pl.String: "text"}
    return next((kind for each, kind in named.items() if dtype == each), "other")


def _both(text: str) -> tuple[str, str]:
    """Split a comment into Chinese and English; one that has no two languages stands for both."""
    zh, dot, en = text.partition(" · ")
    return (zh, en) if dot else (text, text)
