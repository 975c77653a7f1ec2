"""DOCX (ECMA-376), read in a child process: the text that is printed, without page headers, deleted and hidden text."""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, iterparse

from etl.documents.forms.blocks import Block, Line, as_json
from etl.documents.forms.docx_looks import Looks, child, is_on, local, value
from etl.documents.forms.docx_text import Fields, Paragraph
from etl.documents.forms.spans import SpannedCell, table_blocks
from etl.raw_files.workbooks.archive import elements, open_archive
from etl.raw_files.workbooks.sheet import RefusedWorkbookError

DEEPEST = 256
_HEADING_NAME = re.compile(r"(?:heading|标题) ?([1-9])", re.IGNORECASE)


def read(request: dict[str, Any], content: bytes) -> dict[str, Any]:
    """Read the blocks of a document, or the refusal."""
    try:
        return {"blocks": as_json(_Docx(content).blocks())}
    except RefusedWorkbookError as refused:
        return {"refused": [refused.en, refused.zh]}
    except (MemoryError, RecursionError):
        return {"refused": ["its parts are larger, or nested deeper, than those of any text", "部件过大或嵌套过深，异常"]}


def _tree(archive: zipfile.ZipFile, name: str) -> Element:
    """Parse a part, unless it is nested too deeply.

    Raises:
        RefusedWorkbookError: it is missing, no XML, or nested too deeply.
    """
    depth = 0
    root: Element | None = None
    try:
        with archive.open(name) as part:
            for event, element in iterparse(part, events=("start", "end")):
                root = element if root is None else root
                depth += 1 if event == "start" else -1
                if depth > DEEPEST:
                    raise RefusedWorkbookError(f"its elements are nested more than {DEEPEST} deep", f"元素嵌套超过 {DEEPEST} 层")
    except KeyError:
        raise RefusedWorkbookError(f"its part {name} is missing", f"缺少部件 {name}") from None
    except (ParseError, LookupError, ValueError) as error:
        raise RefusedWorkbookError(f"its part {name} is no XML: {error}", f"部件 {name} 不是合法的 XML：{error}") from None
    assert root is not None  # else it is no XML
    return root


class _Docx:
    """A document with its styles and notes."""

    def __init__(self, content: bytes) -> None:
        self._archive = open_archive(content)
        self._main = self._related("", "officeDocument")
        if not self._main:
            raise RefusedWorkbookError("it does not say where its text is", "未说明正文部件的位置")
        part = self._related(self._main, "styles")
        styles = _tree(self._archive, part) if part in self._archive.namelist() else None
        self._styles, self._looks = _headings(styles), Looks(styles)
        self._notes = {kind: self._read_notes(f"{kind}s", kind) for kind in ("footnote", "endnote")}
        self._fields = Fields()

    def blocks(self) -> list[Block]:
        """Return the blocks of the body."""
        body = child(_tree(self._archive, self._main), "body")
        return [] if body is None else list(self._in(body))

    def _related(self, part: str, kind: str) -> str:
        folder, name = posixpath.split(part)
        relations = f"{folder}/_rels/{name}.rels".lstrip("/")
        if relations not in self._archive.namelist():
            return ""
        for each in elements(self._archive, relations, "Relationship"):
            if each.get("Type", "").endswith(f"/{kind}") and each.get("TargetMode") != "External":
                return posixpath.normpath(posixpath.join("/", folder, each.get("Target", "")))[1:]
        return ""

    def _read_notes(self, kind: str, tag: str) -> dict[str, Element]:
        part = self._related(self._main, kind)
        if not part or part not in self._archive.namelist():
            return {}
        notes = [each for each in _tree(self._archive, part) if local(each) == tag]
        return {value(each, "id"): each for each in notes if value(each, "type") in ("", "normal")}

    def _in(self, parent: Element) -> Iterator[Block]:
        for element in parent:
            match local(element):
                case "p":
                    yield from self._paragraph(element)
                case "tbl":
                    yield from self._table(element)
                case "sdt" if value(child(element, "sdtPr", "docPartObj", "docPartGallery")) == "Table of Contents":
                    continue
                case "sdt" | "sdtContent" | "customXml" | "ins" | "moveTo":
                    yield from self._in(element)

    def _paragraph(self, paragraph: Element) -> Iterator[Block]:
        name, level = self._styles.get(value(child(paragraph, "pPr", "pStyle")), ("", 0))
        outline = value(child(paragraph, "pPr", "outlineLvl"))
        if outline.isdecimal():
            level = int(outline) + 1 if int(outline) < 9 else 0
        run = Paragraph(self._fields, self._looks)
        run.read_whole(paragraph)
        if name.lower().startswith("toc "):
            return
        lines = [" ".join(line.split("\t")) for line in run.text.split("\n")]
        if level:
            yield Line(" ".join(lines), level)
        else:
            yield from map(Line, lines)
        for box in run.boxes:
            yield from self._in(box)
        for kind, number in run.notes:
            if (note := self._notes[kind].pop(number, None)) is not None:
                yield from self._in(note)

    def _table(self, table: Element) -> Iterator[Block]:
        rows: list[list[tuple[Element, int, int]]] = []
        headers: list[bool] = []
        for row in _rows(table):
            properties = child(row, "trPr")
            before = value(child(row, "trPr", "gridBefore"))[:3]
            column = int(before) if before.isdecimal() else 0
            cells: list[tuple[Element, int, int]] = []
            for cell in _cells(row):
                span = value(child(cell, "tcPr", "gridSpan"))
                across = int(span) if span.isdecimal() and 0 < int(span) < 1000 else 1
                cells.append((cell, column, across))
                column += across
            if not is_on(properties, "hidden", "del"):
                rows.append(cells)
                headers.append(is_on(properties, "tblHeader"))
        if any(child(cell, "tbl") is not None for cells in rows for cell, _, _ in cells):
            for cells in rows:
                for cell, _, _ in cells:
                    yield from self._in(cell)
            return
        spanned = []
        for number, cells in enumerate(rows):
            blank = [SpannedCell([""])] * (cells[0][1] if cells else 0)
            spanned.append([
                *blank,
                *(
                    SpannedCell(self._lines(cell), across, _height(rows, number, column), headers[number])
                    for cell, column, across in cells
                    if not _goes_on(cell)
                ),
            ])  # fmt: skip
        yield from table_blocks(spanned)

    def _lines(self, cell: Element) -> list[str]:
        return [text for block in self._in(cell) if isinstance(block, Line) and (text := block.text.strip())]


def _headings(styles: Element | None) -> dict[str, tuple[str, int]]:
    """Return name and level as a heading of each style, 0 for none."""
    found: dict[str, tuple[str, int]] = {}
    based: dict[str, str] = {}
    for style in styles if styles is not None else ():
        name, level = value(child(style, "name")), value(child(style, "pPr", "outlineLvl"))
        heading = _HEADING_NAME.fullmatch(name)
        number = int(heading[1]) if heading else int(level) + 1 if level.isdecimal() and int(level) < 9 else 0
        key = value(style, "styleId")
        found[key], based[key] = (name, number), value(child(style, "basedOn"))
    for key, (name, number) in list(found.items()):
        parent, steps = based[key], 0
        while not number and parent in found and steps < 10:
            number, parent, steps = found[parent][1], based[parent], steps + 1
        found[key] = (name, number)
    return found


def _rows(table: Element) -> Iterator[Element]:
    for each in table:
        if local(each) == "tr":
            yield each
        elif local(each) in ("sdt", "sdtContent", "customXml", "ins"):
            yield from _rows(each)


def _cells(row: Element) -> Iterator[Element]:
    for each in row:
        if local(each) == "tc":
            yield each
        elif local(each) in ("sdt", "sdtContent", "customXml"):
            yield from _cells(each)


def _goes_on(cell: Element) -> bool:
    """Whether a cell belongs to the one above it."""
    merge = child(cell, "tcPr", "vMerge")
    return merge is not None and value(merge) != "restart"


def _height(rows: list[list[tuple[Element, int, int]]], number: int, column: int) -> int:
    """Return over how many rows the cell stands that begins in a row and column."""
    height = 1
    for row in rows[number + 1 :]:
        below = next((cell for cell, at, _ in row if at == column), None)
        if below is None or not _goes_on(below):
            break
        height += 1
    return height
