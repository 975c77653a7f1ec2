"""The calculator, by laws: true numbers never contradict however they are printed, and no text makes it fall over."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from etl.calculator.messages import VERDICTS
from etl.calculator.report import Placed, as_json, as_text
from etl.calculator.verdicts import verify as verify_all
from etl.figures.numerals import MULTIPLIERS
from schemas.code_lists import PACKAGE_LISTS, Hedge

modest = settings(max_examples=100, deadline=None)
FULL_WIDTH = {ord(character): chr(ord(character) + 0xFEE0) for character in "0123456789.%+-*/()=<>"}
OF_UNIT = {"件": Fraction(1), "元": Fraction(1), "%": Fraction(1, 100), "倍": Fraction(1), "": Fraction(1), "成": Fraction(1, 10)}


@dataclass(frozen=True)
class Printing:
    """How a number is printed: in which unit, with which word, hedge, decimals, and whether further digits are cut off."""

    word: str
    hedge: Hedge | None
    places: int
    is_cut_off: bool = False

    def figure(self, truth: Fraction, unit: str) -> str:
        """Print a number, rounded as the hedge promises."""
        scaled = truth / OF_UNIT[unit] / 10 ** MULTIPLIERS[self.word] * 10**self.places
        hedge = self.hedge
        bound = hedge.bound if hedge else ""
        if bound in ("at_least", "up_to_next_step"):
            whole = math.floor(scaled)
        elif bound == "at_most":
            whole = math.ceil(scaled)
        else:
            whole = math.trunc(scaled) if self.is_cut_off else round(scaled)
        if whole <= 0 or truth <= 0:  # of a hedged fall it is not clear which way it points
            hedge, whole = None, math.trunc(scaled) if self.is_cut_off else round(scaled)
        assume(whole or truth >= 0)  # a fall that is cut off to nothing, or rounded to it, is not printed as one
        digits = str(abs(whole)).zfill(self.places + 1)
        point = len(digits) - self.places
        number = f"{digits[:point]}.{digits[point:]}".rstrip(".")
        words = {"before": "", "inside": "", "after": ""} | ({hedge.position: hedge.hedge} if hedge else {})
        sign = "-" if whole < 0 else ""
        return f"{words['before']}{sign}{number}{self.word}{words['inside']}{unit}{words['after']}"


def printings(**fixed: object) -> st.SearchStrategy[Printing]:
    choices: dict[str, st.SearchStrategy[object]] = {
        "word": st.sampled_from(["", "", "万", "亿", "千"]),
        "hedge": st.sampled_from([None, None, None, *PACKAGE_LISTS.hedges]),
        "places": st.integers(0, 4),
        "is_cut_off": st.just(False),
    }
    return st.builds(Printing, **(choices | {name: st.just(each) for name, each in fixed.items()}))  # type: ignore[arg-type]


# No result has more than the eighteen digits that a figure may have.
AMOUNTS = st.builds(lambda digits, power: Fraction(digits) * Fraction(10) ** power, st.integers(1, 10**5), st.integers(-1, 2))
COUNTS = st.builds(Fraction, st.integers(1, 10**6))


@st.composite
def true_formulas(draw: st.DrawFn, how: st.SearchStrategy[Printing]) -> str:
    """Give a formula that is true of some numbers, which are printed anyhow."""
    unit, numbers = draw(st.sampled_from([("元", AMOUNTS), ("件", COUNTS)]))
    part, other, whole = draw(numbers), draw(numbers), draw(numbers)

    def figure(truth: Fraction, unit: str = unit) -> str:
        # a count in full is exact, so it can be rounded only where it is printed in 万 or 亿, and never cut to a fraction
        printing = draw(how)
        is_in_full = unit == "件" and (printing.word in ("", "千") or printing.hedge is not None) and truth.denominator == 1
        return (Printing("", printing.hedge, 0) if is_in_full else printing).figure(truth, unit)

    a, b, c = figure(part), figure(other), figure(whole)
    ratio = part / whole
    left, truth, result = draw(
        st.sampled_from(
            [
                (f"sum({a}, {b}, {c})", part + other + whole, unit),
                (f"{a} + {b} - {c}", part + other - whole, unit),
                (f"-({a} - ({b} + {c}))", other + whole - part, unit),
                (f"{a} / {c}", ratio, "%"),
                (f"{a} / {c}", ratio, ""),
                (f"{a} / {c}", ratio, "倍"),
                (f"{a} / {c}", ratio, "成"),
                (f"{a} ÷ {c} × 100", ratio, "%"),
                (f"100 * {a} / {c} - 100", ratio - 1, "%"),
                (f"{a} / {c} - 1", ratio - 1, "%"),
                (f"({a} - {c}) / {c}", ratio - 1, "%"),
                (f"({a} + {b}) / ({b} + {c})", (part + other) / (other + whole), "%"),
                (f"{a} × {figure(ratio, '%')}", part * ratio, unit),
                (f"{a} / ({figure(ratio, '%')} + 1)", part / (ratio + 1), unit),
                (f"{b} * ({a} - {c}) / {c}", other * (ratio - 1), unit),
            ]
        )
    )
    printed = figure(truth, result)
    ways = [f"{left} = {printed}", f"{printed} ≈ {left}"]
    if result not in ("", "件") or truth.denominator == 1:  # in an inequality, a whole number or count is what it says
        ways += [f"{left} <= {printed}", f"{printed} ≥ {left}"]
    formula = draw(st.sampled_from(ways))
    return formula.translate(FULL_WIDTH) if draw(st.booleans()) and "sum" not in formula else formula


def true(**fixed: object) -> st.SearchStrategy[list[str]]:
    return st.lists(true_formulas(printings(**fixed)), min_size=1, max_size=12)


@given(true())
@modest
def test_true_numbers_never_contradict_however_they_are_printed(formulas: list[str]) -> None:
    for verified in verify_all(formulas):
        assert verified.verdict in ("agrees", "cannot_be_said"), (verified.formula, verified.problem)


@given(true(hedge=None))
@modest
def test_true_numbers_without_hedges_agree_unless_signs_are_unclear(formulas: list[str]) -> None:
    for verified in verify_all(formulas):
        silent = verified.problem is not None and verified.problem.code in ("divisor", "product")
        assert verified.verdict == "agrees" or silent, verified.formula


@given(true(hedge=None, is_cut_off=True))
@modest
def test_true_numbers_whose_digits_were_cut_off_never_contradict(formulas: list[str]) -> None:
    for verified in verify_all(formulas):
        assert verified.verdict != "contradicts", verified.formula


@given(st.lists(st.tuples(AMOUNTS, printings(hedge=None)), min_size=2, max_size=6), st.integers(1, 10**6), st.booleans())
@modest
def test_a_total_outside_what_its_parts_allow_contradicts(
    parts: list[tuple[Fraction, Printing]], steps: int, is_above: bool
) -> None:
    texts = [how.figure(truth, "元") for truth, how in parts]
    assume(all(re.search("[1-9]", text) for text in texts))
    (sums,) = verify_all([" + ".join(texts)])
    assert sums.comparison is not None
    low, high = sums.comparison.left.low, sums.comparison.left.high
    assert low is not None
    assert high is not None
    # Half a unit is the total's own rounding; with digits cut off, each part may be as much above as it is wide.
    beyond = (high - low) + 1 + steps
    total = math.ceil(high + beyond) if is_above else math.floor(low - beyond)

    (verified,) = verify_all([f"sum({', '.join(texts)}) = {total}元"])

    assert verified.verdict == "contradicts", verified.formula


@given(st.integers(1, 10**7), st.integers(1, 10**7), st.integers(0, 2 * 10**4))
@modest
def test_what_would_agree_agrees_and_what_lies_beyond_does_not(part: int, whole: int, share: int) -> None:
    texts = [f"{part}件", f"{whole}件", f"{share // 100}.{share % 100:02}%"]
    (verified,) = verify_all(["{} / {} = {}".format(*texts)])
    assume(verified.verdict == "contradicts")

    within, beyond = [], []
    for place, participant in enumerate(verified.participants):
        if participant.would_agree is not None:
            inside, outside = formulas_with(texts, place, participant.would_agree.low, participant.would_agree.high)
            within += inside
            beyond += outside
    assert within + beyond
    judged = verify_all(within + beyond)
    assert [each.formula for each in judged[: len(within)] if each.verdict != "agrees"] == []
    assert [each.formula for each in judged[len(within) :] if each.verdict in ("agrees", "cannot_be_said")] == []


def formulas_with(texts: list[str], place: int, low: Fraction | None, high: Fraction | None) -> tuple[list[str], list[str]]:
    """Give formulas with another figure at a place: some inside an interval, and some outside."""

    def formula(number: Fraction) -> str:
        # to six decimals, a percentage is narrower than any gap between the shares of such wholes and two decimals
        figure = f"{float(number * 100):.6f}%" if place == 2 else f"{number}件"
        return "{} / {} = {}".format(*texts[:place], figure, *texts[place + 1 :])

    if place == 2:
        assert low is not None
        return [formula(low)], [formula(low + Fraction(1, 10**6)), formula(max(low - Fraction(1, 10**6), Fraction(0)))]
    inside = [Fraction(math.ceil(low))] if low is not None else []
    inside += [Fraction(math.floor(high))] if high is not None else []
    outside = [Fraction(math.ceil(low)) - 1] if low is not None and low > 1 else []
    outside += [Fraction(math.floor(high)) + 1] if high is not None else []
    return [formula(each) for each in inside if each > 0], [formula(each) for each in outside if each > 0]


FRAGMENTS = (
    "0 1 5 100 1,234 1.5 57.6% 三 十 万 亿 成 翻番 % 件 家 元 个月 百分之 "
    "+ - − × ÷ * / x ( ) （ ） = <= >= < > ≈ ≠ , ， 、 ; sum( 合计( "
    "超 近 约 余 左右 以上 增长 下降 505件 4.40万件 -9.27% 100% e # | … ² \x00 \ud800 \u3000 \n"
)
TEXTS = st.one_of(
    st.lists(st.sampled_from([*FRAGMENTS.split(" "), "\n", "\u3000"]), max_size=14).map("".join),
    st.lists(st.sampled_from([*FRAGMENTS.split(" "), "\n", "\u3000"]), max_size=14).map(" ".join),
    st.text(max_size=30),
)


def assert_is_answered(formulas: list[str]) -> None:
    """Each formula has a verdict that can be shown; what cannot be read has a place in it."""
    placed = [Placed(each, line) for line, each in enumerate(verify_all(formulas), start=1)]
    for language in ("en", "zh"):
        shown = as_text(placed, language)
        assert len(shown.splitlines()) >= len(formulas)
        shown.encode()
    answer = json.loads(as_json(placed, "en").encode(), parse_constant=pytest.fail)
    for found in answer["formulas"]:
        assert found["verdict"] in VERDICTS
        assert (found["verdict"] in ("cannot_be_said", "cannot_be_read")) == (found["problem"] is not None)
        if found["verdict"] == "cannot_be_read":
            assert 0 <= found["problem"]["offset"] <= len(found["formula"])


@given(st.lists(TEXTS, min_size=1, max_size=12))
@settings(max_examples=150, deadline=None)
def test_every_text_is_answered(formulas: list[str]) -> None:
    assert_is_answered(formulas)


@pytest.mark.parametrize(
    "formula",
    [
        "4.40万件 / 7.64万件 = 57.6%",
        "sum(505件, 4852件，-3件) = 9882件",
        "(1.1亿余元 - 3) × 100% ≥ 百分之三十 / 3个月左右",
        "100元/万件 + 翻一番 <= 增长 5.5 成",
    ],
)
def test_a_formula_broken_at_any_place_is_answered(formula: str) -> None:
    places = range(len(formula) + 1)
    assert_is_answered([formula[:at] for at in places])
    assert_is_answered([formula[at:] for at in places])
    assert_is_answered([formula[:at] + formula[at + 1 :] for at in places])
    for extra in "(),+-/=%件1. 万#":
        assert_is_answered([formula[:at] + extra + formula[at:] for at in places])
