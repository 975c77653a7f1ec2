"""The bulletins of other cities: proposed by names, aliases and what other documents confirmed, in words never seen before."""

from __future__ import annotations

import csv
import shutil
from functools import lru_cache
from pathlib import Path

import pytest
from commands import etl
from labelled_documents import FOLDER, labelled
from paths import ROOT
from second_city import made

from etl.documents.document import plain
from etl.gate.check import parsed_tables
from etl.intake.draft import draft_phrases
from etl.intake.levels import Levels
from etl.intake.phrases import phrases_elsewhere
from etl.intake.proposals import PROPOSAL_COLUMNS
from etl.intake.propose import GIVEN, Proposal, propose
from etl.intake.scope import Scope, scope_of
from etl.intake.sources import DRAFT
from etl.project import Project

PROJECT = Project(ROOT)
CITY = "990100"
PHRASES = ROOT / "raw" / "sources" / "ningbo-2025.phrases.csv"
SENTENCES = (
    "2025年示例市知识产权状况\n一、保护\n全市法院受理知识产权案件1200件，同比增长8.5%，其中涉外案件31件，同比增长12.5%。"
    "受理专利侵权纠纷行政裁决案件90件，抓获犯罪嫌疑人62名，有效注册商标9.4万件，占全国的1.2%。\n"
)


def proposals(text: str) -> dict[tuple[str, int], Proposal]:
    scope = scope_of(PROJECT.catalogue, "330200", "2025")
    known = {**phrases_elsewhere(str(PHRASES), PROJECT.catalogue), DRAFT: draft_phrases(PROJECT.catalogue)}
    found = propose(plain(text), PROJECT.catalogue, scope, "x", known, Levels((), scope))
    return {(each.context.found.section, each.context.found.ordinal): each for each in found}


@pytest.mark.parametrize(
    ("change", "is_given"),
    [("增长1.8%", True), ("上升2%", True), ("增长9.9%", False), ("下降1.8%", False), ("增长约2%", False)],
)
def test_a_change_that_the_tables_give_is_of_no_table_and_another_is_asked_about(change: str, is_given: bool) -> None:
    scope = scope_of(PROJECT.catalogue, "330200", "2026")
    text = f"2026年宁波市知识产权状况\n一、知识产权运用\n全年知识产权质押融资金额800亿元（同比{change}），惠及企业4200余家。\n"
    phrases = {**phrases_elsewhere(str(PHRASES), PROJECT.catalogue), DRAFT: draft_phrases(PROJECT.catalogue)}
    amount, growth, enterprises = propose(plain(text), PROJECT.catalogue, scope, "x", phrases, printed(scope))
    assert ("sure", "amount_yuan") == (amount.kind, amount.choices[0].target.column)
    assert ("sure", "enterprises") == (enterprises.kind, enterprises.choices[0].target.column)
    assert growth.kind != "sure"
    assert (growth.reason == GIVEN) == is_given


@lru_cache
def printed(scope: Scope) -> Levels:
    return Levels(parsed_tables(PROJECT, [PROJECT.catalogue.entry("finance.pledges")]).values(), scope)


def cells(proposal: Proposal) -> list[tuple[str, str, str]]:
    return [(each.target.table, ":".join(each.target.categories), each.target.column) for each in proposal.choices]


@pytest.mark.parametrize("name", ["white_paper", "press_conference"])
def test_the_cell_of_a_figure_of_another_city_is_among_three_and_what_is_sure_is_right(name: str) -> None:
    text, labels = labelled(FOLDER / f"{name}.txt")

    found = proposals(text)

    sure = {place: each for place, each in found.items() if each.kind == "sure"}
    right = [place for place, each in sure.items() if labels.get(place) == cells(each)[0]]
    among_three = [place for place, label in labels.items() if label in cells(found[place])]
    assert len(among_three) >= 0.9 * len(labels), sorted({*labels} - {*among_three})
    assert len(right) >= 0.97 * len(sure), sorted({*sure} - {*right})
    assert len(sure) >= 0.35 * len(labels)


def test_a_growth_belongs_to_what_the_figure_before_it_is() -> None:
    found = {each.context.found.published: each for each in proposals(SENTENCES).values()}

    assert cells(found["8.5%"])[0] == ("courts.caseload", "all", "received_growth_pct")
    assert found["12.5%"].kind != "sure", "foreign-related cases are of no table"


def test_what_the_text_says_otherwise_than_a_column_is_asked_about() -> None:
    """Disputes without a channel, suspects who are caught, and a share of the country are not those of the columns."""
    found = {each.context.found.published: each for each in proposals(SENTENCES).values()}

    assert found["62名"].kind != "sure", "抓获 is not 移送"
    assert found["1.2%"].kind != "sure", "a share of the country"
    assert found["90件"].kind != "sure", "of no channel"
    assert ("administration.adjudications", "all", "received") in cells(found["90件"])


def test_a_span_of_two_years_offers_the_periods_that_a_figure_may_be_of() -> None:
    scope = scope_of(PROJECT.catalogue, "330200", "2022-01/2023-02")
    text = "2022年以来宁波市知识产权情况\n有效注册商标45.5万件。\n"

    (each,) = propose(plain(text), PROJECT.catalogue, scope, "x", {}, Levels((), scope))

    assert (each.kind, each.reason.en) == ("ask", "of which period is it?")
    assert [one.row_key.split(":")[1] for one in each.choices] == ["2022-01/2023-02", "2022", "2023-02"]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = made(tmp_path_factory.mktemp("city") / "city")
    (root / "first.txt").write_text(SENTENCES, encoding="utf-8")
    return root


@pytest.mark.parametrize("like", ["file", "folder", "project"])
def test_another_city_is_aligned_with_the_phrases_of_another_project(city: Path, tmp_path: Path, like: str) -> None:
    folder = tmp_path / "other" / "raw" / "sources"
    folder.mkdir(parents=True)
    shutil.copy(PHRASES, folder)
    path = {"file": folder / PHRASES.name, "folder": folder, "project": tmp_path / "other"}[like]

    ran = etl(city, "fill", str(city / "first.txt"), "--like", str(path), "--lang", "en")

    assert ran.exit_code == 0, ran.output
    rows = list(csv.DictReader(ran.stdout.splitlines()))
    assert tuple(rows[0]) == PROPOSAL_COLUMNS
    assert rows[0]["row_key"] == f"{CITY}:2025:all:exampleton-2025"
    assert any("worded as ningbo-2025" in row["reason"] for row in rows)


def test_a_path_without_phrases_is_refused(city: Path, tmp_path: Path) -> None:
    ran = etl(city, "fill", str(city / "first.txt"), "--like", str(tmp_path))

    assert (ran.exit_code, f"{tmp_path} has no phrases" in ran.stderr) == (2, True)
