"""A document of any form as one text: what reads figures reads this, and needs to know no form.

Each paragraph, heading and row of a table is one line of the text; the cells of a row are parted by tabs. The text of a plain
file is the file's own, its line breaks untouched, so that offsets count in the file.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Heading:
    """A line that the form itself marks as a heading, such as `<h2>`, a heading style or `##`.

    Attributes:
        offset: of its first character in the text.
        level: 1 for the outermost.
    """

    offset: int
    level: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table; one that is merged over several places stands at the first of them.

    Attributes:
        row, column: its place in the table, from 1, header rows counted.
        text: as printed, without the space around it.
        offset: of its first character in the document's text.
        header: what stands above it, outermost first, merged headers repeated.
        stub: what names its row: the texts of the columns without figures to its left.
        unit: its unit where the header, a row of units or the caption says it; else empty.
    """

    row: int
    column: int
    text: str
    offset: int
    header: tuple[str, ...] = ()
    stub: tuple[str, ...] = ()
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a document.

    Attributes:
        start, end: the offsets between which its lines stand in the document's text.
        caption: its title; empty where there is none.
        cells: those below the header and right of the stub.
    """

    start: int
    end: int
    caption: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is printed.

    Attributes:
        line, column: of the text, from 1.
        page: of a PDF, from 1.
        table, row, cell: the ranks of the table in the document, and of the row and the column in it, from 1.
    """

    line: int
    column: int
    page: int | None = None
    table: int | None = None
    row: int | None = None
    cell: int | None = None


@dataclass(frozen=True)
class Document:
    """A document as one text, with the places of its parts.

    Attributes:
        name: the path as given, or `-` for standard input.
        form: `text`, `markdown`, `html`, `docx`, `pdf` or `xlsx`.
        text: all that is printed, without menus, page headers, footers and page numbers.
        headings: the marked headings, in order.
        tables: the tables, in order.
        pages: the offsets at which pages begin; empty where a form has none.
    """

    name: str
    form: str
    text: str
    headings: tuple[Heading, ...] = ()
    tables: tuple[Table, ...] = ()
    pages: tuple[int, ...] = ()

    @cached_property
    def _lines(self) -> list[int]:
        lengths = [len(line) for line in self.text.splitlines(keepends=True)]
        starts = [0]
        for length in lengths:
            starts.append(starts[-1] + length)
        return starts

    def place(self, offset: int) -> Place:
        """Return where the character at an offset of the text is printed."""
        line = max(1, bisect_right(self._lines, offset))
        page = bisect_right(self.pages, offset) or None
        rank = next((rank for rank, table in enumerate(self.tables, 1) if table.start <= offset < table.end), None)
        cells = self.tables[rank - 1].cells if rank else ()
        cell = next((each for each in cells if each.offset <= offset <= each.offset + len(each.text)), None)
        row, column = (cell.row, cell.column) if cell else (None, None)
        return Place(line, offset - self._lines[line - 1] + 1, page, rank, row, column)


def plain(text: str, name: str = "-") -> Document:
    """Return a plain text, as decoded, as a document without marked headings and tables."""
    return Document(name, "text", text)
