"""Build the tables of marts, registers, figures, and what figures rest on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import polars as pl

from etl.catalogue import IS_REGISTER
from etl.gate.check import Checked
from etl.project import Project
from etl.registers.progress import Say, silent
from etl.tables.parse import ParsedTable
from etl.tables.provisional import provisional_cells
from etl.warehouse.dimensions import dimensions
from etl.warehouse.headlines import headline_table
from etl.warehouse.mart_tables import empty_mart_table, mart_table, measure_table, without
from etl.warehouse.register_tables import register_relations, register_table
from etl.warehouse.table_spec import TableSpec, UnusedTable
from schemas.vintages import ROW


def core_tables(project: Project, checked: Checked, say: Say = silent) -> Iterator[TableSpec]:
    """Yield marts, registers, figures, documents and meanings, in that order."""
    marts = []
    for table in checked.tables.values():
        made = mart_table(table, checked.rejected_rows(table.address))
        marts.append((table.raw.entry, made.rows))
        yield made
    for address in checked.skipped:
        yield empty_mart_table(checked.catalogue.entry(address))
    for address in checked.catalogue.unused:
        if not IS_REGISTER[address]:
            empty = empty_mart_table(checked.catalogue.entry(address))
            yield UnusedTable(empty.schema, empty.name, empty.rows, empty.comment, empty.comments)
    for each in checked.catalogue.registers():
        yield from register_relations(each, checked.registers.get(each.address), say)
    yield register_table(checked.catalogue)
    yield figure_table(project, checked)
    yield measure_table(marts)
    yield headline_table()
    yield from dimensions(project, checked)


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
    "is_provisional": pl.Boolean,
}

_FIGURE = "每个数字一行 · one row per printed figure"
_COMMENTS = {
    "categories": "分类代码 · codes of the row's categories, in the order of the table's columns; see core.breakdown",
    "is_provisional": "是否初步数 · whether it is of a department's return, and no document prints it yet",
}


def figure_table(project: Project, checked: Checked) -> TableSpec:
    """Build the table of figures: the cells of all rows that are not rejected."""
    returns = frozenset(source.id for source in project.sources.values() if source.is_return)
    kept = [without(_cells(table, returns), checked.rejected_rows(table.address)) for table in checked.tables.values()]
    if not kept:
        return TableSpec("core", "figure", pl.DataFrame(schema=FIGURE_COLUMNS), _FIGURE, _COMMENTS)
    entries = [table.raw.entry for table in checked.tables.values()]
    names = pl.LazyFrame(
        {"address": [e.address for e in entries], "domain": [e.domain for e in entries], "table_name": [e.table for e in entries]}
    )
    rows = pl.concat(kept).lazy().join(names, on="address", maintain_order="left").with_row_index("@cell")
    # Within a table, row by row; the columns of a row in the order of their declaration.
    in_order = rows.sort(pl.col("@cell").min().over("address"), ROW, "@cell")
    renamed = in_order.rename({"column": "indicator", "area": "area_code", "file": "raw_file", "line": "raw_line"})
    return TableSpec("core", "figure", renamed.select(*FIGURE_COLUMNS).collect(), _FIGURE, _COMMENTS)


def _cells(table: ParsedTable, returns: Collection[str]) -> pl.DataFrame:
    """Return the cells of a table, each with whether it is provisional."""
    found = provisional_cells(table, returns) if returns else ()
    if not found:
        return table.cells.with_columns(pl.lit(False).alias("is_provisional"))
    cells = table.cells.select(ROW, "column").iter_rows()
    return table.cells.with_columns(pl.Series("is_provisional", [cell in found for cell in cells], dtype=pl.Boolean))
