"""A person reviews proposals in the terminal, key by key; each decision is in the table at once."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from commands import etl
from paths import ROOT

from etl.cli import main

TEXT = (
    "2026年宁波市知识产权状况\n一、司法保护\n2026年，全市法院共收案6120件、结案6033件。\n"
    "二、知识产权运用\n全市知识产权质押融资金额达802亿元，惠及企业4200余家。召开新闻发布会12场。\n"
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
    assert "全市知识产权质押融资金额达#，惠及企业【4200余家】" in ran.output
    assert "cases received  2025: 5981件, +2.3 %" in ran.output
    assert [(table, kind, by) for _, table, kind, _, by in decided(document)] == [
        ("courts.caseload", "sure", "A. Person"),
        ("courts.caseload", "sure", "A. Person"),
        ("finance.pledges", "sure", "A. Person"),
        ("finance.pledges", "sure", "A. Person"),
        ("", "none", "A. Person"),
    ]


def test_another_column_is_found_by_search(document: Path) -> None:
    ran = reviewed(document, "\r\ro保险 企业\n1n\n")

    assert ran.exit_code == 0, ran.output
    assert decided(document)[3][1] in ("finance.insurance", "overseas.insurance")


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
