"""Linear rules of one row solved together: contradictions, rules that follow from others, and figures with one value."""

from __future__ import annotations

import narwhals.stable.v1 as nw
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_rules import OTHER, TYPES, entry, found, of_type

from etl.rules.systems import problems_of_systems
from schemas import intervals, rules
from schemas.constraints import Constraint

TERM = rules.term
SYSTEMS: dict[str, tuple[list[Constraint], list[tuple[str, str, str]]]] = {
    "two that contradict": (
        [rules.within(TERM("part") + 1, "whole"), rules.within("whole", "part")],
        [("contradicts-others", "a-rule", "no data can keep it and b-rule")],
    ),
    "three that contradict, and one that does not": (
        [
            rules.within("part", "mean"),
            rules.within(TERM("part") + 1, "whole"),
            rules.within(TERM("whole") + 1, "share_pct"),
            rules.within("share_pct", "part"),
        ],
        [("contradicts-others", "b-rule", "no data can keep it and c-rule, d-rule")],
    ),
    "one that the ranges contradict": (
        [rules.within(rules.total("share_pct", 101), rules.term(100))],
        [("can-never-hold", "a-rule", "no figures of their kinds can keep it")],
    ),
    "a mean that would have to be zero": (
        [rules.within(rules.total("mean", "part"), 0)],
        [("can-never-hold", "a-rule", "no figures of their kinds can keep it")],
    ),
    "one that the ranges imply": (
        [rules.within("share_pct", 100)],
        [("can-never-fail", "a-rule", "all figures of their kinds keep it")],
    ),
    "one that another implies": (
        [rules.equal("whole", rules.total("part", "mean")), rules.within("part", "whole")],
        [("follows-from-others", "b-rule", "a-rule, in rows that print mean too")],
    ),
    "one that two others imply": (
        [rules.within("part", "whole"), rules.within("whole", "mean"), rules.within("part", "mean")],
        [("follows-from-others", "c-rule", "a-rule, b-rule, in rows that print whole too")],
    ),
    "one that fixes a value": (
        [rules.equal("share_pct", 40)],
        [("fixes-a-value", "a-rule", "share_pct = 40")],
    ),
    "two of different rows": (
        [
            of_type(rules.within(TERM("part") + 1, "whole"), "design"),
            of_type(rules.within("whole", "part"), "invention", "utility_model"),
        ],
        [],
    ),
    "one that holds only where the other's figure is blank": (
        [rules.within(TERM("part") + 1, "mean").where(nw.col("whole").is_null(), "whole"), rules.within("mean", "part")],
        [("contradicts-others", "a-rule", "no data can keep it and b-rule")],
    ),
    "two of which one is made only where the other is not": (
        [
            rules.within(TERM("part") + 1, "mean").where(nw.col("whole").is_null(), "whole"),
            rules.within(rules.total("mean", "whole"), "part"),
        ],
        [],
    ),
    "a breakdown and its largest part": (
        [
            of_type(rules.equal("part", rules.total_over("patent_type", "part", *TYPES)), "all"),
            of_type(rules.within(rules.row("part", patent_type="design"), "part"), "all"),
        ],
        [
            (
                "follows-from-others",
                "b-rule",
                "a-rule, in rows that print part[patent_type=invention], part[patent_type=utility_model] too",
            )
        ],
    ),
    "a quotient, which is not linear": ([rules.share_of("part", "whole", "share_pct"), rules.within("part", "whole")], []),
}


@pytest.mark.parametrize(("constraints", "expected"), SYSTEMS.values(), ids=SYSTEMS)
def test_linear_rules_of_a_row_are_solved_together(constraints: list[Constraint], expected: list[tuple[str, str, str]]) -> None:
    made = entry(*constraints)
    assert found(made) == []
    assert [(each.kind, each.rule, each.detail.en) for each in problems_of_systems((made, OTHER))] == expected


POINT = {"part": 7.0, "whole": 11.0, "share_pct": 40.0, "mean": 3.5}
figures = st.sampled_from(sorted(POINT))


@st.composite
def claims_that_hold_at_a_point(draw: st.DrawFn) -> Constraint:
    """Give a constraint on a weighted sum of two figures that is true where the figures are those of `POINT`."""
    left = rules.term(draw(figures)) * draw(st.integers(-3, 3)) + rules.term(draw(figures)) * draw(st.integers(1, 3))
    value = left.interval(lambda cell: intervals.point(POINT[cell.column])).low
    assert isinstance(value, float)
    if draw(st.booleans()):
        return rules.equal(left, value)
    return rules.within(left, value + draw(st.integers(0, 20)))


@settings(max_examples=40, deadline=None)
@given(st.lists(claims_that_hold_at_a_point(), min_size=1, max_size=4))
def test_rules_that_some_figures_keep_are_never_called_contradictory(constraints: list[Constraint]) -> None:
    kinds = {problem.kind for problem in problems_of_systems((entry(*constraints), OTHER))}
    assert not kinds & {"contradicts-others", "can-never-hold"}
