"""Export tables, views and queries as a workbook as they are: a sheet each, and a sheet of what their columns mean.

Numbers are numbers, and texts are texts: nothing that a cell holds is run as a formula or followed as a link.
"""

from __future__ import annotations

import io
import math
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from etl.errors import ProjectError
from etl.exports.flat import as_flat
from etl.exports.tables import ExportTable

MOST_ROWS, LONGEST_TEXT, LARGEST_WHOLE = 1_048_575, 32_767, 1 << 53
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_NO_SHEET_NAME, _LONGEST_NAME, _COLUMNS = re.compile(r"[\[\]:*?/\\']"), 31, "columns"
_FIRST_YEAR = 1900


def encode_tables(tables: list[ExportTable]) -> dict[str, bytes]:
    """Encode one workbook.

    Raises:
        ProjectError: a sheet cannot hold a table.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    styles = {
        "header": book.add_format({"bold": True, "bottom": 1}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        "text": book.add_format({"num_format": "@"}),
    }
    names: list[str] = [_COLUMNS]
    for table in tables:
        names.append(_sheet_name(table.address, names))
        _write_rows(book.add_worksheet(names[-1]), table, styles)
    if any(field.zh != field.name for table in tables for field in table.fields):
        _write_columns(book.add_worksheet(_COLUMNS), tables, styles)
    book.close()
    name = tables[0].address if len(tables) == 1 else "tables"
    return {f"{name}.xlsx": out.getvalue()}


def _sheet_name(address: str, taken: list[str]) -> str:
    """Return a name that no other sheet has."""
    name, number = _NO_SHEET_NAME.sub(" ", address)[:_LONGEST_NAME], 1
    while name.lower() in (each.lower() for each in taken):
        number += 1
        name = f"{name[: _LONGEST_NAME - len(str(number)) - 1]}_{number}"
    return name


def _write_rows(sheet: Any, table: ExportTable, styles: dict[str, Any]) -> None:
    if table.rows.height > MOST_ROWS:
        raise ProjectError(
            f"{table.address} has {table.rows.height:,} rows, more than the {MOST_ROWS:,} of a sheet. Write --to parquet or csv.",
            f"{table.address} 有 {table.rows.height:,} 行，超过一张工作表的 {MOST_ROWS:,} 行。请用 --to parquet 或 csv。",
        )
    rows = as_flat(table.rows)
    for column, name in enumerate(rows.columns):
        sheet.write_string(0, column, name, styles["header"])
        width = len(name)
        for row, cell in enumerate(rows.get_column(name).to_list(), start=1):
            _write_cell(sheet, row, column, cell, styles, table.address)
            width = max(width, min(len(str(cell)), 40)) if row < 200 else width
        sheet.set_column(column, column, width + 2)
    sheet.freeze_panes(1, 0)
    if rows.width:
        sheet.autofilter(0, 0, rows.height, rows.width - 1)


def _write_cell(sheet: Any, row: int, column: int, cell: Any, styles: dict[str, Any], address: str) -> None:
    """Write a cell by its type; a number that a sheet would round or does not have is a text."""
    if cell is None:
        return
    if isinstance(cell, Decimal) and Decimal(repr(float(cell))) == cell:
        cell = float(cell)
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, int | float) and math.isfinite(cell) and (isinstance(cell, float) or abs(cell) <= LARGEST_WHOLE):
        sheet.write_number(row, column, cell)
    elif isinstance(cell, datetime) and cell.year >= _FIRST_YEAR:
        sheet.write_datetime(row, column, cell.replace(tzinfo=None), styles["time"])
    elif isinstance(cell, date) and not isinstance(cell, datetime) and cell.year >= _FIRST_YEAR:
        sheet.write_datetime(row, column, cell, styles["date"])
    else:
        text = str(cell)
        if len(text) > LONGEST_TEXT:
            raise ProjectError(
                f"{address} has a text of {len(text):,} characters, more than a cell can hold. Write --to parquet or csv.",
                f"{address} 有一段 {len(text):,} 字的文字，超过单元格的容量。请用 --to parquet 或 csv。",
            )
        sheet.write_string(row, column, text, styles["text"])


def _write_columns(sheet: Any, tables: list[ExportTable], styles: dict[str, Any]) -> None:
    """Write what each column means, and its unit."""
    for column, title in enumerate(("table", "column", "中文", "English", "单位", "unit")):
        sheet.write_string(0, column, title, styles["header"])
    described = [(t.address, f.name, f.zh, f.en, f.unit, f.unit_en) for t in tables for f in t.fields]
    for row, texts in enumerate(described, start=1):
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text, styles["text"])
    for column, width in enumerate((28, 24, 36, 48, 10, 14)):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
