"""A number that is printed in a language is found in a sentence, and reads back as the number."""

from __future__ import annotations

import math

from hypothesis import given, settings
from hypothesis import strategies as st

import etl
from etl.documents.extract import extract
from etl.figures.language import TRADITIONAL

SETTINGS = settings(max_examples=150, deadline=None)
NUMBERS = st.integers(min_value=1, max_value=10**7)
CHANGES = st.integers(min_value=1, max_value=9999).map(lambda number: number / 100)
SIMPLIFIED_UNITS = st.sampled_from(["件", "家", "人次", "元", "万件", "亿元", "美元", "批次"])
SIMPLIFIED_HEDGES = st.sampled_from(["", "超过", "近", "约", "不少于", "不足"])
SCALES = {"万件": 10**4, "亿元": 10**8}
WRITTEN = {simplified: traditional for traditional, simplified in TRADITIONAL.same.items() if traditional in "萬億約過"}


def only_figure(text: str) -> tuple[str, float | None, float | None, float | None]:
    [found] = [each for each in extract(text) if not each.reason]
    reading = etl.read_figure(found.published)
    assert reading.problem is None, found
    return found.hedge, reading.value, reading.low, reading.high


def is_within(number: float, low: float | None, high: float | None) -> bool:
    return (low is None or low <= number) and (high is None or number <= high)


@given(NUMBERS, SIMPLIFIED_UNITS, SIMPLIFIED_HEDGES, st.booleans(), st.booleans())
@SETTINGS
def test_a_chinese_level_reads_back_in_either_script(
    number: int, unit: str, hedge: str, is_traditional: bool, is_grouped: bool
) -> None:
    printed = f"{hedge}{number:,}{unit}" if is_grouped else f"{hedge}{number}{unit}"
    if is_traditional:
        printed = "".join(WRITTEN.get(character, character) for character in printed)

    found, value, low, high = only_figure(f"本期数值为{printed}。")

    assert len(found) == len(hedge)
    assert value == number * SCALES.get(unit, 1)
    assert is_within(value, low, high)


@given(
    CHANGES, st.sampled_from(["下降", "减少了", "回落", "下跌", "负增长", "降幅为", "增长", "上升了", "-", "提高"]), st.booleans()
)
@SETTINGS
def test_a_chinese_change_keeps_its_sign(number: float, word: str, is_traditional: bool) -> None:
    printed = f"{word}{number}%"
    if is_traditional:
        printed = printed.replace("减", "減").replace("长", "長").replace("负", "負")

    _, value, _, _ = only_figure(f"数值同比{printed}。" if word != "-" else f"数值为{printed}。")

    assert value == (number if word in ("增长", "上升了", "提高") else -number)


@given(
    CHANGES,
    st.sampled_from(["fell by", "declined", "was down", "rose by", "grew", "was up"]),
    st.sampled_from(["%", " per cent", " percent"]),
)
@SETTINGS
def test_an_english_change_keeps_its_sign(number: float, verb: str, unit: str) -> None:
    _, value, _, _ = only_figure(f"The number of cases {verb} {number}{unit} over the year.")

    assert value == (-number if verb in ("fell by", "declined", "was down") else number)


@given(
    NUMBERS,
    st.sampled_from(["", "more than ", "nearly ", "about ", "at least ", "up to ", "fewer than "]),
    st.sampled_from([" cases", " working days", " tonnes", ""]),
    st.sampled_from([",", " ", "\u202f"]),
)
@SETTINGS
def test_an_english_level_reads_back_with_its_hedge(number: int, hedge: str, unit: str, separator: str) -> None:
    printed = f"{number:,}".replace(",", separator)
    if 1900 <= number < 2100:
        return

    found, value, low, high = only_figure(f"The total was {hedge}{printed}{unit}.")

    assert found == hedge.strip()
    assert value == number
    assert is_within(number, low, high)


@given(
    CHANGES,
    st.sampled_from(["$", "US$", "£", "€", "HK$"]),
    st.sampled_from([(" million", 6), ("bn", 9), (" billion", 9), ("m", 6)]),
)
@SETTINGS
def test_english_money_reads_back(number: float, mark: str, scale: tuple[str, int]) -> None:
    word, power = scale

    _, value, _, _ = only_figure(f"It cost {mark}{number}{word} in all.")

    assert value is not None
    assert math.isclose(value, number * 10**power)
