"""Each table's examples: which row breaks which rule, and what mart the kept rows give.

All `given.csv` files together are one made-up project, because a rule may ask for a figure of another table.
"""

from __future__ import annotations

import csv
import math
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from conftest import ROOT, write_project

from etl.catalogue import CATALOGUE, entries, entry
from etl.gate.check import Checked, check
from etl.warehouse.mart_tables import mart_table
from schemas.vocabulary import Revision, columns, rules

EXAMPLES = ROOT / "tests" / "examples"


def folder(address: str) -> Path:
    return EXAMPLES.joinpath(*address.split("."))


def given(address: str) -> list[list[str]]:
    with (folder(address) / "given.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def declared_breaks(address: str) -> list[str]:
    header, *rows = given(address)
    assert header[-1] == "breaks"
    return [row[-1] for row in rows]


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    texts, sources = {}, set()
    for address in CATALOGUE:
        header, *rows = given(address)
        sources |= {row[header.index("source")] for row in rows}
        quoted = ("\t".join(row[:-1]).replace('"', '""').split("\t") for row in (header, *rows))
        texts[address] = "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in quoted)
    project = write_project(tmp_path_factory.mktemp("examples"), texts, sorted(sources))
    return check(project, entries(), date(2026, 1, 1), whole=True, cite=False)


@pytest.mark.parametrize("address", CATALOGUE)
def test_each_row_breaks_the_rule_it_names_and_no_other(address: str, checked: Checked) -> None:
    found: list[set[str]] = [set() for _ in declared_breaks(address)]
    for finding in checked.findings:
        if finding.table == address and finding.severity == declared_severity(address, finding.rule):
            assert finding.row is not None, finding
            found[finding.row].add(finding.rule)
    assert found == [{rule} if rule else set() for rule in declared_breaks(address)]


def declared_severity(address: str, rule_id: str) -> str:
    """A rule that is kept if digits were cut off gives a finding too, of the mildest severity: that breaks nothing."""
    declared = {rule.id: rule.severity for rule in rules(entry(address).model)}
    return declared.get(rule_id, "error")


@pytest.mark.parametrize("address", CATALOGUE)
def test_each_declared_rule_has_a_row_that_breaks_it_and_one_that_keeps_it(address: str, checked: Checked) -> None:
    declared = {rule.id for rule in rules(entry(address).model)}
    assert declared <= set(declared_breaks(address))
    passed = {outcome.rule.id for outcome in checked.outcomes[address] if outcome.passed}
    assert declared <= passed


@pytest.mark.parametrize("address", CATALOGUE)
def test_the_kept_rows_give_the_expected_mart(address: str, checked: Checked) -> None:
    made = mart_table(checked.tables[address], checked.rejected_rows(address)).rows
    with (folder(address) / "expected.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert made.columns == header
    assert made.height == len(rows)
    for made_row, row in zip(made.iter_rows(), rows, strict=True):
        for name, value, text in zip(header, made_row, row, strict=True):
            assert is_same(value, text), f"{address} {name}: {value!r} where {text!r} is expected"


def is_same(value: object, text: str) -> bool:
    if value is None or text == "":
        return value is None and text == ""
    if isinstance(value, float):
        return math.isclose(value, float(text), rel_tol=1e-9)
    return str(value) == text


def test_every_mart_keeps_the_labels_and_the_figures_of_its_table(checked: Checked) -> None:
    for address in CATALOGUE:
        declared = columns(entry(address).model)
        labels_and_figures = {column.name for column in declared if not isinstance(column.dtype, Revision)}
        made = mart_table(checked.tables[address], frozenset()).rows
        assert labels_and_figures <= set(made.columns), address
        assert made.select(pl.len()).item() == checked.tables[address].frame.height
