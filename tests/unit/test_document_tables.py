"""Tables of documents: cell by cell, with header, stub and the unit that the table says."""

from __future__ import annotations

from functools import partial

import pytest
from made_documents import Rows, Text, docx, html, pdf
from workbooks import ods, ods_cell, xlsx

from etl.documents.document import Document
from etl.documents.extract import extract
from etl.documents.forms.plain_text import read_text
from etl.documents.read import document_from

TABLES = (
    Rows(
        [
            ["年份", "授权量（件）", "", "同比（%）"],
            ["", "合计", "发明", ""],
            ["2024", "51,204", "8,310", "6.2"],
            ["2025", "54,018", "9,127", "-5.5"],
        ],
        [(0, 0, 1, 0), (0, 1, 0, 2), (0, 3, 1, 3)],
        "表1 近两年专利授权情况",
    ),
    Rows([["地区", "申请量", "授权量"], ["东区", "200", "786"], ["西区", "1,999", "2011"]], (), "表2 分地区情况（单位：件）"),
)
FIRST_CELLS = [
    *((3, 2, "51,204", "件"), (3, 3, "8,310", "件"), (3, 4, "6.2", "%")),
    *((4, 2, "54,018", "件"), (4, 3, "9,127", "件"), (4, 4, "-5.5", "%")),
]
CELLS = [FIRST_CELLS, [(2, 2, "200", "件"), (2, 3, "786", "件"), (3, 2, "1,999", "件"), (3, 3, "2011", "件")]]


def figures(document: Document) -> list[tuple[str, str]]:
    return [(each.section, each.published) for each in extract(document) if not each.reason]


def published(content: bytes, name: str) -> list[str]:
    return [figure for _, figure in figures(document_from(content, name))]


@pytest.mark.parametrize(
    "write", [html, docx, pdf, partial(pdf, is_ruled=False)], ids=["html", "docx", "ruled pdf", "pdf without rules"]
)
def test_tables_are_read_cell_by_cell_with_the_unit_of_their_header(write: object) -> None:
    assert callable(write)
    document = document_from(write([Text("一、专利", 2), TABLES[0], Text("说明如下。"), TABLES[1]]), "-")

    assert [[(c.row, c.column, c.text, c.unit) for c in table.cells] for table in document.tables] == CELLS
    assert [table.caption for table in document.tables] == [table.caption for table in TABLES]
    first = document.tables[0].cells[1]
    assert (first.header, first.stub) == (("授权量（件）", "发明"), ("2024",))
    assert [(each.published, each.unit) for each in extract(document) if not each.reason] == [
        (text, unit) for table in CELLS for _, _, text, unit in table
    ]
    for table in document.tables:
        assert all(document.text[cell.offset :].startswith(cell.text) for cell in table.cells)
    place = document.place(document.tables[1].cells[3].offset)
    assert (place.table, place.row, place.cell) == (2, 3, 3)


def test_cells_with_several_lines_and_a_table_that_goes_on_overleaf_are_read_whole() -> None:
    name = "乙区（含开发区、保税区及高新技术产业园区）"
    rows = [["区县（市）", "发明专利与实用新型专利授权量合计（件）", "增长（%）"]]
    rows += [[f"{name}{number}号", f"{number},204", f"-{number}.1"] for number in range(1, 60)]
    document = document_from(pdf([Text("各区情况如下。"), Rows(rows), Text("共59家。")]), "a.pdf")
    [table] = document.tables

    assert [(cell.text, cell.unit) for cell in table.cells] == [
        cell for row in rows[1:] for cell in ((row[1], "件"), (row[2], "%"))
    ]
    assert table.cells[0].header == (rows[0][1],)
    assert table.cells[-1].stub == (f"{name}59号",)
    assert document.place(table.cells[-1].offset).page == len(document.pages) > 1


def test_sheets_of_a_workbook_are_tables() -> None:
    rows = [
        ["示例市情况"],
        ["单位：件"],
        ["指标", "2025年", "2026年", "增长（%）"],
        ["授权量", 51204, 54018, 5.5],
        ["注：初步数"],
    ]
    document = document_from(xlsx(rows), "table.xlsx")
    ods_rows = ["".join(ods_cell(str(cell)) for cell in row) for row in rows[2:4]]

    assert [(c.row, c.column, c.text, c.unit) for c in document.tables[0].cells] == [
        (4, 2, "51204", "件"),
        (4, 3, "54018", "件"),
        (4, 4, "5.5", "%"),
    ]
    assert published(ods(ods_rows), "table.ods") == ["51204", "54018", "5.5"]


def test_each_sheet_of_several_is_a_section() -> None:
    def add(sheet: object) -> None:
        other = sheet.parent.create_sheet("商标")  # type: ignore[attr-defined]
        other.append(["指标", "2026年（件）"])
        other.append(["注册", 7])

    document = document_from(xlsx([["指标", "2026年（件）"], ["授权", 3]], add, "专利"), "table.xlsx")

    assert figures(document) == [("1", "3"), ("2", "7")]


def test_a_csv_file_is_a_table_and_a_comma_in_quotes_joins_no_cells() -> None:
    assert published('年份,授权（件）,商标（件）\n2025,"51,204",786\n2026,200,300\n'.encode(), "a.csv") == [
        "51,204",
        "786",
        "200",
        "300",
    ]


def test_tables_of_plain_text_are_columns_under_titles() -> None:
    by_tabs = "表1 情况（单位：件）\n年份\t授权\t其中：发明\n2025\t51,204\t200\n"
    by_spaces = "指标 2025年 2026年\n专利（件） 200 786\n商标（件） 300 400\n"
    text = f"{by_tabs}\n{by_spaces}"
    document = read_text(text, "-")

    assert [(f.published, f.unit) for f in extract(document) if not f.reason] == [
        ("51,204", "件"),
        ("200", "件"),
        *((number, "件") for number in ("200", "786", "300", "400")),
    ]
    assert document.text == text


def test_words_in_a_row_are_no_table() -> None:
    text = "全市 授权 3件\n其中 发明 2件\n红果 园 4件"

    assert read_text(text, "-").tables == ()


@pytest.mark.parametrize(
    ("rows", "units"),
    [
        ([["指标", "数量"], ["授权（件）", "3"], ["金额（万元）", "5"]], ["件", "万元"]),
        ([["指标", "单位", "数量", "增长（%）"], ["授权", "件", "3", "1.2"]], ["件", "%"]),
        ([["指标", "甲", "乙"], ["", "件", "亿元"], ["东区", "3", "4"]], ["件", "亿元"]),
        ([["单位：件、亿元", "", ""], ["指标", "甲", "乙"], ["东区", "3", "4"]], ["", ""]),
        ([["单位：件", "", ""], ["指标", "数量", "同比增长"], ["东区", "3", "4.5"]], ["件", ""]),
        ([["单位：件，%", "", ""], ["指标", "数量", "同比增长"], ["东区", "3", "4.5"]], ["件", "%"]),
        ([["指标", "2025年", "2026年"], ["授权", "3件", "4万件"]], ["", ""]),
        ([["指标", "金额/亿元"], ["融资", "4.5"]], ["亿元"]),
    ],
)
def test_a_unit_is_said_by_title_row_or_caption_or_is_left_open(rows: list[list[str]], units: list[str]) -> None:
    document = document_from(html([Rows(rows)]), "a.html")

    assert [cell.unit for cell in document.tables[0].cells] == units


def test_what_names_a_row_or_a_column_is_no_figure() -> None:
    rows = [["序号", "规模", "2026"], ["1", "500万元以上", "12"], ["2", "3年以下", "1999"], ["3", "其他", "（12.5）"]]
    found = extract(document_from(html([Rows(rows, caption="单位：家")]), "a.html"))

    assert [(each.published, each.unit) for each in found if not each.reason] == [("12", "家"), ("1999", "家")]
    assert [each.published for each in found if each.is_unclear] == ["（12.5）"]
