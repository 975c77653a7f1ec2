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
from etl.gate.waivers import WAIVER_COLUMNS
from etl.project import Project
from etl.tables.comparisons import MOST_LISTED, MOST_OTHERS, a_year_before
from schemas.evaluation import Evaluation
from schemas.figure_table import of_frame
from schemas.models import Count, Table, figure, rules

HEADER = "area,period,works,source,section\n"
NEAR, USUAL = "level-is-near-that-of-the-year-before", "level-changes-no-more-than-usual"
WITHIN, GAP = "figure-is-within-that-of-the-enclosing-area", "no-year-is-missing-between-two"
SAME, EXCHANGED = "figure-is-not-that-of-another-row", "figures-are-not-exchanged"


def found(root: Path, *rows: str, table: str = "copyright.registrations", header: str = HEADER) -> list[Finding]:
    project: Project = write_project(root, {table: header + "".join(f"{row},example-a,1\n" for row in rows)})
    findings = check(project, PACKAGE.entries(), date(2026, 1, 1), whole=True, cite=False).findings
    return [each for each in findings if each.rule in (NEAR, USUAL, WITHIN, GAP, SAME, EXCHANGED)]


def places(findings: list[Finding]) -> list[tuple[str, int]]:
    return [(each.rule, each.place.line) for each in findings]


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ("1234件", "1230件", []),
        ("1234件", "3700件", []),
        ("1234件", "3704件", [(USUAL, 3)]),
        ("1234件", "9870件", [(USUAL, 3)]),
        ("1234件", "12340件", [(NEAR, 3)]),
        ("12340件", "1234件", [(NEAR, 3)]),
        ("1.2万件", "1.2亿件", [(NEAR, 3)]),
        ("1234件", "3700余件", []),
        ("超1234件", "12340件", []),
        ("0件", "40件", [(NEAR, 3)]),
        ("0件", "3件", []),
        ("3件", "0件", []),
        ("5件", "0件", [(USUAL, 3)]),
    ],
)
def test_a_level_is_held_against_that_of_a_year_before(
    tmp_path: Path, before: str, now: str, expected: list[tuple[str, int]]
) -> None:
    assert places(found(tmp_path, f"330200,2024,{before}", f"330200,2025,{now}")) == expected


@pytest.mark.parametrize(
    ("column", "before", "now", "expected"),
    [
        ("mean_days", "42天", "420天", [(NEAR, 3)]),
        ("mean_days", "42天", "4.2天", [(NEAR, 3)]),
        ("mean_days", "42天", "24天", []),
        ("received_growth_pct", "+1%", "+90%", []),
    ],
)
def test_a_mean_is_held_against_that_of_a_year_before_and_a_growth_is_not(
    tmp_path: Path, column: str, before: str, now: str, expected: list[tuple[str, int]]
) -> None:
    header = f"area,period,channel,{column},source,section\n"
    rows = (f"330200,2024,online,{before}", f"330200,2025,online,{now}")
    assert places(found(tmp_path, *rows, table="administration.adjudications", header=header)) == expected


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


def test_so_many_prints_of_one_figure_are_compared_in_the_time_of_as_many_rows(tmp_path: Path) -> None:
    rows = [f"330200,{2024 + at % 2},{1000 + at}件,example-a,1" for at in range(3000)]
    write_project(tmp_path, {"copyright.registrations": HEADER + "\n".join(rows) + "\n"})
    table = check(Project(tmp_path), PACKAGE.entries(), date(2026, 1, 1), whole=True, cite=False).tables[
        "copyright.registrations"
    ]
    assert len(a_year_before(table.figure_table).rows) == 1500 * MOST_OTHERS


def test_a_district_is_within_its_city(tmp_path: Path) -> None:
    header = "area,period,court,received,source,section\n"
    rows = ("330200,2025,all,500件", "330203,2025,all,501件", "330205,2025,all,500件", "330203,2024,all,900件")
    findings = found(tmp_path, *rows, table="courts.caseload", header=header)
    assert places(findings) == [(WITHIN, 3)]
    assert findings[0].message.en == "501件 is more than the 500件 of the enclosing area (raw/courts/caseload.csv:2:17)"


@pytest.mark.parametrize(
    ("districts", "expected"),
    [
        ([("330203", "300件", "a"), ("330205", "201件", "a")], [(WITHIN, 2)]),
        ([("330203", "300件", "a"), ("330205", "200件", "a")], []),
        ([("330203", "300件", "a"), ("330205", "201件", "b")], []),
        ([("330203", "300余件", "a"), ("330205", "201件", "a")], [(WITHIN, 2)]),
        ([("330203", "近300件", "a"), ("330205", "201件", "a")], []),
        ([("330203", "600件", "a"), ("330205", "201件", "a")], [(WITHIN, 3)]),
    ],
)
def test_districts_of_one_document_are_together_within_their_city(
    tmp_path: Path, districts: list[tuple[str, str, str]], expected: list[tuple[str, int]]
) -> None:
    rows = ["330200,2025,all,500件,example-a,1", *(f"{area},2025,all,{text},example-{at},1" for area, text, at in districts)]
    header = "area,period,court,received,source,section\n"
    project = write_project(tmp_path, {"courts.caseload": header + "\n".join(rows) + "\n"})
    findings = check(project, PACKAGE.entries(), date(2026, 1, 1), whole=True, cite=False).findings
    assert places([each for each in findings if each.rule == WITHIN]) == expected


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ("1234件", "1234件", [(SAME, 3)]),
        ("12.3万件", "12.3万件", [(SAME, 3)]),
        ("12.3万件", "123000件", []),
        ("超1234件", "超1234件", [(SAME, 3)]),
        ("超1234件", "1234件", []),
        ("1200件", "1200件", []),
        ("90件", "90件", []),
    ],
)
def test_three_digits_are_not_the_same_in_two_years(
    tmp_path: Path, before: str, now: str, expected: list[tuple[str, int]]
) -> None:
    assert places(found(tmp_path, f"330200,2024,{before}", f"330200,2025,{now}")) == expected


def test_a_city_does_not_print_the_number_of_a_district(tmp_path: Path) -> None:
    header = "area,period,court,received,source,section\n"
    rows = ("330203,2025,all,517件", "330200,2025,all,517件", "330205,2025,ip_tribunal,517件")
    assert places(found(tmp_path, *rows, table="courts.caseload", header=header)) == [(SAME, 2)]


def test_a_row_of_small_numbers_is_not_that_of_the_year_before(tmp_path: Path) -> None:
    header = "area,period,cases,solved,suspects,source,section\n"
    rows = ("330200,2024,71件,64件,93名", "330200,2025,71件,64件,93名")
    assert places(found(tmp_path / "1", *rows, table="police.operations", header=header)) == [(SAME, 3)] * 3
    rows = ("330200,2024,71件,64件,93名", "330200,2025,71件,60件,98名")
    assert places(found(tmp_path / "2", *rows, table="police.operations", header=header)) == []


def test_a_number_repeats_by_chance_where_there_are_as_many_others(tmp_path: Path) -> None:
    rows = [f"330200,{year},{number}件" for year, number in zip(range(1850, 2000), range(250, 100, -1), strict=True)]
    assert SAME not in [each.rule for each in found(tmp_path, *rows, "330200,2000,101件")]


@pytest.mark.parametrize(
    ("before", "now", "pending", "expected"),
    [
        (("980件", "960件"), ("970件", "990件"), "", [EXCHANGED]),
        (("980件", "980件"), ("970件", "971件"), "", [EXCHANGED]),
        (("980件", "960件"), ("970件", "990件"), "40件", []),
        (("960件", "980件"), ("970件", "990件"), "", []),
        (("960件", "980件"), ("990件", "970件"), "", []),
        (("960件", "310件"), ("330件", "985件"), "700件", [EXCHANGED]),
    ],
)
def test_received_and_closed_stand_as_a_year_before(
    tmp_path: Path, before: tuple[str, str], now: tuple[str, str], pending: str, expected: list[str]
) -> None:
    header = "area,period,court,received,closed,pending_at_start,source,section\n"
    rows = (f"330200,2024,all,{before[0]},{before[1]},", f"330200,2025,all,{now[0]},{now[1]},{pending}")
    findings = [each for each in found(tmp_path, *rows, table="courts.caseload", header=header) if each.rule == EXCHANGED]
    assert [each.rule for each in findings] == expected
    if expected:
        assert (findings[0].severity, findings[0].column, findings[0].place.line) == ("warning", "received", 3)
        assert all(text in findings[0].message.en for text in (*before, *now))


@pytest.mark.parametrize(
    ("now", "expected"),
    [(("24件", "61件"), [EXCHANGED]), (("61件", "24件"), []), (("30件", "36件"), []), (("240件", "610件"), [])],
)
def test_two_rows_of_a_document_stand_as_a_year_before(tmp_path: Path, now: tuple[str, str], expected: list[str]) -> None:
    rows = ("330203,2024,60件", "330205,2024,25件", f"330203,2025,{now[0]}", f"330205,2025,{now[1]}")
    assert [each.rule for each in found(tmp_path, *rows) if each.rule == EXCHANGED] == expected


@pytest.mark.parametrize(
    ("years", "expected"),
    [((2021, 2022, 2024), [(GAP, 4)]), ((2021, 2022, 2023), []), ((2023, 2025), []), ((2020, 2022, 2024), [(GAP, 3), (GAP, 4)])],
)
def test_a_series_of_one_document_leaves_out_no_year(tmp_path: Path, years: tuple[int, ...], expected: list[object]) -> None:
    assert places(found(tmp_path, *(f"330200,{year},12件" for year in years))) == expected


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


def test_of_very_many_findings_the_last_stands_for_the_rest_and_a_waived_one_is_listed(tmp_path: Path) -> None:
    years, areas = range(1826, 2026), ("330203", "330205", "330206", "330211", "330212", "330213")
    rows = [f"{area},{year},123456件,example-a,1\n" for area in areas for year in years]
    project = write_project(tmp_path, {"copyright.registrations": HEADER + "".join(rows)})
    waiver = f"{SAME},copyright.registrations,{areas[-1]}:{years[-1]}:example-a,works,seen,,2026-01-01,\n"
    (tmp_path / "raw" / "waivers.csv").write_text(",".join(WAIVER_COLUMNS) + "\n" + waiver, encoding="utf-8")
    findings = check(project, PACKAGE.entries(), date(2026, 1, 1), whole=True, cite=False).findings
    same = [each for each in findings if each.rule == SAME]
    assert sum(1 + each.more for each in same) == len(rows) - len(areas)
    assert len(same) == MOST_LISTED + 1
    assert [each.place.line for each in same if each.waiver] == [len(rows) + 1]
