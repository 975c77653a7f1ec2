"""Read the headline indicators, and write the overviews that show them.

A line of `headlines.csv` is one use of an indicator: the view; the column, chart or role (`item`); the address of a figure or
measure; its codes of categories, joined by colons (`*`: any). `kind` tells stocks from flows in a chart, and of a stock whether
it may lapse; `zh` and `en` are what is to be said beyond its meaning. Lines of one view and item are in order.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import polars as pl

from etl.catalogue import PACKAGE
from etl.warehouse.marts import declared_mart
from etl.warehouse.table_spec import TableSpec

HEADLINES = Path(__file__).parent / "headlines.csv"


@dataclass(frozen=True, slots=True)
class Headline:
    """One use of an indicator by a view; its attributes are the columns of the file."""

    view: str
    item: str
    address: str
    categories: str
    kind: str
    zh: str
    en: str

    @property
    def is_measure(self) -> bool:
        """Whether the indicator is derived in the mart of its table."""
        table, _, name = self.address.rpartition(".")
        return name in {measure.name for measure in declared_mart(PACKAGE.entry(table).transform).measures}


def headlines() -> tuple[Headline, ...]:
    """Read all uses, in their order."""
    with HEADLINES.open(encoding="utf-8", newline="") as file:
        return tuple(Headline(**row) for row in csv.DictReader(file))


def headline_table() -> TableSpec:
    """Return one row per use, with its place among those of its view and item."""
    names = {field.name: pl.String for field in fields(Headline)}
    number = Counter[tuple[str, str]]()
    rows = []
    for each in headlines():
        number[each.view, each.item] += 1
        values = (getattr(each, name) for name in names)
        rows.append((*values, number[each.view, each.item]))
    comments = {
        "view": "视图 · view of the schema report",
        "item": "项目 · column, chart or role of the indicator in the view",
        "address": "指标地址 · domain, table and column of a figure or measure",
        "categories": "分类代码 · codes of its categories, joined by colons; *: any",
        "kind": "类型 · stock or flow; of a total, lasting or lapsing",
        "zh": "说明 · what is said of it beyond its meaning",
        "en": "英文说明 · what is said of it beyond its meaning, in English",
        "place": "次序 · place among those of the view and item",
    }
    frame = pl.DataFrame(rows, schema={**names, "place": pl.Int32}, orient="row")
    return TableSpec("core", "headline", frame, "要目 · one row per use of a headline indicator by a view", comments)


def overview(view: str) -> tuple[str, dict[str, str]]:
    """Write the query of an overview, and the comments of its columns.

    It has a column for each item, and one row per area and period. Where two indicators stand for an item, the first that is
    known is shown. A measure is shown with its bounds.
    """
    shown = (each for each in headlines() if each.view == view)
    items = {item: list(uses) for item, uses in groupby(shown, attrgetter("item"))}
    columns = ",\n    ".join(_columns(items))
    return _OVERVIEW.format(view=view, columns=columns), {item: _comment(uses) for item, uses in items.items()}


def _columns(items: Mapping[str, Sequence[Headline]]) -> Iterator[str]:
    for item, uses in items.items():
        bounds = {"value": item} | ({"low": f"{item}_low", "high": f"{item}_high"} if any(u.is_measure for u in uses) else {})
        for bound, name in bounds.items():
            yield f"first({bound} ORDER BY place) FILTER (WHERE item = '{item}') AS {name}"


def _comment(uses: Sequence[Headline]) -> str:
    first, *others = uses
    prefix = f"{first.zh} · {first.en}: " if first.zh else ""
    return "; ".join([f"{prefix}{{{first.address}}}", *(f"{each.zh} · {each.en}" for each in others)])


_OVERVIEW = """
WITH figures AS (
    SELECT address, categories, area_code, area_zh, area_en, period, value, low, high
    FROM report.bulletin
    WHERE is_latest
    UNION ALL
    SELECT address, categories, area_code, area_zh, area_en, period, value, low, high
    FROM report.measures
    WHERE is_latest
),
shown AS (
    SELECT figures.*, headlines.item, headlines.place
    FROM core.headline AS headlines
    JOIN figures USING (address, categories)
    WHERE headlines.view = '{view}' AND figures.value IS NOT NULL
)
SELECT
    area_code, area_zh, area_en, period,
    {columns}
FROM shown
GROUP BY area_code, area_zh, area_en, period
ORDER BY area_code, period
"""
