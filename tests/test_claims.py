"""Interval arithmetic and claims: never a false alarm on numbers that were merely rounded, never a pass on what cannot be."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import narwhals.stable.v1 as nw
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import intervals, rules
from schemas.claims import HIGH, LOW, Cell, Claim
from schemas.intervals import Interval, expression
from schemas.rules import term

Printed = tuple[float | None, float | None, float | None]


def verdicts(claim: Claim, **columns: list[Printed]) -> list[bool | None]:
    """Evaluate a claim over columns of (value, low, high)."""
    return nw.from_native(frame(columns)).select(claim.holds().alias("holds")).to_native()["holds"].to_list()


def frame(columns: dict[str, list[Printed]]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            name + part: pl.Series([printed[position] for printed in figures], dtype=pl.Float64)
            for name, figures in columns.items()
            for position, part in enumerate(("", LOW, HIGH))
        }
    )


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
    claim = rules.share_of("part", "whole", "share")
    part, whole = (44_000.0, 43_950.0, 44_050.0), (76_400.0, 76_350.0, 76_450.0)
    shares = [rounded(57.6, 1), rounded(57.7, 1), rounded(57.8, 1), rounded(57.4, 1)]
    assert verdicts(claim, part=[part] * 4, whole=[whole] * 4, share=shares) == [True, True, False, False]


def test_nothing_is_said_of_a_missing_figure_or_of_one_whose_bounds_are_unknown() -> None:
    claim = rules.share_of("part", "whole", "share")
    assert verdicts(claim, part=[MISSING, ABOUT], whole=[exact(10)] * 2, share=[rounded(50, 0)] * 2) == [None, None]
    within = rules.within("part", "whole")
    assert verdicts(within, part=[MISSING, ABOUT, exact(5)], whole=[exact(1), exact(1), MISSING]) == [None, None, None]


def test_an_open_bound_fails_only_on_its_closed_side() -> None:
    at_least_seventy: Printed = (70.0, 70.0, None)
    claim = rules.equal("share", "printed")
    assert verdicts(claim, share=[exact(90), exact(60)], printed=[at_least_seventy] * 2) == [True, False]


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
    claim = rules.whole_cases("part", "share")
    shares = [rounded(46.05, 2), rounded(46.06, 2)]
    assert verdicts(claim, part=[exact(199)] * 2, share=shares) == [False, True]


def test_a_quotient_by_what_may_be_zero_says_nothing() -> None:
    claim = rules.equal(term("a") / term("b"), "c")
    assert verdicts(claim, a=[exact(5)], b=[(0.0, -0.5, 0.5)], c=[exact(7)]) == [None]


@pytest.mark.parametrize(
    ("solved_for", "low", "high"),
    [("share", 57.4885, 57.6949), ("part", 43_939.4, 44_073.4), ("whole", 76_235.9, 76_542.1)],
)
def test_a_claim_tells_what_each_of_its_cells_should_be(solved_for: str, low: float, high: float) -> None:
    claim = rules.share_of("part", "whole", "share")
    columns = {
        "part": [(44_000.0, 43_950.0, 44_050.0)],
        "whole": [(76_400.0, 76_350.0, 76_450.0)],
        "share": [(57.6, 57.55, 57.65)],
    }
    expected = claim.expected(Cell(solved_for))
    assert expected is not None
    row = nw.from_native(frame(columns)).select(low=expression(expected.low), high=expression(expected.high)).row(0)
    assert row == pytest.approx((low, high), rel=1e-5)


@given(st.floats(1, 1e6), st.floats(1, 1e6), st.floats(1, 1e6))
def test_what_a_claim_expects_of_a_cell_satisfies_it(a: float, b: float, c: float) -> None:
    claim = rules.equal((term("a") + term("b")) / term("c") * 100 - 3, "d")
    columns = {"a": [exact(a)], "b": [exact(b)], "c": [exact(c)], "d": [exact((a + b) / c * 100 - 3)]}
    for name in "abcd":
        expected = claim.expected(Cell(name))
        assert expected is not None
        low, high = nw.from_native(frame(columns)).select(low=expression(expected.low), high=expression(expected.high)).row(0)
        value = columns[name][0][0]
        assert low == pytest.approx(value, rel=1e-6)
        assert high == pytest.approx(value, rel=1e-6)


def test_a_claim_is_written_as_it_is_computed() -> None:
    claim = rules.equal((term("a") + term("b")) / (term("c") - 1) * 100, "d")
    assert claim.formula(lambda cell: cell.column) == "(a + b) ÷ (c − 1) × 100 = d"
    assert [cell.column for cell in claim.cells()] == ["a", "b", "c", "d"]


def test_a_claim_speaks_only_of_the_rows_it_is_made_of() -> None:
    claim = rules.where_category(rules.within("a", "b"), "kind", "x")
    data = frame({"a": [exact(2)] * 2, "b": [exact(1)] * 2}).with_columns(kind=pl.Series(["x", "y"]))
    assert nw.from_native(data).select(holds=claim.holds()).to_native()["holds"].to_list() == [False, None]


def test_a_zero_may_be_what_is_left_of_a_small_fall_whose_digits_were_cut_off() -> None:
    assert intervals.cut_off(0.0, -0.05, 0.05) == Interval(-0.1, 0.1)
    assert intervals.cut_off(1.2, 1.15, 1.25).low == 1.2
    assert intervals.cut_off(-1.2, -1.25, -1.15).high == -1.2
    assert intervals.cut_off(5.0, 5.0, 5.0) == Interval(5.0, 5.0)
