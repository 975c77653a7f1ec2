"""ODS and XLS workbooks: the cells that calamine leaves out are found, and numbers are written as they are shown."""

from __future__ import annotations

import pytest
from paths import RAW_FILES
from test_raw_workbooks import MakeProject, of_year, read, rows, said
from workbooks import HEADER, ROW, ods, ods_cell


def ods_row(*cells: str) -> str:
    return "".join(cells)


TEXTS = [ods_cell(cell) for cell in ROW]
ODS_HEADER = ods_row(*map(ods_cell, HEADER))
ODS_CELLS: dict[str, tuple[str, str]] = {
    "number": (ods_cell("5,981", "float", office__value="5981"), "5981"),
    "number shown with fewer digits": (ods_cell("59.8", "float", office__value="59.81"), "59.81"),
    "percentage": (ods_cell("46.05%", "percentage", office__value="0.4605"), "46.05%"),
    "number with a unit": (ods_cell("7.64万件", "float", office__value="7.64"), "7.64万件"),
    "number shown in another unit": (ods_cell("7.6万", "float", office__value="76400"), "7.6万"),
    "money": (ods_cell("￥5,981.00", "currency", office__value="5981"), "￥5981"),
    "day": (ods_cell("2024年3月1日", "date", office__date_value="2024-03-01"), "2024-03-01"),
    "truth": (ods_cell("TRUE", "boolean", office__boolean_value="true"), "TRUE"),
    "two paragraphs": (ods_cell("5981</text:p><text:p>件"), "5981\n件"),
    "spaces": (ods_cell('59<text:s text:c="2"/>81'), "59  81"),
    "annotated": (
        '<table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation>'
        "<text:p>5981件</text:p></table:table-cell>",
        "5981件",
    ),
}


@pytest.mark.parametrize("name", ODS_CELLS)
def test_a_cell_of_an_ods_sheet_is_its_stored_value_as_shown(name: str, project: MakeProject) -> None:
    cell, expected = ODS_CELLS[name]
    table = read(project({}), ods([ODS_HEADER, ods_row(*TEXTS[:3], cell, *TEXTS[4:])]), "ods")
    assert [text for text in said(table) if "error" in text] == []
    assert table.cells["received"] == [expected]


def test_an_ods_error_sets_its_row_aside_and_repeated_cells_are_each_read(project: MakeProject) -> None:
    error = ods_cell("#DIV/0!", "string", table__formula="of:=1/0", calcext__value_type="error")
    content = ods(
        [
            ODS_HEADER,
            ods_row(*TEXTS[:3], error, *TEXTS[4:]),
            ods_row(
                *TEXTS[:3],
                TEXTS[3].replace("office:value-type", 'table:number-columns-repeated="2" office:value-type'),
                *TEXTS[5:],
            ),
        ]
    )
    table = read(project({}), content, "ods")
    assert table.set_aside == [2]
    assert rows(table) == [(*ROW[:4], ROW[3], *ROW[5:])]


def test_hidden_ods_sheets_and_formulas_are_reported(project: MakeProject) -> None:
    style = '<style:style style:name="h" style:family="table"><style:table-properties table:display="false"/></style:style>'
    hidden = '<table:table table:name="草稿" table:style-name="h"><table:table-row/></table:table>'
    formula = ods_cell("5981", "float", office__value="5981", table__formula="of:=5980+1")
    table = read(project({}), ods([ODS_HEADER, ods_row(*TEXTS[:3], formula, *TEXTS[4:])], style, hidden), "ods")
    assert rows(table) == [(*ROW[:3], "5981", *ROW[4:])]
    assert said(table) == [
        "1:1: information[file-is-plain] hidden sheets are not read: '草稿'",
        "2:4: information[file-is-plain] 1 cell is a formula's result as it was saved, the first D2",
    ]


def xls(name: str) -> bytes:
    return (RAW_FILES / f"{name}.xls").read_bytes()


def test_an_xls_sheet_is_read_with_its_number_formats(project: MakeProject) -> None:
    table = read(project({}), xls("numbers"), "xls")
    assert rows(table) == [of_year(2025, "46.05%", "5954件"), (*of_year(2024, "59.5", "-5954")[:6], "x" * 100)]
    assert table.findings == []


def test_an_xls_error_or_hidden_value_sets_its_row_aside(project: MakeProject) -> None:
    table = read(project({}), xls("error"), "xls")
    assert rows(table) == [ROW, of_year(2023)]
    assert said(table) == ["3:4: error[row-is-readable] the cell says #DIV/0!: its formula failed"]
    table = read(project({}), xls("hidden_value"), "xls")
    assert (rows(table), table.set_aside) == ([ROW], [3])


def test_xls_formulas_hidden_sheets_merged_labels_and_epochs_are_reported(project: MakeProject) -> None:
    assert said(read(project({}), xls("formula"), "xls"))[0].startswith("3:4: information[file-is-plain] 1 cell is a formula's")
    table = read(project({}), xls("hidden_and_merged"), "xls")
    assert rows(table) == [ROW, of_year(2024), of_year(2023)]
    assert [text.split("] ")[1][:12] for text in said(table)] == ["hidden sheet", "labels in me"]
    for name, remarks in (("days", 0), ("days_from_1904", 1)):
        table = read(project({}), xls(name), "xls")
        assert table.cells["period"] == ["2024-03"]
        assert len(table.findings) == remarks
