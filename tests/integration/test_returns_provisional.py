"""Figures of returns are provisional until a document prints them: in the warehouse, the report and the draft of the bulletin."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import polars as pl
import pytest
from commands import etl
from returns import CLOSED, PATENTS, RECEIVED, filled_form, take

from etl.documents.citations import link
from etl.gate.check import parsed_tables
from etl.project import SOURCE_COLUMNS, Project
from etl.warehouse.query import query

TEXT = "ningbo-2026"


@pytest.fixture(scope="module")
def taken(own_form: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """Return a project that has taken a form of 2026."""
    root = tmp_path_factory.mktemp("taken") / "project"
    shutil.copytree(own_form.root, root)
    form = filled_form(root / "form.xlsx", {RECEIVED: 6200, CLOSED: 6100, PATENTS: 78213})
    ran = take(Project(root), form)
    assert ran.exit_code == 0, ran.output
    return Project(root)


@pytest.fixture
def project(taken: Project, tmp_path: Path) -> Project:
    shutil.copytree(taken.root, tmp_path / "project")
    return Project(tmp_path / "project")


def register_text(project: Project, rows: Iterable[str], published_on: str = "2027-04-20") -> None:
    """Register a bulletin of 2026 that prints these figures, each `table row_of_the_raw_file`."""
    listed = dict.fromkeys(SOURCE_COLUMNS, "") | {
        "source": TEXT, "title": "公报", "published_on": published_on, "area": "330200", "period": "2026", "kind": "bulletin",
    }  # fmt: skip
    with (project.root / "raw" / "sources.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(listed.values())
    printed = []
    for address, row in (each.split(" ") for each in rows):
        with project.raw(address).open("a", encoding="utf-8") as file:
            file.write(f"{row}\n")
        printed += re.findall(r"[0-9.]+万?件", row)
    ledger = "".join(f"A1,{number},,{published},件,\n" for number, published in enumerate(printed, start=1))
    project.ledger(TEXT).write_text("section,ordinal,offset,published,unit,hedge\n" + ledger, encoding="utf-8")
    project = Project(project.root)
    link(project, parsed_tables(project, project.catalogue.entries()))


def run(project: Project) -> pl.DataFrame:
    """Publish the warehouse, and return the figures of 2026."""
    ran = etl(project, "run", "--lang", "en")
    assert ran.exit_code == 0, ran.output
    sql = "SELECT indicator, published, source, is_latest, is_provisional FROM report.bulletin WHERE period = '2026' ORDER BY ALL"
    return query(project.warehouse, sql)


def test_figures_of_returns_run_and_are_provisional(project: Project) -> None:
    assert run(project).rows() == [
        ("closed", "6100件", "return-2026-1", True, True),
        ("received", "6200件", "return-2026-1", True, True),
        ("valid_inventions", "78213件", "return-2026-1", True, True),
    ]
    assert query(project.warehouse, "FROM core.figure LIMIT 0").columns[-1] == "is_provisional"
    others = query(project.warehouse, "SELECT count(*) FROM core.figure WHERE is_provisional AND period <> '2026'").item()
    assert others == 0


def test_the_draft_marks_them(project: Project) -> None:
    run(project)
    for language, sentence, note in (
        ("zh", "新收知识产权案件6200件\\*（同比增长3.7%\\*），审结6100件\\*", "数字后标“\\*”者，为部门填报的初步数"),
        (
            "en",
            "accepted 6,200\\* (up 3.7%\\*",
            'Figures marked "\\*" are provisional',
        ),
    ):
        ran = etl(project, "bulletin", "--year", "2026", "--lang", language)
        assert ran.exit_code == 0, ran.output  # the Chinese text reads back as the figures that were put in
        assert sentence in ran.stdout
        assert note in ran.stdout
        before = etl(project, "bulletin", "--year", "2025", "--lang", language).stdout
        assert "\\*" not in before
    html = etl(project, "bulletin", "--year", "2026", "--lang", "zh", "--format", "html").stdout
    assert "6200件</data><sup>*</sup>" in html


@pytest.mark.parametrize("published_on", ["2027-04-20", ""])
def test_the_printed_text_takes_their_place(project: Project, published_on: str) -> None:
    rows = [f"courts.caseload 330200,2026,all,6200件,,6100件,,,{TEXT},A1", f"patents.stock 330200,2026,all,7.82万件,,,{TEXT},A1"]
    register_text(project, rows, published_on)
    assert run(project).rows() == [
        ("closed", "6100件", TEXT, True, False),
        ("closed", "6100件", "return-2026-1", False, False),
        ("received", "6200件", TEXT, True, False),
        ("received", "6200件", "return-2026-1", False, False),
        ("valid_inventions", "7.82万件", TEXT, True, False),
        ("valid_inventions", "78213件", "return-2026-1", False, False),
    ]


@pytest.mark.parametrize("published_on", ["2027-04-20", ""])
def test_a_figure_that_the_printed_text_changes_is_named(project: Project, published_on: str) -> None:
    rows = [f"courts.caseload 330200,2026,all,6290件,,6100件,,,{TEXT},A1", f"patents.stock 330200,2026,all,7.83万件,,,{TEXT},A1"]
    register_text(project, rows, published_on)
    ran = etl(project, "check", "--lang", "en")
    assert ran.exit_code == 1
    named = [line.partition("; if it")[0] for line in ran.output.splitlines() if "[sources-agree]" in line]
    assert [text.partition(" received: ")[2] or text.partition(" valid_inventions: ")[2] for text in named] == [
        f"{TEXT} prints 6290件, but return-2026-1 printed 6200件 before it (raw/courts/caseload.csv:4:17)",
        f"{TEXT} prints 7.83万件, but return-2026-1 printed 78213件 before it (raw/patents/stock.csv:8:17)",
    ]


@pytest.mark.slow
def test_a_late_return_neither_hides_the_printed_text_nor_is_provisional_unless_it_revises_it(project: Project) -> None:
    register_text(project, [f"courts.caseload 330200,2026,all,6200件,,6100件,,,{TEXT},A1"], "2027-01-05")
    assert run(project).rows()[0] == ("closed", "6100件", TEXT, True, False)
    form = project.root / "form.xlsx"
    late = filled_form(form, {RECEIVED: 6210, CLOSED: 6100}, name="late.xlsx")
    ran = take(project, late, "--period", "2026")
    assert ran.exit_code == 1
    assert "was printed before; if this corrects it, take the form with --revise" in ran.output
    assert take(project, late, "--period", "2026", "--revise").exit_code == 0
    received = [row for row in run(project).rows() if row[0] == "received"]
    assert received == [
        ("received", "6200件", TEXT, False, False),
        ("received", "6200件", "return-2026-1", False, False),
        ("received", "6210件", "return-2026-2", True, True),
    ]
