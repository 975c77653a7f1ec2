"""The page of a sheet: where its header is, what above and below it is no row, and which cells are merged."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from etl.findings import Text
from etl.raw_files.page import Page, RefusedFileError, Remark, blank_or
from etl.raw_files.plain_characters import plain
from schemas import standing

MOST_ROWS_ABOVE = 50
_NOTE = re.compile(
    "[(（\\[【]?(?:注|备注|附注|说明|数据来源|资料来源|来源|单位|制表|填表|填报|审核|[*※①-⑳]|(?:notes?|sources?|remarks?)\\b)",
    re.IGNORECASE,
)
Rows = list[list[str | None]]
Range = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Layout:
    """What a table declares of its sheet.

    Attributes:
        titles: what may stand in the header, in plain characters, and whether figures stand below it.
        title_rows: rows above the header; None to find them.
        note_rows: rows below the last row of data; None to find them.
    """

    titles: Mapping[str, bool]
    title_rows: int | None = None
    note_rows: int | None = None


def sheet_page(found: dict[str, Any], layout: Layout) -> Page:
    """Give the page of a sheet that was read in a child process.

    Raises:
        RefusedFileError: its header cannot be read.
    """
    rows: Rows = [[blank_or(cell) if cell else None for cell in row] for row in found["rows"]]
    merged: list[Range] = [(tuple(first), tuple(last)) for first, last in found["merged"]]
    faults = {row: (column, Text(en, zh)) for row, column, en, zh in reversed(found["faults"])}
    first, depth = _header(rows, merged, layout)
    if first is None:
        return Page([], sheet=found["sheet"])
    titles = [_title(rows, merged, range(first, first + depth), column, layout) for column in range(len(rows[first]))]
    columns = [c for c, title in enumerate(titles) if title or any(row[c] for row in rows[first + depth :])]
    page = Page([titles[c] for c in columns], first + depth, sheet=found["sheet"])
    page.spot = lambda line, position: (line, columns[position] + 1)
    page.remarks += [Remark(standing.FILE_IS_PLAIN, r + 1, c + 1, Text(en, zh)) for r, c, en, zh in found["remarks"]]
    for row in range(first, first + depth):
        if row in faults:
            raise RefusedFileError(faults[row][1], row + 1, faults[row][0] + 1)
    _remark_on_header(page, rows, first, depth, layout)
    last = _last_row(page, rows, faults, first + depth, layout)
    _spread(page, rows, merged, faults, range(first + depth, last + 1), columns, layout)
    for number in range(first + depth, last + 1):
        if number in faults:
            column, message = faults[number]
            page.reject(Remark(standing.ROW_IS_READABLE, number + 1, column + 1, message))
        elif any(rows[number]):
            page.keep_text(number + 1, [rows[number][column] for column in columns])
    return page


def _header(rows: Rows, merged: list[Range], layout: Layout) -> tuple[int | None, int]:
    """Give the first row of the header, and how many rows it has: the one that names the most declared columns."""
    if layout.title_rows is not None:
        if layout.title_rows >= len(rows):
            return None, 1
        return layout.title_rows, _depth(rows, merged, layout.title_rows)
    best: tuple[int, int | None, int] = (0, None, 1)
    for first, row in enumerate(rows[:MOST_ROWS_ABOVE]):
        if not any(row):
            continue
        if best[1] is None:
            best = (0, first, 1)
        depth = _depth(rows, merged, first)
        block = range(first, first + depth)
        named = {_title(rows, merged, block, column, layout) for column in range(len(row))}
        count = sum(plain(title) in layout.titles for title in named)
        if count > max(best[0], 1):
            best = (count, first, depth)
    return best[1], best[2]


def _depth(rows: Rows, merged: list[Range], first: int) -> int:
    """Give how many rows a header has that begins in a row: as many as a cell of it is merged over, or a second one."""
    ends = [last[0] for start, last in merged if start[0] == first]
    across = any(start[0] == first and last[1] > start[1] for start, last in merged)
    # A title over the whole sheet is merged too; it has no cell beside it.
    is_alone = sum(cell is not None for cell in rows[first]) < 2
    end = first if is_alone else max([*ends, first + across, first])
    return min(end, len(rows) - 1) - first + 1


def _title(rows: Rows, merged: list[Range], block: range, column: int, layout: Layout) -> str:
    """Give the title of a column: the lowest one that is declared, or else all of them together."""
    levels: list[str] = []
    for row in block:
        text = rows[row][column]
        for start, last in merged:
            if text is None and start[0] <= row <= last[0] and start[1] <= column <= last[1] and start[0] in block:
                text = rows[start[0]][start[1]]
        if text and text not in levels[-1:]:
            levels.append("".join(text.split("\n")))
    together = "".join(levels)
    return next((each for each in (*reversed(levels[-1:]), together) if plain(each) in layout.titles), together)


def _remark_on_header(page: Page, rows: Rows, first: int, depth: int, layout: Layout) -> None:
    above = [number for number in range(first) if any(rows[number])]
    if above and layout.title_rows is None:
        text = next(cell for cell in rows[above[0]] if cell)
        en = f"{len(above)} {'row' if len(above) == 1 else 'rows'} above the header are titles, and are not read: {text!r}"
        message = Text(en, f"表头以上 {len(above)} 行为标题，未予读取：“{text}”")
        page.remarks.append(Remark(standing.FILE_IS_PLAIN, above[0] + 1, 1, message))
    if depth > 1:
        en = f"the header has {depth} rows with merged cells; a column is known by its lowest title, or by all of them together"
        message = Text(en, f"表头共 {depth} 行且有合并单元格；以最下层标题或各层连写识别列")
        page.remarks.append(Remark(standing.FILE_IS_PLAIN, first + 1, 1, message))


def _last_row(page: Page, rows: Rows, faults: Mapping[int, object], start: int, layout: Layout) -> int:
    """Give the last row of data; what is below it are notes."""
    filled = [number for number in range(start, len(rows)) if number in faults or any(rows[number])]
    if layout.note_rows is not None:
        notes = filled[max(len(filled) - layout.note_rows, 0) :]
    else:
        notes = []
        for number in reversed(filled):
            texts = [cell for cell in rows[number] if cell]
            if number in faults or len(texts) != 1 or len(page.header) < 2:
                break
            notes.insert(0, number)
        while notes and not _NOTE.match(next(cell for cell in rows[notes[0]] if cell)):
            notes.pop(0)
        if notes:
            text = next(cell for cell in rows[notes[0]] if cell)
            en = f"{len(notes)} {'row' if len(notes) == 1 else 'rows'} below the table are notes, and are not read: {text!r}"
            message = Text(en, f"表下 {len(notes)} 行为附注，未予读取：“{text}”")
            page.remarks.append(Remark(standing.FILE_IS_PLAIN, notes[0] + 1, 1, message))
    kept = filled[: len(filled) - len(notes)]
    return kept[-1] if kept else start - 1


def _spread(
    page: Page,
    rows: Rows,
    merged: list[Range],
    faults: dict[int, tuple[int, Text]],
    data: range,
    columns: list[int],
    layout: Layout,
) -> None:
    """Write a label that is merged over rows in each of them; of a figure so merged, nobody knows whose it is."""
    is_figure = {column: layout.titles.get(plain(title), False) for column, title in zip(columns, page.header, strict=True)}
    labels: list[int] = []
    for (top, left), (bottom, right) in merged:
        if top not in data:
            continue
        if left == right and is_figure.get(left) is False:
            for row in range(top + 1, min(bottom, data[-1]) + 1):
                rows[row][left] = rows[top][left]
                labels.append(row)
            continue
        for row in range(top, min(bottom, data[-1]) + 1):
            en = "merged cells in the data: nobody knows whose figure it is; split them"
            faults.setdefault(row, (left, Text(en, "数据区有合并单元格，无法确定数字归属；请取消合并")))
    if labels:
        en = f"labels in merged cells are read in each of their rows ({len(labels)} more)"
        message = Text(en, f"合并单元格中的标签用于其每一行（另 {len(labels)} 行）")
        page.remarks.append(Remark(standing.FILE_IS_PLAIN, labels[0] + 1, 1, message))
