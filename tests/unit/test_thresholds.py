"""Thresholds: the severity of a rule's findings follows from how many rows break it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import polars as pl
import pytest

from etl.catalogue import Entry
from etl.gate.check import Checked, check
from etl.project import Project
from etl.warehouse.run_tables import Load, run_tables
from schemas import rules
from schemas.constraints import Constraint
from schemas.models import Count, Table, figure, rule
from schemas.models import rules as rules_of
from schemas.rule_declarations import threshold, thresholds

MakeProject = Callable[..., Project]
HEADER = "area,period,part,whole,source,section\n"


class Cases(Table, zh="案件"):
    """Made up. One row per area, period and source."""

    part: Count = figure("部分", "part", "件")
    whole: Count = figure("总量", "whole", "件", optional=True)

    @rule(zh="部分不超过总量", warn_if=1, error_if="50%")
    def part_is_within_whole(cls: Any) -> Constraint:
        """Made up."""
        return rules.within("part", "whole")


CASES = Entry("made.cases", Cases, lambda rows: rows)


def checked(make: MakeProject, broken: int, kept: int, without: int = 0) -> Checked:
    """Give the check of a table with so many rows that break the rule, keep it, and lack a figure."""
    cells = ["9件,5件"] * broken + ["5件,9件"] * kept + ["5件,"] * without
    rows = "".join(f"330200,{2000 + number},{each},example-a,1\n" for number, each in enumerate(cells))
    return check(make({"made.cases": HEADER + rows}), (CASES,), date(2026, 1, 1), whole=True, cite=False)


@pytest.mark.parametrize(
    ("broken", "kept", "without", "severity"),
    [
        (1, 9, 0, "information"),
        (2, 8, 0, "warning"),
        (5, 5, 0, "warning"),
        (6, 5, 0, "error"),
        (2, 1, 7, "error"),
        (1, 0, 9, "error"),
    ],
    ids=["one", "above one", "half", "above half", "above half of those it applies to", "the only one it applies to"],
)
def test_the_severity_follows_from_the_rows_that_break_the_rule(
    project: MakeProject, broken: int, kept: int, without: int, severity: str
) -> None:
    made = checked(project, broken, kept, without)
    assert [finding.severity for finding in made.findings] == [severity] * broken
    (outcome,) = [each for each in made.outcomes["made.cases"] if each.rule.id == "part-is-within-whole"]
    assert outcome.severity == severity
    assert made.exit_code("error") == (severity == "error")
    assert len(made.rejected_rows("made.cases")) == (broken if severity == "error" else 0)


def test_the_warehouse_says_the_thresholds_and_the_severity_that_was_reached(project: MakeProject) -> None:
    now = datetime.now(UTC)
    made = checked(project, 2, 8)
    relations = {each.name: each.rows for each in run_tables(project({}), made, Load("1", now, now, "error", "0"))}
    results = relations["result"].filter(pl.col("rule") == "part-is-within-whole")
    assert results["severity"].to_list() == ["warning"]
    assert {"warn_if", "error_if", "source"} <= set(relations["rule"].columns)
    assert set(relations["finding"]["severity"]) == {"warning"}


def test_without_thresholds_the_severity_is_the_one_declared(project: MakeProject) -> None:
    (declared,) = rules_of(Cases)
    assert declared.severity == "error"
    plain = [each for each in checked(project, 1, 0).outcomes["made.cases"] if each.rule.thresholds is None]
    assert plain
    assert all(outcome.severity == outcome.rule.severity for outcome in plain)


@pytest.mark.parametrize(("declared", "broken", "applicable"), [(0, 0, 9), (3, 3, 3), ("0%", 0, 9), ("33.4%", 334, 1000)])
def test_a_threshold_is_not_exceeded_by_what_it_allows(declared: int | str, broken: int, applicable: int) -> None:
    assert not threshold(declared).is_exceeded(broken, applicable)
    assert threshold(declared).is_exceeded(broken + 1, applicable)


@pytest.mark.parametrize("declared", ["1", "1 %", "-1%", "%", "100%", "1e1%", -1, True, 1.5])
def test_a_threshold_is_a_count_or_a_part(declared: Any) -> None:
    with pytest.raises(ValueError, match="is no number of rows such as 3"):
        threshold(declared)


@pytest.mark.parametrize(("warn_if", "error_if"), [(3, 3), (4, 3), ("1%", "1%"), ("2%", "1%")])
def test_warnings_start_below_errors(warn_if: int | str, error_if: int | str) -> None:
    with pytest.raises(ValueError, match="is not below"):
        thresholds(warn_if, error_if)


def test_a_count_and_a_part_are_not_compared() -> None:
    both = thresholds(5, "1%")
    assert both is not None
    assert [both.severity(broken, 1000) for broken in (5, 6, 10, 11)] == ["information", "warning", "warning", "error"]


def test_without_an_error_threshold_warnings_are_the_worst() -> None:
    declared = thresholds(5, None)
    assert declared is not None
    assert (declared.worst, declared.severity(1000, 1000)) == ("warning", "warning")


def the_constraint(cls: Any) -> Constraint:
    """Made up."""
    return rules.within("part", "whole")


@pytest.mark.parametrize(
    ("keywords", "message"),
    [
        ({"severity": "error", "warn_if": 1}, "has a severity and thresholds"),
        ({"warn_if": "much"}, "The rule the-constraint: 'much' is no number"),
        ({"warn_if": 2, "error_if": 1}, "The rule the-constraint: warn_if=2 is not below error_if=1"),
    ],
)
def test_a_declaration_that_cannot_be_understood_names_the_rule(keywords: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        rule(zh="虚构", **keywords)(the_constraint)
