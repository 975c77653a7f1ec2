"""Texts and styles of ODS: paragraphs, and spans that are raised, lowered, struck out or hidden."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from etl.raw_files.workbooks.archive import local
from etl.raw_files.workbooks.sheet import Look, RefusedWorkbookError, Run

CALCEXT = ":calcext:1.0}"
_MOST_SPACES, _MOST_PARENTS = 1000, 20
_POSITION = re.compile(r"(?P<sign>-?)(?P<percent>[0-9.]+)%")


class Styles:
    """The styles of a workbook by name: how texts of each look, and which hide their sheet."""

    def __init__(self) -> None:
        self._looks: dict[str, dict[str, Look]] = {}
        self._parents: dict[str, str] = {}
        self._hidden: set[str] = set()

    def take(self, element: Element) -> None:
        """Take a style; a later one of a name takes the place of an earlier one."""
        given = attributes_of(element)
        family = given.get("family", "")
        name = f"{family}/{given.get('name', '')}"
        self._parents[name] = f"{family}/{given['parent-style-name']}" if given.get("parent-style-name") else ""
        self._looks.pop(name, None)
        self._hidden.discard(name)
        for each in element:
            properties = attributes_of(each)
            if local(each.tag) == "table-properties" and properties.get("display") == "false":
                self._hidden.add(name)
            elif local(each.tag) == "text-properties":
                self._looks[name] = _looks(properties)

    def is_hidden(self, name: str) -> bool:
        """Whether a style hides its sheet."""
        return f"table/{name}" in self._hidden

    def look(self, family: str, name: str, around: Look = "") -> Look:
        """Return how a text of a style is written, within one of another look."""
        found: dict[str, Look] = {}
        name = f"{family}/{name}"
        for _ in range(_MOST_PARENTS):
            found = {**self._looks.get(name, {}), **found}
            name = self._parents.get(name, "")
            if not name:
                break
        said = [look for look in (found.get("hidden"), found.get("struck"), found.get("position")) if look]
        if around in ("hidden", "struck") and around not in found:
            return around
        return said[0] if said else "" if "position" in found or around in found else around


def _looks(properties: dict[str, str]) -> dict[str, Look]:
    """Return what the properties of a style say of position, lines through the text, and whether it is hidden."""
    found: dict[str, Look] = {}
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

    def __init__(self, styles: Styles, look: Look) -> None:
        self.lines: list[list[Run]] = []
        self._styles, self._look = styles, look

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
        return next((look for line in self.lines for run, look in line if look and run.strip()), "") if self.lines else self._look

    def read(self, element: Element) -> None:
        """Read the paragraphs of a cell."""
        for child in element:
            match local(child.tag):
                case "table":
                    raise RefusedWorkbookError("it has a table in a cell of another", "单元格内嵌套了另一张表")
                case "p":
                    self.lines.append([])
                    self._read_text(child, self._styles.look("paragraph", attributes_of(child).get("style-name", ""), self._look))
                case tag if tag not in ("annotation", "ruby-text"):
                    self.read(child)

    def _read_text(self, element: Element, look: Look) -> None:
        self._add(element.text, look)
        for child in element:
            match local(child.tag):
                case "s":
                    self._add(" " * min(number_of(attributes_of(child), "c"), _MOST_SPACES), look)
                case "tab" | "line-break" as tag:
                    self._add("\t" if tag == "tab" else "\n", look)
                case "span":
                    self._read_text(child, self._styles.look("text", attributes_of(child).get("style-name", ""), look))
                case "table" | "p":
                    self.read(element)
                    return
                case tag if tag not in ("annotation", "ruby-text"):
                    self._read_text(child, look)
            self._add(child.tail, look)

    def _add(self, text: str | None, look: Look) -> None:
        if text:
            self.lines[-1].append((text, look))


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
