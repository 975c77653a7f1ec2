"""Compare each figure with those of the year before, of the enclosing area and beside it.

No column has to declare it: these are the slips that a person sees at once, such as a zero too many, a district above its
city, last year's figure in this year's row, or two figures exchanged.
"""

from __future__ import annotations

import numpy as np

from etl.findings import Finding, WaivedKeys
from etl.tables.comparisons import YEAR, Comparison, Pairs, Print, a_year_before, enclosing, numbered, place_of, text_of
from etl.tables.evaluate import Outcome
from etl.tables.exchanges import Exchanged
from etl.tables.parse import ParsedTable
from etl.tables.repeats import Repeated
from schemas import builtin_rules
from schemas.figure_table import Figures, FigureTable
from schemas.intervals import OPEN, Interval, Verdict, point, possibly_le
from schemas.models import Column, Count, Rate, figures
from schemas.texts import Text

_SHORTEST_SERIES = 3
"""Two years may be a comparison with any earlier one; three are a series."""


def compare_with_neighbours(table: ParsedTable, findings: list[Finding], waived: WaivedKeys) -> list[Outcome]:
    """Evaluate the rules that compare the rows of a table, and add their findings."""
    judged = table.figure_table
    of_year, of_area = a_year_before(judged), enclosing(judged, table.raw.entry.catalogue.parents)
    near = _Level(builtin_rules.LEVEL_IS_NEAR_THAT_OF_THE_YEAR_BEFORE, judged.height)
    usual = _Level(builtin_rules.LEVEL_CHANGES_NO_MORE_THAN_USUAL, judged.height)
    areas = _Within(builtin_rules.FIGURE_IS_WITHIN_THAT_OF_THE_ENCLOSING_AREA, judged.height)
    repeated = Repeated(builtin_rules.FIGURE_IS_NOT_THAT_OF_ANOTHER_ROW, judged.height)
    exchanged = Exchanged(builtin_rules.FIGURES_ARE_NOT_EXCHANGED, judged.height)
    gaps = _Gaps(builtin_rules.NO_YEAR_IS_MISSING_BETWEEN_TWO, judged.height)
    for column in figures(table.raw.entry.model) if len(of_year.rows) or len(of_area.rows) else ():
        if column.name not in table.figures:
            continue
        printed = table.figures[column.name]
        if not isinstance(column.dtype, Rate):
            now, before = (_at_least_one(column, printed.at(each).interval) for each in of_year)
            for level, factor in zip((usual, near), column.meaning.factors, strict=True):
                level.add(column.name, of_year, _is_within_factor(now, before, factor))
        if column.is_level:
            part, whole = (printed.at(each).interval for each in of_area)
            areas.add(column.name, of_area, possibly_le(part, whole))
            areas.add_together(column.name, of_area, printed, judged)
    usual.broken = {cell: other for cell, other in usual.broken.items() if cell not in near.broken}
    repeated.add_all(table, of_year, of_area)
    exchanged.add_all(table, of_year)
    gaps.add_all(judged)
    comparisons: tuple[Comparison, ...] = (near, usual, areas, repeated, exchanged, gaps)
    for comparison in comparisons:
        findings += comparison.findings(table, waived)
    return [each.outcome(table.labels.height) for each in comparisons]


def _at_least_one(column: Column, each: Interval) -> Interval:
    """Take a count of none for one: from none to a few is no multiple."""
    return Interval(each.low, np.maximum(each.high, 1)) if isinstance(column.dtype, Count) else each


def _is_within_factor(now: Interval, before: Interval, factor: float) -> Verdict:
    rise, fall = possibly_le(now, before * point(factor)), possibly_le(before, now * point(factor))
    return Verdict(rise.known & fall.known, rise.holds & fall.holds)


class _Level(Comparison):
    """Levels against those of the year before."""

    def message(self, table: ParsedTable, own: Print, others: tuple[Print, ...]) -> Text:
        other, place = text_of(table, others[0]), place_of(table, others[0])
        now, before = (table.figures[own.column].reading(each.position).value for each in (own, others[0]))
        return Text(
            f"{text_of(table, own)} is {_times(now, before)} the {other} of a year before ({place})",
            f"{text_of(table, own)} 为上年 {other}（{place}）的 {_times(now, before, '倍')}",
        )


def _times(now: float, before: float, word: str = " times") -> str:
    if not now or not before:
        return f"0{word}"
    return f"{now / before:.3g}{word}" if now > before else f"1/{before / now:.3g}"


class _Within(Comparison):
    """Figures of areas against that of the area that encloses them."""

    def add_together(self, column: str, of_area: Pairs, printed: Figures, table: FigureTable) -> None:
        """Add the areas whose figure is less than what one document prints of the areas within, together."""
        if not len(of_area.rows):
            return
        sources = np.unique(np.array([each or "" for each in table.sources]), return_inverse=True)[1]
        low, has = printed.low[of_area.rows], printed.is_printed[of_area.rows] & (printed.low[of_area.rows] > -OPEN)
        groups, member = np.unique(np.stack([of_area.others, sources[of_area.rows]]), axis=1, return_inverse=True)
        member = member.ravel()
        total = np.bincount(member[has], weights=low[has], minlength=groups.shape[1])
        several = np.bincount(member[has], minlength=groups.shape[1]) > 1
        whole = printed.at(groups[0]).interval
        beyond = np.flatnonzero(several & possibly_le(Interval(total, total), whole).broken)
        is_named = {other.position for each, (other, *_) in self.broken.items() if each.column == column}
        for group in beyond.tolist():
            if groups[0][group] not in is_named:
                parts = of_area.rows[has & (member == group)].tolist()
                self.broken.setdefault(Print(int(groups[0][group]), column), tuple(Print(each, column) for each in parts))

    def message(self, table: ParsedTable, own: Print, others: tuple[Print, ...]) -> Text:
        texts = [text_of(table, each) for each in others]
        if len(others) > 1:
            parts = f"{' + '.join(texts)} ({place_of(table, others[0])} …)"
            return Text(
                f"{text_of(table, own)} is less than the areas within have together: {parts}",
                f"{text_of(table, own)} 少于所列下级地区之和：{parts}",
            )
        return Text(
            f"{text_of(table, own)} is more than the {texts[0]} of the enclosing area ({place_of(table, others[0])})",
            f"{text_of(table, own)} 超过上级地区的 {texts[0]}（{place_of(table, others[0])}）",
        )


class _Gaps(Comparison):
    """Years of a series of one document."""

    def add_all(self, table: FigureTable) -> None:
        """Add the rows that follow a year of the same document, and those of them after a gap, with the row before it."""
        spans = zip(table.starts, table.ends, strict=True)
        labels = zip(table.areas, table.sources, *table.categories.values(), strict=True)
        is_year = [start is not None and end == start + YEAR for start, end in spans]
        series, _ = numbered(
            label if of_year and None not in label else None for of_year, label in zip(is_year, labels, strict=True)
        )
        starts = np.array([start or 0 for start in table.starts], dtype=np.int64)
        rows = np.flatnonzero(series >= 0)
        rows = rows[np.lexsort((starts[rows], series[rows]))]
        years = np.bincount(series[rows], minlength=1)[series[rows]]
        follows = (series[rows[1:]] == series[rows[:-1]]) & (years[1:] >= _SHORTEST_SERIES)
        pairs = Pairs(rows[1:][follows], rows[:-1][follows])
        self.known[pairs.rows] = True
        self.add_broken("period", pairs, starts[pairs.rows] > starts[pairs.others] + YEAR)

    def message(self, table: ParsedTable, own: Print, others: tuple[Print, ...]) -> Text:
        year, before, place = text_of(table, own), text_of(table, others[0]), place_of(table, others[0])
        return Text(
            f"the document prints {year} and {before} ({place}), and no year between them",
            f"该文件载有 {year} 与 {before}（{place}），其间年份缺失",
        )
