"""Number all figures of the warehouse, and pack them for the page's script."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from etl.report_html.formatting import unit_in_english
from etl.tables.provisional import PROVISIONAL
from etl.warehouse.query import RunQuery
from schemas.code_lists import CodeLists

_QUERY = """
    SELECT
        address, indicator_zh, indicator_en, kind, unit, domain, domain_zh, domain_en, table_zh, table_en, raw_file,
        categories, categories_zh, categories_en, area_code, area_zh, area_en, period, year,
        source, title, section, published, value, low, high, hedge, raw_line, is_latest, row_key,
        CASE
            WHEN value IS NULL THEN ''
            WHEN mark IS NOT NULL THEN replace(mark, ' ', '')
            WHEN is_provisional THEN $provisional
            ELSE ''
        END AS mark
    FROM report.figures
"""
_LOOKED_UP: dict[str, tuple[str, ...]] = {
    "indicator": ("address", "indicator_zh", "indicator_en", "kind", "unit", "domain", "table_zh", "table_en", "raw_file"),
    "category": ("categories_zh", "categories_en"),
    "area": ("area_code", "area_zh", "area_en"),
    "period": ("period", "year"),
    "place": ("source", "title", "section"),
}
"""What many figures have in common is listed once, and a figure has its place in the list."""


@dataclass(frozen=True)
class Index:
    """All figures of the warehouse in catalogue order, numbered by position.

    Attributes:
        figures: the figures.
        numbers: number of a figure by its address and row.
        lists: the code lists, for the names of units.
    """

    figures: pl.DataFrame
    numbers: dict[tuple[str, str], int]
    lists: CodeLists

    def of_area(self, area: str) -> list[dict[str, Any]]:
        """List the figures of an area, each with its number."""
        return self.figures.with_row_index("number").filter(pl.col("area_code") == area).to_dicts()

    def packed(self) -> str:
        """Pack the figures for the page's script: JSON, compressed, in Base64."""
        text = json.dumps(self._data(), ensure_ascii=False, separators=(",", ":"))
        return base64.b64encode(gzip.compress(text.encode(), 6, mtime=0)).decode()

    def _data(self) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for name, columns in _LOOKED_UP.items():
            listed = self.figures.select(columns).unique(maintain_order=True).with_row_index("place in list")
            joined = self.figures.select(columns).join(listed, on=columns, how="left", nulls_equal=True, maintain_order="left")
            rows = listed.drop("place in list").rows()
            data[f"{name}_list"] = [(*row, unit_in_english(row[4], self.lists)) for row in rows] if name == "indicator" else rows
            data[name] = joined["place in list"].to_list()
        data["domain_list"] = self.figures.select("domain", "domain_zh", "domain_en").unique(maintain_order=True).rows()
        return data | {
            name: _short(self.figures[name]) for name in ("published", "mark", "value", "low", "high", "raw_line", "is_latest")
        }


def index(run_query: RunQuery, area: str, lists: CodeLists) -> Index:
    """Build the index of a warehouse, and the numbers of the figures of an area."""
    figures = run_query(_QUERY, {"provisional": PROVISIONAL})
    here = figures.with_row_index("number").filter(pl.col("area_code") == area).select("address", "row_key", "number")
    return Index(figures, {(address, key): number for address, key, number in here.iter_rows()}, lists)


def _short(values: pl.Series) -> Sequence[Any]:
    """Shorten values for JSON: whole numbers without a point, booleans as digits."""
    if values.dtype == pl.Boolean:
        return values.cast(pl.Int8).to_list()
    if values.dtype.is_float():
        return [int(value) if value is not None and value.is_integer() else value for value in values]
    return values.to_list()
