"""Figures of other rows: the year before, the enclosing area, sums over a category, and several documents' common part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from etl.catalogue import Entry
from etl.errors import ProjectError
from etl.gate.check import parsed_tables
from etl.project import Project
from etl.tables.evaluate import evaluate_rules, evaluation_of
from schemas import rules
from schemas.binding import Binding
from schemas.code_lists import PACKAGE_LISTS
from schemas.constraints import Cell, Constraint
from schemas.figure_table import Reading
from schemas.models import Category, Count, Share, Table, figure, label, rule

MakeProject = Callable[..., Project]


class Stock(Table, zh="存量"):
    """Made-up stock. One row per area, period, kind and source."""

    kind: Category = label("类别", "kind", codes="patent_types")
    valid: Count = figure("有效量", "valid", "件")
    share_pct: Share = figure("占比", "share", "%", optional=True)


class Other(Table, zh="其他"):
    """Another made-up table, of an area and period."""

    bodies: Count = figure("机构", "bodies", "家")


class OpenOther(Table, zh="其他"):
    """A table with a rule that leaves a category of another open."""

    bodies: Count = figure("机构", "bodies", "家")

    @rule(zh="有效量等于机构数")
    def valid_are_bodies(cls: Any) -> Constraint:
        """Which of the kinds is not said."""
        return rules.equal(rules.other_table("made.stock.valid"), "bodies")


class CityShare(Table, zh="各市占比"):
    """Made-up shares of cities. One row per area, period, city and source."""

    city: Category = label("城市", "city", codes="areas")
    share_pct: Share = figure("占比", "share", "%")


STOCK = Entry("made.stock", Stock, lambda rows: rows)
OTHER = Entry("made.other", Other, lambda rows: rows)

ROWS = (
    "area,period,kind,valid,share_pct,source,section\n"
    "330200,2025,all,100件,,example-a,1\n"
    "330200,2025,invention,60件,60%,example-a,1\n"
    "330200,2025,design,40件,40%,example-a,1\n"
    "330200,2024,all,90件,,example-a,1\n"
    "330200,2024,all,0.9万件,,example-b,1\n"
    "330200,2024,invention,超50件,,example-a,1\n"
    "330200,2024,invention,不到55件,,example-b,1\n"
    "330000,2025,all,1000件,,example-a,1\n"
)


def found(make: MakeProject, cell: Cell) -> dict[int, Reading]:
    """Give (value, low, high) of a looked-up cell by row, where it is there."""
    project = make({"made.stock": ROWS, "made.other": "area,period,bodies,source,section\n330200,2025,7家,example-a,1\n"})
    tables = parsed_tables(project, [STOCK, OTHER])
    taken = evaluation_of(tables).binding("made.stock", cell).taken()
    return {row: taken.reading(row) for row in np.flatnonzero(taken.is_printed).tolist()}


def test_the_year_before_is_of_the_same_area_and_category(project: MakeProject) -> None:
    assert found(project, rules.year_before("valid")) == {1: (50.0, 50.0, 55.0)}


def test_documents_that_contradict_each_other_give_nothing(project: MakeProject) -> None:
    """90件 and 0.9万件 have nothing in common, so row 0 of 2025 has no year before; 超50件 and 不到55件 have 50..55."""
    assert 0 not in found(project, rules.year_before("valid"))


def test_another_row_of_the_table_is_found_by_its_category(project: MakeProject) -> None:
    whole = found(project, rules.row("valid", kind="all"))
    assert {row: value for row, (value, _, _) in whole.items()} == {0: 100.0, 1: 100.0, 2: 100.0, 7: 1000.0}


def test_the_enclosing_area_is_that_of_the_code_list(project: MakeProject) -> None:
    assert {row: each[0] for row, each in found(project, rules.parent_area("valid")).items()} == {0: 1000.0}


def test_a_sum_needs_all_the_parts_it_names(project: MakeProject) -> None:
    complete = found(project, rules.total_over("kind", "valid", "invention", "design"))
    assert {row: each for row, each in complete.items() if row < 3} == dict.fromkeys(range(3), (100.0, 100.0, 100.0))
    assert found(project, rules.total_over("kind", "valid", "invention", "design", "utility_model")) == {}


@pytest.mark.parametrize(("parts", "width"), [(2, 2.0), (5, 5.0), (6, 8 * (6 / 12) ** 0.5), (11, 8 * (11 / 12) ** 0.5)])
def test_the_slack_of_a_sum_is_capped_at_four_standard_deviations(project: MakeProject, parts: int, width: float) -> None:
    """Of n shares rounded to whole percents the halves add to n / 2 on each side; above five that is more than the cap."""
    cities = [code.code for code in PACKAGE_LISTS.codes("areas") if code.parent == "330000"][:parts]
    rows = "".join(f"330000,2025,{city},5%,example-a,1\n" for city in cities)
    made = project({"made.city_share": "area,period,city,share_pct,source,section\n" + rows})
    tables = parsed_tables(made, [Entry("made.city_share", CityShare, lambda frame: frame)])
    cell = rules.total_over("city", "share_pct", *cities)
    taken = evaluation_of(tables).binding("made.city_share", cell).taken().reading(0)
    assert taken.value == 5.0 * parts
    assert taken.high - taken.low == pytest.approx(width)


def test_another_table_is_found_by_area_and_period(project: MakeProject) -> None:
    assert {row: each[0] for row, each in found(project, rules.other_table("made.other.bodies")).items()} == {
        0: 7.0,
        1: 7.0,
        2: 7.0,
    }


def test_a_category_left_open_is_an_error_of_the_rule(project: MakeProject) -> None:
    made = project({"made.stock": ROWS, "made.other": "area,period,bodies,source,section\n330200,2025,7家,example-a,1\n"})
    tables = parsed_tables(made, [STOCK, Entry("made.other", OpenOther, lambda rows: rows)])
    with pytest.raises(ProjectError, match="leaves the category kind open"):
        evaluate_rules(tables["made.other"].figure_table, evaluation_of(tables))


def test_of_the_rows_that_take_a_figure_so_many_are_listed() -> None:
    groups = ((0,), (1,))
    binding = Binding("made.stock", "valid", None, np.array([2, 2, -1, -1, -1]), dict.fromkeys((2, 3, 4), groups))
    assert binding.rows_of(1) == [2, 3, 4]
    assert binding.rows_of(1, 2) == [2, 3]
    assert binding.rows_of(2, 1) == [0]
