"""What the warehouse holds of figures: the marts, every figure of theirs in one long table, and what they rest on."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from etl.catalogue import IS_REGISTER, Entry
from etl.gate.check import Checked
from etl.project import Project
from etl.registers.progress import Say, silent
from etl.tables.parse import ROW, ParsedTable
from etl.warehouse.dimensions import comment_of, dimensions
from etl.warehouse.marts import Mart
from etl.warehouse.records import register_relations, register_table
from etl.warehouse.relation import Relation, UnusedRelation
from schemas.claims import HIGH, LOW
from schemas.vocabulary import columns, titles


def contents(project: Project, checked: Checked, say: Say = silent) -> Iterator[Relation]:
    """Give the marts, the registers, the figures, and the documents and meanings that they rest on."""
    for table in checked.tables.values():
        yield mart(table, checked.rejected_rows(table.address))
    for address in checked.skipped:
        yield empty_mart(checked.catalogue.entry(address))
    for address in checked.catalogue.unused:
        if not IS_REGISTER[address]:
            mart_of = empty_mart(checked.catalogue.entry(address))
            yield UnusedRelation(mart_of.schema, mart_of.name, mart_of.rows, mart_of.comment, mart_of.comments)
    for each in checked.catalogue.registers():
        yield from register_relations(each, checked.registers.get(each.address), say)
    yield register_table(checked.catalogue)
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
    comments = {column.name: comment_of(column.meaning, entry.catalogue.lists) for column in columns(entry.model)}
    measures = entry.transform.measures if isinstance(entry.transform, Mart) else ()
    return comments | {measure.name: comment_of(measure.meaning, entry.catalogue.lists) for measure in measures}


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


def without(rows: pl.DataFrame, rejected: frozenset[int]) -> pl.DataFrame:
    """Give the rows that are not rejected."""
    return rows.filter(~pl.col(ROW).is_in(list(rejected))) if rejected else rows.clone()
