"""HTML, read in a child process: what a reader sees of a page, without menus, scripts and footers."""

from __future__ import annotations

import re
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

from etl.documents.forms.blocks import Block, Line, as_json
from etl.documents.forms.html_styles import PageStyles, is_exponent
from etl.documents.forms.spans import SpannedCell, joined, table_blocks
from etl.raw_files.raised import in_superscript, lowered, raised

DEEPEST, LARGEST_SHARE = 256, 0.3
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "form",
        "hr",
        "html",
        "li",
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "ul",
        "caption",
        "tr",
        "td",
        "th",
        "tbody",
        "thead",
        "tfoot",
        "header",
        "hgroup",
        "legend",
    ]
)
_DROPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "iframe",
        "object",
        "embed",
        "svg",
        "canvas",
        "audio",
        "video",
        "map",
        "nav",
        "footer",
        "select",
        "button",
        "textarea",
        "datalist",
        "input",
        "del",
        "s",
        "strike",
        "rt",
        "rp",
        "dialog",
        "progress",
        "meter",
        "menu",
    ]
)
_ROLES = frozenset(["navigation", "banner", "contentinfo", "menu", "menubar", "search", "complementary", "dialog", "toolbar"])
_NAMES = frozenset(
    [
        "nav",
        "navbar",
        "navigation",
        "menu",
        "topnav",
        "leftnav",
        "subnav",
        "breadcrumb",
        "breadcrumbs",
        "crumb",
        "crumbs",
        "footer",
        "foot",
        "sidebar",
        "share",
        "pagination",
        "pager",
        "copyright",
        "topbar",
        "toolbar",
        "toc",
        "skip-link",
    ]
)
_SPACES = re.compile("[ \t\r\n\f]+")
_BETWEEN_HAN = re.compile("(?<=[\u3001-\uff60]) (?=[\u3001-\uff60])")


class _TooDeepError(Exception):
    """Elements that are nested deeper than those of any page."""


def read(request: dict[str, Any], content: bytes) -> dict[str, Any]:
    """Read the blocks of a page, or the refusal."""
    tree = LexborHTMLParser(content.decode())
    try:
        if tree.body is None:
            return {"blocks": []}
        _refuse_deep(tree.body)
        reader = _Reader(tree)
        reader.read_children(tree.body)
        reader.flush()
    except _TooDeepError:
        return {
            "refused": [f"its elements are nested more than {DEEPEST} deep, as no page is", f"元素嵌套超过 {DEEPEST} 层，异常"]
        }
    return {"blocks": as_json(reader.blocks)}


def _refuse_deep(root: LexborNode) -> None:
    node: LexborNode | None = root
    depth = 0
    while node is not None:
        if (child := node.first_child) is not None:
            node, depth = child, depth + 1
            if depth > DEEPEST:
                raise _TooDeepError
            continue
        while node is not None and depth and node.next is None:
            node, depth = node.parent, depth - 1
        node = node.next if node is not None and depth else None


class _Reader:
    """What is seen of a page, block by block."""

    def __init__(self, tree: LexborHTMLParser, parent: _Reader | None = None) -> None:
        self.blocks: list[Block] = []
        self._parts: list[str] = []
        self._left_out = ""
        self._level = 0
        self._tree = tree
        self._styles: PageStyles = parent._styles if parent else PageStyles(tree)
        self._length: int = parent._length if parent else len(tree.body.text() if tree.body else "")

    def read_children(self, node: LexborNode) -> None:
        child = node.first_child
        while child is not None:
            self._read(child)
            child = child.next

    def flush(self) -> None:
        """End the line."""
        text = _BETWEEN_HAN.sub("", _SPACES.sub(" ", "".join(self._parts))).strip(" \u3000\xa0")
        text = text or in_superscript(self._left_out)  # raised text alone, which is no mark of anything
        self._left_out = ""
        if text:
            self.blocks.append(Line(text, self._level))
        self._parts = []

    def _read(self, node: LexborNode) -> None:
        tag = node.tag or ""
        if tag == "-text":
            self._parts.append(node.text_content or "")
        elif tag.startswith("-") or self._is_hidden(node, tag):
            return
        elif tag == "br":
            if self._level:
                self._parts.append(" ")
            else:
                self.flush()
        elif tag == "table":
            self.flush()
            self._read_table(node)
        elif look := self._styles.look(node, tag):
            text = node.text()
            added = (raised if look == "raised" else lowered)("".join(self._parts[-3:]), text)
            self._left_out += "" if added else text.strip()
            self._parts.append(in_superscript(text) if is_exponent(node) else added)
        elif tag in _HEADINGS:
            self.flush()
            self._level = _HEADINGS[tag]
            self.read_children(node)
            self.flush()
            self._level = 0
        elif tag in _BLOCKS:
            self.flush()
            self.read_children(node)
            self.flush()
        else:
            self.read_children(node)

    def _is_hidden(self, node: LexborNode, tag: str) -> bool:
        """Whether a node is not seen, or is no part of the document; what holds most of the page is kept, whatever its name."""
        if tag in _DROPPED:
            return True
        if self._styles.is_hidden(node):
            return True
        given = node.attributes
        names = [name.lower() for name in (given.get("class") or "").split()]
        identity = (given.get("id") or "").lower()
        is_furniture = given.get("role") in _ROLES or identity in _NAMES or not _NAMES.isdisjoint(names)
        is_furniture = is_furniture or tag == "aside" or (tag == "header" and not _is_within_text(node))
        return is_furniture and len(node.text()) < LARGEST_SHARE * self._length

    def _read_table(self, node: LexborNode) -> None:
        rows = [row for row in _own_rows(node) if not self._is_hidden(row, "tr")]
        cells = [[each for each in row.iter() if each.tag in ("td", "th") and not self._is_hidden(each, "td")] for row in rows]
        if len(node.css("table")) > 1:  # it places tables on the page
            for row in cells:
                for cell in row:
                    self.read_children(cell)
                    self.flush()
            return
        title = next((each for each in node.iter() if each.tag == "caption"), None)
        spanned = [[self._spanned(cell, len(cells)) for cell in row] for row in cells]
        self.blocks += table_blocks(spanned, joined(self._lines(title)) if title else "")

    def _spanned(self, cell: LexborNode, height: int) -> SpannedCell:
        down, across = _span(cell, "rowspan") or height, _span(cell, "colspan") or 1
        return SpannedCell(self._lines(cell), across, down, cell.tag == "th" or _is_in_head(cell))

    def _lines(self, cell: LexborNode) -> list[str]:
        inner = _Reader(self._tree, self)
        inner.read_children(cell)
        inner.flush()
        return [block.text for block in inner.blocks if isinstance(block, Line)]


def _span(node: LexborNode, name: str) -> int:
    given = (node.attributes.get(name) or "1").strip()
    return int(given) if given.isascii() and given.isdecimal() and len(given) < 6 else 1


def _own_rows(table: LexborNode) -> list[LexborNode]:
    """Return the rows of a table, its foot last, without those of tables within."""
    rows: list[LexborNode] = []
    foot: list[LexborNode] = []
    for child in table.iter():
        if child.tag == "tr":
            rows.append(child)
        elif child.tag in ("thead", "tbody", "tfoot"):
            (foot if child.tag == "tfoot" else rows).extend(each for each in child.iter() if each.tag == "tr")
    return rows + foot


def _is_in_head(cell: LexborNode) -> bool:
    row = cell.parent
    return row is not None and row.parent is not None and row.parent.tag == "thead"


def _is_within_text(node: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.tag in ("article", "main", "section"):
            return True
        parent = parent.parent
    return False
