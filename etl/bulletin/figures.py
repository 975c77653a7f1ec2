"""Request figures for a bulletin, and look them up in the warehouse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

import polars as pl

from etl.catalogue import Catalogue
from etl.errors import ProjectError, UnknownNameError, not_a_period
from etl.figures.marks import NORMAL
from etl.warehouse.dimensions import first_day
from etl.warehouse.query import query
from schemas.code_lists import Code
from schemas.models import Category, Column, columns, figures, titles
from schemas.periods import span
from schemas.texts import Language, Text

PeriodRole = Literal["this", "before", "to_date", "year_before", "series", "change"]
AreaRole = Literal["own", "enclosing"]

_SQL = Path(__file__).with_name("figures.sql")
_IN_PLACE = {"Q": ("不予公布", "not published"), "M": ("无此数", "none, or not applicable"), "N": ("不足最小单位", "negligible")}
"""What a bulletin says in place of a figure, by its status; of others it is not available."""
_SPANS, _PLACES = ("this", "before", "to_date"), ("own", "enclosing")


@dataclass(frozen=True, slots=True)
class FigureRequest:
    """A figure that a sentence requests.

    Attributes:
        address: domain, table and column.
        categories: codes of the categories, in the order of the model, joined by colons.
        span: `this` period, the last one `before` it, a longer one that ends with it (`to_date`), the same one of the
            `year_before`, the `change` since then, or a `series` of this one of all years.
        place: the bulletin's `own` area, or the one `enclosing` it.
    """

    address: str
    categories: str = ""
    span: PeriodRole = "this"
    place: AreaRole = "own"


@dataclass(frozen=True, slots=True)
class KnownFigure:
    """A figure of the warehouse, or a mark in place of one, as a row of `figures.sql`."""

    address: str
    categories: str
    span: PeriodRole
    place: AreaRole
    table_zh: str
    table_en: str
    indicator_zh: str
    indicator_en: str
    kind: str
    categories_zh: str | None
    categories_en: str | None
    period: str
    published: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    hedge: str
    source: str
    raw_file: str
    raw_line: int
    is_provisional: bool = False
    status: str = NORMAL

    @property
    def request(self) -> FigureRequest:
        """The request that this figure answers."""
        return FigureRequest(self.address, self.categories, self.span, self.place)

    def in_place(self, language: Language) -> str:
        """Say why there is no figure; empty where there is one."""
        if self.value is not None:
            return ""
        zh, en = _IN_PLACE.get(self.status, ("暂缺", "not available"))
        return f"（{zh}）" if language == "zh" else f"({en})"

    def name(self, language: Language) -> str:
        """Name the figure by its table, categories and indicator."""
        if language == "zh":  # in quotation marks, so that 超亿元 within a name is read as no figure
            return f"{self.table_zh}{f'（{self.categories_zh}）' if self.categories_zh else ''}“{self.indicator_zh}”"
        return f"{self.table_en}{f' ({self.categories_en})' if self.categories_en else ''}: {self.indicator_en}"


def known_figures(warehouse: Path, area: str, period: str) -> Mapping[FigureRequest, KnownFigure]:
    """Query the figures for a bulletin of an area and period, in catalogue order.

    Raises:
        ProjectError: there is no warehouse, or the period is not one.
    """
    return {each.request: each for each in _queried(warehouse, area, period, is_series=False)}


def known_series(warehouse: Path, area: str, period: str) -> list[KnownFigure]:
    """Query the figures of the same span of each year up to a period, by year; years whose figure is missing are left out."""
    found = _queried(warehouse, area, period, is_series=True)
    return sorted((each for each in found if each.value is not None), key=lambda each: each.period)


def _queried(warehouse: Path, area: str, period: str, *, is_series: bool) -> list[KnownFigure]:
    months = pl.select(span(pl.lit(period)).struct.unnest()).row(0)
    if None in months:
        raise ProjectError(not_a_period(period))
    start, end = months
    days = {"starts_on": first_day(start), "ends_on": first_day(end) - timedelta(days=1)}
    parameters: dict[str, str | int | date] = {"area": area, "months": end - start, "is_series": is_series, **days}
    rows = query(warehouse, _SQL.read_text(encoding="utf-8"), parameters)
    return [KnownFigure(**row) for row in rows.select(each.name for each in fields(KnownFigure)).iter_rows(named=True)]


def latest_bulletin(warehouse: Path) -> tuple[str, str]:
    """Query the area and the period of the bulletin published last.

    Raises:
        ProjectError: the warehouse has none.
    """
    rows = query(
        warehouse,
        "SELECT area_code, period FROM core.source WHERE kind = 'bulletin' AND area_code IS NOT NULL AND period IS NOT NULL"
        " ORDER BY period DESC, publication_order DESC LIMIT 1",
    ).rows()
    if not rows:
        raise ProjectError(
            "raw/sources.csv lists no document of the kind bulletin. Say what to write: --area CODE --year YEAR.",
            "raw/sources.csv 中没有 kind 为 bulletin 的文件。请用 --area 代码 --year 年份 指明所写的公报。",
        )
    area, period = rows[0]
    return str(area), str(period)


def request_figure(address: str, categories: tuple[str, ...], span: str, place: str, catalogue: Catalogue) -> FigureRequest:
    """Request a figure, after checking that it is declared.

    Raises:
        UnknownNameError: there is no such table, figure or category.
    """
    declared_column(address, catalogue)
    for category, code in zip(_categories(address, catalogue), categories, strict=True):
        listed = [*catalogue.lists.by_code(category.meaning.codes)]
        if code not in listed:
            raise UnknownNameError(Text(f"{category.name} of {address}", f"属于 {address} 的 {category.name} "), code, listed)
    if span not in _SPANS:
        raise UnknownNameError(Text("span", "时间范围"), span, _SPANS)
    if place not in _PLACES:
        raise UnknownNameError(Text("place", "地区范围"), place, _PLACES)
    return FigureRequest(address, ":".join(categories), span, place)  # type: ignore[arg-type]


def declared_column(address: str, catalogue: Catalogue) -> Column:
    """Return the declaration of a column, also of a table that the project omits.

    Raises:
        UnknownNameError: there is no such table or figure.
    """
    table, _, name = address.rpartition(".")
    tables = (*catalogue.addresses, *catalogue.unused)
    if table not in tables:
        raise UnknownNameError(Text("table", "表"), table, tables)
    declared = {each.name: each for each in figures(catalogue.entry(table).model)}
    if name not in declared:
        raise UnknownNameError(Text(f"figure of {table}", f"属于 {table} 的数字"), name, declared)
    return declared[name]


def name_request(request: FigureRequest, language: Language, catalogue: Catalogue) -> str:
    """Name a missing figure, with its categories."""
    meaning = declared_column(request.address, catalogue).meaning
    members = _members(request, catalogue)
    if language == "zh":
        return "、".join((*(member.zh for member in members), meaning.zh))
    return ", ".join((meaning.en, *(member.en for member in members)))


def name_row(request: FigureRequest, more: Sequence[str], language: Language, catalogue: Catalogue) -> str:
    """Name a figure for a row: indicator, categories and what is given; in Chinese after the title of its table."""
    zh, _ = titles(catalogue.entry(request.address.rpartition(".")[0]).model)
    meaning = declared_column(request.address, catalogue).meaning
    members = [each.zh if language == "zh" else each.en for each in _members(request, catalogue)]
    if language == "zh":
        within = f"（{'，'.join((*members, *more))}）" if members or more else ""
        return f"{zh}{within}" if meaning.zh in zh else f"{zh}{within}：{meaning.zh}"
    within = f" ({', '.join((*members, *more))})" if members or more else ""
    return f"{meaning.en[:1].upper()}{meaning.en[1:]}{within}"


def _members(request: FigureRequest, catalogue: Catalogue) -> list[Code]:
    """Return the codes of the categories of a request."""
    listed = zip(_categories(request.address, catalogue), filter(None, request.categories.split(":")), strict=True)
    return [catalogue.lists.by_code(category.meaning.codes)[code] for category, code in listed]


def _categories(address: str, catalogue: Catalogue) -> list[Column]:
    model = catalogue.entry(address.rpartition(".")[0]).model
    return [each for each in columns(model) if isinstance(each.dtype, Category)]
