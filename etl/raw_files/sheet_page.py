"""Page of a sheet: locate the header, data and notes, and resolve merged cells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from etl.raw_files.page import Page, RefusedFileError, Remark, blank_or
from etl.raw_files.plain_characters import plain
from schemas import builtin_rules
from schemas.texts import Text

MOST_ROWS_ABOVE, MOST_ROWS_OF_HEADER = 50, 5
_NOTE = re.compile(
    "[(（\\[【]?(?:注|备注|附注|说明|数据来源|资料来源|来源|单位|制表|填表|填报|审核|[*※①-⑳⁰¹²³⁴-⁹]|(?:notes?|sources?|remarks?)\\b)",
    re.IGNORECASE,
)
Grid = list[list[str | None]]
Range = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Layout:
    """A table's declarations about its sheet.

    Attributes:
        titles: what may stand in the header, in plain characters, and whether figures stand below it.
        title_rows: rows above the header; None to find them.
        note_rows: rows below the last row of data; None to find them.
        header_rows: rows of the header, where the rows above it are known; None to find them.
    """

    titles: Mapping[str, bool]
    title_rows: int | None = None
    note_rows: int | None = None
    header_rows: int | None = None


def sheet_page(found: dict[str, Any], layout: Layout) -> Page:
    """Build the page of a sheet that was read in a child process.

    Raises:
        RefusedFileError: its header cannot be read.
    """
    rows: Grid = [[blank_or(cell) if cell else None for cell in row] for row in found["rows"]]
    merged: list[Range] = [(tuple(first), tuple(last)) for first, last in found["merged"]]
    faults = {row: (column, Text(en, zh)) for row, column, en, zh in reversed(found["faults"])}
    under = under_merged(rows, merged)
    first, depth = _header(rows, merged, under, layout)
    if first is None:
        return Page([], sheet=found["sheet"])
    for row in range(first, first + depth):
        if row in faults:
            raise RefusedFileError(faults[row][1], row + 1, faults[row][0] + 1)
    titles = _titles(rows, under, range(first, first + depth), layout)
    page = Page([], first + depth, sheet=found["sheet"])
    page.remarks += [Remark(builtin_rules.FILE_IS_PLAIN, r + 1, c + 1, Text(en, zh)) for r, c, en, zh in found["remarks"]]
    _remark_on_header(page, rows, first, depth, layout)
    data = range(first + depth, _last_row(page, rows, faults, first + depth, layout) + 1)
    columns = [c for c, title in enumerate(titles) if title or any(rows[row][c] for row in data)]
    page.header = [titles[c] for c in columns]
    page.spot = lambda line, position: (line, columns[position] + 1)
    is_figure = {c: layout.titles.get(plain(titles[c]), False) for c in columns}
    _spread(page, rows, merged, faults, data, is_figure)
    for number in data:
        if number in faults:
            column, message = faults[number]
            page.reject(Remark(builtin_rules.ROW_IS_READABLE, number + 1, column + 1, message))
        elif any(rows[number]):
            page.keep_text(number + 1, [rows[number][column] for column in columns])
    return page


def under_merged(rows: Grid, merged: list[Range]) -> dict[tuple[int, int], tuple[int, int]]:
    """Map cells to the first cell of their merged range, where a header can be.

    Raises:
        RefusedFileError: two ranges overlap.
    """
    under: dict[tuple[int, int], tuple[int, int]] = {}
    height = min(len(rows), MOST_ROWS_ABOVE + MOST_ROWS_OF_HEADER)
    width = len(rows[0]) if rows else 0
    for first, last in merged:
        for row in range(first[0], min(last[0] + 1, height)):
            for column in range(first[1], min(last[1] + 1, width)):
                if (row, column) in under:
                    raise _overlap(row, column)
                under[row, column] = first
    return under


def _header(
    rows: Grid, merged: list[Range], under: dict[tuple[int, int], tuple[int, int]], layout: Layout
) -> tuple[int | None, int]:
    """Find the header: its first row and height, by the most declared columns."""
    if layout.title_rows is not None:
        if layout.title_rows >= len(rows):
            return None, 1
        return layout.title_rows, layout.header_rows or _depth(rows, merged, layout.title_rows)
    best: tuple[int, int | None, int] = (0, None, 1)
    for first, row in enumerate(rows[:MOST_ROWS_ABOVE]):
        if not any(row):
            continue
        if best[1] is None:
            best = (0, first, 1)
        depth = _depth(rows, merged, first)
        titles = set(_titles(rows, under, range(first, first + depth), layout))
        count = sum(plain(title) in layout.titles for title in titles)
        if count > max(best[0], 1):
            best = (count, first, depth)
    return best[1], best[2]


def _depth(rows: Grid, merged: list[Range], first: int) -> int:
    """Return the height of a header from a row, by merged cells or a second row."""
    ends = [last[0] for start, last in merged if start[0] == first]
    across = any(start[0] == first and last[1] > start[1] for start, last in merged)
    # A title over the whole sheet is merged too; it has no cell beside it.
    is_alone = sum(cell is not None for cell in rows[first]) < 2
    end = first if is_alone else max([*ends, first + across, first])
    return min(end - first + 1, len(rows) - first, MOST_ROWS_OF_HEADER)


def _titles(rows: Grid, under: dict[tuple[int, int], tuple[int, int]], block: range, layout: Layout) -> list[str]:
    """Return each column's title: the lowest declared one, or all joined."""
    found = []
    for levels in title_levels(rows, under, block):
        together = "".join(levels)
        found.append(next((each for each in (*levels[-1:], together) if plain(each) in layout.titles), together))
    return found


def title_levels(rows: Grid, under: dict[tuple[int, int], tuple[int, int]], block: range) -> list[list[str]]:
    """List the titles over each column in the rows of a header, the outermost first."""
    found = []
    for column in range(len(rows[block.start])):
        levels: list[str] = []
        for row in block:
            origin = under.get((row, column), (row, column))
            text = rows[origin[0]][origin[1]] if origin[0] in block else None
            if text and text not in levels[-1:]:
                levels.append("".join(text.split("\n")))
        found.append(levels)
    return found


def _remark_on_header(page: Page, rows: Grid, first: int, depth: int, layout: Layout) -> None:
    above = [number for number in range(first) if any(rows[number])]
    if above and layout.title_rows is None:
        text = next(cell for cell in rows[above[0]] if cell)
        en = f"{len(above)} {'row' if len(above) == 1 else 'rows'} above the header are titles, and are not read: {text!r}"
        message = Text(en, f"表头以上 {len(above)} 行为标题，未予读取：“{text}”")
        page.remarks.append(Remark(builtin_rules.FILE_IS_PLAIN, above[0] + 1, 1, message))
    if depth > 1 and layout.header_rows is None:
        en = f"the header has {depth} rows with merged cells; a column is known by its lowest title, or by all of them together"
        message = Text(en, f"表头共 {depth} 行且有合并单元格；以最下层标题或各层连写识别列")
        page.remarks.append(Remark(builtin_rules.FILE_IS_PLAIN, first + 1, 1, message))


def _last_row(page: Page, rows: Grid, faults: Mapping[int, object], start: int, layout: Layout) -> int:
    """Find the last row of data; notes follow it."""
    filled = [number for number in range(start, len(rows)) if number in faults or any(rows[number])]
    if layout.note_rows is not None:
        notes = filled[max(len(filled) - layout.note_rows, 0) :]
    else:
        notes = []
        for number in reversed(filled):
            texts = [cell for cell in rows[number] if cell]
            if number in faults or len(texts) != 1 or len(rows[number]) < 2:
                break
            notes.insert(0, number)
        while notes and not _NOTE.match(next(cell for cell in rows[notes[0]] if cell)):
            notes.pop(0)
        if notes:
            text = next(cell for cell in rows[notes[0]] if cell)
            en = f"{len(notes)} {'row' if len(notes) == 1 else 'rows'} below the table are notes, and are not read: {text!r}"
            message = Text(en, f"表下 {len(notes)} 行为附注，未予读取：“{text}”")
            page.remarks.append(Remark(builtin_rules.FILE_IS_PLAIN, notes[0] + 1, 1, message))
    kept = filled[: len(filled) - len(notes)]
    return kept[-1] if kept else start - 1


def _spread(
    page: Page,
    rows: Grid,
    merged: list[Range],
    faults: dict[int, tuple[int, Text]],
    data: range,
    is_figure: Mapping[int, bool],
) -> None:
    """Copy a merged label to each of its rows; a merged figure has no certain row."""
    labels: list[int] = []
    seen: set[tuple[int, int]] = set()
    for (top, left), (bottom, right) in merged:
        if top not in data:
            continue
        is_label = left == right and is_figure.get(left) is False
        for row in range(top, min(bottom, data[-1]) + 1):
            if (row, left) in seen:
                raise _overlap(row, left)
            seen.add((row, left))
            if not is_label:
                en = "merged cells in the data: it is unclear whose figure it is; split them"
                faults.setdefault(row, (left, Text(en, "数据区有合并单元格，无法确定数字归属；请取消合并")))
            elif row > top:
                rows[row][left] = rows[top][left]
                labels.append(row)
    if labels:
        en = f"labels in merged cells are read in each of their rows ({len(labels)} more)"
        message = Text(en, f"合并单元格中的标签用于其每一行（另 {len(labels)} 行）")
        page.remarks.append(Remark(builtin_rules.FILE_IS_PLAIN, labels[0] + 1, 1, message))


def _overlap(row: int, column: int) -> RefusedFileError:
    return RefusedFileError(Text("merged cells overlap here", "合并单元格在此重叠"), row + 1, column + 1)
