"""Forms that were changed, and files that are no form of this year: refused by sheet and cell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import pytest
from returns import CLOSED, RECEIVED, filled_form, line_of, place_of, refused, rows_of, take, written_form

from etl.project import Project
from etl.returns.form_layout import ABOUT


@pytest.fixture
def project(with_form: Project) -> Project:
    return with_form


def changed_key(book: openpyxl.Workbook, form: Path) -> str:
    sheet, row = line_of(book, form, RECEIVED)
    sheet.cell(row, 11).value = str(sheet.cell(row, 11).value).replace("received", "closed")
    return f"{place_of(form, RECEIVED, 'K')}: the number, a label, the unit or the key of this line was changed"


def deleted_key(book: openpyxl.Workbook, form: Path) -> str:
    sheet, row = line_of(book, form, RECEIVED)
    sheet.cell(row, 11).value = None
    return f"{place_of(form, RECEIVED, 'K')}: the key '' was changed"


def changed_unit(book: openpyxl.Workbook, form: Path) -> str:
    sheet, row = line_of(book, form, RECEIVED)
    sheet.cell(row, 5).value = "万件"
    return f"{place_of(form, RECEIVED, 'K')}: the number, a label, the unit or the key"


def inserted_column(book: openpyxl.Workbook, form: Path) -> str:
    book["courts"].insert_cols(5)
    return "courts!E3: the header is 'Unit' here in the form"


def deleted_line(book: openpyxl.Workbook, form: Path) -> str:
    sheet, row = line_of(book, form, CLOSED)
    sheet.delete_rows(row)
    return f"line {row - 3} is missing; keep all lines"


def copied_line(book: openpyxl.Workbook, form: Path) -> str:
    sheet, row = line_of(book, form, RECEIVED)
    end = sheet.max_row + 1
    for cell in sheet[row]:
        sheet.cell(end, cell.column).value = cell.value
    return f"courts!A{end}: line {row - 3} stands here again; it is in row {row} too"


def deleted_sheet(book: openpyxl.Workbook, form: Path) -> str:
    del book["finance"]
    return "the sheet 'finance' is missing"


def other_year(book: openpyxl.Workbook, form: Path) -> str:
    book[ABOUT]["B5"] = "2027"
    return "area, period or sheets of the form were changed"


def no_form(book: openpyxl.Workbook, form: Path) -> str:
    del book[ABOUT]
    return "is no form of `etl form`: it has no sheet '说明 About'"


def merged_cells(book: openpyxl.Workbook, form: Path) -> str:
    sheet, row = line_of(book, form, RECEIVED)
    sheet.merge_cells(f"I{row}:I{row + 1}")
    return f"{place_of(form, RECEIVED)}: merged cells"


def error_value(book: openpyxl.Workbook, form: Path) -> str:
    sheet, row = line_of(book, form, RECEIVED)
    sheet.cell(row, 9).value, sheet.cell(row, 9).data_type = "#DIV/0!", "e"
    return f"{place_of(form, RECEIVED)}: the cell says #DIV/0!"


CHANGES = (changed_key, deleted_key, changed_unit, inserted_column, deleted_line, copied_line, deleted_sheet, other_year)


@pytest.mark.parametrize("change", [*CHANGES, no_form, merged_cells, error_value], ids=lambda change: change.__name__)
def test_a_form_that_was_changed_is_refused_by_sheet_and_cell(project: Project, change: Any) -> None:
    form, told = project.root / "form.xlsx", []
    file = filled_form(form, {RECEIVED: 6200}, lambda book: told.append(change(book, form)))
    assert told[0] in refused(project, file)


def test_lines_in_another_order_are_read_as_they_were(project: Project) -> None:
    form = project.root / "form.xlsx"

    def reverse(book: openpyxl.Workbook) -> None:
        sheet = book["courts"]
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
        for row, values in enumerate(reversed(rows), start=4):
            for column, value in enumerate(values, start=1):
                sheet.cell(row, column).value = value

    assert take(project, filled_form(form, {RECEIVED: 6200, CLOSED: 6100}, reverse)).exit_code == 0
    (row,) = rows_of(project, "courts.caseload", "return-2026-1")
    assert (row["received"], row["closed"], row["court"]) == ("6200件", "6100件", "all")


def test_a_foreign_file_and_a_form_of_another_year_are_refused(project: Project, tmp_path: Path) -> None:
    other = tmp_path / "other.xlsx"
    openpyxl.Workbook().save(other)
    assert "is no form of `etl form`" in refused(project, other)
    text = tmp_path / "form.csv"
    text.write_text("a,b\n")
    assert "is no workbook" in refused(project, text)
    file = filled_form(project.root / "form.xlsx", {RECEIVED: 6200})
    assert "is a form of 2026, not of 2027" in refused(project, file, "--period", "2027")
    late = filled_form(written_form(project, "--lang", "en", name="late.xlsx", period="2025"), {RECEIVED: 5981})
    assert "ningbo-2025 has published 2025 already" in refused(project, late)
    assert take(project, late, "--period", "2025").exit_code == 0
