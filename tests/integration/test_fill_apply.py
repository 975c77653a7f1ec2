"""A document is entered as a table of proposals decides: all of its files or none, and a person confirms its links."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import etl
from paths import ROOT
from second_city import content

from etl.bulletin.as_markdown import render_bulletin
from etl.bulletin.forms import Style
from etl.bulletin.write import write_bulletin
from etl.files import replace_csv
from etl.intake.phrases import read_phrases
from etl.intake.proposals import PROPOSAL_COLUMNS
from etl.project import Project
from etl.run import run

SOURCE = "ningbo-2025"


@pytest.fixture(scope="module")
def bulletin(tmp_path_factory: pytest.TempPathFactory) -> str:
    root = tmp_path_factory.mktemp("own")
    shutil.copytree(ROOT / "raw", root / "raw")
    run(Project(root), None, lambda text: None)
    return render_bulletin(write_bulletin(root / "warehouse" / "ip.duckdb", Style("zh")))


@pytest.fixture(scope="module")
def proposed(tmp_path_factory: pytest.TempPathFactory, bulletin: str) -> Path:
    """Return a project in which the bulletin of 2025 is not entered yet, with the bulletin and a table of proposals."""
    root = tmp_path_factory.mktemp("proposed")
    shutil.copytree(ROOT / "raw", root / "raw")
    for path in (root / "raw").rglob("*.csv"):
        if path.name.startswith(SOURCE):
            path.unlink()
            continue
        header, *lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        column = header.strip().split(",").index("source") if "source" in header.strip().split(",") else None
        kept = [line for line in lines if column is None or next(csv.reader([line]))[column] != SOURCE]
        path.write_text("".join((header, *kept)), encoding="utf-8")
    document, table = root / "bulletin.md", root / "proposals.csv"
    document.write_text(bulletin, encoding="utf-8")
    ran = etl(root, "fill", str(document), "-o", str(table), "--source", SOURCE)
    assert ran.exit_code == 0, ran.output
    edited(table, decide_what_is_asked)
    return root


@pytest.fixture
def root(proposed: Path, tmp_path: Path) -> Path:
    """Return a copy of the project in the test's own folder."""
    shutil.copytree(proposed, tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture
def document(root: Path) -> Path:
    return root / "bulletin.md"


@pytest.fixture
def table(root: Path) -> Path:
    return root / "proposals.csv"


def decide_what_is_asked(rows: list[dict[str, str]]) -> None:
    """Enterprises were some hundreds in the last year that is entered; the cell that is asked about is right."""
    (asked,) = [row for row in rows if row["class"] == "ask"]
    assert (asked["published"], asked["column"]) == ("4000余家", "enterprises")
    asked["class"] = "sure"


def edited(table: Path, edit: Callable[[list[dict[str, str]]], object]) -> None:
    rows = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    edit(rows)
    replace_csv(table, PROPOSAL_COLUMNS, [list(row.values()) for row in rows])


def confirmed(root: Path, document: Path, table: Path, *more: str) -> None:
    ran = etl(root, "fill", str(document), "--source", SOURCE, "--apply", str(table), "--by", "A. Person", *more)
    assert ran.exit_code == 0, ran.output


def rows_of(path: Path) -> list[str]:
    return sorted(path.read_text(encoding="utf-8").splitlines())


def test_a_bulletin_that_is_entered_gives_the_tables_that_were_typed_by_hand(root: Path, document: Path, table: Path) -> None:
    confirmed(root, document, table)

    tables = [path.relative_to(ROOT) for path in (ROOT / "raw").glob("*/*.csv") if path.parent.name != "sources"]
    assert len(tables) > 70
    for path in tables:
        assert rows_of(root / path) == rows_of(ROOT / path), path
    assert (root / "raw/sources/ningbo-2025.taken.csv").read_text() == (ROOT / "raw/sources/ningbo-2025.taken.csv").read_text()
    assert "the gate is open" in etl(root, "check").stdout


def test_a_document_is_registered_with_its_title_hash_and_length(root: Path, document: Path, table: Path) -> None:
    confirmed(root, document, table)

    record = Project(root).sources[SOURCE]
    assert (record.title, record.area, record.period) == ("宁波市知识产权统计公报（2025年）", "330200", "2025")
    assert etl(root, "extract", str(document), "--verify").exit_code == 0


def test_what_is_entered_is_the_template_of_the_next_year(root: Path, document: Path, table: Path, bulletin: str) -> None:
    edited(table, lambda rows: rows[0].update({"class": "none", "reason": "counted otherwise"}))
    confirmed(root, document, table, "--lang", "en")
    phrases = read_phrases(root / "raw/sources/ningbo-2025.phrases.csv")
    assert (len(phrases), phrases[0].reason) == (127, "counted otherwise")
    document.write_text(bulletin.replace("2025年", "2026年"), encoding="utf-8")

    ran = etl(root, "fill", str(document), "--lang", "en")

    assert "ningbo-2026, 330200, 2026; 127 figures: 126 sure, 0 to choose, 1 of no table" in ran.stderr
    assert "none,1.000,counted otherwise" in ran.stdout


def test_a_link_that_no_person_confirmed_is_a_finding(root: Path, document: Path, table: Path) -> None:
    edited(table, lambda rows: [row.update(by="A. Person") for row in rows[2:]])

    ran = etl(root, "fill", str(document), "--source", SOURCE, "--apply", str(table), "--lang", "en")

    assert ran.exit_code == 1
    assert ran.stdout.count("error[link-is-confirmed]") == 2
    assert "raw/sources/ningbo-2025.links.csv:2:1: error[link-is-confirmed] ningbo-2025 A1:1 is aligned" in ran.stdout


def test_a_figure_that_is_not_decided_is_a_finding_until_it_is(root: Path, document: Path, table: Path) -> None:
    edited(table, lambda rows: rows[0].update({"class": "ask"}))
    ran = etl(root, "fill", str(document), "--source", SOURCE, "--apply", str(table), "--by", "A. Person", "--lang", "en")
    assert ran.exit_code == 1
    assert "error[link-is-confirmed] the figure at ningbo-2025 A1:1 is not decided" in ran.stdout

    edited(table, lambda rows: rows[0].update({"class": "sure"}))
    confirmed(root, document, table)

    assert (root / "raw/sources/ningbo-2025.links.csv").read_text().splitlines()[1] == "A1,1,aligned,A. Person"


def test_a_link_says_whether_it_was_aligned_chosen_or_made_by_hand(root: Path, document: Path, table: Path) -> None:
    def exchange(rows: list[dict[str, str]]) -> None:
        rows[0]["table"], rows[0]["row_key"], rows[0]["column"] = rows[0]["second"].split(" ")
        rows[3].update({"row_key": f"330200:2025:high_tech_enterprises:{SOURCE}"})

    edited(table, exchange)
    etl(root, "fill", str(document), "--source", SOURCE, "--apply", str(table), "--by", "A. Person")

    links = (root / "raw/sources/ningbo-2025.links.csv").read_text().splitlines()
    assert (links[1], links[2]) == ("A1,1,chosen,A. Person", "A1,2,aligned,A. Person")


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda rows: rows.pop(), "has no row"),
        (lambda rows: rows.append(rows[0]), "two rows"),
        (lambda rows: rows[0].update(published="8件"), "8件 is not figure 1 of section A1"),
        (lambda rows: rows[0].update({"class": "perhaps"}), "'perhaps'"),
        (lambda rows: rows[0].update({"class": "none", "reason": ""}), "needs a reason"),
        (lambda rows: rows[0].update(table=""), "needs table"),
        (lambda rows: rows[0].update(table="moon.craters"), "moon.craters"),
        (lambda rows: rows[0].update(column="craters"), "craters"),
        (lambda rows: rows[0].update(row_key="330200:2025"), "2 parts and not 4"),
        (lambda rows: rows[3].update(row_key=rows[0]["row_key"]), "one cell takes one of them"),
    ],
)
def test_a_decision_that_does_not_fit_is_refused_and_nothing_is_written(
    root: Path, document: Path, table: Path, edit: Callable[[list[dict[str, str]]], object], said: str
) -> None:
    edited(table, edit)
    before = content(root / "raw")

    ran = etl(root, "fill", str(document), "--source", SOURCE, "--apply", str(table))

    assert ran.exit_code == 2
    assert said in ran.stderr
    assert content(root / "raw") == before


def test_entering_a_document_again_changes_nothing(root: Path, document: Path, table: Path) -> None:
    confirmed(root, document, table)
    before = content(root / "raw")

    confirmed(root, document, table)

    assert content(root / "raw") == before


def test_a_cell_that_is_there_is_never_overwritten(root: Path, document: Path, table: Path) -> None:
    confirmed(root, document, table)
    document.write_text(document.read_text(encoding="utf-8").replace("5981件", "5982件"), encoding="utf-8")
    sources = root / "raw" / "sources.csv"
    sources.write_text(sources.read_text(encoding="utf-8").replace(Project(root).sources[SOURCE].sha256, ""), encoding="utf-8")
    etl(root, "fill", str(document), "-o", str(table), "--source", SOURCE)
    before = content(root / "raw")

    ran = etl(root, "fill", str(document), "--source", SOURCE, "--apply", str(table))

    assert (ran.exit_code, "received of that row is 5981件 already, and not 5982件" in ran.stderr) == (2, True)
    assert content(root / "raw") == before
