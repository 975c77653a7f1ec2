"""Text of OpenDocument sheets that a person does not see: its row is set aside, or it is told; what is seen stays as it is."""

from __future__ import annotations

import pytest
from workbooks import first_cell, ods, ods_cell


def style(name: str, text: str = "", cell: str = "", family: str = "table-cell") -> str:
    return (
        f'<style:style style:name="{name}" style:family="{family}"><style:table-cell-properties {cell}/>'
        f"<style:text-properties {text}/></style:style>"
    )


FO = 'xmlns:fo="urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0"'
ODS_STYLES = (
    style("white", f'{FO} fo:color="#ffffff"')
    + style("tiny", f'{FO} fo:font-size="1pt"')
    + style("navy", f'{FO} fo:color="#000080"', f'{FO} fo:background-color="#000080"')
    + style("header", f'{FO} fo:color="#ffffff"', f'{FO} fo:background-color="#000080"')
    + style("window", 'style:use-window-font-color="true"', f'{FO} fo:background-color="#000000"')
    + style("span", f'{FO} fo:color="#ffffff" fo:background-color="transparent"', family="text")
    + style("clear", f'{FO} fo:background-color="transparent"', family="text")
)


@pytest.mark.parametrize(
    ("name", "text"), [("white", None), ("tiny", None), ("navy", None), ("header", "1200"), ("window", "1200")]
)
@pytest.mark.parametrize("kind", ["string", "float"])
def test_an_ods_cell_that_is_not_seen_sets_its_row_aside(name: str, text: str | None, kind: str) -> None:
    value = {"office__value": "1200"} if kind == "float" else {}
    assert first_cell(ods([ods_cell("1200", kind, table__style_name=name, **value)], ODS_STYLES), ".ods") == (text, [])


@pytest.mark.parametrize(
    ("of_cell", "of_span", "text"), [("", "span", None), ("header", "span", "12001"), ("header", "clear", "12001")]
)
def test_an_ods_span_is_seen_on_the_background_of_its_cell(of_cell: str, of_span: str, text: str | None) -> None:
    span = f'1200<text:span text:style-name="{of_span}">1</text:span>'
    assert first_cell(ods([ods_cell(span, table__style_name=of_cell)], ODS_STYLES), ".ods") == (text, [])


def test_an_ods_conditional_format_in_white_is_told() -> None:
    cell = ods_cell("5", "float", office__value="5")
    rule = (
        '<calcext:conditional-formats><calcext:conditional-format calcext:target-range-address="Sheet1.A1:Sheet1.A9">'
        '<calcext:condition calcext:apply-style-name="white" calcext:value="=5"/>'
        "</calcext:conditional-format></calcext:conditional-formats>"
    )
    content = ods([f"{cell}</table:table-row>{rule}<table:table-row>"], ODS_STYLES)
    said = ["a conditional format may show cells otherwise than they are read: Sheet1.A1:Sheet1.A9"]
    assert first_cell(content, ".ods") == ("5", said)


def test_an_ods_row_without_height_is_told() -> None:
    height = '<style:table-row-properties style:row-height="0cm"/>'
    low = f'<style:style style:name="low" style:family="table-row">{height}</style:style>'
    content = ods([ods_cell("a") + '</table:table-row><table:table-row table:style-name="low">' + ods_cell("b")], low)
    assert first_cell(content, ".ods") == ("a", ["hidden rows are read like the others: 1"])
