"""Ruled tables of a page: the lines that are drawn, the cells between them, and what stands in each."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import pypdfium2
import pypdfium2.raw as pdfium

from etl.documents.forms.pdf_layout import Run, rows_of
from etl.documents.forms.spans import SpannedCell

MOST_SEGMENTS, SHORTEST, NEAR = 40_000, 4.0, 2.5
"""Points of paths that are looked at; length of a rule, and distance of what is one line, in points."""


class Rule(NamedTuple):
    """A line: where it stands across its direction, and from where to where it goes."""

    at: float
    start: float
    end: float


@dataclass
class RuledTable:
    """Lines that meet, and the places of rows (from the top) and columns between them."""

    horizontal: list[Rule]
    vertical: list[Rule]
    ys: list[float] = field(init=False)
    xs: list[float] = field(init=False)

    def __post_init__(self) -> None:
        self.ys = sorted(_places(self.horizontal), reverse=True)
        self.xs = _places(self.vertical)

    def holds(self, run: Run) -> bool:
        """Whether a run stands within the table."""
        middle = (run.x0 + run.x1) / 2
        return self.xs[0] <= middle <= self.xs[-1] and self.ys[-1] - 1 <= run.y + 0.3 * run.height <= self.ys[0] + 1

    def cells(self, runs: Iterable[Run]) -> list[list[SpannedCell]]:
        """Return the cells of each row, with what stands in them."""
        width, height = len(self.xs) - 1, len(self.ys) - 1
        found: dict[tuple[int, int], list[Run]] = {}
        for run in runs:
            column = sum(x <= (run.x0 + run.x1) / 2 for x in self.xs[1:-1])
            row = sum(y > run.y + 0.3 * run.height for y in self.ys[1:-1])
            found.setdefault((row, column), []).append(run)
        rows: list[list[SpannedCell]] = []
        covered: set[tuple[int, int]] = set()
        for row in range(height):
            cells = []
            for column in range(width):
                if (row, column) in covered:
                    continue
                across, down = self._span(row, column, covered)
                places = [(y, x) for y in range(row, row + down) for x in range(column, column + across)]
                covered.update(places)
                within = [run for place in places for run in found.get(place, [])]
                cells.append(SpannedCell([line.text for line in rows_of(within)], across, down))
            rows.append(cells)
        return rows

    def _span(self, row: int, column: int, covered: set[tuple[int, int]]) -> tuple[int, int]:
        """Return over how many columns and rows the cell goes that begins at a place: to the next line."""
        across = down = 1
        while column + across < len(self.xs) - 1 and (row, column + across) not in covered:
            if _is_drawn(self.vertical, self.xs[column + across], self.ys[row + 1], self.ys[row]):
                break
            across += 1
        while row + down < len(self.ys) - 1:
            if _is_drawn(self.horizontal, self.ys[row + down], self.xs[column], self.xs[column + 1]):
                break
            down += 1
        return across, down


def rules_of(page: pypdfium2.PdfPage) -> tuple[list[Rule], list[Rule]]:
    """Return the horizontal and vertical lines that a page draws, also as thin rectangles."""
    horizontal: list[Rule] = []
    vertical: list[Rule] = []
    for (x0, y0), (x1, y1) in _segments(page):
        if abs(y1 - y0) <= 1 and abs(x1 - x0) >= SHORTEST:
            horizontal.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
        elif abs(x1 - x0) <= 1 and abs(y1 - y0) >= SHORTEST:
            vertical.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
    return _joined(horizontal), _joined(vertical)


def _joined(rules: Iterable[Rule]) -> list[Rule]:
    """Join lines that follow each other or lie on each other, as the edges of neighbouring cells do."""
    found: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: (round(rule.at), rule.start)):
        last = found[-1] if found else None
        if last is not None and abs(last.at - rule.at) <= 1 and rule.start <= last.end + NEAR:
            found[-1] = Rule(last.at, last.start, max(last.end, rule.end))
        else:
            found.append(rule)
    return found


def _segments(page: pypdfium2.PdfPage) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    x, y = ctypes.c_float(), ctypes.c_float()
    left = MOST_SEGMENTS
    for path in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH], max_depth=3):
        a, b, c, d, e, f = path.get_matrix().get()
        first = last = None
        for number in range(min(pdfium.FPDFPath_CountSegments(path.raw), left)):
            segment = pdfium.FPDFPath_GetPathSegment(path.raw, number)
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            point = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
            kind = pdfium.FPDFPathSegment_GetType(segment)
            if kind == pdfium.FPDF_SEGMENT_LINETO and last is not None:
                yield last, point
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                first = point
            last = point
            if pdfium.FPDFPathSegment_GetClose(segment) and first is not None:
                yield last, first
            left -= 1
        if left <= 0:
            return


def ruled_tables(horizontal: Sequence[Rule], vertical: Sequence[Rule]) -> list[RuledTable]:
    """Return the tables that lines make where they meet: two columns and two rows at least."""
    if len(vertical) < 3 or len(horizontal) < 3 or len(vertical) * len(horizontal) > 2_000_000:
        return []
    groups: list[tuple[list[Rule], list[Rule]]] = []
    for upright in vertical:
        met = [each for each in horizontal if _meet(each, upright)]
        joined = [group for group in groups if any(each in group[0] for each in met)]
        new = (list(dict.fromkeys([*met, *(each for group in joined for each in group[0])])), [upright])
        new[1].extend(each for group in joined for each in group[1])
        groups = [group for group in groups if group not in joined] + [new]
    tables = [RuledTable(*group) for group in groups if len(group[0]) > 2 and len(group[1]) > 2]
    return [table for table in tables if len(table.xs) > 2 and len(table.ys) > 2]


def _meet(flat: Rule, upright: Rule) -> bool:
    return flat.start - NEAR <= upright.at <= flat.end + NEAR and upright.start - NEAR <= flat.at <= upright.end + NEAR


def _places(rules: Iterable[Rule]) -> list[float]:
    """Return where lines stand, those that are near each other once."""
    places: list[float] = []
    for at in sorted(rule.at for rule in rules):
        if not places or at - places[-1] > NEAR:
            places.append(at)
    return places


def _is_drawn(rules: Iterable[Rule], at: float, start: float, end: float) -> bool:
    """Whether lines at a place cover the most of a stretch."""
    low, high = min(start, end), max(start, end)
    covered = sum(
        max(0.0, min(rule.end, high) - max(rule.start, low)) for rule in rules if abs(rule.at - at) <= NEAR
    )  # fmt: skip
    return covered >= 0.6 * (high - low)
