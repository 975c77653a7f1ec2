"""Blocks of a document, as a form's reader finds them, and the document that they make."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from etl.documents.contents import Contents
from etl.documents.document import Document, Heading, Table
from etl.documents.table_layout import Grid, cells_of, is_number
from etl.documents.title_units import units_of_caption

PAGE_BREAK = "\f"
"""Where a page begins, within a line too."""
MOST_CAPTION_LINES, LONGEST_CAPTION, LONGEST_SITE_LINE = 3, 80, 120
_CONTROLS = re.compile("[\0-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\ufeff\u200b]+")

_CAPTION = re.compile(r"(?:附?表|table)\s*(?:[0-9一二三四五六七八九十]|[:：])", re.IGNORECASE)
_SENTENCE = re.compile("[。；;]|[，,].*[，,]")
_SITE = re.compile(
    r"(?:访问量|浏览(?:量|次数)?|点击(?:量|率|次数|数)?|阅读(?:量|次数|数)?|下载次数)\s*[:：]\s*[0-9,]+"
    r"|[\u4e00-\u9fff]?ICP备|公网安备|网站标识码|版权所有.{0,30}(?:[©Cc]|备案)|^(?:发布时间|发布日期|来源|字号|字体)\s*[:：]"
)
"""Lines of a web page about the page: they hold no figures of the document."""


@dataclass(frozen=True, slots=True)
class Line:
    """A paragraph or heading: its text, and its level as a heading, 0 for none."""

    text: str
    level: int = 0


Block = Line | Grid


def as_json(blocks: Iterable[Block]) -> list[Any]:
    """Return blocks as a child process writes them."""
    return [
        [block.text, block.level]
        if isinstance(block, Line)
        else [block.rows, block.merged, block.header_rows, block.caption, block.page_breaks]
        for block in blocks
    ]  # fmt: skip


def from_json(found: Iterable[Any]) -> list[Block]:
    """Return blocks from what a child process wrote."""
    return [Line(*each) if len(each) == 2 else Grid(each[0], [tuple(place) for place in each[1]], *each[2:]) for each in found]


def document_of(blocks: Iterable[Block], name: str, form: str) -> Document:
    """Return the document that blocks make: each paragraph and each row of a table is a line, cells are parted by tabs."""
    writer = _Writer()
    for block in _without_contents(blocks):
        if isinstance(block, Line):
            writer.write_line(block)
        else:
            writer.write_table(block)
    return Document(name, form, writer.text, tuple(writer.headings), tuple(writer.tables), tuple(writer.pages))


def caption_above(lines: Iterable[str]) -> str:
    """Return what the lines above a table say of it, given from the nearest up: its title and its unit."""
    found: list[str] = []
    for line in lines:
        is_short = len(line) <= LONGEST_CAPTION and not _SENTENCE.search(line)
        if not is_short or not (_CAPTION.match(line) or units_of_caption(line)) or len(found) == MOST_CAPTION_LINES:
            break
        found.insert(0, line)
    return " ".join(found)


class _Writer:
    """The text as it grows, with the places of its parts."""

    def __init__(self) -> None:
        self.headings: list[Heading] = []
        self.tables: list[Table] = []
        self.pages: list[int] = []
        self._parts: list[str] = []
        self._length = 0
        self._above: list[str] = []

    @property
    def text(self) -> str:
        return "".join(self._parts)

    def write_line(self, line: Line) -> None:
        pieces = [_CONTROLS.sub(" ", piece) for piece in line.text.split(PAGE_BREAK)]
        bare = "".join(pieces).strip()
        is_of_site = len(bare) <= LONGEST_SITE_LINE and "。" not in bare and _SITE.search(bare)
        if bare and not is_of_site:
            if line.level:
                self.headings.append(Heading(self._length, line.level))
            for piece in pieces[:-1]:
                self._append(piece)
                self.pages.append(self._length)
            self._append(f"{pieces[-1]}\n")
            self._above.insert(0, bare)
        else:
            self.pages += [self._length] * (len(pieces) - 1)

    def write_table(self, grid: Grid) -> None:
        if grid.caption:
            self.write_line(Line(" ".join(grid.caption.split())))
        grid.caption = grid.caption or caption_above(self._above)
        self._above = []
        start, offsets = self._length, dict[tuple[int, int], int]()
        for row, cells in enumerate(grid.rows):
            self.pages += [self._length] * grid.page_breaks.count(row)
            for column, cell in enumerate(cells):
                offsets[row, column] = self._length
                self._append(cell + ("\t" if column + 1 < len(cells) else "\n"))
        found = cells_of(grid, lambda row, column: offsets[row, column])
        if found and any(is_number(cell.text) for cell in found):
            self.tables.append(Table(start, self._length, grid.caption, found))

    def _append(self, text: str) -> None:
        self._parts.append(text)
        self._length += len(text)


def _without_contents(blocks: Iterable[Block]) -> Iterator[Block]:
    """Leave out the lines of a table of contents, but not the breaks of pages among them."""
    contents = Contents()
    for block in blocks:
        if not isinstance(block, Line):
            contents = Contents()
        elif contents.take(block.text.replace(PAGE_BREAK, "")):
            yield Line(PAGE_BREAK * block.text.count(PAGE_BREAK))
            continue
        yield block
