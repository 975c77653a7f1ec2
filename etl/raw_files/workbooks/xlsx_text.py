"""Texts and styles of XLSX: runs that are raised, lowered or struck out, by their own properties or the font of the cell."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from etl.raw_files.workbooks.archive import local
from etl.raw_files.workbooks.number_format import built_in_format
from etl.raw_files.workbooks.sheet import Look, Run

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_OFF = ("0", "false")
_ALIGNED: dict[str, Look] = {"superscript": "raised", "subscript": "lowered"}

RichText = tuple[str, tuple[tuple[str, Look | None], ...]]
"""A text, and its runs where one has properties of its own: the look of each, None for that of the cell."""


@dataclass(frozen=True, slots=True)
class CellStyle:
    """The number format of a cell, and how its font is written."""

    format: str = ""
    look: Look = ""


def cell_styles(parts: Iterable[Element]) -> list[CellStyle]:
    """Return the styles that cells name by number, from the parts of the style sheet."""
    written: dict[str, str] = {}
    looks: list[Look] = []
    formats: list[tuple[str, str]] = []
    for element in parts:
        match local(element.tag):
            case "numFmts":
                written |= {each.get("numFmtId", ""): each.get("formatCode", "") for each in element}
            case "fonts":
                looks += [_look(each) for each in element if local(each.tag) == "font"]
            case "cellXfs":
                given = (each for each in element if local(each.tag) == "xf")
                formats += [(each.get("numFmtId", "0"), each.get("fontId", "0")) for each in given]
    look_of = {str(number): look for number, look in enumerate(looks)}
    return [CellStyle(written.get(number) or built_in_format(number), look_of.get(font, "")) for number, font in formats]


def formats_that_change(parts: Iterable[Element]) -> set[str]:
    """Return the numbers of the conditional formats that change what is seen of a number or text."""
    found: set[str] = set()
    for element in parts:
        for number, each in enumerate(element):
            names = {local(child.tag) for child in each}
            fonts = [child for child in each if local(child.tag) == "font"]
            if "numFmt" in names or any(map(_look, fonts)):
                found.add(str(number))
    return found


def rich_text(element: Element) -> RichText:
    """Return the text of a shared string or of a cell, without phonetic runs."""
    runs: list[tuple[str, Look | None]] = []
    for child in element:
        match local(child.tag):
            case "t":
                runs.append((unescaped(child.text or ""), None))
            case "r":
                properties = next((each for each in child if local(each.tag) == "rPr"), None)
                text = "".join(each.text or "" for each in child if local(each.tag) == "t")
                runs.append((unescaped(text), None if properties is None else _look(properties)))
    text = "".join(run for run, _ in runs)
    return text, tuple(runs) if any(look is not None for _, look in runs) else ()


def in_cell(runs: Iterable[tuple[str, Look | None]], look: Look) -> tuple[Run, ...]:
    """Return the runs of a text in a cell of a look; none where all stand alike and plain."""
    seen = tuple((run, look if own is None else own) for run, own in runs)
    return seen if any(each for _, each in seen) or look else ()


def unescaped(text: str) -> str:
    """Decode the control characters that the file writes as _x000D_."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _look(font: Element) -> Look:
    """Return how a font is written."""
    look: Look = ""
    for each in font:
        name, value = local(each.tag), each.get("val", "true")
        if name == "strike" and value not in _OFF:
            return "struck"
        if name == "vertAlign":
            look = _ALIGNED.get(value, "")
    return look
