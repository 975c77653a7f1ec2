"""Text of a paragraph of DOCX: runs, fields, breaks, and the notes and boxes that hang on it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from etl.documents.forms.docx_looks import Looks, child, local, value
from etl.documents.table_layout import LOST
from etl.raw_files.raised import in_superscript, lowered, raised

_UNPRINTED_FIELD = re.compile(r"\s*(?:TOC|PAGE|PAGEREF|NUMPAGES|SECTIONPAGES|NOTEREF|INDEX)\b", re.IGNORECASE)
_UNPRINTED = frozenset(["pPr", "rPr", "del", "moveFrom", "Fallback", "instrText", "delText", "delInstrText", "sdtPr", "pict"])


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

    def __init__(self, fields: Fields, looks: Looks) -> None:
        self.text = ""
        self.notes: list[tuple[str, str]] = []
        self.boxes: list[Element] = []
        self._fields, self._looks = fields, looks
        self._style = self._left_out = ""

    def read_whole(self, paragraph: Element) -> None:
        """Read a paragraph; one of raised text alone has no text beside it that it could be a mark of."""
        self._style = value(child(paragraph, "pPr", "pStyle"))
        self.read(paragraph)
        if not self.text.strip():
            self.text += in_superscript(self._left_out)

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
        look = self._looks.look(child(run, "rPr"), self._style)
        if look in ("hidden", "struck"):
            return
        before, self.text = self.text, ""
        self.read(run)
        printed, self.text = self.text, before
        if look and printed.strip():
            added = (raised if look == "raised" else lowered)(before[-8:], printed)
            self._left_out += "" if added else printed.strip()
            printed = added
        self.text += printed

    def _add(self, text: str) -> None:
        if not self._fields.is_unprinted:
            self.text += text
