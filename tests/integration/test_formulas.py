"""The calculator: what each verdict means, which units go together, what is exact, and what is said of broken formulas."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from commands import imported_by

from etl.calculator.messages import PROBLEMS, VERDICTS
from etl.calculator.verdicts import Verified, exit_code
from etl.calculator.verdicts import verify as verify_all
from etl.cli import main
from schemas.code_lists import PACKAGE_LISTS
from schemas.models import Figure


def verify(formula: str) -> Verified:
    return verify_all([formula])[0]


def verdict(formula: str) -> str:
    return verify(formula).verdict


def run(*arguments: str, given: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["verify", "--lang", "en", *arguments], input=given)


AGREES = """
4.40万件 / 7.64万件 = 57.6%
4186549件 / 3457338件 - 1 = 21.09%
sum(505件, 4852件, 4525件) = 9882件
505件 + 4852件 + 4525件 = 9882件
（505件＋4852件）÷9882件＝５４．２％
4.40万件 ÷ 7.64万件 × 100 = 57.6%
100 * 4.40万件 / 7.64万件 = 57.6%
4.40万件 × 100 / 7.64万件 = 57.6%
4.40万件 / 7.64万件 × 100 = 57.6
4.40万件 / 7.64万件 × 100% ≈ 57.6%
4.40万件 / 7.64万件 = 0.576
4186549件 / 3457338件 × 100 - 100 = 21.09%
5.76 * 100 = 57600%
4852件 / 5348件 - 1 = -9.27%
4852件 / 5348件 - 1 = 同比下降9.27%
4852件 / 5348件 = 1 + -9.27%
超七成 = 75%
75% = 百分之七十五
4000余家 <= 5000家
4000余家 ≥ 4000户
4000余家 ≈ 四千五百家
7.66亿元 + 1.1亿余元 = 8.8亿元
57.6% - 55.2% = 2.4个百分点
57.6% + 42.4% = 1
32件 / 10件 = 3.2倍
48小时 = 2天
1公顷 > 10亩
505件 < 506件
506件 > 505件
-(3件 - 5件) = 2件
--(3件 - 1件) = 2件
-5件 / -2件 = 2.5
(1 - 3) x (2 - 5) = 6
-9.27% × -1 = 9.27%
10亿元 / 1000亩 = 100万元/亩
100元 / 3件 = 33元/件
100元 / 3件 = 33
100元 / 3件 × 3件 = 100元
9882件 / 6588家 = 1.5件/家
1000万元 / 5万件 = 200万元/万件
100件 / 3 = 33件
2件/家 × 5000家 = 9882件
1.26件 × 10 = 13件
508件 - 505件 = 增加3件
10 / 3 = 3
505件 × 1.726 = 871件
505件 - 505件 = 0
(5% + 3%) × 100% = 8%
"""
CONTRADICTS = """
4.40万件 / 7.64万件 = 58.6%
4.40万件 ÷ 7.64万件 × 100 = 58.6%
4.40万件 / 7.64万件 × 100% = 57.9%
4.40万件 × 100 / (7.64万件 × 100) = 0.576%
4186549件 / 3457338件 - 1 = 21.10%
sum(505件, 4852件, 4525件) = 9883件
2件 + 2件 = 5件
57.6% + 30% = 1
超七成 = 68%
超七成 < 68%
4000余家 > 5000家
4000余家 <= 3999家
505件 < 505件
505件 > 505件
1 = 2
57.6 = 57.6%
100元 / 3件 = 35
100元 / 3件 = 35元/件
10 / 3 = 4
-9.27% = 9.27%
123456件 - 123455件 = 0
7.64万件 * 2 = 15.40万件
"""


@pytest.mark.parametrize("formula", [line for line in AGREES.splitlines() if line])
def test_figures_that_can_be_true_together_agree(formula: str) -> None:
    assert verdict(formula) == "agrees"


@pytest.mark.parametrize("formula", [line for line in CONTRADICTS.splitlines() if line])
def test_figures_that_cannot_be_true_together_contradict(formula: str) -> None:
    assert verdict(formula) == "contradicts"


@pytest.mark.parametrize(
    "formula", ["199件 / 432件 = 46.0%", "2件 / 3件 = 66.6%", "1.29亿元 + 1.29亿元 = 2.5亿元", "-2 / 3 = -0.66"]
)
def test_figures_whose_digits_were_cut_off_agree_only_then(formula: str) -> None:
    verified = verify(formula)
    assert verified.verdict == "agrees_if_cut_off"
    assert verified.comparison is not None
    assert verified.comparison.if_cut_off is not None


SILENT = {
    "3个月左右 = 5个月": "unknown_bounds",
    "约10件 + 1.5万件 = 3件": "unknown_bounds",
    "翻一番 = 10件 / 5件": "unknown_bounds",
    "10件 / (5.0件 - 5.0件) = 3": "divisor",
    "10件 / 0 = 3件": "divisor",
    "10件 / 不到5件 = 3": "divisor",
    "(0.1 - 0.1) * (0.2 - 0.2) = 3": "product",
    "超七成 = 超八成": "open_sides",
    "505件 + 4852件": "no_comparison",
}


@pytest.mark.parametrize("formula", SILENT)
def test_an_undecided_formula_gives_the_reason(formula: str) -> None:
    verified = verify(formula)
    assert (verified.verdict, verified.problem and verified.problem.code) == ("cannot_be_said", SILENT[formula])


def test_a_formula_of_which_only_the_result_was_cut_off_agrees_with_the_information() -> None:
    assert [verdict(f"1.4万件 + 1.4万件 = {total}万件") for total in (2.6, 2.5)] == ["agrees_if_cut_off", "contradicts"]


def test_no_count_below_zero_is_proposed() -> None:
    assert [each.would_agree is not None for each in verify("3件 + 5件 = 2件").participants] == [False, False, True]


def test_a_figure_printed_twice_is_two_independent_numbers() -> None:
    assert verdict("7.64万件 - 7.64万件 = 100件") == "agrees"
    assert verdict("7.64万件 - 7.64万件 = 151件") == "contradicts"


def test_differences_of_near_numbers_lose_nothing() -> None:
    """In binary floating point 10001 - 10000.35 is less than 0.65 by more than the slack of a comparison."""
    assert verdict("10001 - 10000.4 = 0.7") == "agrees"
    assert verdict("123456789012345678件 - 123456789012345677件 = 1件") == "agrees"


BROKEN = {
    "": ("empty", 0),
    "1 +  = 2": ("figure_expected", 4),
    "吨 = 2": ("figure_expected", 0),
    "0123 = 2": ("figure_expected", 0),
    "5筐 = 2": ("operator_expected", 1),
    "5件 3件 = 2": ("operator_expected", 3),
    "1 + (2 + 3": ("not_closed", 4),
    "1 + 2) = 3": ("not_opened", 5),
    "(1 = 1)": ("comparison_within", 3),
    "1 = 1 = 1": ("second_comparison", 6),
    "1, 2 = 3": ("comma_outside_list", 1),
    "sum(505,485) = 990": ("one_in_list", 4),
    "+".join(["1"] * 1001): ("too_many", 2000),
    "(" * 41 + "1": ("too_deep", 40),
    "505件 + 300家 = 805件": ("unlike_sum", 7),
    "505件 + 300 = 805件": ("unlike_sum", 7),
    "5% + 3件 = 5%": ("unlike_sum", 5),
    "505件 = 505家": ("unlike_comparison", 7),
    "505件 + 300件 = 805": ("unlike_comparison", 14),
    "505件 / 3家 = 50%": ("unlike_comparison", 12),
    "3天 <= 3个工作日": ("unlike_comparison", 6),
    "一万二件 = 3件": ("figure_unreadable", 0),
    "3 = 超3以下": ("figure_unreadable", 4),
    "1234567890123456789 = 1": ("figure_too_large", 0),
    "*".join(["1万亿元"] * 20) + " = 1": ("too_large", 0),
}


@pytest.mark.parametrize("formula", BROKEN)
def test_what_cannot_be_read_is_named_with_its_place(formula: str) -> None:
    verified = verify(formula)
    assert verified.verdict == "cannot_be_read"
    assert verified.problem is not None
    assert (verified.problem.code, verified.problem.offset) == BROKEN[formula]


def test_every_reason_has_words_and_every_word_a_reason() -> None:
    assert set(PROBLEMS) == {code for code, _ in BROKEN.values()} | set(SILENT.values())
    assert all(words.en != words.zh for words in (*PROBLEMS.values(), *VERDICTS.values()))


def test_a_full_width_comma_separates_in_a_list_and_groups_digits_elsewhere() -> None:
    assert verdict("sum(12件，345件) = 357件") == "agrees"
    assert verdict("sum(12，345) = 357") == "agrees"
    assert verdict("１２，３４５件 = 12345件") == "agrees"
    assert verdict("合计(12件、345件; 1,000件) = 1357件") == "agrees"


def test_the_kind_of_every_unit_is_a_kind_of_figure() -> None:
    assert {unit.kind for unit in PACKAGE_LISTS.units} <= {kind.kind for kind in Figure.__subclasses__()}
    assert len({(unit.dimension, unit.kind) for unit in PACKAGE_LISTS.units}) == len(
        {unit.dimension for unit in PACKAGE_LISTS.units}
    )


def test_exit_codes_follow_the_verdicts() -> None:
    agrees, cut, contradicts, silent, broken = ("1 = 1", "2件 / 3件 = 66.6%", "1 = 2", "约1 = 1", "1 =")
    expected = {(agrees,): 0, (cut,): 0, (contradicts,): 1, (silent,): 2, (broken,): 2, (agrees, cut): 0}
    expected |= {(agrees, silent): 2, (broken, contradicts, silent): 1, (cut, contradicts): 1, (): 2}
    for formulas, code in expected.items():
        assert exit_code(verify_all(formulas)) == code, formulas
        assert run(*formulas).exit_code == code, formulas


def test_a_file_is_read_line_by_line_and_shows_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "formulas.txt"
    path.write_bytes("\ufeff# shares\r\n\r\n1 = 1  # one\r\n2件 = 3件\n约1 = 1".encode())

    ran = run("-f", str(path))

    heads = [line for line in ran.output.splitlines() if line.startswith(str(path))]
    assert heads == [f"{path}:3: 1 = 1: agrees", f"{path}:4: 2件 = 3件: contradicts", f"{path}:5: 约1 = 1: cannot be said"]
    assert ran.output.splitlines()[-1] == "3 formulas. agrees: 1, contradicts: 1, cannot be said: 1"
    assert ran.exit_code == 1


def test_formulas_come_from_standard_input_and_may_begin_with_a_minus() -> None:
    assert run("-f", "-", given=b"1 = 1\n").output.splitlines()[0] == "<stdin>:1: 1 = 1: agrees"
    assert run("-9.27% + 5% = -4.27%").exit_code == 0
    assert run("-(3 - 5) = 2", "- 5 < 1").exit_code == 0


def test_a_file_without_formulas_or_not_in_utf_8_and_a_call_without_either_end_with_2() -> None:
    empty = run("-f", "-", given=b"# nothing\n")
    assert (empty.exit_code, empty.output) == (2, "0 formulas.\n")
    assert run("-f", "-", given=b"\xff").exit_code == 2
    for arguments in ((), ("1 = 1", "-f", "-"), ("-f", "missing.txt"), ("--format", "xml", "1 = 1")):
        ran = run(*arguments)
        assert (ran.exit_code, ran.output.startswith("Usage:")) == (2, True), arguments


FORMULA_KEYS = ["file", "line", "formula", "verdict", "relation", "unit", "left", "right", "if_cut_off", "figures", "problem"]


def shape(answer: Any) -> Any:
    return {key: shape(part) for key, part in answer.items()} if isinstance(answer, dict) else type(answer)


def test_json_has_the_same_keys_whatever_the_verdict() -> None:
    formulas = ["1 = 1", "2件 / 3件 = 66.6%", "4.40万件 / 7.64万件 = 58.6%", "约1天 = 1天", "1件 + ", "2件"]
    ran = run("--format", "json", *formulas)
    answer = json.loads(ran.output)
    assert list(answer) == ["formulas", "counts", "exit_code"]
    assert (answer["exit_code"], ran.exit_code) == (1, 1)
    assert answer["counts"] == dict(zip(VERDICTS, (1, 1, 1, 2, 1), strict=True))
    for formula, found in zip(formulas, answer["formulas"], strict=True):
        assert list(found) == FORMULA_KEYS
        assert found["formula"] == formula.strip()
        assert all(list(figure)[-1] == "would_agree" and len(figure) == 7 for figure in found["figures"])


def test_json_of_a_contradiction_gives_numbers_in_base_units() -> None:
    (found,) = json.loads(run("--format", "json", "4.40万件 / 7.64万件 = 58.6%").output)["formulas"]
    assert (found["unit"], found["right"], found["problem"]) == ("%", {"low": 58.55, "high": 58.65}, None)
    assert found["left"] == pytest.approx({"low": 43950 / 76450 * 100, "high": 44050 / 76350 * 100})
    whole, share = found["figures"][1:]
    assert (whole["published"], whole["offset"], whole["unit"], whole["low"]) == ("7.64万件", 9, "件", 76350.0)
    assert whole["would_agree"] == pytest.approx({"low": 43950 / 0.5865, "high": 44050 / 0.5855})
    assert (share["unit"], share["low"], share["would_agree"]) == ("%", 58.55, pytest.approx(found["left"]))


def test_the_calculator_imports_neither_pandera_nor_duckdb() -> None:
    assert not {"pandera", "duckdb"} & imported_by("verify", "1件 = 1件")


def test_agreeing_values_are_given_for_figures_not_for_constants_or_long_lists() -> None:
    def told(formula: str) -> list[bool]:
        return [each.would_agree is not None for each in verify(formula).participants]

    assert told("4186549件 / 3457338件 - 1 = 21.10%") == [True, True, False, True]
    assert told("10 / 3 = 4") == [True, False, True]
    assert told("1 + 1 = 3") == [True, True, True]
    assert told(" + ".join(["5件"] * 30) + " = 1000件") == [True] * 20 + [False] * 11
