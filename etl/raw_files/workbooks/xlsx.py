"""Scan an XLSX file (ECMA-376): each cell's format, error and formula flag."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cached_property
from typing import Any
from xml.etree.ElementTree import Element

from etl.raw_files.workbooks.archive import attributes, elements, local, open_archive
from etl.raw_files.workbooks.fonts import INDEXED, Colours, rgb
from etl.raw_files.workbooks.sheet import RefusedWorkbookError, RowColumn, Sheet, SheetCell, SheetName
from etl.raw_files.workbooks.xlsx_text import (
    NO_STYLE,
    CellStyle,
    ConditionalStyle,
    RichText,
    cell_styles,
    conditional_style,
    in_cell,
    rich_text,
    unescaped,
)

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_TRUE, _FALSE = ("1", "true"), ("0", "false")
_OF_SHEET = ("row", "mergeCell", "col", "sheetFormatPr", "sheetView", "tablePart", "conditionalFormatting")
_OF_EXCEL_2010 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
_LIGHT_AND_DARK = (1, 0, 3, 2)
"""Cells name the first four colours of a theme in this order."""


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
        coloured: list[str] = []
        for element in elements(self._archive, name, *_OF_SHEET, f"{_OF_EXCEL_2010}conditionalFormatting"):
            is_hidden = element.get("hidden") in _TRUE or _is_nought(element.get("ht") or element.get("width"))
            match element.tag.rpartition("}")[2]:
                case "row":
                    row = int(element.get("r", "")) - 1 if element.get("r", "").isdecimal() else row + 1
                    column = -1
                    found.hidden_rows += is_hidden or (are_rows_hidden and not {"hidden", "ht"} & {*element.keys()})
                    for cell in element:
                        if local(cell.tag) == "c":
                            row, column = _position(cell.get("r", "")) if cell.get("r") else (row, column + 1)
                            self._take(found, (row, column), cell)
                case "sheetFormatPr":
                    are_rows_hidden = element.get("zeroHeight") in _TRUE or _is_nought(element.get("defaultRowHeight"))
                case "sheetView":
                    found.hides_noughts |= element.get("showZeros") in _FALSE
                case "tablePart":
                    table = self._related(name, attributes(element).get("id", ""), by_id=True)
                    coloured += [each.get("ref", "") for each in elements(self._archive, table, "table")]
                case "conditionalFormatting":
                    ranges = element.get("sqref") or next((e.text or "" for e in element if e.tag.endswith("}sqref")), "")
                    styles = [*filter(None, map(self._style_of_rule, element))]
                    if any(style.changes for style in styles):
                        found.conditional.append(ranges)
                    coloured += ranges.split() if any(style.colours for style in styles) else []
                case "mergeCell":
                    first, _, last = element.get("ref", "").partition(":")
                    found.merged.append((_position(first), _position(last or first)))
                case "col" if is_hidden:
                    found.hidden_columns += int(element.get("max", "1")) - int(element.get("min", "1")) + 1
        for each in coloured if found.on_paper else ():
            first, _, last = each.partition(":")
            found.take_as_seen(_position(first), _position(last or first))
        return found

    def _take(self, sheet: Sheet, position: RowColumn, element: Element) -> None:
        children = {local(child.tag) for child in element}
        kind = element.get("t", "n")
        inline = next((rich_text(child, self._colours) for child in element if local(child.tag) == "is"), ("", ()))
        content = "".join(child.text or "" for child in element if local(child.tag) == "v") + inline[0]
        has_value, is_formula = not children.isdisjoint(("v", "is")), "f" in children
        if is_formula and (not has_value or (content == "" and kind != "str")):
            sheet.without_result.append(position)
        elif has_value and (content or kind == "inlineStr"):
            try:
                styled = self._style(element.get("s", "0"))
                cell = self._cell(kind, content, inline, styled, is_formula=is_formula)
            except (ValueError, IndexError):
                at = element.get("r", "?")
                raise RefusedWorkbookError(f"the cell {at} cannot be read: it is damaged", f"单元格 {at} 已损坏") from None
            if cell.value != "":
                sheet.put(position, cell)
                if styled.is_on_paper and (cell.look == "pale" or any(look == "pale" for _, look in cell.runs)):
                    sheet.on_paper.add(position)

    def _style(self, style: str) -> CellStyle:
        # A workbook without styles has no cell with one: else its styles were lost, and 0.46 may be 46%.
        return self._styles[int(style)] if self._styles or style != "0" else NO_STYLE

    def _cell(self, kind: str, content: str, inline: RichText, styled: CellStyle, *, is_formula: bool) -> SheetCell:
        of_cell: dict[str, Any] = {"format": styled.format, "is_formula": is_formula, "look": styled.look}
        match kind:
            case "s":
                text, runs = self._shared_texts[int(content)]
                return SheetCell("text", text, runs=in_cell(runs, styled), **of_cell)
            case "inlineStr":
                text, runs = inline
                return SheetCell("text", text, runs=in_cell(runs, styled), **of_cell)
            case "str":
                return SheetCell("text", unescaped(content), **of_cell)
            case "b":
                return SheetCell("truth", bool(int(content)), is_formula=is_formula, look=styled.look)
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
        return cell_styles(self._beside_book("styles", "numFmts", "fonts", "fills", "cellXfs"), self._colours)

    @cached_property
    def _colours(self) -> Colours:
        """The colours that fonts and fills name by number."""
        indexed = [rgb(each.get("rgb", "")) for part in self._beside_book("styles", "indexedColors") for each in part]
        indexed += INDEXED[len(indexed) :]
        for scheme in self._beside_book("theme", "clrScheme"):
            theme = [rgb(each.get("lastClr") or each.get("val") or "") for named in scheme for each in named]
            first = [theme[number] for number in _LIGHT_AND_DARK if number < len(theme)]
            return Colours([*first, *theme[len(first) :]], indexed)
        return Colours(indexed=indexed)

    @cached_property
    def _conditional_styles(self) -> dict[str, ConditionalStyle]:
        """What conditional formats do to a cell, by number."""
        styles = (each for part in self._beside_book("styles", "dxfs") for each in part)
        return {str(number): conditional_style(each, self._colours) for number, each in enumerate(styles)}

    def _style_of_rule(self, rule: Element) -> ConditionalStyle | None:
        """Return what a rule of a conditional format may do to a cell."""
        if any(each.get("showValue") in _FALSE for each in rule):
            return ConditionalStyle(changes=True, colours=False)
        own = next((each for each in rule if each.tag == f"{_OF_EXCEL_2010}dxf"), None)
        return self._conditional_styles.get(rule.get("dxfId", "")) if own is None else conditional_style(own, self._colours)

    @cached_property
    def _shared_texts(self) -> list[RichText]:
        """The texts that cells name by number."""
        return [rich_text(element, self._colours) for element in self._beside_book("sharedStrings", "si")]

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
    """Whether the size of a row or column is given, and too small to show anything."""
    return bool(size) and re.fullmatch(r"0*(?:\.(?:[0-2][0-9]*)?)?", str(size)) is not None


def _position(reference: str) -> RowColumn:
    match = _REFERENCE.fullmatch(reference)
    if not match:
        raise RefusedWorkbookError(f"{reference!r} is the address of no cell", f"{reference!r} 不是单元格地址")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1
