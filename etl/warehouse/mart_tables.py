"""The marts as tables of the warehouse, and their measures in one long table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

import polars as pl

from etl.catalogue import Entry
from etl.errors import ProjectError
from etl.tables.parse import ParsedTable
from etl.warehouse.dimensions import comment_of
from etl.warehouse.marts import declared_mart
from etl.warehouse.table_spec import TableSpec
from schemas.constraints import HIGH, LOW
from schemas.models import Category, columns, key, titles
from schemas.vintages import ROW


def mart_table(table: ParsedTable, rejected: frozenset[int]) -> TableSpec:
    """Return a table's mart of the rows that are not rejected."""
    return _mart(table.raw.entry, without(table.frame, rejected))


@lru_cache(maxsize=256)
def empty_mart_table(entry: Entry) -> TableSpec:
    """Return the mart of a table without a raw file, which has columns and no rows."""
    schema: dict[str, type[pl.DataType]] = {ROW: pl.UInt32}
    for column in columns(entry.model):
        names = (column.name, column.name + LOW, column.name + HIGH) if column.is_figure else (column.name,)
        schema |= dict.fromkeys(names, pl.Float64 if column.is_figure else pl.String)
    return _mart(entry, pl.DataFrame(schema=schema))


def _mart(entry: Entry, kept: pl.DataFrame) -> TableSpec:
    rows = declared_mart(entry.transform).of(kept, entry.model)
    if lost := [name for name in entry.added_columns if name not in rows.columns]:
        rows = _with_columns(rows, kept.select(lost), entry)
    zh, en = titles(entry.model)
    return TableSpec(entry.domain, entry.table, rows, f"{zh} · {en}", mart_comments(entry))


def _with_columns(mart: pl.DataFrame, added: pl.DataFrame, entry: Entry) -> pl.DataFrame:
    """Add a project's columns to a reshaped mart, before its provenance.

    Raises:
        ProjectError: the mart has other rows than the table.
    """
    if mart.height != added.height:
        raise ProjectError(
            f"The mart of {entry.address} has other rows than the table, so that {', '.join(added.columns)} cannot be added.",
            f"{entry.address} 的数据集市与原表的行不同，无法增加列 {'、'.join(added.columns)}。",
        )
    provenance = [name for name in ("source", "section", "revision") if name in mart.columns]
    return mart.hstack(added).select(pl.exclude(provenance), *provenance)


def mart_comments(entry: Entry) -> dict[str, str]:
    """Describe each column of a mart in both languages, with its unit."""
    meanings = {column.name: column.meaning for column in columns(entry.model)}
    meanings |= {measure.name: measure.meaning for measure in declared_mart(entry.transform).measures}
    return {name: comment_of(meaning, entry.catalogue.lists) for name, meaning in meanings.items()}


def without(rows: pl.DataFrame, rejected: frozenset[int]) -> pl.DataFrame:
    """Return the rows that are not rejected."""
    return rows.filter(~pl.col(ROW).is_in(list(rejected))) if rejected else rows.clone()


MEASURE_COLUMNS: dict[str, type[pl.DataType]] = {
    **dict.fromkeys(("domain", "table_name", "indicator", "area_code", "period", "categories", "row_key"), pl.String),
    **dict.fromkeys(("value", "low", "high"), pl.Float64),
    **dict.fromkeys(("unit", "source", "section"), pl.String),
}


def measure_table(marts: Iterable[tuple[Entry, pl.DataFrame]]) -> TableSpec:
    """Collect the measures of marts, one row for each measure of each mart row."""
    found = [each for entry, rows in marts for each in _measures(entry, rows)]
    rows = pl.concat([pl.DataFrame(schema=MEASURE_COLUMNS), *found])
    comments = {"indicator": "指标 · derived measure of the table; see core.indicator"}
    return TableSpec(
        "core", "measure", rows, "推算指标：每个可算出的数值一行 · one row per derived measure that can be computed", comments
    )


def _measures(entry: Entry, rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Select each measure of a mart; none where a reshaped mart has lost its key."""
    names = key(entry.model)
    categories = [column.name for column in columns(entry.model) if isinstance(column.dtype, Category)]
    if not {*names, "section"} <= {*rows.columns}:
        return
    for measure in declared_mart(entry.transform).measures:
        if not {*measure.columns} <= {*rows.columns}:
            continue
        value, low, high = measure.columns
        of_table = (entry.domain, entry.table, measure.name)
        yield rows.filter(pl.col(value).is_not_null()).select(
            *(pl.lit(text).alias(name) for name, text in zip(("domain", "table_name", "indicator"), of_table, strict=True)),
            pl.col("area").alias("area_code"),
            "period",
            (pl.concat_str(categories, separator=":") if categories else pl.lit("")).alias("categories"),
            pl.concat_str(names, separator=":").alias("row_key"),
            pl.col(value).alias("value"),
            pl.col(low).alias("low"),
            pl.col(high).alias("high"),
            pl.lit(entry.catalogue.lists.base_unit(measure.meaning.unit)).alias("unit"),
            "source",
            "section",
        )
