"""Page of a sheet: find its header, leave out the titles above and the notes below, and resolve merged cells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from etl.findings import Text
from etl.raw_files.page import Page, RefusedFileError, Remark, blank_or
from etl.raw_files.plain_characters import plain
from schemas import standing

MOST_ROWS_ABOVE, MOST_ROWS_OF_HEADER = 50, 5
_NOTE = re.compile(
    "[(（\\[【]?(?:注|备注|附注|说明|数据来源|资料来源|来源|单位|制表|填表|填报|审核|[*※①-⑳]|(?:notes?|sources?|remarks?)\\b)",
    re.IGNORECASE,
)
Rows = list[list[str | None]]
Range = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Layout:
    """The declarations of a table on its sheet.

    Attributes:
        titles: what may stand in the header, in plain characters, and whether figures stand below it.
        title_rows: rows above the header; None to find them.
        note_rows: rows below the last row of data; None to find them.
    """

    titles: Mapping[str, bool]
    title_rows: int | None = None
    note_rows: int | None = None


def sheet_page(found: dict[str, Any], layout: Layout) -> Page:
    """Return the page of a sheet that was read in a child process.

    Raises:
        RefusedFileError: its header cannot be read.
    """
    return _Grid(found, layout).page()


class _Grid:
    """A sheet as rows of cells, some of them merged, and some rows at fault."""

    def __init__(self, found: dict[str, Any], layout: Layout) -> None:
        self.found, self.layout = found, layout
        self.rows: Rows = [[blank_or(cell) if cell else None for cell in row] for row in found["rows"]]
        self.merged: list[Range] = [(tuple(first), tuple(last)) for first, last in found["merged"]]
        self.faults = {row: (column, Text(en, zh)) for row, column, en, zh in reversed(found["faults"])}
        self.origins = self._origins()

    def page(self) -> Page:
        first, depth = self._header()
        page = Page([], sheet=self.found["sheet"])
        if first is None:
            return page
        start = first + depth
        for row in range(first, start):
            if row in self.faults:
                raise RefusedFileError(self.faults[row][1], row + 1, self.faults[row][0] + 1)
        titles = self._titles(range(first, start))
        page.header_line = start
        for row, column, en, zh in self.found["remarks"]:
            page.note(row + 1, column + 1, en, zh)
        self._note_header(page, first, depth)
        data = range(start, self._last_row(page, start) + 1)
        columns = [c for c, title in enumerate(titles) if title or any(self.rows[row][c] for row in data)]
        page.header = [titles[c] for c in columns]
        page.spot = lambda line, position: (line, columns[position] + 1)
        self._spread(page, data, {c for c in columns if not self.layout.titles.get(plain(titles[c]), False)})
        for number in data:
            if number in self.faults:
                column, message = self.faults[number]
                page.reject(Remark(standing.ROW_IS_READABLE, number + 1, column + 1, message))
            elif any(self.rows[number]):
                page.keep_text(number + 1, [self.rows[number][column] for column in columns])
        return page

    def _origins(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Map each merged cell to the first of its range, in the rows where a header can be."""
        origins: dict[tuple[int, int], tuple[int, int]] = {}
        height = min(len(self.rows), MOST_ROWS_ABOVE + MOST_ROWS_OF_HEADER)
        width = len(self.rows[0]) if self.rows else 0
        for first, last in self.merged:
            for row in range(first[0], min(last[0] + 1, height)):
                for column in range(first[1], min(last[1] + 1, width)):
                    if (row, column) in origins:
                        raise _overlap(row, column)
                    origins[row, column] = first
        return origins

    def _header(self) -> tuple[int | None, int]:
        """Find the first row of the header, and its depth: the rows that name the most declared columns."""
        if self.layout.title_rows is not None:
            first = self.layout.title_rows
            return (first, self._depth(first)) if first < len(self.rows) else (None, 1)
        filled = [number for number, row in enumerate(self.rows[:MOST_ROWS_ABOVE]) if any(row)]
        most, best, deep = 1, (filled[0] if filled else None), 1
        for first in filled:
            depth = self._depth(first)
            named = sum(plain(title) in self.layout.titles for title in {*self._titles(range(first, first + depth))})
            if named > most:
                most, best, deep = named, first, depth
        return best, deep

    def _depth(self, first: int) -> int:
        """Count the rows of a header that begins in a row: as many as a cell of it is merged over, or a second one."""
        ends = [last[0] for start, last in self.merged if start[0] == first]
        is_across = any(start[0] == first and last[1] > start[1] for start, last in self.merged)
        # A title over the whole sheet is merged too; it has no cell beside it.
        is_alone = sum(cell is not None for cell in self.rows[first]) < 2
        end = first if is_alone else max([*ends, first + is_across])
        return min(end - first + 1, len(self.rows) - first, MOST_ROWS_OF_HEADER)

    def _titles(self, block: range) -> list[str]:
        """Return the title of each column: the lowest one that is declared, or else all of them together."""
        found = []
        for column in range(len(self.rows[block.start])):
            levels: list[str] = []
            for row in block:
                origin = self.origins.get((row, column), (row, column))
                text = self.rows[origin[0]][origin[1]] if origin[0] in block else None
                if text and text not in levels[-1:]:
                    levels.append("".join(text.split("\n")))
            together = "".join(levels)
            found.append(next((each for each in (*levels[-1:], together) if plain(each) in self.layout.titles), together))
        return found

    def _first_text(self, row: int) -> str:
        return next(cell for cell in self.rows[row] if cell)

    def _note_header(self, page: Page, first: int, depth: int) -> None:
        above = [number for number in range(first) if any(self.rows[number])]
        if above and self.layout.title_rows is None:
            text = self._first_text(above[0])
            en = f"{len(above)} {'row' if len(above) == 1 else 'rows'} above the header are titles, and are not read: {text!r}"
            page.note(above[0] + 1, 1, en, f"表头以上 {len(above)} 行为标题，未予读取：“{text}”")
        if depth > 1:
            en = f"the header has {depth} rows with merged cells; "
            en += "a column is known by its lowest title, or by all of them together"
            page.note(first + 1, 1, en, f"表头共 {depth} 行且有合并单元格；以最下层标题或各层连写识别列")

    def _last_row(self, page: Page, start: int) -> int:
        """Find the last row of data; what is below it are notes."""
        filled = [number for number in range(start, len(self.rows)) if number in self.faults or any(self.rows[number])]
        if self.layout.note_rows is not None:
            data = filled[: max(len(filled) - self.layout.note_rows, 0)]
        else:
            end = len(filled)
            while end and filled[end - 1] not in self.faults and self._is_lone_text(filled[end - 1]):
                end -= 1
            while end < len(filled) and not _NOTE.match(self._first_text(filled[end])):
                end += 1
            data, notes = filled[:end], filled[end:]
            if notes:
                text = self._first_text(notes[0])
                en = f"{len(notes)} {'row' if len(notes) == 1 else 'rows'} below the table are notes, and are not read: {text!r}"
                page.note(notes[0] + 1, 1, en, f"表下 {len(notes)} 行为附注，未予读取：“{text}”")
        return data[-1] if data else start - 1

    def _is_lone_text(self, row: int) -> bool:
        return len(self.rows[row]) > 1 and sum(bool(cell) for cell in self.rows[row]) == 1

    def _spread(self, page: Page, data: range, labels: set[int]) -> None:
        """Repeat a label that is merged over rows in each of them; a figure so merged belongs to none for certain."""
        repeated: list[int] = []
        seen: set[tuple[int, int]] = set()
        for (top, left), (bottom, right) in self.merged:
            if top not in data:
                continue
            for row in range(top, min(bottom, data[-1]) + 1):
                if (row, left) in seen:
                    raise _overlap(row, left)
                seen.add((row, left))
                if left != right or left not in labels:
                    en = "merged cells in the data: nobody knows whose figure it is; split them"
                    self.faults.setdefault(row, (left, Text(en, "数据区有合并单元格，无法确定数字归属；请取消合并")))
                elif row > top:
                    self.rows[row][left] = self.rows[top][left]
                    repeated.append(row)
        if repeated:
            en = f"labels in merged cells are read in each of their rows ({len(repeated)} more)"
            page.note(repeated[0] + 1, 1, en, f"合并单元格中的标签用于其每一行（另 {len(repeated)} 行）")


def _overlap(row: int, column: int) -> RefusedFileError:
    return RefusedFileError(Text("merged cells overlap here", "合并单元格在此重叠"), row + 1, column + 1)
