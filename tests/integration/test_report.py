"""The report: one file that holds every figure as it was printed, asks for nothing, and is useful without a script."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner
from commands import python
from hypothesis import given
from hypothesis import strategies as st
from made_up import ran
from projects import write_project
from report_page import IMAGE, SCRIPT, Page, hostile_warehouse
from small_warehouses import warehouse as warehouse_of

from etl.cli import main
from etl.report_html.formatting import format_computed, in_chinese, in_english, printed_in_english
from etl.report_html.packed_figures import figures_of, pack, packed_columns
from etl.report_html.quality import findings_by_load
from etl.report_html.report import report
from etl.report_html.rule_tests import RuleTests
from etl.run import run
from etl.warehouse.query import open_warehouse, query
from schemas.code_lists import PACKAGE_LISTS

MOST_BYTES = 2_000_000
MOST_BYTES_A_FIGURE = 16


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile_warehouse(tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def html(warehouse: Path) -> str:
    return report(warehouse, "en", raw="../", tests=RuleTests(12.5, 34, 56.75))


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_it_is_one_small_file_that_runs_nothing_but_its_own_script(html: str, page: Page) -> None:
    assert len(html.encode()) < MOST_BYTES
    assert not {tag for tag, _ in page.tags} & {"link", "iframe", "img", "object", "base", "image", "use", "foreignObject"}
    attributes = {name for _, each in page.tags for name in each}
    assert not attributes & {"src", "srcset", "style", "xlink:href"}
    assert not {name for name in attributes if name.startswith("on")}
    data, script = page.raw["script"]
    assert [page.raw["style"], [data, script]] == [page.raw["style"][:1], page.raw["script"]]
    for kind, text in (("script", script), ("style", page.raw["style"][0])):
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in page.policy
    assert page.policy.startswith("default-src 'none'; base-uri 'none'; form-action 'none'")
    assert not re.search(r"url\(|@import", page.raw["style"][0])
    assert not re.search(r"fetch\(|XMLHttpRequest|innerHTML|insertAdjacentHTML|document\.write|\beval\(", script)


def test_what_a_cell_holds_is_shown_and_is_no_markup(html: str) -> None:
    assert SCRIPT not in html
    assert IMAGE not in html
    assert "&lt;img src=x" in html


def printed(data: dict[str, Any], number: int) -> list[Any]:
    """Read a figure as the page's script does: bounds that are left out are the value."""
    published, value, _, low, high = (*data["printed_list"][data["printed"][number]], None, 0, None, None)[:5]
    is_short = len(data["printed_list"][data["printed"][number]]) < 4
    return [published, value, *((value, value) if is_short else (low, high))]


def test_every_figure_of_the_page_is_as_its_document_prints_it(page: Page, warehouse: Path) -> None:
    """Nothing is computed on the way: the page's data and the warehouse say the same of each figure."""
    data, rows = page.data, query(warehouse, "SELECT * FROM report.figures").to_dicts()
    assert len(rows) == len(data["printed"]) > 200
    line = 0
    for number, row in enumerate(rows):
        line += data["line_steps"][number]
        assert printed(data, number) == [row[name] for name in ("published", "value", "low", "high")]
        assert line == row["raw_line"]
        assert data["indicator_list"][data["indicator"][number]][0] == row["address"]
        assert data["place_list"][data["place"][number]] == [row["source"], row["title"], row["section"]]
        assert data["period_list"][data["period"][number]][:3] == [row["period"], row["year"], row["months"]]
    assert {each[4] for each in data["table_list"]} == {row["raw_file"] for row in rows}
    assert [rows[number]["is_latest"] for number in data["superseded"]] == [False] * (
        len(rows) - sum(row["is_latest"] for row in rows)
    )


def test_the_text_of_a_plain_count_is_left_out_and_any_other_is_there(page: Page) -> None:
    texts = {each[0]: each[2:3] for each in page.data["printed_list"]}
    assert texts["5981件"] == []
    assert texts["7.64万件"] == [0]
    assert texts["786亿元"] == ["78.6 billion yuan"]


def test_changes_are_those_of_the_view_on_the_year_before(page: Page, warehouse: Path) -> None:
    data, rows = page.data, query(warehouse, "SELECT * FROM report.figures").to_dicts()
    told = {}
    for number, steps, place in zip(*data["changed"], strict=True):
        row = rows[number]
        told[row["address"], row["categories"], row["period"]] = (
            steps and rows[number - steps]["period"],
            *data["change_list"][place],
        )
    view = "SELECT address, categories, period FROM report.year_on_year"
    assert set(told) == set(query(warehouse, view).rows())
    assert told["copyright.registrations.works", "", "2025"] == (0, "+23.2%", "+23.2%", "8,853")
    assert told["copyright.registrations.works", "", "2022"][:2] == ("2021", "+20.2%")


def test_what_is_charted_over_the_years_are_whole_years(warehouse: Path) -> None:
    """The tables have a stock of the first half of 2020, which is no figure of 2020."""
    halves = query(warehouse, "SELECT count(*) FROM report.figures WHERE months = 6 AND kind = 'count'").rows()
    assert halves[0][0] > 0
    assert all(len(period) == 4 for (period,) in query(warehouse, "SELECT period FROM report.series").rows())


def test_without_a_script_the_latest_figures_of_the_area_stand_in_tables(page: Page, warehouse: Path) -> None:
    rows = query(warehouse, "SELECT published FROM report.levels WHERE area_code = '330200'")
    assert set(rows["published"]) <= set(page.figures)
    assert sum(tag == "noscript" for tag, _ in page.tags) > 15


def test_the_parts_of_the_report_are_there_in_both_languages(html: str) -> None:
    for text in (
        "Headlines",
        "要目",
        "Areas compared",
        "地区比较",
        "Cases received, closed and left",
        "收案、结案与余下",
        "What is measured",
        "计量图",
        "The gate is open",
        "56.8",
        "12.5",
    ):
        assert text in html


def test_two_reports_of_one_warehouse_are_the_same(warehouse: Path, html: str) -> None:
    assert report(warehouse, "en", raw="../", tests=RuleTests(12.5, 34, 56.75)) == html


def test_the_data_of_a_panel_is_small(warehouse: Path, tmp_path: Path) -> None:
    """A hundred thousand different figures are data of some bytes each, not cells of a table."""
    panel = tmp_path / "panel.duckdb"
    panel.write_bytes(warehouse.read_bytes())
    with duckdb.connect(panel) as connection:
        connection.execute("""
            INSERT INTO core.figure
            SELECT
                domain, table_name, indicator, (900000 + i)::VARCHAR, period, (900000 + i) || row_key[7:],
                value + i, low + i, high + i, unit, hedge, round(value + i) || unit, source, section, raw_file,
                raw_line, categories, status, conf_status, mark, note, is_provisional
            FROM core.figure CROSS JOIN range(400) AS areas(i)
            WHERE area_code = '330200'
        """)
    with open_warehouse(panel) as ask:
        figures = figures_of(ask)
    assert figures.height > 100_000
    assert len(pack(packed_columns(figures, PACKAGE_LISTS))) < MOST_BYTES_A_FIGURE * figures.height


def test_findings_are_told_of_each_load_that_is_kept(tmp_path: Path) -> None:
    project, _ = ran(tmp_path)
    first = findings_by_load(project.warehouse)
    with (tmp_path / "raw" / "police" / "operations.csv").open("a", encoding="utf-8") as file:
        file.write("330200,2033,40件,70件,66名,1亿余元,undated,A2\n")
    run(project, None, lambda text: None)
    second = findings_by_load(project.warehouse)
    assert len(first) == 1 and second[:1] == first
    assert second[1][1] > first[0][1]
    text = report(project.warehouse, "en")
    assert "Findings of the loads that are kept" in text
    assert text.count(f'<th scope="row">{second[1][0]}</th>') >= 1


def test_a_project_of_little_or_nothing_has_a_report_too(tmp_path: Path) -> None:
    little, _ = ran(tmp_path / "little")
    for path, verdict in ((little.warehouse, "关口：未通过"), (warehouse_of(write_project(tmp_path / "none", {})), "关口：通过")):
        text = report(path, "zh")
        assert verdict in text
        assert not re.search(r"None(?!\.)", re.sub("<(script|style).*?</|<[^>]*>", "", text, flags=re.DOTALL))


def etl(*arguments: str) -> tuple[int, str]:
    ran = CliRunner().invoke(main, ["report", *arguments])
    return ran.exit_code, ran.output


def test_the_command_writes_the_report_of_the_area_asked_for(warehouse: Path, tmp_path: Path) -> None:
    asked = ("--project", str(warehouse.parents[1]), "--area", "浙江省", "--lang", "zh", "-o", str(tmp_path / "a" / "b.html"))
    assert etl(*asked) == (0, f"{tmp_path / 'a' / 'b.html'}\n")
    written = (tmp_path / "a" / "b.html").read_text(encoding="utf-8")
    assert '<html lang="zh-CN"' in written
    assert "<title>浙江省" in written
    assert Page(written).data["area_code"] == "330000"


def test_the_command_reports_an_unknown_area_and_a_missing_warehouse(warehouse: Path, tmp_path: Path) -> None:
    code, said = etl("--project", str(warehouse.parents[1]), "--area", "Ningpo")
    assert (code, said.strip()) == (2, "Error: No area 'Ningpo'. Did you mean 'Ningbo'?")
    (tmp_path / "raw").mkdir()
    code, said = etl("--project", str(tmp_path))
    assert code == 2
    assert "No warehouse at" in said


def test_a_warehouse_of_an_older_version_is_to_be_made_anew(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "warehouse").mkdir()
    duckdb.connect(tmp_path / "warehouse" / "ip.duckdb").close()
    code, said = etl("--project", str(tmp_path))
    assert code == 2
    assert "has no view report.bulletin. Make it anew with `etl run`." in said


def test_without_its_library_it_says_what_to_install() -> None:
    code = "import sys; sys.modules['jinja2'] = None; from etl.cli import main; main(['report'])"
    ran = python(code)
    assert ran.returncode == 2
    assert "pip install ip-bulletin-etl[report]" in ran.stderr


def test_a_number_keeps_its_digits_in_both_languages() -> None:
    assert [in_english(value) for value in (76400, 28_936_000, 3.7905e11, 27.27)] == [
        "76,400",
        "28.936 million",
        "379.05 billion",
        "27.27",
    ]
    assert [in_chinese(value) for value in (5981, 76400, 3.7905e11)] == ["5981", "7.64万", "3790.5亿"]
    said = [
        printed_in_english(70, 70, None, "%", "超"),
        printed_in_english(12000, None, 12000, "家", "近"),
        printed_in_english(4000, 4000, 5000, "家", "余"),
        printed_in_english(3, None, None, "个月", "左右"),
        printed_in_english(None, None, None, "件", ""),
    ]
    assert said == ["≥ 70%", "≤ 12,000", "4,000+", "about 3 months", "–"]


@given(st.floats(-1e6, 1e6), st.floats(0, 3))
def test_a_computed_number_is_never_cut_beyond_what_its_bounds_hold(value: float, width: float) -> None:
    text = format_computed(value, value - width, value + width)
    for shown in text.split(" … "):
        read = float(shown.replace(",", "").replace("−", "-"))
        assert value - width - 0.55 <= read <= value + width + 0.55
