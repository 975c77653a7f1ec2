"""Rows are held to what the list of sources says of their document: its area, and its own period."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from projects import SOURCE_COLUMNS, write_project

from etl.catalogue import PACKAGE
from etl.gate.check import check
from etl.project import Project

HEADER = "area,period,court,received,source,section\n"


def made(root: Path, *rows: str, kind: str = "bulletin") -> Project:
    """Give a project with rows of a document of 宁波市 that reports 2025."""
    project = write_project(root, {"courts.caseload": HEADER + "".join(f"{row},all,5件,paper,1\n" for row in rows)})
    described = {"source": "paper", "area": "330200", "period": "2025", "kind": kind}
    lines = [",".join(SOURCE_COLUMNS), ",".join(described.get(name, "") for name in SOURCE_COLUMNS)]
    (root / "raw" / "sources.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return project


def broken(project: Project) -> list[tuple[str, str]]:
    findings = check(project, PACKAGE.entries(), date(2026, 1, 1), whole=True, cite=False).findings
    return [(finding.rule, str(finding.place)) for finding in findings]


@pytest.mark.parametrize(
    ("area", "is_spoken_of"),
    [("330200", True), ("330203", True), ("330000", True), ("100000", True), ("330100", False)],
)
def test_a_document_speaks_of_its_area_of_those_within_and_of_those_around(tmp_path: Path, area: str, is_spoken_of: bool) -> None:
    expected = [] if is_spoken_of else [("area-is-of-the-source", "raw/courts/caseload.csv:2:1")]
    assert broken(made(tmp_path, f"{area},2025")) == expected


@pytest.mark.parametrize(
    ("periods", "kind", "is_reported"),
    [
        (["2025"], "bulletin", True),
        (["2023", "2025"], "bulletin", True),
        (["2021-01/2025-12"], "bulletin", True),
        (["2024"], "bulletin", False),
        (["2024"], "compilation", True),
    ],
)
def test_a_bulletin_that_speaks_of_an_earlier_period_speaks_of_its_own(
    tmp_path: Path, periods: list[str], kind: str, is_reported: bool
) -> None:
    expected = [] if is_reported else [("source-reports-its-own-period", "raw/courts/caseload.csv:2:8")]
    assert broken(made(tmp_path, *(f"330200,{period}" for period in periods), kind=kind)) == expected
