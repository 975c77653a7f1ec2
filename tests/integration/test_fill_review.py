"""A person reviews proposals in the terminal, key by key; each decision is in the table at once."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from commands import etl
from paths import ROOT

from etl.cli import main

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
TEXT = (
    "2026年宁波市知识产权状况\n一、司法保护\n2026年，全市法院共收案6120件、结案6033件。\n"
    "二、知识产权运用\n全市知识产权质押融资金额达802亿元，服务市场主体4200余家。召开新闻发布会12场。\n"
)


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "next.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def reviewed(document: Path, keys: str) -> Result:
    table = document.with_name("proposals.csv")
    arguments = ["fill", "--project", str(ROOT), str(document), "--review", str(table), "--by", "A. Person", "--lang", "en"]
    return CliRunner().invoke(main, arguments, input=keys)


def decided(document: Path) -> list[tuple[str, str, str, str, str]]:
    rows = csv.DictReader(document.with_name("proposals.csv").read_text(encoding="utf-8").splitlines())
    return [(row["published"], row["table"], row["class"], row["reason"], row["by"]) for row in rows]


def test_the_sure_ones_of_a_section_are_confirmed_at_a_glance_and_the_others_chosen(document: Path) -> None:
    ran = reviewed(document, "\r\r1n\n")

    assert ran.exit_code == 0, ran.output
    assert "全市知识产权质押融资金额达802亿元，服务市场主体【4200余家】" in ran.output
    assert "cases received  2025: 5981件, +2.3 %" in ran.output
    assert [(table, kind, by) for _, table, kind, _, by in decided(document)] == [
        ("courts.caseload", "sure", "A. Person"),
        ("courts.caseload", "sure", "A. Person"),
        ("finance.pledges", "sure", "A. Person"),
        ("finance.pledges", "sure", "A. Person"),
        ("", "none", "A. Person"),
    ]


def test_a_review_without_a_terminal_names_the_page(document: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def without_terminal(echo: bool = False) -> str:
        raise OSError("No such device or address")

    monkeypatch.setattr("click.getchar", without_terminal)
    ran = reviewed(document, "")

    assert ran.exit_code == 2
    assert "reads keys from a terminal, and there is none; --page" in ran.stderr


def test_another_column_is_found_by_search(document: Path) -> None:
    ran = reviewed(document, "\r\ro保险 企业\n1n\n")

    assert ran.exit_code == 0, ran.output
    assert decided(document)[3][1] in ("finance.insurance", "overseas.insurance")


def test_a_figure_may_be_of_another_area_or_period(document: Path) -> None:
    reviewed(document, "\r\rp21s")

    rows = list(csv.DictReader(document.with_name("proposals.csv").read_text(encoding="utf-8").splitlines()))
    assert (rows[3]["row_key"], rows[3]["class"]) == ("330200:2025:all:ningbo-2026", "sure")


def test_what_was_decided_stays_when_a_person_quits_and_is_not_asked_again(document: Path) -> None:
    first = reviewed(document, "\rq")
    assert first.exit_code == 1
    assert "3 to confirm" in first.stderr
    assert [by for *_, by in decided(document)] == ["A. Person", "A. Person", "", "", ""]

    second = reviewed(document, "s1sn\n")

    assert "cases received" not in second.output
    assert [by for *_, by in decided(document)] == ["A. Person", "A. Person", "", "A. Person", ""]


def test_a_table_of_another_document_is_refused(document: Path) -> None:
    reviewed(document, "q")
    document.write_text(TEXT.replace("6120", "6121"), encoding="utf-8")

    ran = reviewed(document, "q")

    assert (ran.exit_code, "6120件 is no such figure of the document" in ran.stderr) == (2, True)


@pytest.mark.parametrize("arguments", [("-o", "a.csv", "--review", "b.csv"), ("--by", "A. Person")])
def test_what_contradicts_itself_is_a_usage_error(document: Path, arguments: tuple[str, ...]) -> None:
    assert etl(ROOT, "fill", str(document), *arguments).exit_code == 2


@pytest.fixture
def page(document: Path) -> Iterator[Any]:
    """The page of a document in a browser, which asks for nothing but its file and complains of nothing."""
    playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    file = document.with_name("review.html")
    ran = etl(ROOT, "fill", str(document), "--page", str(file), "--by", "A. Person", "--lang", "en")
    assert ran.exit_code == 0, ran.output
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        opened, told = chromium.new_page(), []
        opened.on("console", lambda message: told.append(message.text))
        opened.on("pageerror", lambda error: told.append(str(error)))
        opened.on("request", lambda asked: None if asked.url.startswith("blob:") else told.append(asked.url))
        opened.goto(file.as_uri())
        yield opened
        assert told == [file.as_uri()]
        chromium.close()


def saved(page: Any, document: Path) -> list[tuple[str, str, str, str, str]]:
    with page.expect_download() as download:
        page.click("#save")
    download.value.save_as(document.with_name("proposals.csv"))
    return decided(document)


def test_the_page_confirms_a_section_chooses_and_leaves_out_by_keys_and_saves_the_table(page: Any, document: Path) -> None:
    page.on("dialog", lambda dialog: dialog.accept("counted by nobody else"))
    assert page.text_content("#left") == "5 to confirm"
    assert page.text_content(".current mark") == "6120件"

    for key in ("Enter", "Enter", "1", "n"):
        page.keyboard.press(key)

    assert page.text_content("#left") == "0 to confirm"
    rows = saved(page, document)
    assert [(table, kind) for _, table, kind, *_ in rows] == [
        *(("courts.caseload", "sure"),) * 2,
        *(("finance.pledges", "sure"),) * 2,
        ("", "none"),
    ]
    assert {by for *_, by in rows} == {"A. Person"}
    assert rows[-1][3] == "counted by nobody else"


def test_the_page_finds_another_column_that_can_take_the_figure_and_changes_area_and_period(page: Any, document: Path) -> None:
    page.keyboard.press("o")
    page.keyboard.type("penalties 行政处罚案件")
    assert page.locator(".search li").count() == 0, "the page is in English"
    page.fill(".search input", "administration penalties")
    page.keyboard.press("Enter")
    page.select_option("select", "330200:2025")

    rows = list(csv.DictReader(saved_text(page, document).splitlines()))

    assert (rows[0]["table"], rows[0]["row_key"]) == ("administration.penalties", "330200:2026:ningbo-2026")
    assert rows[1]["row_key"] == "330200:2025:all:ningbo-2026"


def saved_text(page: Any, document: Path) -> str:
    saved(page, document)
    return document.with_name("proposals.csv").read_text(encoding="utf-8")
