"""A likely slip is named where documents, the year before or the digits say so; else nothing is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from projects import write_project

from etl.catalogue import PACKAGE
from etl.documents.citations import LEDGER_COLUMNS, cells_by_source, link
from etl.files import replace_csv
from etl.findings import Finding
from etl.gate.check import check, parsed_tables
from etl.project import Project

DOCKET = "area,period,court,received,closed,pending_at_start,pending_at_end,source,section\n"
GROWTH = "area,period,court,received,received_growth_pct,source,section\n"
GRIM = "area,period,cases,share_pct,source,section\n"


def written(root: Path, header: str, rows: Iterable[str], table: str = "courts.caseload") -> Project:
    return write_project(root, {table: header + "".join(f"{row}\n" for row in rows)})


def found(project: Project, *, cite: bool = False) -> list[Finding]:
    return check(project, PACKAGE.entries(), date(2026, 1, 1), whole=True, cite=cite).findings


def named(findings: Iterable[Finding]) -> list[tuple[str, int, str]]:
    """Return the column, the line and the text of each likely slip."""
    first = (each.suspects[0] for each in findings if each.suspects)
    return [(each.address.rpartition(".")[2], each.place.line, each.text) for each in first if each.text]


@pytest.mark.parametrize("start", ["0", "0件", "1", "1053", "1053件"])
def test_no_figure_is_proposed_that_is_wide_enough_for_anything(start: str, tmp_path: Path) -> None:
    for closed in ("1000件", "3000件"):
        project = written(tmp_path, DOCKET, [f"330200,2025,all,1200件,{closed},{start},300件,example-a,1"])
        findings = found(project)
        assert findings
        assert named(findings) == []


@pytest.mark.parametrize("row", ["1件,46.05%", "3件,46.05%", "199件,46.05%", "1053件,13.37%"])
def test_a_share_of_whole_cases_names_no_other_count(row: str, tmp_path: Path) -> None:
    project = written(tmp_path, GRIM, [f"330200,2025,{row},example-a,1"], "courts.technical_investigators")
    assert named(found(project)) == []


def test_digits_that_no_other_number_would_mend_are_named(tmp_path: Path) -> None:
    project = written(tmp_path, DOCKET, ["330200,2025,all,1243件,1078件,230件,395件,example-a,1"])
    assert named(found(project)) == []
    project = written(tmp_path, DOCKET, ["330200,2025,all,1423件,1078件,230件,395件,example-a,1"])
    assert named(found(project)) == [("received", 2, "1243件")]


def cited(root: Path, rows: Iterable[str], entered: Iterable[str], header: str = GROWTH) -> Project:
    """Write rows as their documents print them, link them, and enter others in their place."""
    project = written(root, header, rows)
    cells = cells_by_source(parsed_tables(project, PACKAGE.entries()).values())
    for source, of_document in cells.items():
        printed = [["1", str(number), "", each.published, "", ""] for number, each in enumerate(of_document, 1)]
        replace_csv(project.ledger(source), LEDGER_COLUMNS, printed)
    link(project, parsed_tables(project, PACKAGE.entries()))
    return written(root, header, entered)


LAST, THIS = "330200,2024,all,5000件,,example-a,1", "330200,2025,all,5500件,+10.0%,example-b,1"


@pytest.mark.parametrize(
    ("last", "this", "expected"),
    [
        (LAST, THIS.replace("5500件", "5005件"), [("received", 3, "5500件")]),
        (LAST, THIS.replace("5500件", "55000件"), [("received", 3, "5500件")]),
        (LAST, THIS.replace("+10.0%", "-10.0%"), [("received_growth_pct", 3, "+10.0%")]),
        (LAST.replace("5000件", "4000件"), THIS, [("received", 2, "5000件")]),
        (LAST, THIS.replace("5500件", "7777件"), [("received", 3, "5500件")]),
    ],
)
def test_a_cell_that_differs_from_its_document_is_named_with_what_that_prints(
    last: str, this: str, expected: list[tuple[str, int, str]], tmp_path: Path
) -> None:
    findings = found(cited(tmp_path, [LAST, THIS], [last, this]), cite=True)
    assert named(each for each in findings if each.rule == "growth-leads-from-the-year-before") == expected


@pytest.mark.parametrize(
    "this", [THIS.replace("5500件", "55000件"), THIS.replace("5500件", "5050件"), THIS.replace("+10.0%", "-10.0%")]
)
def test_a_cell_that_an_earlier_document_confirms_is_not_blamed(this: str, tmp_path: Path) -> None:
    findings = found(cited(tmp_path, [LAST, this], [LAST, this]), cite=True)
    assert "growth-leads-from-the-year-before" in [each.rule for each in findings]
    assert {line for _, line, _ in named(findings)} <= {3}


def test_a_level_far_from_last_years_is_named_where_all_are_confirmed(tmp_path: Path) -> None:
    this = THIS.replace("5500件", "55000件")
    findings = found(cited(tmp_path, [LAST, this], [LAST, this]), cite=True)
    assert named(findings) == [("received", 3, "5500件")]
