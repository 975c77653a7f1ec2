"""The layout of a handed-in table: its key, its figures, what is left out."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from etl.catalogue import Catalogue, Entry
from etl.errors import ProjectError
from etl.findings import Text
from etl.scaffold.columns import KINDS, Draft, FigureColumn, figure_columns, is_column_of_figures
from etl.scaffold.input_table import InputTable
from etl.scaffold.labels import (
    CategoryColumn,
    area_column,
    areas,
    category,
    period_columns,
    periods,
)
from etl.scaffold.names import Dictionary
from etl.scaffold.period_parsing import without_periods
from etl.scaffold.titles import Title, parse_title
from schemas.code_lists import Code
from schemas.models import Category, Table, figure, label

_NO_FIGURES = re.compile("^(?:序号|编号|备注|说明|注|次序|排名|no[.]?)$", re.IGNORECASE)
_NUMBER_OF_TABLE = re.compile(r"^(?:附?表|图)\s*[0-9一二三四五六七八九十]+(?:[-－.][0-9]+)*[:：、.\s]*")

ADDRESS = "proposed.table"
"""The address of a table while constraints are tried on its rows."""

Cells = list[tuple[str | None, ...]]


@dataclass(frozen=True)
class Stated:
    """User-supplied metadata for the table.

    Attributes:
        area: of all rows; empty where the file tells it.
        period: of all rows; empty where the file tells it.
        title: of the table in Chinese; empty for that of the file.
        names: English names by title.
        units: units by title.
    """

    area: str = ""
    period: str = ""
    title: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TableLayout:
    """The content of a table, row for row.

    Attributes:
        title: in Chinese.
        document: title of the document that the file is, in full.
        areas: the code of each row.
        periods: the period of each row.
        categories: the categories of the key.
        figures: the columns of figures.
        left_out: figures of rows that are no part of the table (a total of periods): printed, and why.
        remarks: what was corrected, taken from elsewhere, or left out.
        catalogue: the declarations that it is read by.
    """

    title: str
    document: str
    areas: tuple[str, ...]
    periods: tuple[str, ...]
    categories: tuple[CategoryColumn, ...]
    figures: tuple[FigureColumn, ...]
    left_out: tuple[tuple[str, str], ...]
    remarks: tuple[Text, ...]
    catalogue: Catalogue = field(repr=False)

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.areas)

    def rows(self, source: str, section: str = "0") -> list[dict[str, str | None]]:
        """List the rows by the names of their columns, as the raw file will hold them."""
        columns: dict[str, tuple[str | None, ...]] = {"area": self.areas, "period": self.periods}
        columns |= {each.name: each.cells for each in self.categories} | {each.name: each.cells for each in self.figures}
        rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
        return [{**row, "source": source, "section": section} for row in rows]

    def key(self, row: int) -> tuple[str, ...]:
        """Return the area, the period and the codes of a row."""
        return (self.areas[row], self.periods[row], *(each.cells[row] for each in self.categories))

    @cached_property
    def entry(self) -> Entry:
        """The catalogue entry of the table, without rules and code lists."""
        kinds: dict[str, Any] = {each.name: Category for each in self.categories}
        kinds |= {each.name: KINDS[each.kind] for each in self.figures}
        declared: dict[str, Any] = {each.name: label(each.zh, each.en) for each in self.categories}
        declared |= {each.name: figure(each.zh, each.en, each.unit, optional=True) for each in self.figures}
        body = {"__annotations__": kinds, "__module__": __name__, "__doc__": "A proposed table."} | declared
        model: type[Table] = types.new_class("Proposed", (Table,), {"zh": self.title}, lambda space: space.update(body))
        return Entry(ADDRESS, model, None, catalogue=self.catalogue)


def layout(table: InputTable, name: str, stated: Stated) -> TableLayout:
    """Find the key and the figures of a handed-in table.

    Args:
        table: the parts of the file.
        name: of the table.
        stated: what the user states of it.

    Raises:
        ProjectError: an area, a period, a unit or a figure of it cannot be read.
    """
    lists, dictionary = table.catalogue.lists, Dictionary(table.catalogue)
    titles = [parse_title(levels, lists) for levels in table.levels]
    cells: Cells = list(zip(*table.rows, strict=True))
    remarks = [*table.remarks, *_of_no_use(titles, cells)]
    of_use = [at for at, each in enumerate(titles) if not _NO_FIGURES.match(each.zh) and any(cells[at])]
    of_periods = [of_use[at] for at in period_columns([titles[at].zh for at in of_use], [cells[at] for at in of_use])]
    found_periods, told_by = periods(of_periods, cells, table, stated.period)
    remarks += _told("the period", "时期", found_periods[0] or "", told_by)
    rest = [at for at in of_use if at not in of_periods]
    at_area = area_column([titles[at].zh for at in rest], [cells[at] for at in rest], lists)
    of_area = None if at_area is None else rest[at_area]
    found_areas, told_by = areas(of_area, cells, table, stated.area)
    remarks += _told("the area", "地区", found_areas[0], told_by)
    rest = [at for at in rest if at != of_area]

    kept = [row for row, period in enumerate(found_periods) if period is not None]
    reason = "a total of several periods, which the rows of the periods give"
    dropped = [row for row, period in enumerate(found_periods) if period is None]
    of_figures = [at for at in rest if is_column_of_figures(cells[at], table.catalogue.notation)]
    left_out = [(cell, reason) for row in dropped for at in of_figures if (cell := cells[at][row])]
    for row in dropped:
        line = table.lines[row]
        remarks.append(Text(f"line {line} is left out: {reason}", f"第 {line} 行为各期合计，未予采用"))
    drafts = [Draft(at + 1, titles[at], tuple(cells[at][row] for row in kept)) for at in of_figures]
    if not drafts:
        raise ProjectError("The file has no column of figures.")
    _refuse_repeated(drafts)
    categories = tuple(
        category(at + 1, titles[at].zh, [cells[at][row] for row in kept], name, stated.names, dictionary)
        for at in rest
        if at not in of_figures
    )
    table_title = stated.title or _table_title(table.title, lists.codes("areas"))
    if not table_title:
        remarks.append(Text("the file has no title; state it with --title", "文件没有标题；请用 --title 注明"))
    found = TableLayout(
        table_title or name,
        table.title or stated.title or name,
        tuple(found_areas[row] for row in kept),
        tuple(period for period in found_periods if period is not None),
        categories,
        tuple(figure_columns(table, drafts, stated.names, stated.units, dictionary)),
        tuple(left_out),
        tuple(remarks),
        table.catalogue,
    )
    _refuse_repeated_keys(found, [table.lines[row] for row in kept])
    return found


def _of_no_use(titles: Sequence[Title], cells: Cells) -> Iterator[Text]:
    for at, each in enumerate(titles):
        if _NO_FIGURES.match(each.zh) or not any(cells[at]):
            name = each.zh or str(at + 1)
            en = f"the column {name} is left out: it numbers the rows, is a remark on them, or is blank"
            yield Text(en, f"“{name}”列为序号、备注或空列，未予采用")


def _told(what: str, what_zh: str, value: str, by: str) -> list[Text]:
    by_zh = "标题" if by == "the title" else by
    return [Text(f"{what} {value} is that of {by}", f"{what_zh} {value} 取自{by_zh}")] if by else []


def _table_title(text: str, areas: Sequence[Code]) -> str:
    """Remove the number, the periods and the brackets from the title of a table."""
    found = _NUMBER_OF_TABLE.sub("", without_periods(text))
    names = sorted((name for area in areas for name in (*area.aliases, area.zh)), key=len, reverse=True)
    found = found.removeprefix(next((name for name in names if found.startswith(name)), ""))
    return re.sub(r"[(（][^()（）]*[)）]", "", found).strip("：: 　、，,《》")


def _refuse_repeated(drafts: list[Draft]) -> None:
    seen: set[str] = set()
    for draft in drafts:
        if not draft.title.zh:
            raise ProjectError(f"Column {draft.position} has figures and no title. Give it one.")
        if draft.title.zh in seen:
            raise ProjectError(f"Two columns have the title {draft.title.zh}. Tell them apart in the header.")
        seen.add(draft.title.zh)


def _refuse_repeated_keys(found: TableLayout, lines: list[int]) -> None:
    first: dict[tuple[str, ...], int] = {}
    for row, line in enumerate(lines):
        key = found.key(row)
        if key in first:
            shown = ", ".join(key)
            raise ProjectError(f"Lines {first[key]} and {line} have one key: {shown}. A column that tells them apart is missing.")
        first[key] = line
