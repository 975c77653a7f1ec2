"""Texts and styles of ODS: paragraphs, and spans that are raised, lowered, struck out or hidden."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import cast
from xml.etree.ElementTree import Element

from etl.raw_files.workbooks.archive import local
from etl.raw_files.workbooks.fonts import WHITE, Font, rgb
from etl.raw_files.workbooks.sheet import Look, RefusedWorkbookError, Run

CALCEXT = ":calcext:1.0}"
_MOST_SPACES, _MOST_PARENTS = 1000, 20
_COLOUR, _POINTS = re.compile("#[0-9A-Fa-f]{6}"), re.compile(r"([0-9]+(?:\.[0-9]+)?)pt")
_NOUGHT = re.compile("0*(?:[.]0*)?[a-z]+")
_POSITION = re.compile(r"(?P<sign>-?)(?P<percent>[0-9.]+)%")


Properties = Mapping[str, str]
"""What styles say of a text: `hidden`, `struck` and `position`, each a look or empty; `colour`, `background` and `points`."""


class Styles:
    """The styles of a workbook by name: how texts of each look, and which hide their sheet, row or column."""

    def __init__(self) -> None:
        self._said: dict[str, Properties] = {}
        self._parents: dict[str, str] = {}
        self._hidden: set[str] = set()

    def take(self, element: Element) -> None:
        """Take a style; a later one of a name takes the place of an earlier one."""
        given = attributes_of(element)
        family = given.get("family", "")
        name = f"{family}/{given.get('name', '')}"
        self._parents[name] = f"{family}/{given['parent-style-name']}" if given.get("parent-style-name") else ""
        self._said.pop(name, None)
        self._hidden.discard(name)
        for each in element:
            properties = attributes_of(each)
            kind, size = local(each.tag), properties.get("row-height", properties.get("column-width", ""))
            if (kind == "table-properties" and properties.get("display") == "false") or _NOUGHT.fullmatch(size):
                self._hidden.add(name)
            elif kind in ("text-properties", "table-cell-properties"):
                self._said[name] = {**self._said.get(name, {}), **_said(properties, is_text=kind == "text-properties")}

    def is_hidden(self, family: str, name: str) -> bool:
        """Whether a style hides its sheet, row or column."""
        return f"{family}/{name}" in self._hidden

    def said(self, family: str, name: str, around: Properties = MappingProxyType({})) -> Properties:
        """Return what is said of a text of a style, within one of which other things are said."""
        found: dict[str, str] = {}
        name = f"{family}/{name}"
        for _ in range(_MOST_PARENTS):
            found = {**self._said.get(name, {}), **found}
            name = self._parents.get(name, "")
            if not name:
                break
        return {**around, **found}


def look_of(said: Properties) -> Look:
    """Return how a text is written of which this is said."""
    look = said.get("hidden") or said.get("struck") or said.get("position") or ""
    background = WHITE if (given := said.get("background", "transparent")) == "transparent" else rgb(given)
    return Font(cast("Look", look), rgb(said.get("colour", "")), float(said.get("points", 0))).on(background)


def _said(properties: Properties, *, is_text: bool) -> dict[str, str]:
    """Return what the properties of a style say of a text; a colour that depends on the background is none."""
    found: dict[str, str] = {}
    if _COLOUR.fullmatch(colour := properties.get("color", "")):
        found["colour"] = colour
    if properties.get("use-window-font-color") == "true":
        found["colour"] = ""
    # A text without a background of its own stands on that of its cell.
    if "background-color" in properties and not (is_text and properties["background-color"] == "transparent"):
        found["background"] = properties["background-color"]
    if size := _POINTS.fullmatch(properties.get("font-size", "")):
        found["points"] = size[1]
    if "text-position" in properties:
        position = properties["text-position"].split()[0] if properties["text-position"].split() else ""
        match = _POSITION.fullmatch(position)
        is_moved = match is not None and float(match["percent"]) > 0
        sign = match["sign"] if match else ""
        found["position"] = "raised" if position == "super" or (is_moved and not sign) else ""
        if position == "sub" or (is_moved and sign):
            found["position"] = "lowered"
    lines = [properties[name] for name in ("text-line-through-style", "text-line-through-type") if name in properties]
    if lines:
        found["struck"] = "struck" if any(line != "none" for line in lines) and "none" not in lines else ""
    if "display" in properties:
        found["hidden"] = "hidden" if properties["display"] == "none" else ""
    return found


class Paragraphs:
    """The paragraphs of a cell, without annotations and ruby.

    Attributes:
        lines: the runs of each paragraph.
    """

    def __init__(self, styles: Styles, of_cell: Properties) -> None:
        self.lines: list[list[Run]] = []
        self._styles, self._of_cell = styles, of_cell

    @property
    def text(self) -> str | None:
        """The text, a line a paragraph; None where the cell has no paragraph."""
        return "\n".join("".join(run for run, _ in line) for line in self.lines) if self.lines else None

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs; none where all are plain."""
        joined: list[Run] = []
        for number, line in enumerate(self.lines):
            if number:
                joined.append(("\n", ""))
            joined += line
        return tuple(joined) if any(look for _, look in joined) else ()

    @property
    def worst_look(self) -> Look:
        """The look of the first run that is not plain; else that of the cell."""
        if not self.lines:
            return look_of(self._of_cell)
        return next((look for line in self.lines for run, look in line if look and run.strip()), "")

    def read(self, element: Element) -> None:
        """Read the paragraphs of a cell."""
        for child in element:
            match local(child.tag):
                case "table":
                    raise RefusedWorkbookError("it has a table in a cell of another", "单元格内嵌套了另一张表")
                case "p":
                    self.lines.append([])
                    name = attributes_of(child).get("style-name", "")
                    self._read_text(child, self._styles.said("paragraph", name, self._of_cell))
                case tag if tag not in ("annotation", "ruby-text"):
                    self.read(child)

    def _read_text(self, element: Element, said: Properties) -> None:
        self._add(element.text, said)
        for child in element:
            match local(child.tag):
                case "s":
                    self._add(" " * min(number_of(attributes_of(child), "c"), _MOST_SPACES), said)
                case "tab" | "line-break" as tag:
                    self._add("\t" if tag == "tab" else "\n", said)
                case "span":
                    self._read_text(child, self._styles.said("text", attributes_of(child).get("style-name", ""), said))
                case "table" | "p":
                    self.read(element)
                    return
                case tag if tag not in ("annotation", "ruby-text"):
                    self._read_text(child, said)
            self._add(child.tail, said)

    def _add(self, text: str | None, said: Properties) -> None:
        if text:
            self.lines[-1].append((text, look_of(said)))


def attributes_of(element: Element) -> dict[str, str]:
    """Return attributes by local name; LibreOffice repeats some in its namespace."""
    return {name.rpartition("}")[2]: value for name, value in element.attrib.items() if CALCEXT not in name}


def number_of(given: dict[str, str], name: str) -> int:
    """Return an attribute that is a number, 1 where it is missing.

    Raises:
        RefusedWorkbookError: it is no number.
    """
    text = given.get(name, "1")
    if not (text.isascii() and text.isdecimal()) or len(text) > 8:
        raise RefusedWorkbookError(f"{name} says {text[:20]!r}, which is no number", f"{name} 的值 {text[:20]!r} 不是数")
    return int(text)
