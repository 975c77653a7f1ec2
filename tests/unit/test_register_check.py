"""Check registers as the gate does: seeded faults, what is published, groups and flows."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from register_projects import (
    CASELOAD,
    CASES,
    case,
    checked,
    gate,
    locate,
    monthly_cases,
    with_cases,
    with_files,
)

from etl.catalogue import PACKAGE, REGISTERS
from etl.registers.group_codes import MONTH
from etl.registers.groups import flow_verdicts
from etl.synthetic.faults import kinds_of_faults
from etl.synthetic.generate import generate, locate_faults, write_register
from etl.synthetic.profile import profile
from schemas.registers import flow

# Seeded faults

BROKEN_RULES = {
    "end-before-start": "-is-not-before-", "impossible-date": "day-is-a-date", "unknown-code": "code-is-known",
    "negative-amount": "not-below-its-range", "duplicate-key": "record-is-known-once", "blank": "cell-is-filled",
    "malformed-number": "identifier-is-well-formed", "wrong-year": "number-bears-the-year",
}  # fmt: skip


@pytest.mark.parametrize("form", ["csv", "csv.gz", "parquet"])
@pytest.mark.parametrize("address", REGISTERS)
def test_every_seeded_fault_is_found_at_its_place_and_nothing_else(tmp_path: Path, address: str, form: str) -> None:
    wanted = dict.fromkeys(kinds_of_faults(profile(address, PACKAGE)), 3)
    made = generate(address, rows=900, seed=7, faults=wanted)
    project = with_files(tmp_path, {})
    faults = locate_faults(made, write_register(made, project.raw(address).with_suffix(""), parts=3, form=form))  # type: ignore[arg-type]
    found = checked(project, address)
    left = {
        (each.place.file, each.place.line, each.column or ""): each.rule for each in found.findings if each.severity == "error"
    }
    for fault in faults.iter_rows(named=True):
        file = Path(fault["file"]).relative_to(tmp_path).as_posix()
        line = fault["row"] if form == "parquet" else fault["row"] + 1
        rule = left.pop((file, line, fault["column"]), "") or left.pop((file, line, ""), "")
        assert BROKEN_RULES[fault["kind"]] in rule, fault
    assert left == {}
    assert (found.rows, found.rejected) == (900, faults.height)


# What is published


@pytest.mark.parametrize(
    ("published", "cases", "agrees"),
    [
        ("12件", 12, True), ("12件", 13, False), ("12件", 11, False), ("近12件", 12, True), ("近12件", 13, False),
        ("超10件", 12, True), ("超13件", 12, False), ("10余件", 12, True), ("10余件", 21, False),
    ],
)  # fmt: skip
def test_a_count_is_held_to_the_interval_of_the_published_figure(
    tmp_path: Path, published: str, cases: int, agrees: bool
) -> None:
    lines = [*monthly_cases()[: min(cases, 11)], *(case(50 + nth, "2031-12-01") for nth in range(max(1, cases - 11)))]
    lines = lines if cases >= 12 else [*monthly_cases()[:10], case(50, "2031-12-01")]
    project = with_cases(tmp_path, lines, {"courts.caseload": f"{CASELOAD}330200,2031,all,{published},,example-a,1\n"})
    found = [each for each in gate(project).findings if each.rule == "received-is-as-published"]
    expected = [] if agrees else ["raw/courts/caseload.csv:2:17 received-is-as-published"]
    assert locate(found) == expected
    for finding in found:
        assert f"is published as {published}; {CASES} counts {cases}" in finding.message.en
        assert f"公布为 {published}；{CASES} 计得 {cases}" in finding.message.zh
        assert finding.severity == "error"


def test_a_part_is_held_to_the_figure_of_the_part(tmp_path: Path) -> None:
    tables = {"courts.caseload": f"{CASELOAD}330200,2031,all,13件,,example-a,1\n330200,2031,ip_tribunal,2件,,example-a,1\n"}
    project = with_cases(tmp_path, [*monthly_cases(), case(99, "2031-05-05", court="ip_tribunal")], tables)
    found = [each for each in gate(project).findings if each.rule.endswith("as-published")]
    assert locate(found) == ["raw/courts/caseload.csv:3:25 received-is-as-published"]
    assert "counts 1" in found[0].message.en


def test_a_period_that_the_register_does_not_cover_is_not_compared(tmp_path: Path) -> None:
    tables = {"courts.caseload": f"{CASELOAD}330200,2030,all,99件,,example-a,1\n330300,2031,all,99件,,example-a,1\n"}
    found = gate(with_cases(tmp_path, monthly_cases(), tables))
    assert [each for each in found.findings if each.rule.endswith("as-published")] == []
    (outcome,) = [each for each in found.outcomes["courts.cases"] if each.rule.id == "received-is-as-published"]
    assert (outcome.passed, outcome.failed, outcome.not_applicable) == (0, 0, 2)


# Groups


def test_a_month_without_records_is_a_missing_file(tmp_path: Path) -> None:
    lines = monthly_cases(each=25)
    project = with_cases(tmp_path, [line for line in lines if "2031-04" not in line and "2031-05" not in line])
    (finding,) = gate(project).findings
    assert (finding.rule, finding.severity, finding.row_key) == ("every-month-has-records", "warning", "330200:2031-04")
    assert "until 2031-05" in finding.message.en


def test_a_group_that_breaks_a_rule_is_reported_with_its_sum(tmp_path: Path) -> None:
    lines = [case(nth, "2031-03-10", flag="1") for nth in range(20)] + [case(99, "2031-04-10", flag="1")]
    (finding,) = gate(with_cases(tmp_path, lines)).findings
    assert (finding.rule, finding.row_key) == ("investigators-take-part-in-some", "330200:base:2031-03")
    assert "cases 20, investigated 20" in finding.message.en


def test_a_flow_that_does_not_add_up_is_reported() -> None:
    counted = flow(PACKAGE.register("courts.cases").model)
    months = pl.DataFrame(
        {"area": ["330200"] * 2, "court": ["base"] * 2, MONTH: [24372, 24373], "received": [3, 4], "closed": [1, 2],
         "pending_at_start": [0, 2], "pending_at_end": [2, 5]}
    )  # fmt: skip
    adds_up, _ = flow_verdicts(months, counted)
    assert (adds_up.passed, adds_up.broken.get_column(MONTH).to_list()) == (1, ["2031-02"])
