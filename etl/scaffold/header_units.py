"""A row of units beneath the titles of a header: each is that of the column above it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from etl.errors import ProjectError
from etl.raw_files.plain_characters import plain
from etl.raw_files.sheet_page import Grid
from etl.scaffold.header_periods import OF_UNITS
from etl.scaffold.titles import parse_title, without_multiplier
from schemas.code_lists import CodeLists

_PLACEHOLDERS = frozenset({*OF_UNITS, "-", "—", "–", "/", "\\"})


def is_of_units(row: Sequence[str | None], lists: CodeLists) -> bool:
    """Check whether all cells of a row are units, but for those that stand for none."""
    texts = [_bare(cell) for cell in row if cell]
    named = [text for text in texts if text not in _PLACEHOLDERS]
    return bool(named) and all(_is_unit(text, lists) for text in named)


def units_below_titles(rows: Grid, header: range, lists: CodeLists, place: Callable[[int, int], str]) -> tuple[str, ...]:
    """Put the units of a row beneath the titles into brackets, as titles have them.

    Returns:
        The unit of the whole table, where one cell below the titles names it.

    Raises:
        ProjectError: a title names another unit.
    """
    for row in header[1:]:
        if not is_of_units(rows[row], lists):
            continue
        cells = [(column, cell) for column, cell in enumerate(rows[row]) if cell]
        if len(cells) == 1 and "单位" in cells[0][1]:
            rows[row][cells[0][0]] = None
            return (cells[0][1],)
        for column, cell in cells:
            unit = _bare(cell)
            titles = [text for each in header if each < row and (text := rows[each][column])]
            named = parse_title(titles, lists).unit
            if named and unit not in _PLACEHOLDERS and named != unit:
                raise ProjectError(
                    f"{place(row, column)}: the unit {unit} stands beneath a title with the unit {named}. Mend one.",
                    f"{place(row, column)}: 标题写明单位“{named}”，其下却为“{unit}”。请更正其一。",
                )
            rows[row][column] = None if unit in _PLACEHOLDERS else f"（{unit}）"
    return ()


def _bare(cell: str) -> str:
    text = plain(cell).replace(" ", "").strip("()[]（）【】")
    return text.removeprefix("计量").removeprefix("单位").lstrip(":：") if ":" in text or "：" in text else text


def _is_unit(text: str, lists: CodeLists) -> bool:
    return not {text, without_multiplier(text)}.isdisjoint(lists.units_by_name)
