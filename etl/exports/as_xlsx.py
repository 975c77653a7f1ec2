"""Export tables as a workbook in the form of a statistical yearbook: a sheet a domain.

Numbers are numbers, and texts are texts: nothing that a cell holds is run as a formula or followed as a link.
"""

from __future__ import annotations

import io
import re
from itertools import groupby
from typing import Any

import xlsxwriter

from etl.display_width import display_width
from etl.exports.tables import ExportTable, subject
from etl.exports.yearbook import YearbookOptions, YearbookTable, lay_out

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_WIDEST, _MOST_DECIMALS, _OF_COMPUTED = 70, 6, 2
_NO_SHEET_NAME, _LONGEST_NAME = re.compile(r"[\[\]:*?/\\]"), 31
_UNIT_COLUMN, _FIRST_PERIOD = 1, 2
CONTENTS = {"zh": "目录", "en": "Contents", "both": "目录 Contents"}
_UNIT = {"zh": "单位", "en": "Unit", "both": "单位 Unit"}
_INDICATOR = {"zh": "指标", "en": "Indicator", "both": "指标 Indicator"}


def encode_tables(tables: list[ExportTable], options: YearbookOptions | None = None) -> dict[str, bytes]:
    """Encode one workbook with a sheet for each domain."""
    zh, en = subject(tables)
    chosen = options or YearbookOptions()
    return {"tables.xlsx": workbook_of(tables, {"zh": zh, "en": en, "both": f"{zh} · {en}"}[chosen.languages], chosen)}


def workbook_of(tables: list[ExportTable], title: str, options: YearbookOptions) -> bytes:
    """Encode a workbook: a sheet a domain, after a contents sheet for several tables."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    book.set_properties({"title": title})
    styles = _Styles(book)
    contents = book.add_worksheet(CONTENTS[options.languages]) if len(tables) > 1 else None
    listed: list[tuple[str, str]] = []
    for number, (domain, of_domain) in enumerate(groupby(tables, key=lambda table: table.domain), start=1):
        name = _sheet_name(tables[0].catalogue.domain_title(domain), options)
        sheet, first = book.add_worksheet(name), 0
        widths = [8, 8, 8]
        for rank, table in enumerate(of_domain, start=1):
            laid_out = lay_out(table, options)
            listed.append((f"{number}-{rank}  {laid_out.title}", f"internal:'{name}'!A{first + 1}"))
            first = _write_table(sheet, first, f"{number}-{rank}", laid_out, options, styles, widths)
        for column, width in enumerate(widths):
            sheet.set_column(column, column, min(width + 2, _WIDEST))
        _set_page(sheet, title)
    if contents:
        _write_contents(contents, listed, title, styles)
        _set_page(contents, title)
    book.close()
    return out.getvalue()


def _sheet_name(title: tuple[str, str], options: YearbookOptions) -> str:
    """Return a domain's title as the name of a sheet, which has no apostrophe at its ends and few characters."""
    name = title[1] if options.languages == "en" else title[0]
    return _NO_SHEET_NAME.sub(" ", name).replace("'", "’")[:_LONGEST_NAME]


class _Styles:
    """The formats of a workbook, each made once."""

    def __init__(self, book: Any) -> None:
        self._book, self._numbers = book, dict[int, Any]()
        font = {"font_name": "SimSun", "font_size": 10}
        self.title = book.add_format({**font, "bold": True, "font_size": 12})
        self.unit = book.add_format({**font, "align": "right"})
        self.header = book.add_format({**font, "bold": True, "align": "center", "top": 2, "bottom": 1})
        self.group = book.add_format({**font, "bold": True})
        self.indicator = book.add_format({**font, "indent": 1})
        self.text = book.add_format(font)
        self.printed = book.add_format({**font, "align": "right"})
        self.note = book.add_format({**font, "font_size": 9})
        self._font = font

    def number(self, decimals: int) -> Any:
        """Return the format of a number with this many decimals."""
        if decimals not in self._numbers:
            pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
            self._numbers[decimals] = self._book.add_format({**self._font, "num_format": pattern})
        return self._numbers[decimals]


def _write_contents(sheet: Any, listed: list[tuple[str, str]], title: str, styles: _Styles) -> None:
    sheet.write_string(0, 0, title, styles.title)
    for row, (text, place) in enumerate(listed, start=2):
        sheet.write_url(row, 0, place, string=text)
    sheet.set_column(0, 0, min(max(_width(text) for text, _ in listed) + 2, 2 * _WIDEST))


def _write_table(
    sheet: Any, first: int, number: str, table: YearbookTable, options: YearbookOptions, styles: _Styles, widths: list[int]
) -> int:
    """Write a table from a row on; return the row after it and a blank one."""
    last = _FIRST_PERIOD + len(table.periods) - 1
    widths += [8] * (last + 1 - len(widths))
    sheet.write_string(first, 0, f"{number}  {table.title}", styles.title)
    if table.unit:
        sheet.write_string(first + 1, last, f"{_UNIT[options.languages]}: {table.unit}", styles.unit)
    header = (_INDICATOR[options.languages], _UNIT[options.languages], *table.periods)
    for column, text in enumerate(header):
        sheet.write_string(first + 2, column, text, styles.header)
        widths[column] = max(widths[column], _width(text))
    at, group = first + 3, ""
    for row in table.rows:
        if row.group != group:
            group = row.group
            sheet.write_string(at, 0, group, styles.group)
            at += 1
        sheet.write_string(at, 0, row.indicator, styles.indicator)
        sheet.write_string(at, _UNIT_COLUMN, row.unit or table.unit, styles.text)
        decimals = max((_decimals(cell) for cell in row.cells if isinstance(cell, float)), default=0)
        style = styles.number(min(decimals, _OF_COMPUTED) if row.is_computed else decimals)
        for column, cell in enumerate(row.cells, start=_FIRST_PERIOD):
            if isinstance(cell, int | float):
                sheet.write_number(at, column, cell, style)
            elif cell is not None:
                sheet.write_string(at, column, cell, styles.printed)
            widths[column] = max(widths[column], _width(cell))
        widths[0], widths[_UNIT_COLUMN] = max(widths[0], _width(row.indicator) + 2), max(widths[_UNIT_COLUMN], _width(row.unit))
        at += 1
    for at, note in enumerate(table.notes, start=at):  # noqa: B020  the notes follow the rows
        sheet.write_string(at, 0, note, styles.note)
    return at + 3


def _set_page(sheet: Any, title: str) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{title.replace('&', '&&')}&R&P / &N")


def _decimals(value: float) -> int:
    return min(_MOST_DECIMALS, len(f"{value:.{_MOST_DECIMALS}f}".rstrip("0").partition(".")[2]))


def _width(value: object) -> int:
    text = "" if value is None else f"{value:,}" if isinstance(value, int | float) else str(value)
    return display_width(text)
