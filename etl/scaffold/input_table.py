"""Read a file as an office hands it in: its title, its header and its data."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from etl.catalogue import Catalogue
from etl.errors import ProjectError
from etl.figures.words import Notation
from etl.findings import Text
from etl.raw_files.delimited import read_ragged
from etl.raw_files.find import MOST_BYTES, WORKBOOKS
from etl.raw_files.in_child import read_in_child
from etl.raw_files.page import RefusedFileError, blank_or
from etl.raw_files.plain_characters import plain
from etl.raw_files.sheet_page import MOST_ROWS_ABOVE, MOST_ROWS_OF_HEADER, Grid, Layout, sheet_page, title_levels, under_merged
from etl.scaffold.period_parsing import canonical_period
from etl.scaffold.titles import OF_CHANGE, OF_NO_USE, TitledColumn, parse_title

_LINE_OF_UNITS = re.compile(r"(?<![报表送制])单位\s*[:：]\s*([^\s)）】]+)")
_OF_UNITS = frozenset({"单位", "计量单位"})
_ABOUT_THE_FORM = re.compile(
    r"^(?:计量|填报|制表|报送|数据)?(?:单位|日期|时间|部门|人|表号|机关)\s*[:：]|^表\s*[0-9一二三四五六七八九十]+$"
)


Columns = list[tuple[tuple[str, ...], tuple[str | None, ...]]]
"""The titles over each column, the outermost first, and its cells."""


@dataclass(frozen=True)
class InputTable:
    """The parts of a file.

    Attributes:
        above: the texts above the header: title, unit, who filled it in.
        columns: the columns, each with a cell for each row of data; upright, one row a period.
        lines: the line of each row of data in the file.
        remarks: what was corrected or left out.
        catalogue: the declarations that the table is read by.
    """

    above: tuple[str, ...]
    columns: tuple[TitledColumn, ...]
    lines: tuple[int, ...]
    remarks: tuple[Text, ...]
    catalogue: Catalogue = field(repr=False)

    @property
    def units(self) -> tuple[str, ...]:
        """The units that the line `单位：…` names for the whole table."""
        found = [match[1] for text in self.above for match in _LINE_OF_UNITS.finditer(plain(text).replace(":", "："))]
        return tuple(unit for text in found for unit in re.split("[、,，;；/和及]", text) if unit)

    @property
    def title(self) -> str:
        """The title of the table: the longest text above it that is not about the form."""
        titles = [text for text in self.above if not _ABOUT_THE_FORM.search(text) and not text.startswith(("(", "（"))]
        return max(titles, key=len, default="")


def is_figure(text: str, notation: Notation) -> bool:
    """Check whether a cell can be read as a printed figure."""
    marked = notation.marks.split(text)
    return bool(re.fullmatch(notation.figure_pattern, plain(marked.figure if marked else text)))


def read_input_table(path: Path, catalogue: Catalogue, sheet: str = "") -> InputTable:
    """Read a CSV file or workbook.

    Args:
        path: the file.
        catalogue: the declarations to read it by.
        sheet: of a workbook; empty for the only one.

    Raises:
        ProjectError: it cannot be read, or holds no table of figures.
    """
    form = path.suffix.casefold()
    if form not in (".csv", *WORKBOOKS):
        raise ProjectError(f"{path} is none of *.csv, {', '.join(f'*{each}' for each in WORKBOOKS)}. Save it as one of them.")
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ProjectError(f"{path} has more than {MOST_BYTES >> 20} MiB, which no table of figures has.")
        content = path.read_bytes()
        if form == ".csv":
            found = {"rows": read_ragged(content), "merged": [], "faults": [], "remarks": [], "sheet": ""}
        else:
            found = read_in_child({"form": form, "sheets": [sheet] if sheet else []}, content)
        return _table(found, path, catalogue)
    except RefusedFileError as refused:
        raise ProjectError(f"{path}:{refused.line}:{refused.column}: {refused.message.en}") from None
    except OSError as error:
        raise ProjectError(f"{path} cannot be opened: {error.strerror}.") from None


def _table(found: dict[str, Any], path: Path, catalogue: Catalogue) -> InputTable:
    rows: Grid = [[blank_or(cell) if cell else None for cell in row] for row in found["rows"]]
    notation = catalogue.notation
    first, data = _header(rows, path, notation)
    merged = [(tuple(start), tuple(last)) for start, last in found["merged"] if first <= start[0]]
    if not any(start[0] < data for start, _ in merged):
        _spread_titles(rows, first, data)
    levels = title_levels(rows, under_merged(rows, merged), range(first, data))
    below = zip(levels, zip(*rows[data:], strict=True), strict=True)
    holds_figures = {plain("".join(titles)): _holds_figures(column, notation) for titles, column in below}
    faults = [fault for fault in found["faults"] if fault[0] >= data]
    sheet = {**found, "rows": rows, "merged": merged, "faults": faults}
    page = sheet_page(sheet, Layout(holds_figures, title_rows=first, header_rows=data - first))
    if page.set_aside:
        worst = next(remark for remark in page.remarks if remark.line == page.set_aside[0])
        raise ProjectError(f"{path}:{worst.line}:{worst.column}: {worst.message.en}")
    if not page.rows:
        raise ProjectError(f"{path} has a header and no rows.")
    kept = [page.spot(page.header_line, position)[1] - 1 for position in range(len(page.header))]
    titles = [tuple(re.sub(r"\s+", "", title) for title in levels[column]) for column in kept]
    cells = [_with_marks_of_figures(column, notation) for column in zip(*page.rows, strict=True)]
    above = tuple(cell for row in rows[:first] for cell in row if cell)
    lines, remarks = tuple(page.lines), tuple(remark.message for remark in page.remarks)
    columns = [*zip(titles, cells, strict=True)]
    if (upright := _upright(columns)) is not None:
        columns, lines = upright, (lines[0],) * len(upright[0][1])
        en = "the columns are periods: each becomes a row, and each row a column"
        remarks = (*remarks, Text(en, "各列为时期：已转置，一个时期一行，一个指标一列"))
    titled = (TitledColumn(at, parse_title(of, catalogue.lists), cells) for at, (of, cells) in enumerate(columns, start=1))
    return InputTable(above, tuple(titled), lines, remarks, catalogue)


def _with_marks_of_figures(cells: tuple[str | None, ...], notation: Notation) -> tuple[str | None, ...]:
    """Blank the marks that stand in place of a text, in a column that is not one of figures."""
    filled = [cell for cell in cells if cell and not notation.marks.is_alone(cell)]
    if sum(is_figure(cell, notation) for cell in filled) * 2 > len(filled):
        return cells
    return tuple(None if cell and notation.marks.is_alone(cell) else cell for cell in cells)


def _header(rows: Grid, path: Path, notation: Notation) -> tuple[int, int]:
    """Find the first row of the header, and the first row of the data below it."""
    for data, row in enumerate(rows[: MOST_ROWS_ABOVE + MOST_ROWS_OF_HEADER]):
        if sum(map(bool, row)) >= 2 and any(_is_plain_figure(cell, notation) for cell in row if cell):
            first = data
            while first and data - first < MOST_ROWS_OF_HEADER and _is_of_titles(rows[first - 1]):
                first -= 1
            if first < data:
                return first, data
            break
    raise ProjectError(f"{path} shows no table: a header with at least two titles, and rows with figures right below it.")


def _is_plain_figure(cell: str, notation: Notation) -> bool:
    """Check whether a cell is a figure that cannot be a period as well."""
    return is_figure(cell, notation) and canonical_period(plain(cell)) is None


def _is_of_titles(row: Iterable[str | None]) -> bool:
    return sum(1 for cell in row if cell and not _ABOUT_THE_FORM.search(plain(cell))) >= 2


def _spread_titles(rows: Grid, first: int, data: int) -> None:
    """Repeat an upper title over the columns up to the next title of its row."""
    for row in rows[first : data - 1]:
        for column in range(1, len(row)):
            if row[column] is None and rows[data - 1][column]:
                row[column] = next((cell for cell in reversed(row[:column]) if cell), None)


def _holds_figures(cells: Iterable[str | None], notation: Notation) -> bool:
    filled = [cell for cell in cells if cell and not notation.marks.is_alone(cell)]
    figures = sum(_is_plain_figure(cell, notation) for cell in filled)
    return bool(figures) and figures * 2 >= len(filled)


def _upright(columns: Columns) -> Columns | None:
    """Transpose columns that are periods; None where they are not.

    A change beside the periods is that of the last of them.
    """
    titled = [(plain("".join(levels)), cells) for levels, cells in columns]
    of_periods = [(period, title, cells) for title, cells in titled if (period := canonical_period(title))]
    others = [each for each in titled if not canonical_period(each[0]) and not OF_NO_USE.match(each[0])]
    of_units = [cells for title, cells in others if title in _OF_UNITS]
    changes = [(title, cells) for title, cells in others if OF_CHANGE.search(title)]
    names = [cells for title, cells in others if title not in _OF_UNITS and not OF_CHANGE.search(title)]
    if len(of_periods) < 2 or len(names) != 1:
        return None
    last = max(range(len(of_periods)), key=lambda at: of_periods[at][0])
    found: Columns = [(("年份",), tuple(title for _, title, _ in of_periods))]
    for row, cell in enumerate(names[0]):
        name = re.sub(r"\s+", "", cell or "")
        unit = "".join(f"（{cells[row]}）" for cells in of_units if cells[row])
        found.append(((name + unit,), tuple(cells[row] for *_, cells in of_periods)))
        for title, cells in changes:
            if cells[row]:
                found.append(((name, title), tuple(cells[row] if at == last else None for at in range(len(of_periods)))))
    return found
