"""What `etl new` proposes of the standing rules: sums of all areas, factors of levels, and figures to look at."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from etl.catalogue import PACKAGE
from etl.scaffold.codegen import model_text
from etl.scaffold.dry_run import DryRun
from etl.scaffold.input_table import read_input_table
from etl.scaffold.layout import TableLayout, layout
from etl.scaffold.search import search
from etl.scaffold.standing_rules import standing_rules
from etl.scaffold.titles import Stated

DISTRICTS = ("海曙区", "江北区", "北仑区", "镇海区", "鄞州区", "奉化区", "象山县", "宁海县", "余姚市", "慈溪市")
SUM = "complaints_of_the_areas_within_sum_to_that_of_the_area"
WITHIN = "complaints_are_among_those_of_the_area_around"


def read(folder: Path, text: str) -> TableLayout:
    path = folder / "in.csv"
    path.write_text(text, encoding="utf-8")
    return layout(read_input_table(path, PACKAGE, ""), "made", Stated(area="330200"))


def of_districts(folder: Path, counts: list[int], total: int, names: tuple[str, ...] = DISTRICTS) -> TableLayout:
    rows = "".join(f"{name},{count}\n" for name, count in zip(names, counts, strict=True))
    return read(folder, f"2025年各区县投诉情况,\n区县,投诉（件）\n{rows}全市,{total}\n")


@pytest.mark.parametrize(("left_out", "more", "rule"), [(0, 0, {SUM}), (1, 0, {WITHIN}), (0, 1, {WITHIN}), (0, -1, {WITHIN})])
def test_all_areas_of_one_are_proposed_to_add_up_where_they_do(left_out: int, more: int, rule: set[str], tmp_path: Path) -> None:
    counts = random.Random(1).sample(range(100, 2000), len(DISTRICTS))
    found = of_districts(tmp_path, counts[left_out:], sum(counts) + more, DISTRICTS[left_out:])
    rules = {each.name for each in search(found).rules}
    assert rules == rule
    told = [each.en for each in standing_rules(DryRun.of(found, found.rows("in"))).remarks]
    assert bool(told) == (more < 0)


def of_years(folder: Path, *numbers: int) -> TableLayout:
    rows = "".join(f"{2010 + at},{number}\n" for at, number in enumerate(numbers) if number)
    return read(folder, f"投诉情况,\n年份,投诉（件）\n{rows}")


def test_a_level_that_changes_much_is_declared_so_and_one_that_jumps_once_is_told(tmp_path: Path) -> None:
    wild = of_years(tmp_path, 120, 801, 95, 610, 77, 903)
    found = standing_rules(DryRun.of(wild, wild.rows("in")))
    assert (found.factors, found.remarks) == ({"complaints": (12, 24)}, ())
    text = model_text("made.complaints", wild, (), found.factors)
    assert 'complaints: Count = figure("投诉", "complaints", "件", factors=(12, 24))' in text
    once = of_years(tmp_path, 120, 1310, 1290, 1275)
    found = standing_rules(DryRun.of(once, once.rows("in")))
    assert found.factors == {}
    assert [each.en.split(". ")[0] for each in found.remarks] == ["330200, 2011: 投诉 1310, beside 120"]


def test_a_year_left_out_and_a_repeated_figure_are_told(tmp_path: Path) -> None:
    found = of_years(tmp_path, 1204, 1310, 0, 1290, 1290)
    told = [each.zh.split("。")[0] for each in standing_rules(DryRun.of(found, found.rows("in"))).remarks]
    assert told == ["330200, 2014：投诉 1290，另一处为 1290", "330200, 2013"]


def test_of_many_figures_to_look_at_a_few_are_told_and_the_others_counted(tmp_path: Path) -> None:
    found = of_years(tmp_path, *[1204] * 9)
    told = standing_rules(DryRun.of(found, found.rows("in"))).remarks
    assert (len(told), told[-1].en.split(".")[0]) == (4, "5 more such")
