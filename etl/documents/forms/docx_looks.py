"""How a run of Word is written, by its own properties and the styles of the run and its paragraph.

Source: ECMA-376 part 1, 17.7.2 and 17.7.3: a property of the run itself counts first; what two styles both switch on is off.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element

from etl.raw_files.workbooks.sheet import Look

_WORD = ("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}", "{http://purl.oclc.org/ooxml/wordprocessingml/main}")
_OFF = ("0", "false", "off", "none")
_MOST_PARENTS = 20
_HIDDEN, _STRUCK, _ALIGNED, _MOVED = ("vanish", "specVanish", "webHidden"), ("strike", "dstrike"), "vertAlign", "position"
_LEAST_MOVE = 4
"""Half points by which raised text stands above the line; a smaller number only aligns."""


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


class Looks:
    """The looks that styles give to text."""

    def __init__(self, styles: Element | None = None) -> None:
        self._given: dict[str, dict[str, str]] = {}
        self._parents: dict[str, str] = {}
        for style in styles if styles is not None else ():
            name = value(style, "styleId")
            self._given[name] = _properties(child(style, "rPr"))
            self._parents[name] = value(child(style, "basedOn"))

    def look(self, run: Element | None, of_paragraph: str) -> Look:
        """Return how a run is written.

        Args:
            run: its properties.
            of_paragraph: the style of its paragraph.
        """
        own = _properties(run)
        of_run = self._of_style(value(child(run, "rStyle"))) if run is not None else {}
        around = self._of_style(of_paragraph)
        if _is_on(_HIDDEN, own, of_run, around):
            return "hidden"
        if _is_on(_STRUCK, own, of_run, around):
            return "struck"
        return _position({**around, **of_run, **own})

    def _of_style(self, name: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for _ in range(_MOST_PARENTS):
            found = {**self._given.get(name, {}), **found}
            name = self._parents.get(name, "")
            if not name:
                break
        return found


def _properties(run: Element | None) -> dict[str, str]:
    wanted = (*_HIDDEN, *_STRUCK, _ALIGNED, _MOVED)
    return {local(each): value(each) for each in run if local(each) in wanted} if run is not None else {}


def _is_on(names: tuple[str, ...], own: Mapping[str, str], of_run: Mapping[str, str], around: Mapping[str, str]) -> bool:
    for name in names:
        of_styles = (name in of_run and of_run[name] not in _OFF) != (name in around and around[name] not in _OFF)
        if own[name] not in _OFF if name in own else of_styles:
            return True
    return False


def _position(given: Mapping[str, str]) -> Look:
    aligned, moved = given.get(_ALIGNED, ""), given.get(_MOVED, "")
    if aligned in ("superscript", "subscript"):
        return "raised" if aligned == "superscript" else "lowered"
    sign, size = moved[:1] == "-", moved.lstrip("+-")
    if size.isdecimal() and int(size) >= _LEAST_MOVE:
        return "lowered" if sign else "raised"
    return ""
