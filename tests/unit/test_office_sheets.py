"""Sheets as offices write them: each figure gets the area, period and unit that its header says, or is asked about."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from etl.catalogue import PACKAGE
from etl.files import csv_text
from etl.returns.bind_cells import Binder, UnclearError
from etl.returns.figure_text import completed
from etl.returns.office_sheet import read_office_sheet
from etl.returns.table_words import TableWords
from etl.scaffold.period_parsing import canonical_period, names_another_span, periods_in

CASES, PLEDGES, GRANTS, STOCK = "courts.caseload", "finance.pledges", "patents.grants", "patents.stock"
Rows = Sequence[Sequence[Any]]


def bound(table: str, rows: Rows, merged: Sequence[str] = (), **stated: str) -> list[str]:
    """Return what a sheet says: area, period, categories, column and print of each figure, or what is asked."""
    entry = PACKAGE.entry(table)
    name, content = Path("sheet.csv"), csv_text([[str(cell or "") for cell in row] for row in rows]).encode()
    if merged:
        book, stream = openpyxl.Workbook(), io.BytesIO()
        for row in rows:
            book.active.append(list(row))
        for cells in merged:
            book.active.merge_cells(cells)
        book.save(stream)
        name, content = Path("sheet.xlsx"), stream.getvalue()
    sheet = read_office_sheet(content, name, [], PACKAGE.notation)
    found = [f"{each.place} {each.message.en}" for each in sheet.refusals]
    binder = Binder(TableWords(entry), sheet, stated, {}, {})
    for figure in sheet.figures:
        try:
            each = binder.bind(figure)
        except UnclearError as error:
            found.append(f"{figure.place} {error.message.en}")
            continue
        assert each.column
        labels = (each.area, each.period, *each.categories, each.column.name)
        found.append(" ".join((*labels, completed(figure.text, each.unit, PACKAGE.notation)[0])))
    return found


CITY = "330200"
R, ALL = ["法院", "收案"], ["全市法院", "6200"]
READ: dict[str, tuple[str, Rows, Sequence[str], dict[str, str], list[str]]] = {
    "year × measure under merged titles": (
        CASES,
        [
            ["宁波市法院"],
            ["法院", "2025年", None, "2026年"],
            [None, "收案", "结案", "收案", "结案"],
            ["全市法院", 5981, 5954, 6200, 6100],
        ],
        ["A2:A3", "B2:C2", "D2:E2"],
        {},
        [
            f"{CITY} 2025 all received 5981件",
            f"{CITY} 2025 all closed 5954件",
            f"{CITY} 2026 all received 6200件",
            f"{CITY} 2026 all closed 6100件",
        ],
    ),
    "years merged down": (
        CASES,
        [
            ["宁波市法院"],
            ["年份", *R],
            ["2025年", "全市法院", 5981],
            [None, "知识产权法庭", 1400],
            [2026, *ALL],
            [None, "知识产权法庭", 1500],
        ],
        ["A3:A4", "A5:A6"],
        {},
        [
            f"{CITY} 2025 all received 5981件",
            f"{CITY} 2025 ip_tribunal received 1400件",
            f"{CITY} 2026 all received 6200件",
            f"{CITY} 2026 ip_tribunal received 1500件",
        ],
    ),
    "years as numbers across": (
        CASES,
        [["宁波市法院"], ["指标", 2025, 2026], ["收案（件）", 5981, 6200]],
        [],
        {"court": "all"},
        [f"{CITY} 2025 all received 5981件", f"{CITY} 2026 all received 6200件"],
    ),
    "the year in the title only": (CASES, [["宁波市2026年法院"], R, ALL], [], {}, [f"{CITY} 2026 all received 6200件"]),
    "three quarters": (CASES, [["宁波市2026年前三季度"], R, ALL], [], {}, [f"{CITY} 2026-01/2026-09 all received 6200件"]),
    "a month in Chinese": (CASES, [["宁波市2026年九月"], R, ALL], [], {}, [f"{CITY} 2026-09 all received 6200件"]),
    "months running up": (CASES, [["宁波市2026年1-9月累计"], R, ALL], [], {}, [f"{CITY} 2026-01/2026-09 all received 6200件"]),
    "quarters below the year of the title": (
        GRANTS,
        [["宁波市2026年专利授权"], ["专利类型", "一季度", "上半年", "全年"], ["发明", 800, 1700, 3500]],
        [],
        {"column": "granted"},
        [
            f"{CITY} 2026-Q1 invention granted 800件",
            f"{CITY} 2026-H1 invention granted 1700件",
            f"{CITY} 2026 invention granted 3500件",
        ],
    ),
    "months down": (
        GRANTS,
        [["宁波市2026年专利授权"], ["月份", "发明授权"], ["1月", 800], ["1-2月", 1500]],
        [],
        {},
        [f"{CITY} 2026-01 invention granted 800件", f"{CITY} 2026-01/2026-02 invention granted 1500件"],
    ),
    "years in brackets, serial numbers, a blank column": (
        CASES,
        [
            ["宁波市"],
            ["序号", "法院", None, "收案（2026年）", "收案（2025年）"],
            [1, "全市法院", None, 6200, 5981],
            ["注：快报数"],
        ],
        [],
        {},
        [f"{CITY} 2026 all received 6200件", f"{CITY} 2025 all received 5981件"],
    ),
    "a title in two languages, its unit in English": (
        CASES,
        [["宁波市2026年"], ["Court", "收案 Cases received (cases)"], ALL],
        [],
        {},
        [f"{CITY} 2026 all received 6200件"],
    ),
    "units in English": (
        PLEDGES,
        [["宁波市2026年"], ["Right", "质押融资金额 (100 million yuan)", "loan balance (10,000 yuan)"], ["全部知识产权", 800, 41]],
        [],
        {},
        [f"{CITY} 2026 all amount_yuan 800亿元", "C3 “loanbalance"],
    ),
    "a row of units": (
        PLEDGES,
        [["宁波市2026年"], ["权利类型", "质押融资金额", "惠及企业"], [None, "亿元", "家"], ["全部知识产权", 800, 4100]],
        [],
        {},
        [f"{CITY} 2026 all amount_yuan 800亿元", f"{CITY} 2026 all enterprises 4100家"],
    ),
    "the unit in a note": (
        CASES,
        [["宁波市2026年"], R, ["全市法院", 1], ["注：单位：万件"]],
        [],
        {},
        [f"{CITY} 2026 all received 1万件"],
    ),
    "the unit in the title": (
        CASES,
        [["宁波市2026年收案（万件）"], R, ["全市法院", 1]],
        [],
        {},
        [f"{CITY} 2026 all received 1万件"],
    ),
    "areas with and without 市": (
        STOCK,
        [["2026年"], ["地区", "有效发明专利"], ["宁波", 78213], ["海曙区", 3000], ["慈溪", 2000]],
        [],
        {"holder": "all"},
        [
            f"{CITY} 2026 all valid_inventions 78213件",
            "330203 2026 all valid_inventions 3000件",
            "330282 2026 all valid_inventions 2000件",
        ],
    ),
}


@pytest.mark.parametrize("sheet", READ)
def test_each_figure_gets_what_its_header_says(sheet: str) -> None:
    table, rows, merged, stated, expected = READ[sheet]
    found = bound(table, rows, merged, **stated)
    assert len(found) == len(expected)
    for each, wanted in zip(found, expected, strict=True):
        assert each.startswith(wanted)


NO_PERIOD = "no text over or beside it says its period"
ASKED: dict[str, tuple[str, Rows, str]] = {
    **{
        title: (CASES, [[title], R, ALL], f"B3 {NO_PERIOD}")
        for title in (
            "宁波市法院2026年初",
            "截至2026年9月底宁波市法院",
            "宁波市2026年9月累计",
            "宁波市2026年法院收案计划",
            "宁波统计年鉴2026年",
            "宁波市法院 2026年1月填报",
            "宁波市2026年8月下旬",
            "宁波市2026年8月15日以来",
            "宁波市2026年三季",
            "宁波市 2026.1-6",
            "宁波市2024—2026年",
        )
    },
    "a total of quarters": (
        GRANTS,
        [["宁波市2026年"], ["专利类型", "一季度授权", "二季度授权", "授权"], ["发明", 800, 900, 1700]],
        f"D3 {NO_PERIOD}",
    ),
    "a row without its year": (CASES, [["宁波市2026年"], ["年份", *R], ["2025年", *ALL], [None, *ALL]], f"C4 {NO_PERIOD}"),
    "a row without its area": (
        STOCK,
        [["宁波市2026年"], ["地区", "权利人", "有效发明专利"], ["海曙区", "全部", 30], [None, "全部", 50]],
        "C4 no text over or beside it says its area",
    ),
    "last year's beside it": (CASES, [["宁波市2026年"], [*R, "上年"], [*ALL, 5981]], "C3 “上年” names no column"),
    "this month and so far": (
        GRANTS,
        [["宁波市2026年3月"], ["专利类型", "本月", "累计"], ["发明", 8, 9]],
        "B3 “本月” names no column",
    ),
    "two languages that differ": (CASES, [["宁波市2026年"], ["法院", "收案 cases closed"], ALL], "B3 “收案casesclosed” names no"),
    "an amount without a unit": (
        PLEDGES,
        [["宁波市2026年"], ["权利类型", "质押融资金额"], ["全部", 8]],
        "B3 no text says the unit of",
    ),
    "two areas in the title": (CASES, [["宁波市、绍兴市2026年"], R, ALL], "B3 no text over or beside it says its area"),
}


@pytest.mark.parametrize("sheet", ASKED)
def test_what_no_header_says_is_asked(sheet: str) -> None:
    table, rows, told = ASKED[sheet]
    assert told in "\n".join(bound(table, rows))


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2026年Q3", "2026-Q3"),
        ("2026H1", "2026-H1"),
        ("2026年一至三季度", "2026-01/2026-09"),
        ("2026年1-3季度", "2026-01/2026-09"),
        ("2026年前8个月", "2026-01/2026-08"),
        ("2026年十一月", "2026-11"),
        ("2026年一月至九月", "2026-01/2026-09"),
        ("2026年初", None),
        ("2026年三季", None),
    ],
)
def test_a_period_is_read_whole_or_not_at_all(text: str, period: str | None) -> None:
    assert canonical_period(text) == period
    if period:
        assert periods_in(f"宁波市{text}案件") in ([period], [])
    else:
        assert names_another_span(text)
