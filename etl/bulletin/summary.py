"""Sum up a section of a bulletin: a table of the figures of its text, and a chart of those that can be compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from etl.bulletin.content import BulletinPart, ChartBar, PlacedFigure, SectionChart, SectionRow, SectionTable
from etl.bulletin.figures import FigureRequest, PeriodRole
from schemas.texts import Language, Text

REPEATS = Text("from the text above", "摘自正文")
"""Says in the caption of a table that it repeats figures of the text, so that a reader counts them once."""
_FEWEST_YEARS, _FEWEST_BARS, _MOST_BARS, _WIDEST_RANGE = 3, 2, 10, 300
_COMPARED = frozenset({"count", "amount", "share"})
_GAP = Text("to fill in", "待填")


@dataclass(frozen=True, slots=True)
class SectionSummary:
    """What a section is summed up with.

    Attributes:
        language: of its words.
        name: names a figure for a row.
        cell: places the figure of the year before a request, or the change since then, in a cell.
        unit: the unit of figures of a kind, in words.
        periods: that of the bulletin and that of the year before, in words.
    """

    language: Language
    name: Callable[[FigureRequest], str]
    cell: Callable[[FigureRequest, PeriodRole], PlacedFigure | None]
    unit: Callable[[str, str], str]
    periods: tuple[str, str]

    def table(self, part: BulletinPart, number: int) -> SectionTable | None:
        """Build the table of a section; None where its text has no figure."""
        once = {placed.request: placed for placed in reversed(part.placed) if placed.request.span != "change"}
        rows = [self._row(once[request]) for request in reversed(once)]
        if not rows:
            return None
        header: tuple[str, ...] = (Text("Indicator", "指标").in_language(self.language), self.periods[0])
        if any(row.year_before for row in rows):
            header += (self.periods[1], Text("Change", "同比").in_language(self.language))
        title = Text(f"Table {number}. {part.heading} ({REPEATS.en})", f"表{number}　{part.heading}主要指标（{REPEATS.zh}）")
        return SectionTable(title.in_language(self.language), header, tuple(rows))

    def _row(self, placed: PlacedFigure) -> SectionRow:
        gap = _GAP.in_language(self.language)
        cell = placed if placed.known else PlacedFigure(placed.request, None, gap)
        return SectionRow(
            self.name(placed.request), cell, self.cell(placed.request, "year_before"), self.cell(placed.request, "change")
        )

    def chart(self, part: BulletinPart, number: int, series: Mapping[tuple[str, str], Sequence[ChartBar]]) -> SectionChart | None:
        """Build the chart of a section: the longest series over years, or else the most figures of one unit."""
        own = [each for each in part.placed if each.is_figure and (each.request.span, each.request.place) == ("this", "own")]
        own = list({placed.request: placed for placed in own}.values())
        by_years = [(placed, series.get((placed.request.address, placed.request.categories), ())) for placed in own]
        placed, bars = max(by_years, key=lambda each: len(each[1]), default=(None, ()))
        if placed is not None and placed.known is not None and len(bars) >= _FEWEST_YEARS:
            return self._drawn(part, number, self.name(placed.request), self.unit(placed.known.kind, placed.known.unit), bars)
        groups: dict[tuple[str, str], list[ChartBar]] = {}
        for each in own:
            known = each.known
            if known is not None and known.kind in _COMPARED and known.value:
                bar = ChartBar(self.name(each.request), known.value, each.text + each.mark)
                groups.setdefault((known.kind, known.unit), []).append(bar)
        compared = [(*group, _of_one_size(bars)) for group, bars in groups.items()]
        kind, unit, bars = max(compared, key=_fitness, default=("", "", []))
        if len(bars) < _FEWEST_BARS:
            return None
        title = Text(f"{part.heading}, {self.periods[0]}", f"{self.periods[0]}{part.heading}").in_language(self.language)
        return self._drawn(part, number, title, self.unit(kind, unit), bars[:_MOST_BARS])

    def _drawn(self, part: BulletinPart, number: int, title: str, unit: str, bars: Sequence[ChartBar]) -> SectionChart:
        caption = Text(f"Figure {number}. {title} (unit: {unit})", f"图{number}　{title}（单位：{unit}）")
        return SectionChart(part.id, caption.in_language(self.language), tuple(bars))


def _fitness(group: tuple[str, str, Sequence[ChartBar]]) -> tuple[bool, bool, int]:
    """Prefer what has enough bars, then what is no share, which may be of different wholes, then the most bars."""
    kind, _, bars = group
    return len(bars) >= _FEWEST_BARS, kind != "share", len(bars)


def _of_one_size(bars: Sequence[ChartBar]) -> list[ChartBar]:
    """Choose the most bars that can be seen beside each other, the longest of several such choices."""
    values = sorted({bar.value for bar in bars}, reverse=True)
    choices = ([bar for bar in bars if longest / _WIDEST_RANGE <= bar.value <= longest] for longest in values)
    return max(choices, key=len)
