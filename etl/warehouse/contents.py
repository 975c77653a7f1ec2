"""Build the tables of marts, registers, figures, and what figures rest on."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from etl.catalogue import entry, registers
from etl.gate.check import Checked
from etl.project import Project
from etl.registers.progress import Say, silent
from etl.tables.parse import ROW, ParsedTable
from etl.warehouse.dimensions import dimensions
from etl.warehouse.headlines import headline_table
from etl.warehouse.mart_tables import empty_mart_table, mart_table, measure_table, without
from etl.warehouse.records import register_relations, register_table
from etl.warehouse.relation import Relation


def contents(project: Project, checked: Checked, say: Say = silent) -> Iterator[Relation]:
    """Yield marts, registers, figures, documents and meanings, in that order."""
    marts = []
    for table in checked.tables.values():
        made = mart_table(table, checked.rejected_rows(table.address))
        marts.append((table.raw.entry, made.rows))
        yield made
    for address in checked.skipped:
        yield empty_mart_table(entry(address))
    for each in registers():
        yield from register_relations(each, checked.registers.get(each.address), say)
    yield register_table()
    yield figure_table(checked)
    yield measure_table(marts)
    yield headline_table()
    yield from dimensions(project, checked)


FIGURE_COLUMNS: dict[str, type[pl.DataType]] = {
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
}


def figure_table(checked: Checked) -> Relation:
    """Give one row per figure of the rows that are not rejected."""
    tables = checked.tables.values()
    numbers = range(len(tables))
    cells = [without(table.cells, checked.rejected_rows(table.address)) for table in tables]
    named = pl.DataFrame(
        {
            "table": numbers,
            "domain": [table.raw.entry.domain for table in tables],
            "table_name": [table.raw.entry.table for table in tables],
            "raw_file": [table.raw.file for table in tables],
        }
    )
    about_rows = [_about_rows(number, table) for number, table in zip(numbers, tables, strict=True)]
    numbered = [each.insert_column(0, _repeated(number, each.height)) for number, each in zip(numbers, cells, strict=True)]
    if not numbered:
        return Relation("core", "figure", pl.DataFrame(schema=FIGURE_COLUMNS), _FIGURE)
    rows = (
        pl.concat(numbered)
        .lazy()
        .join(pl.concat(about_rows).lazy(), on=["table", ROW], maintain_order="left")
        .sort("table", ROW, maintain_order=True)
        .join(named.lazy(), on="table", maintain_order="left")
        .rename({"column": "indicator"})
        .select(pl.col(name).cast(dtype) for name, dtype in FIGURE_COLUMNS.items())
    )
    return Relation("core", "figure", rows.collect(), _FIGURE)


_FIGURE = "每个数字一行 · one row per printed figure"


def _about_rows(number: int, table: ParsedTable) -> pl.DataFrame:
    """Give what is said of each row of a table: where it is from, and what it is of."""
    frame = table.frame
    return pl.DataFrame(
        [
            _repeated(number, frame.height),
            frame.get_column(ROW),
            frame.get_column("area").alias("area_code"),
            *(frame.get_column(name) for name in ("period", "source", "section")),
            pl.Series("row_key", table.keys, dtype=pl.String),
            pl.Series("raw_line", table.raw.lines, dtype=pl.Int64),
        ]
    )


def _repeated(number: int, height: int) -> pl.Series:
    return pl.repeat(number, height, dtype=pl.Int64, eager=True).alias("table")
