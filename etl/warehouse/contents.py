"""What the warehouse holds of figures: the marts, every figure of theirs in one long table, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from etl.catalogue import Entry, entry, registers
from etl.gate.check import Checked
from etl.project import Project
from etl.registers.progress import Say, silent
from etl.tables.parse import ParsedTable
from etl.warehouse.dimensions import base_unit, dimensions
from etl.warehouse.marts import Mart
from etl.warehouse.records import register_relations, register_table
from etl.warehouse.relation import Relation
from schemas.claims import HIGH, LOW
from schemas.vintages import ROW
from schemas.vocabulary import Meaning, columns, titles


def contents(project: Project, checked: Checked, say: Say = silent) -> Iterator[Relation]:
    """Give the marts, the registers, the figures, and the documents and meanings that they rest on."""
    for table in checked.tables.values():
        yield mart(table, checked.rejected_rows(table.address))
    for address in checked.skipped:
        yield empty_mart(entry(address))
    for each in registers():
        yield from register_relations(each, checked.registers.get(each.address), say)
    yield register_table()
    yield figure_table(checked)
    yield from dimensions(project, checked)


def mart(table: ParsedTable, rejected: frozenset[int]) -> Relation:
    """Give a table's mart of the rows that are not rejected."""
    return _mart(table.raw.entry, without(table.frame, rejected))


def empty_mart(entry: Entry) -> Relation:
    """Give the mart of a table that has no raw file, so that what asks the warehouse for it finds no rows and no error."""
    schema: dict[str, type[pl.DataType]] = {ROW: pl.UInt32}
    for column in columns(entry.model):
        names = (column.name, column.name + LOW, column.name + HIGH) if column.is_figure else (column.name,)
        schema |= dict.fromkeys(names, pl.Float64 if column.is_figure else pl.String)
    return _mart(entry, pl.DataFrame(schema=schema))


def _mart(entry: Entry, kept: pl.DataFrame) -> Relation:
    rows = entry.transform.of(kept) if isinstance(entry.transform, Mart) else entry.transform(kept.lazy()).collect()
    zh, en = titles(entry.model)
    return Relation(entry.domain, entry.table, rows, f"{zh} · {en}", mart_comments(entry))


def mart_comments(entry: Entry) -> dict[str, str]:
    """Give what each column of a mart means, in both languages, with its unit; bounds of a measure follow from it."""
    comments = {column.name: _comment(column.meaning) for column in columns(entry.model)}
    measures = entry.transform.measures if isinstance(entry.transform, Mart) else ()
    return comments | {measure.name: _comment(measure.meaning) for measure in measures}


def _comment(meaning: Meaning) -> str:
    unit = base_unit(meaning.unit)
    return f"{meaning.zh} · {meaning.en}" + (f" ({unit})" if unit else "")


FIGURE_COLUMNS: Mapping[str, pl.DataType | type[pl.DataType]] = {
    "domain": pl.String,
    "table_name": pl.String,
    "indicator": pl.String,
    "area_code": pl.String,
    "period": pl.String,
    "row_key": pl.String,
    "value": pl.Float64,
    "low": pl.Float64,
    "high": pl.Float64,
    "unit": pl.String,
    "hedge": pl.String,
    "published": pl.String,
    "source": pl.String,
    "section": pl.String,
    "raw_file": pl.String,
    "raw_line": pl.Int64,
    "categories": pl.List(pl.String),
}

_FIGURE = "每个数字一行 · one row per printed figure"
_COMMENTS = {"categories": "分类代码 · codes of the row's categories, in the order of the table's columns; see core.breakdown"}


def figure_table(checked: Checked) -> Relation:
    """Return the table of cells, but for the rows that are rejected: one row per figure."""
    kept = [without(table.cells, checked.rejected_rows(table.address)) for table in checked.tables.values()]
    if not kept:
        return Relation("core", "figure", pl.DataFrame(schema=FIGURE_COLUMNS), _FIGURE, _COMMENTS)
    entries = [table.raw.entry for table in checked.tables.values()]
    names = pl.LazyFrame(
        {"address": [e.address for e in entries], "domain": [e.domain for e in entries], "table_name": [e.table for e in entries]}
    )
    rows = pl.concat(kept).lazy().join(names, on="address", maintain_order="left").with_row_index("@cell")
    # Within a table, row by row; the columns of a row in the order of their declaration.
    in_order = rows.sort(pl.col("@cell").min().over("address"), ROW, "@cell")
    renamed = in_order.rename({"column": "indicator", "area": "area_code", "file": "raw_file", "line": "raw_line"})
    return Relation("core", "figure", renamed.select(*FIGURE_COLUMNS).collect(), _FIGURE, _COMMENTS)


def without(rows: pl.DataFrame, rejected: frozenset[int]) -> pl.DataFrame:
    """Give the rows that are not rejected."""
    return rows.filter(~pl.col(ROW).is_in(list(rejected))) if rejected else rows.clone()
