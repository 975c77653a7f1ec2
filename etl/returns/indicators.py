"""List the indicators that a form requests, each with what was printed last."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

import polars as pl

from etl.catalogue import Catalogue, Entry
from etl.errors import ProjectError, UnknownNameError, not_a_period
from etl.figures.words import Notation
from etl.gate.check import parsed_tables
from etl.project import Project
from etl.raw_files.plain_characters import plain
from etl.tables.parse import ParsedTable
from schemas.figure_table import Reading
from schemas.models import Category, Column, Rule, columns, figures, rules, titles
from schemas.periods import span
from schemas.texts import Language, Text

Months = tuple[int, int]
"""The first month of a period, and the month after its last."""

_AS_PRINTED_LAST = frozenset({"amount", "measure", "duration", "mean"})
"""Kinds that a form requests in the unit printed last, such as 万元; counts in full, shares in percent."""


@dataclass(frozen=True, slots=True)
class LastPrint:
    """What was printed last of an indicator."""

    period: str
    published: str
    source: str
    reading: Reading


@dataclass(frozen=True)
class Indicator:
    """A figure that a form requests.

    Attributes:
        entry: its table.
        area: code of the area of its row.
        categories: codes of the categories of its row, in the order of the model.
        column: its column.
        unit: in which a bare number is read.
        last: what was printed last, before the period of the form; None for nothing.
    """

    entry: Entry
    area: str
    categories: tuple[str, ...]
    column: Column
    unit: str
    last: LastPrint | None = None

    @property
    def address(self) -> str:
        """Domain, table and column."""
        return f"{self.entry.address}.{self.column.name}"

    @property
    def row(self) -> tuple[str, str, tuple[str, ...]]:
        """The row of the table that takes the figure."""
        return self.entry.address, self.area, self.categories

    @property
    def category_names(self) -> tuple[str, ...]:
        """The columns of the categories."""
        return tuple(each.name for each in category_columns(self.entry))

    @property
    def key(self) -> str:
        """What names it in a form: `patents.stock.valid_inventions 330200:all`."""
        return f"{self.address} {':'.join((self.area, *self.categories))}"

    def row_name(self, language: Language, own_area: str) -> str:
        """Name the row by its categories, and by its area if that is not the form's own."""
        lists = self.entry.catalogue.lists
        named = [] if self.area == own_area else [lists.by_code("areas")[self.area]]
        listed = zip(category_columns(self.entry), self.categories, strict=True)
        named += [lists.by_code(category.meaning.codes)[code] for category, code in listed]
        return ("、" if language == "zh" else ", ").join(each.zh if language == "zh" else each.en for each in named)

    def name(self, language: Language, own_area: str) -> str:
        """Name the figure by table, row and column."""
        row, meaning = self.row_name(language, own_area), self.column.meaning
        zh, en = titles(self.entry.model)
        if language == "zh":
            return f"{zh}{f'（{row}）' if row else ''}：{meaning.zh}"
        return f"{en}{f' ({row})' if row else ''}: {meaning.en}"

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that the figure must keep."""
        return tuple(
            rule
            for rule in rules(self.entry.model)
            if rule.constraint and any(not cell.table and cell.column == self.column.name for cell in rule.constraint.cells())
        )


def category_columns(entry: Entry) -> list[Column]:
    """List the categories of a table."""
    return [each for each in columns(entry.model) if isinstance(each.dtype, Category)]


def months_of(period: str) -> Months:
    """Parse a period.

    Raises:
        ProjectError: it is not one.
    """
    start, end = pl.select(span(pl.lit(period)).struct.unnest()).row(0)
    if start is None:
        raise ProjectError(not_a_period(period))
    return start, end


def area_of(project: Project, name: str) -> str:
    """Return the code of a named area; by default that of the latest bulletin or document.

    Raises:
        UnknownNameError: there is no such area.
        ProjectError: none is named, and no document tells one.
    """
    if name:
        codes = project.catalogue.lists.code_of_name("areas")
        if name not in codes:
            raise UnknownNameError(Text("area", "地区"), name, codes)
        return codes[name]
    listed = [each for each in project.sources.values() if each.area]
    if not listed:
        raise ProjectError(
            "raw/sources.csv names no area. State whose figures the form is of: --area CODE.",
            "raw/sources.csv 没有写明地区。请用 --area 代码 指明填报表所属地区。",
        )
    return max(listed, key=lambda each: (each.kind == "bulletin", each.period)).area


def indicators(project: Project, area: str, period: str, domains: Sequence[str] = (), *, every: bool = False) -> list[Indicator]:
    """List the indicators of an area, in the order of the catalogue.

    A row is requested if an earlier document prints it; of a table that no document has a row of, all are.

    Args:
        project: the project.
        area: code of the area; rows of areas within it are requested too.
        period: of the form.
        domains: only these; none for all.
        every: whether all rows that the code lists allow are requested.

    Raises:
        UnknownNameError: there is no such domain.
    """
    for domain in domains:
        if domain not in project.catalogue.domains:
            raise UnknownNameError(Text("domain", "领域"), domain, project.catalogue.domains)
    months, within = months_of(period), _areas_within(area, project.catalogue)
    tables = parsed_tables(project, project.catalogue.entries())
    found: list[Indicator] = []
    for entry in project.catalogue.entries():
        if domains and entry.domain not in domains:
            continue
        prints = _Prints.of(tables.get(entry.address), months)
        keys = [key for key in prints.keys if key[0] in within]
        if every or not keys:
            keys += [(area, codes) for codes in _combinations(entry)]
        for own, codes in dict.fromkeys(keys):
            found += _of_row(entry, own, codes, prints)
    return found


def _of_row(entry: Entry, area: str, codes: tuple[str, ...], prints: _Prints) -> Iterator[Indicator]:
    for column in figures(entry.model):
        last = prints.last(area, codes, column.name)
        yield Indicator(entry, area, codes, column, unit_of(column, last, entry.catalogue.notation), last)


def indicator_at(
    table: ParsedTable | None, entry: Entry, area: str, categories: tuple[str, ...], column: Column, period: str
) -> Indicator:
    """Return an indicator of a row, with what was printed last before a period."""
    last = _Prints.of(table, months_of(period)).last(area, categories, column.name)
    return Indicator(entry, area, categories, column, unit_of(column, last, entry.catalogue.notation), last)


def unit_of(column: Column, last: LastPrint | None, notation: Notation) -> str:
    """Return the unit that a form requests a figure in: of amounts and quantities the one printed last."""
    parts = re.fullmatch(notation.figure_pattern, re.sub(r"\s", "", plain(last.published))) if last else None
    if not parts or not parts["unit"] or column.dtype.kind not in _AS_PRINTED_LAST:
        return column.meaning.unit
    return f"{parts['multiplier'] or ''}{parts['second_multiplier'] or ''}{parts['unit'].strip('()')}"


def _areas_within(area: str, catalogue: Catalogue) -> frozenset[str]:
    found = {area}
    for each in catalogue.codes("areas"):
        outer: str | None = each.code
        while outer and outer != area:
            outer = catalogue.parents.get(outer)
        if outer:
            found.add(each.code)
    return frozenset(found)


def _combinations(entry: Entry) -> Iterable[tuple[str, ...]]:
    return product(*([each.code for each in entry.catalogue.codes(c.meaning.codes)] for c in category_columns(entry)))


@dataclass(frozen=True)
class _Prints:
    """The rows of a table that tell what a form of a period requests.

    Attributes:
        table: the table; None where it has no file, or no columns.
        known: the rows that end with the period or before.
        earlier: those of them that end before, the one that counts most last.
    """

    table: ParsedTable | None
    known: Sequence[int] = ()
    earlier: Sequence[int] = ()

    @classmethod
    def of(cls, table: ParsedTable | None, months: Months) -> _Prints:
        if table is None or table.raw.missing:
            return cls(None)
        figures, (start, end) = table.figure_table, months
        spans = [(first, last) for first, last in zip(figures.starts, figures.ends, strict=True)]
        known = [(row, first, last) for row, (first, last) in enumerate(spans) if first is not None and last is not None]
        known = [each for each in known if each[2] <= end]

        def rank(each: tuple[int, int, int]) -> tuple[bool, int, bool, int]:
            """The year before counts most; then the period that ends last, the one of the same length first."""
            row, first, last = each
            return (first, last) == (start - 12, end - 12), last, last - first == end - start, figures.order[row]

        earlier = sorted((each for each in known if each[2] < end), key=rank)
        return cls(table, [row for row, _, _ in known], [row for row, _, _ in earlier])

    @cached_property
    def keys(self) -> list[tuple[str, tuple[str, ...]]]:
        """Area and categories of each row: those printed last first, else in the order of the file."""
        if self.table is None:
            return []
        figures = self.table.figure_table
        found: dict[tuple[str, tuple[str, ...]], None] = {}
        for row in sorted(self.known, key=lambda row: (-(figures.ends[row] or 0), row)):
            area, *codes = (figures.areas[row], *(each[row] for each in figures.categories.values()))
            known = [code for code in codes if code is not None]
            if area is not None and len(known) == len(codes):
                found[area, tuple(known)] = None
        return list(found)

    def last(self, area: str, codes: tuple[str, ...], column: str) -> LastPrint | None:
        """Return what was printed last in a column of such rows."""
        table = self.table
        if table is None or column not in table.figures:
            return None
        judged, printed = table.figure_table, table.figures[column]
        for row in reversed(self.earlier):
            same = judged.areas[row] == area and all(
                each[row] == code for each, code in zip(judged.categories.values(), codes, strict=True)
            )
            if same and printed.is_printed[row]:
                period, published = table.raw.cells["period"][row], table.raw.cells[column][row]
                return LastPrint(period or "", published or "", judged.sources[row] or "", printed.reading(row))
        return None
