"""Text of a paragraph of DOCX: runs, fields, breaks, and the notes and boxes that hang on it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from etl.documents.table_layout import LOST
from etl.raw_files.raised import raised

_WORD = ("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}", "{http://purl.oclc.org/ooxml/wordprocessingml/main}")
_UNPRINTED_FIELD = re.compile(r"\s*(?:TOC|PAGE|PAGEREF|NUMPAGES|SECTIONPAGES|NOTEREF|INDEX)\b", re.IGNORECASE)
_UNPRINTED = frozenset(["pPr", "rPr", "del", "moveFrom", "Fallback", "instrText", "delText", "delInstrText", "sdtPr", "pict"])
_OFF = ("0", "false", "off", "none")


def local(element: Element) -> str:
    """Return the local name of an element of Word; empty for one of another namespace."""
    return element.tag.rpartition("}")[2] if element.tag.startswith(_WORD) else ""


def child(element: Element, *path: str) -> Element | None:
    """Return the first descendant along a path of names."""
    found: Element | None = element
    for name in path:
        found = next((each for each in found if local(each) == name), None) if found is not None else None
    return found


def value(element: Element | None, name: str = "val") -> str:
    """Return an attribute of an element; empty where either is missing."""
    if element is None:
        return ""
    return next((given for key, given in element.attrib.items() if key.rpartition("}")[2] == name), "")


def is_on(properties: Element | None, *names: str) -> bool:
    """Whether one of the properties is set."""
    return properties is not None and any(local(each) in names and value(each) not in _OFF for each in properties)


@dataclass
class Fields:
    """The fields that are open; the result of some, such as a page number, is not read."""

    codes: list[str] = field(default_factory=list)
    is_result: list[bool] = field(default_factory=list)

    def read(self, kind: str) -> None:
        """Take the beginning, middle or end of a field."""
        if kind == "begin":
            self.codes.append("")
            self.is_result.append(False)
        elif self.codes and kind == "separate":
            self.is_result[-1] = True
        elif self.codes and kind == "end":
            self.codes.pop()
            self.is_result.pop()

    @property
    def is_unprinted(self) -> bool:
        """Whether what stands here is no text of the document."""
        opened = zip(self.codes, self.is_result, strict=True)
        return any(not result or _UNPRINTED_FIELD.match(code) is not None for code, result in opened)


class Paragraph:
    """What a paragraph prints.

    Attributes:
        text: its lines, parted by line ends.
        notes: kind and number of the notes that it refers to.
        boxes: boxes with text that are anchored in it.
    """

    def __init__(self, fields: Fields) -> None:
        self.text = ""
        self.notes: list[tuple[str, str]] = []
        self.boxes: list[Element] = []
        self._fields = fields

    def read(self, element: Element) -> None:
        """Read what an element holds."""
        for each in element:
            name = each.tag.rpartition("}")[2]
            if name in _UNPRINTED:
                if name == "instrText" and self._fields.codes:
                    self._fields.codes[-1] += each.text or ""
            elif name == "txbxContent":
                self.boxes.append(each)
            elif name == "r" and local(each):
                self._read_run(each)
            elif name == "t":
                self._add(each.text or "")
            elif name in ("sup", "sub") and not local(each):  # of a formula
                self._add(f"{LOST}")
            elif name == "fldSimple" and _UNPRINTED_FIELD.match(value(each, "instr")):
                continue
            else:
                self._read_mark(each, name)

    def _read_mark(self, element: Element, name: str) -> None:
        match name:
            case "fldChar":
                self._fields.read(value(element, "fldCharType"))
            case "tab" | "ptab":
                self._add("\t")
            case "br" | "cr":
                self._add("\n" if value(element, "type") in ("", "textWrapping") else "")
            case "noBreakHyphen":
                self._add("-")
            case "sym":
                self._add(LOST)
            case "footnoteReference" | "endnoteReference":
                self.notes.append((name.removesuffix("Reference"), value(element, "id")))
            case _:
                self.read(element)

    def _read_run(self, run: Element) -> None:
        properties = child(run, "rPr")
        if is_on(properties, "vanish", "webHidden", "strike", "dstrike"):
            return
        before, self.text = self.text, ""
        self.read(run)
        printed, self.text = self.text, before
        is_raised = value(child(run, "rPr", "vertAlign")) == "superscript"
        self.text += raised(before[-8:], printed) if is_raised and printed.strip() else printed

    def _add(self, text: str) -> None:
        if not self._fields.is_unprinted:
            self.text += text
