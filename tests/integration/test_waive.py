"""Accepting findings: `etl waive` finds the one that is named and writes one line, or says what to name."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from etl.catalogue import PACKAGE
from etl.cli import main
from etl.errors import ProjectError
from etl.gate.check import check
from etl.gate.waive import default_author
from etl.gate.waivers import WAIVER_COLUMNS, waivers
from etl.project import Project

MakeProject = Callable[..., Project]

# Row 2: more closed than received and carried over (error) and, by 2 percent, from no whole number of cases (warning).
# Row 3: there is no such area.
TABLE = (
    "area,period,court,received,received_growth_pct,closed,pending_at_start,source,section\n"
    "330200,2025,all,13件,+2%,30件,5件,example-a,1\n"
    "Atlantis,2025,all,7件,,,,example-a,1\n"
)
CARRIED = "closed-are-received-or-carried-over"
PLACE, UNKNOWN = "raw/courts/caseload.csv:2:25", "raw/courts/caseload.csv:3:1"
ROW_KEY = "330200:2025:all:example-a"


@pytest.fixture
def made(project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> Project:
    """A project with findings; as there is no ledger, no figure is cited."""
    for name, value in {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "LOGNAME": "clerk"}.items():
        monkeypatch.setenv(name, value)
    return project({"courts.caseload": TABLE})


def waive(project: Project, *arguments: str, reason: str = "so printed") -> Result:
    return CliRunner().invoke(main, ["waive", *arguments, "--reason", reason, "--project", str(project.root)])


def rows(project: Project) -> list[list[str]]:
    with project.waivers_file.open(encoding="utf-8", newline="") as file:
        header, *found = csv.reader(file)
    assert tuple(header) == WAIVER_COLUMNS
    return found


def today() -> str:
    return datetime.now(UTC).date().isoformat()


def findings(project: Project) -> list[tuple[str, str, bool]]:
    checked = check(project, PACKAGE.entries(), datetime.now(UTC).date(), whole=True)
    return [(each.rule, str(each.place), bool(each.waiver)) for each in checked.findings]


NAMES = {
    "place and rule": [f"{PLACE}[{CARRIED}]"],
    "line of output": [f"{PLACE}: error[{CARRIED}] closed: 30件 ≤ 13件 + 5件 does not hold"],
    "dot before the path": [f"./{PLACE}[{CARRIED}]"],
    "row and column": [CARRIED, "courts.caseload", ROW_KEY, "closed"],
    "row and column in one word": [f"{CARRIED} courts.caseload {ROW_KEY} closed"],
    "row": [CARRIED, "courts.caseload", ROW_KEY],
}


@pytest.mark.parametrize("names", NAMES.values(), ids=NAMES)
def test_a_finding_is_accepted_by_any_of_its_names(made: Project, names: list[str]) -> None:
    assert (CARRIED, PLACE, False) in findings(made)
    result = waive(made, *names)
    assert result.exit_code == 0, result.output
    assert result.output == f"raw/waivers.csv:2:1: accepts {PLACE} error[{CARRIED}]\n"
    assert rows(made) == [[CARRIED, "courts.caseload", ROW_KEY, "closed", "so printed", "clerk", today(), ""]]
    assert (CARRIED, PLACE, True) in findings(made)


def test_a_place_is_enough_where_one_finding_stands(made: Project) -> None:
    assert [rule for rule, where, _ in findings(made) if where == UNKNOWN] == ["code-is-known"]
    assert waive(made, UNKNOWN).exit_code == 0
    assert ("code-is-known", UNKNOWN, True) in findings(made)


def test_where_several_stand_they_are_listed_and_the_rule_is_asked_for(made: Project) -> None:
    result = waive(made, PLACE)
    assert result.exit_code == 2
    assert f"2 findings are named by '{PLACE}'" in result.output
    assert f"etl waive '{PLACE}[{CARRIED}]' --reason" in result.output
    assert f"etl waive '{PLACE}[figure-is-cited]' --reason" in result.output
    assert not made.waivers_file.exists()


def test_waivers_keep_their_order_and_an_expired_one_is_renewed_in_its_place(made: Project) -> None:
    others = [["some-rule", "a.b", "k", "c", 'with "quotes", and 中文', "A. Person", "2025-12-01", ""]]
    expired = [CARRIED, "courts.caseload", ROW_KEY, "closed", "old", "A. Person", "2024-12-01", "2025-01-31"]
    last = ["last-rule", "a.b", "k", "", "why", "A. Person", "2025-12-01", ""]
    with made.waivers_file.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([WAIVER_COLUMNS, *others, expired, last])
    until = (datetime.now(UTC).date() + timedelta(days=1)).isoformat()
    result = waive(made, f"{PLACE}[{CARRIED}]", "--author", "B. Clerk", "--expires", until)
    assert result.exit_code == 0, result.output
    renewed = [CARRIED, "courts.caseload", ROW_KEY, "closed", "so printed", "B. Clerk", today(), until]
    assert rows(made) == [*others, renewed, last]
    waive(made, UNKNOWN)
    assert [row[0] for row in rows(made)] == ["some-rule", CARRIED, "last-rule", "code-is-known"]


def test_a_reason_of_several_lines_is_one(made: Project) -> None:
    waive(made, f"{PLACE}[{CARRIED}]", reason=" the page\n was corrected ")
    assert rows(made)[0][4] == "the page was corrected"


REFUSED = {
    "blank reason": ([f"{PLACE}[{CARRIED}]"], "  ", "The reason is empty."),
    "past day": ([f"{PLACE}[{CARRIED}]", "--expires", "2020-01-31"], "why", "2020-01-31 has passed."),
    "no day": ([f"{PLACE}[{CARRIED}]", "--expires", "soon"], "why", "'soon' does not match the format '%Y-%m-%d'"),
    "no finding there": (
        ["raw/courts/caseload.csv:2:1"],
        "why",
        "On that line there are:\n  etl waive 'raw/courts/caseload.csv:2:17[figure-is-cited]'",
    ),
    "no finding of the rule there": ([f"{PLACE}[key-is-unique]"], "why", "There is no finding"),
    "no finding on the line": (["raw/courts/caseload.csv:9:1"], "why", "Run etl check"),
    "no such rule": ([CARRIED[:-1], "courts.caseload", ROW_KEY], "why", f"Did you mean '{CARRIED}'?"),
    "no name": (["closed"], "why", "'closed' names no finding."),
}


@pytest.mark.parametrize(("arguments", "reason", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_accepted_is_refused_with_the_next_step(
    made: Project, arguments: list[str], reason: str, message: str
) -> None:
    result = waive(made, *arguments, reason=reason)
    assert result.exit_code == 2
    assert message in result.output
    assert not made.waivers_file.exists()


def test_a_finding_is_accepted_once(made: Project) -> None:
    waive(made, f"{PLACE}[{CARRIED}]", reason="the first reason")
    result = waive(made, f"{PLACE}[{CARRIED}]")
    assert result.exit_code == 2
    assert "accepted already: the first reason" in result.output
    assert len(rows(made)) == 1


def test_a_needless_waiver_is_not_waived(made: Project) -> None:
    made.waivers_file.write_text(
        ",".join(WAIVER_COLUMNS) + "\n" + "sources-agree,courts.caseload,k,closed,why,A. Person,2025-12-01,\n", encoding="utf-8"
    )
    result = waive(made, "raw/waivers.csv:2:1")
    assert result.exit_code == 2
    assert "Correct or delete that line" in result.output
    assert len(rows(made)) == 1


def test_the_author_is_whom_git_knows_here(made: Project) -> None:
    assert default_author(made.root) == "clerk"
    subprocess.run(["git", "init", "--quiet", str(made.root)], check=True)
    subprocess.run(["git", "-C", str(made.root), "config", "user.name", "A. Person"], check=True)
    assert default_author(made.root) == "A. Person"


@pytest.mark.parametrize(
    ("row", "column", "message"),
    [
        ("r,t,k,c,why,A. Person,1.12.2025,", 23, "accepted_on '1.12.2025' is no date such as 2026-12-31"),
        ("r,t,k,c,why,A. Person,,", 23, "accepted_on '' is no date"),
        ("r,t,k,c,why,A. Person,2025-12-01,20261231", 34, "expires_on '20261231' is no date"),
        ("r,t,k,c,why,A. Person,2025-12-01,2026-02-30", 34, "expires_on '2026-02-30' is no date"),
        ("r,t,k,c, ,A. Person,2025-12-01,", 9, "the waiver of r has no reason"),
    ],
)
def test_a_malformed_waiver_is_an_error_of_the_project_at_its_place(made: Project, row: str, column: int, message: str) -> None:
    before = 'r,t,k,c,"a reason of\ntwo lines",A. Person,2025-12-01,\n\n'
    made.waivers_file.write_text(f"{','.join(WAIVER_COLUMNS)}\n{before}{row}\n", encoding="utf-8")
    with pytest.raises(ProjectError, match=rf"^raw/waivers\.csv:5:{column}: ") as refused:
        waivers(made)
    assert message in str(refused.value)
    result = CliRunner().invoke(main, ["check", "--project", str(made.root)])
    assert result.exit_code == 2
    assert f"raw/waivers.csv:5:{column}: " in result.output


def test_waivers_have_the_line_on_which_they_begin(made: Project) -> None:
    row = 'r,t,k,c,"a reason of\ntwo lines",A. Person,2025-12-01,\n'
    made.waivers_file.write_text(f"{','.join(WAIVER_COLUMNS)}\n{row}\n{row}", encoding="utf-8")
    assert [waiver.place.line for waiver in waivers(made)] == [2, 5]
    assert not waivers(made)[0].has_expired(date(2999, 1, 1))


def test_a_project_outside_git_has_no_git_author(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("LOGNAME", "someone")
    assert default_author(tmp_path) == "someone"
