"""A scan of an ODS file: every cell with what is shown of it, its error, and whether it is a formula's result (ODF 1.3)."""

from __future__ import annotations

import zipfile

from etl.raw_files.workbooks.archive import attributes, encrypted, local, parsed, parts
from etl.raw_files.workbooks.sheet import MOST_CELLS, Cell, RefusedWorkbookError, Sheet, SheetName, too_large

_IS_ERROR = "is an error"
_ERRORS = ("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "Err:")


class Ods:
    """An ODS workbook.

    Attributes:
        sheets: its sheets in order.

    Raises:
        RefusedWorkbookError: it cannot be read.
    """

    def __init__(self, content: bytes) -> None:
        self._archive: zipfile.ZipFile = parts(content)
        names = set(self._archive.namelist())
        if "META-INF/manifest.xml" in names and b"encryption-data" in self._archive.read("META-INF/manifest.xml"):
            raise encrypted()
        self._reader = _Reader()
        parsed(self._archive, "content.xml", self._reader.start, self._reader.end, self._reader.text)
        self.sheets = [SheetName(name, style in self._reader.hidden_styles) for name, style, _ in self._reader.tables]

    def sheet(self, number: int) -> Sheet:
        """Give the cells of a sheet."""
        return self._reader.tables[number][2]


class _Reader:
    """Handlers for the XML of the contents."""

    def __init__(self) -> None:
        self.tables: list[tuple[str, str, Sheet]] = []
        self.hidden_styles: set[str] = set()
        self.style = ""
        self.stack: list[str] = []
        self.row = self.column = 0
        self.rows = self.columns = 1
        self.given: dict[str, str] = {}
        self.lines: list[str] = []
        self.in_row: list[tuple[int, Cell]] = []

    def start(self, tag: str, given: dict[str, str]) -> None:
        tag, given = local(tag), _attributes(given)
        self.stack.append(tag)
        if tag == "style":
            self.style = given.get("name", "")
        elif tag == "table-properties" and given.get("display") == "false":
            self.hidden_styles.add(self.style)
        elif tag == "table":
            if "table" in self.stack[:-1]:
                raise RefusedWorkbookError("it has a table in a cell of another", "单元格内嵌套了另一张表")
            self.tables.append((given.get("name", ""), given.get("style-name", ""), Sheet()))
            self.row = 0
        elif tag == "table-row":
            self.rows, self.column, self.in_row = _repeated(given, "number-rows-repeated"), 0, []
            if given.get("visibility", "visible") != "visible" and self.rows < MOST_CELLS:
                self.sheet.hidden_rows += self.rows
        elif tag == "table-column" and given.get("visibility", "visible") != "visible":
            self.sheet.hidden_columns += _repeated(given, "number-columns-repeated")
        elif tag in ("table-cell", "covered-table-cell"):
            self.given, self.lines, self.columns = given, [], _repeated(given, "number-columns-repeated")
        elif tag == "p" and "annotation" not in self.stack:
            self.lines.append("")
        elif tag == "s" and self.lines:
            self.lines[-1] += " " * min(_repeated(given, "c"), 1000)
        elif tag == "tab" and self.lines:
            self.lines[-1] += "\t"
        elif tag == "line-break" and self.lines:
            self.lines[-1] += "\n"

    def text(self, data: str) -> None:
        if self.lines and "p" in self.stack and "annotation" not in self.stack and "ruby-text" not in self.stack:
            self.lines[-1] += data

    def end(self, tag: str) -> None:
        tag = local(tag)
        self.stack.pop()
        if tag in ("table-cell", "covered-table-cell"):
            self._take_cell()
        elif tag == "table-row":
            self._take_row()

    @property
    def sheet(self) -> Sheet:
        if not self.tables:
            raise RefusedWorkbookError("it has cells outside of a table", "有不属于任何表的单元格")
        return self.tables[-1][2]

    def _take_cell(self) -> None:
        given, start = self.given, self.column
        self.column += self.columns
        across, down = _repeated(given, "number-columns-spanned"), _repeated(given, "number-rows-spanned")
        if across * down > 1:
            self.sheet.merged.append(((self.row, start), (self.row + down - 1, start + across - 1)))
        cell = self._cell()
        if cell is None:
            if "formula" in given and "value-type" not in given:
                self.sheet.without_result.append((self.row, start))
            return
        if self.columns * self.rows > MOST_CELLS:
            raise too_large()
        self.in_row += [(start + number, cell) for number in range(self.columns)]

    def _take_row(self) -> None:
        if self.in_row:
            for number in range(self.rows):
                for column, cell in self.in_row:
                    self.sheet.put((self.row + number, column), cell)
        self.row += self.rows

    def _cell(self) -> Cell | None:
        given, shown = self.given, "\n".join(self.lines)
        kind, is_formula = given.get("value-type", ""), "formula" in given
        if _IS_ERROR in given or (kind and is_formula and shown.startswith(_ERRORS)):
            return Cell("error", shown, is_formula=True)
        if kind in ("float", "percentage", "currency"):
            try:
                value = float(given["value"])
            except (KeyError, ValueError):
                raise RefusedWorkbookError("a number of it is damaged", "其中有数值已损坏") from None
            return Cell("number", value, "%" if kind == "percentage" else "", shown, is_formula)
        if kind == "boolean":
            return Cell("truth", given.get("boolean-value") == "true", is_formula=is_formula)
        if kind == "date":
            return Cell("date", given.get("date-value", ""), shown=shown, is_formula=is_formula)
        if kind == "time":
            return Cell("text", shown, is_formula=is_formula)
        text = given.get("string-value", shown)
        return Cell("text", text, is_formula=is_formula) if text else None


def _attributes(given: dict[str, str]) -> dict[str, str]:
    """Give attributes by their names without namespaces; LibreOffice says of an error by a name that ODF has too."""
    is_error = any(name.endswith(":calcext:1.0 value-type") and value == "error" for name, value in given.items())
    own = attributes({name: value for name, value in given.items() if ":calcext:" not in name})
    return own | {_IS_ERROR: "1"} if is_error else own


def _repeated(given: dict[str, str], name: str) -> int:
    text = given.get(name, "1")
    if not (text.isascii() and text.isdecimal()) or len(text) > 8:
        raise RefusedWorkbookError(f"{name} says {text[:20]!r}, which is no number", f"{name} 的值 {text[:20]!r} 不是数")
    return int(text)
