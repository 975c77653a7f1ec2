"""Build the tables of marts, registers, figures, and what figures rest on."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import polars as pl

from etl.catalogue import IS_REGISTER
from etl.figures.marks import BREAK, FREE, NORMAL, PROVISIONAL, REVISED
from etl.gate.check import Checked
from etl.project import Project
from etl.registers.progress import Say, silent
from etl.tables.footnotes import footnotes, note_of
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
    "status": pl.String,
    "conf_status": pl.String,
    "mark": pl.String,
    "note": pl.String,
    "is_provisional": pl.Boolean,
}

_FIGURE = "每个数字或缺数符号一行 · one row per printed figure, or mark that stands in place of one"
_COMMENTS = {
    "categories": "分类代码 · codes of the row's categories, in the order of the table's columns; see core.breakdown",
    "status": "数据状态 · SDMX's OBS_STATUS: A normal, P provisional, M, O, Q and others without a value; see core.status",
    "conf_status": "保密状态 · SDMX's CONF_STATUS: F free, C confidential; see core.status",
    "mark": "符号 · marks as printed, separated by spaces; NULL for none",
    "note": "注释 · texts of its footnotes",
    "is_provisional": "是否初步数 · whether its status is P: printed so, or of a return that no document prints yet",
}


def figure_table(project: Project, checked: Checked) -> TableSpec:
    """Build the table of figures: the filled cells of all rows that are not rejected."""
    returns = frozenset(source.id for source in project.sources.values() if source.is_return)
    kept = [without(_cells(table, returns), checked.rejected_rows(table.address)) for table in checked.tables.values()]
    if not kept:
        return TableSpec("core", "figure", pl.DataFrame(schema=FIGURE_COLUMNS), _FIGURE, _COMMENTS)
    entries = [table.raw.entry for table in checked.tables.values()]
    names = pl.LazyFrame(
        {"address": [e.address for e in entries], "domain": [e.domain for e in entries], "table_name": [e.table for e in entries]}
    )
    cells = _with_notes(pl.concat(kept), project).lazy().with_columns(_status(returns), pl.col("conf_status").fill_null(FREE))
    rows = cells.join(names, on="address", maintain_order="left").with_row_index("@cell")
    # Within a table, row by row; the columns of a row in the order of their declaration.
    in_order = rows.sort(pl.col("@cell").min().over("address"), ROW, "@cell")
    renamed = in_order.rename({"column": "indicator", "area": "area_code", "file": "raw_file", "line": "raw_line"})
    shown = renamed.with_columns(is_provisional=pl.col("status") == PROVISIONAL).select(*FIGURE_COLUMNS)
    return TableSpec("core", "figure", shown.collect(), _FIGURE, _COMMENTS)


_AWAITS_A_DOCUMENT, _IS_REVISED = "@awaits a document", "@is revised"


def _cells(table: ParsedTable, returns: Collection[str]) -> pl.DataFrame:
    """Return the cells of a table, with which are of a return that no document prints yet, and which of a revised row."""
    found = provisional_cells(table, returns) if returns else ()
    revised = {row for row, is_so in zip(table.figure_table.rows, table.figure_table.is_revised, strict=True) if is_so}
    places = [*table.cells.select(ROW, "column").iter_rows()] if found or revised else []
    return table.cells.with_columns(
        pl.Series([place in found for place in places], dtype=pl.Boolean).alias(_AWAITS_A_DOCUMENT)
        if found
        else pl.lit(False).alias(_AWAITS_A_DOCUMENT),
        pl.Series([row in revised for row, _ in places], dtype=pl.Boolean).alias(_IS_REVISED)
        if revised
        else pl.lit(False).alias(_IS_REVISED),
    )


def _status(returns: Collection[str]) -> pl.Expr:
    """Give the status of a cell: what its mark says, and what is known of its row.

    A figure of a return is provisional until a document prints it, whatever it is marked with.
    """
    status = pl.col("status").fill_null(NORMAL)
    is_said_before = status.is_in([PROVISIONAL, BREAK])
    return (
        pl.when(_AWAITS_A_DOCUMENT)
        .then(pl.lit(PROVISIONAL))
        .when((status == PROVISIONAL) & pl.col("source").is_in(list(returns)))
        .then(pl.lit(NORMAL))
        .when(pl.col(_IS_REVISED) & pl.col("value").is_not_null() & ~is_said_before)
        .then(pl.lit(REVISED))
        .otherwise(status)
        .alias("status")
    )


def _with_notes(cells: pl.DataFrame, project: Project) -> pl.DataFrame:
    """Add the texts of the footnotes of each cell."""
    if cells.get_column("mark").null_count() == cells.height:
        return cells.with_columns(pl.lit(None, pl.String).alias("note"))
    texts = footnotes(project)
    marked = cells.select("address", "source", "mark").iter_rows()
    notes = [mark and note_of(texts, address, source or "", mark) for address, source, mark in marked]
    return cells.with_columns(pl.Series("note", notes, dtype=pl.String))
