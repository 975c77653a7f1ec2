"""Scan an ODS file (ODF 1.3): each cell's shown text, error and formula flag."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any
from xml.etree.ElementTree import Element

from etl.raw_files.workbooks.archive import elements, local, open_archive
from etl.raw_files.workbooks.ods_text import CALCEXT, Paragraphs, Properties, Styles, attributes_of, look_of, number_of
from etl.raw_files.workbooks.sheet import (
    MOST_CELLS,
    RefusedWorkbookError,
    Sheet,
    SheetCell,
    SheetName,
    encrypted,
    too_large,
)

_CONDITIONAL = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}conditional-format"
_ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "Err:")


class Ods:
    """An ODS workbook, with its sheets in order.

    Raises:
        RefusedWorkbookError: it cannot be read.
    """

    def __init__(self, content: bytes) -> None:
        archive = open_archive(content)
        if "META-INF/manifest.xml" in archive.namelist() and b"encryption-data" in archive.read("META-INF/manifest.xml"):
            raise encrypted()
        self.sheets: list[SheetName] = []
        self._rows: list[_Rows] = []
        styles = Styles()
        if "styles.xml" in archive.namelist():
            for element in elements(archive, "styles.xml", "style"):
                styles.take(element)
        hides_noughts = "settings.xml" in archive.namelist() and any(
            attributes_of(item).get("name") == "ShowZeroValues" and item.text == "false"
            for item in elements(archive, "settings.xml", "config-item")
        )
        rows = _Rows(styles)
        parts = ("style", "table-row", "table-column", "table", _CONDITIONAL)
        for element in elements(archive, "content.xml", *parts):
            given = attributes_of(element)
            match element.tag.rpartition("}")[2]:
                case "style":
                    styles.take(element)
                case "table-row":
                    rows.take(element, given)
                case "table-column":
                    rows.take_columns(given)
                case "conditional-format":
                    rows.take_conditional(element)
                case "table":
                    rows.sheet.hides_noughts = hides_noughts
                    is_hidden = styles.is_hidden("table", given.get("style-name", ""))
                    self.sheets.append(SheetName(given.get("name", ""), is_hidden))
                    self._rows.append(rows)
                    rows = _Rows(styles)

    def sheet(self, number: int) -> Sheet:
        """Return the cells of a sheet."""
        return self._rows[number].sheet


class _Rows:
    """The rows of a table, one after another."""

    def __init__(self, styles: Styles) -> None:
        self.sheet, self.height = Sheet(), 0
        self._styles = styles
        self._ends, self._of_columns = list[int](), list[str]()

    def take_columns(self, given: dict[str, str]) -> None:
        """Take columns that are alike, with the style of the cells that have none."""
        times = number_of(given, "number-columns-repeated")
        if self._is_hidden("table-column", given):
            self.sheet.hidden_columns += times
        self._ends.append(times + (self._ends[-1] if self._ends else 0))
        self._of_columns.append(given.get("default-cell-style-name", ""))

    def _is_hidden(self, family: str, given: dict[str, str]) -> bool:
        return given.get("visibility", "visible") != "visible" or self._styles.is_hidden(family, given.get("style-name", ""))

    def take_conditional(self, element: Element) -> None:
        """Take a conditional format, if it may change what is seen."""
        given = ({name.rpartition("}")[2]: value for name, value in each.attrib.items()} for each in element)
        if any(look_of(self._styles.said("table-cell", each.get("apply-style-name", ""))) for each in given):
            ranges = next((value for name, value in element.attrib.items() if name.endswith("}target-range-address")), "")
            self.sheet.conditional.append(ranges)

    def _style_of(self, column: int) -> str:
        at = bisect_right(self._ends, column)
        return self._of_columns[at] if at < len(self._ends) else ""

    def take(self, row: Element, given: dict[str, str]) -> None:
        times, width = number_of(given, "number-rows-repeated"), 0
        if self._is_hidden("table-row", given) and times < MOST_CELLS:
            self.sheet.hidden_rows += times
        of_row = given.get("default-cell-style-name", "")
        cells: list[tuple[int, SheetCell]] = []
        for element in row:
            if local(element.tag) not in ("table-cell", "covered-table-cell"):
                continue
            given = attributes_of(element)
            columns = number_of(given, "number-columns-repeated")
            across, down = number_of(given, "number-columns-spanned"), number_of(given, "number-rows-spanned")
            if across * down > 1:
                self.sheet.merged.append(((self.height, width), (self.height + down - 1, width + across - 1)))
            style = given.get("style-name") or of_row or self._style_of(width)
            cell = self._cell(element, given, self._styles.said("table-cell", style))
            if cell is not None:
                if columns * times > MOST_CELLS:
                    raise too_large()
                cells += [(width + number, cell) for number in range(columns)]
            elif "formula" in given and "value-type" not in given:
                self.sheet.without_result.append((self.height, width))
            width += columns
        for number in range(times if cells else 0):
            for column, cell in cells:
                self.sheet.put((self.height + number, column), cell)
        self.height += times

    def _cell(self, element: Element, given: dict[str, str], said: Properties) -> SheetCell | None:
        paragraphs, look = Paragraphs(self._styles, said), look_of(said)
        paragraphs.read(element)
        shown, kind, is_formula = paragraphs.text, given.get("value-type", ""), "formula" in given
        # LibreOffice marks an error in a namespace of its own.
        is_error = any(name.endswith(CALCEXT + "value-type") and value == "error" for name, value in element.attrib.items())
        if is_error or (kind and is_formula and (shown or "").startswith(_ERRORS)):
            return SheetCell("error", shown or "", is_formula=True)
        of_cell: dict[str, Any] = {"is_formula": is_formula, "look": look}
        match kind:
            case "float" | "percentage" | "currency":
                try:
                    value = float(given["value"])
                except (KeyError, ValueError):
                    raise RefusedWorkbookError("a number of it is damaged", "其中有数值已损坏") from None
                number_format = "0.00%" if kind == "percentage" and shown is None else ""
                return SheetCell("number", value, number_format, shown, **of_cell | {"look": paragraphs.worst_look})
            case "boolean":
                return SheetCell("truth", given.get("boolean-value") == "true", is_formula=is_formula)
            case "date":
                date = given.get("date-value", "")
                return SheetCell("date", date, shown=shown, **of_cell | {"look": paragraphs.worst_look})
            case "time":
                return SheetCell("text", shown or "", runs=paragraphs.runs, **of_cell)
        text = given.get("string-value", shown or "")
        return SheetCell("text", text, shown=shown, runs=paragraphs.runs, **of_cell) if text or shown else None
