"""The layout of a handed-in table: its key, its figures, what is left out."""

from __future__ import annotations

import re
import types
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from etl.catalogue import Catalogue, Entry
from etl.errors import ProjectError
from etl.scaffold.columns import KINDS, FigureColumn, figure_columns, is_column_of_figures
from etl.scaffold.input_table import InputTable
from etl.scaffold.labels import CategoryColumn, area_column, areas_of_rows, category, period_columns, periods_of_rows
from etl.scaffold.names import Dictionary
from etl.scaffold.period_parsing import without_periods
from etl.scaffold.titles import OF_NO_USE, Stated, TitledColumn
from schemas.code_lists import Code
from schemas.models import Category, Table, figure, label
from schemas.texts import Text

_NUMBER_OF_TABLE = re.compile(r"^(?:附?表|图)\s*[0-9一二三四五六七八九十]+(?:[-－.][0-9]+)*[:：、.\s]*")
_WHY_LEFT_OUT = "a total of several periods, which the rows of the periods give"

ADDRESS = "proposed.table"
"""The address of a table while constraints are tried on its rows."""

Row = dict[str, str | None]


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

    def rows(self, source: str, section: str = "0") -> list[Row]:
        """List the rows by the names of their columns, as the raw file will hold them."""
        columns = {"area": self.areas, "period": self.periods} | {each.name: each.cells for each in self._named}
        rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
        return [{**row, "source": source, "section": section} for row in rows]

    @property
    def _named(self) -> tuple[CategoryColumn | FigureColumn, ...]:
        return (*self.categories, *self.figures)

    def key(self, row: int) -> str:
        """Write the area, the period and the codes of a row."""
        return ", ".join((self.areas[row], self.periods[row], *(each.cells[row] for each in self.categories)))

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
    used = [each for each in table.columns if not OF_NO_USE.match(each.zh) and any(each.cells)]
    remarks = [*table.remarks, *(_unused(each) for each in table.columns if each not in used)]
    of_periods = period_columns(used)
    periods, origin = periods_of_rows(of_periods, table, stated.period)
    remarks += _told("the period", "时期", periods[0] or "", origin)
    rest = [each for each in used if each not in of_periods]
    of_areas = area_column(rest, lists)
    areas, origin = areas_of_rows(of_areas, table, stated.area)
    remarks += _told("the area", "地区", areas[0], origin)
    rest = [each for each in rest if each is not of_areas]

    kept = [row for row, period in enumerate(periods) if period is not None]
    dropped = [row for row, period in enumerate(periods) if period is None]
    of_figures = [each for each in rest if is_column_of_figures(each, table.catalogue.notation)]
    remarks += [_left_out(table.lines[row]) for row in dropped]
    if not of_figures:
        raise ProjectError("The file has no column of figures.", "文件中没有数字列。")
    _refuse_untold(of_figures)
    labels = [each.at(kept) for each in rest if each not in of_figures]
    categories = tuple(category(each, name, stated.names, dictionary) for each in labels)
    title = stated.title or _table_title(table.title, lists.codes("areas"))
    if not title:
        remarks.append(Text("the file has no title; state it with --title", "文件没有标题；请用 --title 注明"))
    found = TableLayout(
        title or name,
        table.title or stated.title or name,
        tuple(areas[row] for row in kept),
        tuple(period for period in periods if period is not None),
        categories,
        tuple(figure_columns(table, [each.at(kept) for each in of_figures], stated, dictionary)),
        tuple((cell, _WHY_LEFT_OUT) for row in dropped for each in of_figures if (cell := each.cells[row])),
        tuple(remarks),
        table.catalogue,
    )
    _refuse_repeated_keys(found, [table.lines[row] for row in kept])
    return found


def _unused(column: TitledColumn) -> Text:
    name = column.zh or str(column.position)
    en = f"the column {name} is left out: it numbers the rows, is a remark on them, or is blank"
    return Text(en, f"“{name}”列为序号、备注或空列，未予采用")


def _left_out(line: int) -> Text:
    return Text(f"line {line} is left out: {_WHY_LEFT_OUT}", f"第 {line} 行为各期合计，未予采用")


def _told(what: str, what_zh: str, value: str, by: str) -> Iterator[Text]:
    if by:
        yield Text(f"{what} {value} is that of {by}", f"{what_zh} {value} 取自{'标题' if by == 'the title' else by}")


def _table_title(text: str, areas: Iterable[Code]) -> str:
    """Remove the number, the periods and the brackets from the title of a table."""
    found = _NUMBER_OF_TABLE.sub("", without_periods(text))
    names = (name for area in areas for name in (*area.aliases, area.zh) if found.startswith(name))
    found = found.removeprefix(max(names, key=len, default=""))
    return re.sub(r"[(（][^()（）]*[)）]", "", found).strip("：: 　、，,《》")


def _refuse_untold(columns: Iterable[TitledColumn]) -> None:
    """Refuse columns of figures without a title of their own."""
    seen: set[str] = set()
    for column in columns:
        if not column.zh:
            raise ProjectError(
                f"Column {column.position} has figures and no title. Give it one.",
                f"第 {column.position} 列有数字而无标题。请补上标题。",
            )
        if column.zh in seen:
            raise ProjectError(
                f"Two columns have the title {column.zh}. Tell them apart in the header.",
                f"有两列的标题都是“{column.zh}”。请在表头中加以区分。",
            )
        seen.add(column.zh)


def _refuse_repeated_keys(found: TableLayout, lines: Sequence[int]) -> None:
    first: dict[str, int] = {}
    for row, line in enumerate(lines):
        key = found.key(row)
        if key in first:
            raise ProjectError(
                f"Lines {first[key]} and {line} have one key: {key}. A column that tells them apart is missing.",
                f"第 {first[key]} 行与第 {line} 行的标识相同：{key}。缺少加以区分的列。",
            )
        first[key] = line
