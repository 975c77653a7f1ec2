"""Claims row by row say what the gate says of all rows at once: of the project's own tables and of every example."""

from __future__ import annotations

from datetime import date

import pytest
from conftest import ROOT
from test_examples import checked as examples  # noqa: F401  a fixture

from etl.catalogue import entries
from etl.gate.check import Checked, check
from etl.project import Project
from etl.tables.instances import BLANK, instances, readings

Verdicts = dict[tuple[str, str, int], bool]


def broken_by_the_gate(checked: Checked) -> set[tuple[str, str, int]]:
    return {
        (address, outcome.rule.id, row)
        for address, outcomes in checked.outcomes.items()
        for outcome in outcomes
        if outcome.rule.claim is not None and outcome.rule.claim.relation != "holds"
        for row in outcome.broken
    }


def broken_row_by_row(checked: Checked) -> tuple[set[tuple[str, str, int]], int]:
    read = readings(checked.tables)
    verdicts = {
        (each.table, each.rule.id, each.row): each.verdict(lambda ref: read.get(ref, BLANK)) for each in instances(checked.tables)
    }
    return {name for name, verdict in verdicts.items() if verdict is False}, sum(v is True for v in verdicts.values())


def test_row_by_row_the_examples_break_the_same_rules(examples: Checked) -> None:  # noqa: F811
    broken, kept = broken_row_by_row(examples)
    assert broken == broken_by_the_gate(examples)
    assert broken
    passed = sum(o.passed for outcomes in examples.outcomes.values() for o in outcomes if is_of_figures(o))
    assert kept == passed


def is_of_figures(outcome: object) -> bool:
    claim = outcome.rule.claim  # type: ignore[attr-defined]
    return claim is not None and claim.relation != "holds"


@pytest.fixture(scope="module")
def own() -> Checked:
    return check(Project(ROOT), entries(), date(2026, 11, 22), whole=True)


def test_row_by_row_the_own_tables_break_the_same_rules(own: Checked) -> None:
    broken, kept = broken_row_by_row(own)
    assert broken == broken_by_the_gate(own)
    assert kept == sum(o.passed for outcomes in own.outcomes.values() for o in outcomes if is_of_figures(o))
