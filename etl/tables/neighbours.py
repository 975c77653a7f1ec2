"""Compare each figure with that of the year before and of the enclosing area.

No column has to declare it: these are the slips that a person sees at once, such as a zero too many, or a district above
its city.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from etl.findings import Finding, Text, Witness, make_finding
from etl.tables.evaluate import NEIGHBOUR_RULES, Outcome
from etl.tables.parse import ParsedTable
from schemas import builtin_rules
from schemas.figure_table import FigureTable
from schemas.intervals import Interval, Verdict, point, possibly_le
from schemas.models import Rule, figures

_YEAR = 12
_SHORTEST_SERIES = 3
"""Two years may be a comparison with any earlier one; three are a series."""

Positions = NDArray[np.int64]
Pairs = tuple[Positions, Positions]
"""Positions of rows, and for each that of a row to which it is compared; a row may be there several times."""


class Comparison:
    """What one rule says of the rows of a table."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.known: set[int] = set()
        self.broken: dict[tuple[int, str], int] = {}

    def add(self, column: str, pairs: Pairs, verdict: Verdict) -> None:
        """Add the verdicts on pairs of rows; a row breaks the rule where none of its pairs keeps it."""
        rows, others = pairs
        self.known.update(rows[verdict.known].tolist())
        kept = set(rows[verdict.kept].tolist())
        for row, other in zip(rows[verdict.broken].tolist(), others[verdict.broken].tolist(), strict=True):
            if row not in kept:
                self.broken.setdefault((row, column), other)

    def outcome(self, height: int) -> Outcome:
        """Count the rows that keep and break the rule."""
        broken = tuple(sorted({row for row, _ in self.broken}))
        return Outcome(self.rule, "", len(self.known) - len(broken), height - len(self.known), broken)


def compare_with_neighbours(table: ParsedTable, findings: list[Finding]) -> list[Outcome]:
    """Evaluate the rules that compare the rows of a table, and add their findings."""
    near, usual, areas, gaps = (Comparison(rule) for rule in NEIGHBOUR_RULES)
    judged = table.figure_table
    of_year, of_area = _a_year_before(judged), _enclosing(judged, table.raw.entry.catalogue.parents)
    for column in figures(table.raw.entry.model):
        if not column.is_level or column.name not in table.figures or not (len(of_year[0]) or len(of_area[0])):
            continue
        now, before = (table.figures[column.name].at(each).interval for each in of_year)
        for comparison, factor in zip((usual, near), column.meaning.factors, strict=True):
            comparison.add(column.name, of_year, _is_within_factor(now, before, factor))
        part, whole = (table.figures[column.name].at(each).interval for each in of_area)
        areas.add(column.name, of_area, possibly_le(part, whole))
    usual.broken = {cell: other for cell, other in usual.broken.items() if cell not in near.broken}
    gaps.known, gaps.broken = _series(judged)
    for comparison in (near, usual, areas, gaps):
        findings += _findings(table, comparison)
    return [each.outcome(table.labels.height) for each in (near, usual, areas, gaps)]


def _is_within_factor(now: Interval, before: Interval, factor: float) -> Verdict:
    rise, fall = possibly_le(now, before * point(factor)), possibly_le(before, now * point(factor))
    return Verdict(rise.known & fall.known, rise.holds & fall.holds)


def _a_year_before(table: FigureTable) -> Pairs:
    starts, ends = (_earlier(months) for months in (table.starts, table.ends))
    return _pairs(table, zip(table.areas, starts, ends, *table.categories.values(), strict=True))


def _earlier(months: Iterable[int | None]) -> Iterator[int | None]:
    return (None if month is None else month - _YEAR for month in months)


def _enclosing(table: FigureTable, parents: Mapping[str, str | None]) -> Pairs:
    areas = (parents.get(area) if area else None for area in table.areas)
    return _pairs(table, zip(areas, table.starts, table.ends, *table.categories.values(), strict=True))


def _pairs(table: FigureTable, wanted: Iterable[tuple[object, ...]]) -> Pairs:
    """Pair each row with the rows of the area, span and categories that are wanted for it."""
    index = table.positions()
    pairs = [(row, other) for row, key in enumerate(wanted) if None not in key for other in index.get(key, ())]
    rows, others = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    return rows, others


def _series(table: FigureTable) -> tuple[set[int], dict[tuple[int, str], int]]:
    """Return the rows that follow a year of the same document, and those of them after a gap, with the row before it."""
    series: dict[tuple[object, ...], list[tuple[int, int]]] = {}
    labels = zip(table.starts, table.ends, table.areas, table.sources, *table.categories.values(), strict=True)
    for row, (start, end, *group) in enumerate(labels):
        if start is not None and end == start + _YEAR and None not in group:
            series.setdefault(tuple(group), []).append((start, row))
    known, gaps = set(), {}
    for years in series.values():
        if len(years) >= _SHORTEST_SERIES:
            for (before, other), (start, row) in pairwise(sorted(years)):
                known.add(row)
                if start > before + _YEAR:
                    gaps[row, "period"] = other
    return known, gaps


def _findings(table: ParsedTable, comparison: Comparison) -> Iterator[Finding]:
    for (position, column), other in comparison.broken.items():
        row, before = table.figure_table.rows[position], table.figure_table.rows[other]
        message = _message(table, comparison.rule, column, (position, row), (other, before))
        compared = ((position, row), (other, before)) if column in table.figures else ()
        witnesses = tuple(_witness(table, column, *each) for each in compared)
        place, key = table.raw.place(row, column), table.keys[position]
        yield make_finding(
            comparison.rule, table.address, place, message, row=row, row_key=key, column=column, witnesses=witnesses
        )


def _witness(table: ParsedTable, column: str, position: int, row: int) -> Witness:
    low, high = table.figures[column].reading(position).interval().bounds()
    return Witness(f"{table.address}.{column}", table.raw.place(row, column), table.raw.cells[column][row] or "", low, high)


def _message(table: ParsedTable, rule: Rule, column: str, mine: tuple[int, int], other: tuple[int, int]) -> Text:
    texts, place = table.raw.cells[column], table.raw.place(other[1], column)
    own, compared = texts[mine[1]], texts[other[1]]
    if rule is builtin_rules.NO_YEAR_IS_MISSING_BETWEEN_TWO:
        return Text(
            f"the document prints {own} and {compared} ({place}), and no year between them",
            f"该文件载有 {own} 与 {compared}（{place}），其间年份缺失",
        )
    if rule is builtin_rules.FIGURE_IS_WITHIN_THAT_OF_THE_ENCLOSING_AREA:
        return Text(
            f"{own} is more than the {compared} of the enclosing area ({place})", f"{own} 超过上级地区的 {compared}（{place}）"
        )
    now, before = (table.figures[column].reading(each[0]).value for each in (mine, other))
    return Text(
        f"{own} is {_times(now, before)} the {compared} of a year before ({place})",
        f"{own} 为上年 {compared}（{place}）的 {_times(now, before, '倍')}",
    )


def _times(now: float, before: float, word: str = " times") -> str:
    if not now or not before:
        return f"0{word}"
    return f"{now / before:.3g}{word}" if now > before else f"1/{before / now:.3g}"
