"""Write the report of a warehouse as one self-contained HTML file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from etl.errors import ProjectError, UnknownNameError
from etl.report_html.assets import PAGE, content_policy, script, style
from etl.report_html.changes import changes_of
from etl.report_html.declared_charts import areas_on_tiles, declared_uses
from etl.report_html.latest_figures import headlines_of, latest_figures
from etl.report_html.packed_figures import figures_of, pack, packed_columns
from etl.report_html.quality import findings_by_load, quality_parts
from etl.report_html.rule_tests import RuleTests
from etl.report_html.words import WORDS
from etl.warehouse.query import RunQuery, open_warehouse
from etl.warehouse.sql_views import sql_views
from schemas.code_lists import PACKAGE_LISTS, CodeLists
from schemas.texts import Language, Text

try:
    from etl.html import render_template
except ModuleNotFoundError as error:
    raise ProjectError(
        "The report needs Jinja2: pip install ip-bulletin-etl[report]",
        "生成报告需要 Jinja2：请运行 pip install ip-bulletin-etl[report]",
    ) from error


def report(
    warehouse: Path,
    language: Language,
    area: str = "",
    raw: str = "",
    tests: RuleTests | None = None,
    lists: CodeLists = PACKAGE_LISTS,
) -> str:
    """Write the report of a warehouse.

    Args:
        warehouse: the DuckDB file.
        language: in which the page opens; a button switches to the other.
        area: code or name of the area it opens with; empty for the one with the most figures.
        raw: path from the page to the project's folder, for links to raw files; empty for no links.
        tests: results of the tests of the rules, if they were run.
        lists: the code lists, for the names of units and marks.

    Raises:
        ProjectError: there is no warehouse, or it has no such view.
        UnknownNameError: it has no figure of the area.
    """
    with open_warehouse(warehouse) as run_query:
        known = set(run_query("SELECT view_name FROM duckdb_views() WHERE schema_name = 'report'", None)["view_name"])
        missing = {view.name for view in sql_views()} - known
        if missing:
            raise ProjectError(
                f"{warehouse} has no view report.{min(missing)}. Make it anew with `etl run`.",
                f"{warehouse} 没有视图 report.{min(missing)}。请用 `etl run` 重新生成。",
            )
        values = dict(_parts(run_query, area, lists))
    loads = findings_by_load(warehouse)
    data = values.pop("data") | {"loads": loads, "words": {name: (text.en, text.zh) for name, text in WORDS.items()}}
    values |= {
        "words": WORDS,
        "language": "zh-CN" if language == "zh" else "en",
        "raw": raw,
        "tests": tests,
        "loads": loads,
        "style": style(),
        "script": script(),
        "data": pack(data),
    }
    return render_template(PAGE, values | {"policy": content_policy(values["script"], values["style"])})


def _parts(run_query: RunQuery, asked: str, lists: CodeLists) -> Iterator[tuple[str, Any]]:
    """Yield the parts of the report by name."""
    figures = figures_of(run_query)
    area, title = choose_area(run_query, asked)
    here = figures.filter(pl.col("area_code") == area, "is_latest")
    yield "area", title
    yield "year", here["year"].max()
    yield "has_provisional", bool(figures["is_provisional"].any())
    domains, uses = latest_figures(here, lists), declared_uses(run_query)
    yield "domains", domains
    yield "headlines", headlines_of(domains, [(address, codes) for _, address, codes in uses["headlines"]])
    yield (
        "data",
        {
            "area_code": area,
            **packed_columns(figures, lists),
            **changes_of(run_query, figures, lists),
            **uses,
            "all_areas": areas_on_tiles(run_query),
        },
    )
    yield from quality_parts(run_query)


def choose_area(run_query: RunQuery, asked: str) -> tuple[str, Text]:
    """Find the area with which the report opens, by default the one with the most figures.

    Raises:
        UnknownNameError: the warehouse has no figure of the area.
    """
    sql = "SELECT area_code, area_zh, area_en FROM report.measured GROUP BY ALL ORDER BY sum(figures) DESC, area_code"
    areas = run_query(sql, None).rows()
    found = [(code, zh or code, en or code) for code, zh, en in areas if asked in ("", code, zh, en)]
    if asked and not found:
        raise UnknownNameError(Text("area", "地区"), asked, [name for names in areas for name in names if name])
    code, zh, en = found[0] if found else ("", "", "")
    return code, Text(en, zh)
