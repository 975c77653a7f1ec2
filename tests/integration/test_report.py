"""The report: one file that holds every figure as it was printed, asks for nothing, and computes nothing."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

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
from etl.report_html.charts import Mark, bars_by_year, share_bars
from etl.report_html.formatting import format_computed, in_chinese, in_english, printed_in_english
from etl.report_html.index import index
from etl.report_html.report import report
from etl.report_html.rule_tests import RuleTests
from etl.warehouse.query import open_warehouse, query
from schemas.code_lists import PACKAGE_LISTS
from schemas.texts import Text

MOST_BYTES = 2_000_000


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
    assert "fetch(" not in script and "XMLHttpRequest" not in script


def test_what_a_cell_holds_is_shown_and_is_no_markup(html: str) -> None:
    assert SCRIPT not in html
    assert IMAGE not in html
    assert "&lt;img src=x" in html


def test_every_figure_on_the_page_is_as_its_document_prints_it(page: Page, warehouse: Path) -> None:
    """Nothing is format_computed on the way: the page, its data and the warehouse say the same of each figure."""
    data, rows = page.data, query(warehouse, "SELECT * FROM report.figures").to_dicts()
    assert len(rows) == len(data["published"]) > 200
    for number, row in enumerate(rows):
        assert [data[name][number] for name in ("published", "value", "low", "high", "raw_line")] == [
            row[name] for name in ("published", "value", "low", "high", "raw_line")
        ]
        address, *_, file, _ = data["indicator_list"][data["indicator"][number]]
        assert (address, file) == (row["address"], row["raw_file"])
        assert data["place_list"][data["place"][number]] == [row["source"], row["title"], row["section"]]
    assert len({number for number, _ in page.figures}) > 200
    assert all(rows[number]["published"] == text for number, text in page.figures)
    marked = {int(str(each["data-figure"])) for tag, each in page.tags if tag == "path" and "data-figure" in each}
    assert len(marked) > 30
    assert marked <= set(range(len(rows)))


def test_every_latest_figure_of_the_area_is_on_the_page(page: Page, warehouse: Path) -> None:
    rows = query(warehouse, "SELECT area_code, is_latest FROM report.figures").rows()
    latest = {number for number, row in enumerate(rows) if row == ("330200", True)}
    assert latest == {number for number, _ in page.figures}


def test_the_parts_of_the_report_are_there_in_both_languages(html: str) -> None:
    for text in (
        "Headlines",
        "要目",
        "Cases received against closed",
        "收案与结案",
        "What is measured",
        "计量图",
        "The gate is open",
    ):
        assert text in html
    for text in ("99.5%", "+28.6%", "≈ 21,306", "46.05%", "28.936 million", "2893.6万件", "56.8", "12.5"):
        assert text in html
    assert html.count('<svg class="chart"') > 15


def test_every_chart_says_its_numbers_in_words_too(html: str) -> None:
    for words in (
        "Cases received: 5,981; Cases closed: 5,954",
        "收案：5981；结案：5954",
        "查扣批次 2023：865批次；查扣批次 2025：1077批次",
    ):
        assert words in html
    assert html.count('<p class="unseen">') == html.count('<svg class="chart"') - 1  # the map has a table beneath it


def test_two_reports_of_one_warehouse_are_the_same(warehouse: Path, html: str) -> None:
    assert report(warehouse, "en", raw="../", tests=RuleTests(12.5, 34, 56.75)) == html


def test_the_index_of_a_panel_is_small(warehouse: Path, tmp_path: Path) -> None:
    """A hundred thousand figures are data of some bytes each, not cells of a table."""
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
        listed = index(ask, "900000", PACKAGE_LISTS)
    assert listed.figures.height > 100_000
    assert len(listed.packed()) < 25 * listed.figures.height


def test_a_project_of_little_or_nothing_has_a_report_too(tmp_path: Path) -> None:
    little, _ = ran(tmp_path / "little")
    for path, verdict in ((little.warehouse, "闸门：未通过"), (warehouse_of(write_project(tmp_path / "none", {})), "闸门：通过")):
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


def test_without_its_libraries_it_says_what_to_install() -> None:
    code = "import sys; sys.modules['altair'] = None; from etl.cli import main; main(['report'])"
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


def test_labels_that_would_lie_on_one_another_are_left_out() -> None:
    def labels(years: range) -> int:
        return str(bars_by_year([Mark(Text("1,000", "1000件"), 1000, 1000, 1000, year, 1, year) for year in years])).count(
            "1000件"
        )

    assert labels(range(2024, 2026)) == 2
    assert labels(range(2006, 2026)) == 2
    assert labels(range(2010, 2018)) == 4


def test_a_chart_escapes_its_texts() -> None:
    drawn = str(share_bars([Mark(Text(SCRIPT, IMAGE), 50, 50, 50, name=Text("<b>", IMAGE))]))
    assert "<img" not in drawn and "<script" not in drawn and "<b>" not in drawn
    assert "&lt;img" in drawn
