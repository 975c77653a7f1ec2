"""Registers at the command line: waivers, scopes, totals, what a run loads, and progress."""

from __future__ import annotations

import hashlib
import json
import subprocess
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from click.testing import Result
from commands import etl, python
from gate_project import write_waivers
from register_projects import (
    CASELOAD,
    CASES,
    FOLDER,
    PLEDGES,
    TODAY,
    case,
    csv_of,
    gate,
    monthly_cases,
    number,
    pledge,
    with_cases,
    with_files,
)

from etl.catalogue import PACKAGE
from etl.gate.check import check
from etl.registers.check import MOST_FINDINGS
from etl.registers.progress import Progress
from etl.warehouse.query import query
from schemas.texts import Text

# Waivers

EARLY = case(70, "2031-02-10", "2031-02-09")
RULE, KEY = "closed-is-not-before-received", "（2031）浙02民初70号"


def waiver(rule: str = RULE, key: str = KEY, column: str = "", until: str = "") -> str:
    return f"{rule},courts.cases,{key},{column},so in the file,A. Clerk,2031-06-01,{until}\n"


def test_a_waiver_accepts_one_row_which_is_loaded(tmp_path: Path) -> None:
    project = with_cases(tmp_path, [case(1, "2031-02-10"), EARLY, EARLY.replace("初70", "初80")])
    write_waivers(project, waiver())
    found = gate(project)
    assert [(each.row_key, bool(each.waiver)) for each in found.findings] == [(KEY, True), (KEY.replace("70", "80"), False)]
    assert found.registers["courts.cases"].rejected == 1


def test_unused_and_expired_waivers_are_reported_and_the_row_of_an_expired_one_is_rejected(tmp_path: Path) -> None:
    project = with_cases(tmp_path, [EARLY])
    write_waivers(project, waiver(until="2031-12-31") + waiver(key="gone"))
    found = gate(project)
    assert sorted(each.rule for each in found.findings) == sorted([RULE, "waiver-is-current", "waiver-is-needed"])
    assert not any(each.waiver for each in found.findings)
    assert found.registers["courts.cases"].rejected == 1


def test_a_waiver_may_accept_a_cell_a_key_a_group_and_a_published_figure(tmp_path: Path) -> None:
    again = "（2031）浙02民初1号"
    lines = [*monthly_cases(start=1), case(1, "2031-03-10"), case(70, "2031-03-11", amount="-1")]
    lines += [case(100 + nth, "2031-05-10", flag="1", court="intermediate") for nth in range(20)]
    project = with_cases(tmp_path, lines, {"courts.caseload": f"{CASELOAD}330200,2031,all,99件,,example-a,1\n"})
    accepted = [
        ("record-is-known-once", again, ""),
        ("not-below-its-range", "（2031）浙02民初70号", "amount_yuan"),
        ("investigators-take-part-in-some", "330200:intermediate:2031-05", ""),
        ("received-is-as-published", "330200:2031:all:example-a", ""),
    ]
    write_waivers(project, "".join(waiver(*each) for each in accepted))
    found = gate(project)
    assert sorted((each.rule, each.row_key, each.column) for each in found.findings) == sorted(accepted)
    assert all(each.waiver for each in found.findings)
    assert found.registers["courts.cases"].rejected == 0


@pytest.mark.parametrize("waived", [5, MOST_FINDINGS - 1, MOST_FINDINGS + 3])
def test_a_waiver_accepts_its_row_only_however_many_are_listed(tmp_path: Path, waived: int) -> None:
    many = MOST_FINDINGS + 10
    project = with_files(tmp_path, {f"{FOLDER}.csv": csv_of(*(pledge(serial, area="?") for serial in range(many)))})
    write_waivers(project, f"code-is-known,{PLEDGES},{number(waived)},area,so printed,A. Clerk,2031-02-01,\n")
    found = gate(project, PLEDGES)
    counted = {True: 0, False: 0}
    for finding in found.findings:
        counted[bool(finding.waiver)] += 1 + finding.more
    assert counted == {True: 1, False: many - 1}
    assert {each.rule for each in found.findings} == {"code-is-known"}
    assert found.registers[PLEDGES].rejected == many - 1


# At the command line


def rules_of(result: Result) -> dict[str, int]:
    """Count the findings of each rule, those not shown included."""
    document = json.loads(result.stdout)
    counted: dict[str, int] = {}
    for finding in document["findings"]:
        counted[finding["rule"]] = counted.get(finding["rule"], 0) + 1
    for rule, more in document["findings_not_shown"].items():
        counted[rule] = counted.get(rule, 0) + more
    return counted


def test_scopes_choose_among_the_rules_and_domains_of_registers(tmp_path: Path) -> None:
    project = with_cases(tmp_path, [EARLY, case(8, "2031-02-10", amount="-1")])
    with_files(tmp_path, {f"{FOLDER}.csv": csv_of(pledge(1, area="?"))})
    as_json = ("check", "--format", "json")
    every = {RULE: 1, "not-below-its-range": 1, "code-is-known": 1}
    assert rules_of(etl(project, *as_json)) == every
    assert rules_of(etl(project, *as_json, "--domain", "finance")) == {"code-is-known": 1}
    assert rules_of(etl(project, *as_json, "--select", "closed-*,record-*")) == {RULE: 1}
    assert rules_of(etl(project, *as_json, "--ignore", "not-*")) == {RULE: 1, "code-is-known": 1}
    assert etl(project, "check", "--ignore", ",".join(every)).exit_code == 0


def test_a_check_since_a_revision_tells_of_the_register_that_changed(tmp_path: Path) -> None:
    project = with_cases(tmp_path, [EARLY])
    with_files(tmp_path, {f"{FOLDER}/1.csv": csv_of(pledge(1, area="?"))})
    for command in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "first"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    since = ("check", "--format", "json", "--changed-since", "HEAD")
    assert rules_of(etl(project, *since)) == {}
    with_files(tmp_path, {f"{FOLDER}/2.csv": csv_of(pledge(2))})
    assert rules_of(etl(project, *since)) == {"code-is-known": 1}


def test_the_first_check_of_a_process_vectorises_every_check(tmp_path: Path) -> None:
    project = with_cases(tmp_path, [case(1, "2031-02-10", amount="-1"), case(2, "2031-02-10").replace("号", "？")])
    ran = python("from etl.cli import main; main()", "check", "--project", project.root, "--lang", "en")
    assert "amount_yuan: -1 is below 0" in ran.stdout
    assert "'（2031）浙02民初2？' is not of the form" in ran.stdout
    assert "taken apart" not in ran.stderr


def test_absent_registers_are_reported_and_no_fault(tmp_path: Path) -> None:
    ran = etl(with_cases(tmp_path, monthly_cases()), "check", "-v")
    assert ran.exit_code == 0
    absent = ", ".join(each.address for each in PACKAGE.registers() if each.address != "courts.cases")
    assert f"etl: no raw file of {absent} (registers are optional)" in ran.stderr


def test_totals_are_right_in_every_form_however_few_are_shown(tmp_path: Path) -> None:
    many = MOST_FINDINGS + 10
    rows = [pledge(serial, area="?") for serial in range(many)]
    project = with_files(tmp_path, {f"{FOLDER}.csv": csv_of(*rows)})
    text = etl(project, "check", "--lang", "en")
    assert f"… and {many - 20} more of code-is-known" in text.stdout
    assert f"the gate is shut: {many} errors" in text.stdout
    document = json.loads(etl(project, "check", "--format", "json", "--max-rows", "3").stdout)
    assert document["counts"]["error"] == document["counts"]["rows_rejected"] == many
    assert (len(document["findings"]), document["findings_not_shown"]) == (3, {"code-is-known": many - 3})
    (of_rule,) = [each for each in document["by_rule"] if each["rule"] == "code-is-known"]
    assert (of_rule["error"], of_rule["failed"]) == (many, many)
    totals = {"markdown": f"| {many} |", "html": f">{many}<", "junit": f"(+{many - 1})", "github": f"::{many - 20} more findings"}
    for form, total in totals.items():
        assert total in etl(project, "check", "--format", form, "--lang", "en").stdout, form


def test_the_memory_limit_is_a_size(tmp_path: Path) -> None:
    project = with_cases(tmp_path, monthly_cases())
    assert etl(project, "check", "--memory-limit", "300MB").exit_code == 0
    refused = etl(project, "check", "--memory-limit", "much")
    assert (refused.exit_code, "no size such as 500MB" in refused.stderr) == (2, True)


# What a run loads


def test_rows_read_are_rows_loaded_and_rows_rejected_by_name(tmp_path: Path) -> None:
    lines = [*monthly_cases(), EARLY, case(3, "2031-05-05", area="?", amount="-1"), "x,y"]
    project = with_cases(tmp_path, lines)
    assert etl(project, "run").exit_code == 1
    assert etl(project, "run", "--fail-on", "never").exit_code == 0
    loads = query(project.warehouse, "from quality.load where domain = 'courts'")
    assert loads.select("rows_read", "rows_loaded", "rows_rejected").rows() == [(15, 12, 3)]
    rejected = query(project.warehouse, "select raw_file, raw_line, row_key, rules from quality.rejected order by raw_line")
    assert rejected.rows() == [
        (CASES, 14, KEY, RULE),
        (CASES, 15, "（2031）浙02民初3号", "code-is-known not-below-its-range record-is-known-once"),
        (CASES, 16, None, "row-fits-header"),
    ]
    kept = query(project.warehouse, "select case_number, received_on, amount_yuan from courts.cases order by received_on")
    assert kept.rows()[0] == ("（2031）浙02民初0号", date(2031, 1, 10), pl.Series(["1.50"]).cast(pl.Decimal(18, 2))[0])
    assert kept.height == 12
    months = query(project.warehouse, "select sum(received), max(pending_at_end) from courts.cases_monthly")
    assert months.rows() == [(12, 12)]


def test_a_shut_gate_leaves_the_old_warehouse_as_it_is(tmp_path: Path) -> None:
    project = with_cases(tmp_path, monthly_cases())
    assert etl(project, "run").exit_code == 0
    before = hashlib.sha256(project.warehouse.read_bytes()).hexdigest()
    for broken, exit_code in ((EARLY, 1), ("x", 1), ('"', 1)):
        with_cases(tmp_path, [*monthly_cases(), broken])
        assert etl(project, "run").exit_code == exit_code
        assert hashlib.sha256(project.warehouse.read_bytes()).hexdigest() == before


def test_a_register_of_which_no_file_can_be_read_could_not_be_checked(tmp_path: Path) -> None:
    project = with_files(tmp_path, {f"{FOLDER}.parquet": b"PAR1"})
    ran = etl(project, "check", "--lang", "en")
    assert ran.exit_code == 2
    assert f"{FOLDER}.parquet:1:1: error[file-is-readable]" in ran.stdout
    assert f"{PLEDGES}: " in ran.stdout and "not run" in ran.stdout


# Progress


def test_progress_is_reported_only_of_a_long_scan() -> None:
    said: list[str] = []
    for after, lines in ((3600.0, 0), (0.0, 1)):
        progress = Progress(
            Text("checking courts.cases", "正在检查 courts.cases"),
            lambda text: said.append(text.en),
            rows=10,
            size=2_000_000,
            first_after=after,
        )
        progress.see(pl.DataFrame({"x": ["x"] * 5}))
        assert len(said) == lines
    assert "checking courts.cases: 5 rows" in said[0]
    assert "MB/s" in said[0] and "s left" in said[0]


def test_a_small_register_is_checked_in_silence(tmp_path: Path) -> None:
    said: list[str] = []
    project = with_cases(tmp_path, monthly_cases())
    check(project, [], TODAY, whole=True, registers=[PACKAGE.register("courts.cases")], say=lambda text: said.append(text.en))
    assert said == []
