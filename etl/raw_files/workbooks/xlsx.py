"""Scan an XLSX file (ECMA-376): each cell's format, error and formula flag."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element

from etl.raw_files.workbooks.archive import attributes, elements, local, open_archive
from etl.raw_files.workbooks.sheet import RefusedWorkbookError, RowColumn, Sheet, SheetCell, SheetName
from etl.raw_files.workbooks.xlsx_text import CellStyle, RichText, cell_styles, formats_that_change, in_cell, rich_text, unescaped

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_TRUE = ("1", "true")


class Xlsx:
    """An XLSX workbook, with its sheets in order.

    Raises:
        RefusedWorkbookError: it cannot be read.
    """

    def __init__(self, content: bytes) -> None:
        self._archive = open_archive(content)
        self._book = self._related("", "officeDocument")
        self.sheets: list[SheetName] = []
        self._relations: list[str] = []
        self._epoch_1904 = False
        for element in elements(self._archive, self._book, "sheet", "workbookPr"):
            given = attributes(element)
            if local(element.tag) == "sheet":
                self.sheets.append(SheetName(given.get("name", ""), given.get("state", "visible") != "visible"))
                self._relations.append(given.get("id", ""))
            else:
                self._epoch_1904 = given.get("date1904", "0") in _TRUE

    def sheet(self, number: int) -> Sheet:
        """Read the cells of a sheet."""
        found = Sheet(epoch_1904=self._epoch_1904)
        name = self._related(self._book, self._relations[number], by_id=True)
        row, are_rows_hidden = -1, False
        for element in elements(self._archive, name, "row", "mergeCell", "col", "sheetFormatPr", "conditionalFormatting"):
            is_hidden = element.get("hidden") in _TRUE or _is_nought(element.get("ht") or element.get("width"))
            match local(element.tag):
                case "row":
                    row = int(element.get("r", "")) - 1 if element.get("r", "").isdecimal() else row + 1
                    column = -1
                    found.hidden_rows += is_hidden or (are_rows_hidden and element.keys().isdisjoint(("hidden", "ht")))
                    for cell in element:
                        if local(cell.tag) == "c":
                            row, column = _position(cell.get("r", "")) if cell.get("r") else (row, column + 1)
                            self._take(found, (row, column), cell)
                case "sheetFormatPr":
                    are_rows_hidden = element.get("zeroHeight") in _TRUE
                case "conditionalFormatting" if any(map(self._changes, element)):
                    found.conditional.append(element.get("sqref", ""))
                case "mergeCell":
                    first, _, last = element.get("ref", "").partition(":")
                    found.merged.append((_position(first), _position(last or first)))
                case "col" if is_hidden:
                    found.hidden_columns += int(element.get("max", "1")) - int(element.get("min", "1")) + 1
        return found

    def _take(self, sheet: Sheet, position: RowColumn, element: Element) -> None:
        children = {local(child.tag) for child in element}
        kind = element.get("t", "n")
        inline = next((rich_text(child) for child in element if local(child.tag) == "is"), ("", ()))
        content = "".join(child.text or "" for child in element if local(child.tag) == "v") + inline[0]
        has_value, is_formula = not children.isdisjoint(("v", "is")), "f" in children
        if is_formula and (not has_value or (content == "" and kind != "str")):
            sheet.without_result.append(position)
        elif has_value and (content or kind == "inlineStr"):
            try:
                cell = self._cell(kind, content, inline, element.get("s", "0"), is_formula=is_formula)
            except (ValueError, IndexError):
                at = element.get("r", "?")
                raise RefusedWorkbookError(f"the cell {at} cannot be read: it is damaged", f"单元格 {at} 已损坏") from None
            if cell.value != "":
                sheet.put(position, cell)

    def _cell(self, kind: str, content: str, inline: RichText, style: str, *, is_formula: bool) -> SheetCell:
        # A workbook without styles has no cell with one: else its styles were lost, and 0.46 may be 46%.
        styled = self._styles[int(style)] if self._styles or style != "0" else CellStyle()
        of_cell: dict[str, Any] = {"format": styled.format, "is_formula": is_formula, "look": styled.look}
        match kind:
            case "s":
                text, runs = self._shared_texts[int(content)]
                return SheetCell("text", text, runs=in_cell(runs, styled.look), **of_cell)
            case "inlineStr":
                text, runs = inline
                return SheetCell("text", text, runs=in_cell(runs, styled.look), **of_cell)
            case "str":
                return SheetCell("text", unescaped(content), **of_cell)
            case "b":
                return SheetCell("truth", bool(int(content)), is_formula=is_formula)
            case "e":
                return SheetCell("error", content, is_formula=is_formula)
            case "d":
                return SheetCell("date", content, is_formula=is_formula, look=styled.look)
            case "n":
                return SheetCell("number", float(content), **of_cell)
        raise ValueError(kind)

    @cached_property
    def _styles(self) -> list[CellStyle]:
        """The styles that cells name by number."""
        return cell_styles(self._beside_book("styles", "numFmts", "fonts", "cellXfs"))

    @cached_property
    def _changing_formats(self) -> set[str]:
        """The conditional formats that change what is seen, by number."""
        return formats_that_change(self._beside_book("styles", "dxfs"))

    def _changes(self, rule: Element) -> bool:
        """Whether a rule of a conditional format may change or hide what is seen of a cell."""
        return rule.get("dxfId") in self._changing_formats or any(each.get("showValue") == "0" for each in rule)

    @cached_property
    def _shared_texts(self) -> list[RichText]:
        """The texts that cells name by number."""
        return [rich_text(element) for element in self._beside_book("sharedStrings", "si")]

    def _beside_book(self, kind: str, *tags: str) -> Iterator[Element]:
        """Yield the elements of a part of the workbook; none if it is missing."""
        name = self._related(self._book, kind)
        return elements(self._archive, name, *tags) if name else iter(())

    def _related(self, part: str, wanted: str, *, by_id: bool = False) -> str:
        """Find the part that a relationship leads to; the archive's root is ""."""
        folder, name = posixpath.split(part)
        targets = [
            each.get("Target", "")
            for each in elements(self._archive, f"{folder}/_rels/{name}.rels".lstrip("/"), "Relationship")
            if (each.get("Id") == wanted if by_id else each.get("Type", "").endswith(f"/{wanted}"))
        ]
        if not targets and (by_id or not part):
            raise RefusedWorkbookError(f"it does not say where its {wanted} is", f"未说明 {wanted} 的位置")
        return posixpath.normpath(posixpath.join("/", folder, targets[0]))[1:] if targets else ""


def _is_nought(size: str | None) -> bool:
    """Whether the size of a row or column is given, and none."""
    return bool(size) and not str(size).strip("0.")


def _position(reference: str) -> RowColumn:
    match = _REFERENCE.fullmatch(reference)
    if not match:
        raise RefusedWorkbookError(f"{reference!r} is the address of no cell", f"{reference!r} 不是单元格地址")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1
