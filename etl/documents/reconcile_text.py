"""Which documents' figures balance: the ledger, the links and the cells of the tables say the same, so that nothing is found.

Most documents do; only of the others need the cells be looked at one by one (`etl.documents.citations`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from etl.project import Project, rows_of
from etl.tables.parse import CELLS, ParsedTable

LEDGER_COLUMNS = ("section", "ordinal", "offset", "published", "unit", "hedge")
LEFT_OUT_COLUMNS = ("section", "ordinal", "offset", "published", "reason")
TAKEN_COLUMNS = ("section", "ordinal", "table", "row_key", "column")

LARGE = 1 << 16
"""From so many bytes on, a file is read as a large one."""

PLACE, CELL = ("section", "ordinal"), ("table", "row_key", "column")


def balanced(project: Project, tables: Iterable[ParsedTable]) -> frozenset[str]:
    """Give the documents of which every figure is in the ledger, taken by one cell or left out, and printed as it is there."""
    listed = [source for source in project.sources if project.ledger(source).is_file()]
    ledger = ledger_frame(LEDGER_COLUMNS, {source: project.ledger(source) for source in listed}).select(
        "source", *PLACE, "published"
    )
    taken = ledger_frame(TAKEN_COLUMNS, {source: project.taken(source) for source in listed})
    left_out = ledger_frame(LEFT_OUT_COLUMNS, {source: project.left_out(source) for source in listed})
    cells = _printed_cells(tables)
    place, cell = ["source", *PLACE], ["source", *CELL]
    without = left_out.filter(pl.col("ordinal") != "").select(place).unique().join(ledger, on=place, how="semi")
    links = taken.join(ledger, on=place)
    as_printed = links.join(cells, on=[*cell, "section", "published"])
    counted = {
        "printed": ledger,
        "places": ledger.select(place).unique(),
        "taken": taken,
        "places taken": taken.select(place).unique(),
        "left out": without,
        "both": without.join(taken, on=place, how="semi"),
        "links": links,
        "cells": cells,
        "addresses": cells.select(cell).unique(),
        "as printed": as_printed,
        "linked": as_printed.select(cell).unique(),
    }
    numbers = dict(zip(counted, pl.collect_all([_by_source(each) for each in counted.values()]), strict=True))
    of = {name: dict(each.iter_rows()) for name, each in numbers.items()}
    return frozenset(source for source in project.sources if _agree({name: each.get(source, 0) for name, each in of.items()}))


def _by_source(rows: pl.LazyFrame) -> pl.LazyFrame:
    return rows.group_by("source").len()


def _agree(number: Mapping[str, int]) -> bool:
    """Whether, of a document, each printed figure is once taken or left out, and each cell prints what it takes."""
    is_each_dealt_with = number["printed"] == number["places"] == number["taken"] + number["left out"] and not number["both"]
    is_each_taken_once = number["taken"] == number["places taken"] == number["links"] == number["as printed"]
    return is_each_dealt_with and is_each_taken_once and number["linked"] == number["addresses"] == number["cells"]


def ledger_frame(names: tuple[str, ...], files: Mapping[str, Path]) -> pl.LazyFrame:
    """Give the rows of such files of all documents, with the document of each; one that is not there has none.

    Raises:
        ProjectError: a file is not UTF-8, has other columns, or a row of another width.
    """
    schema = dict.fromkeys(("source", *names), pl.String)
    parts = [pl.DataFrame(schema=schema)]
    small: list[tuple[str, ...]] = []
    for source, path in files.items():
        plain = _plain(path, names) if path.is_file() and path.stat().st_size > LARGE else None
        if plain is not None:
            parts += [pl.DataFrame(small, schema=schema, orient="row"), plain.select(pl.lit(source).alias("source"), pl.all())]
            small = []
        elif path.is_file():
            small += [(source, *row) for row in rows_of(path, names)]
    return pl.concat([*parts, pl.DataFrame(small, schema=schema, orient="row")]).lazy()


def _plain(path: Path, names: tuple[str, ...]) -> pl.DataFrame | None:
    """Give the rows of a file as polars reads it, which is soon; None where it is not plain: quotes, blank or uneven lines."""
    content = path.read_bytes()
    lines = content.count(b"\n")
    is_plain = content.startswith(f"{','.join(names)}\n".encode()) and content.endswith(b"\n") and b"\n\n" not in content
    # With as many commas as there must be, a line has too few where another has too many, which polars refuses.
    if not is_plain or b'"' in content or b"\r" in content or content.count(b",") != lines * (len(names) - 1):
        return None
    try:
        rows = pl.read_csv(content, infer_schema=False, empty_string_is_null=False, quote_char=None)
    except pl.exceptions.PolarsError:
        return None
    return rows if rows.height == lines - 1 else None


def _printed_cells(tables: Iterable[ParsedTable]) -> pl.LazyFrame:
    """Return the printed figures of the tables: document, table, row key, column, section, and what is printed."""
    cells = [table.cells.lazy() for table in tables if is_placed(table)]
    every = pl.concat(cells) if cells else pl.LazyFrame(schema=CELLS)
    return every.filter(pl.col("source").is_not_null()).select(
        "source", pl.col("address").alias("table"), "row_key", "column", pl.col("section").fill_null(""), "published"
    )


def is_placed(table: ParsedTable) -> bool:
    """Tell whether a table names document and section, so that its figures can be looked up there."""
    return not {"source", "section"} & {*table.raw.missing}
