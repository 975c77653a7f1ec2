"""Columns whose titles name a period: each period becomes a row, so that no figure gets another than its title's."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from etl.errors import ProjectError
from etl.raw_files.plain_characters import plain
from etl.scaffold.period_parsing import canonical_period, period_in_title
from etl.scaffold.titles import OF_CHANGE, OF_NO_USE, OF_PERIODS

OF_UNITS = frozenset({"单位", "计量单位"})
_OF_ANOTHER_PERIOD = re.compile(
    "(?:上年|去年|上年度|上月|上期)(?:同期|同月)|^同期|(?:上年|去年|上期)(?:数|值)$"
    "|^(?:上年|去年|前年|上期|上月|上季)(?!.*(?:结转|旧存|结存|结余|存量|遗留|未结|转入|末|底))"
    "|^(?:last|previous|prior|preceding)(?:year|month|quarter)|^same(?:period|time)",
    re.IGNORECASE,
)
"""What says that a figure is of a period before that of its row; what is carried over from it is of the row's.

Titles have no blanks.
"""


@dataclass(frozen=True, slots=True)
class InputColumn:
    """A column of a file.

    Attributes:
        levels: the titles over it, the outermost first.
        cells: its cells; None is blank.
        places: line and column of each.
        holds_figures: whether most of them are figures.
    """

    levels: tuple[str, ...]
    cells: tuple[str | None, ...]
    places: tuple[tuple[int, int], ...]
    holds_figures: bool

    @property
    def title(self) -> str:
        """Its titles in plain characters, joined."""
        return plain("".join(self.levels))


def upright(columns: Sequence[InputColumn]) -> list[InputColumn] | None:
    """Transpose columns that are periods, over one column of names; None where they are not.

    A change beside the periods is that of the last of them.
    """
    of_periods = [(period, each) for each in columns if (period := canonical_period(each.title))]
    others = [each for each in columns if not canonical_period(each.title) and not OF_NO_USE.match(each.title)]
    of_units = [each.cells for each in others if each.title in OF_UNITS]
    changes = [each for each in others if OF_CHANGE.search(each.title)]
    names = [each for each in others if each.title not in OF_UNITS and not OF_CHANGE.search(each.title)]
    if len(of_periods) < 2 or len(names) != 1:
        return None
    last = max(range(len(of_periods)), key=lambda at: of_periods[at][0])
    head = tuple(each.places[0] for _, each in of_periods)
    found = [InputColumn(("年份",), tuple(each.title for _, each in of_periods), head, False)]
    for row, cell in enumerate(names[0].cells):
        name = re.sub(r"\s+", "", cell or "")
        unit = "".join(f"（{cells[row]}）" for cells in of_units if cells[row])
        cells = tuple(each.cells[row] for _, each in of_periods)
        found.append(InputColumn((name + unit,), cells, tuple(each.places[row] for _, each in of_periods), True))
        for change in changes:
            if change.cells[row]:
                of_last = tuple(change.cells[row] if at == last else None for at in range(len(of_periods)))
                found.append(InputColumn((name, change.title), of_last, (change.places[row],) * len(of_periods), True))
    return found


def by_period(
    columns: Sequence[InputColumn], year: str, place: Callable[[InputColumn], str]
) -> tuple[list[InputColumn], list[int]] | None:
    """Divide rows by the periods that the titles of their figures name; None where no title names one.

    Args:
        columns: the columns.
        year: the one year that the title of the table names, for months and quarters; empty for none.
        place: writes the place of a column.

    Returns:
        The columns, and the row that each of the new rows is a part of.

    Raises:
        ProjectError: the period of a figure is not certain.
    """
    figures = [each for each in columns if each.holds_figures and not OF_NO_USE.match(each.title)]
    named = [(each, *_period_of(each, year, place)) for each in figures]
    periods = list(dict.fromkeys(period for _, period, _ in named if period))
    if not periods:
        return None
    labels = [each for each in columns if each not in figures]
    if any(OF_PERIODS.match(each.title) for each in labels):
        told = next(each for each, period, _ in named if period)
        raise ProjectError(
            f"{place(told)}: the title {told.title} names a period, and a column beside it has those of the rows."
            " Leave the period out of one of them, or give each its own file.",
            f"{place(told)}: 标题“{told.title}”含时期，而另有一列写有各行的时期。请去掉其一，或分存为两个文件。",
        )
    of_period: dict[str, dict[tuple[str, ...], InputColumn]] = {period: {} for period in periods}
    for column, period, rest in named:
        if not period and not OF_CHANGE.search(column.title):
            raise ProjectError(
                f"{place(column)}: the title {column.title} names no period, and others do. Name it, or leave the column out.",
                f"{place(column)}: 标题“{column.title}”没有时期，而其他列有。请写明时期，或去掉该列。",
            )
        if not "".join(rest):
            raise ProjectError(
                f"{place(column)}: the title {column.title} is a period, and does not say what its figures count.",
                f"{place(column)}: 标题“{column.title}”只有时期，没有写明指标。请补充。",
            )
        taken = of_period[period or max(periods)]
        if rest in taken:
            raise ProjectError(
                f"{place(column)}: two columns have the title {column.title}. Tell them apart in the header.",
                f"{place(column)}: 有两列的标题都是“{column.title}”。请在表头中加以区分。",
            )
        taken[rest] = column
    return _divided(labels, of_period)


def _divided(
    labels: Sequence[InputColumn], of_period: dict[str, dict[tuple[str, ...], InputColumn]]
) -> tuple[list[InputColumn], list[int]]:
    titles = list(dict.fromkeys(title for taken in of_period.values() for title in taken))
    height = len(next(column for taken in of_period.values() for column in taken.values()).cells)
    rows = [
        (row, period)
        for row in range(height)
        for period, taken in of_period.items()
        if any(column.cells[row] for column in taken.values())
    ]
    found = [_taken(each.levels, [(each, row) for row, _ in rows], is_figure=False) for each in labels]
    first = [next(iter(of_period[period].values())).places[row] for row, period in rows]
    found.append(InputColumn(("年份",), tuple(period for _, period in rows), tuple(first), False))
    for title in titles:
        found.append(_taken(title, [(of_period[period].get(title), row) for row, period in rows], is_figure=True))
    return found, [row for row, _ in rows]


def _taken(levels: tuple[str, ...], cells: Sequence[tuple[InputColumn | None, int]], *, is_figure: bool) -> InputColumn:
    texts = tuple(column.cells[row] if column else None for column, row in cells)
    return InputColumn(levels, texts, tuple(column.places[row] if column else (0, 0) for column, row in cells), is_figure)


def _period_of(column: InputColumn, year: str, place: Callable[[InputColumn], str]) -> tuple[str, tuple[str, ...]]:
    """Return the period that the titles over a column name, and the titles without it.

    Raises:
        ProjectError: they name several, or one that is not told.
    """
    found: dict[str, None] = {}
    rest = []
    for level in column.levels:
        period, without = period_in_title(plain(level), year, is_of_change=bool(OF_CHANGE.search(column.title)))
        if period is not None:
            found[period] = None
        rest.append(without)
    if (
        len(found) > 1
        or "" in found
        or any(_OF_ANOTHER_PERIOD.search(each) and not OF_CHANGE.search(column.title) for each in rest)
    ):
        raise ProjectError(
            f"{place(column)}: it is not certain of which period the figures under {column.title} are."
            " Write the year into the title, such as 2024年受理, or leave the column out.",
            f"{place(column)}: “{column.title}”下的数字属于哪个时期不能确定。请在标题中写明年份，如 2024年受理，或去掉该列。",
        )
    return next(iter(found), ""), tuple(each for each in rest if each)
