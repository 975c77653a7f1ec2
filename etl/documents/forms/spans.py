"""Tables whose cells span rows and columns, as HTML and DOCX have them; tables that only place text on a page are lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from etl.documents.forms.blocks import Block, Line
from etl.documents.table_layout import Grid

WIDEST, LONGEST_CELL = 1_000, 300


@dataclass(frozen=True, slots=True)
class SpannedCell:
    """A cell: its lines, over how many columns and rows it stands, and whether the form marks it as header."""

    lines: Sequence[str]
    across: int = 1
    down: int = 1
    is_header: bool = False


def table_blocks(rows: Sequence[Sequence[SpannedCell]], caption: str = "") -> list[Block]:
    """Return the table that rows of cells make; lines where it holds paragraphs, or one column."""
    if max(map(len, rows), default=0) < 2 or any(_is_text(cell.lines) for row in rows for cell in row):
        return [Line(line) for row in rows for cell in row for line in cell.lines]
    placed: dict[tuple[int, int], str] = {}
    merged: list[tuple[int, int, int, int]] = []
    header = 0
    for row, cells in enumerate(rows):
        column = 0
        for cell in cells:
            while (row, column) in placed:
                column += 1
            last = (min(row + cell.down, len(rows)) - 1, min(column + cell.across, max(WIDEST, column + 1)) - 1)
            places = [(y, x) for y in range(row, last[0] + 1) for x in range(column, last[1] + 1)]
            placed |= {place: "" for place in places if place not in placed}
            placed[row, column] = joined(cell.lines)
            if len(places) > 1:
                merged.append((row, column, *last))
            column = last[1] + 1
        header += header == row and bool(cells) and all(cell.is_header for cell in cells)
    width = 1 + max((column for _, column in placed), default=-1)
    texts = [[placed.get((row, column), "") for column in range(width)] for row in range(len(rows))]
    return [Grid(texts, merged, header if header < len(rows) else 0, caption)]


def joined(lines: Sequence[str]) -> str:
    """Join the lines of a cell; two numbers stay two."""
    text = ""
    for line in lines:
        if text and text[-1].isdigit() and line[:1].isdigit():
            text += " / "
        elif text and (text[-1].isascii() or line[:1].isascii()):
            text += " "
        text += line
    return text


def _is_text(lines: Sequence[str]) -> bool:
    """Whether a cell holds paragraphs, as cells do that only place them on the page."""
    return any(len(line) > LONGEST_CELL for line in lines) or (len(lines) > 1 and any("。" in line for line in lines))
