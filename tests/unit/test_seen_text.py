"""Text that a person sees otherwise than a reader does: marks, strokes, brackets of formats and shown values in workbooks."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import Any

import pytest
import xls_workbooks as made
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Font
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat
from openpyxl.worksheet.worksheet import Worksheet
from workbooks import archive, bare_xlsx, inline, ods, ods_cell, xlsx

from etl.raw_files.workbooks.reading import read

SET_ASIDE = None
"""Of a cell that is a fault, so that its row is set aside."""


def first(content: bytes, form: str = ".xlsx") -> tuple[str | None, list[str]]:
    """Give the text of the first cell, and the remarks of which it may be one."""
    found = read({"form": form, "sheets": []}, content)
    assert "refused" not in found, found
    (text, *_), *_ = found["rows"]
    assert (text is None) == bool(found["faults"]), found
    return text, [remark[2] for remark in found["remarks"]]


def raised(text: str) -> TextBlock:
    return TextBlock(InlineFont(vertAlign="superscript"), text)


def lowered(text: str) -> TextBlock:
    return TextBlock(InlineFont(vertAlign="subscript"), text)


def struck(text: str) -> TextBlock:
    return TextBlock(InlineFont(strike=True), text)


PLAIN = TextBlock(InlineFont(b=True), "1200")
RICH = {
    "a raised digit": ((PLAIN, raised("1")), "1200"),
    "a raised digit before the unit": (("1200", raised("1"), "件"), "1200件"),
    "a raised bracket": (("1200件", raised("1)")), "1200件"),
    "a raised digit in two runs": (("1200", raised("["), raised("1]")), "1200"),
    "a raised letter": (("1200", raised("a")), "1200"),
    "a raised note": (("1200", raised("注1")), "1200"),
    "a lowered digit": (("1200", lowered("2")), "1200"),
    "a struck-out beginning": ((struck("12"), "1300"), SET_ASIDE),
    "a struck-out end": (("1200", struck("1")), SET_ASIDE),
    "raised text that is no mark": (("1200", raised("1234")), SET_ASIDE),
    "only raised digits": ((raised("120"), raised("1")), SET_ASIDE),
    "a power of ten": (("10", raised("3")), "10³"),
    "a square": (("面积m", raised("2")), "面积m²"),
    "an index": (("CO", lowered("2")), "CO₂"),
    "a mark before a note": ((raised("1"), "含调解。"), "¹含调解。"),
    "other fonts": ((PLAIN, TextBlock(InlineFont(i=True), "件")), "1200件"),
    "a raised space": (("1200", raised(" "), "件"), "1200 件"),
}


@pytest.mark.parametrize("name", RICH)
def test_marks_in_shared_strings_are_left_out_and_told_or_their_row_is_set_aside(name: str) -> None:
    runs, expected = RICH[name]

    def change(sheet: Worksheet) -> None:
        sheet["A1"] = CellRichText(*runs)

    text, remarks = first(xlsx([], change))
    assert text == expected
    is_shorter = expected is not SET_ASIDE and len(expected) < len("".join(str(run) for run in runs))
    assert [remark.startswith("raised or lowered marks are left out of 1 cell") for remark in remarks] == [True] * is_shorter


def test_marks_in_inline_strings_are_left_out() -> None:
    run = "<r><t>1200</t></r><r><rPr><vertAlign val='superscript'/></rPr><t>1</t></r>"
    text, remarks = first(bare_xlsx(f'<row><c t="inlineStr"><is>{run}</is></c></row>'))
    assert (text, len(remarks)) == ("1200", 1)


@pytest.mark.parametrize("value", [1200, "1200", "法院1", 45352.0])
@pytest.mark.parametrize("font", [Font(strike=True), Font(vertAlign="superscript"), Font(vertAlign="subscript")])
def test_a_cell_that_is_struck_out_or_raised_as_a_whole_is_set_aside(value: Any, font: Font) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["A1"], sheet["A1"].font = value, font

    assert first(xlsx([], change)) == (SET_ASIDE, [])


# XLS


def shared(*texts: bytes) -> list[bytes]:
    return [struct.pack("<II", len(texts), len(texts)) + b"".join(texts)]


def of_shared(number: int, style: int = 0) -> bytes:
    return made.record(0xFD, made.cell(0, 0, style) + struct.pack("<I", number))


LONG = "5981件" + "注" * 6000
WIDE = LONG.encode("utf-16-le")
NARROW = b"5981" * 3000
XLS: dict[str, tuple[bytes, str | None]] = {
    "a raised run": (made.xls(of_shared(0), shared(made.text("12001", [(4, made.RAISED)]))), "1200"),
    "a raised run before others": (made.xls(of_shared(0), shared(made.text("12001件", [(4, 2), (5, 0)]))), "1200件"),
    "a lowered run": (made.xls(of_shared(0), shared(made.text("12002", [(4, made.LOWERED)]))), "1200"),
    "a struck-out run": (made.xls(of_shared(0), shared(made.text("121300", [(0, made.STRUCK), (2, 0)]))), SET_ASIDE),
    "a cell that is struck out": (made.xls(of_shared(0, made.STRUCK), shared(made.text("1200"))), SET_ASIDE),
    "a number that is struck out": (made.xls(made.number(0, 0, 1200, made.STRUCK)), SET_ASIDE),
    "a number that is raised": (made.xls(made.number(0, 0, 1200, made.RAISED)), SET_ASIDE),
    "runs in the cell": (
        made.xls(made.record(0xD6, made.cell(0, 0) + made.text("12001") + struct.pack("<HHH", 1, 4, made.RAISED))),
        "1200",
    ),
    "a formula of Excel 3": (made.xls(made.formula(0, 0, 5981, 0x206)), "5981"),
    "a formula of Excel 4": (made.xls(made.formula(0, 0, 5981, 0x406)), "5981"),
    "a text over two records": (
        made.xls(
            of_shared(0),
            [struct.pack("<IIHB", 1, 1, len(LONG), 1) + WIDE[:8000], b"\1" + WIDE[8000:]],
        ),
        LONG,
    ),
    "a text that grows wide": (
        made.xls(of_shared(0), [struct.pack("<IIHB", 1, 1, 8, 0) + b"5981", b"\1" + "件收案数".encode("utf-16-le")]),
        "5981件收案数",
    ),
    "the text of a formula over two records": (
        made.xls(
            made.formula_of_text(0, 0)
            + made.record(0x207, struct.pack("<HB", len(NARROW), 0) + NARROW[:8000])
            + made.record(0x3C, b"\0" + NARROW[8000:])
        ),
        NARROW.decode(),
    ),
    "the text of a cell over two records": (
        made.xls(
            made.record(0x204, made.cell(0, 0) + struct.pack("<HB", len(NARROW), 0) + NARROW[:8000])
            + made.record(0x3C, b"\0" + NARROW[8000:])
        ),
        NARROW.decode(),
    ),
    "brackets of a format": (made.xls(made.number(0, 0, -0.053, 4), formats=["0.0%_);(0.0%)"]), "-5.3%"),
    "a text in a format": (made.xls(made.label(0, 0, "7.64", 4), formats=['@"万件"']), "7.64万件"),
}


@pytest.mark.parametrize("name", XLS)
def test_an_xls_cell_is_read_whole_and_without_marks(name: str) -> None:
    content, expected = XLS[name]
    assert first(content, ".xls")[0] == expected


def test_a_cell_of_excel_2_refuses_the_workbook() -> None:
    for kind in (0x02, 0x03, 0x04, 0x05, 0x07):
        found = read({"form": ".xls", "sheets": []}, made.xls(made.number(0, 0, 1) + made.record(kind, bytes(20))))
        assert "older than Excel 97" in found["refused"][0]


# ODS


def style(name: str, properties: str, family: str = "text", more: str = "") -> str:
    return f'<style:style style:name="{name}" style:family="{family}"{more}><style:text-properties {properties}/></style:style>'


UP, DOWN, STRUCK = 'style:text-position="super 58%"', 'style:text-position="-25% 58%"', 'style:text-line-through-style="solid"'
STYLES = (
    style("up", UP) + style("higher", 'style:text-position="33% 58%"') + style("down", DOWN) + style("struck", STRUCK)
    + style("flat", 'style:text-position="0% 100%"') + style("child", 'style:font-name="x"', more=' style:parent-style-name="up"')
    + style("none", 'text:display="none"') + style("ce", STRUCK, "table-cell") + style("para", UP, "paragraph")
    + style("not", 'style:text-line-through-style="none"', more=' style:parent-style-name="struck"')
)  # fmt: skip


def span(text: str, name: str) -> str:
    return f'<text:span text:style-name="{name}">{text}</text:span>'


NUMBER = ods_cell("1200", "float", office__value="1200")
ODS: dict[str, tuple[str, str | None]] = {
    "a raised span": (ods_cell("1200" + span("1", "up")), "1200"),
    "a span raised by a third": (ods_cell("1200" + span("1", "higher") + "件"), "1200件"),
    "a span whose parent is raised": (ods_cell("1200" + span("1", "child")), "1200"),
    "a span within a raised one": (ods_cell("1200" + span(span("1", "flat"), "up")), "12001"),
    "a lowered span": (ods_cell("1200" + span("2", "down")), "1200"),
    "a struck-out span": (ods_cell("12" + span("13", "struck") + "00"), SET_ASIDE),
    "a span whose stroke is taken off": (ods_cell("12" + span("00", "not")), "1200"),
    "a hidden span": (ods_cell("12" + span("00", "none")), SET_ASIDE),
    "a raised paragraph": (ods_cell("1200").replace("<text:p>", '<text:p text:style-name="para">'), SET_ASIDE),
    "a struck-out cell": (ods_cell("1200", table__style_name="ce"), SET_ASIDE),
    "a struck-out number": (NUMBER.replace("office:value-type", 'table:style-name="ce" office:value-type'), SET_ASIDE),
    "a number with a raised mark": (ods_cell("1200" + span("1", "up"), "float", office__value="1200"), SET_ASIDE),
    "a text that stores another": (ods_cell("1200", office__string_value="1300"), SET_ASIDE),
    "an empty paragraph": (ods_cell("", "float", office__value="1200"), SET_ASIDE),
    "no paragraph": ('<table:table-cell office:value-type="percentage" office:value="0.46"/>', "46%"),
    "a day that is shown as another": (ods_cell("2023年3月1日", "date", office__date_value="2024-03-01"), SET_ASIDE),
    "a month of a day": (ods_cell("2024年3月", "date", office__date_value="2024-03-01"), "2024-03"),
    "a year of an emperor": (ods_cell("令和6年", "date", office__date_value="2024-03-01"), SET_ASIDE),
}


@pytest.mark.parametrize("name", ODS)
def test_an_ods_cell_is_read_as_it_is_shown_or_its_row_is_set_aside(name: str) -> None:
    cell, expected = ODS[name]
    assert first(ods([cell], STYLES), ".ods")[0] == expected


@pytest.mark.parametrize("where", ["table-row", "table-column"])
def test_an_ods_cell_has_the_style_of_its_row_or_column(where: str) -> None:
    content = ods([NUMBER], STYLES)
    with zipfile.ZipFile(io.BytesIO(content)) as given:
        parts = {name: given.read(name).decode() for name in given.namelist()}
    styled = f'<table:{where} table:default-cell-style-name="ce"'
    text = parts["content.xml"]
    parts["content.xml"] = (
        text.replace("<table:table-row", styled, 1)
        if where == "table-row"
        else text.replace("<table:table-row", f"{styled}/><table:table-row", 1)
    )
    assert first(archive(parts), ".ods")[0] is SET_ASIDE


def test_more_digits_than_shown_are_told_with_the_first_of_their_cells() -> None:
    def change(sheet: Worksheet) -> None:
        for name, value in (("A1", 0.05349), ("A2", 0.053), ("A3", 0.0511)):
            sheet[name], sheet[name].number_format = value, "0.0%"

    text, remarks = first(xlsx([], change))
    assert text == "5.349%"
    assert remarks == ["2 cells store more digits than shown, and all are read: A1 shows 5.3%, read as 5.349%"]


def test_rows_and_columns_without_height_or_width_are_hidden() -> None:
    rows = inline([("a", "b"), ("c", "d")]).replace("<row>", '<row ht="0" customHeight="1">', 1)
    assert first(bare_xlsx(rows))[1] == ["hidden rows are read like the others: 1"]


@pytest.mark.parametrize("changed", [{"numFmt": NumberFormat(170, ";;;")}, {"font": Font(strike=True)}])
def test_a_conditional_format_that_changes_what_is_seen_is_told(changed: dict[str, Any]) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["A1"] = 5
        rule = Rule("expression", dxf=DifferentialStyle(**changed), formula=["A1>1"])
        sheet.conditional_formatting.add("A1:A9", rule)

    assert first(xlsx([], change)) == ("5", ["a conditional format may show cells otherwise than they are read: A1:A9"])


def test_a_conditional_format_that_only_colours_is_not_told() -> None:
    def change(sheet: Worksheet) -> None:
        sheet["A1"] = 5
        rule = Rule("expression", dxf=DifferentialStyle(font=Font(color="FF0000")), formula=["A1>1"])
        sheet.conditional_formatting.add("A1:A9", rule)

    assert first(xlsx([], change)) == ("5", [])
