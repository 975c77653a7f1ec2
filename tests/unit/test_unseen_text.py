"""Text of workbooks that a person does not see: its row is set aside, or it is told; what is seen stays as it is."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import xls_workbooks as made
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.formatting.rule import CellIsRule
from openpyxl.styles import Alignment, Color, Font, GradientFill, PatternFill
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet
from workbooks import archive, bare_xlsx, first_cell, inline, xlsx

Change = Callable[[Worksheet], Any]


def solid(colour: Color | str) -> PatternFill:
    return PatternFill("solid", fgColor=colour)


WHITE, BLACK, NAVY = "FFFFFFFF", "FF000000", "FF1F3864"
UNSEEN: dict[str, tuple[Font, Any]] = {
    "white on paper": (Font(color=WHITE), None),
    "the theme's paper on paper": (Font(color=Color(theme=0)), None),
    "the palette's white on paper": (Font(color=Color(indexed=9)), None),
    "the window's colour on paper": (Font(color=Color(indexed=65)), None),
    "nearly white on paper": (Font(color="FFF8F8F8"), None),
    "the theme's text, lightened to white": (Font(color=Color(theme=1, tint=0.99)), None),
    "white on the theme's paper": (Font(color=WHITE), solid(Color(theme=0))),
    "white on the theme's paper, slightly darker": (Font(color=WHITE), solid(Color(theme=0, tint=-0.05))),
    "of the colour of its fill": (Font(color=NAVY), solid(NAVY)),
    "of the theme's colour of its fill": (Font(color=Color(theme=4)), solid(Color(theme=4))),
    "the default font on black": (Font(), solid(BLACK)),
    "the theme's text on black": (Font(color=Color(theme=1)), solid(Color(indexed=8))),
    "of one point": (Font(size=1), None),
    "of two points on a fill": (Font(size=2, color=WHITE), solid(NAVY)),
}
SEEN: dict[str, tuple[Font, Any]] = {
    "white and bold on a dark fill": (Font(color=WHITE, bold=True), solid(NAVY)),
    "white on the theme's accent": (Font(color=Color(theme=0)), solid(Color(theme=4))),
    "white on black": (Font(color=WHITE), solid(BLACK)),
    "grey on paper": (Font(color="FFBFBFBF"), None),
    "the theme's text, lightened by half": (Font(color=Color(theme=1, tint=0.5)), None),
    "black on yellow": (Font(), solid("FFFFFF00")),
    "red on green as light": (Font(color="FFFF0000"), solid("FF00B050")),
    "white on a gradient": (Font(color=WHITE), GradientFill(stop=(NAVY, "FF4472C4"))),
    "white on a pattern": (Font(color=WHITE), PatternFill("darkGray", fgColor=NAVY)),
    "of eight points": (Font(size=8), None),
}


def in_font(value: Any, font: Font, fill: Any) -> Change:
    def change(sheet: Worksheet) -> None:
        sheet["A1"], sheet["A1"].font = value, font
        if fill:
            sheet["A1"].fill = fill

    return change


@pytest.mark.parametrize("value", [1200, "1200件", True])
@pytest.mark.parametrize("name", UNSEEN)
def test_a_cell_that_is_not_seen_sets_its_row_aside(name: str, value: Any) -> None:
    assert first_cell(xlsx([], in_font(value, *UNSEEN[name]))) == (None, [])


@pytest.mark.parametrize("name", SEEN)
def test_a_cell_that_is_seen_is_read_without_a_remark(name: str) -> None:
    assert first_cell(xlsx([], in_font(1200, *SEEN[name]))) == ("1200", [])


@pytest.mark.parametrize(("font", "text"), [({"color": WHITE}, None), ({"sz": 1}, None), ({"color": "FFC00000"}, "12001")])
def test_a_part_of_a_text_that_is_not_seen_sets_its_row_aside(font: dict[str, Any], text: str | None) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["A1"] = CellRichText("1200", TextBlock(InlineFont(**font), "1"))

    assert first_cell(xlsx([], change)) == (text, [])


@pytest.mark.parametrize(("aligned", "text"), [("fill", None), ("center", "5"), ("right", "5")])
@pytest.mark.parametrize("value", [5, "5"])
def test_a_cell_that_repeats_its_text_sets_its_row_aside(value: Any, aligned: str, text: str | None) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["A1"], sheet["A1"].alignment = value, Alignment(horizontal=aligned)

    assert first_cell(xlsx([], change)) == (text, [])


def test_a_palette_of_its_own_says_what_is_white() -> None:
    content = xlsx([], in_font(1200, Font(color=Color(indexed=12)), None))
    assert first_cell(content) == ("1200", [])
    with zipfile.ZipFile(io.BytesIO(content)) as given:
        parts = {name: given.read(name) for name in given.namelist()}
    palette = re.sub(b"<colors>.*</colors>", b"<colors><indexedColors>%b</indexedColors></colors>", parts["xl/styles.xml"])
    parts["xl/styles.xml"] = palette % (b'<rgbColor rgb="00FFFFFF"/>' * 56)
    assert first_cell(archive(parts)) == (None, [])


@pytest.mark.parametrize("cover", ["a table style", "a conditional format"])
def test_white_on_what_else_may_colour_it_is_read_and_told(cover: str) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["A1"], sheet["A2"], sheet["A1"].font = "收案", 5, Font(color=WHITE)
        if cover == "a table style":
            table = Table(displayName="t", ref="A1:A2")
            table.tableStyleInfo = TableStyleInfo(name="TableStyleMedium2")
            sheet.add_table(table)
        else:
            fill = PatternFill(bgColor=NAVY)
            sheet.conditional_formatting.add("A1:A9", CellIsRule("notEqual", ["0"], fill=fill, font=Font(color=WHITE)))

    text, remarks = first_cell(xlsx([], change))
    assert text == "收案"
    assert remarks == ["1 cell has the colour of paper, unless a table style or a conditional format colours the background: A1"]


@pytest.mark.parametrize(
    ("style", "is_told"),
    [
        ({"font": Font(color=WHITE)}, True),
        ({"font": Font(color=Color(theme=0))}, True),
        ({"font": Font(color=NAVY), "fill": PatternFill(bgColor=NAVY)}, True),
        ({"fill": PatternFill(bgColor=BLACK)}, True),
        ({"font": Font(color="FF9C0006"), "fill": PatternFill(bgColor="FFFFC7CE")}, False),
        ({"font": Font(color=WHITE), "fill": PatternFill(bgColor="FFC00000")}, False),
        ({"fill": PatternFill(bgColor="FFFFEB9C")}, False),
    ],
)
def test_a_conditional_format_that_hides_is_told(style: dict[str, Any], is_told: bool) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["A1"] = 5
        sheet.conditional_formatting.add("A1:A9", CellIsRule("equal", ["5"], **style))

    said = ["a conditional format may show cells otherwise than they are read: A1:A9"]
    assert first_cell(xlsx([], change)) == ("5", said if is_told else [])


@pytest.mark.parametrize(("value", "text"), [(0, None), (5, "5"), ("0", "0")])
def test_a_nought_that_the_sheet_does_not_show_sets_its_row_aside(value: Any, text: str | None) -> None:
    def change(sheet: Worksheet) -> None:
        sheet["A1"] = value
        sheet.sheet_view.showZeros = False

    assert first_cell(xlsx([], change)) == (text, [])


@pytest.mark.parametrize("given", ['ht="0"', 'ht="0.0" customHeight="1"', 'hidden="1"', 'hidden="true"', 'ht="0.1"'])
def test_a_row_without_height_is_told(given: str) -> None:
    rows = inline([("a", "b"), ("c", "d")]).replace("<row>", f"<row {given}>", 1)
    assert first_cell(bare_xlsx(rows))[1] == ["hidden rows are read like the others: 1"]


@pytest.mark.parametrize(
    ("before", "said"),
    [
        ('<sheetFormatPr zeroHeight="1"/>', "hidden rows are read like the others: 2"),
        ('<sheetFormatPr defaultRowHeight="0"/>', "hidden rows are read like the others: 2"),
        ('<cols><col min="1" max="2" width="0" customWidth="1"/></cols>', "hidden columns are read like the others: 2"),
    ],
)
def test_rows_and_columns_without_size_are_told(before: str, said: str) -> None:
    content = bare_xlsx(inline([("a", "b"), ("c", "d")]))
    with zipfile.ZipFile(io.BytesIO(content)) as given:
        parts = {name: given.read(name).decode() for name in given.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace("<sheetData>", f"{before}<sheetData>")
    assert first_cell(archive(parts)) == ("a", [said])


# XLS

OF_FONTS = {"white": (9, 200), "tiny": (0x7FFF, 20), "navy": (18, 200), "automatic": (0x7FFF, 200)}


def xls(font: str, fill: int | None = None, *, cells: bytes = b"", more: bytes = b"") -> bytes:
    """Give a workbook whose style 4 has a font, and a solid fill of the palette."""
    colour, twips = OF_FONTS[font]
    pattern = bytes(13) + (bytes([4, fill, 0]) if fill is not None else bytes(3))
    return made.xls(cells or made.number(0, 0, 1200, 4), more=more, fonts=[(twips, colour)], styles=[(4, pattern)])


@pytest.mark.parametrize(
    ("font", "fill", "text"),
    [
        ("white", None, None),
        ("white", 9, None),
        ("tiny", None, None),
        ("navy", 18, None),
        ("automatic", 8, None),
        ("white", 18, "1200"),
        ("automatic", None, "1200"),
        ("navy", None, "1200"),
    ],
)
def test_an_xls_cell_that_is_not_seen_sets_its_row_aside(font: str, fill: int | None, text: str | None) -> None:
    assert first_cell(xls(font, fill), ".xls") == (text, [])


def test_an_xls_run_that_is_not_seen_sets_its_row_aside() -> None:
    run = made.record(0xD6, made.cell(0, 0) + made.text("12001") + struct.pack("<HHH", 1, 4, 5))
    assert first_cell(xls("white", cells=run), ".xls") == (None, [])


def test_an_xls_palette_of_its_own_says_what_is_white() -> None:
    palette = made.record(0x92, struct.pack("<H", 56) + b"".join(bytes([255] * 3 + [0]) for _ in range(56)))
    assert first_cell(xls("navy", more=palette), ".xls") == (None, [])


@pytest.mark.parametrize(("flags", "text"), [(0x06B6, "0"), (0x06A6, None)])
def test_an_xls_nought_that_the_sheet_does_not_show_sets_its_row_aside(flags: int, text: str | None) -> None:
    window = made.record(0x23E, struct.pack("<H", flags) + bytes(16))
    assert first_cell(made.xls(made.number(0, 0, 0) + window), ".xls") == (text, [])


def test_xls_rows_and_columns_without_size_are_told() -> None:
    row = made.record(0x208, struct.pack("<HHHHIHH", 0, 0, 1, 0, 0, 0x140, 0))
    column = made.record(0x7D, struct.pack("<HHHHHH", 0, 1, 0, 0, 0, 0))
    said = ["hidden rows are read like the others: 1", "hidden columns are read like the others: 2"]
    assert first_cell(made.xls(column + row + made.number(0, 0, 5)), ".xls")[1] == said


@pytest.mark.parametrize(("colour", "is_told"), [(9, True), (10, False), (0xFFFFFFFF, False)])
def test_an_xls_conditional_format_in_white_is_told(colour: int, is_told: bool) -> None:
    conditions = made.record(0x1B0, struct.pack("<HHHHHH", 1, 0, 0, 8, 0, 0) + bytes(10))
    font = bytes(64) + struct.pack("<iIHHI", -1, 0, 0, 0, 0) + struct.pack("<III", colour, 0, 0xFFFFFFFF) + bytes(26)
    condition = made.record(0x1B1, struct.pack("<BBHHIH", 1, 3, 3, 0, 1 << 26, 0) + font + bytes(3))
    said = ["a conditional format may show cells otherwise than they are read: A1:A9"] if is_told else []
    assert first_cell(made.xls(made.number(0, 0, 5) + conditions + condition), ".xls") == ("5", said)
