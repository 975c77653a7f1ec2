"""Paragraphs and tables of a page, from rows of runs; what is not certain to be a table stays lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from etl.documents.forms.blocks import Block, Line
from etl.documents.forms.pdf_layout import Row, Run
from etl.documents.table_layout import Grid, is_number

MOST_HEADER_ROWS, LEAST_BODY_ROWS, LONGEST_CELL = 5, 2, 40
_SENTENCE_END = re.compile("[。！？；：.!?;:]$")
_MARK = re.compile(
    "[（(]?(?:[一二三四五六七八九十]{1,3}|[0-9]{1,2})[）)、.．]|第[一二三四五六七八九十]+[章节部]|[A-Z][ 、.]|[■●◆▪•]"
)
_CLAUSE = re.compile("[，；。,;]")
_CAPTION = re.compile(r"(?:附?表|图|table|figure) *[0-9一二三四五六七八九十]|[(（]?单位|.*[。；]$|注[:：]", re.IGNORECASE)
_LATIN_END, _LATIN_START = re.compile("[A-Za-z]{2}[,.;:)]?$|[A-Za-z] [0-9][0-9,.]*%?$"), re.compile("[A-Za-z0-9(£€$]")


@dataclass(slots=True)
class TextRow:
    """A line of running text: whether it fills its column, and whether it is indented."""

    text: str
    height: float
    is_full: bool
    is_indented: bool


def blocks_of(rows: Sequence[Row]) -> Iterator[TextRow | Grid]:
    """Yield the lines and tables of a region."""
    if not rows:
        return
    single = [row for row in rows if len(row.runs) == 1 and not row.runs[0].grid] or rows
    left = min(row.runs[0].x0 for row in single)
    right = max(row.runs[-1].x1 for row in single)
    number = 0
    while number < len(rows):
        grid, height = _table(rows, number)
        if grid is not None:
            yield grid
            number += height
            continue
        row = rows[number]
        if any(run.grid for run in row.runs):
            for block in (each for run in row.runs for each in run.grid or (Line(run.text),)):
                yield block if isinstance(block, Grid) else TextRow(block.text, row.height, is_full=False, is_indented=True)
            number += 1
            continue
        is_full = row.runs[-1].x1 >= right - 2 * row.height
        yield TextRow(_line(row), row.height, is_full, row.runs[0].x0 > left + 1.2 * row.height)
        number += 1


def paragraphs(found: Sequence[TextRow | Grid | str]) -> Iterator[Block]:
    """Join the lines of paragraphs, and tables that go on overleaf; the break of a page, a text, joins and parts nothing."""
    text, last, between = "", None, ""
    table: Grid | None = None
    for each in found:
        if isinstance(each, str):
            between += each
        elif isinstance(each, Grid):
            if table is not None and _continue_table(table, each, between):
                between = ""
                continue
            yield from [table] if table else []
            yield from [Line(text + between)] if text or between else []
            text, last, between, table = "", None, "", each
        elif last is not None and _goes_on(last, text, each):
            text += between + (" " if _LATIN_END.search(text) and _LATIN_START.match(each.text) else "") + each.text
            last, between = each, ""
        else:
            yield from [table] if table else []
            yield from [Line(text)] if text else []
            text, last, between, table = between + each.text, each, "", None
    yield from [table] if table else []
    yield Line(text + between)


def _continue_table(table: Grid, following: Grid, between: str) -> bool:
    """Add the rows of a table that follows on the next page, without the header that is repeated; whether they belong to it."""
    width = len(table.rows[0])
    if not between or len(following.rows[0]) != width:
        return False
    repeated = 0
    while repeated < min(len(table.rows), len(following.rows)) and table.rows[repeated] == following.rows[repeated]:
        repeated += 1
    if not repeated and not any(map(is_number, following.rows[0][1:])):
        return False
    shift = len(table.rows) - repeated
    breaks = [len(table.rows)] * len(between)
    merged = [(top + shift, left, bottom + shift, right) for top, left, bottom, right in following.merged if top >= repeated]
    table.append(following.rows[repeated:], merged, breaks)
    return True


def _goes_on(last: TextRow, text: str, following: TextRow) -> bool:
    is_alike = abs(last.height - following.height) <= 0.2 * max(last.height, following.height)
    is_cut = last.is_full and not following.is_indented and not _SENTENCE_END.search(text)
    is_heading = _MARK.match(following.text) is not None and not _CLAUSE.search(text)
    return is_alike and is_cut and "\t" not in last.text + following.text and not is_heading


def _line(row: Row) -> str:
    """Return a row as a line; short pieces far from each other stay apart."""
    are_short = all(len(run.text) <= LONGEST_CELL for run in row.runs)
    return ("\t" if are_short and any(is_number(run.text) for run in row.runs) else " ").join(run.text for run in row.runs)


def _table(rows: Sequence[Row], first: int) -> tuple[Grid | None, int]:
    """Return the table that begins with a row, and how many rows it has; None where it is not certain."""
    body = first
    while body < len(rows) and body - first <= MOST_HEADER_ROWS and not _is_body(rows[body]):
        row = rows[body]
        is_other = any(run.grid for run in row.runs) or len(row.text) > 4 * LONGEST_CELL or not _is_near(rows, body)
        if is_other or _CAPTION.match(row.text):
            return None, 0
        if all(len(run.text) > LONGEST_CELL for run in rows[body].runs):
            return None, 0
        body += 1
    if body - first > MOST_HEADER_ROWS or body >= len(rows) or (body == first and not _is_body(rows[body])):
        return None, 0
    end = body + 1
    while end < len(rows) and _is_near(rows, end - 1) and (_is_body(rows[end]) or _is_label(rows, end)):
        end += 1
    while not _is_body(rows[end - 1]):
        end -= 1
    measured = [row for row in rows[body:end] if _is_body(row)]
    columns = _columns(measured)
    if len(measured) < LEAST_BODY_ROWS or len(columns) < 2 or max(len(row.runs) for row in measured) != len(columns):
        return None, 0
    kept, halves = _without_halves(rows[first:end])
    texts: list[list[str]] = []
    merged: list[tuple[int, int, int, int]] = []
    for number, row in enumerate(kept):
        is_header = row.y > rows[body].y + 1
        placed = _placed(row, columns, is_header=is_header)
        half = _placed(halves[number], columns, is_header=is_header) if number in halves else []
        if placed is None or half is None:
            return None, 0
        texts.append([""] * len(columns))
        for run, (start, last) in (*placed, *half):
            if texts[-1][start]:
                return None, 0
            texts[-1][start] = run.text
            is_tall = any(run is each for each, _ in half)
            if last > start or is_tall:
                merged.append((number, start, number + is_tall, last))
    if body > first and not any(len(row.runs) > 1 for row in rows[first:body]):
        return None, 0
    return Grid(texts, merged, sum(row.y > rows[body].y + 1 for row in kept)), end - first


def _without_halves(rows: Sequence[Row]) -> tuple[list[Row], dict[int, Row]]:
    """Part rows that stand half way between two others, whose cells are as high as both, from the others.

    Returns:
        The other rows; and by the number of one such a row that begins in it.
    """
    gaps = sorted(above.y - below.y for above, below in pairwise(rows))
    usual = gaps[(3 * len(gaps)) // 4] if gaps else 0
    kept: list[Row] = []
    halves: dict[int, Row] = {}
    for number, row in enumerate(rows):
        is_between = 0 < number < len(rows) - 1 and len(kept) - 1 not in halves
        if is_between and max(rows[number - 1].y - row.y, row.y - rows[number + 1].y) < 0.75 * usual:
            halves[len(kept) - 1] = row
        else:
            kept.append(row)
    return kept, halves


def _is_body(row: Row) -> bool:
    """Whether a row is a label and numbers, far from each other."""
    if any(run.grid for run in row.runs):
        return False
    return (
        len(row.runs) > 1
        and any(is_number(run.text) for run in row.runs[1:])
        and all(len(r.text) <= LONGEST_CELL for r in row.runs)
    )


def _is_label(rows: Sequence[Row], number: int) -> bool:
    """Whether a row among those of a table is a label alone, or one that goes on."""
    row = rows[number]
    is_inside = number + 1 < len(rows) and _is_body(rows[number + 1]) and _is_near(rows, number)
    return is_inside and len(row.runs) == 1 and len(row.text) <= LONGEST_CELL and not _CAPTION.match(row.text)


def _is_near(rows: Sequence[Row], number: int) -> bool:
    """Whether the row below a row is not far from it."""
    return number + 1 < len(rows) and rows[number].y - rows[number + 1].y <= 3.2 * max(
        rows[number].height, rows[number + 1].height
    )


def _columns(rows: Sequence[Row]) -> list[tuple[float, float]]:
    """Return the columns in which runs stand one below the other, from left to right."""
    columns: list[tuple[float, float]] = []
    for x0, x1 in sorted((run.x0, run.x1) for row in rows for run in row.runs):
        if columns and x0 <= columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], x1))
        else:
            columns.append((x0, x1))
    return columns


def _placed(row: Row, columns: Sequence[tuple[float, float]], *, is_header: bool) -> list[tuple[Run, tuple[int, int]]] | None:
    """Return over which columns the runs of a row stand; None where that is not plain."""
    if is_header and len(row.runs) == len(columns):
        return [(run, (number, number)) for number, run in enumerate(row.runs)]
    found = []
    for run in row.runs:
        over = [number for number, (x0, x1) in enumerate(columns) if run.x0 < x1 and run.x1 > x0]
        if is_header:
            over = _spanned(run, columns, over)
        if not over or (len(over) > 1 and not is_header):
            return None
        found.append((run, (over[0], over[-1])))
    return found


def _spanned(run: Run, columns: Sequence[tuple[float, float]], over: list[int]) -> list[int]:
    """Return the columns over which a title is centred: one, or several neighbours."""
    middle = (run.x0 + run.x1) / 2
    centres = [(x0 + x1) / 2 for x0, x1 in columns]
    choices = [(first, last) for first in range(len(columns)) for last in range(first, len(columns))]
    fitting = [(first, last) for first, last in choices if not over or (first <= over[0] and over[-1] <= last)]
    if not fitting:
        return over
    best = min(fitting, key=lambda span: (round(abs(middle - (centres[span[0]] + centres[span[1]]) / 2) / 6), span[1] - span[0]))
    return list(range(best[0], best[1] + 1))


def body_height(rows: Sequence[Row]) -> float:
    """Return the height of the running text of a page."""
    return median([row.height for row in rows for _ in range(len(row.text))] or [0])
