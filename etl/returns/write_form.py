"""Write a form: a workbook with a protected sheet for each domain."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from etl.catalogue import Catalogue
from etl.errors import ProjectError
from etl.raw_files.workbooks.sheet import address
from etl.returns.form_layout import (
    ABOUT,
    ABOUT_LABELS,
    CUMULATIVE,
    FORMAT,
    HEADER_ROW,
    KINDS,
    LABELS,
    NOTES,
    TITLES,
    AboutRow,
    FormColumn,
    FormHeading,
    line_mark,
)
from etl.returns.indicators import Indicator
from schemas.models import relations, titles
from schemas.texts import Language

try:
    import xlsxwriter
except ModuleNotFoundError as error:
    raise ProjectError(
        "A form needs XlsxWriter: pip install 'ip-bulletin-etl[export]'",
        "生成填报表需要 XlsxWriter：请运行 pip install 'ip-bulletin-etl[export]'",
    ) from error

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_WIDTHS = (6, 22, 20, 26, 9, 30, 12, 10, 18, 46, 52)
_LEAST = {"rate": ">=-100", "mean": ">0", "duration": ">0"}
_MOST = frozenset({"share", "score"})
"""Kinds of at most a hundred."""
_ALLOWED = {"format_columns": True, "format_rows": True, "format_cells": False, "autofilter": True, "select_locked_cells": True}


def write_form(
    asked: Sequence[Indicator], area: str, period: str, language: Language, catalogue: Catalogue, domains: Sequence[str] = ()
) -> bytes:
    """Encode a form of some indicators as a workbook.

    Args:
        asked: the indicators, in the order of the catalogue.
        area: code of the area.
        period: of the figures.
        language: of its texts.
        catalogue: names areas and domains.
        domains: the domains whose sheets it has; none for all that are asked.
    """
    by_domain: dict[str, list[Indicator]] = {}
    for each in asked:
        if not domains or each.entry.domain in domains:
            by_domain.setdefault(each.entry.domain, []).append(each)
    heading = FormHeading(area, period, language, {domain: len(lines) for domain, lines in by_domain.items()})
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, _OPTIONS)
    book.set_properties({"title": f"{FORMAT} {area} {period}"})
    styles = _Styles(book)
    _write_about(book.add_worksheet(ABOUT), heading, catalogue, styles)
    for domain, lines in by_domain.items():
        _write_sheet(book.add_worksheet(domain), domain, lines, heading, catalogue, styles)
    book.close()
    return out.getvalue()


class _Styles:
    """The formats of a form."""

    def __init__(self, book: Any) -> None:
        font = {"font_name": "SimSun", "font_size": 10, "valign": "vcenter"}
        boxed = {**font, "border": 1, "border_color": "#999999", "text_wrap": True}
        self.title = book.add_format({**font, "bold": True, "font_size": 14})
        self.plain = book.add_format(font)
        self.header = book.add_format({**boxed, "bold": True, "align": "center", "bg_color": "#E7E6E6"})
        self.label = book.add_format(boxed)
        self.key = book.add_format({**boxed, "font_size": 8, "font_color": "#808080"})
        # As text, so that 7.60 stays 7.60, and 1-2 does not become a day.
        self.open = book.add_format({**boxed, "num_format": "@", "bg_color": "#FFF9DB", "locked": False, "align": "right"})


def _write_about(sheet: Any, heading: FormHeading, catalogue: Catalogue, styles: _Styles) -> None:
    area = catalogue.lists.by_code("areas")[heading.area]
    zh = heading.language == "zh"
    title = f"{area.zh}知识产权统计填报表（{heading.period}）" if zh else f"Intellectual property of {area.en}: {heading.period}"
    values = {
        AboutRow.FORMAT: FORMAT,
        AboutRow.AREA: heading.area,
        AboutRow.PERIOD: heading.period,
        AboutRow.LANGUAGE: heading.language,
        AboutRow.SHEETS: heading.listed_sheets,
        AboutRow.MARK: heading.mark,
    }
    sheet.write_string(AboutRow.TITLE, 0, title, styles.title)
    for row, label in ABOUT_LABELS.items():
        sheet.write_string(row, 0, label.in_language(heading.language), styles.header)
        if row in values:
            sheet.write_string(row, 1, values[row], styles.label)
    sheet.write_blank(AboutRow.DEPARTMENT, 1, None, styles.open)
    for number, note in enumerate(NOTES):
        sheet.write_string(AboutRow.FIRST_NOTE + number, 0, note.in_language(heading.language), styles.plain)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 60)
    sheet.protect("", _ALLOWED)


def _write_sheet(
    sheet: Any, domain: str, lines: Sequence[Indicator], heading: FormHeading, catalogue: Catalogue, styles: _Styles
) -> None:
    zh, en = catalogue.domain_title(domain)
    sheet.write_string(0, 0, f"{zh if heading.language == 'zh' else en}  {heading.period}", styles.title)
    for column, title in TITLES.items():
        sheet.write_string(HEADER_ROW, column, title.in_language(heading.language).format(period=heading.period), styles.header)
        sheet.set_column(column, column, _WIDTHS[column])
    for number, each in enumerate(lines, start=1):
        _write_line(sheet, domain, number, each, heading, styles)
    last = HEADER_ROW + len(lines)
    sheet.ignore_errors({"number_stored_as_text": f"{address((HEADER_ROW + 1, FormColumn.VALUE))}:{address((last, 8))}"})
    sheet.freeze_panes(HEADER_ROW + 1, FormColumn.UNIT)
    sheet.repeat_rows(HEADER_ROW)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, last, FormColumn.RULES)
    sheet.protect("", _ALLOWED)


def _write_line(sheet: Any, domain: str, number: int, asked: Indicator, heading: FormHeading, styles: _Styles) -> None:
    row, language = HEADER_ROW + number, heading.language
    texts = line_texts(asked, heading)
    mark = line_mark(heading, domain, number, asked.key, (texts[column] for column in LABELS))
    texts |= {FormColumn.NUMBER: str(number), FormColumn.KEY: f"{asked.key} #{mark}"}
    for column, text in texts.items():
        sheet.write_string(row, column, text, styles.key if column is FormColumn.KEY else styles.label)
    sheet.write_blank(row, FormColumn.VALUE, None, styles.open)
    unit = asked.unit
    prompt = (f"不带单位时按“{unit}”计。" if language == "zh" else f"A bare number is in {unit}.") + (
        f"\n{texts[FormColumn.PERIOD_OF_LAST]}: {asked.last.published}" if asked.last else ""
    )
    refused = "数值不在该指标的取值范围内，或应为整数。" if language == "zh" else "Out of range, or not a whole number."
    rule = {"validate": "custom", "value": _validation(asked, row), "error_message": refused}
    sheet.data_validation(row, FormColumn.VALUE, row, FormColumn.VALUE, {**rule, "input_message": prompt[:255]})


def line_texts(asked: Indicator, heading: FormHeading) -> dict[FormColumn, str]:
    """Compose the texts of the line that requests a figure, by column."""
    language, meaning = heading.language, asked.column.meaning
    zh, en = titles(asked.entry.model)
    kind = KINDS[asked.column.dtype.kind].in_language(language)
    is_cumulative = any(each.kind == "cumulative" and each.column == asked.column.name for each in relations(asked.entry.model))
    since = f"{'，' if language == 'zh' else '; '}{CUMULATIVE.in_language(language)}" if is_cumulative else ""
    return {
        FormColumn.TABLE: zh if language == "zh" else en,
        FormColumn.ROW: asked.row_name(language, heading.area),
        FormColumn.INDICATOR: meaning.zh if language == "zh" else meaning.en,
        FormColumn.UNIT: asked.unit,
        FormColumn.MEANING: f"{kind}{since}（{meaning.en}）" if language == "zh" else f"{kind}{since} ({meaning.zh})",
        FormColumn.LAST: asked.last.published if asked.last else "",
        FormColumn.PERIOD_OF_LAST: asked.last.period if asked.last else "",
        FormColumn.RULES: "\n".join(f"· {rule.zh if language == 'zh' else rule.reason}" for rule in asked.rules),
    }


def _validation(asked: Indicator, row: int) -> str:
    """Compose the formula that holds a bare number to the range of its kind; other texts pass, and are judged when taken."""
    kind, cell = asked.column.dtype.kind, address((row, FormColumn.VALUE))
    tests = [f"--{cell}{_LEAST.get(kind, '>=0')}"]
    tests += [f"--{cell}<=100"] if kind in _MOST else []
    tests += [f"--{cell}=INT(--{cell})"] if kind == "count" and asked.unit == asked.unit.lstrip("十百千万亿") else []
    return f"=IF(ISNUMBER(--{cell}),AND({','.join(tests)}),TRUE)"
