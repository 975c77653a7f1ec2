"""The report in a browser: from disk, in light, dark and print, on a telephone, by keyboard, and for assistive technology."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from report_page import hostile_warehouse

from etl.report_html.report import report

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1200, "height": 900}
A4 = (595, 842)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("browser")
    (path / "report.html").write_text(report(hostile_warehouse(path), "zh"), encoding="utf-8")
    return path / "report.html"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def opened(browser: Any, file: Path, request: pytest.FixtureRequest) -> Iterator[Any]:
    """The report in a browser that notes what it says and asks for; a test fails where it does either."""
    context = browser.new_context(**{"viewport": DESK, **getattr(request, "param", {})})
    page, told = context.new_page(), []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("request", lambda asked: told.append(asked.url))
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-ready]")
    yield page
    assert told == [file.as_uri()]
    assert page.title() != "ran"
    context.close()


LOOKS: tuple[dict[str, Any], ...] = (
    {"color_scheme": "light"},
    {"color_scheme": "dark"},
    {"viewport": PHONE},
    {"viewport": PHONE, "color_scheme": "dark"},
)


@pytest.mark.parametrize("opened", LOOKS, indirect=True)
def test_it_opens_from_disk_and_is_as_wide_as_its_window(opened: Any) -> None:
    wide, window = opened.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide == window
    page, ink = opened.evaluate("['backgroundColor', 'color'].map(name => getComputedStyle(document.body)[name])")
    is_dark = opened.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert (brightness(page) < brightness(ink)) == is_dark
    bars = opened.evaluate("[...document.querySelectorAll('path.mark')].map(bar => getComputedStyle(bar).fill)")
    assert len(bars) > 30
    assert min(abs(brightness(bar) - brightness(page)) for bar in bars) > 80
    assert opened.locator("#count").inner_text().endswith("个数字")


def brightness(colour: str) -> float:
    red, green, blue = map(int, re.findall(r"\d+", colour)[:3])
    return 0.299 * red + 0.587 * green + 0.114 * blue


def test_it_switches_language_and_remembers_it(opened: Any) -> None:
    assert opened.locator("h1").inner_text() == "宁波市知识产权数字"
    assert opened.locator("#headlines .figure").first.inner_text() == "7.64万件"
    opened.click("#language")
    assert opened.evaluate("document.documentElement.lang") == "en"
    assert opened.title().startswith("Ningbo")
    assert opened.locator("#headlines .figure").first.inner_text() == "76,400"
    assert opened.locator("#by-domain option").nth(1).inner_text() == "Patents"
    assert opened.locator("svg.chart text.zh").first.is_hidden()
    assert opened.locator("svg.chart text.en").first.is_visible()
    assert not opened.evaluate(r"/[\u4e00-\u9fff]/.test(document.querySelector('#headlines').innerText)")


def test_a_figure_leads_to_its_row_and_on_to_its_document(opened: Any) -> None:
    figure, note = opened.locator("#headlines .figure").first, opened.locator("#note")
    figure.hover()
    note.wait_for(state="visible")
    said = note.inner_text()
    for part in ("7.64万件", "76,350 – 76,450 件", "宁波知识产权公报（2025年）", "§\xa0A1", "raw/patents/stock.csv:6"):
        assert part in said
    note.locator("a[href^='#figure-']").click()
    row = opened.locator("tr.found")
    assert row.get_attribute("id") == opened.evaluate("document.activeElement.id")
    assert "raw/patents/stock.csv:6" in row.inner_text()
    row.locator("td.document a").click()
    assert opened.evaluate("document.activeElement.id") == "source-ningbo-2025"
    assert opened.evaluate("document.querySelector('tr.found').id") == "source-ningbo-2025"


@pytest.mark.parametrize("opened", [{"viewport": PHONE, "has_touch": True}], indirect=True)
def test_a_tap_on_a_bar_tells_of_its_figure(opened: Any) -> None:
    opened.locator("#domain-customs path.mark").last.tap()
    assert "宁波市" in opened.locator("#note").inner_text()
    box = opened.locator("#note").bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE["width"]
    opened.locator("#domain-customs h3").tap()
    assert opened.locator("#note").is_hidden()


def test_it_can_be_used_by_keyboard(opened: Any) -> None:
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.className") == "skip"
    opened.locator("#headlines .figure").first.focus()
    assert opened.locator("#note").is_visible()
    opened.keyboard.press("Tab")
    assert opened.evaluate("document.activeElement.closest('#note') !== null")
    opened.keyboard.press("Escape")
    assert opened.locator("#note").is_hidden()
    assert opened.evaluate("document.activeElement.dataset.figure") == opened.locator("#headlines .figure").first.get_attribute(
        "data-figure"
    )


def test_all_figures_can_be_searched_and_narrowed(opened: Any) -> None:
    def count() -> int:
        return int(re.findall(r"\d+", opened.locator("#count").inner_text())[-1])

    whole = count()
    assert whole > 200
    assert opened.locator("#list tbody tr").count() == 100
    opened.click("#next")
    assert opened.locator("#list tbody tr").first.get_attribute("id") == "figure-100"
    opened.select_option("#by-year", "2025")
    assert 100 < count() < whole
    opened.select_option("#by-domain", "courts")
    assert count() < 20
    for words, printed in (("结案 2025", "5954件"), ("5981件", "5981件")):
        opened.fill("#search", words)
        opened.wait_for_selector(f"#list tbody tr:only-child >> text={printed}")
        assert count() == 1


def test_it_prints_on_a4_without_what_only_a_screen_can_show(opened: Any) -> None:
    opened.emulate_media(media="print", color_scheme="dark")
    hidden = opened.evaluate(
        "['nav', '#language', '#all_figures'].map(name => getComputedStyle(document.querySelector(name)).display)"
    )
    assert hidden == ["none"] * 3
    page, ink = opened.evaluate("['backgroundColor', 'color'].map(name => getComputedStyle(document.body)[name])")
    assert brightness(page) > 250 and brightness(ink) < 60
    pdf = opened.pdf(prefer_css_page_size=True, print_background=True)
    boxes = {tuple(round(float(side)) for side in box) for box in re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)}
    assert boxes == {A4}


@pytest.mark.parametrize(("scheme", "only", "size"), [("light", None, PHONE), ("dark", ["color-contrast"], DESK)])
def test_axe_finds_no_serious_fault(browser: Any, file: Path, scheme: str, only: list[str] | None, size: Any) -> None:
    """Three domains and the figures of one stand for the others, which the same template makes."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")
    context = browser.new_context(color_scheme=scheme, bypass_csp=True, viewport=size)
    page = context.new_page()
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-ready]")
    page.select_option("#by-domain", "mediation")
    page.evaluate("document.querySelectorAll('section.domain:nth-of-type(n+4)').forEach(section => section.remove())")
    page.locator("#headlines .figure").first.focus()
    options: dict[str, Any] = {"resultTypes": ["violations"]} | ({"runOnly": only} if only else {})
    found = axe.Axe().run(page, options=options).response["violations"]
    assert [
        (each["impact"], each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")
    ] == []
    context.close()
