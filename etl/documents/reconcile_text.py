"""Which documents' figures balance: the ledger, the links and the cells of the tables say the same, so that nothing is found.

Most documents do; only of the others need the cells be looked at one by one (`etl.documents.citations`).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import polars as pl

from etl.documents.ledger_faults import LEDGER_COLUMNS as LEDGER_COLUMNS
from etl.documents.ledger_faults import LEFT_OUT_COLUMNS as LEFT_OUT_COLUMNS
from etl.documents.ledger_faults import TAKEN_COLUMNS as TAKEN_COLUMNS
from etl.documents.ledger_faults import WHOLE, LedgerWords
from etl.files import listed as read_listed
from etl.project import Project
from etl.tables.parse import CELLS, IS_MARK, ParsedTable

LARGE = 1 << 16
"""From so many bytes on, a file is read as a large one."""

PLACE, CELL = ("section", "ordinal"), ("table", "row_key", "column")


def balanced(project: Project, tables: Iterable[ParsedTable]) -> frozenset[str]:
    """Give the documents of which every figure is in the ledger, taken by one cell or left out, and printed as it is there."""
    root, listed = project.root, [source for source in project.sources if os.path.lexists(project.ledger(source))]
    printed = ledger_frame(LEDGER_COLUMNS, {source: project.ledger(source) for source in listed}, root)
    ledger = printed.select("source", *PLACE, "published")
    taken = ledger_frame(TAKEN_COLUMNS, {source: project.taken(source) for source in listed}, root)
    left_out = ledger_frame(LEFT_OUT_COLUMNS, {source: project.left_out(source) for source in listed}, root)
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
        "faulty": _faulty(printed, left_out, ledger, LedgerWords(project.catalogue.lists)),
        "misplaced": _misplaced(printed, {each.id: int(each.length) for each in project.sources.values() if each.length}),
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
    is_each_linked = number["linked"] == number["addresses"] == number["cells"]
    return is_each_dealt_with and is_each_taken_once and is_each_linked and not number["faulty"] and not number["misplaced"]


def _faulty(printed: pl.LazyFrame, left_out: pl.LazyFrame, ledger: pl.LazyFrame, words: LedgerWords) -> pl.LazyFrame:
    """Return the rows that `ledger_faults` finds fault with; only their number by document matters."""
    units, hedges = (printed.select(name, "published").unique().collect() for name in ("unit", "hedge"))
    unknown = {
        "unit": [
            unit for unit, text in units.iter_rows() if not words.is_unit(unit, text) or words.is_printed_otherwise(unit, text)
        ],
        "hedge": [hedge for hedge, text in hedges.iter_rows() if not words.is_hedge(hedge, text)],
    }
    is_number = pl.col("offset").str.contains(WHOLE) | (pl.col("offset") == "")
    wrong = (
        ~pl.col("ordinal").str.contains(WHOLE)
        | (pl.col("published") == "")
        | ~is_number
        | pl.col("unit").is_in(unknown["unit"])
        | pl.col("hedge").is_in(unknown["hedge"])
    )
    by_hand = left_out.filter(pl.col("ordinal") != "")
    parts = (
        printed.filter(wrong),
        left_out.filter((pl.col("reason").str.strip_chars() == "") | ~is_number),
        by_hand.join(ledger, on=["source", *PLACE, "published"], how="anti"),
        by_hand.filter(pl.struct("source", *PLACE).is_duplicated()),
    )
    return pl.concat([part.select("source") for part in parts])


def _misplaced(printed: pl.LazyFrame, lengths: Mapping[str, int]) -> pl.LazyFrame:
    """Return the rows whose offset `ledger_faults` finds beyond the document, or out of the order of the ranks."""
    rank, offset = pl.col("ordinal").cast(pl.Int64), pl.col("offset").cast(pl.Int64)
    last_rank, last_offset = (each.shift().over("source", "section") for each in (rank, offset))
    is_after = (offset != last_offset) & ((rank > last_rank) == (offset > last_offset))
    length = pl.col("source").replace_strict(lengths, default=None, return_dtype=pl.Int64)
    placed = printed.filter(pl.col("ordinal").str.contains(WHOLE), pl.col("offset").str.contains(WHOLE))
    return placed.filter((~is_after).fill_null(value=False) | (offset >= length).fill_null(value=False)).select("source")


def ledger_frame(names: tuple[str, ...], files: Mapping[str, Path], root: Path | None = None) -> pl.LazyFrame:
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
        elif os.path.lexists(path):
            small += [(source, *row) for row in read_listed(path, names, root).rows]
    return pl.concat([*parts, pl.DataFrame(small, schema=schema, orient="row")]).lazy()


def _plain(path: Path, names: tuple[str, ...]) -> pl.DataFrame | None:
    """Give the rows of a file as polars reads it, which is soon; None where it is not plain: quotes, blank or uneven lines."""
    content = path.read_bytes()
    lines = content.count(b"\n")
    is_plain = content.startswith(f"{','.join(names)}\n".encode()) and content.endswith(b"\n") and b"\n\n" not in content
    # With as many commas as there must be, a line has too few where another has too many, which polars refuses.
    if not is_plain or b'"' in content or b"\r" in content or b"\0" in content or content.count(b",") != lines * (len(names) - 1):
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
    return every.filter(pl.col("source").is_not_null(), ~IS_MARK).select(
        "source", pl.col("address").alias("table"), "row_key", "column", pl.col("section").fill_null(""), "published"
    )


def is_placed(table: ParsedTable) -> bool:
    """Tell whether a table names document and section, so that its figures can be looked up there."""
    return not {"source", "section"} & {*table.raw.missing}
