"""Scan an ODS file (ODF 1.3): each cell's shown text, error and formula flag."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from etl.raw_files.workbooks.archive import elements, local, open_archive
from etl.raw_files.workbooks.sheet import MOST_CELLS, RefusedWorkbookError, Sheet, SheetCell, SheetName, encrypted, too_large

_CALCEXT = ":calcext:1.0}"
_ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "Err:")
_MOST_SPACES = 1000


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
        hidden_styles: set[str] = set()
        rows = _Rows()
        for element in elements(archive, "content.xml", "style", "table-row", "table-column", "table"):
            given = _attributes(element)
            match local(element.tag):
                case "style":
                    if any(_attributes(each).get("display") == "false" for each in element):
                        hidden_styles.add(given.get("name", ""))
                case "table-row":
                    rows.take(element, given)
                case "table-column":
                    if given.get("visibility", "visible") != "visible":
                        rows.sheet.hidden_columns += _number(given, "number-columns-repeated")
                case "table":
                    self.sheets.append(SheetName(given.get("name", ""), given.get("style-name", "") in hidden_styles))
                    self._rows.append(rows)
                    rows = _Rows()

    def sheet(self, number: int) -> Sheet:
        """Return the cells of a sheet."""
        return self._rows[number].sheet


class _Rows:
    """The rows of a table, one after another."""

    def __init__(self) -> None:
        self.sheet, self.height = Sheet(), 0

    def take(self, row: Element, given: dict[str, str]) -> None:
        times, width = _number(given, "number-rows-repeated"), 0
        if given.get("visibility", "visible") != "visible" and times < MOST_CELLS:
            self.sheet.hidden_rows += times
        cells: list[tuple[int, SheetCell]] = []
        for element in row:
            if local(element.tag) not in ("table-cell", "covered-table-cell"):
                continue
            given = _attributes(element)
            columns = _number(given, "number-columns-repeated")
            across, down = _number(given, "number-columns-spanned"), _number(given, "number-rows-spanned")
            if across * down > 1:
                self.sheet.merged.append(((self.height, width), (self.height + down - 1, width + across - 1)))
            cell = _cell(element, given)
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


def _cell(element: Element, given: dict[str, str]) -> SheetCell | None:
    lines: list[str] = []
    _add_lines(element, lines)
    shown, kind, is_formula = "\n".join(lines), given.get("value-type", ""), "formula" in given
    # LibreOffice marks an error in a namespace of its own.
    is_error = any(name.endswith(_CALCEXT + "value-type") and value == "error" for name, value in element.attrib.items())
    if is_error or (kind and is_formula and shown.startswith(_ERRORS)):
        return SheetCell("error", shown, is_formula=True)
    match kind:
        case "float" | "percentage" | "currency":
            try:
                value = float(given["value"])
            except (KeyError, ValueError):
                raise RefusedWorkbookError("a number of it is damaged", "其中有数值已损坏") from None
            return SheetCell("number", value, "%" if kind == "percentage" else "", shown, is_formula)
        case "boolean":
            return SheetCell("truth", given.get("boolean-value") == "true", is_formula=is_formula)
        case "date":
            return SheetCell("date", given.get("date-value", ""), shown=shown, is_formula=is_formula)
        case "time":
            return SheetCell("text", shown, is_formula=is_formula)
    text = given.get("string-value", shown)
    return SheetCell("text", text, is_formula=is_formula) if text else None


def _add_lines(element: Element, lines: list[str], *, is_text: bool = False) -> None:
    """Append an element's paragraphs as lines, without annotations and ruby."""
    for child in element:
        match local(child.tag):
            case "table":
                raise RefusedWorkbookError("it has a table in a cell of another", "单元格内嵌套了另一张表")
            case "p":
                lines.append(child.text or "")
                _add_lines(child, lines, is_text=True)
            case "s" if is_text:
                lines[-1] += " " * min(_number(_attributes(child), "c"), _MOST_SPACES)
            case "tab" | "line-break" as tag if is_text:
                lines[-1] += "\t" if tag == "tab" else "\n"
            case tag if tag not in ("annotation", "ruby-text"):
                if is_text:
                    lines[-1] += child.text or ""
                _add_lines(child, lines, is_text=is_text)
        if is_text:
            lines[-1] += child.tail or ""


def _attributes(element: Element) -> dict[str, str]:
    """Return attributes by local name; LibreOffice repeats some in its namespace."""
    return {name.rpartition("}")[2]: value for name, value in element.attrib.items() if _CALCEXT not in name}


def _number(given: dict[str, str], name: str) -> int:
    text = given.get(name, "1")
    if not (text.isascii() and text.isdecimal()) or len(text) > 8:
        raise RefusedWorkbookError(f"{name} says {text[:20]!r}, which is no number", f"{name} 的值 {text[:20]!r} 不是数")
    return int(text)
