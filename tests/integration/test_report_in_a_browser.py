"""The report in a browser: from disk, by area and year, unfolded, downloaded, linked to, on a telephone and on paper.

One browser opens two reports once; each test leaves the page as it found it, or opens it anew by a link.
"""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable, Iterator
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from report_page import DESK, brightness, hostile_warehouse, opened, panel_warehouse, wait_until

from etl.report_html.report import report

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PHONE = {"width": 390, "height": 844}
MOST_SCREENS = 20
A4 = (595, 842)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def own(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The report of the project's own figures, some of whose texts try to be markup."""
    path = tmp_path_factory.mktemp("own")
    (path / "report.html").write_text(report(hostile_warehouse(path), "zh"), encoding="utf-8")
    yield from opened(browser, path / "report.html")


@pytest.fixture(scope="module")
def panel(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The report of eleven areas and six years."""
    path = tmp_path_factory.mktemp("panel")
    (path / "report.html").write_text(report(panel_warehouse(path), "en"), encoding="utf-8")
    yield from opened(browser, path / "report.html")


@pytest.fixture
def downloaded(panel: Any) -> Callable[[str], bytes]:
    def press(selector: str) -> bytes:
        with panel.expect_download() as waiting:
            panel.locator(selector).first.click()
        return Path(waiting.value.path()).read_bytes()

    return press


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_light_or_dark_as_its_reader_wishes_and_its_charts_can_be_seen(own: Any, scheme: str) -> None:
    own.emulate_media(color_scheme=scheme)
    page, ink = own.evaluate("['backgroundColor', 'color'].map(name => getComputedStyle(document.body)[name])")
    assert (brightness(page) < brightness(ink)) == (scheme == "dark")
    fills = own.evaluate("[...document.querySelectorAll('.chart .bar, .chart .point')].map(each => getComputedStyle(each).fill)")
    assert len(fills) > 60
    assert min(abs(brightness(fill) - brightness(page)) for fill in fills) > 70
    own.emulate_media(color_scheme="light")


@pytest.mark.parametrize("name", ["own", "panel"])
def test_on_a_telephone_it_is_as_wide_as_the_screen_and_few_screens_high(name: str, request: pytest.FixtureRequest) -> None:
    page = request.getfixturevalue(name)
    page.set_viewport_size(PHONE)
    wait_until(page, "document.querySelector('#domains svg').viewBox.baseVal.width < 400")
    wide, high = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert wide == PHONE["width"]
    assert high <= MOST_SCREENS * PHONE["height"]
    page.set_viewport_size(DESK)
    wait_until(page, "document.querySelector('#domains svg').viewBox.baseVal.width > 400")


def test_a_headline_stands_beside_the_year_before_and_nothing_else(own: Any, panel: Any) -> None:
    cards = own.locator("#headline-cards li")
    assert "无上年数字" in cards.filter(has_text="有效发明专利").inner_text()
    assert "2021" not in cards.filter(has_text="有效发明专利").inner_text()
    works = cards.filter(has_text="作品登记").inner_text()
    assert "+23.2%" in works and "8,853" in works and "由刊载同比推算" in works
    received = panel.locator("#headline-cards li").filter(has_text="Cases received").inner_text()
    assert "+7.1%" in received and "on 2032 2,800" in " ".join(received.split())


def test_another_year_and_another_area_change_all_that_is_shown(panel: Any) -> None:
    def card() -> str:
        return str(panel.locator("#headline-cards li").first.inner_text())

    assert "300,000" in card()
    panel.select_option("#year", "2030")
    assert "240,000" in card() and "220,000" in card()
    assert panel.locator("h1").inner_text() == "Ningbo: intellectual-property figures 2030"
    assert "In 2030:" in panel.locator("#domain-courts .story").inner_text()
    panel.select_option("#area", label="Haishu District")
    assert "12,700" in card()
    assert panel.locator("#domain-customs").is_hidden()
    panel.select_option("#area", label="Ningbo")
    panel.select_option("#year", "2033")
    assert "300,000" in card()


def test_it_switches_language(own: Any) -> None:
    assert own.locator("h1").inner_text() == "宁波市知识产权数字 2025"
    assert own.locator("#headline-cards .figure").first.inner_text() == "7.64万件"
    own.click("#language")
    assert own.evaluate("document.documentElement.lang") == "en"
    assert own.title().startswith("Ningbo")
    assert own.locator("#headline-cards .figure").first.inner_text() == "76,400"
    shown = own.evaluate("['#headline-cards', '#contents', '.story'].map(each => document.querySelector(each).innerText).join()")
    assert not re.search("[\u4e00-\u9fff]", shown)
    own.click("#language")


def test_four_years_are_a_line_with_axis_and_unit_and_fewer_are_labelled_bars(own: Any, panel: Any) -> None:
    line = panel.locator("#domain-patents figure").first
    assert line.locator("path.line").count() == 5
    assert [each for each in line.locator("text.tick").all_text_contents() if len(each) == 4] == [
        "2033",
        "2032",
        "2031",
        "2030",
        "2029",
        "2028",
    ]
    assert {"0", "100,000", "200,000", "300,000"} <= set(line.locator("text.tick").all_text_contents())
    assert line.locator("line.grid").count() == 3
    assert "number · 2028 – 2033" in line.inner_text()
    bars = own.locator("#domain-patents figure").filter(has_text="有效发明专利：全部权利人")
    assert bars.locator("rect.bar").count() == 2
    assert bars.locator("text.label").all_text_contents() == ["38289件", "7.64万件"]


def test_months_are_a_chart_of_their_own_and_never_years(panel: Any) -> None:
    charts = panel.locator("#domain-customs figure").filter(has_text="Consignments seized")
    yearly, monthly = charts.nth(0), charts.nth(1)
    assert "2028 – 2033" in yearly.inner_text()
    assert "2033-01 – 2033-04 · monthly" in monthly.inner_text()
    assert not {"40", "43"} & set(yearly.locator("text").all_text_contents())
    assert {"40", "43"} <= set(monthly.locator("text.label").all_text_contents())


def test_a_provisional_figure_and_a_break_are_marked(panel: Any) -> None:
    chart = panel.locator("#domain-customs figure").first
    assert chart.locator("circle.provisional").count() == 1
    assert "533*" in chart.locator("text.label").all_text_contents()
    assert "b time series break" in chart.inner_text() and "* provisional" in chart.inner_text()
    assert chart.locator("path.gap").count() == 1


def test_areas_are_ranked_on_a_map_and_over_the_years(panel: Any) -> None:
    ranked, tiles, multiples = (panel.locator("#area-charts figure").nth(i) for i in range(3))
    assert ranked.locator("text.row-name").all_text_contents()[:2] == ["Cixi City", "Yuyao City"]
    assert ranked.locator("text.label").all_text_contents()[:2] == ["22,000", "21,300"]
    names = tiles.locator(".tile-name")
    places = names.evaluate_all("each => each.map(text => [text.textContent, text.getAttribute('x'), text.getAttribute('y')])")
    at = {name: (float(x), float(y)) for name, x, y in places}
    assert len(at) == 10
    assert at["Cixi"][1] < at["Jiangbei"][1] < at["Haishu"][1] < at["Fenghua"][1] < at["Ninghai"][1]
    assert at["Yuyao"][0] < at["Jiangbei"][0] < at["Zhenhai"][0] < at["Beilun"][0]
    assert multiples.locator("path.line").count() == 10
    panel.select_option("#by-indicator", label="Cases received: all courts of the area")
    assert "220" in ranked.locator("text.label").all_text_contents()
    panel.select_option("#by-indicator", index=0)


def test_it_says_whether_the_areas_are_of_one_level(own: Any, panel: Any) -> None:
    assert panel.locator("#areas-note").inner_text() == "One indicator in one year, for areas of the same level."
    assert "级别不同" in own.locator("#areas-note").text_content()


def test_cases_are_a_flow_of_received_closed_and_left(own: Any) -> None:
    flows = own.locator("#case-flows figure")
    texts = [" ".join(each.split()) for each in flows.locator("svg").all_text_contents()]
    assert any("5981件" in each and "5954件" in each and "余下 27" in each for each in texts)
    assert any("196件" in each and "207件" in each and "旧存至少 11" in each for each in texts)


def test_a_table_is_unfolded_and_downloaded_as_csv_and_xlsx(panel: Any, downloaded: Callable[[str], bytes]) -> None:
    assert panel.locator("#domain-courts table").count() == 0
    panel.locator("#domain-courts details.table summary").click()
    panel.locator("#domain-courts table").wait_for()
    assert panel.locator("#domain-courts thead th").all_text_contents()[:3] == ["Indicator", "2033", "2032"]
    rows = list(csv.DictReader(StringIO(downloaded("#domain-courts [data-download=csv]").decode("utf-8-sig"))))
    assert len(rows) == 12
    received = next(row for row in rows if row["indicator"] == "Cases received" and row["period"] == "2033")
    assert (received["as printed"], received["value"], received["lower bound"], received["file"]) == (
        "3000件",
        "3000",
        "3000",
        "raw/courts/caseload.csv",
    )
    book = openpyxl.load_workbook(BytesIO(downloaded("#domain-courts [data-download=xlsx]")))
    wide, figures = (list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets)
    assert wide[0][:4] == ("Indicator", "Category", "Unit", "2033")
    assert [row[3] for row in wide[1:]] == [3000, 2999]
    assert len(figures) == 13
    assert {cell.data_type for sheet in book.worksheets for row in sheet.iter_rows() for cell in row} <= {"n", "s", "inlineStr"}


def test_a_chart_is_downloaded_as_a_drawing_with_title_and_source(downloaded: Callable[[str], bytes]) -> None:
    root = ElementTree.fromstring(downloaded("#domain-patents [data-download=svg]"))
    texts = [text for each in root.iter("{http://www.w3.org/2000/svg}text") if (text := "".join(each.itertext()))]
    assert texts[:2] == ["Invention patents in force: all holders", "number · 2028 – 2033"]
    assert texts[-1].startswith("Source: Report of 2033")
    assert "var(" not in ElementTree.tostring(root, encoding="unicode")


def test_a_figure_tells_its_place_and_a_link_to_it_unfolds_and_highlights_it(own: Any) -> None:
    figure, note = own.locator("#headline-cards .figure").first, own.locator("#note")
    figure.click()
    said = note.inner_text()
    for part in ("7.64万件", "76,350 – 76,450 件", "宁波知识产权公报（2025年）", "§\xa0A1", "raw/patents/stock.csv:6"):
        assert part in said
    note.locator("a.permalink").click()
    found = own.locator(".found")
    found.wait_for()
    assert found.inner_text() == "7.64万件"
    assert own.evaluate("document.activeElement.classList.contains('found')")
    note.locator("dd a").first.click()
    assert own.evaluate("document.querySelector('.found').id") == "source-ningbo-2025"


def test_a_link_opens_the_area_and_year_of_its_figure(panel: Any) -> None:
    panel.evaluate("location.hash = '#courts.caseload.closed/330206/2031/all/report-2031'")
    panel.locator("td .found").wait_for()
    assert panel.locator("h1").inner_text() == "Beilun District: intellectual-property figures 2031"
    panel.select_option("#area", label="Ningbo")
    panel.select_option("#year", "2033")


def test_it_can_be_used_by_keyboard(own: Any) -> None:
    figure = own.locator("#headline-cards .figure").first
    figure.focus()
    assert own.locator("#note").is_visible()
    own.keyboard.press("Tab")
    own.keyboard.press("Escape")
    assert own.locator("#note").is_hidden()
    own.locator("#domain-trademarks details.tables > summary").focus()
    own.keyboard.press("Enter")
    own.locator("#domain-trademarks details.table").first.wait_for()
    own.keyboard.press("Enter")


def test_all_figures_can_be_searched(own: Any) -> None:
    own.locator("#all-figures summary").click()
    own.wait_for_selector("#list tbody tr")
    assert own.locator("#list tbody tr").count() == 50
    own.fill("#search", "结案 2025 5954件")
    own.wait_for_selector("#list tbody tr:only-child")
    assert "raw/courts/caseload.csv" in own.locator("#list tbody tr").inner_text()
    own.fill("#search", "")
    own.locator("#all-figures summary").click()


def test_it_prints_on_a4_with_contents_and_page_numbers(own: Any) -> None:
    own.emulate_media(media="print", color_scheme="dark")
    shown = own.evaluate(
        "['nav', '.choices', '#search-figures'].map(name => getComputedStyle(document.querySelector(name)).display)"
    )
    assert shown == ["block", "none", "none"]
    page, ink = own.evaluate("['backgroundColor', 'color'].map(name => getComputedStyle(document.body)[name])")
    assert brightness(page) > 250 and brightness(ink) < 60
    pdf = own.pdf(prefer_css_page_size=True, print_background=True)
    own.emulate_media(media="screen", color_scheme="light")
    boxes = {tuple(round(float(side)) for side in box) for box in re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)}
    assert boxes == {A4}
    document = pytest.importorskip("pypdfium2").PdfDocument(pdf)
    assert f"2 / {len(document)}" in document[1].get_textpage().get_text_range()


@pytest.mark.parametrize(("scheme", "only"), [("light", None), pytest.param("dark", ["color-contrast"], marks=pytest.mark.slow)])
def test_axe_finds_no_fault(panel: Any, scheme: str, only: list[str] | None) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    panel.emulate_media(color_scheme=scheme)
    panel.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")
    panel.locator("#list tbody tr").first.wait_for()
    options: dict[str, Any] = {"resultTypes": ["violations"]} | ({"runOnly": only} if only else {})
    found = axe.Axe().run(panel, options=options).response["violations"]
    panel.emulate_media(color_scheme="light")
    assert [(each["impact"], each["id"], each["nodes"][0]["html"]) for each in found] == []
