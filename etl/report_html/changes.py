"""Query how each figure changed on the year before, as the page tells it."""

from __future__ import annotations

from typing import Any

import polars as pl

from etl.report_html.formatting import format_computed, unit_in_english
from etl.warehouse.query import RunQuery
from schemas.code_lists import CodeLists

QUERY = """
    SELECT
        address, area_code, categories, period, before.period AS period_before, change_unit,
        CASE WHEN printed_growth_pct IS NOT NULL THEN printed_growth_pct ELSE growth_pct END AS growth,
        CASE WHEN printed_growth_pct IS NOT NULL THEN printed_growth_pct_low ELSE growth_pct_low END AS growth_low,
        CASE WHEN printed_growth_pct IS NOT NULL THEN printed_growth_pct_high ELSE growth_pct_high END AS growth_high,
        change, change_low, change_high,
        CASE WHEN value_before IS NULL THEN implied_before END AS implied,
        CASE WHEN value_before IS NULL THEN implied_before_low END AS implied_low,
        CASE WHEN value_before IS NULL THEN implied_before_high END AS implied_high
    FROM report.year_on_year
    JOIN core.period AS spans USING (period)
    LEFT JOIN core.period AS before
        ON before.starts_on = spans.starts_on - INTERVAL 1 YEAR AND before.months = spans.months AND value_before IS NOT NULL
"""
JOINED_ON = ("address", "area_code", "categories", "period")
TOLD = (
    *("change_unit", "growth", "growth_low", "growth_high", "change", "change_low", "change_high"),
    *("implied", "implied_low", "implied_high"),
)


def changes_of(run_query: RunQuery, figures: pl.DataFrame, lists: CodeLists) -> dict[str, object]:
    """List the changes on the year before, by the figures' numbers.

    Returns:
        `change_list`: English and Chinese text of a change, and the value before where only printed growth implies it;
        `changed`: number of the figure, steps back to the figure of the year before (0 where it is implied), place in the list.
    """
    latest = figures.filter("is_latest", pl.col("value").is_not_null()).select("number", *JOINED_ON)
    before = latest.rename({"number": "number_before", "period": "period_before"})
    rows = (
        run_query(QUERY, None)
        .join(latest, on=JOINED_ON, maintain_order="left")
        .join(before, on=("address", "area_code", "categories", "period_before"), how="left", maintain_order="left")
        .unique("number", keep="last", maintain_order=True)
        .sort("number")
    )
    listed = rows.select(TOLD).unique(maintain_order=True).with_row_index("place")
    placed = rows.join(listed, on=TOLD, how="left", nulls_equal=True, maintain_order="left")
    steps = (pl.col("number").cast(pl.Int64) - pl.col("number_before")).fill_null(0)
    return {
        "change_list": [_told(row, lists) for row in listed.iter_rows(named=True)],
        "changed": [placed.select(each).to_series().to_list() for each in ("number", steps, "place")],
    }


def _told(row: dict[str, Any], lists: CodeLists) -> list[str]:
    """Tell a change in English and Chinese, and the value before that a printed growth implies."""
    implied = format_computed(row["implied"], row["implied_low"], row["implied_high"]) if row["implied"] is not None else ""
    if row["growth"] is not None:
        growth = format_computed(row["growth"], row["growth_low"], row["growth_high"], sign=True)
        return [f"{growth}%", f"{growth}%", implied]
    change, unit = format_computed(row["change"], row["change_low"], row["change_high"], sign=True), row["change_unit"]
    return [f"{change} {unit_in_english(unit, lists)}".rstrip(), f"{change}{unit}", implied]
