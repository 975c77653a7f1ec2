"""Number all figures of the warehouse, and pack them once for the page's script.

What many figures have in common is listed once, and a figure has its place in the list. What follows from the rest is left out:
the English text of a plain count, and the bounds of an exact figure.
"""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from etl.escape import visible
from etl.report_html.formatting import printed_in_english, unit_in_english, with_commas
from etl.warehouse.query import RunQuery
from schemas.code_lists import CodeLists

QUERY = """
    SELECT
        figures.*, spans.starts_on, year(spans.starts_on) * 12 + month(spans.starts_on) - 1 AS first_month,
        documents.publisher
    FROM report.figures AS figures
    LEFT JOIN core.period AS spans USING (period)
    LEFT JOIN core.source AS documents USING (source)
"""
LISTS: dict[str, tuple[str, ...]] = {
    "domain": ("domain", "domain_en", "domain_zh"),
    "table": ("domain", "table_name", "table_en", "table_zh", "raw_file"),
    "indicator": ("address", "indicator_en", "indicator_zh", "kind", "unit"),
    "category": ("categories", "categories_en", "categories_zh"),
    "area": ("area_code", "area_en", "area_zh"),
    "period": ("period", "year", "months", "first_month"),
    "place": ("source", "title", "section"),
}
PRINTED = ("published", "value", "low", "high", "unit", "hedge")
Row = dict[str, Any]


def figures_of(run_query: RunQuery) -> pl.DataFrame:
    """Query all figures in the order of the catalogue, each with its number."""
    return run_query(QUERY, None).with_row_index("number")


def pack(parts: Mapping[str, object]) -> str:
    """Pack the data of the page: JSON, compressed, in Base64."""
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode(), 9, mtime=0)).decode()


def packed_columns(figures: pl.DataFrame, lists: CodeLists) -> dict[str, object]:
    """List what the figures have in common, and the columns of the figures."""
    data: dict[str, object] = {}
    for name, columns in LISTS.items():
        listed, places = listed_once(figures, columns)
        data[f"{name}_list"] = listed.rows()
        if name not in ("domain", "table"):
            data[name] = places
    data["unit_names"] = {unit: unit_in_english(unit, lists) for unit in figures["unit"].unique().sort()}
    printed, places = listed_once(figures, PRINTED)
    data["printed_list"] = [_printed(row, lists) for row in printed.iter_rows(named=True)]
    data["printed"] = places
    lines = figures["raw_line"].to_list()
    data["line_steps"] = [line - before for before, line in zip([0, *lines], lines, strict=False)]
    data["superseded"] = figures.filter(~pl.col("is_latest"))["number"].to_list()
    data["provisional"] = figures.filter("is_provisional")["number"].to_list()
    said = figures.filter(pl.col("mark").is_not_null() | pl.col("note").is_not_null() | (pl.col("status") != "A"))
    data["marked"] = [
        (number, visible((mark or "").replace(" ", "")), status, visible(note or ""))
        for number, mark, status, note in said.select("number", "mark", "status", "note").iter_rows()
    ]
    data["statuses"] = {code.code: (code.en, code.zh) for code in lists.codes("obs_status")}
    return data


def listed_once(figures: pl.DataFrame, columns: Sequence[str]) -> tuple[pl.DataFrame, list[int]]:
    """List the different rows of some columns, and the place of each figure's row in the list."""
    listed = figures.select(columns).unique(maintain_order=True).with_row_index("place in list")
    joined = figures.select(columns).join(listed, on=columns, how="left", nulls_equal=True, maintain_order="left")
    return listed.drop("place in list"), joined["place in list"].to_list()


def _printed(row: Row, lists: CodeLists) -> list[object]:
    """Shorten a printed figure to its text, value, English text and bounds; what follows from the value is left out."""
    published, value = visible(row["published"]), row["value"]
    if value is None:
        return [published]
    english = printed_in_english(value, row["low"], row["high"], row["unit"], row["hedge"], lists)
    short: list[object] = [published, whole(value), 0 if english == with_commas(value) else english]
    if row["low"] == value == row["high"]:
        return short if short[2] else short[:2]
    return [*short, whole(row["low"]), whole(row["high"])]


def whole(value: float | None) -> float | int | None:
    """Return a number without a decimal point where it is whole."""
    return int(value) if value is not None and value.is_integer() else value


def in_columns(rows: Iterable[Sequence[object]]) -> list[list[object]]:
    """Turn rows into columns, which compress better."""
    return [list(column) for column in zip(*rows, strict=True)]
