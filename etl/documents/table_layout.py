"""Layout of a table: which rows are its header, which columns name its rows, and what stands above and beside each number."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from etl.documents.document import Cell
from etl.documents.title_units import RATE, is_unit, unit_in_title, unit_of_cell, units_of_caption
from etl.figures.numerals import FOLDED

MOST_HEADER_ROWS, MOST_ROWS_ABOVE = 6, 20
LOST = "\ufffd"
"""A character that a document shows and does not say."""
_FOLDED = str.maketrans({each: plain for each, plain in FOLDED.items() if plain.isprintable()})
_NUMBER = re.compile(
    r"[(\[<>≥≤约超近]{0,2}(?:[-+–—▲±]|负)? ?(?:US)?[¥£€$]? ?[0-9][0-9,. ]*"
    r"(?:[百千万亿%‰]|[\u4e00-\u9fff%‰()/]{0,8}|(?: ?[A-Za-z]{1,9}){0,2})?[)\]]?(?: ?[*†‡①-⑳])?"
)
_YEAR = re.compile(
    r"(?:19|20)[0-9]{2}(?: ?(?:年度?|[./年-] ?[0-9]{1,2}(?:[-~–—至][0-9]{1,2})?(?:月|季度)?))?(?:[a-z]|\([a-z]+\))?"
    r"|[0-9]{1,2}(?:[-~–—至][0-9]{1,2})?(?:月|季度)"
)
_RANK = re.compile(r"序号|编号|排名|位次|名次|代码|编码|顺序|行次|No\.?|#|rank", re.IGNORECASE)
_TIME = re.compile(r"年份|年度|年|时间|时期|期间|月份|year|period", re.IGNORECASE)
_UNIT_COLUMN = re.compile("(?:计量)?单\\s*位|units?", re.IGNORECASE)
_CLASS = re.compile("(?:以上|以下|以内|及以上|不满|未满|之间)$|[0-9][^0-9]{0,3}[-–—~～至][^0-9]?[0-9]")
_PART = re.compile("#?其中|of which", re.IGNORECASE)
_NOTE = re.compile(r"[(（\[【]?(?:注|备注|附注|说明|数据来源|资料来源|来源|[*※①-⑳]|(?:notes?|sources?)\b)", re.IGNORECASE)


@dataclass
class Grid:
    """A table as a form has it.

    Attributes:
        rows: the texts of its cells, each row as wide as the others; a cell under a merged one is empty.
        merged: ranges that are printed as one cell: first row and column, last row and column, from 0.
        header_rows: how many rows the form marks as header; 0 where it does not say.
        caption: its title and what stands above it.
        page_breaks: the rows, from 0, before which a page begins.
    """

    rows: list[list[str]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    header_rows: int = 0
    caption: str = ""
    page_breaks: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        width = max(map(len, self.rows), default=0)
        self.rows = [[" ".join(cell.split()) for cell in row] + [""] * (width - len(row)) for row in self.rows]
        self._place_merged()

    def append(self, rows: list[list[str]], merged: list[tuple[int, int, int, int]], page_breaks: list[int]) -> None:
        """Add rows as wide as the others, with their merged cells, and the breaks of pages before them."""
        self.rows += rows
        self.merged += merged
        self.page_breaks += page_breaks
        self._place_merged()

    def _place_merged(self) -> None:
        self._first = {
            (row, column): (top, left)
            for top, left, bottom, right in self.merged
            for row in range(top, min(bottom + 1, len(self.rows)))
            for column in range(left, min(right + 1, len(self.rows[0])))
        }

    def shown(self, row: int, column: int) -> str:
        """Return what is seen at a place: of a merged cell that at its first place."""
        top, left = self._first.get((row, column), (row, column))
        return self.rows[top][left]

    def covers(self, row: int, column: int) -> bool:
        """Whether a merged cell that begins elsewhere covers a place."""
        return self._first.get((row, column), (row, column)) != (row, column)


def is_number(text: str) -> bool:
    """Whether a cell is a number, with unit or without, and neither a year nor a period."""
    bare = text.translate(_FOLDED).strip()
    return _NUMBER.fullmatch(bare) is not None and not _YEAR.fullmatch(bare)


def is_year(text: str) -> bool:
    """Whether a cell is a year, or a period of one."""
    return _YEAR.fullmatch(text.translate(_FOLDED).strip()) is not None


def cells_of(grid: Grid, offset_of: Callable[[int, int], int]) -> tuple[Cell, ...]:
    """Return the cells of a table below its header and right of what names the rows.

    Args:
        grid: the table.
        offset_of: where the text of the cell in a row and column, from 0, begins.
    """
    rows = grid.rows
    first = _first_row(grid)
    end = _end(rows, first)
    body = first + _header_rows(grid, first, end)
    if body >= end:
        return ()
    caption = [grid.caption, *(cell for row in rows[:first] for cell in row if cell)]
    units = next((said for text in reversed(caption) if (said := units_of_caption(text))), ())
    stubs = _stubs(grid, first, body, end)
    header = [_titles(grid, column, range(first, body)) for column in range(len(rows[0]))]
    of_column = _column_units(header)
    found: list[Cell] = []
    group = ""
    for row in range(body, end):
        filled = [column for column, cell in enumerate(rows[row]) if cell]
        if _is_group(grid, row, filled, stubs):
            group = rows[row][filled[0]]
            continue
        of_row = _row_unit(grid, row, header, stubs)
        for column in filled:
            if column in stubs:
                continue
            stub = tuple(filter(None, (group, *(grid.shown(row, each) for each in stubs if each < column))))
            unit = unit_of_cell(of_column[column], of_row, units, " ".join((*header[column], *stub)))
            found.append(Cell(row + 1, column + 1, rows[row][column], offset_of(row, column), header[column], stub, unit))
    return tuple(found)


def _is_group(grid: Grid, row: int, filled: Sequence[int], stubs: Sequence[int]) -> bool:
    """Whether a row is the name of those below it: its only cell is a name, and none from above goes on beside it."""
    if len(filled) != 1 or len(grid.rows[0]) < 2 or filled[0] not in stubs:
        return False
    return not any(grid.covers(row, column) for column in range(filled[0]))


def _first_row(grid: Grid) -> int:
    """Return the first row that is no title above the table: a title fills one cell."""
    width = len(grid.rows[0]) if grid.rows else 0
    for number, row in enumerate(grid.rows[:MOST_ROWS_ABOVE]):
        filled = sum(map(bool, row))
        if filled > 1 or (filled == 1 and width == 1) or (filled and any(map(is_number, row))):
            return number
        is_across = any((number, 0, number, width - 1) == place for place in grid.merged)
        if filled == 1 and number < grid.header_rows and not is_across:
            return number
    return 0


def _end(rows: list[list[str]], first: int) -> int:
    """Return the row below the last one that is no note."""
    end = len(rows)
    while end > first + 1:
        filled = [cell for cell in rows[end - 1] if cell]
        is_note = len(filled) == 1 and (_NOTE.match(filled[0]) or len(filled[0]) > 40)
        if filled and not is_note:
            return end
        end -= 1
    return end


def _header_rows(grid: Grid, first: int, end: int) -> int:
    """Return how many rows the header has: those without numbers, as far as merged cells, units or blanks tie them together."""
    if grid.header_rows > first:
        return grid.header_rows - first + _is_unit_row(grid.rows[min(grid.header_rows, end - 1)])
    count = 0
    for number in range(first, min(end, first + MOST_HEADER_ROWS)):
        row = grid.rows[number]
        if any(map(is_number, row[1:] if len(row) > 1 else row)) and not _is_numbering(row, grid, number, first):
            break
        is_tied = not count or _is_unit_row(row) or not row[0] or any(grid.covers(number, each) for each in range(len(row)))
        if not is_tied and not _is_numbering(row, grid, number, first):
            break
        count += 1
    return count


def _is_unit_row(row: Sequence[str]) -> bool:
    filled = [cell for cell in row[1:] if cell]
    return bool(filled) and all(is_unit(cell) for cell in filled)


def _is_numbering(row: Sequence[str], grid: Grid, number: int, first: int) -> bool:
    """Whether a row below the titles numbers the columns: 甲 1 2 3, (1) (2) (3)."""
    digits = [cell.strip("()（） ") for cell in row[1:] if cell]
    is_run = len(digits) > 1 and digits in ([str(each) for each in range(start, start + len(digits))] for start in (1, 2))
    return is_run and number > first and not is_number(row[0]) and (len(row[0]) <= 2)


def _stubs(grid: Grid, first: int, body: int, end: int) -> list[int]:
    """Return the columns that name the rows: those without numbers, and years, ranks and codes beside them."""
    found: list[int] = []
    for column in range(len(grid.rows[0])):
        below = [text for row in range(body, end) if (text := grid.rows[row][column])]
        title = "".join(_titles(grid, column, range(first, body)))
        are_years = bool(below) and all(map(is_year, below))
        if not any(map(is_number, below)):
            is_stub = column == 0 or not are_years or _TIME.search(title) is not None
        elif _RANK.search(title):
            is_stub = all(each.isdecimal() for each in below)
        elif len(found) == column and all(_CLASS.search(each) or not is_number(each) for each in below):
            is_stub = column + 1 < len(grid.rows[0])  # classes of size or age, which name the rows
        else:
            is_unnamed = _TIME.fullmatch(title) is not None or not title
            is_stub = column == 0 and is_unnamed and all(map(_is_rank_or_year, below)) and _ascends(below)
        if is_stub:
            found.append(column)
    return found if len(found) < len(grid.rows[0]) else found[:1]


def _is_rank_or_year(text: str) -> bool:
    return is_year(text) or (text.isdecimal() and len(text) <= 3)


def _ascends(texts: Sequence[str]) -> bool:
    numbers = [int(text) for text in texts if text.isdecimal()]
    return all(one + 1 == other or one - 1 == other for one, other in pairwise(numbers))


def _titles(grid: Grid, column: int, rows: range) -> tuple[str, ...]:
    titles: list[str] = []
    for row in rows:
        text = grid.shown(row, column)
        if text and text not in titles[-1:]:
            titles.append(text)
    return tuple(titles)


def _column_units(header: Sequence[Sequence[str]]) -> list[str]:
    """Return the unit of each column; a part of the column beside it (其中：发明) has its unit."""
    units: list[str] = []
    for titles in header:
        unit = _column_unit(titles)
        if not unit and titles and _PART.match(titles[-1]) and units and not RATE.search(titles[-1]):
            unit = units[-1]
        units.append(unit)
    return units


def _column_unit(titles: Sequence[str]) -> str:
    """Return the unit that the lowest title with one says."""
    for title in reversed(titles):
        if is_unit(title):
            return title.translate(_FOLDED).strip(" ()")
        if unit := unit_in_title(title):
            return unit
    return ""


def _row_unit(grid: Grid, row: int, header: Sequence[Sequence[str]], stubs: Sequence[int]) -> str:
    """Return the unit of a row: in a column of units, or in its label."""
    for column in stubs:
        text = grid.shown(row, column)
        if text and header[column] and _UNIT_COLUMN.fullmatch(header[column][-1].strip()):
            return "" if LOST in text else text.translate(_FOLDED).strip(" ()")
    return next((unit for column in stubs if (unit := unit_in_title(grid.shown(row, column)))), "")
