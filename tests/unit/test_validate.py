"""`Model.validate(frame)` in a notebook says what `etl check` says of the same rows."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest
from pandera.errors import SchemaErrors
from paths import ROOT

import etl
from etl.catalogue import PACKAGE
from etl.figures.read_texts import read_texts
from etl.figures.transcription_errors import slips
from etl.figures.words import PACKAGE_NOTATION
from etl.gate.check import Checked, check
from etl.project import Project
from etl.tables.evaluate import evaluate_rules
from etl.tables.parse import ParsedTable
from schemas.code_lists import PACKAGE_LISTS
from schemas.courts import Caseload
from schemas.evaluation import Evaluation
from schemas.models import figures, rules

Broken = set[tuple[str, str, int]]


def as_frame(table: ParsedTable) -> pl.DataFrame:
    """A table as an analyst has it: labels and figures with bounds."""
    frame = table.labels
    for name, column in table.figures.items():
        parts = zip(column.series(name), ("", "_low", "_high"), strict=True)
        frame = frame.with_columns(each.alias(name + suffix) for each, suffix in parts)
    return frame


def by_validate(table: ParsedTable) -> Broken:
    """Rule, column (of the rules of one figure) and row of what pandera finds; a row of several rules is there for each."""
    of_rows = {rule.id for rule in rules(table.raw.entry.model)} | {"key-is-unique"}
    try:
        table.raw.entry.model.validate(as_frame(table), lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases.filter(pl.col("index").is_not_null()).select("check", "column", "index").iter_rows()
        return {(name, "" if name in of_rows else column, row) for name, column, row in cases}
    return set()


def by_the_gate(table: ParsedTable, parents: dict[str, str | None]) -> Broken:
    """The same of the gate's evaluator, for the rules that need no other table."""
    alone = Evaluation({table.address: table.figure_table}, parents)
    needs_others = {
        rule.id for rule in rules(table.raw.entry.model) if rule.constraint and any(c.table for c in rule.constraint.cells())
    }
    return {
        (outcome.rule.id, outcome.column, row)
        for outcome in evaluate_rules(table.figure_table, alone)
        if outcome.rule.id not in needs_others
        for row in outcome.broken
    }


@pytest.fixture(scope="module")
def own() -> Checked:
    return check(Project(ROOT), PACKAGE.entries(), date(2026, 11, 22), whole=True)


@pytest.fixture(scope="module")
def parents() -> dict[str, str | None]:
    return dict(PACKAGE_LISTS.parents)


def test_validate_and_the_gate_agree_on_the_real_tables(own: Checked, parents: dict[str, str | None]) -> None:
    for table in own.tables.values():
        assert by_validate(table) == by_the_gate(table, parents), table.address


def slipped(table: ParsedTable, chance: random.Random) -> ParsedTable:
    """The table with a slip in one figure, as a person makes it."""
    row, name, text = chance.choice(list(table.cells.select("row", "column", "published").iter_rows()))
    (column,) = (each for each in figures(table.raw.entry.model) if each.name == name)
    texts = [text, *(slip.text for slip in slips(text, column.dtype.kind, PACKAGE_LISTS))]
    reading = chance.choice(
        [reading for reading, problem in read_texts(((each, column) for each in texts), PACKAGE_NOTATION) if problem is None]
    )
    changed = table.figures[name].at(np.arange(table.raw.height))
    changed.put(row, reading)
    return replace(table, figures={**table.figures, name: changed})


def seeded(tables: list[ParsedTable], number: int, seed: int) -> Iterator[ParsedTable]:
    chance = random.Random(seed)
    return (slipped(chance.choice(tables), chance) for _ in range(number))


def test_validate_and_the_gate_agree_on_seeded_slips(own: Checked, parents: dict[str, str | None]) -> None:
    told = [table for table in own.tables.values() if table.cells.height]
    broken = 0
    for table in seeded(told, 150, seed=20261129):
        found = by_validate(table)
        assert found == by_the_gate(table, parents), table.address
        broken += bool(found)
    assert broken > 10


CASES = pl.DataFrame(
    {"area": "330200", "period": ["2024", "2025"], "court": "all", "received": [100.0, 120.0], "source": "a", "section": "1"}
)


def test_a_frame_without_bounds_is_exact() -> None:
    frame = CASES.with_columns(received_growth_pct=pl.Series([None, 19.0]))
    with pytest.raises(SchemaErrors) as raised:
        Caseload.validate(frame, lazy=True)
    found = raised.value.failure_cases.select("check", "column", "index").rows()
    assert ("growth-leads-from-the-year-before", "received", 1) in found


def test_a_frame_with_bounds_gives_way_to_them() -> None:
    frame = CASES.with_columns(received_growth_pct=pl.Series([None, 20.0]))
    rounded = frame.with_columns(received_low=pl.col("received") - 5, received_high=pl.col("received") + 5)
    assert Caseload.validate(rounded, lazy=True).height == 2
    off = rounded.with_columns(received_growth_pct=pl.Series([None, 80.0]))
    with pytest.raises(SchemaErrors, match="growth-leads-from-the-year-before"):
        Caseload.validate(off, lazy=True)


def test_a_lazy_frame_is_judged_too() -> None:
    with pytest.raises(SchemaErrors, match="closed-are-received-or-carried-over"):
        Caseload.validate(CASES.with_columns(closed=pl.lit(300.0), pending_at_start=pl.lit(1.0)).lazy(), lazy=True)


def test_two_rows_of_one_key_are_found() -> None:
    with pytest.raises(SchemaErrors, match="key-is-unique"):
        Caseload.validate(pl.concat([CASES, CASES]), lazy=True)


MARKED = CASES.with_columns(received=pl.Series([None, 120.0]), received_mark=pl.Series(["x ①", None]))


def test_a_mark_in_place_of_a_required_figure_is_accepted() -> None:
    assert Caseload.validate(MARKED, lazy=True).height == 2
    assert Caseload.validate(MARKED.lazy(), lazy=True).collect().height == 2


@pytest.mark.parametrize("mark", [None, "", " "])
def test_a_required_figure_without_a_mark_is_not_null(mark: str | None) -> None:
    for blank in (MARKED.with_columns(received_mark=pl.lit(mark, pl.String)), MARKED.drop("received_mark")):
        with pytest.raises(SchemaErrors) as raised:
            Caseload.validate(blank, lazy=True)
        assert raised.value.failure_cases.select("check", "column", "index").rows() == [("not_nullable", "received", 0)]


def test_validate_accepts_the_marks_that_the_gate_accepts(project: Callable[..., Project]) -> None:
    marks = ("-", "…", "x", "12件(p)", "7件①")
    lines = [f"330200,{2010 + at},all,{mark},5件(p),example-a,1" for at, mark in enumerate(marks)]
    made = project({"courts.caseload": "\n".join(["area,period,court,received,closed,source,section", *lines, ""])})
    opened = etl.Project(made.root)
    errors = opened.check("courts").findings.filter(severity="error")
    assert {*errors["rule"]} == {"figure-is-cited"}  # which rests on documents
    frame = opened.table("courts.caseload")
    assert frame["received_mark"].to_list() == ["-", "…", "x", "(p)", "①"]
    assert frame["received"].to_list() == [None, None, None, 12, 7]
    assert Caseload.validate(frame, lazy=True).equals(frame)
