"""What the texts of a sheet say of each figure: area, period, categories, column and unit; or that they do not say it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from etl.catalogue import PACKAGE
from etl.errors import ProjectError
from etl.returns.bind_cells import Binder, UnclearError
from etl.returns.office_sheet import read_office_sheet
from etl.returns.table_words import TableWords

ASKED = "asked"
TITLE = "宁波市法院案件"
ALL = {"court": "all"}


def bound(rows: Sequence[Sequence[object]], table: str = "courts.caseload", stated: Mapping[str, str] = {}) -> list[str]:
    """Bind the figures of a CSV file: each its text, period, categories, column and unit; or `asked`."""
    width, text = max(map(len, rows)), io.StringIO()
    csv.writer(text).writerows([*row, *[""] * (width - len(row))] for row in rows)
    sheet = read_office_sheet(text.getvalue().encode(), Path("sheet.csv"), [], PACKAGE.notation)
    binder = Binder(TableWords(PACKAGE.entry(table)), sheet, stated, {}, {})
    refused = {each.place for each in sheet.refusals}
    found = []
    for figure in sheet.figures:
        try:
            of = binder.bind(figure)
        except UnclearError:
            found.append(f"{figure.text} {ASKED}")
            continue
        words = (figure.text, of.area[-2:], of.period, *of.categories, of.column.name if of.column else "-", of.unit)
        found.append(" ".join(words) + (" refused" if figure.place in refused else ""))
    return found + ([f"{place} refused" for place in sorted(refused)] if refused else [])


def test_counts_that_look_like_years_are_counts() -> None:
    rows = [
        ["宁波市2026年法院案件"],
        ["法院", "收案（件）", "结案（件）"],
        ["全市法院", 2011, 1987],
        ["知识产权法庭", 1500, 1400],
    ]
    assert bound(rows) == [
        "2011 00 2026 all received 件",
        "1987 00 2026 all closed 件",
        "1500 00 2026 ip_tribunal received 件",
        "1400 00 2026 ip_tribunal closed 件",
    ]
    with pytest.raises(ProjectError, match="shows no table"):
        bound(rows[:-1])


def test_bare_years_in_a_header_are_periods() -> None:
    assert bound([[TITLE], ["指标", 2025, 2026], ["收案", 5981, 6200]], stated=ALL) == [
        "5981 00 2025 all received 件",
        "6200 00 2026 all received 件",
    ]


def test_months_stand_in_a_column_and_parts_of_a_year_below_it() -> None:
    assert bound([[TITLE], ["月份", "收案"], ["2026-01", 500], ["2026年2月", 510]], stated=ALL) == [
        "500 00 2026-01 all received 件",
        "510 00 2026-02 all received 件",
    ]
    halves = [[TITLE], ["指标", "2026年", "", "2025年", ""], ["", "上半年", "1-6月", "上半年", "1-6月"], ["收案", 31, 32, 33, 34]]
    assert bound(halves, stated=ALL) == [
        "31 00 2026-H1 all received 件",
        "32 00 2026-H1 all received 件",
        "33 00 2025-H1 all received 件",
        "34 00 2025-H1 all received 件",
    ]


def test_a_title_over_the_first_of_its_columns_is_not_that_of_the_others() -> None:
    single = [[TITLE], ["法院", "2026年", ""], ["", "收案", "结案"], ["全市法院", 5981, 6200]]
    assert bound(single) == ["5981 00 2026 all received 件", "6200 asked", "C2 refused"]
    partial = [[TITLE], ["", "2025年", "2025年", ""], ["法院", "收案", "结案", "旧存"], ["全市法院", 5981, 5900, 3]]
    assert bound(partial) == ["5981 00 2025 all received 件", "5900 00 2025 all closed 件", "3 asked", "D2 refused"]


def test_the_period_of_the_title_is_that_of_no_figure_where_the_header_names_periods() -> None:
    total = [["宁波市2026年案件"], ["指标", "2025年", "2026年", "合计"], ["收案", 5981, 6200, 12181]]
    assert bound(total, stated=ALL)[-1] == "12181 asked"
    assert bound([["宁波市2026年案件"], ["法院", "2025年收案", "结案"], ["全市法院", 5981, 6200]])[-1] == "6200 asked"


@pytest.mark.parametrize(
    "header",
    ["本期", "上年同期", "截至2026年6月底收案", "2026年1-6月累计收案", "较2025年增收案", "2025-2026年收案", "比重"],
)
def test_a_header_that_is_not_known_for_certain_is_asked(header: str) -> None:
    assert bound([["宁波市2026年案件"], ["法院", header], ["全市法院", 6200]]) == ["6200 asked"]


def test_two_tables_in_one_sheet_are_asked() -> None:
    block = [["法院", "收案"], ["全市法院", 5981]]
    found = bound([["宁波市2025年案件"], *block, [""], ["宁波市2026年案件"], *block])
    assert set(found) == {"5981 asked", "收案 asked"}


def test_marks_of_lists_and_parts_are_no_words() -> None:
    rows = [["宁波市2026年专利授权"], ["专利类型", "授权"], ["一、合计", 100], ["其中：发明", 50], ["2.实用新型", 30]]
    assert bound(rows, "patents.grants") == [
        "100 00 2026 all granted 件",
        "50 00 2026 invention granted 件",
        "30 00 2026 utility_model granted 件",
    ]


def test_areas_stand_in_a_column_and_a_lone_growth_is_that_of_the_only_level() -> None:
    rows = [
        ["2026年PCT国际专利申请"],
        ["地区", "国际申请（件）", "同比（%）"],
        ["宁波市", 500, 3.1],
        ["海曙区", 20, -2],
        ["合计", 7, 1],
    ]
    assert bound(rows, "patents.pct_applications") == [
        "500 00 2026 filed 件",
        "3.1 00 2026 filed_growth_pct %",
        "20 03 2026 filed 件",
        "-2 03 2026 filed_growth_pct %",
        "7 asked",
        "1 asked",
    ]
