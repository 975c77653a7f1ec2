"""Check rows against their documents: the area, the reporting period, and the day of publication."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import polars as pl

from etl.findings import Finding, Place, make_finding
from etl.source_list import SourceList, SourceRecord
from etl.tables.parse import ParsedTable
from schemas import builtin_rules
from schemas.models import Rule
from schemas.periods import span
from schemas.texts import Text
from schemas.vintages import PERIOD_END, PERIOD_START, ROW

Parents = Mapping[str, str | None]
"""The area that encloses each area."""


def check_provenance(tables: Iterable[ParsedTable], sources: Mapping[str, SourceRecord]) -> Iterator[Finding]:
    """Yield the findings of rows that contradict `raw/sources.csv`."""
    ends = period_ends(sources.values())
    for table in tables:
        if table.raw.missing:
            continue
        for rule, row in broken_rows(table.labels, sources, table.raw.entry.catalogue.parents, ends):
            yield _finding(rule, table, row, sources)


def check_sources(sources: SourceList, file: str) -> Iterator[Finding]:
    """Yield the findings of documents that came out before their own period was over; `file` is their list.

    A return may be handed in before: its figures are provisional.
    """
    ends = period_ends(sources.by_id.values())
    for source in sources.by_id.values():
        if source.is_return or not source.published_on:
            continue
        if source.id in ends and ends[source.id] > _month_after(source.published_on):
            place = Place(file, *sources.place(source.id, "published_on"))
            en = f"{source.id} was published on {source.published_on}, before the period of its report, {source.period}, was over"
            zh = f"{source.id} 于 {source.published_on} 发布，而其报告期 {source.period} 尚未结束"
            yield make_finding(builtin_rules.PERIOD_IS_OVER, "", place, Text(en, zh))


def _month_after(day: str) -> int:
    """Return the month after that of a day, counted as in `schemas.periods`; a month may be told of before it is over."""
    return 12 * int(day[:4]) + int(day[5:7])


def broken_rows(
    labels: pl.DataFrame, sources: Mapping[str, SourceRecord], parents: Parents, ends: Mapping[str, int] | None = None
) -> Iterator[tuple[Rule, int]]:
    """Yield the rows that break a rule of provenance, with the rule."""
    ends = period_ends(sources.values()) if ends is None else ends
    reported: dict[str, list[tuple[int, int | None]]] = {}
    columns = (labels.get_column(name).to_list() for name in (ROW, "source", "area", PERIOD_START, PERIOD_END))
    for row, source, area, start, end in zip(*columns, strict=True):
        if source is None or source not in sources:
            continue
        reported.setdefault(source, []).append((row, end))
        if area is not None and sources[source].area and not _covers_area(area, sources[source].area, parents):
            yield builtin_rules.AREA_IS_OF_THE_SOURCE, row
        if end is not None and not _can_print(sources[source], start, end, ends.get(source)):
            yield builtin_rules.PERIOD_IS_OVER, row
    for source, rows in reported.items():
        if sources[source].kind == "bulletin" and source in ends and ends[source] not in {end for _, end in rows}:
            yield builtin_rules.SOURCE_REPORTS_ITS_OWN_PERIOD, rows[0][0]


def _can_print(source: SourceRecord, start: int, end: int, of_document: int | None) -> bool:
    """Whether a document can print figures of a period; a return, or one without a date and a period, can print any."""
    if source.is_return:
        return True
    if source.published_on:
        return end <= _month_after(source.published_on)
    return of_document is None or start < of_document


def _covers_area(area: str, of_document: str, parents: Parents) -> bool:
    """Whether a document of an area may report on one: either encloses the other."""
    return of_document in _enclosing(area, parents) or area in _enclosing(of_document, parents)


def _enclosing(area: str | None, parents: Parents) -> Iterator[str]:
    """Yield an area and the areas that enclose it, the nearest first."""
    while area:
        yield area
        area = parents.get(area)


def period_ends(sources: Iterable[SourceRecord]) -> dict[str, int]:
    """Return the last month of each document's period, by `schemas.periods`."""
    listed = list(sources)
    ends = pl.DataFrame({"period": [each.period for each in listed]}, schema={"period": pl.String}).select(
        span(pl.col("period")).struct.field("end")
    )
    return {each.id: end for each, end in zip(listed, ends["end"], strict=True) if end is not None}


def _finding(rule: Rule, table: ParsedTable, row: int, sources: Mapping[str, SourceRecord]) -> Finding:
    values = table.labels.row(row, named=True)
    source = sources[values["source"]]
    if rule is builtin_rules.AREA_IS_OF_THE_SOURCE:
        column, area = "area", values["area"]
        en = f"{source.id} is a document of {source.area}, which neither encloses {area} nor lies within it"
        zh = f"{source.id} 是 {source.area} 的文件，与 {area} 互不隶属"
    elif rule is builtin_rules.PERIOD_IS_OVER:
        column, period = "period", values["period"]
        en = f"{source.id} was published on {source.published_on}, before {period} was over"
        zh = f"{source.id} 于 {source.published_on} 发布，而 {period} 尚未结束"
        if not source.published_on:
            en = f"{source.id} reports {source.period} and prints no figure of {period}; if it came out later, enter published_on"
            zh = f"{source.id} 的报告期为 {source.period}，不应有 {period} 的数字；若发布较晚，请填写 published_on"
    else:
        column = "period"
        en = f"{source.id} reports {source.period}, but this table has no figure of it from there"
        zh = f"{source.id} 的报告期为 {source.period}，本表却没有该期数字"
    place = table.raw.place(row, column)
    return make_finding(rule, table.address, place, Text(en, zh), row=row, row_key=table.keys[row], column=column)


def publication_order(sources: Iterable[SourceRecord]) -> dict[str, int]:
    """Return each document's position, from 0, in the order of publication.

    A document without a date came out when the period it reports on was over, or with the last return listed before it that is
    of that period; one without either before all others. Of documents of one day the order of the list decides.
    """
    listed = list(sources)
    month = span(pl.col("period")).struct.field("end")
    last_day = pl.date(month // 12, month % 12 + 1, 1).dt.offset_by("-1d").cast(pl.String)
    periods = pl.DataFrame({"period": [source.period for source in listed]}, schema={"period": pl.String})
    ends = periods.select(last_day).to_series().to_list()
    days, returned = [], dict[str, str]()
    for source, end in zip(listed, ends, strict=True):
        days.append(source.published_on or max(end or "", returned.get(source.period, "")))
        if source.is_return:
            returned[source.period] = max(days[-1], returned.get(source.period, ""))
    return {listed[each].id: place for place, each in enumerate(sorted(range(len(listed)), key=days.__getitem__))}
