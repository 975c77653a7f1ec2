"""Aliases of columns are data: three documents that confirm one propose it, and the project's list is read."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from commands import etl
from second_city import made

from etl.files import replace_csv
from etl.intake.aliases import column_aliases
from etl.intake.proposals import PROPOSAL_COLUMNS
from etl.project import Project

YEARS = (2031, 2032, 2033)
LIST = "table,column,aliases\npatents.stock,valid_inventions,企业发明存档\n"


def text(year: int) -> str:
    return f"{year}年示例市知识产权情况\n一、创造\n全年企业发明存档达{year * 3}件。\n"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with three documents, in which a person has linked what the list of names does not have."""
    root = made(tmp_path_factory.mktemp("aliases") / "city")
    for year in YEARS:
        document, table = root / f"{year}.txt", root / "proposals.csv"
        document.write_text(text(year), encoding="utf-8")
        assert etl(root, "fill", str(document), "-o", str(table)).exit_code == 0
        (row,) = csv.DictReader(table.read_text(encoding="utf-8").splitlines())
        cell = {"table": "patents.stock", "row_key": f"990100:{year}:all:exampleton-{year}", "column": "valid_inventions"}
        replace_csv(table, PROPOSAL_COLUMNS, [list((row | cell | {"class": "sure"}).values())])
        ran = etl(root, "fill", str(document), "--apply", str(table), "--by", "A. Person")
        assert "sources/" in ran.stdout, ran.output
    return root


def test_a_name_that_three_documents_print_is_proposed_and_no_more_once_it_is_listed(city: Path) -> None:
    listed = city / "schemas" / "column_aliases.csv"

    ran = etl(city, "fill", "--aliases", "-o", str(listed), "--lang", "en")

    sources = ", ".join(f"exampleton-{year}" for year in YEARS)
    assert ran.stdout == f"patents.stock.valid_inventions: 企业发明存档 ({sources})\n"
    assert listed.read_text(encoding="utf-8") == LIST
    assert column_aliases(Project(city).catalogue)["patents.stock", "valid_inventions"][-1] == "企业发明存档"
    again = etl(city, "fill", "--aliases", "--lang", "en")
    assert (again.stdout, "0 aliases" in again.stderr) == ("", True)
    listed.unlink()


def test_two_documents_propose_nothing(city: Path, tmp_path: Path) -> None:
    phrases = city / "raw" / "sources" / "exampleton-2033.phrases.csv"
    kept = phrases.read_text(encoding="utf-8")
    phrases.unlink()
    try:
        assert etl(city, "fill", "--aliases").stdout == ""
    finally:
        phrases.write_text(kept, encoding="utf-8")


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("patents.stock,nothing,别名", "2:1: there is no column nothing"),
        ("patents.stock,valid_inventions,", "2:32: aliases is blank"),
    ],
)
def test_a_fault_of_the_list_is_told_by_line_and_column(city: Path, row: str, fault: str) -> None:
    listed = city / "schemas" / "column_aliases.csv"
    listed.write_text(f"table,column,aliases\n{row}\n", encoding="utf-8")
    try:
        ran = etl(city, "fill", str(city / "2031.txt"))
    finally:
        listed.unlink()

    assert (ran.exit_code, f"schemas/column_aliases.csv:{fault}" in ran.stderr) == (2, True), ran.stderr
