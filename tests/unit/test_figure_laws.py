"""The grammar of a printed figure, by laws that hold for all figures and for all that is none."""

from __future__ import annotations

import math
import re
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from itertools import product
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from test_figures import KINDS, Cell, read, with_hedge

from etl.figures.numerals import MULTIPLIERS
from etl.figures.words import PACKAGE_NOTATION
from schemas.code_lists import PACKAGE_LISTS

FULL_WIDTH = {ord(character): chr(ord(character) + 0xFEE0) for character in "0123456789.,%+-()"}
modest = settings(max_examples=100, deadline=None)

DIGITS = st.integers(0, 10**12)
PLACES = st.integers(0, 4)
WORDS = st.sampled_from(["", "", "万", "亿", "千", "百万", "万亿"])


@st.composite
def ways_to_print(draw: st.DrawFn) -> dict[str, Any]:
    """Give a true number and the choices by which a bulletin prints it."""
    return {
        "truth": Decimal(draw(DIGITS)).scaleb(-draw(PLACES)) * 10 ** MULTIPLIERS[word := draw(WORDS)],
        "word": word,
        "places": draw(PLACES),
        "hedge": draw(st.sampled_from([None, *PACKAGE_LISTS.hedges])),
        "separators": draw(st.booleans()),
        "full_width": draw(st.booleans()),
        "spaced": draw(st.booleans()),
        "unit": draw(st.booleans()),
    }


def printed_number(number: Decimal, places: int, rounding: str, separators: bool) -> str:
    rounded = number.quantize(Decimal(1).scaleb(-places), rounding=rounding)
    return f"{rounded:,f}" if separators else f"{rounded:f}"


def print_figure(way: dict[str, Any]) -> str:
    """Print a true number as it was chosen, rounded the way that its hedge promises."""
    hedge, number = way["hedge"], way["truth"].scaleb(-MULTIPLIERS[way["word"]])
    bound = hedge.bound if hedge else None
    rounding = {"at_least": ROUND_FLOOR, "up_to_next_step": ROUND_FLOOR, "at_most": ROUND_CEILING}.get(
        bound or "", ROUND_HALF_EVEN
    )
    digits = printed_number(number, way["places"], rounding, way["separators"])
    words = {"before": "", "inside": "", "after": ""} | ({hedge.position: hedge.hedge} if hedge else {})
    parts = [words["before"], digits, way["word"], words["inside"], "元" if way["unit"] else "", words["after"]]
    text = (" " if way["spaced"] else "").join(parts)
    return text.translate(FULL_WIDTH) if way["full_width"] else text


@given(st.lists(ways_to_print(), min_size=1, max_size=40))
@modest
def test_printing_a_number_and_reading_it_back_gives_an_interval_that_holds_it(ways: list[dict[str, Any]]) -> None:
    cells = read((print_figure(way), "amount", "元") for way in ways)

    for way, cell in zip(ways, cells, strict=True):
        no_step = bool(way["hedge"]) and way["hedge"].bound == "up_to_next_step" and cell["problem"] is not None
        if no_step:  # a positive number was cut down to 0, and more than nothing has no next step
            assert not re.search("[1-9１-９]", cell["published"])
            continue
        assert cell["problem"] is None, cell
        truth = float(way["truth"])  # rounding keeps order, so what holds of the numbers holds of their floats
        assert cell["low"] is None or cell["low"] <= truth, cell
        assert cell["high"] is None or truth <= cell["high"], cell
        assert cell["hedge"] == (way["hedge"].hedge if way["hedge"] else "")


@given(st.lists(ways_to_print(), min_size=1, max_size=40))
@modest
def test_bounds_follow_from_the_printed_digits_and_are_rounded_once(ways: list[dict[str, Any]]) -> None:
    plain = [way | {"hedge": None} for way in ways]
    cells = read((print_figure(way), "amount", "元") for way in plain)

    for way, cell in zip(plain, cells, strict=True):
        power = MULTIPLIERS[way["word"]]
        value = way["truth"].scaleb(-power).quantize(Decimal(1).scaleb(-way["places"])).scaleb(power)
        half = Decimal(5).scaleb(power - way["places"] - 1)
        expected = (float(value), float(value - half), float(value + half))
        assert (cell["value"], cell["low"], cell["high"]) == expected, cell


@given(st.lists(st.tuples(st.integers(0, 10**18 - 1), st.integers(0, 18), WORDS), min_size=1, max_size=40))
@modest
def test_no_float_is_nearer_to_a_number_of_eighteen_digits(numbers: list[tuple[int, int, str]]) -> None:
    printed = [(f"{Decimal(digits).scaleb(-places):f}", word) for digits, places, word in numbers]
    cells = read((number + word, "measure", "亩") for number, word in printed)

    for (number, word), cell in zip(printed, cells, strict=True):
        power = MULTIPLIERS[word]
        places = len(number.partition(".")[2])
        half = Decimal(5).scaleb(power - places - 1)
        value = Decimal(number).scaleb(power)
        assert (cell["value"], cell["low"], cell["high"]) == (float(value), float(value - half), float(value + half))


@given(st.lists(ways_to_print(), min_size=1, max_size=4))
@settings(max_examples=30, deadline=None)
def test_a_hedge_never_narrows(ways: list[dict[str, Any]]) -> None:
    def width(cell: dict[str, Any]) -> Decimal:
        ends = (cell["low"], cell["high"])
        return Decimal("Infinity") if None in ends else Decimal(ends[1]) - Decimal(ends[0])

    for kind in ("amount", "count"):
        bare = [way | {"hedge": None} for way in ways]
        without = read((print_figure(way), kind, "元") for way in bare)
        digits = [(way, cell) for way, cell in zip(bare, without, strict=True) if cell["value"]]
        hedged = [(way, hedge, cell) for (way, cell), hedge in product(digits, PACKAGE_LISTS.hedges)]
        # The same digits whatever the hedge, so the number that was printed is printed again.
        again = read((with_hedge(print_figure(way), hedge.hedge, hedge.position), kind, "元") for way, hedge, _ in hedged)
        for (_, _, cell), wider in zip(hedged, again, strict=True):
            assert wider["problem"] is None, wider
            assert wider["value"] == cell["value"]
            rounding = Decimal(math.ulp(cell["value"])) * 2  # of the four ends, half an ulp each
            assert width(wider) + rounding >= width(cell), (cell, wider)


FRAGMENTS = (
    "0 1 5 70 1,234 1.5 99.99 三 十 百 零 点 万 亿 千 成 翻 番 一 两 % 件 家 元 美元 个 个百分点 天 倍 百分之 千分之 "
    "+ - − ( ) ， ． 超 近 约 余 多 以上 以内 左右 不到 增长 下降 同比 年 e N/A x | … ²"
)
TEXTS = st.one_of(st.lists(st.sampled_from([*FRAGMENTS.split(), " "]), max_size=6).map("".join), st.text(max_size=12))
# The white space of Unicode, which the separators of ASCII (\x1c to \x1f) are not, other than for str.strip.
SPACE = "".join(sign for sign in map(chr, range(0x110000)) if sign.isspace() and sign not in "\x1c\x1d\x1e\x1f")
DECLARED = st.sampled_from([*(unit.unit for unit in PACKAGE_LISTS.units), "万元", "亿元", "万件", "", "吨"])


@given(st.lists(st.tuples(TEXTS, st.sampled_from(KINDS), DECLARED), min_size=1, max_size=60))
@modest
def test_every_row_has_ordered_bounds_or_one_named_problem_or_is_blank(cells: list[Cell]) -> None:
    rows = read(cells)

    assert [(row["published"], row["kind"], row["declared_unit"]) for row in rows] == cells
    for row in rows:
        value, low, high, problem = row["value"], row["low"], row["high"], row["problem"]
        if value is None:
            assert (low, high, row["hedge"]) == (None, None, "")
            assert (problem is None) == (not row["published"].strip(SPACE)), row
        else:
            assert problem is None
            assert (low is None or low <= value) and (high is None or value <= high), row
            assert row["unit"]
        assert problem is None or problem.startswith(("unreadable|", "too_large|", "wrong_unit|", "fraction_of_a_count|"))


@given(st.lists(st.tuples(ways_to_print(), st.text("abcxyz?#号第;:'", min_size=1, max_size=3), st.booleans()), min_size=1))
@modest
def test_a_figure_with_something_foreign_beside_it_is_unreadable(
    cells: list[tuple[dict[str, Any], str, bool]],
) -> None:
    texts = [foreign + print_figure(way) if first else print_figure(way) + foreign for way, foreign, first in cells]

    problems = [cell["problem"] for cell in read((text, "amount", "元") for text in texts)]

    assert problems == [f"unreadable|{text.strip()}" for text in texts]


def numeral(number: int) -> str:
    """Write a number below a trillion the way Chinese is written, by the book."""
    text, gap = "", False
    for scale, word in ((10**8, "亿"), (10**4, "万"), (1, "")):
        section = number // scale % 10**4
        gap = bool(text) and (gap or section < 10**3)
        if section:
            text += ("零" if gap else "") + numeral_section(section) + word
            gap = False
    return re.sub("^一十", "十", text) or "零"


def numeral_section(section: int) -> str:
    digits = [section // 10**power % 10 for power in (3, 2, 1, 0)]
    text, gap = "", False
    for digit, power in zip(digits, "千百十 ", strict=True):
        if digit:
            text += ("零" if gap and text else "") + "零一二三四五六七八九"[digit] + power.strip()
            gap = False
        else:
            gap = True
    return text


@given(st.lists(st.one_of(st.integers(0, 10**4), st.integers(0, 10**12 - 1)), min_size=1, max_size=60))
@modest
def test_a_chinese_numeral_is_read_as_the_number_that_it_writes(numbers: list[int]) -> None:
    cells = read((numeral(number), "count", "件") for number in numbers)

    for number, cell in zip(numbers, cells, strict=True):
        assert cell["value"] == number, cell
        is_multiple = number >= 10**4 and number % 10**4 == 0
        step = 10 ** (len(str(number)) - len(str(number).rstrip("0"))) if is_multiple else 0
        assert (cell["low"], cell["high"]) == (number - step / 2, number + step / 2), cell


@given(st.lists(TEXTS, min_size=1, max_size=60))
@modest
def test_both_regular_expression_engines_take_a_figure_apart_alike(texts: list[str]) -> None:
    anchored = f"^{PACKAGE_NOTATION.figure_pattern}$"
    texts = [text.replace("\n", " ") for text in texts]

    parts = pl.Series(texts, dtype=pl.String).to_frame("text").select(pl.col("text").str.extract_groups(anchored))

    for text, taken_apart in zip(texts, parts["text"].to_list(), strict=True):
        match = re.match(anchored, text)
        assert taken_apart == (match.groupdict() if match else dict.fromkeys(taken_apart))
