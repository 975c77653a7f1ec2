"""Offices' own sheets for tables that are there: read right, or asked about; never misdated, every cell compared."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from commands import etl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from returns import refused, rows_of, take

from etl.project import Project, records

LEDGER = ("section", "ordinal", "offset", "published", "unit", "hedge")
CASELOAD, PLEDGES, GRANTS = "courts.caseload", "finance.pledges", "patents.grants"
TITLE = ["宁波市法院知识产权案件收结情况"]


@pytest.fixture
def project(with_form: Project) -> Project:
    return with_form


def sheet(project: Project, rows: Sequence[Sequence[Any]], merged: Sequence[str] = (), name: str = "sheet.xlsx") -> Path:
    """Write a workbook of one sheet."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for cells in merged:
        book.active.merge_cells(cells)
    path = project.root / name
    book.save(path)
    return path


def figures_of(project: Project, address: str, source: str, *columns: str) -> list[tuple[str, ...]]:
    """Return the cells of the rows that a document brought."""
    return [tuple(row.get(name, "") for name in columns) for row in rows_of(project, address, source)]


OF_CASES = ("area", "period", "court", "received", "received_growth_pct", "closed")
BOTH_YEARS = [
    ("330200", "2025", "all", "5981件", "", "5954件"),
    ("330200", "2026", "all", "6200件", "", "6100件"),
]
BY_YEAR, MEASURES = [None, "2025年", "2026年", "2025年", "2026年"], ["全市法院", 5981, 6200, 5954, 6100]
LAYOUTS: dict[str, tuple[list[list[Any]], list[str], list[str]]] = {
    "years down": (
        [TITLE, ["年份", "法院", "收案（件）", "结案（件）"], ["2025年", "全市法院", 5981, 5954], [2026, "全部", 6200, "6,100"]],
        ["A1:D1"],
        [],
    ),
    "years across, measures down, a column of units": (
        [TITLE, ["指标", "单位", "2025年", "2026年"], ["收案", "件", 5981, 6200], ["结案", "件", 5954, 6100], ["注：快报数"]],
        [],
        ["--all", "court=all"],
    ),
    "measure × year, merged": (
        [TITLE, ["法院", "收案（件）", None, "结案（件）"], BY_YEAR, MEASURES],
        ["A2:A3", "B2:C2", "D2:E2"],
        [],
    ),
    "year × measure, not merged": (
        [["法院", "2025年", None, "2026年", None], [None, "收案", "结案", "收案", "结案"], ["全市法院", 5981, 5954, 6200, 6100]],
        [],
        ["--all", "area=宁波市"],
    ),
    "years as heads of groups": (
        [TITLE, ["法院", "收案", "结案"], ["2025年"], ["全市法院", 5981, 5954], ["2026年"], ["全市法院", 6200, 6100]],
        [],
        [],
    ),
    "a header of three rows": (
        [TITLE, ["法院", "案件（件）"], [None, "收案", None, "结案"], BY_YEAR, MEASURES],
        ["A2:A4", "B2:E2", "B3:C3", "D3:E3"],
        ["--as", "案件（件）=件"],
    ),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_sheet_is_read_whatever_its_layout(project: Project, layout: str) -> None:
    rows, merged, options = LAYOUTS[layout]
    ran = take(project, sheet(project, rows, merged), "--table", CASELOAD, *options)
    assert ran.exit_code == 0, ran.output
    assert sorted(figures_of(project, CASELOAD, "return-2026-1", *OF_CASES)) == BOTH_YEARS
    listed = records(project.ledger("return-2026-1"), LEDGER)
    assert sorted(row["published"] for row in listed) == ["5954件", "5981件", "6100件", "6200件"]
    assert {row["section"] for row in listed} == {"Sheet"}


def test_the_place_of_a_figure_is_its_row_and_column(project: Project) -> None:
    rows, merged, _ = LAYOUTS["measure × year, merged"]
    assert take(project, sheet(project, rows, merged), "--table", CASELOAD).exit_code == 0
    places = {row["ordinal"]: row["published"] for row in records(project.ledger("return-2026-1"), LEDGER)}
    assert places == {"4002": "5981件", "4003": "6200件", "4004": "5954件", "4005": "6100件"}


def test_units_are_those_of_the_header_or_of_the_line_above(project: Project) -> None:
    rows = [["宁波市2026年质押融资", "单位：万元、家"], ["权利类型", "质押融资金额", "惠及企业", "贷款余额（亿元）"]]
    rows += [["全部知识产权", "8000000", "4100", "195.50"], ["版权", 7600, 12, "/"]]  # type: ignore[list-item]
    assert take(project, sheet(project, rows), "--table", PLEDGES).exit_code == 0
    names = ("period", "right", "amount_yuan", "enterprises", "loan_balance_yuan")
    assert figures_of(project, PLEDGES, "return-2026-1", *names) == [
        ("2026", "all", "8000000万元", "4100家", "195.50亿元"),
        ("2026", "copyright", "7600万元", "12家", "/"),
    ]


def test_marks_of_a_sheet_go_into_the_rows_and_not_into_the_ledger(project: Project) -> None:
    rows = [TITLE, ["年份", "法院", "收案（件）", "结案（件）"]]
    rows += [["2025年", "全市法院", "5981（p）", "…"], ["2026年", "全市法院", "x", "6100①"], ["2024年", "全市法院", "—", "/"]]
    ran = take(project, sheet(project, rows), "--table", CASELOAD)
    assert ran.exit_code == 0, ran.output
    assert figures_of(project, CASELOAD, "return-2026-1", "period", "received", "closed") == [
        ("2025", "5981件(p)", "…"),
        ("2026", "x", "6100件①"),
    ]
    assert [row["published"] for row in records(project.ledger("return-2026-1"), LEDGER)] == ["5981件", "6100件"]
    assert "'—' is read as no figure" in ran.output


def test_categories_stand_in_the_header_with_the_measure_and_growth_beside_its_level(project: Project) -> None:
    rows = [["宁波市专利授权"], ["年份", "发明专利授权（件）", "实用新型授权（件）"], ["2026", 9000, 20000]]
    assert take(project, sheet(project, rows), "--table", GRANTS).exit_code == 0
    rows = [
        ["宁波市2026年上半年专利"],
        ["专利类型", "授权", None],
        [None, "数量（件）", "比上年增长（%）"],
        ["发明", 4100, "-5.1"],
    ]
    ran = take(project, sheet(project, rows, ["A2:A3", "B2:C2"]), "--table", GRANTS)
    assert ran.exit_code == 0, ran.output
    names = ("period", "patent_type", "granted", "granted_growth_pct")
    assert figures_of(project, GRANTS, "return-2026-1", *names) == [
        ("2026", "invention", "9000件", ""),
        ("2026", "utility_model", "20000件", ""),
    ]
    assert figures_of(project, GRANTS, "return-2026-h1-1", *names) == [("2026-H1", "invention", "4100件", "-5.1%")]


HEADER = ["法院", "收案（件）", "结案（件）"]
ALL = ["全市法院", 6200, 6100]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([TITLE, HEADER, ALL], "Sheet!B3: no text over or beside it says its period"),
        ([["2023—2026年宁波市法院案件"], HEADER, ALL], "says its period"),
        ([["宁波市2026年与2025年法院案件"], HEADER, ALL], "says its period"),
        ([TITLE, ["填表日期：2026年12月31日"], HEADER, ALL], "says its period"),
        ([TITLE, ["法院", "本年收案", "上年收案"], ALL], "“本年收案” names no column of courts.caseload"),
        ([TITLE, ["法院", "比2024年收案"], ["全市法院", 6200]], "“比2024年收案” names several periods, or one to compare with"),
        ([TITLE, ["年份", "2026年收案"], ["2025年", 6200]], "its texts name two of period: 2025 and 2026"),
        ([TITLE, ["年份", "法院", "收案"], ["2025年", "全市法院", 5981], [None, "全市法院", 6200]], "Sheet!C4: no text over"),
        ([["宁波市2026年案件"], ["收案", "结案"], [6200, 6100]], "says its court; state it for all with --all court="),
        (
            [["宁波市2026年案件"], ["法院", "受理"], ["全市法院", 6200]],
            "“受理” names no column of courts.caseload (收案=received",
        ),
        ([["宁波市2026年案件"], HEADER, ["海事法院", 6200, 6100]], "“海事法院” is no known court"),
        ([["宁波市2026年案件"], HEADER, ALL, ALL], "Sheet!B4: courts.caseload.received 330200:all 2026 stands in Sheet!B3 too"),
        ([["宁波市2026年案件"], ["法院", "结案"], ["全市法院", 6100]], "its row (330200:all 2026) lacks cases received"),
        ([["宁波市2026年案件"], ["法院", "收案（元）"], ["全市法院", 6200]], "Sheet!B3: 6200元: the unit 元 does not fit here"),
        ([["宁波市2026年案件"], HEADER, ALL, ["知识产权法庭", "约六千", "?"]], "Sheet!C4: '?' is no figure"),
        (
            [
                ["法院", "2025年", None, "2026年", None],
                [None, "收案", "结案", "收案", "旧存"],
                ["全市法院", 5981, 5954, 6200, 6100],
            ],
            "Sheet!C1: no title stands here in the header; merge the cells that one title covers",
        ),
    ],
)
def test_what_a_sheet_does_not_say_for_certain_is_asked_by_sheet_and_cell(
    project: Project, rows: list[list[Any]], told: str
) -> None:
    output = refused(project, sheet(project, rows), "--table", CASELOAD)
    assert told in output
    assert "Nothing was written." in output


def test_an_amount_without_a_unit_is_asked_and_the_answer_is_taken(project: Project) -> None:
    file = sheet(project, [["宁波市2026年质押融资"], ["权利类型", "质押融资金额"], ["全部知识产权", 8000000]])
    assert "no text says the unit of amount raised against pledges: 元, or a multiple?" in refused(
        project, file, "--table", PLEDGES
    )
    ran = take(project, file, "--table", PLEDGES, "--unit", "amount_yuan=万元")
    assert ran.exit_code == 0, ran.output
    assert figures_of(project, PLEDGES, "return-2026-1", "amount_yuan") == [("8000000万元",)]


def test_answers_bind_texts_and_columns_and_what_is_left_out_is_said_in_the_ledger(project: Project) -> None:
    rows = [["宁波市2026年案件"], ["法院", "受理", "同比", "调解"], ["全市法院", 6200, 3.7, 800]]
    options = ("--table", CASELOAD, "--as", "受理=received", "--as", "C=received_growth_pct", "--as", "调解=-", "--published")
    ran = take(project, sheet(project, rows), *options)
    assert ran.exit_code == 0, ran.output
    assert figures_of(project, CASELOAD, "return-2026-1", *OF_CASES) == [("330200", "2026", "all", "6200件", "3.7%", "")]
    left_out = records(project.left_out("return-2026-1"), ("section", "ordinal", "offset", "published", "reason"))
    assert [(row["ordinal"], row["published"]) for row in left_out] == [("3004", "800")]
    assert Project(project.root).sources["return-2026-1"].kind == "compilation"
    assert etl(project, "check", "--lang", "en").exit_code == 0


def test_a_stated_period_that_the_sheet_contradicts_is_refused(project: Project) -> None:
    file = sheet(project, [["宁波市2025年案件"], HEADER, ALL])
    assert "its texts name two of period: 2025 and 2026" in refused(project, file, "--table", CASELOAD, "--all", "period=2026")


def test_a_second_and_a_third_delivery_are_appended_and_a_correction_is_a_revision(project: Project) -> None:
    def rows(*cells: Sequence[Any]) -> list[list[Any]]:
        return [TITLE, ["年份", *HEADER], *(["2025年", "全市法院", 5981, 5954], *map(list, cells))]

    first = sheet(project, rows(["2026年", "知识产权法庭", 1500, 1400]), name="first.xlsx")
    second = sheet(project, rows(["2026年", "知识产权法庭", 1500, 1400], ["2026年", "全市法院", 6200, 6100]), name="second.xlsx")
    third = sheet(project, rows(["2026年", "知识产权法庭", 1510, 1400], ["2026年", "全市法院", 6200, 6100]), name="third.xlsx")
    for file in (first, second):
        ran = take(project, file, "--table", CASELOAD)
        assert ran.exit_code == 0, ran.output
    told = refused(project, third, "--table", CASELOAD)
    assert "third.xlsx: Sheet!C4: 1500件 (return-2026-2) was printed before" in told
    ran = take(project, third, "--table", CASELOAD, "--revise")
    assert ran.exit_code == 0, ran.output
    names = (*OF_CASES[1:4], "closed", "revision")
    deliveries = [figures_of(project, CASELOAD, f"return-2026-{number}", *names) for number in (1, 2, 3)]
    year_before, tribunal = ("2025", "all", "5981件", "5954件", ""), ("2026", "ip_tribunal", "1500件", "1400件", "")
    everywhere = ("2026", "all", "6200件", "6100件", "")
    revised = ("2026", "ip_tribunal", "1510件", "1400件", "revised")
    assert deliveries == [
        [year_before, tribunal],
        [year_before, tribunal, everywhere],
        [year_before, revised, everywhere],
    ]
    assert etl(project, "check", "--lang", "en").exit_code == 0


def test_a_raised_mark_in_a_cell_is_left_out_and_told(project: Project) -> None:
    marked = CellRichText("5981", TextBlock(InlineFont(vertAlign="superscript"), "1"))
    rows = [TITLE, ["年份", "法院", "收案（件）", "结案（件）"], ["2026年", "全市法院", marked, 5954]]
    ran = take(project, sheet(project, rows), "--table", CASELOAD)

    assert ran.exit_code == 0, ran.output
    assert "'1' of C3, read as '5981'" in ran.output
    assert figures_of(project, CASELOAD, "return-2026-1", "received", "closed") == [("5981件", "5954件")]


def test_a_csv_file_in_another_encoding_is_taken(project: Project) -> None:
    file = project.root / "cases.csv"
    file.write_bytes("宁波市法院案件,,\n年份,法院,收案（件）\n2026年,全市法院,6200\n".encode("gb18030"))
    ran = take(project, file, "--table", CASELOAD)
    assert ran.exit_code == 0, ran.output
    assert figures_of(project, CASELOAD, "return-2026-1", *OF_CASES) == [("330200", "2026", "all", "6200件", "", "")]
    assert {row["section"] for row in records(project.ledger("return-2026-1"), LEDGER)} == {"0"}


def test_deliveries_of_a_table_that_is_a_folder_are_files_of_it(project: Project) -> None:
    path = project.raw(CASELOAD)
    path.with_suffix("").mkdir()
    path.rename(path.with_suffix("") / "until-2025.csv")
    before = (path.with_suffix("") / "until-2025.csv").read_bytes()
    for number, closed in ((1, "6100"), (2, "6100件")):
        rows = [[f"宁波市2026年案件{number}"], HEADER, ["全市法院", 6200, closed]]
        ran = take(project, sheet(project, rows, name=f"{number}.xlsx"), "--table", CASELOAD)
        assert ran.exit_code == 0, ran.output
    assert sorted(each.name for each in path.with_suffix("").iterdir()) == [
        "return-2026-1.csv",
        "return-2026-2.csv",
        "until-2025.csv",
    ]
    assert (path.with_suffix("") / "until-2025.csv").read_bytes() == before
    for number in (1, 2):
        with (path.with_suffix("") / f"return-2026-{number}.csv").open(encoding="utf-8", newline="") as file:
            (row,) = csv.DictReader(file)
        assert [row[name] for name in OF_CASES] == ["330200", "2026", "all", "6200件", "", "6100件"]
    assert etl(project, "check", "--lang", "en").exit_code == 0
