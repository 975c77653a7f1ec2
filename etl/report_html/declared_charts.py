"""Query which indicators are headlines, which stand in one chart, and which count cases; and where areas lie on a tile map."""

from __future__ import annotations

import csv
from pathlib import Path

from etl.warehouse.query import RunQuery

AREA_TILES = Path(__file__).parent / "area_tiles.csv"
"""Columns and rows of areas on a tile map, roughly as they lie; an area not listed has a tile in the order of its code."""


def declared_uses(run_query: RunQuery) -> dict[str, list[tuple[str, str, str]]]:
    """List the uses of indicators that the page shows: headlines, charts over the years, and cases."""
    sql = "SELECT item, address, categories FROM core.headline WHERE view = '{}' ORDER BY rowid"
    return {name: run_query(sql.format(view), None).rows() for name, view in _VIEWS.items()}


_VIEWS = {"headlines": "levels", "charts": "series", "case_roles": "cases"}


def areas_on_tiles(run_query: RunQuery) -> list[tuple[object, ...]]:
    """List all areas with what they lie in, and the column and row of their tile, if it has any."""
    with AREA_TILES.open(encoding="utf-8", newline="") as file:
        tiles = {row["area_code"]: (int(row["column"]), int(row["row"])) for row in csv.DictReader(file)}
    areas = run_query("SELECT area_code, en, zh, parent_code FROM core.area ORDER BY rowid", None).rows()
    return [(*area, *tiles.get(area[0], (0, 0))) for area in areas]
