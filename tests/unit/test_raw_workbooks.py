"""Workbooks: a cell is what is stored, written as it is shown; what cannot be told so is a finding at its row and column."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.worksheet import Worksheet
from workbooks import HEADER, ROW, bare_xlsx, inline, with_built_in_format, xlsx

from etl.catalogue import PACKAGE, Entry
from etl.findings import line
from etl.gate.check import check
from etl.project import Project
from etl.tables.read import RawTable, read_table
from schemas.models import Count, Table, figure

MakeProject = Callable[..., Project]
COLUMNS = list(HEADER)


def read(project: Project, content: bytes, form: str = "xlsx", of: Entry | None = None) -> RawTable:
    path = project.root / "raw" / "courts" / f"caseload.{form}"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    table = read_table(project, of or PACKAGE.entry("courts.caseload"))
    assert table is not None
    return table


def rows(table: RawTable) -> list[tuple[str | None, ...]]:
    return [tuple(table.cells[name][row] for name in COLUMNS) for row in range(table.height)]


def said(table: RawTable) -> list[str]:
    return [line(finding, "en").partition("caseload.")[2].partition(":")[2] for finding in table.findings]


def of_year(year: int, *figures: Any) -> tuple[Any, ...]:
    return (ROW[0], str(year), ROW[2], *(figures or ROW[3:5]), *ROW[5:])


def with_format(code: str) -> Callable[[Worksheet], None]:
    def change(sheet: Worksheet) -> None:
        sheet["D2"].number_format = code

    return change


def test_a_sheet_of_text_is_read_as_it_stands(project: MakeProject) -> None:
    table = read(project({}), xlsx([HEADER, ROW, of_year(2024)]))
    assert rows(table) == [ROW, of_year(2024)]
    assert table.findings == []
    assert str(table.place(1, "received")) == "raw/courts/caseload.xlsx:3:4"


SHOWN = {
    ("General", 5981): "5981",
    ("General", 46.05): "46.05",
    ("General", 0.1 + 0.2): "0.3",
    ("General", 1e-7): "0.0000001",
    ("General", -5981): "-5981",
    ("0", 5981): "5981",
    ("0.00", 46.05): "46.05",
    ("#,##0", 5981): "5981",
    ("#,##0.00", 5981.5): "5981.5",
    ("0%", 0.46): "46%",
    ("0.00%", 0.4605): "46.05%",
    ("0.00%", -0.3469): "-34.69%",
    ("0.00E+00", 598): "598",
    ('0"件"', 5981): "5981件",
    ('#,##0.00"万件"', 7.64): "7.64万件",
    ('"超"0"家"', 4000): "超4000家",
    (r"0\件", 5981): "5981件",
    ('0.00"%"', 46.05): "46.05%",
    ("#,##0_);(#,##0)", 5981): "5981",
    ("#,##0_);[Red](#,##0)", -5981): "-5981",
    ("[Red]0.0", 59.5): "59.5",
    ("0.0;[Red]0.0", -59.5): "-59.5",
    ('0;-0;"—"', 0): "—",
    ("0;-0;-", 0): "-",
    ('"¥"#,##0', 5981): "¥5981",
    ("[$¥-804]#,##0", 5981): "¥5981",
    ("@", 5981): "5981",
    ('General"件"', 5981): "5981件",
    (r"General;[Red]\-General", -59.5): "-59.5",
    ("0_ ", 5981): "5981",
}


@pytest.mark.parametrize(("code", "stored"), SHOWN)
def test_a_number_is_all_its_digits_with_what_its_format_writes_around_them(
    code: str, stored: float, project: MakeProject
) -> None:
    table = read(project({}), xlsx([HEADER, of_year(2025, stored, "1件")], with_format(code)))
    assert table.findings == []
    assert table.cells["received"] == [SHOWN[code, stored]]


HIDDEN = {
    '0!.0,"万"': 76400,
    "0.0,": 76400,
    "0,,": 76400000,
    "[>=10000]0.0;0": 76400,
    "# ?/?": 0.5,
    'm"月"d"日"': 45352,
    "h:mm": 0.5,
    "[h]:mm": 1.5,
    "0%%": 0.4,
    "0;-0;;@": 0,
    ";;;": 5981,
    '1"件"': 5981,
    "[DBNum1]General": 5981,
    "General": 1e15,
}


@pytest.mark.parametrize("code", HIDDEN)
def test_a_number_that_is_shown_otherwise_than_it_is_stored_sets_its_row_aside(code: str, project: MakeProject) -> None:
    table = read(project({}), xlsx([HEADER, of_year(2025, HIDDEN[code], "1件"), of_year(2024)], with_format(code)))
    assert rows(table) == [of_year(2024)]
    assert table.set_aside == [2]
    assert [text.startswith("2:4: error[row-is-readable] ") for text in said(table)] == [True]


@pytest.mark.parametrize("number", [27, 31, 36, 50, 57, 58])
def test_a_built_in_format_that_depends_on_the_country_sets_its_row_aside(number: int, project: MakeProject) -> None:
    made = xlsx([HEADER, of_year(2025, 45352, "1件")], with_format("0.0000"))
    table = read(project({}), with_built_in_format(made, number))
    assert (table.set_aside, f"'[built-in {number}]' shows something else" in said(table)[0]) == ([2], True)


@pytest.mark.parametrize("error", ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"])
def test_an_error_cell_sets_its_row_aside(error: str, project: MakeProject) -> None:
    table = read(project({}), xlsx([HEADER, of_year(2025, error, "1件"), of_year(2024)]))
    assert rows(table) == [of_year(2024)]
    assert said(table) == [f"2:4: error[row-is-readable] the cell says {error}: its formula failed"]


def test_an_error_in_the_header_refuses_the_sheet(project: MakeProject) -> None:
    table = read(project({}), xlsx([(*HEADER[:3], "#REF!", *HEADER[4:]), ROW]))
    assert said(table)[0].startswith("1:4: error[file-is-readable] the cell says #REF!")


def test_a_formula_without_a_result_rejects_its_row_and_one_with_a_result_is_reported(project: MakeProject) -> None:
    table = read(project({}), xlsx([HEADER, of_year(2025, "=1+1", "1件"), of_year(2024)]))
    assert said(table) == [
        "2:4: error[row-is-readable] the file has no result of this formula; open it in a spreadsheet program and save it"
    ]
    cells = "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in ROW[:3])
    cells += "<c><f>5980+1</f><v>5981</v></c>" + "".join(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in ROW[4:])
    table = read(project({}), bare_xlsx(f"{inline([HEADER])}<row>{cells}</row>"))
    assert table.cells["received"] == ["5981"]
    assert said(table) == ["2:4: information[file-is-plain] 1 cell is a formula's result as it was saved, the first D2"]


def test_titles_above_and_notes_below_are_found_and_reported(project: MakeProject) -> None:
    above, below = [("法院收结案情况",), ("单位：件",), ()], [("注：含旧存案件。",), ("另见附表。",)]
    table = read(project({}), xlsx([*above, HEADER, ROW, of_year(2024), *below], lambda sheet: sheet.merge_cells("A1:G1")))
    assert rows(table) == [ROW, of_year(2024)]
    assert table.lines == [5, 6]
    assert said(table) == [
        "1:1: information[file-is-plain] 2 rows above the header are titles, and are not read: '法院收结案情况'",
        "7:1: information[file-is-plain] 2 rows below the table are notes, and are not read: '注：含旧存案件。'",
    ]


def test_a_row_of_one_cell_that_is_no_note_is_a_row(project: MakeProject) -> None:
    assert read(project({}), xlsx([HEADER, ROW, ("330200",)])).height == 2


class Declared(Table, zh="已声明", sheet="数据", title_rows=1, note_rows=1):
    """A table that declares its sheet. One row per area."""

    received: Count = figure("收案", "cases received", "件")


def declared() -> Entry:
    return Entry("courts.caseload", Declared, lambda rows: rows)


def test_a_table_declares_its_sheet_and_what_stands_above_and_below(project: MakeProject) -> None:
    header, row = ("area", "period", "received", "source", "section"), ("330200", "2025", "5981件", "example-a", "1")

    def change(sheet: Worksheet) -> None:
        sheet.parent.create_sheet("别的").append(["x"])

    book = xlsx([("标题",), header, row, ("末行",)], change, "数据")
    table = read(project({}), book, of=declared())
    assert table.findings == []
    assert (table.sheet, table.lines, table.cells["received"]) == ("数据", [3], ["5981件"])
    table = read(project({}), xlsx([("标题",), header, row], title="别名"), of=declared())
    assert said(table) == ["1:1: error[file-is-readable] it has no sheet '数据', but '别名'"]


def test_a_header_of_two_rows_with_merged_cells_is_read(project: MakeProject) -> None:
    upper, lower = ("地区", "时期", "法院", "案件", None, "来源", "章节"), (None, None, None, "收案", "结案", None, None)

    def change(sheet: Worksheet) -> None:
        for cells in ("A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:F2", "G1:G2"):
            sheet.merge_cells(cells)

    table = read(project({}), xlsx([upper, lower, ROW], change))
    assert rows(table) == [ROW]
    assert [text.partition(" the")[0] for text in said(table)] == ["1:1: information[file-is-plain]"]
    split = ("地区", "时期", "法院", "收", "结", "来源", "章节"), (None, None, None, "案", "案", None, None)
    table = read(project({}), xlsx([*split, ROW], lambda sheet: [sheet.merge_cells(f"{c}1:{c}2") for c in "ABCFG"]))
    assert rows(table) == [ROW]


def test_a_merged_label_is_read_in_each_row_and_a_merged_figure_is_refused(project: MakeProject) -> None:
    rest = (None, "2024", *ROW[2:])
    table = read(project({}), xlsx([HEADER, ROW, rest], lambda sheet: sheet.merge_cells("A2:A3")))
    assert rows(table) == [ROW, of_year(2024)]
    assert said(table) == ["3:1: information[file-is-plain] labels in merged cells are read in each of their rows (1 more)"]
    table = read(
        project({}), xlsx([HEADER, ROW, of_year(2024, None, "1件"), of_year(2023)], lambda sheet: sheet.merge_cells("D2:D3"))
    )
    assert rows(table) == [of_year(2023)]
    assert table.set_aside == [2, 3]


def test_hidden_sheets_rows_and_columns_are_reported(project: MakeProject) -> None:
    def change(sheet: Worksheet) -> None:
        sheet.parent.create_sheet("草稿").sheet_state = "hidden"
        sheet.parent.create_sheet("底稿").sheet_state = "veryHidden"
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["C"].hidden = True

    table = read(project({}), xlsx([HEADER, ROW], change))
    assert rows(table) == [ROW]
    assert said(table) == [
        "1:1: information[file-is-plain] hidden sheets are not read: '草稿', '底稿'",
        "1:1: information[file-is-plain] hidden rows are read like the others: 1",
        "1:1: information[file-is-plain] hidden columns are read like the others: 1",
    ]


@pytest.mark.parametrize("name", ["caseload", "法院知识产权案件收结情况"])
def test_of_several_sheets_the_one_named_as_the_table_is_read(name: str, project: MakeProject) -> None:
    content = xlsx([HEADER, ROW], lambda sheet: sheet.parent.create_sheet("别的").append(["x"]), name)
    assert rows(read(project({}), content)) == [ROW]
    other = read(project({}), xlsx([HEADER, ROW], lambda sheet: sheet.parent.create_sheet("B")))
    assert said(other)[0].startswith("1:1: error[file-is-readable] it has 2 sheets ('Sheet1', 'B'), and none is named")


@pytest.mark.parametrize("is_1904", [False, True])
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("yyyy-mm-dd", "2024-03-01"),
        ("mm-dd-yy", "2024-03-01"),
        ("yyyy-mm", "2024-03"),
        ('yyyy"年"m"月"', "2024-03"),
        ("yyyy", "2024"),
    ],
)
def test_a_day_is_read_as_far_as_it_is_shown_in_both_epochs(
    code: str, expected: str, is_1904: bool, project: MakeProject
) -> None:
    def change(sheet: Worksheet) -> None:
        if is_1904:
            sheet.parent.epoch = CALENDAR_MAC_1904
        sheet["B2"], sheet["B2"].number_format = date(2024, 3, 1), code

    table = read(project({}), xlsx([HEADER, ROW], change))
    assert table.cells["period"] == [expected]
    assert [text for text in said(table) if "1904" not in text] == []
    assert len(said(table)) == is_1904


def test_a_time_of_day_is_kept_and_a_figure_that_became_a_day_is_no_figure(project: MakeProject) -> None:
    table = read(project({}), xlsx([HEADER, of_year(2025, datetime(2024, 3, 1, 12, 30), date(2025, 3, 5))]))
    assert (table.cells["received"], table.cells["closed"]) == (["2024-03-01 12:30:00"], ["2025-03-05"])


def test_rich_text_reading_aids_and_escapes_do_not_change_a_text(project: MakeProject) -> None:
    rich = "<si><r><t>全市</t></r><r><t>法院</t></r><rPh sb='0' eb='1'><t>quanshi</t></rPh></si><si><t>A_x000A_B</t></si>"
    cells = [*(f'<c t="inlineStr"><is><t>{cell}</t></is></c>' for cell in ROW)]
    cells[2], cells[6] = '<c t="s"><v>0</v></c>', '<c t="s"><v>1</v></c>'
    table = read(project({}), bare_xlsx(f"{inline([HEADER])}<row>{''.join(cells)}</row>", shared=rich))
    assert table.cells["court"] == ["全市法院"]
    assert table.cells["section"] == ["A\nB"]


def test_two_cells_at_one_place_are_refused(project: MakeProject) -> None:
    twice = '<row r="2"><c r="D2"><v>1</v></c><c r="D2"><v>2</v></c></row>'
    assert "D2 is there twice" in said(read(project({}), bare_xlsx(inline([HEADER]) + twice)))[0]


def test_a_sheet_is_checked_like_any_table_and_a_finding_names_its_cell(project: MakeProject) -> None:
    made = project({})
    read(made, xlsx([HEADER, of_year(2025, "many", "1件")]))
    (finding,) = check(made, PACKAGE.entries(), date(2026, 1, 1), whole=True, cite=False).findings
    assert line(finding, "en").startswith("raw/courts/caseload.xlsx:2:4: error[figure-is-readable] received: cannot read 'many'")
    assert finding.message.en.endswith(" [Sheet1!D2]")
