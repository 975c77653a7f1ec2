"""Slips that a person sees at once: a level many times last year's, a district above its city, a year left out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from projects import write_project

from etl.catalogue import PACKAGE
from etl.findings import Finding
from etl.gate.check import check
from etl.project import Project
from schemas.evaluation import Evaluation
from schemas.figure_table import of_frame
from schemas.models import Count, Table, figure, rules

HEADER = "area,period,works,source,section\n"
NEAR, USUAL = "level-is-near-that-of-the-year-before", "level-changes-no-more-than-usual"
WITHIN, GAP = "figure-is-within-that-of-the-enclosing-area", "no-year-is-missing-between-two"


def found(root: Path, *rows: str, table: str = "copyright.registrations", header: str = HEADER) -> list[Finding]:
    project: Project = write_project(root, {table: header + "".join(f"{row},example-a,1\n" for row in rows)})
    findings = check(project, PACKAGE.entries(), date(2026, 1, 1), whole=True, cite=False).findings
    return [each for each in findings if each.rule in (NEAR, USUAL, WITHIN, GAP)]


def places(findings: list[Finding]) -> list[tuple[str, int]]:
    return [(each.rule, each.place.line) for each in findings]


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ("1234件", "1234件", []),
        ("1234件", "3700件", []),
        ("1234件", "3704件", [(USUAL, 3)]),
        ("1234件", "9870件", [(USUAL, 3)]),
        ("1234件", "12340件", [(NEAR, 3)]),
        ("12340件", "1234件", [(NEAR, 3)]),
        ("1.2万件", "1.2亿件", [(NEAR, 3)]),
        ("1234件", "3700余件", []),
        ("超1234件", "12340件", []),
        ("0件", "40件", [(NEAR, 3)]),
    ],
)
def test_a_level_is_held_against_that_of_a_year_before(
    tmp_path: Path, before: str, now: str, expected: list[tuple[str, int]]
) -> None:
    assert places(found(tmp_path, f"330200,2024,{before}", f"330200,2025,{now}")) == expected


@pytest.mark.parametrize("other", ["330200,2023", "330300,2024", "330200,2024-H1"])
def test_it_is_held_against_no_other_year_area_or_span(tmp_path: Path, other: str) -> None:
    assert found(tmp_path, f"{other},12件", "330200,2025,12000件") == []


def test_the_message_names_both_prints_and_the_factor(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, "330200,2024,1234件", "330200,2025,12340件")
    assert finding.message.en == "12340件 is 10 times the 1234件 of a year before (raw/copyright/registrations.csv:2:13)"
    assert finding.message.zh == "12340件 为上年 1234件（raw/copyright/registrations.csv:2:13）的 10倍"
    assert (finding.severity, finding.column, len(finding.witnesses)) == ("warning", "works", 2)


def test_one_of_two_documents_that_fits_is_enough(tmp_path: Path) -> None:
    rows = ["330200,2024,12000件,example-b,1", "330200,2024,1200件,example-a,1", "330200,2025,12100件,example-a,1"]
    project = write_project(tmp_path, {"copyright.registrations": HEADER + "\n".join(rows) + "\n"})
    findings = check(project, PACKAGE.entries(), date(2026, 1, 1), whole=True, cite=False).findings
    assert [each.rule for each in findings if each.rule in (NEAR, USUAL)] == []


def test_a_district_is_within_its_city(tmp_path: Path) -> None:
    header = "area,period,court,received,source,section\n"
    rows = ("330200,2025,all,500件", "330203,2025,all,501件", "330205,2025,all,500件", "330203,2024,all,900件")
    findings = found(tmp_path, *rows, table="courts.caseload", header=header)
    assert places(findings) == [(WITHIN, 3)]
    assert findings[0].message.en == "501件 is more than the 500件 of the enclosing area (raw/courts/caseload.csv:2:17)"


@pytest.mark.parametrize(
    ("years", "expected"),
    [((2021, 2022, 2024), [(GAP, 4)]), ((2021, 2022, 2023), []), ((2023, 2025), []), ((2020, 2022, 2024), [(GAP, 3), (GAP, 4)])],
)
def test_a_series_of_one_document_leaves_out_no_year(tmp_path: Path, years: tuple[int, ...], expected: list[object]) -> None:
    assert places(found(tmp_path, *(f"330200,{year},1200件" for year in years))) == expected


class Complaints(Table, zh="投诉"):
    """Complaints."""

    received: Count = figure("受理投诉", "complaints received", "件", sums_over_areas=True)


@pytest.mark.parametrize(
    ("rows", "known", "broken"),
    [
        ([("A", 30, "x"), ("B", 10, "x"), ("C", 20, "x")], [0], []),
        ([("A", 31, "x"), ("B", 10, "x"), ("C", 20, "x")], [0], [0]),
        ([("A", 31, "x"), ("B", 10, "x")], [], []),
        ([("A", 31, "x"), ("B", 10, "x"), ("C", 20, "y")], [], []),
        ([("A", 31, "y"), ("B", 10, "x"), ("C", 20, "x")], [0], [0]),
        ([("A", 31, "x"), ("B", 10, "x"), ("C", None, "x")], [], []),
    ],
)
def test_all_areas_within_an_area_of_one_document_add_up_to_it(
    rows: list[tuple[str, int | None, str]], known: list[int], broken: list[int]
) -> None:
    frame = pl.DataFrame(
        [
            {"area": area, "period": "2025", "received": received, "source": source, "section": "1"}
            for area, received, source in rows
        ]
    )
    parents = {"A": None, "B": "A", "C": "A"}
    evaluation = Evaluation({"made.complaints": of_frame(Complaints, frame, "made.complaints")}, parents)
    verdicts = evaluation.verdicts("made.complaints", rules(Complaints)[0])
    assert (verdicts.known.nonzero()[0].tolist(), verdicts.broken.nonzero()[0].tolist()) == (known, broken)
