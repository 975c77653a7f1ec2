"""Tables of plain text, where they are certain: lines parted by tabs, and columns of numbers under as many titles."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from etl.documents.document import Document, Table
from etl.documents.forms.blocks import caption_above
from etl.documents.table_layout import Grid, cells_of, is_number, is_year

LEAST_LINES, LEAST_FIELDS = 2, 3
_FIELD = re.compile(r"\S+")
_MARKS = re.compile("[，。；：！？、,;!?]")
Spans = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of a text, without its end, and where it begins."""

    text: str
    offset: int


def read_text(text: str, name: str) -> Document:
    """Return a plain text as a document; the text stays as it is."""
    lines, tables, number = text_lines(text), list[Table](), 0
    while number < len(lines):
        rows = _by_tabs(lines, number) or _by_spaces(lines, number)
        if rows and (table := table_of(lines[number : number + len(rows)], rows, lines_above(lines, number))):
            tables.append(table)
        number += max(len(rows), 1)
    return Document(name, "text", text, tables=tuple(tables))


def text_lines(text: str) -> list[TextLine]:
    """Return the lines of a text."""
    found, offset = [], 0
    for line in text.splitlines(keepends=True):
        found.append(TextLine(line.rstrip("\r\n\v\f\x1c\x1d\x1e\x85\u2028\u2029"), offset))
        offset += len(line)
    return found


def lines_above(lines: list[TextLine], number: int) -> list[str]:
    """Return the lines above a line that are not blank, the nearest first."""
    return [line.text.strip() for line in reversed(lines[max(number - 8, 0) : number]) if line.text.strip()]


def table_of(lines: list[TextLine], rows: list[Spans], above: list[str], *, header_rows: int = 0) -> Table | None:
    """Return the table whose rows are lines; None where it has no numbers.

    Args:
        lines: one a row.
        rows: for each row start and end of its cells, in the text.
        above: the lines above the table, the nearest first.
        header_rows: how many rows are marked as its header; 0 where that is not said.
    """
    texts = [
        [line.text[start - line.offset : end - line.offset].replace("\u2060", "") for start, end in row]
        for line, row in zip(lines, rows, strict=True)
    ]
    grid = Grid(texts, header_rows=header_rows, caption=caption_above(above))
    cells = cells_of(grid, lambda row, column: rows[row][column][0])
    if not any(is_number(cell.text) for cell in cells):
        return None
    return Table(lines[0].offset, lines[-1].offset + len(lines[-1].text) + 1, grid.caption, cells)


def _by_tabs(lines: list[TextLine], first: int) -> list[Spans]:
    """Part the lines from one on at their tabs, as far as they have some."""
    rows: list[Spans] = []
    for line in islice(lines, first, None):
        if "\t" not in line.text:
            break
        row, at = Spans(), line.offset
        for cell in line.text.split("\t"):
            bare = cell.strip()
            start = at + (cell.index(bare) if bare else 0)
            row.append((start, start + len(bare)))
            at += len(cell) + 1
        rows.append(row)
    return rows if len(rows) >= LEAST_LINES else []


def _by_spaces(lines: list[TextLine], first: int) -> list[Spans]:
    """Part the lines from one on at their spaces, where it has titles, and the others a label and as many numbers."""
    titles = _FIELD.findall(lines[first].text)
    if len(titles) < LEAST_FIELDS or "\t" in lines[first].text or any(map(is_number, titles)):
        return []
    rows = [_spans(lines[first])]
    for line in islice(lines, first + 1, None):
        fields = _FIELD.findall(line.text)
        if len(fields) != len(titles) or "\t" in line.text or not all(map(is_number, fields[1:])) or _MARKS.search(fields[0]):
            break
        if is_number(fields[0]) and not is_year(fields[0]):
            break
        rows.append(_spans(line))
    return rows if len(rows) >= LEAST_LINES + 1 else []


def _spans(line: TextLine) -> Spans:
    return [(line.offset + found.start(), line.offset + found.end()) for found in _FIELD.finditer(line.text)]
