"""Write a bulletin from its templates and the figures of the warehouse.

A template is a text file named after its part (`A1.txt`). Its first paragraph is the heading; a blank line parts paragraphs.
It requests figures by address, and holds none of their values:

    figure("courts.caseload.received", "all")    a figure; span="before"|"to_date", place="enclosing" for those of others
    change("copyright.registrations.works_growth_pct")   a change against an earlier level, with its direction
    period_of("talent.attorneys.new", span="to_date")    the period that a figure of another span is of, in words

After a figure whose figure of the year before is there, the change stands in brackets, as far as rounding allows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from etl.bulletin.comparison import compare_with_year_before
from etl.bulletin.content import Bulletin as Bulletin
from etl.bulletin.content import BulletinPart as BulletinPart
from etl.bulletin.content import ChartBar, Paragraph
from etl.bulletin.content import PlacedFigure as PlacedFigure
from etl.bulletin.figures import (
    FigureRequest,
    KnownFigure,
    PeriodRole,
    declared_column,
    known_figures,
    known_series,
    latest_bulletin,
    name_request,
    name_row,
    request_figure,
)
from etl.bulletin.forms import Style, format_change, format_figure
from etl.bulletin.periods import period_in_words, year_before
from etl.bulletin.summary import SectionSummary
from etl.catalogue import PACKAGE, Catalogue
from etl.errors import ProjectError, UnknownNameError
from schemas.code_lists import Code
from schemas.financial_years import span_of
from schemas.texts import Language, Text

try:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
except ModuleNotFoundError as error:
    raise ProjectError(
        "The bulletin needs Jinja2: pip install ip-bulletin-etl[report]",
        "生成公报需要 Jinja2：请运行 pip install ip-bulletin-etl[report]",
    ) from error

TEMPLATES = Path(__file__).parent
OPENING, OTHERS = "0", "E"
_TOKEN = re.compile("\ue000([0-9]+)\ue001")


def write_bulletin(warehouse: Path, style: Style, area: str = "", period: str = "", catalogue: Catalogue = PACKAGE) -> Bulletin:
    """Write the bulletin of an area and a period; by default those of the last one.

    Raises:
        ProjectError: there is no warehouse, or the period is none.
        UnknownNameError: there is no such area.
    """
    if not (area and period):
        last_area, last_period = latest_bulletin(warehouse)
        area, period = area or last_area, period or last_period
    place, period = _area(area, catalogue), span_of(period, catalogue.lists.financial_years) or period
    known, series = known_figures(warehouse, place.code, period), known_series(warehouse, place.code, period)
    return _Writer(catalogue, style, place, period, known, series).bulletin()


def _area(name: str, catalogue: Catalogue) -> Code:
    """Return the area of that code or name."""
    areas = catalogue.codes("areas")
    for each in areas:
        if name in (each.code, each.zh, each.en, *each.aliases):
            return each
    raise UnknownNameError(Text("area", "地区"), name, [text for each in areas for text in (each.code, each.zh, each.en)])


@dataclass
class _Writer:
    """Write one bulletin, and record each figure that a template places."""

    catalogue: Catalogue
    style: Style
    area: Code
    period: str
    known: Mapping[FigureRequest, KnownFigure]
    series: Sequence[KnownFigure] = ()
    placed: list[PlacedFigure] = field(default_factory=list)

    def bulletin(self) -> Bulletin:
        """Write the parts, the opening last, since it says whether figures are missing."""
        environment = _environment(self.style.language)
        ids = sorted(name.removesuffix(".txt") for name in environment.list_templates(["txt"]))
        body = [each for each in ids if each != OPENING and not each.startswith(OTHERS)]
        parts = [self._part(environment, each, {}) for each in body]
        others = list(self._others())
        if others:
            parts += [self._part(environment, each, {"others": others}) for each in ids if each.startswith(OTHERS)]
        marks = {
            "is_draft": any(each.known is None for each in self.placed),
            "is_provisional": any(each.known is not None and each.known.is_provisional for each in self.placed),
        }
        return Bulletin(self.style, (self._part(environment, OPENING, marks), *self._summed_up(parts)))

    def _part(self, environment: Environment, name: str, more: Mapping[str, Any]) -> BulletinPart:
        text = environment.get_template(f"{name}.txt").render(
            figure=self.figure,
            change=self.change,
            period_of=self.period_of,
            other=self.other,
            area=self._name(self.area),
            enclosing=self._name(self.catalogue.lists.by_code("areas").get(self.area.parent)),
            period=period_in_words(self.period, self.style.language),
            **more,
        )
        between = "" if self.style.language == "zh" else " "
        heading, *paragraphs = [between.join(block.split("\n")) for block in re.split(r"\n{2,}", text.strip())]
        return BulletinPart(name, heading, tuple(self._paragraph(each) for each in paragraphs))

    def _summed_up(self, parts: Sequence[BulletinPart]) -> Iterator[BulletinPart]:
        """Add to each section its table and its chart, numbered through the bulletin."""
        language, periods = self.style.language, (self.period, year_before(self.period))
        words = tuple(period_in_words(each, language) if each else "" for each in periods)
        summary = SectionSummary(language, self._row_name, self._cell, self._unit, (words[0], words[1]))
        series: dict[tuple[str, str], list[ChartBar]] = {}
        for each in self.series:
            bar = ChartBar(period_in_words(each.period, language), each.value or 0, self._formatted(each))
            series.setdefault((each.address, each.categories), []).append(bar)
        tables = charts = 0
        for part in parts:
            is_summed_up = not part.id.startswith(OTHERS)
            table = summary.table(part, tables + 1) if is_summed_up else None
            chart = summary.chart(part, charts + 1, series) if is_summed_up else None
            tables, charts = tables + (table is not None), charts + (chart is not None)
            yield replace(part, table=table, chart=chart)

    def _row_name(self, request: FigureRequest) -> str:
        place = self.catalogue.lists.by_code("areas").get(self.area.parent) if request.place == "enclosing" else None
        known = self.known.get(request)
        period = period_in_words(known.period, self.style.language) if known and request.span != "this" else ""
        return name_row(
            request, [*([self._name(place)] if place else []), *([period] if period else [])], self.style.language, self.catalogue
        )

    def _cell(self, request: FigureRequest, span: PeriodRole) -> PlacedFigure | None:
        """Place the figure of the year before, or the change since then, in a cell; None where there is none."""
        earlier = self.known.get(replace(request, span="year_before"))
        if request.span != "this" or earlier is None or earlier.value is None or earlier.kind == "rate":
            return None
        if span == "year_before":
            return PlacedFigure(earlier.request, earlier, self._formatted(earlier))
        known = self.known.get(request)
        found = compare_with_year_before(known, self.known, self.style.language, self.catalogue) if known else None
        return PlacedFigure(replace(request, span="change"), found.known if found else None, found.short if found else "—")

    def _formatted(self, known: KnownFigure) -> str:
        return format_figure(known, self.style, self.catalogue)

    def _unit(self, kind: str, unit: str) -> str:
        named = self.catalogue.lists.units_by_name.get(unit)
        return unit if self.style.language == "zh" else "number" if kind == "count" else named.en if named else unit

    def _paragraph(self, text: str) -> Paragraph:
        pieces = [piece if rank % 2 == 0 else self.placed[int(piece)] for rank, piece in enumerate(_TOKEN.split(text))]
        return tuple(piece for piece in pieces if piece)

    def figure(self, address: str, *categories: str, span: str = "this", place: str = "own") -> str:
        """Place a figure, and after it the change on the year before."""
        if declared_column(address, self.catalogue).dtype.kind == "rate":
            raise ProjectError(
                f"{address} is a change; a template places it with change(), which gives its direction.",
                f"{address} 是增减变化；模板中应使用 change()，以写明增减方向。",
            )
        request = request_figure(address, categories, span, place, self.catalogue)
        known = self.known.get(request)
        if known is None:
            return self._place(request, None, self._to_fill_in(request))
        is_first = all(each.request != request for each in self.placed)
        text = known.in_place(self.style.language) or self._formatted(known)
        return self._place(request, known, text) + (self._compared(known) if is_first else "")

    def _compared(self, known: KnownFigure) -> str:
        found = compare_with_year_before(known, self.known, self.style.language, self.catalogue)
        return self._place(found.known.request, found.known, found.text, found.before, found.after) if found else ""

    def change(self, address: str, *categories: str, span: str = "this", place: str = "own") -> str:
        """Place a change against an earlier level, with its direction."""
        request = request_figure(address, categories, span, place, self.catalogue)
        known = self.known.get(request)
        if known is None:
            return self._place(request, None, self._to_fill_in(request))
        if why := known.in_place(self.style.language):
            return self._place(request, known, why)
        direction, text = format_change(known, self.style, self.catalogue)
        return self._place(request, known, text, direction)

    def period_of(self, address: str, *categories: str, span: str = "this", place: str = "own") -> str:
        """Return in words the period of a figure, or of the gap where it is missing."""
        known = self.known.get(request_figure(address, categories, span, place, self.catalogue))
        if known:
            return period_in_words(known.period, self.style.language)
        return {"before": ("此前", "before")}.get(span, ("至期末", "by the end of the period"))[self.style.language == "en"]

    def other(self, known: KnownFigure) -> str:
        """Place a figure that no sentence has requested, after its name."""
        name, colon = known.name(self.style.language), "：" if self.style.language == "zh" else ": "
        if known.kind != "rate":
            return name + colon + self._place(known.request, known, self._formatted(known)) + self._compared(known)
        direction, text = format_change(known, self.style, self.catalogue)
        return name + colon + self._place(known.request, known, text, direction)

    def _place(self, request: FigureRequest, known: KnownFigure | None, text: str, before: str = "", after: str = "") -> str:
        last = None if known else self.known.get(replace(request, span="before"))
        last = None if last and last.value is None else last
        self.placed.append(PlacedFigure(request, known, text, last, before, after))
        return f"\ue000{len(self.placed) - 1}\ue001"

    def _to_fill_in(self, request: FigureRequest) -> str:
        words = name_request(request, self.style.language, self.catalogue)
        declared = declared_column(request.address, self.catalogue).meaning.unit
        if self.style.language == "zh":
            return f"【待填：{words}，{declared}】"
        unit = self.catalogue.lists.units_by_name.get(declared.lstrip("万亿"))
        return f"[TO FILL IN: {words}, {unit.en if unit else declared}]"

    def _others(self) -> Iterator[KnownFigure]:
        """Yield the figures of this area and period that no sentence places."""
        placed = {each.request for each in self.placed}
        known = (each for each in self.known.values() if _is_own(each) and each.value is not None)
        yield from (each for each in known if each.request not in placed)

    def _name(self, area: Code | None) -> str:
        if area is None:
            return "上级地区" if self.style.language == "zh" else "the area around it"
        return area.zh if self.style.language == "zh" else area.en


@cache
def _environment(language: Language) -> Environment:
    # The text is Markdown or HTML later, and each of the two escapes it as it needs.
    return Environment(loader=FileSystemLoader(TEMPLATES / language), undefined=StrictUndefined, autoescape=False)


def _is_own(known: KnownFigure) -> bool:
    return (known.span, known.place) == ("this", "own")
