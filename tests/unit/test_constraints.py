"""Interval arithmetic and constraints: rounding raises no false alarm, and what cannot be true never passes."""

from __future__ import annotations

import operator
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import intervals, rules
from schemas.constraints import Cell, Constraint
from schemas.evaluation import Evaluation
from schemas.figure_table import Reading, of_frame, reading
from schemas.intervals import Interval
from schemas.models import Category, Count, Table, figure, label, rule
from schemas.models import rules as rules_of
from schemas.rules import term

Printed = tuple[float | None, float | None, float | None]


def known(columns: dict[str, list[Printed]]) -> Callable[[Cell], Interval]:
    """What is known of a cell in each row, of columns of (value, low, high)."""

    def of(cell: Cell) -> Interval:
        rows = read(columns[cell.column])
        return Interval(np.array([each.low for each in rows]), np.array([each.high for each in rows]))

    return of


def read(printed: list[Printed]) -> list[Reading]:
    return [reading(*each) for each in printed]


def verdicts(constraint: Constraint, **columns: list[Printed]) -> list[bool | None]:
    """Judge a constraint on columns of (value, low, high)."""
    verdict = constraint.verdict(known(columns))
    return [bool(holds) if is_known else None for is_known, holds in zip(verdict.known, verdict.holds, strict=True)]


def exact(value: float) -> Printed:
    return (value, value, value)


def rounded(value: float, digits: int) -> Printed:
    """A number as printed with so many decimals, and the interval that the print allows."""
    step = Decimal(1).scaleb(-digits)
    printed = Decimal(repr(value)).quantize(step, ROUND_HALF_UP)
    return (float(printed), float(printed - step / 2), float(printed + step / 2))


MISSING: Printed = (None, None, None)
ABOUT: Printed = (5.0, None, None)


def test_a_share_that_rounding_allows_holds_and_one_that_it_does_not_fails() -> None:
    constraint = rules.share_of("part", "whole", "share")
    part, whole = (44_000.0, 43_950.0, 44_050.0), (76_400.0, 76_350.0, 76_450.0)
    shares = [rounded(57.6, 1), rounded(57.7, 1), rounded(57.8, 1), rounded(57.4, 1)]
    assert verdicts(constraint, part=[part] * 4, whole=[whole] * 4, share=shares) == [True, True, False, False]


def test_a_missing_figure_or_one_of_unknown_bounds_is_undecided() -> None:
    constraint = rules.share_of("part", "whole", "share")
    assert verdicts(constraint, part=[MISSING, ABOUT], whole=[exact(10)] * 2, share=[rounded(50, 0)] * 2) == [None, None]
    within = rules.within("part", "whole")
    assert verdicts(within, part=[MISSING, ABOUT, exact(5)], whole=[exact(1), exact(1), MISSING]) == [None, None, None]


def test_an_open_bound_fails_only_on_its_closed_side() -> None:
    at_least_seventy: Printed = (70.0, 70.0, None)
    constraint = rules.equal("share", "printed")
    assert verdicts(constraint, share=[exact(90), exact(60)], printed=[at_least_seventy] * 2) == [True, False]


@given(
    st.lists(
        st.tuples(st.floats(0, 1e9), st.floats(1e-3, 1e9), st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)),
        min_size=1,
        max_size=50,
    )
)
def test_true_quotients_rounded_anyhow_never_fail(numbers: list[tuple[float, float, int, int, int]]) -> None:
    parts = [rounded(part, digits) for part, _, digits, _, _ in numbers]
    wholes = [rounded(whole, digits) for _, whole, _, digits, _ in numbers]
    shares = [rounded(part / whole * 100, digits) for part, whole, _, _, digits in numbers]
    assert False not in verdicts(rules.share_of("p", "w", "s"), p=parts, w=wholes, s=shares)


@given(st.lists(st.tuples(*[st.tuples(st.floats(-1e6, 1e6), st.integers(0, 3))] * 3), min_size=1, max_size=50))
def test_true_sums_and_differences_rounded_anyhow_never_fail(rows: list[tuple[tuple[float, int], ...]]) -> None:
    a, b, c = ([rounded(*row[i]) for row in rows] for i in range(3))
    total = [rounded(sum(value for value, _ in row), 1) for row in rows]
    gap = [rounded(row[0][0] - row[1][0], 1) for row in rows]
    assert False not in verdicts(rules.equal(rules.total("a", "b", "c"), "t"), a=a, b=b, c=c, t=total)
    assert False not in verdicts(rules.equal(term("a") - term("b"), "g"), a=a, b=b, g=gap)


@given(st.lists(st.tuples(st.floats(1, 1e6), st.floats(-90, 900), st.integers(0, 2)), min_size=1, max_size=50))
def test_true_growth_rounded_anyhow_never_fails(rows: list[tuple[float, float, int]]) -> None:
    earlier = [rounded(level, digits) for level, _, digits in rows]
    now = [rounded(level * (1 + rate / 100), digits) for level, rate, digits in rows]
    rates = [rounded(rate, digits) for _, rate, digits in rows]
    assert False not in verdicts(rules.growth("now", "earlier", "rate"), now=now, earlier=earlier, rate=rates)


@given(st.integers(1, 5_000), st.integers(1, 5_000), st.integers(0, 2))
def test_a_share_of_whole_cases_is_always_reachable(part: int, more: int, digits: int) -> None:
    share = rounded(part / (part + more) * 100, digits)
    if share[1] is not None and share[1] <= 0:
        return
    assert verdicts(rules.whole_cases("part", "share"), part=[exact(part)], share=[share]) == [True]


def test_a_share_that_no_whole_number_gives_fails() -> None:
    constraint = rules.whole_cases("part", "share")
    shares = [rounded(46.05, 2), rounded(46.06, 2)]
    assert verdicts(constraint, part=[exact(199)] * 2, share=shares) == [False, True]


def test_a_quotient_by_what_may_be_zero_says_nothing() -> None:
    constraint = rules.equal(term("a") / term("b"), "c")
    assert verdicts(constraint, a=[exact(5)], b=[(0.0, -0.5, 0.5)], c=[exact(7)]) == [None]


@pytest.mark.parametrize(
    ("solved_for", "low", "high"),
    [("share", 57.4885, 57.6949), ("part", 43_939.4, 44_073.4), ("whole", 76_235.9, 76_542.1)],
)
def test_a_claim_tells_what_each_of_its_cells_should_be(solved_for: str, low: float, high: float) -> None:
    constraint = rules.share_of("part", "whole", "share")
    columns = {
        "part": [(44_000.0, 43_950.0, 44_050.0)],
        "whole": [(76_400.0, 76_350.0, 76_450.0)],
        "share": [(57.6, 57.55, 57.65)],
    }
    expected = constraint.expected(Cell(solved_for), known(columns))
    assert expected is not None
    assert (expected.low[0], expected.high[0]) == pytest.approx((low, high), rel=1e-5)


@given(st.floats(1, 1e6), st.floats(1, 1e6), st.floats(1, 1e6))
def test_what_a_claim_expects_of_a_cell_satisfies_it(a: float, b: float, c: float) -> None:
    constraint = rules.equal((term("a") + term("b")) / term("c") * 100 - 3, "d")
    columns = {"a": [exact(a)], "b": [exact(b)], "c": [exact(c)], "d": [exact((a + b) / c * 100 - 3)]}
    for name in "abcd":
        expected = constraint.expected(Cell(name), known(columns))
        assert expected is not None
        value = columns[name][0][0]
        assert expected.low[0] == pytest.approx(value, rel=1e-6)
        assert expected.high[0] == pytest.approx(value, rel=1e-6)


def test_a_claim_is_written_as_it_is_computed() -> None:
    constraint = rules.equal((term("a") + term("b")) / (term("c") - 1) * 100, "d")
    assert constraint.formula(lambda cell: cell.column) == "(a + b) ÷ (c − 1) × 100 = d"
    assert [cell.column for cell in constraint.cells()] == ["a", "b", "c", "d"]


class Made(Table, zh="示例"):
    """Made-up figures of two kinds. One row per area, period, kind and source."""

    kind: Category = label("类别", "kind")
    a: Count = figure("甲", "a", "件")
    b: Count = figure("乙", "b", "件")

    @rule(zh="甲不多于乙")
    def a_is_within_b_of_kind_x(cls: Any) -> Constraint:
        """Only of rows of kind x."""
        return rules.where_category(rules.within("a", "b"), "kind", "x")


def test_a_claim_speaks_only_of_the_rows_it_is_made_of() -> None:
    frame = pl.DataFrame({"area": ["1", "1"], "period": "2025", "kind": ["x", "y"], "a": 2.0, "b": 1.0, "source": "s"})
    table = of_frame(Made, frame, "made.made")
    (declared,) = rules_of(Made)
    found = Evaluation({"made.made": table}, {}).verdicts("made.made", declared)
    assert found.known.tolist() == [True, False]
    assert found.broken.tolist() == [True, False]


def test_a_zero_may_be_what_is_left_of_a_small_fall_whose_digits_were_cut_off() -> None:
    assert intervals.truncated(0.0, -0.05, 0.05).bounds() == (-0.1, 0.1)
    assert intervals.truncated(1.2, 1.15, 1.25).low == 1.2
    assert intervals.truncated(-1.2, -1.25, -1.15).high == -1.2
    assert intervals.truncated(5.0, 5.0, 5.0).bounds() == (5.0, 5.0)


FRACTIONS = st.fractions(min_value=-1000, max_value=1000, max_denominator=1000)


@given(st.lists(st.tuples(FRACTIONS, FRACTIONS, FRACTIONS, FRACTIONS), min_size=1, max_size=20))
def test_fractions_and_floats_give_the_same_intervals(rows: list[tuple[Fraction, ...]]) -> None:
    """One code serves both: exact where exactness is asked for, and within the error of the computer elsewhere."""
    a, b, c, d = (np.array(each, dtype=object) for each in zip(*rows, strict=True))
    exact = Interval(np.minimum(a, b), np.maximum(a, b)), Interval(np.minimum(c, d), np.maximum(c, d))
    floats = [Interval(each.low.astype(float), each.high.astype(float)) for each in exact]
    for operation in (operator.add, operator.sub, operator.mul, operator.truediv):
        mine, theirs = operation(*exact), operation(*floats)
        assert mine.low.astype(float).tolist() == pytest.approx(theirs.low.tolist(), rel=1e-9, abs=1e-9)
        assert mine.high.astype(float).tolist() == pytest.approx(theirs.high.tolist(), rel=1e-9, abs=1e-9)
