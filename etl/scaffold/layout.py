"""The layout of a handed-in table: its key, its figures, what is left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from etl.errors import ProjectError
from etl.findings import Text
from etl.scaffold.columns import Draft, FigureColumn, figure_columns, is_column_of_figures
from etl.scaffold.input_table import InputTable
from etl.scaffold.labels import (
    CategoryColumn,
    area_column,
    areas,
    category,
    period_columns,
    periods,
)
from etl.scaffold.names import Title, title
from etl.scaffold.period_parsing import without_periods
from schemas.code_lists import codes

_NO_FIGURES = re.compile("^(?:序号|编号|备注|说明|注|次序|排名|no[.]?)$", re.IGNORECASE)
_NUMBER_OF_TABLE = re.compile(r"^(?:附?表|图)\s*[0-9一二三四五六七八九十]+(?:[-－.][0-9]+)*[:：、.\s]*")


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
    """

    title: str
    document: str
    areas: tuple[str, ...]
    periods: tuple[str, ...]
    categories: tuple[CategoryColumn, ...]
    figures: tuple[FigureColumn, ...]
    left_out: tuple[tuple[str, str], ...]
    remarks: tuple[Text, ...]

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


def layout(table: InputTable, name: str, stated: Stated, is_listed: Callable[[str], bool]) -> TableLayout:
    """Lay out a handed-in table.

    Args:
        table: the parts of the file.
        name: of the table.
        stated: what the user states of it.
        is_listed: whether there is a code list of a name.

    Raises:
        ProjectError: an area, a period, a unit or a figure of it cannot be read.
    """
    titles = [title(levels) for levels in table.levels]
    cells: Cells = list(zip(*table.rows, strict=True))
    remarks = [*table.remarks, *_of_no_use(titles, cells)]
    of_use = [at for at, each in enumerate(titles) if not _NO_FIGURES.match(each.zh) and any(cells[at])]
    of_periods = [of_use[at] for at in period_columns([titles[at].zh for at in of_use], [cells[at] for at in of_use])]
    found_periods, told_by = periods(of_periods, cells, table, stated.period)
    remarks += _told("the period", "时期", found_periods[0] or "", told_by)
    rest = [at for at in of_use if at not in of_periods]
    at_area = area_column([titles[at].zh for at in rest], [cells[at] for at in rest])
    of_area = None if at_area is None else rest[at_area]
    found_areas, told_by = areas(of_area, cells, table, stated.area)
    remarks += _told("the area", "地区", found_areas[0], told_by)
    rest = [at for at in rest if at != of_area]

    kept = [row for row, period in enumerate(found_periods) if period is not None]
    reason = "a total of several periods, which the rows of the periods give"
    dropped = [row for row, period in enumerate(found_periods) if period is None]
    of_figures = [at for at in rest if is_column_of_figures(cells[at])]
    left_out = [(cell, reason) for row in dropped for at in of_figures if (cell := cells[at][row])]
    for row in dropped:
        line = table.lines[row]
        remarks.append(Text(f"line {line} is left out: {reason}", f"第 {line} 行为各期合计，未予采用"))
    drafts = [Draft(at + 1, titles[at], tuple(cells[at][row] for row in kept)) for at in of_figures]
    if not drafts:
        raise ProjectError("The file has no column of figures.")
    _refuse_repeated(drafts)
    categories = tuple(
        category(at + 1, titles[at].zh, [cells[at][row] for row in kept], name, stated.names, is_listed)
        for at in rest
        if at not in of_figures
    )
    if not (stated.title or _table_title(table.title)):
        remarks.append(Text("the file has no title; state it with --title", "文件没有标题；请用 --title 注明"))
    found = TableLayout(
        stated.title or _table_title(table.title) or name,
        table.title or stated.title or name,
        tuple(found_areas[row] for row in kept),
        tuple(period for period in found_periods if period is not None),
        categories,
        tuple(figure_columns(table, drafts, stated.names, stated.units)),
        tuple(left_out),
        tuple(remarks),
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


def _table_title(text: str) -> str:
    """Remove the number, the periods and the brackets from the title of a table."""
    found = _NUMBER_OF_TABLE.sub("", without_periods(text))
    names = sorted((name for area in codes("areas") for name in (*area.aliases, area.zh)), key=len, reverse=True)
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
