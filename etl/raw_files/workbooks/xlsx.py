"""A scan of an XLSX file: every cell with its number format, its error, and whether it is a formula's result (ECMA-376)."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Callable
from typing import Any

from etl.raw_files.workbooks.archive import attributes, local, parsed, parts
from etl.raw_files.workbooks.built_in_formats import built_in
from etl.raw_files.workbooks.sheet import Cell, Position, RefusedWorkbookError, Sheet, SheetName

_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_ROOT_RELATIONS = "_rels/.rels"


class Xlsx:
    """An XLSX workbook.

    Attributes:
        sheets: its sheets in order.

    Raises:
        RefusedWorkbookError: it cannot be read.
    """

    def __init__(self, content: bytes) -> None:
        self._archive: zipfile.ZipFile = parts(content)
        self._book = self._target(_ROOT_RELATIONS, "", "officeDocument")
        self.sheets: list[SheetName] = []
        self._relations: list[str] = []
        self._epoch_1904 = False
        self._each(self._book, self._in_book)
        self._texts: list[str] | None = None

    def _each(self, name: str, start: Callable[[str, dict[str, str]], None]) -> None:
        parsed(self._archive, name, lambda tag, given: start(local(tag), attributes(given)), _nothing, _nothing)

    def _in_book(self, tag: str, given: dict[str, str]) -> None:
        if tag == "sheet":
            self.sheets.append(SheetName(given.get("name", ""), given.get("state", "visible") != "visible"))
            self._relations.append(given.get("id", ""))
        elif tag == "workbookPr":
            self._epoch_1904 = given.get("date1904", "0") in ("1", "true")

    def _target(self, relations: str, folder: str, wanted: str, *, by_id: bool = False) -> str:
        """Give the name of the part that a relation of a type, or with an id, leads to; empty where there is none."""
        found: list[str] = []

        def start(tag: str, given: dict[str, str]) -> None:
            is_it = given.get("Id") == wanted if by_id else given.get("Type", "").endswith("/" + wanted)
            if tag == "Relationship" and is_it:
                target = given.get("Target", "")
                found.append(target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target)))

        self._each(relations, start)
        if not found and (by_id or relations == _ROOT_RELATIONS):
            raise RefusedWorkbookError(f"it does not say where its {wanted} is", f"未说明 {wanted} 的位置")
        return found[0] if found else ""

    def _beside_book(self, wanted: str, *, by_id: bool = False) -> str:
        folder, name = posixpath.split(self._book)
        return self._target(f"{folder}/_rels/{name}.rels".lstrip("/"), folder, wanted, by_id=by_id)

    def sheet(self, number: int) -> Sheet:
        """Give the cells of a sheet."""
        found = Sheet(epoch_1904=self._epoch_1904)
        reader = _SheetReader(found, self._formats(), self._shared_texts())
        parsed(self._archive, self._beside_book(self._relations[number], by_id=True), reader.start, reader.end, reader.text)
        return found

    def _formats(self) -> list[str]:
        """Give the number format of each style of a cell."""
        written: dict[str, str] = {}
        found: list[str] = []
        stack: list[str] = []

        def start(tag: str, given: dict[str, str]) -> None:
            stack.append(local(tag))
            given = attributes(given)
            if stack[-1] == "numFmt" and "numFmts" in stack:
                written[given.get("numFmtId", "")] = given.get("formatCode", "")
            elif stack[-1] == "xf" and "cellXfs" in stack:
                found.append(given.get("numFmtId", "0"))

        name = self._beside_book("styles")
        if name:
            parsed(self._archive, name, start, lambda tag: stack.pop(), _nothing)
        return [written.get(number) or built_in(number) for number in found]

    def _shared_texts(self) -> list[str]:
        """Give the texts that cells name by number, without the reading aids of East Asian names."""
        texts: list[str] = []
        stack: list[str] = []

        def start(tag: str, given: dict[str, str]) -> None:
            stack.append(local(tag))
            if stack[-1] == "si":
                texts.append("")

        def text(data: str) -> None:
            if stack and stack[-1] == "t" and "rPh" not in stack:
                texts[-1] += data

        name = self._beside_book("sharedStrings")
        if name:
            parsed(self._archive, name, start, lambda tag: stack.pop(), text)
        return [_unescaped(each) for each in texts]


class _SheetReader:
    """Handlers for the XML of a sheet."""

    def __init__(self, sheet: Sheet, formats: list[str], texts: list[str]) -> None:
        self.sheet, self.formats, self.texts = sheet, formats, texts
        self.row, self.column = -1, -1
        self.stack: list[str] = []
        self.given: dict[str, str] = {}
        self.content = ""
        self.has_value = self.is_formula = False

    def start(self, tag: str, given: dict[str, str]) -> None:
        tag, given = local(tag), attributes(given)
        self.stack.append(tag)
        if tag == "row":
            self.row = int(given["r"]) - 1 if given.get("r", "").isdecimal() else self.row + 1
            self.column = -1
            self.sheet.hidden_rows += given.get("hidden", "0") in ("1", "true")
        elif tag == "c":
            self.given, self.content, self.has_value, self.is_formula = given, "", False, False
            reference = given.get("r", "")
            self.row, self.column = _position(reference) if reference else (self.row, self.column + 1)
        elif tag == "f":
            self.is_formula = True
        elif tag in ("v", "is"):
            self.has_value = True
        elif tag == "mergeCell":
            first, _, last = given.get("ref", "").partition(":")
            self.sheet.merged.append((_position(first), _position(last or first)))
        elif tag == "col" and given.get("hidden", "0") in ("1", "true"):
            self.sheet.hidden_columns += int(given.get("max", "1")) - int(given.get("min", "1")) + 1

    def end(self, tag: str) -> None:
        self.stack.pop()
        if local(tag) == "c":
            self._take()

    def text(self, data: str) -> None:
        if "c" in self.stack and "rPh" not in self.stack and self.stack[-1] in ("v", "t"):
            self.content += data

    def _take(self) -> None:
        position, kind = (self.row, self.column), self.given.get("t", "n")
        if self.is_formula and (not self.has_value or (self.content == "" and kind != "str")):
            self.sheet.without_result.append(position)
            return
        if not self.has_value or (self.content == "" and kind != "inlineStr"):
            return
        style = self.given.get("s", "0")
        try:
            # A workbook without styles has no cell with one: else its styles were lost, and 0.46 may be 46%.
            number_format = self.formats[int(style)] if self.formats or style != "0" else ""
            cell = self._cell(kind, number_format)
        except (ValueError, IndexError):
            where = self.given.get("r", "?")
            raise RefusedWorkbookError(f"the cell {where} cannot be read: it is damaged", f"单元格 {where} 已损坏") from None
        if cell.value != "":
            self.sheet.put(position, cell)

    def _cell(self, kind: str, number_format: str) -> Cell:
        content = self.content
        if kind == "s":
            return Cell("text", self.texts[int(content)], is_formula=self.is_formula)
        if kind in ("str", "inlineStr"):
            return Cell("text", _unescaped(content), is_formula=self.is_formula)
        if kind == "b":
            return Cell("truth", bool(int(content)), is_formula=self.is_formula)
        if kind == "e":
            return Cell("error", content, is_formula=self.is_formula)
        if kind == "d":
            return Cell("date", content, is_formula=self.is_formula)
        if kind != "n":
            raise ValueError(kind)
        return Cell("number", float(content), number_format, is_formula=self.is_formula)


def _position(reference: str) -> Position:
    match = _REFERENCE.fullmatch(reference)
    if not match:
        raise RefusedWorkbookError(f"{reference!r} is the address of no cell", f"{reference!r} 不是单元格地址")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1


def _unescaped(text: str) -> str:
    """Give a text whose control characters the file writes as _x000D_."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _nothing(*_: Any) -> None:
    return None
