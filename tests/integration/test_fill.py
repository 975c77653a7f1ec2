"""A document is filled in: documents of the next year are simulated on fixed draws, and each proposal is held to the truth."""

from __future__ import annotations

import csv
import random
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from commands import etl
from edited_documents import (
    Cell,
    Part,
    moved,
    parts_of,
    rendered,
    truth_of,
    with_exchanged_words,
    with_foreign,
    with_most_reworded,
    with_other_figures,
    without_some,
)
from paths import ROOT

from etl.bulletin.as_html import render_bulletin as render_html
from etl.bulletin.as_markdown import render_bulletin
from etl.bulletin.forms import Style
from etl.bulletin.write import write_bulletin
from etl.documents.document import plain
from etl.documents.extract import extract
from etl.gate.check import parsed_tables
from etl.intake.contexts import contexts
from etl.intake.draft import draft_phrases
from etl.intake.levels import Levels
from etl.intake.phrases import (
    LONGEST_AFTER,
    LONGEST_BEFORE,
    Phrase,
    confirmed_places,
    phrase_row,
    phrases_file,
    phrases_of,
    read_phrases,
)
from etl.intake.proposals import PROPOSAL_COLUMNS
from etl.intake.propose import propose
from etl.intake.scope import scope_of
from etl.project import Project
from etl.run import run

REAL = ROOT.parent / "shared" / "bulletin" / "ningbo-2025.txt"
SOURCE = "ningbo-2025"
DRAWS = (1, 2, 3)
PROJECT = Project(ROOT)
Edit = Callable[[Sequence[Part], random.Random], Sequence[Part]]


def other_figures(parts: Sequence[Part], draw: random.Random) -> Sequence[Part]:
    return with_other_figures(parts, draw)


def other_words(parts: Sequence[Part], draw: random.Random) -> Sequence[Part]:
    return with_exchanged_words(with_other_figures(parts, draw), draw, 50)


def other_clauses(parts: Sequence[Part], draw: random.Random) -> Sequence[Part]:
    kept = without_some(other_words(parts, draw), draw, 0.08)
    return moved(with_foreign(kept, draw, 14), draw)


def almost_another(parts: Sequence[Part], draw: random.Random) -> Sequence[Part]:
    kept = without_some(with_most_reworded(with_other_figures(parts, draw), draw, 0.85), draw, 0.2)
    return moved(with_foreign(kept, draw, 40), draw, whole=True)


EDITS: Sequence[tuple[Edit, float]] = ((other_figures, 0.99), (other_words, 0.97), (other_clauses, 0.94), (almost_another, 0.75))
"""How a document is edited, and which part of its figures must surely be found again."""


@dataclass
class Score:
    """How many figures have a cell, how many are proposed surely and rightly, and of how many the cell is among three."""

    with_cell: int = 0
    sure: int = 0
    right: int = 0
    among_three: int = 0

    @property
    def precision(self) -> float:
        return self.right / max(1, self.sure)

    @property
    def recall(self) -> float:
        return self.right / self.with_cell


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("own")
    shutil.copytree(ROOT / "raw", root / "raw")
    project = Project(root)
    run(project, None, lambda text: None)
    return project


@pytest.fixture(scope="module")
def bulletin(project: Project) -> str:
    return render_bulletin(write_bulletin(project.warehouse, Style("zh")))


@pytest.fixture(scope="module")
def levels() -> Levels:
    return Levels(parsed_tables(PROJECT, PROJECT.catalogue.entries()).values(), scope_of(PROJECT.catalogue, "330200", "2025"))


def real() -> str:
    if not REAL.is_file():
        pytest.skip("the real bulletin is not here")
    return REAL.read_text(encoding="utf-8")


def known() -> dict[str, Sequence[Phrase]]:
    return {SOURCE: read_phrases(phrases_file(PROJECT, SOURCE)), "draft": draft_phrases(PROJECT.catalogue)}


def simulated(text: str, edit: Edit, draws: Sequence[int], documents: Mapping[str, Sequence[Phrase]], levels: Levels) -> Score:
    """Edit a document on each draw, and compare what is proposed for it with the truth."""
    cells, _ = confirmed_places(PROJECT, SOURCE)
    scope, score = scope_of(PROJECT.catalogue, "330200", "2025"), Score()
    for number in draws:
        edited, places = rendered(edit(parts_of(text, cells), random.Random(number)))
        truth = truth_of(edited, places)
        for each in propose(plain(edited), PROJECT.catalogue, scope, SOURCE, documents, levels):
            cell = truth[each.context.found.section, each.context.found.ordinal]
            choices: list[Cell] = [(one.target.table, one.row_key, one.target.column) for one in each.choices]
            score.with_cell += cell is not None
            score.among_three += cell in choices
            score.sure += each.kind == "sure"
            score.right += each.kind == "sure" and choices[0] == cell
    return score


@pytest.mark.parametrize(("edit", "recall"), EDITS, ids=lambda each: getattr(each, "__name__", str(each)))
def test_a_bulletin_that_was_edited_is_filled_in_surely(bulletin: str, levels: Levels, edit: Edit, recall: float) -> None:
    score = simulated(bulletin, edit, DRAWS, known(), levels)

    assert score.precision >= 0.995, score
    assert score.recall >= recall, score


@pytest.mark.parametrize(("edit", "recall"), EDITS, ids=lambda each: getattr(each, "__name__", str(each)))
def test_the_real_bulletin_edited_likewise_is_filled_in_surely(levels: Levels, edit: Edit, recall: float) -> None:
    score = simulated(real(), edit, DRAWS, known(), levels)

    assert score.precision >= 0.995, score
    assert score.recall >= recall, score


def test_a_document_in_words_that_no_confirmed_one_has_is_among_three_choices(bulletin: str, levels: Levels) -> None:
    """The bulletin is drafted in words of its own; here they are not known, as those of another city are not."""
    phrases = {SOURCE: read_phrases(phrases_file(PROJECT, SOURCE))}

    score = simulated(bulletin, other_figures, DRAWS[:1], phrases, levels)

    assert score.among_three >= 0.97 * score.with_cell, score
    assert score.precision >= 0.97, score


def test_a_document_is_found_by_the_names_of_columns_alone(bulletin: str, levels: Levels) -> None:
    score = simulated(bulletin, other_figures, DRAWS[:1], {}, levels)

    assert score.among_three >= 0.9 * score.with_cell, score
    assert score.precision >= 0.97, score


def test_a_subject_without_phrases_is_found_among_three_choices(bulletin: str, levels: Levels) -> None:
    """The phrases of a chapter are held out, one chapter at a time."""
    total = Score()
    for chapter in "ABCD":
        held_out = {name: [each for each in phrases if each.section[:1] != chapter] for name, phrases in known().items()}
        cells, _ = confirmed_places(PROJECT, SOURCE)
        of_chapter = {cell for (section, _), cell in cells.items() if section[:1] == chapter}
        scope = scope_of(PROJECT.catalogue, "330200", "2025")
        for each in propose(plain(bulletin), PROJECT.catalogue, scope, SOURCE, held_out, levels):
            cell = cells[each.context.found.section, str(each.context.found.ordinal)]
            if cell in of_chapter:
                choices = [(one.target.table, one.row_key, one.target.column) for one in each.choices]
                total.with_cell += 1
                total.among_three += cell in choices
                total.sure += each.kind == "sure"
                total.right += each.kind == "sure" and choices[0] == cell

    assert total.among_three >= 0.9 * total.with_cell, total
    assert total.precision >= 0.97, total


def test_the_committed_phrases_are_those_of_the_document() -> None:
    cells, left_out = confirmed_places(PROJECT, SOURCE)
    record, parents = PROJECT.sources[SOURCE], PROJECT.catalogue.lists.parents

    made = phrases_of(contexts(plain(real()), extract), cells, left_out, record, parents)

    assert [phrase_row(each) for each in made] == [phrase_row(each) for each in read_phrases(phrases_file(PROJECT, SOURCE))]
    assert len(made) == 128


def test_a_phrase_is_terms_and_no_sentence() -> None:
    for each in read_phrases(phrases_file(PROJECT, SOURCE)):
        assert len(each.before) <= LONGEST_BEFORE
        assert len(each.after) <= LONGEST_AFTER
        assert not set("0123456789") & {*each.before, *each.after}, each


def test_the_command_proposes_each_figure_and_changes_nothing(bulletin: str, tmp_path: Path) -> None:
    document, output = tmp_path / "next.md", tmp_path / "proposals.csv"
    document.write_text(bulletin.replace("2025年", "2026年"), encoding="utf-8")
    before = {path: path.read_bytes() for path in (ROOT / "raw").rglob("*.csv")}

    ran = etl(ROOT, "fill", str(document), "-o", str(output), "--lang", "en")

    assert ran.exit_code == 0, ran.output
    assert "ningbo-2026, 330200, 2026; 127 figures: 127 sure" in ran.stderr
    rows = list(csv.DictReader(output.read_text(encoding="utf-8").splitlines()))
    assert tuple(rows[0]) == PROPOSAL_COLUMNS
    assert (rows[0]["published"], rows[0]["table"], rows[0]["row_key"], rows[0]["column"], rows[0]["class"]) == (
        *("7.64万件", "patents.stock", "330200:2026:all:ningbo-2026", "valid_inventions", "sure"),
    )
    assert before == {path: path.read_bytes() for path in (ROOT / "raw").rglob("*.csv")}


def test_a_level_many_times_that_of_last_year_is_asked_about(bulletin: str, levels: Levels) -> None:
    scope = scope_of(PROJECT.catalogue, "330200", "2026")
    text = bulletin.replace("2025年", "2026年").replace("5981件", "59810件")

    found = propose(plain(text), PROJECT.catalogue, scope, "ningbo-2026", known(), levels)

    (asked,) = [each for each in found if each.kind != "sure"]
    assert (asked.kind, asked.context.found.published) == ("ask", "59810件")
    assert asked.reason.en == "5981件 in 2025: is this the same figure?"


@pytest.mark.parametrize("arguments", [("--like", "nowhere"), ("--like", "ningbo-2014"), ("--area", "月球")])
def test_what_is_not_known_is_refused_by_name(tmp_path: Path, arguments: tuple[str, str]) -> None:
    document = tmp_path / "next.txt"
    document.write_text("2026年，全市法院收案6000件。", encoding="utf-8")

    ran = etl(ROOT, "fill", str(document), *arguments)

    assert ran.exit_code == 2
    assert arguments[1] in ran.stderr


TABLE = """# 2026年宁波市知识产权主要指标

| 指标 | 单位 | 2025年 | 2026年 |
|---|---|---|---|
| 版权作品登记量 | 件 | 10908 | 11900 |
| 知识产权质押融资金额 | 亿元 | 786 | 810 |
| 举办培训 | 场 | 12 | 15 |
"""


def test_a_table_says_the_period_and_the_unit_of_a_figure(tmp_path: Path) -> None:
    document, output = tmp_path / "table.md", tmp_path / "proposals.csv"
    document.write_text(TABLE, encoding="utf-8")

    ran = etl(ROOT, "fill", str(document), "-o", str(output), "--lang", "en")

    assert ran.exit_code == 0, ran.output
    rows = list(csv.DictReader(output.read_text(encoding="utf-8").splitlines()))
    works = [
        (row["published"], row["row_key"], row["column"], row["class"]) for row in rows if row["table"].startswith("copyright")
    ]
    assert works[0][:3] == ("10908", "330200:2025:ningbo-2026", "works")
    assert works[1] == ("11900", "330200:2026:ningbo-2026", "works", "sure")
    pledges = [(row["row_key"], row["column"], row["class"]) for row in rows if row["published"] in ("786", "810")]
    assert pledges == [(f"330200:{year}:all:ningbo-2026", "amount_yuan", "sure") for year in (2025, 2026)]
    assert {row["class"] for row in rows if row["published"] in ("12", "15")} == {"none"}


def test_a_document_is_read_from_html_as_from_markdown(project: Project, tmp_path: Path) -> None:
    document = tmp_path / "bulletin.html"
    document.write_text(render_html(write_bulletin(project.warehouse, Style("zh"))), encoding="utf-8")

    ran = etl(ROOT, "fill", str(document), "-o", str(tmp_path / "proposals.csv"), "--lang", "en")

    assert "127 figures: 126 sure, 1 to choose" in ran.stderr, "its own rows are no earlier level: 4000余家 are many after 291家"
