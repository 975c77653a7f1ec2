"""The rules of a table of few rows, judged one by one, say what the queries say: of every rule, row and message."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import polars as pl
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from test_examples import checked as examples  # noqa: F401  a fixture

from etl.catalogue import entries
from etl.findings import Finding
from etl.gate.check import Checked, check
from etl.project import Project
from etl.slips.mutants import mutated, row_mutants
from etl.tables.explain import explained
from etl.tables.lookups import looked_up
from etl.tables.parse import ROW, ParsedTable
from etl.tables.row_by_row import judged
from etl.tables.validate import Outcome, claims, validate
from schemas.claims import HIGH, LOW
from schemas.vocabulary import figures

Tables = dict[str, ParsedTable]
Said = tuple[list[Outcome], list[Finding]]


def one_by_one(table: ParsedTable, tables: Tables) -> Said | None:
    """What is said of a table; nothing where that needs a query."""
    found = judged(table, tables)
    if found is None:
        return None
    rows, outcomes = found

    def numbered(numbers: Collection[int]) -> list[dict[str, object]]:
        return [row for row in rows if row[ROW] in numbers]

    return outcomes, [finding for each in outcomes for finding in explained(each, table, numbered, tables)]


def by_queries(table: ParsedTable, tables: Tables) -> Said:
    model = table.raw.entry.model
    frame = looked_up(table, claims(model), tables)
    outcomes = validate(model, frame)

    def numbered(numbers: Collection[int]) -> list[dict[str, object]]:
        return frame.filter(pl.col(ROW).is_in(list(numbers))).to_dicts()

    return outcomes, [finding for each in outcomes for finding in explained(each, table, numbered, tables)]


def agree(tables: Tables) -> int:
    """How many tables were judged one by one, each as the queries judge it."""
    judged_so = 0
    for table in tables.values():
        said = one_by_one(table, tables)
        if said is not None:
            judged_so += 1
            assert said == by_queries(table, tables), table.address
    return judged_so


def test_the_examples_are_judged_alike(examples: Checked) -> None:  # noqa: F811
    assert agree(examples.tables) > len(examples.tables) / 2


def test_the_own_tables_are_judged_alike(own: Checked) -> None:
    assert agree(own.tables) == len(own.tables)


def test_tables_with_rows_dropped_and_moved_are_judged_alike(own: Checked) -> None:
    mutants = [each for each in row_mutants(own.tables, "ningbo-2025") if each.kind != "row-doubled"]
    for mutant in mutants[:: len(mutants) // 40]:
        changed = mutated(own.tables[mutant.table], mutant)
        with_change = {**own.tables, mutant.table: changed}
        assert one_by_one(changed, with_change) == by_queries(changed, with_change), mutant


@settings(max_examples=150)
@given(st.data())
def test_tables_with_other_figures_are_judged_alike(own: Checked, data: st.DataObject) -> None:
    addresses = [address for address, table in own.tables.items() if claims(table.raw.entry.model)]
    address = data.draw(st.sampled_from(addresses))
    table = own.tables[address]
    column = data.draw(st.sampled_from(figures(table.raw.entry.model))).name
    row = data.draw(st.integers(0, table.frame.height - 1))
    bound = st.one_of(st.none(), st.floats(-1e3, 1e6), st.just(0.0))
    value, half = data.draw(bound), data.draw(st.sampled_from([0.0, 0.5, 50.0]))
    low, high = (None, None) if value is None else (value - half, value + half)
    if value is not None and data.draw(st.booleans()):
        low, high = data.draw(st.sampled_from([(None, high), (low, None), (None, None)]))
    is_row = pl.col(ROW) == row
    cells = {column: value, column + LOW: low, column + HIGH: high}
    frame = table.frame.with_columns(
        pl.when(is_row).then(pl.lit(new, pl.Float64)).otherwise(name).alias(name) for name, new in cells.items()
    )
    changed = ParsedTable(table.raw, frame, table.cells, table.keys, table.findings, table.unread)
    tables = {**own.tables, address: changed}
    assert one_by_one(changed, tables) == by_queries(changed, tables)


@pytest.fixture(scope="module")
def own() -> Checked:
    return check(Project(ROOT), entries(), date(2026, 11, 22), whole=True)
