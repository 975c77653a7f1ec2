"""The examples of each table and register: each row breaks the rules that it names, and the kept rows give the expected mart."""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from paths import ROOT

from etl.catalogue import CATALOGUE, PACKAGE, REGISTERS
from etl.gate.check import Checked
from etl.project import Project
from etl.registers.check import check_register
from etl.table_examples import ExampleError, check_examples
from etl.warehouse.mart_tables import mart_table
from etl.warehouse.register_tables import register_relations
from schemas.models import Revision, columns


@cache
def examples(folder: Path) -> tuple[Checked, list[ExampleError]]:
    folder.mkdir()
    addresses = (*CATALOGUE, *REGISTERS)
    return check_examples(ROOT, PACKAGE, addresses, addresses, folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.getbasetemp() / "examples"


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    return examples(tmp_path_factory.getbasetemp() / "examples")[0]


@pytest.mark.parametrize("address", (*CATALOGUE, *REGISTERS))
def test_each_row_breaks_the_rules_it_names_and_the_kept_rows_give_the_mart(address: str, folder: Path) -> None:
    faults = [fault.text("en") for fault in examples(folder)[1]]
    assert [fault for fault in faults if fault.startswith("/".join(("tests", "examples", *address.split("."), "")))] == []


@pytest.mark.parametrize("address", REGISTERS)
def test_each_row_of_a_register_is_kept_or_rejected(address: str, folder: Path) -> None:
    examples(folder)
    found = check_register(Project(folder), PACKAGE.register(address), {}, lambda table: ())
    assert found is not None
    broken = [bool(row["breaks"]) for row in given(address)]
    records, _ = register_relations(PACKAGE.register(address), found)
    assert (found.rows, found.rejected) == (len(broken), sum(broken))
    assert sum(batch.height for batch in records.batches()) == broken.count(False)


@pytest.mark.parametrize("address", CATALOGUE)
def test_a_row_of_a_table_breaks_one_rule_at_most(address: str) -> None:
    assert all(len(row["breaks"].split()) <= 1 for row in given(address))


def given(address: str) -> list[dict[str, str]]:
    with ROOT.joinpath("tests", "examples", *address.split("."), "given.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_mart_keeps_the_labels_and_the_figures_of_its_table(checked: Checked) -> None:
    for address in CATALOGUE:
        declared = columns(PACKAGE.entry(address).model)
        labels_and_figures = {column.name for column in declared if not isinstance(column.dtype, Revision)}
        made = mart_table(checked.tables[address], frozenset()).rows
        assert labels_and_figures <= set(made.columns), address
        assert made.select(pl.len()).item() == checked.tables[address].frame.height
