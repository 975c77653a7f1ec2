"""The rows of the tables that a file itself marks, read a second time by the standard library alone, in a child process.

It shares no step with the readers of `etl.documents.forms`: no styles, no layout, no number formats; only the marks of rows and
cells, and the text or the stored number in each. It serves to check what those readers make of a table, and nothing else.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import Element, ParseError, fromstring
from zipfile import ZipFile

from etl.raw_files.workbooks.archive import open_archive
from etl.raw_files.workbooks.sheet import RefusedWorkbookError

FORMS = ("docx", "html", "xlsx")
Rows = list[list[str]]

_CELL_OF_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_IGNORED = frozenset(("script", "style"))


def read(request: dict[str, Any], content: bytes) -> dict[str, Any]:
    """Read the tables of a file, each as rows of texts, or the refusal."""
    try:
        return {"tables": _READERS[request["form"].lstrip(".")](content)}
    except RefusedWorkbookError as refused:
        return {"refused": [refused.en, refused.zh]}
    except (KeyError, ParseError, ValueError, RecursionError) as error:
        return {"refused": [f"its tables cannot be read a second time: {error}", f"无法再次读取其表格：{error}"]}


def _docx(content: bytes) -> list[Rows]:
    root = _part(open_archive(content), "word/document.xml")
    tables = [table for table in root.iter() if _local(table) == "tbl"]
    return [
        [["".join(texts(cell)) for cell in _children(row, "tc")] for row in _children(table, "tr")]
        for table in tables
        for texts in (_texts, _texts_on_line)
    ]


def _children(element: Element, name: str) -> list[Element]:
    """Return the children of a name, also those within a content control."""
    found = []
    for each in element:
        if _local(each) == name:
            found.append(each)
        elif _local(each) in ("sdt", "sdtContent", "ins"):
            found += _children(each, name)
    return found


def _texts(element: Element) -> list[str]:
    return [each.text or "" for each in element.iter() if _local(each) == "t"]


def _texts_on_line(element: Element) -> list[str]:
    """Return the texts of a cell but for raised ones, which may be marks of notes."""
    runs = [each for each in element.iter() if _local(each) == "r"]
    return [text for run in runs if not any(_local(each) == "vertAlign" for each in run.iter()) for text in _texts(run)]


def _xlsx(content: bytes) -> list[Rows]:
    archive = open_archive(content)
    names = archive.namelist()
    shared = ["".join(_texts(each)) for each in _part(archive, "xl/sharedStrings.xml")] if "xl/sharedStrings.xml" in names else []
    return [
        [
            [_stored(cell, shared) for cell in row if _local(cell) == "c"]
            for row in _part(archive, name).iter()
            if _local(row) == "row"
        ]
        for name in sorted(filter(_CELL_OF_SHEET.fullmatch, names))
    ]


def _stored(cell: Element, shared: list[str]) -> str:
    stored = next((each.text or "" for each in cell if _local(each) == "v"), "")
    if cell.get("t") == "s":
        return shared[int(stored)]
    return "".join(_texts(cell)) if cell.get("t") == "inlineStr" else stored


def _part(archive: ZipFile, name: str) -> Element:
    return fromstring(archive.read(name))


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


class _Tables(HTMLParser):
    def __init__(self, ignored: frozenset[str]) -> None:
        super().__init__()
        self._is_ignored = ignored
        self.tables: list[Rows] = []
        self._open: list[Rows] = []
        self._ignored = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._open.append([])
            self.tables.append(self._open[-1])
        elif tag == "tr" and self._open:
            self._open[-1].append([])
        elif tag in ("td", "th") and self._open:
            if not self._open[-1]:  # a cell without a row
                self._open[-1].append([])
            self._open[-1][-1].append("")
        self._ignored += tag in self._is_ignored

    def handle_endtag(self, tag: str) -> None:
        if tag == "table" and self._open:
            self._open.pop()
        self._ignored -= tag in self._is_ignored

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] and self._open[-1][-1] and not self._ignored:
            self._open[-1][-1][-1] += data


def _html(content: bytes) -> list[Rows]:
    tables = []
    for ignored in (_IGNORED, _IGNORED | {"sup"}):  # raised text may be the mark of a note
        parser = _Tables(ignored)
        parser.feed(_decoded(content))
        parser.close()
        tables += parser.tables
    return tables


def _decoded(content: bytes) -> str:
    for encoding in ("utf-16",) if b"\0" in content[:64] else ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("utf-8", "replace")


_READERS = {"docx": _docx, "html": _html, "xlsx": _xlsx}
