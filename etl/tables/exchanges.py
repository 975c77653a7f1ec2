"""Find figures that stand the other way round than a year before: exchanged with the next one of the row or column."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from etl.column_titles import called
from etl.tables.comparisons import Comparison, Pairs, Positions, Print, place_of, text_of
from etl.tables.parse import ParsedTable
from schemas.models import Column, figures, relations
from schemas.texts import Text

_LEAST = 10
"""Counts below it stand the other way round by chance."""


class _Two(NamedTuple):
    """Two figures of this year and those of the year before, in each of some rows; and their columns."""

    columns: tuple[str, str]
    now: tuple[Positions, Positions]
    before: tuple[Positions, Positions]


class Exchanged(Comparison):
    """Pairs of figures of one row, or of two rows of one document that follow each other."""

    def add_all(self, table: ParsedTable, of_year: Pairs) -> None:
        """Add the pairs of a table's figures that stand the other way round than a year before."""
        levels = [each for each in figures(table.raw.entry.model) if each.is_level and each.name in table.figures]
        if not len(of_year.rows):
            return
        dockets = {
            (each.column, each.others[0]): each.others[1] for each in relations(table.raw.entry.model) if each.kind == "closes"
        }
        for one, other in combinations(levels, 2):
            if _unit(table, one) == _unit(table, other):
                two = _Two((one.name, other.name), (of_year.rows,) * 2, (of_year.others,) * 2)
                self._add(table, two, max(one.meaning.factors[0], other.meaning.factors[0]))
        for (closed, received), at_start in dockets.items():
            if closed in table.figures and received in table.figures:
                two = _Two((received, closed), (of_year.rows,) * 2, (of_year.others,) * 2)
                self._add_docket(table, two, at_start)
        first, second = _following(table)
        before = of_year.first_of_each(table.figure_table.height)
        has = (before[first] >= 0) & (before[second] >= 0)
        first, second = first[has], second[has]
        for one in levels if len(first) else ():
            two = _Two((one.name, one.name), (first, second), (before[first], before[second]))
            self._add(table, two, one.meaning.factors[0])

    def _add(self, table: ParsedTable, two: _Two, factor: float) -> None:
        """Add the pairs whose ratio is by a factor another than a year before, and would be as usual if exchanged."""
        a, b, c, d = _values(table, two)
        with np.errstate(all="ignore"):
            is_other = (a / b) * (d / c)
            turned = ((is_other >= factor) & (a > b) & (c < d)) | ((is_other <= 1 / factor) & (a < b) & (c > d))
            near = (np.maximum(a / d, d / a) < factor) & (np.maximum(b / c, c / b) < factor)
            large = (np.maximum(a, b) >= _LEAST) & (np.maximum(c, d) >= _LEAST)
        self._break(two, turned & near & large)

    def _add_docket(self, table: ParsedTable, two: _Two, at_start: str) -> None:
        """Add the rows in which more cases were closed than received, and no more a year before.

        Cases that are carried over are counted by the rules of the docket.
        """
        received, closed, received_before, closed_before = _values(table, two)
        turned = (closed > received) & (closed_before <= received_before)
        if at_start in table.figures:
            turned &= ~table.figures[at_start].is_printed[two.now[0]]
        self._break(two, turned)

    def _break(self, two: _Two, turned: NDArray[np.bool_]) -> None:
        for at in np.flatnonzero(turned).tolist():
            one, other, before, other_before = (
                Print(int(positions[at]), name) for positions, name in zip((*two.now, *two.before), two.columns * 2, strict=True)
            )
            self.broken.setdefault(one, (other, before, other_before))

    def message(self, table: ParsedTable, own: Print, others: tuple[Print, ...]) -> Text:
        other, before, _ = others
        mine, theirs, mine_before, theirs_before = (text_of(table, each) for each in (own, *others))
        name = name_zh = place_of(table, other)
        if other.column != own.column:
            declared = next(each for each in figures(table.raw.entry.model) if each.name == other.column)
            name, name_zh = other.column, called(declared.meaning.zh, other.column)
        return Text(
            f"{mine} and {theirs} ({name}) stand the other way round than {mine_before} and {theirs_before} a year before"
            f" ({place_of(table, before)}); were they exchanged?",
            f"{mine} 与 {theirs}（{name_zh}）的大小次序与上年 {mine_before} 与 {theirs_before}（{place_of(table, before)}）相反，"
            "是否互换了？",
        )


def _unit(table: ParsedTable, column: Column) -> str:
    return table.raw.entry.catalogue.lists.base_unit(column.meaning.unit)


def _values(table: ParsedTable, two: _Two) -> tuple[NDArray[np.float64], ...]:
    pairs = zip(two.columns * 2, (*two.now, *two.before), strict=True)
    return tuple(table.figures[name].value[positions] for name, positions in pairs)


def _following(table: ParsedTable) -> tuple[Positions, Positions]:
    """Return the rows that another row of the same span and document follows, and these."""
    judged = table.figure_table
    labels = [*zip(judged.starts, judged.ends, judged.sources, strict=True)]
    first = np.array([at for at, (one, other) in enumerate(pairwise(labels)) if one == other and None not in one], dtype=np.int64)
    return first, first + 1
