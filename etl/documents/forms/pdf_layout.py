"""Layout of a page: runs of characters, rows of runs, and columns of text in reading order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

from etl.documents.forms.blocks import Block
from etl.raw_files.raised import raised

WIDE_GAP, WORD_GAP, SAME_ROW = 0.9, 0.3, 0.5
"""Of the height of a character: between runs, between words, and between the baselines of one row."""
LEAST_COLUMN_ROWS, LEAST_COLUMN_CHARACTERS = 3, 8
_HAN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")
_PAGE_NUMBER = re.compile(
    r"[-–—~·•|〔\[( ]*(?:第 *)?(?:page *)?[0-9]{1,4}(?: *(?:页|of|/|共) *(?:共 *)?[0-9]{0,4} *页?)*[-–—~·•|〕\]) ]*|[ivxlc]{1,6}",
    re.IGNORECASE,
)
MARGIN, MOST_MARGIN_ROWS = 0.12, 3


class Character(NamedTuple):
    """A character: where it begins and ends, its baseline and height."""

    text: str
    x0: float
    x1: float
    y: float
    height: float


@dataclass(slots=True)
class Run:
    """Characters that stand side by side on one baseline; or a ruled table, in whose place it stands."""

    text: str
    x0: float
    x1: float
    y: float
    height: float
    grid: Sequence[Block] = ()


@dataclass(slots=True)
class Row:
    """Runs on one baseline, from left to right, parted where there is a wide gap."""

    y: float
    height: float
    runs: list[Run]

    @property
    def text(self) -> str:
        return " ".join(run.text for run in self.runs)


def runs_of(characters: Iterable[Character], bars: Sequence[tuple[float, float, float]] = ()) -> list[Run]:
    """Join characters, in the order in which the page draws them, into runs; what is drawn twice counts once.

    Args:
        characters: of the page.
        bars: upright lines that part runs: where each stands, from where to where it goes.
    """
    runs: list[Run] = []
    waiting = ""  # raised characters after a run
    for each in characters:
        last = runs[-1] if runs else None
        if last is not None and _follows(last, each) and not _is_barred(last, each, bars):
            if _is_raised(each, last):
                waiting += each.text
                last.x1 = max(last.x1, each.x1)
                continue
            last.text += raised(last.text, waiting) if waiting else ""
            waiting = ""
            if last.text.endswith(each.text) and each.x0 < last.x1 - 0.7 * (each.x1 - each.x0):
                continue  # bold by drawing twice
            last.text += _space(last, each) + each.text
            last.x1, last.height = max(last.x1, each.x1), max(last.height, each.height)
        else:
            if last is not None and waiting:
                last.text += raised(last.text, waiting)
            waiting = ""
            if each.text.strip():
                runs.append(Run(each.text, each.x0, each.x1, each.y, each.height))
    if runs and waiting:
        runs[-1].text += raised(runs[-1].text, waiting)
    seen: set[tuple[str, int, int]] = set()
    found = []
    for run in runs:
        run.text = run.text.strip()
        place = (run.text, round(run.x0 / 2), round(run.y / 2))
        if run.text and place not in seen:
            seen.add(place)
            found.append(run)
    return found


def _follows(run: Run, each: Character) -> bool:
    height = max(run.height, each.height)
    is_near = -0.5 * height <= each.x0 - run.x1 <= WIDE_GAP * height
    return is_near and abs(each.y - run.y) <= SAME_ROW * height and each.height <= 1.3 * run.height


def _is_raised(each: Character | Run, beside: Run | Row) -> bool:
    return each.height < 0.92 * beside.height and each.y - beside.y > 0.18 * beside.height


def _is_barred(run: Run, each: Character, bars: Sequence[tuple[float, float, float]]) -> bool:
    return each.x0 - run.x1 > 0.5 and any(run.x1 - 1 <= x <= each.x0 + 1 and low <= each.y <= high for x, low, high in bars)


def _space(run: Run, each: Character) -> str:
    is_wide = each.x0 - run.x1 > WORD_GAP * max(run.height, each.height)
    is_between_han = _HAN.match(run.text[-1]) and _HAN.match(each.text)
    return " " if is_wide and not is_between_han and run.text[-1] != " " else ""


def rows_of(runs: Iterable[Run]) -> list[Row]:
    """Put runs in rows, from top to bottom; runs without a wide gap between them become one."""
    rows: list[Row] = []
    for run in sorted(runs, key=lambda run: -run.y):
        row = next((row for row in rows[-4:] if abs(row.y - run.y) <= SAME_ROW * max(row.height, run.height)), None)
        if row is None:
            rows.append(Row(run.y, run.height, [run]))
            continue
        row.runs.append(run)
        if run.height > row.height:
            row.y, row.height = run.y, run.height
    for row in rows:
        row.runs = list(_merged(row))
    rows.sort(key=lambda row: -row.y)
    return [row for row in rows if row.runs]


def _merged(row: Row) -> Iterator[Run]:
    last: Run | None = None
    for run in sorted(row.runs, key=lambda run: run.x0):
        is_raised = _is_raised(run, row)
        text = raised(last.text if last else "", run.text) if is_raised else run.text
        if last is not None and run.x0 - last.x1 <= WIDE_GAP * row.height and not run.grid and not last.grid:
            gap = "" if is_raised else _space(last, Character(text or " ", run.x0, run.x1, run.y, row.height))
            last = Run(last.text + gap + text, last.x0, max(last.x1, run.x1), last.y, max(last.height, run.height))
            continue
        if last is not None:
            yield last
        last = Run(text, run.x0, run.x1, run.y, run.height, run.grid) if text else last
    if last is not None:
        yield last


def regions(runs: Sequence[Run]) -> list[list[Run]]:
    """Part the runs of a page into columns of text, in reading order; text across the page parts what is above and below."""
    edge = _second_column(runs)
    if edge is None:
        return [list(runs)]
    found: list[list[Run]] = []
    left, right, across = list[Run](), list[Run](), list[Run]()

    def end_columns() -> None:
        nonlocal left, right
        if _are_columns(left, right, edge):
            found.extend([*regions(left), *regions(right)])
        elif left or right:
            found.append(left + right)
        left, right = [], []

    for row in rows_of(runs):
        if any(run.x0 < edge - 1 and run.x1 > edge + row.height for run in row.runs):
            end_columns()
            across += row.runs
            continue
        if across:
            found.append(across)
            across = []
        left += [run for run in row.runs if run.x0 < edge - 1]
        right += [run for run in row.runs if run.x0 >= edge - 1]
    if across:
        found.append(across)
    end_columns()
    return _joined_regions(found, runs)


def _joined_regions(found: list[list[Run]], runs: Sequence[Run]) -> list[list[Run]]:
    """Return regions in order; where none is a column, the page is one region."""
    is_parted = any(max(run.x1 for run in region) < min(run.x0 for run in other) for region in found for other in found)
    return found if is_parted else [list(runs)]


def _second_column(runs: Sequence[Run]) -> float | None:
    """Return where a second column of text begins: where many long runs do, in the middle of the page."""
    if not runs:
        return None
    left, right = min(run.x0 for run in runs), max(run.x1 for run in runs)
    long = [run for run in runs if len(run.text) >= LEAST_COLUMN_CHARACTERS]
    starts = Counter(round(run.x0) for run in long if 0.3 < (run.x0 - left) / max(right - left, 1) < 0.7)
    often = [start for start in starts if starts[start - 1] + starts[start] + starts[start + 1] >= LEAST_COLUMN_ROWS]
    crossed = {start: sum(run.x0 < start - 2 and run.x1 > start for run in long) for start in often}
    return min(often, key=lambda start: (crossed[start], start)) - 1.0 if often else None


def _are_columns(left: list[Run], right: list[Run], edge: float | None) -> bool:
    """Whether both sides are running text: rows of many characters, which fill their column."""
    for side in (left, right):
        rows = rows_of(side)
        if len(rows) < LEAST_COLUMN_ROWS or (any(len(row.runs) > 1 for row in rows) and len(side) > 1.3 * len(rows)):
            return False
        widths = [row.runs[-1].x1 - row.runs[0].x0 for row in rows]
        if median(widths) < 0.6 * max(widths) or median(len(row.text) for row in rows) < LEAST_COLUMN_CHARACTERS:
            return False
    return bool(left) and edge is not None and max(run.x1 for run in left) < edge + 1


def without_margins(pages: Sequence[Sequence[Run]], heights: Sequence[float]) -> list[list[Run]]:
    """Leave out page headers, footers and page numbers: what stands on many pages at one place, and numbers at the edge."""
    rows = [rows_of(page) for page in pages]
    outer = [
        [row for row in (*page[:MOST_MARGIN_ROWS], *page[-MOST_MARGIN_ROWS:]) if _is_at_edge(row, height)]
        for page, height in zip(rows, heights, strict=True)
    ]
    seen: Counter[tuple[str, int]] = Counter()
    for number, page in enumerate(outer):
        seen.update({key for row in page for key in _keys(row, number)})
    least = max(2 if len(pages) < 6 else 3, 0.4 * len(pages))
    found = []
    for number, (page, runs) in enumerate(zip(rows, pages, strict=True)):
        dropped = [row for row in outer[number] if len(row.runs) < 3 and any(seen[key] >= least for key in _keys(row, number))]
        rest = [row for row in page if row not in dropped]
        dropped += [row for row in (*rest[:1], *rest[-1:]) if row in outer[number] and _PAGE_NUMBER.fullmatch(row.text)]
        found.append([run for run in runs if not any(abs(run.y - row.y) <= SAME_ROW * row.height for row in dropped)])
    return found


def _keys(row: Row, page: int) -> tuple[tuple[str, int], ...]:
    """Return what a row says and where, as it is, and with its last number as counted from that of the page."""
    counted = re.sub("[0-9]{1,4}(?=[^0-9]*$)", lambda found: f"#{int(found[0]) - page}", row.text)
    place = round(row.y / 4)
    return ((row.text, place),) if counted == row.text else ((row.text, place), (counted, place))


def _is_at_edge(row: Row, height: float) -> bool:
    return (row.y < MARGIN * height or row.y > (1 - MARGIN) * height) and not any(run.grid for run in row.runs)
