"""What the calculator says: word for word in both languages, numbers rounded to the side that keeps them true."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import assume, given
from hypothesis import strategies as st

from etl.calculator.bounds import UNKNOWN, Bounds
from etl.calculator.decimals import bounds_text, decimal_text, decimals_of, magnitude
from etl.cli import main

FORMULAS = """\
4.40万件 / 7.64万件 = 57.6%
4.40万件 / 7.64万件 = 58.6%
sum(505件, 4852件, 4525件) = 9883件
2件 / 3件 = 66.6%
超七成 <= 68%
近1.2万家 - 1.1万家 = 2000家
100元 / 3件 = 35元/件
505件 < 505件
3个月左右 = 5个月
10件 / (5.0件 - 5.0件) = 3
(0.1 - 0.1) * (0.2 - 0.2) = 3
超七成 = 超八成
505件 + 4852件
4000余家 + 505件 = 4505家
（4000余家 + 505户 = 4505家
5筐 = 5件
3件 / 7件 = 50%
1.0 = 1.1 + 0.0501
"""
ENGLISH = """\
formulas.txt:1: 4.40万件 / 7.64万件 = 57.6%: agrees
  left   57.488%..57.695%
  right  57.55%..57.65%
formulas.txt:2: 4.40万件 / 7.64万件 = 58.6%: contradicts
  left   57.488%..57.695%
  right  58.55%..58.65%
  4.4703万件..4.4837万件 instead of 4.40万件 would agree
  7.4937万件..7.5234万件 instead of 7.64万件 would agree
  57.489%..57.694% instead of 58.6% would agree
formulas.txt:3: sum(505件, 4852件, 4525件) = 9883件: contradicts
  left   9882件
  right  9883件
  506件 instead of 505件 would agree
  4853件 instead of 4852件 would agree
  4526件 instead of 4525件 would agree
  9882件 instead of 9883件 would agree
formulas.txt:4: 2件 / 3件 = 66.6%: agrees only if digits were cut off, not rounded
  left   66.6666666667%
  right  66.55%..66.65%
  left   66.6666666667% (if digits were cut off)
  right  66.55%..66.7% (if digits were cut off)
formulas.txt:5: 超七成 <= 68%: contradicts
  left   ≥ 70%
  right  67.5%..68.5%
  ≤ 6.85成 instead of 超七成 would agree
  ≥ 70% instead of 68% would agree
formulas.txt:6: 近1.2万家 - 1.1万家 = 2000家: contradicts
  left   ≤ 1500家
  right  2000家
  1.25万家..1.35万家 instead of 近1.2万家 would agree
  ≤ 1万家 instead of 1.1万家 would agree
  ≤ 1500家 instead of 2000家 would agree
formulas.txt:7: 100元 / 3件 = 35元/件: contradicts
  left   33.166元/件..33.5元/件
  right  34.5元/件..35.5元/件
  103.5元..106.5元 instead of 100元 would agree
  33.167元/件..33.5元/件 instead of 35元/件 would agree
formulas.txt:8: 505件 < 505件: contradicts
  left   505件
  right  505件
  < 505件 instead of 505件 would agree
  > 505件 instead of 505件 would agree
formulas.txt:9: 3个月左右 = 5个月: cannot be said
  left   unknown
  right  4.5个月..5.5个月
  3个月左右: how far the true number may be from the printed one is not known.
formulas.txt:10: 10件 / (5.0件 - 5.0件) = 3: cannot be said
  left   unknown
  right  2.5..3.5
  The divisor in 10件 / (5.0件 - 5.0件) can be zero.
formulas.txt:11: (0.1 - 0.1) * (0.2 - 0.2) = 3: cannot be said
  left   unknown
  right  2.5..3.5
  In (0.1 - 0.1) * (0.2 - 0.2) neither factor has a known sign.
formulas.txt:12: 超七成 = 超八成: cannot be said
  left   ≥ 7成
  right  ≥ 8成
  The sides are open on the side where they would have to meet.
formulas.txt:13: 505件 + 4852件: cannot be said
  value  5357件
  Nothing is compared. Add = and the expected figure.
formulas.txt:14: 4000余家 + 505件 = 4505家: cannot be read
  4000余家 + 505件 = 4505家
             ^
  家 and 件 are not added or subtracted. Compare like with like, or divide one by the other.
formulas.txt:15: （4000余家 + 505户 = 4505家: cannot be read
  （4000余家 + 505户 = 4505家
                     ^
  A comparison cannot stand within parentheses. Close them before it.
formulas.txt:16: 5筐 = 5件: cannot be read
  5筐 = 5件
   ^
  筐 is neither an operator (+ - × ÷ = <= >= < >) nor a unit that schemas/codes/units.csv lists.
formulas.txt:17: 3件 / 7件 = 50%: contradicts
  left   42.8571428571%
  right  49.5%..50.5%
  6件 instead of 7件 would agree
  42.8571428571% instead of 50% would agree
formulas.txt:18: 1.0 = 1.1 + 0.0501: contradicts
  left   0.95..1.05
  right  1.1..1.201
  1.101..1.2 instead of 1.0 would agree
  0.9..0.999 instead of 1.1 would agree
  -0.2..0 instead of 0.0501 would agree
18 formulas. agrees: 1, agrees only if digits were cut off, not rounded: 1, contradicts: 8, cannot be said: 5, cannot be read: 3
"""
CHINESE = """\
formulas.txt:1: 4.40万件 / 7.64万件 = 57.6%: 相符
  左边  57.488%..57.695%
  右边  57.55%..57.65%
formulas.txt:2: 4.40万件 / 7.64万件 = 58.6%: 矛盾
  左边  57.488%..57.695%
  右边  58.55%..58.65%
  4.40万件 若为 4.4703万件..4.4837万件 即相符
  7.64万件 若为 7.4937万件..7.5234万件 即相符
  58.6% 若为 57.489%..57.694% 即相符
formulas.txt:3: sum(505件, 4852件, 4525件) = 9883件: 矛盾
  左边  9882件
  右边  9883件
  505件 若为 506件 即相符
  4852件 若为 4853件 即相符
  4525件 若为 4526件 即相符
  9883件 若为 9882件 即相符
formulas.txt:4: 2件 / 3件 = 66.6%: 仅在截尾（非四舍五入）时相符
  左边  66.6666666667%
  右边  66.55%..66.65%
  左边  66.6666666667% (若为截尾)
  右边  66.55%..66.7% (若为截尾)
formulas.txt:5: 超七成 <= 68%: 矛盾
  左边  ≥ 70%
  右边  67.5%..68.5%
  超七成 若为 ≤ 6.85成 即相符
  68% 若为 ≥ 70% 即相符
formulas.txt:6: 近1.2万家 - 1.1万家 = 2000家: 矛盾
  左边  ≤ 1500家
  右边  2000家
  近1.2万家 若为 1.25万家..1.35万家 即相符
  1.1万家 若为 ≤ 1万家 即相符
  2000家 若为 ≤ 1500家 即相符
formulas.txt:7: 100元 / 3件 = 35元/件: 矛盾
  左边  33.166元/件..33.5元/件
  右边  34.5元/件..35.5元/件
  100元 若为 103.5元..106.5元 即相符
  35元/件 若为 33.167元/件..33.5元/件 即相符
formulas.txt:8: 505件 < 505件: 矛盾
  左边  505件
  右边  505件
  505件 若为 < 505件 即相符
  505件 若为 > 505件 即相符
formulas.txt:9: 3个月左右 = 5个月: 无法判断
  左边  不明
  右边  4.5个月..5.5个月
  3个月左右：真实数与所印数字相差多少，无从得知。
formulas.txt:10: 10件 / (5.0件 - 5.0件) = 3: 无法判断
  左边  不明
  右边  2.5..3.5
  10件 / (5.0件 - 5.0件) 的除数可能为零。
formulas.txt:11: (0.1 - 0.1) * (0.2 - 0.2) = 3: 无法判断
  左边  不明
  右边  2.5..3.5
  (0.1 - 0.1) * (0.2 - 0.2) 的因数正负不明。
formulas.txt:12: 超七成 = 超八成: 无法判断
  左边  ≥ 7成
  右边  ≥ 8成
  两边的区间在应当相遇的方向上没有界限。
formulas.txt:13: 505件 + 4852件: 无法判断
  结果  5357件
  没有比较。请加上 = 和应得的数字。
formulas.txt:14: 4000余家 + 505件 = 4505家: 无法解读
  4000余家 + 505件 = 4505家
             ^
  家与件不能相加减。请用同类单位，或改为相除。
formulas.txt:15: （4000余家 + 505户 = 4505家: 无法解读
  （4000余家 + 505户 = 4505家
                     ^
  括号之内不能比较。请先闭合括号。
formulas.txt:16: 5筐 = 5件: 无法解读
  5筐 = 5件
   ^
  筐 既不是运算符（+ - × ÷ = <= >= < >），也不是 schemas/codes/units.csv 所列的单位。
formulas.txt:17: 3件 / 7件 = 50%: 矛盾
  左边  42.8571428571%
  右边  49.5%..50.5%
  7件 若为 6件 即相符
  50% 若为 42.8571428571% 即相符
formulas.txt:18: 1.0 = 1.1 + 0.0501: 矛盾
  左边  0.95..1.05
  右边  1.1..1.201
  1.0 若为 1.101..1.2 即相符
  1.1 若为 0.9..0.999 即相符
  0.0501 若为 -0.2..0 即相符
18 个算式。相符：1，仅在截尾（非四舍五入）时相符：1，矛盾：8，无法判断：5，无法解读：3
"""


@pytest.mark.parametrize(("language", "said"), [("en", ENGLISH), ("zh", CHINESE)], ids=["en", "zh"])
def test_the_wording_of_each_verdict(language: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("formulas.txt").write_text(FORMULAS, encoding="utf-8")

    ran = CliRunner().invoke(main, ["verify", "--lang", language, "-f", "formulas.txt"])

    assert ran.output == said
    assert ran.exit_code == 1


NUMBERS = st.fractions(min_value=-(10**12), max_value=10**12, max_denominator=10**12)


@given(NUMBERS.filter(bool))
def test_the_magnitude_of_a_number_is_the_power_of_ten_of_its_first_digit(number: Fraction) -> None:
    assert Fraction(10) ** magnitude(number) <= abs(number) < Fraction(10) ** (magnitude(number) + 1)


@given(NUMBERS, st.integers(0, 12))
def test_a_number_is_written_to_the_side_it_is_rounded_to(number: Fraction, decimals: int) -> None:
    down, nearest, up = (Fraction(decimal_text(number, decimals, is_up)) for is_up in (False, None, True))
    assert down <= number <= up <= down + Fraction(1, 10**decimals)
    assert abs(nearest - number) <= Fraction(1, 2 * 10**decimals)


@given(NUMBERS, NUMBERS)
def test_an_interval_is_widened_or_narrowed_by_less_than_a_hundredth(one: Fraction, other: Fraction) -> None:
    assume(one != other)
    low, high = sorted((one, other))
    for is_outward in (True, False):
        shown = bounds_text(Bounds(low, high), "件", decimals_of(Bounds(low, high)), is_outward=is_outward)
        least, greatest = (Fraction(each.removesuffix("件")) for each in shown.split(".."))
        for gained in (low - least, greatest - high):
            assert 0 <= (gained if is_outward else -gained) <= (high - low) / 100


def test_an_interval_that_is_open_or_a_single_number_says_so() -> None:
    third = Fraction(1, 3)
    shown = [bounds_text(each, "%", decimals_of(each)) for each in (Bounds(third, None), Bounds(None, third), UNKNOWN)]
    assert shown == ["≥ 0.333333%", "≤ 0.333334%", ""]
    assert bounds_text(Bounds(None, third), "", 3, is_outward=False, is_open=True) == "< 0.333"
    assert bounds_text(Bounds(third, third), "件", 0) == "0.333333333333件"
