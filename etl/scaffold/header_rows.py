"""Rows of a handed-in file: which are titles, and where the data begin."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from etl.catalogue import Catalogue
from etl.errors import ProjectError
from etl.figures.words import Notation
from etl.raw_files.plain_characters import plain
from etl.raw_files.sheet_page import MOST_ROWS_ABOVE, MOST_ROWS_OF_HEADER, Grid
from etl.scaffold.header_units import is_of_units
from etl.scaffold.period_parsing import canonical_period
from etl.scaffold.titles import OF_PERIODS

ABOUT_THE_FORM = re.compile(
    r"^(?:计量|填报|制表|报送|数据)?(?:单位|日期|时间|部门|人|表号|机关)\s*[:：]|^表\s*[0-9一二三四五六七八九十]+$"
)
_MARKS_OF_NOTES = re.compile("(?:[①-⑳⁰¹²³⁴-⁹*※†‡§#]|[(（][a-zA-Z0-9*注]{1,2}[)）]|(?<=[0-9])[a-z]\\)?)+$")
_YEAR_ALONE = re.compile("(?:19|20)[0-9]{2}")


def find_header(rows: Grid, path: Path, catalogue: Catalogue) -> tuple[int, int]:
    """Find the first row of the header, and the first row of the data below it.

    Raises:
        ProjectError: there is none.
    """
    for data, row in enumerate(rows[: MOST_ROWS_ABOVE + MOST_ROWS_OF_HEADER]):
        if _is_of_data(row, catalogue):
            begin = _begin_of_data(rows, data, catalogue)
            first = next((above + 1 for above in range(begin - 1, -1, -1) if any(rows[above])), 0)
            while first and begin - first < MOST_ROWS_OF_HEADER and _is_of_header(rows[first - 1], catalogue):
                first -= 1
            while first < begin - 1 and is_of_units(rows[first], catalogue.lists):
                first += 1
            if first < begin and any(rows[first]):
                return first, begin
            break
    raise ProjectError(
        f"{path} shows no table: a header with at least two titles, and rows with figures right below it.",
        f"{path} 中没有表格，应有至少两个标题的表头，其下紧接含数字的行。",
    )


def is_figure(text: str, notation: Notation) -> bool:
    """Check whether a cell can be read as a printed figure."""
    marked = notation.marks.split(text)
    return bool(re.fullmatch(notation.figure_pattern, plain(marked.figure if marked else text)))


def is_plain_figure(cell: str, notation: Notation) -> bool:
    """Check whether a cell is a figure that cannot be a period as well."""
    return is_figure(cell, notation) and canonical_period(plain(cell)) is None


def _is_of_data(row: Sequence[str | None], catalogue: Catalogue) -> bool:
    """Check whether a row has a figure beside something else."""
    if sum(map(bool, row)) < 2 or is_of_units(row, catalogue.lists):
        return False
    return any(is_plain_figure(_without_marks(cell), catalogue.notation) for cell in row if cell)


def _begin_of_data(rows: Grid, data: int, catalogue: Catalogue) -> int:
    """Go up from the first row that has a figure over rows of the data that have none: of marks, of counts like years."""
    while data > 1 and _is_of_header(rows[data - 2], catalogue) and _continues_up(rows[data - 1], rows[data - 2], catalogue):
        data -= 1
    return data


def _continues_up(row: Sequence[str | None], above: Sequence[str | None], catalogue: Catalogue) -> bool:
    """Check whether a row below a row of titles, or of data, has no titles but data."""
    filled = [(cell, title) for cell, title in zip(row, above, strict=True) if cell]
    if len(filled) < 2 or is_of_units(row, catalogue.lists):
        return False
    if any(title and OF_PERIODS.match(plain(title)) and canonical_period(plain(cell)) for cell, title in filled):
        return True
    beside = [plain(cell) for cell, _ in filled[1:]]
    if any(map(catalogue.notation.marks.is_alone, beside)):
        return True
    figures = [cell for cell in beside if is_figure(cell, catalogue.notation)]
    return bool(figures and filled[0][1]) and all(map(_YEAR_ALONE.fullmatch, figures))


def _without_marks(cell: str) -> str:
    return _MARKS_OF_NOTES.sub("", plain(cell))


def _is_of_header(row: Sequence[str | None], catalogue: Catalogue) -> bool:
    """Check whether a row above the data has titles, or their units."""
    titles = sum(1 for cell in row if cell and not ABOUT_THE_FORM.search(plain(cell)))
    return titles >= 2 or is_of_units(row, catalogue.lists)
