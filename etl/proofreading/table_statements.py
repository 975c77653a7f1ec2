"""What the cells of a table state, so that it can be held against the text and other tables."""

from __future__ import annotations

import re
from collections.abc import Iterator

from etl.proofreading.grids import YEAR, Grid
from etl.proofreading.repeats import Statement, span_of
from etl.proofreading.words import label_of

_GENERIC = re.compile("(?:本年|今年|本期|数量|数值|数据|绝对数|指标值|实绩|合计|总计|总量|年|年末|末|底|度|value|total)*", re.I)
_TOTALS = re.compile("合计|总计|总数|全市|total", re.I)
_SHORTEST = 5


def table_statements(grid: Grid, year: str) -> Iterator[Statement]:
    """Yield what the cells of a table state: the header of a total row, or the stub of a column that only names a year."""
    for column in grid.columns:
        if not column.is_additive:
            continue
        title = "".join(column.header)
        for row in grid.rows:
            figure = row.figures.get(column.place)
            if figure is None:
                continue
            names = [_plain(title), _plain(row.stub)]
            if _TOTALS.fullmatch(row.stub):
                names[1] = ""
            label = label_of("".join(name for name in (names[1], names[0]) if name))
            where = f"{title} {row.stub}"
            span = span_of(re.sub("((?:19|20)[0-9]{2})(?!年)", r"\1年", where), year)
            if len(label) >= _SHORTEST and not (
                grid.caption and YEAR.search(grid.caption) and not YEAR.search(where) and year not in grid.caption
            ):
                yield Statement(label, figure.unit, span, "", figure, f"{row.stub} · {title}", is_of_table=True)


def _plain(name: str) -> str:
    """Return a header or stub without years and words that name nothing."""
    rest = re.sub("(?:19|20)[0-9]{2}年?(?:末|底|度)?|[（(][^（()）]{1,4}[)）]", "", name)
    return "" if _GENERIC.fullmatch(rest) else rest
