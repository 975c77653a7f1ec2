"""Write the report of a warehouse as one self-contained HTML file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from etl.errors import ProjectError
from etl.escape import visible
from etl.html import render_template
from etl.report_html.charts import coverage_map
from etl.report_html.content import AreaFigures, ViewRow, choose_area, shown_figure, translated_name
from etl.report_html.index import index
from etl.report_html.rule_tests import RuleTests
from etl.report_html.words import WORDS
from etl.tables.provisional import PROVISIONAL
from etl.warehouse.query import RunQuery, open_warehouse
from etl.warehouse.sql_views import sql_views
from schemas.code_lists import PACKAGE_LISTS, CodeLists
from schemas.texts import Language, Text

MOST_FINDINGS = 200
_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'"


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
        area: code of the area; empty for the one with the most figures.
        raw: path from the page to the project's folder, for links to raw files; empty for no links.
        tests: results of the tests of the rules, if they were run.
        lists: the code lists, for the names of units.

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
    style = "".join(_text(path) for path in (_HERE.parent / "reporters" / "look.css", _HERE / "report.css"))
    script = _text(_HERE / "report.js")
    values |= {
        "words": WORDS,
        "language": "zh-CN" if language == "zh" else "en",
        "raw": raw,
        "tests": tests,
        "style": style,
        "script": script,
        "policy": f"{_POLICY}; script-src {_hash(script)}; style-src {_hash(style)}",
    }
    return render_template(_HERE / "report.html", values)


def _parts(run_query: RunQuery, asked: str, lists: CodeLists) -> Iterator[tuple[str, Any]]:
    """Yield the parts of the report by name."""
    area, title = choose_area(run_query, asked)
    listed = index(run_query, area, lists)
    figures = AreaFigures(run_query, area, listed, listed.of_area(area), lists)
    headlines, levels = figures.levels()
    yield "area", title
    yield "has_provisional", any(row["mark"] == PROVISIONAL for row in figures.of_area)
    yield "data", listed.packed()
    yield "headlines", headlines
    yield "domains", figures.domains(levels)
    yield "cases", list(figures.cases())
    years = sorted({row["year"] for row in figures.of_area})
    yield "years", years
    yield "measured", _measured(figures, years)
    yield "grid", _grid(figures)
    for name, sql in _QUERIES.items():
        yield name, [_visible(row) for row in figures.rows(sql)]


_QUERIES = {
    "gate": "SELECT * FROM report.gate WHERE $area IS NOT NULL",
    "scorecard": "SELECT * FROM report.data_quality WHERE $area IS NOT NULL",
    "rules": "SELECT * FROM report.rule_results WHERE $area IS NOT NULL",
    "findings": f"""
        SELECT * FROM quality.finding WHERE NOT is_waived AND $area IS NOT NULL
        ORDER BY array_position(['error', 'warning', 'information'], severity), file, line LIMIT {MOST_FINDINGS}
    """,
    "waivers": "SELECT * FROM quality.waiver WHERE $area IS NOT NULL ORDER BY address, rule",
    "documents": """
        SELECT documents.*, sources.url, sources.kind
        FROM report.documents AS documents JOIN core.source AS sources USING (source) WHERE $area IS NOT NULL
    """,
    "left_out": """
        SELECT source, section, ordinal, published, reason_left_out
        FROM core.ledger WHERE reason_left_out IS NOT NULL AND $area IS NOT NULL ORDER BY source, position
    """,
}


def _measured(figures: AreaFigures, years: list[int]) -> Any:
    sql = "SELECT domain_zh AS zh, domain_en AS en, year, indicators, share_pct FROM report.measured WHERE area_code = $area"
    return coverage_map(figures.rows(sql), years) if years else ""


def _grid(figures: AreaFigures) -> list[tuple[Text, list[tuple[Text, dict[int, Any]]]]]:
    """Build the grid of figures: by domain and indicator, one for each year."""
    domains: dict[Text, dict[str, tuple[Text, dict[int, Any]]]] = {}
    for row in figures.of_area:
        domain = domains.setdefault(Text(row["domain_en"], row["domain_zh"]), {})
        _, years = domain.setdefault(row["address"], (translated_name(row, "indicator"), {}))
        if row["is_latest"]:
            years[row["year"]] = shown_figure(row, figures.lists)
    return [(name, list(indicators.values())) for name, indicators in domains.items()]


def _visible(row: ViewRow) -> ViewRow:
    return {name: visible(value) if isinstance(value, str) else value for name, value in row.items()}


_HERE = Path(__file__).parent


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _hash(text: str) -> str:
    """Hash an inline script or style for the content security policy."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
