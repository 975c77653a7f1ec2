"""What the styles of a page hide, strike out, raise or lower: those of an element, and of classes that the page declares."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

from etl.raw_files.workbooks.sheet import Look

_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all|text-decoration(?:-line)?\s*:[^;]*line-through"
    r"|(?:font-size|opacity)\s*:\s*0(?:\.0*)?(?:px|pt|em|rem|%)?\s*(?:;|!|$)",
    re.IGNORECASE,
)
_RAISING = re.compile(r"vertical-align\s*:\s*(?:super|text-top)|font-variant-position\s*:\s*super", re.IGNORECASE)
_LOWERING = re.compile(r"vertical-align\s*:\s*(?:sub\b|text-bottom)|font-variant-position\s*:\s*sub\b", re.IGNORECASE)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE_SELECTOR = re.compile(r"[.#][\w-]+")
_WITHIN_LINES = frozenset(["span", "font", "a", "b", "i", "em", "strong", "small", "u", "label", "ins", "mark"])


class PageStyles:
    """The styles of a page, as far as they say what a reader does not see in its line."""

    def __init__(self, tree: LexborHTMLParser) -> None:
        rules = [rule for style in tree.css("style") for rule in _RULE.findall(style.text())]
        self._hiding, self._raising, self._lowering = (_selectors(rules, wanted) for wanted in (_HIDING, _RAISING, _LOWERING))

    def is_hidden(self, node: LexborNode) -> bool:
        """Whether an element is hidden or struck out."""
        given = node.attributes
        if "hidden" in given or given.get("aria-hidden") == "true" or _HIDING.search(given.get("style") or ""):
            return True
        return not self._hiding.isdisjoint(_names_of(node))

    def look(self, node: LexborNode, tag: str) -> Look:
        """Return how the text of an element stands in its line."""
        if tag in ("sup", "sub"):
            return "raised" if tag == "sup" else "lowered"
        if is_exponent(node):
            return "raised"
        if tag not in _WITHIN_LINES:
            return ""
        given, names = node.attributes.get("style") or "", _names_of(node)
        if _RAISING.search(given) or not self._raising.isdisjoint(names):
            return "raised"
        return "lowered" if _LOWERING.search(given) or not self._lowering.isdisjoint(names) else ""


def is_exponent(node: LexborNode) -> bool:
    """Whether an element is the exponent of a formula."""
    return node.parent is not None and node.parent.tag == "msup" and node.prev is not None


def _names_of(node: LexborNode) -> list[str]:
    """Return the classes and the identity of an element, as selectors."""
    given = node.attributes
    names = [f".{name.lower()}" for name in (given.get("class") or "").split()]
    return [*names, f"#{(given.get('id') or '').lower()}"]


def _selectors(rules: list[tuple[str, str]], wanted: re.Pattern[str]) -> frozenset[str]:
    """Return the classes and identities to which rules give such a property."""
    found: set[str] = set()
    for selectors, body in rules:
        if wanted.search(body):
            found |= {each.lower() for each in map(str.strip, selectors.split(",")) if _SIMPLE_SELECTOR.fullmatch(each)}
    return frozenset(found)
