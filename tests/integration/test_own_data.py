"""The project's own raw tables: every figure of the bulletin is there, is right, and cannot change unseen."""

from __future__ import annotations

import csv
import re
import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from paths import ROOT

from etl.catalogue import PACKAGE
from etl.documents.citations import document
from etl.documents.ledgers import verify_document
from etl.documents.read import read_document
from etl.findings import Place
from etl.gate.check import Checked, check
from etl.project import Project
from etl.run import run
from etl.warehouse.core_tables import figure_table
from etl.warehouse.query import query

BULLETIN = ROOT.parent / "shared" / "bulletin" / "ningbo-2025.txt"
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="module")
def checked() -> Checked:
    return check(Project(ROOT), PACKAGE.entries(), TODAY, whole=True)


def test_the_gate_is_open_and_every_warning_is_waived_with_a_reason(checked: Checked) -> None:
    left = [finding for finding in checked.findings if not finding.waiver and finding.severity != "information"]
    assert left == []
    assert checked.exit_code("error") == 0
    assert checked.skipped == []


def test_every_ledger_figure_is_cited_once_or_excluded_with_a_reason() -> None:
    project = Project(ROOT)
    for source in project.sources:
        known = document(project, source)
        assert known is not None, source
        assert set(known.ledger) == set(known.taken) | set(known.left_out), source
        assert not set(known.taken) & set(known.left_out), source


def test_every_figure_of_the_bulletin_is_in_core_figure(checked: Checked) -> None:
    project = Project(ROOT)
    known = document(project, "ningbo-2025")
    assert known is not None
    figures = figure_table(Project(ROOT), checked).rows.filter(pl.col("source") == "ningbo-2025")
    addresses = {
        (f"{domain}.{table}", key, indicator): published
        for domain, table, key, indicator, published in figures.select(
            "domain", "table_name", "row_key", "indicator", "published"
        ).iter_rows()
    }
    for position, (cell, _) in known.taken.items():
        assert addresses[cell] == known.ledger[position].published
    assert len(addresses) == len(set(known.cells))


def test_every_value_lies_within_its_bounds_and_every_share_within_its_range(checked: Checked) -> None:
    figures = figure_table(Project(ROOT), checked).rows
    assert figures.filter((pl.col("low") > pl.col("value")) | (pl.col("high") < pl.col("value"))).is_empty()
    assert figures.filter(pl.col("value").is_null()).is_empty()
    assert figures.filter(
        (pl.col("unit") == "%") & (pl.col("value") > 100) & (pl.col("indicator").str.contains("share"))
    ).is_empty()


@pytest.mark.parametrize(
    ("published", "value", "low", "high", "unit"),
    [
        ("7.64万件", 76_400, 76_350, 76_450, "件"),
        ("4.40万件", 44_000, 43_950, 44_050, "件"),
        ("超七成", 70, 70, None, "%"),
        ("33万人", 330_000, 325_000, 335_000, "人"),
        ("近1.2万家", 12_000, None, 12_000, "家"),
        ("4000余家", 4_000, 4_000, 5_000, "家"),
        ("1.1亿余元", 1.1e8, 1.1e8, 1.2e8, "元"),
        ("不少于330万美元", 3.3e6, 3.3e6, None, "美元"),
        ("3个月左右", 3, None, None, "个月"),
        ("42天", 42, 41.5, 42.5, "天"),
        ("12.33倍", 12.33, 12.325, 12.335, "倍"),
        ("5981件", 5_981, 5_981, 5_981, "件"),
        ("786亿元", 7.86e10, 7.855e10, 7.865e10, "元"),
    ],
)
def test_a_figure_has_the_value_and_the_bounds_that_its_print_means(
    checked: Checked, published: str, value: float, low: float | None, high: float | None, unit: str
) -> None:
    figures = figure_table(Project(ROOT), checked).rows.filter(
        pl.col("source") == "ningbo-2025", pl.col("published") == published
    )
    assert figures.height >= 1
    assert set(figures.select("value", "low", "high", "unit").iter_rows()) == {(value, low, high, unit)}


def copied(tmp_path: Path) -> Project:
    shutil.copytree(ROOT / "raw", tmp_path / "raw")
    return Project(tmp_path)


@pytest.mark.parametrize("position", range(6))
def test_changing_any_digit_of_any_figure_of_the_bulletin_names_the_cell(tmp_path: Path, position: int) -> None:
    """Every figure cell of the 2025 bulletin has its digit at `position` changed, all at once: each must be named."""
    project = copied(tmp_path)
    changed: set[Place] = set()
    for entry in PACKAGE.entries():
        path = project.raw(entry.address)
        if path.is_file():
            changed |= change_digits(project, path, position)
    found = {
        finding.place
        for finding in check(project, PACKAGE.entries(), TODAY, whole=True).findings
        if finding.rule == "figure-is-cited" and not finding.waiver
    }
    assert changed or position > 4
    assert changed <= found


def change_digits(project: Project, path: Path, position: int) -> set[Place]:
    """Change the digit at a position of each figure cell of the 2025 rows; give the places of the changed cells."""
    with path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    labels = {"area", "period", "source", "section"}
    changed, lines = set(), [",".join(header)]
    for number, row in enumerate(rows, start=2):
        cells, column = [], 1
        for name, cell in zip(header, row, strict=True):
            digits = [match.start() for match in re.finditer("[0-9]", cell)]
            is_figure = (
                name not in labels and row[header.index("source")] == "ningbo-2025" and bool(re.search("[0-9].*\\D$", cell))
            )
            if is_figure and position < len(digits):
                at = digits[position]
                cell = f"{cell[:at]}{(int(cell[at]) + 1) % 10}{cell[at + 1 :]}"
                changed.add(Place(project.relative(path), number, column))
            cells.append(cell)
            column += len(cell) + 1
        lines.append(",".join(cells))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return changed


def test_one_changed_digit_shuts_the_gate_and_leaves_the_warehouse_as_it_was(tmp_path: Path) -> None:
    project = copied(tmp_path)
    assert run(project, "error", lambda text: None).published
    before = project.warehouse.read_bytes()
    path = project.raw("courts.caseload")
    path.write_text(path.read_text(encoding="utf-8").replace("5954件", "5945件"), encoding="utf-8")
    ran = run(project, "error", lambda text: None)
    assert (ran.exit_code, ran.published) == (1, False)
    assert project.warehouse.read_bytes() == before
    errors = [finding for finding in ran.checked.findings if finding.severity == "error" and not finding.waiver]
    assert [(finding.place.file, finding.column) for finding in errors] == [("raw/courts/caseload.csv", "closed")]


def test_the_warehouse_of_the_project_answers_queries(tmp_path: Path) -> None:
    project = copied(tmp_path)
    run(project, "error", lambda text: None)
    answer = query(project.warehouse, "SELECT value FROM core.figure WHERE published = $printed", {"printed": "5981件"})
    assert answer["value"].to_list() == [5981.0]


@pytest.mark.skipif(not BULLETIN.is_file(), reason="the bulletin is not here")
def test_the_committed_ledger_is_what_the_bulletin_says() -> None:
    assert verify_document(Project(ROOT), read_document(BULLETIN), None) == []


@pytest.mark.skipif(not BULLETIN.is_file(), reason="the bulletin is not here")
def test_a_bulletin_with_another_figure_differs_from_the_ledger(tmp_path: Path) -> None:
    changed = tmp_path / "changed.txt"
    changed.write_text(BULLETIN.read_text(encoding="utf-8").replace("5981", "5918"), encoding="utf-8")
    assert verify_document(Project(ROOT), read_document(changed), "ningbo-2025") != []
