"""Export tables as a workbook in the layout of a statistical yearbook.

Numbers are numbers, and texts are texts: nothing that a cell holds is run as a formula or followed as a link.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl
import xlsxwriter

from etl.exports.statuses import STATUS, marks_in_place
from etl.exports.tables import ExportTable, Field, subject

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_LONGEST_NAME, _WIDEST, _MOST_NOTES, _MOST_DECIMALS = 31, 40, 50, 6
CONTENTS = "目录 Contents"
_HEADER_ROW = 3


def encode_tables(tables: list[ExportTable]) -> dict[str, bytes]:
    """Encode one workbook with a sheet for each table."""
    zh, en = subject(tables)
    return {"tables.xlsx": workbook_of(tables, f"{zh} · {en}")}


def workbook_of(tables: list[ExportTable], title: str) -> bytes:
    """Encode a workbook: a sheet per table, after a contents sheet for several."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    book.set_properties({"title": title})
    styles = _Styles(book)
    names = dict(zip((each.address for each in tables), _sheet_names(tables), strict=True))
    if len(tables) > 1:
        _write_contents(book.add_worksheet(CONTENTS), tables, names, title, styles)
    for table in tables:
        _write_table(book.add_worksheet(names[table.address]), table, styles)
    book.close()
    return out.getvalue()


class _Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book, self._numbers = book, dict[int, Any]()
        font = {"font_name": "SimSun", "font_size": 10}
        self.title = book.add_format({**font, "bold": True, "font_size": 14, "align": "center"})
        self.subtitle = book.add_format({**font, "align": "center"})
        self.unit = book.add_format({**font, "align": "right"})
        self.header = book.add_format(
            {**font, "bold": True, "text_wrap": True, "align": "center", "valign": "vcenter", "top": 2, "bottom": 1}
        )
        self.text = book.add_format(font)
        self.mark = book.add_format({**font, "align": "right"})
        self.note = book.add_format({**font, "font_size": 9})
        self._font = font

    def number(self, decimals: int) -> Any:
        """Return the format of a number with this many decimals."""
        if decimals not in self._numbers:
            pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
            self._numbers[decimals] = self._book.add_format({**self._font, "num_format": pattern})
        return self._numbers[decimals]


def _sheet_names(tables: Iterable[ExportTable]) -> Iterator[str]:
    """Yield a unique name for each sheet: its address as far as it fits."""
    given = {CONTENTS.lower()}
    for table in tables:
        name, rank = table.address[:_LONGEST_NAME], 1
        while name.lower() in given:
            rank += 1
            name = f"{table.address[: _LONGEST_NAME - len(str(rank)) - 1]}~{rank}"
        given.add(name.lower())
        yield name


def _write_contents(sheet: Any, tables: list[ExportTable], names: dict[str, str], title: str, styles: _Styles) -> None:
    sheet.write_string(0, 0, title, styles.title)
    for row, table in enumerate(tables, start=2):
        sheet.write_url(row, 0, f"internal:'{names[table.address]}'!A1", string=table.address)
        sheet.write_string(row, 1, table.zh, styles.text)
        sheet.write_string(row, 2, table.en, styles.text)
    sheet.set_column(0, 2, _WIDEST)


def _write_table(sheet: Any, table: ExportTable, styles: _Styles) -> None:
    shown = [_SheetColumn.of(field, table) for field in table.fields if field.kind != STATUS]  # the marks say it
    last = len(shown) - 1
    _line(sheet, 0, last, table.zh, styles.title)
    _line(sheet, 1, last, table.en, styles.subtitle)
    unit = _common_unit(table)
    sheet.write_string(2, last, f"单位：{unit[0]}  Unit: {unit[1]}" if unit else "单位见表头  Units in the header", styles.unit)
    for column, each in enumerate(shown):
        sheet.write_string(_HEADER_ROW, column, each.heading(with_unit=unit is None), styles.header)
        is_number = each.field.is_number
        write, style = (sheet.write_number, styles.number(each.decimals)) if is_number else (sheet.write_string, styles.text)
        for row, value in enumerate(each.cells, start=_HEADER_ROW + 1):
            if isinstance(value, str) and is_number:
                sheet.write_string(row, column, value, styles.mark)
            elif value is not None:
                write(row, column, value, style)
        sheet.set_column(column, column, each.width)
    first_note = _HEADER_ROW + 2 + table.rows.height
    for row, line in enumerate((*_notes(table), *_sources(table)), start=first_note):
        sheet.write_string(row, 0, line, styles.note)
    sheet.freeze_panes(_HEADER_ROW + 1, 0)
    sheet.repeat_rows(0, _HEADER_ROW)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _line(sheet: Any, row: int, last: int, text: str, style: Any) -> None:
    if last:
        sheet.merge_range(row, 0, row, last, "", style)
    sheet.write_string(row, 0, text, style)


@dataclass(frozen=True, slots=True)
class _SheetColumn:
    """A column of a sheet: codes as names, numbers with the digits they need."""

    field: Field
    cells: list[Any]
    decimals: int
    width: int

    @classmethod
    def of(cls, field: Field, table: ExportTable) -> _SheetColumn:
        names = {code: f"{zh} {en}" for code, (zh, en) in field.code_names.items()}
        cells = [names.get(value, value) for value in table.rows.get_column(field.name)]
        decimals = 0
        if field.is_number and not field.is_whole:
            decimals = max((_decimals(value) for value in cells if value is not None), default=0)
        if field.is_number:
            marks = marks_in_place(table.rows, table.figures, field.name, table.key)
            cells = [mark if value is None else value for value, mark in zip(cells, marks, strict=True)]
        widest = max([*map(_width, cells), *map(_width, (field.zh, field.en)), 8])
        return cls(field, cells, decimals, min(widest + 2, _WIDEST))

    def heading(self, *, with_unit: bool) -> str:
        """Format the header of the column."""
        unit = f"\n({self.field.unit} {self.field.unit_en})" if with_unit and self.field.is_number else ""
        return f"{self.field.zh}\n{self.field.en}{unit}"


def _decimals(value: float) -> int:
    return min(_MOST_DECIMALS, len(f"{value:.{_MOST_DECIMALS}f}".rstrip("0").partition(".")[2]))


def _width(value: object) -> int:
    text = "" if value is None else f"{value:,}" if isinstance(value, int | float) else str(value)
    return sum(2 if unicodedata.east_asian_width(each) in "WF" else 1 for each in text)


def _common_unit(table: ExportTable) -> tuple[str, str] | None:
    """Return the unit of all numbers of a table; None if they have several."""
    units = {(each.unit, each.unit_en) for each in table.fields if each.is_number}
    return units.pop() if len(units) == 1 else None


def _notes(table: ExportTable) -> Iterator[str]:
    """Yield a note for each hedged or marked figure, since its number alone claims too much."""
    is_marked = pl.col("mark").is_not_null() & (pl.col("value").is_not_null() | pl.col("note").is_not_null())
    hedged = table.figures.filter((pl.col("hedge") != "") | is_marked)
    names = {each.name: each for each in table.fields}
    for rank, row in enumerate(hedged.iter_rows(named=True)):
        if rank == _MOST_NOTES:
            yield f"…以及另外 {hedged.height - _MOST_NOTES} 处。… and {hedged.height - _MOST_NOTES} more."
            return
        field = names[row["indicator"]]
        where = re.sub(r":[^:]*$", "", row["row_key"])
        mark = (row["mark"] or "").replace(" ", "") if row["value"] is not None else ""
        note = f"；{row['note']}" if row["note"] else ""
        yield f"注 Note: {where} {field.zh} {field.en}：原文 printed as “{row['published']}{mark}”{note}"


def _sources(table: ExportTable) -> Iterator[str]:
    for document in table.documents:
        publisher = f"，{document.publisher}" if document.publisher else ""
        yield f"资料来源 Source: {document.title}{publisher} ({document.source})"
