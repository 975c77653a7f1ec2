"""Each register's examples: which row breaks which rules, and which months the kept records come to."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import pytest
from conftest import ROOT, write_project

from etl.catalogue import REGISTERS, register
from etl.registers.check import CheckedRegister, check_register
from etl.warehouse.records import register_relations
from schemas.registers import row_rules

EXAMPLES = ROOT / "tests" / "examples"


def folder(address: str) -> Path:
    return EXAMPLES.joinpath(*address.split("."))


def given(address: str) -> list[list[str]]:
    with (folder(address) / "given.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header[-1] == "breaks"
    return [header, *rows]


@pytest.fixture(params=REGISTERS)
def address(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def checked(address: str, tmp_path: Path) -> CheckedRegister:
    project = write_project(tmp_path, {})
    path = project.raw(address)
    path.parent.mkdir(parents=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(row[:-1] for row in given(address))
    found = check_register(project, register(address), {}, lambda table: ())
    assert found is not None
    return found


def lines(address: str) -> list[int]:
    """The line on which each row starts; a quoted cell may have lines."""
    starts, line = [], 1
    for row in given(address):
        starts.append(line)
        line += 1 + sum(cell.count("\n") for cell in row)
    return starts[1:]


def test_each_row_breaks_the_rules_it_names_and_no_other(address: str, checked: CheckedRegister) -> None:
    found: dict[int, set[str]] = {line: set() for line in lines(address)}
    for finding in checked.findings:
        found[finding.place.line].add(finding.rule)
    assert list(found.values()) == [set(row[-1].split()) for row in given(address)[1:]]


def test_rows_read_are_rows_kept_and_rows_rejected(address: str, checked: CheckedRegister) -> None:
    rows = given(address)[1:]
    assert checked.rows == len(rows)
    assert checked.rejected == sum(bool(row[-1]) for row in rows)


def test_each_rule_of_rows_has_a_row_that_breaks_it_and_one_that_keeps_it(address: str, checked: CheckedRegister) -> None:
    declared = {rule.id for rule in row_rules(register(address).model)}
    counted = {outcome.rule.id: outcome for outcome in checked.outcomes}
    assert declared <= {rule for row in given(address)[1:] for rule in row[-1].split()}
    assert all(counted[rule].passed and counted[rule].failed for rule in declared)


def test_the_kept_records_give_the_expected_months(address: str, checked: CheckedRegister) -> None:
    records, months = register_relations(register(address), checked)
    assert sum(batch.height for batch in records.batches()) == sum(not row[-1] for row in given(address)[1:])
    with (folder(address) / "expected.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert months.rows.columns == header
    assert months.rows.height == len(rows), months.rows
    for made_row, row in zip(months.rows.iter_rows(), rows, strict=True):
        for name, value, text in zip(header, made_row, row, strict=True):
            assert is_same(value, text), f"{address} {made_row} {name}: {value!r} where {text!r} is expected"


def is_same(value: object, text: str) -> bool:
    if value is None or text == "":
        return value is None and text == ""
    return str(value) == text or (not isinstance(value, str) and math.isclose(float(str(value)), float(text), rel_tol=1e-12))
