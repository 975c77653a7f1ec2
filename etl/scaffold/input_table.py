"""Read a file as an office hands it in: its title, its header and its data."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from etl.catalogue import Catalogue
from etl.errors import ProjectError, cannot_be_opened
from etl.figures.words import Notation
from etl.raw_files.find import MOST_BYTES, WORKBOOKS
from etl.raw_files.in_child import read_in_child
from etl.raw_files.page import RefusedFileError, blank_or
from etl.raw_files.plain_characters import plain
from etl.raw_files.ragged import read_ragged
from etl.raw_files.sheet_page import Grid, Layout, sheet_page, title_levels, under_merged
from etl.scaffold.header_periods import InputColumn, by_period, upright
from etl.scaffold.header_rows import ABOUT_THE_FORM, find_header, is_figure, is_plain_figure
from etl.scaffold.header_units import units_below_titles
from etl.scaffold.period_parsing import periods_in
from etl.scaffold.titles import TitledColumn, parse_title
from schemas.texts import Text, joined

_LINE_OF_UNITS = re.compile(r"(?<![报表送制])单位\s*[:：]\s*([^\s)）】]+)")
Spot = Callable[[int, int], tuple[int, int]]
"""Maps a row and a column of a sheet, from 0, to line and column of the cell."""


@dataclass(frozen=True)
class InputTable:
    """The parts of a file.

    Attributes:
        above: the texts above the header: title, unit, who filled it in.
        columns: the columns, each with a cell for each row of data; upright, one row a period.
        lines: the line of each row of data in the file.
        remarks: what was corrected or left out.
        catalogue: the declarations that the table is read by.
        path: of the file.
    """

    above: tuple[str, ...]
    columns: tuple[TitledColumn, ...]
    lines: tuple[int, ...]
    remarks: tuple[Text, ...]
    catalogue: Catalogue = field(repr=False)
    path: Path = field(default=Path(), repr=False)

    @property
    def units(self) -> tuple[str, ...]:
        """The units that the line `单位：…` names for the whole table."""
        found = [match[1] for text in self.above for match in _LINE_OF_UNITS.finditer(plain(text).replace(":", "："))]
        return tuple(unit for text in found for unit in re.split("[、,，;；/和及]", text) if unit)

    def place(self, column: TitledColumn, row: int) -> str:
        """Write the place of a cell in the file."""
        line, at = column.places[row] if column.places else (self.lines[row], column.position)
        return f"{self.path}:{line}:{at}"

    @property
    def title(self) -> str:
        """The title of the table: the longest text above it that is not about the form."""
        titles = [text for text in self.above if not ABOUT_THE_FORM.search(text) and not text.startswith(("(", "（"))]
        return max(titles, key=len, default="")


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
        forms = ["*.csv", *(f"*{each}" for each in WORKBOOKS)]
        raise ProjectError(
            f"{path} is none of {', '.join(forms)}. Save it as one of them.",
            f"{path} 不是 {'、'.join(forms)}。请另存为其中之一。",
        )
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ProjectError(
                f"{path} has more than {MOST_BYTES >> 20} MiB, which no table of figures has.",
                f"{path} 超过 {MOST_BYTES >> 20} MiB，不是统计表。",
            )
        content = path.read_bytes()
        if form == ".csv":
            rows, spot = read_ragged(content)
            found = {"rows": rows, "merged": [], "faults": [], "remarks": [], "sheet": ""}
            return _table(found, path, catalogue, spot)
        return _table(read_in_child({"form": form, "sheets": [sheet] if sheet else []}, content), path, catalogue)
    except RefusedFileError as refused:
        raise ProjectError(f"{path}:{refused.line}:{refused.column}: " + refused.message) from None
    except OSError as error:
        raise ProjectError(cannot_be_opened(path, error)) from None


def _table(
    found: dict[str, Any], path: Path, catalogue: Catalogue, spot: Spot = lambda row, column: (row + 1, column + 1)
) -> InputTable:
    rows: Grid = [[blank_or(cell) if cell else None for cell in row] for row in found["rows"]]
    notation = catalogue.notation
    first, data = find_header(_with_unread(rows, found["faults"]), path, catalogue)
    above = tuple(cell for row in rows[:first] for cell in row if cell)
    above += units_below_titles(rows, range(first, data), catalogue.lists, lambda row, column: _place(path, spot(row, column)))
    merged = [(tuple(start), tuple(last)) for start, last in found["merged"] if first <= start[0]]
    if not any(start[0] < data for start, _ in merged):
        _spread_titles(rows, first, data)
    levels = title_levels(rows, under_merged(rows, merged), range(first, data))
    below = zip(levels, zip(*rows[data:], strict=True), strict=True)
    holds_figures = {plain("".join(titles)): _holds_figures(column, notation) for titles, column in below}
    faults = [fault for fault in found["faults"] if fault[0] >= first]
    sheet = {**found, "rows": rows, "merged": merged, "faults": faults}
    page = sheet_page(sheet, Layout(holds_figures, title_rows=first, header_rows=data - first))
    if page.set_aside:
        broken = [remark for remark in page.remarks if remark.line in page.set_aside]
        raise ProjectError(joined((f"{path}:{each.line}:{each.column}: " + each.message for each in broken), "\n"))
    if not page.rows:
        raise ProjectError(f"{path} has a header and no rows.", f"{path} 只有表头，没有数据行。")
    kept = [page.spot(page.header_line, position)[1] - 1 for position in range(len(page.header))]
    columns = [
        InputColumn(
            tuple(re.sub(r"\s+", "", title) for title in levels[at]),
            _with_marks_of_figures(cells, notation),
            tuple(spot(line - 1, at) for line in page.lines),
            _holds_figures(cells, notation),
        )
        for at, cells in zip(kept, zip(*page.rows, strict=True), strict=True)
    ]
    remarks = [*(remark.message for remark in page.remarks), *_taken_as_blank(path, page.rows, columns)]
    columns, lines = _with_periods(columns, tuple(page.lines), above, path, remarks)
    titled = (
        TitledColumn(at, parse_title(each.levels, catalogue.lists), each.cells, each.places)
        for at, each in enumerate(columns, start=1)
    )
    return InputTable(above, tuple(titled), lines, tuple(remarks), catalogue, path)


def _with_unread(rows: Grid, faults: Sequence[Sequence[Any]]) -> Grid:
    """Put a figure into the cells that cannot be read, so that their rows are rows of data."""
    found = [list(row) for row in rows] if faults else rows
    for row, column, *_ in faults:
        found[row][column] = "1"
    return found


def _with_periods(
    columns: list[InputColumn], lines: tuple[int, ...], above: Iterable[str], path: Path, remarks: list[Text]
) -> tuple[list[InputColumn], tuple[int, ...]]:
    """Make rows of the periods that titles name; return the columns and the line of each row, and add what was done."""
    if (turned := upright(columns)) is not None:
        en = "the columns are periods: each becomes a row, and each row a column"
        remarks.append(Text(en, "各列为时期：已转置，一个时期一行，一个指标一列"))
        return turned, (lines[0],) * len(turned[0].cells)
    told = {period for text in above for period in periods_in(text)}
    years = {period[:4] for period in told}
    year = years.pop() if len(years) == 1 else ""
    divided = by_period(columns, year, lambda column: _place(path, column.places[0]))
    if divided is None:
        return columns, lines
    en = "titles of columns name periods: the figures of each period become a row of its own"
    remarks.append(Text(en, "列标题含时期：各时期的数字分列为不同行"))
    return divided[0], tuple(lines[row] for row in divided[1])


def _taken_as_blank(path: Path, rows: Sequence[Sequence[str | None]], columns: Sequence[InputColumn]) -> Iterator[Text]:
    """Yield a remark on the marks in place of names, which are taken as blank, with the place of each."""
    marked = [
        (column.places[row], text)
        for row, texts in enumerate(rows)
        for column, text in zip(columns, texts, strict=True)
        if text and column.cells[row] is None
    ]
    if marked:
        listed = ", ".join(f"{_place(path, place)} {text}" for place, text in marked)
        en = (
            f"taken as blank, in {len(marked)} {'cell' if len(marked) == 1 else 'cells'}: {listed}. A blank name is that above it"
        )
        yield Text(en, f"以下 {len(marked)} 个单元格按空白处理：{listed}。空白的名称沿用上一行")


def _with_marks_of_figures(cells: tuple[str | None, ...], notation: Notation) -> tuple[str | None, ...]:
    """Blank the marks that stand in place of a text, in a column that is not one of figures."""
    filled = [cell for cell in cells if cell and not notation.marks.is_alone(cell)]
    if sum(is_figure(cell, notation) for cell in filled) * 2 > len(filled):
        return cells
    return tuple(None if cell and notation.marks.is_alone(cell) else cell for cell in cells)


def _place(path: Path, place: tuple[int, int]) -> str:
    return f"{path}:{place[0]}:{place[1]}"


def _spread_titles(rows: Grid, first: int, data: int) -> None:
    """Repeat an upper title over the columns up to the next title of its row."""
    for row in rows[first : data - 1]:
        for column in range(1, len(row)):
            if row[column] is None and rows[data - 1][column]:
                row[column] = next((cell for cell in reversed(row[:column]) if cell), None)


def _holds_figures(cells: Iterable[str | None], notation: Notation) -> bool:
    filled = [cell for cell in cells if cell and not notation.marks.is_alone(cell)]
    figures = sum(is_plain_figure(cell, notation) for cell in filled)
    return bool(figures) and figures * 2 >= len(filled)
