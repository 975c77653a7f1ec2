"""Read a file as an office hands it in: its title, its header and its data."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from etl.catalogue import Catalogue
from etl.errors import ProjectError
from etl.figures.words import Notation
from etl.findings import Text
from etl.raw_files.decode import decoded
from etl.raw_files.find import MOST_BYTES, WORKBOOKS
from etl.raw_files.in_child import read_in_child
from etl.raw_files.page import NO_TEXT, RefusedFileError, blank_or
from etl.raw_files.plain_characters import plain
from etl.raw_files.sheet_page import MOST_ROWS_ABOVE, MOST_ROWS_OF_HEADER, Grid, Layout, sheet_page, title_levels, under_merged
from etl.scaffold.period_parsing import canonical_period

NOT_PRINTED = frozenset({"-", "--", "—", "——", "–", "/", "…", "……", "...", "*", "无", "暂无", "N/A", "n/a"})
"""What an office writes where there is no figure."""

_LINE_OF_UNITS = re.compile(r"(?<![报表送制])单位\s*[:：]\s*([^\s)）】]+)")
_OF_ROWS = frozenset({"序号", "编号", "备注", "说明"})
_OF_CHANGE = re.compile("同比|增长|增幅|增速|比上年")
_ABOUT_THE_FORM = re.compile(
    r"^(?:计量|填报|制表|报送|数据)?(?:单位|日期|时间|部门|人|表号|机关)\s*[:：]|^表\s*[0-9一二三四五六七八九十]+$"
)


@dataclass(frozen=True)
class InputTable:
    """The parts of a file.

    Attributes:
        above: the texts above the header: title, unit, who filled it in.
        levels: for each column, the titles that stand over it, the outermost first.
        rows: the rows of data, each as wide as `levels`; None is a blank cell.
        lines: the line of each of them in the file.
        remarks: what was corrected or left out.
        catalogue: the declarations that the table is read by.
    """

    above: tuple[str, ...]
    levels: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str | None, ...], ...]
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
    return bool(re.fullmatch(notation.figure_pattern, plain(text)))


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
            found = _delimited(content)
        else:
            found = read_in_child({"form": form, "sheets": [sheet] if sheet else []}, content)
        return _table(found, path, catalogue)
    except RefusedFileError as refused:
        raise ProjectError(f"{path}:{refused.line}:{refused.column}: {refused.message.en}") from None
    except OSError as error:
        raise ProjectError(f"{path} cannot be opened: {error.strerror}.") from None


def _delimited(content: bytes) -> dict[str, Any]:
    """Read a CSV file, whose title rows may be shorter than its data, as a sheet."""
    text = decoded(content).text
    if NO_TEXT.search(text):
        raise ProjectError("The file has bytes that are no text of its encoding. Save it anew as CSV UTF-8.")
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise ProjectError(f"The file is no CSV: {error}. Save it anew as CSV UTF-8.") from None
    width = max(map(len, rows), default=0)
    if width < 2:
        raise ProjectError("No row of the file has two cells: are they separated by commas? Save it as CSV UTF-8.")
    padded = [row + [""] * (width - len(row)) for row in rows]
    return {"rows": padded, "merged": [], "faults": [], "remarks": [], "sheet": ""}


def _table(found: dict[str, Any], path: Path, catalogue: Catalogue) -> InputTable:
    rows: Grid = [[blank_or(cell) if cell else None for cell in row] for row in found["rows"]]
    notation = catalogue.notation
    first, data = _header(rows, path, notation)
    merged = [(tuple(start), tuple(last)) for start, last in found["merged"] if first <= start[0]]
    if not any(start[0] < data for start, _ in merged):
        _spread_titles(rows, first, data)
    levels = title_levels(rows, under_merged(rows, merged), range(first, data))
    is_of_figures = {plain("".join(level)): _holds_figures(rows[data:], column, notation) for column, level in enumerate(levels)}
    faults = [fault for fault in found["faults"] if fault[0] >= data]
    sheet = {**found, "rows": rows, "merged": merged, "faults": faults}
    page = sheet_page(sheet, Layout(is_of_figures, title_rows=first, header_rows=data - first))
    if page.set_aside:
        worst = next(remark for remark in page.remarks if remark.line == page.set_aside[0])
        raise ProjectError(f"{path}:{worst.line}:{worst.column}: {worst.message.en}")
    if not page.rows:
        raise ProjectError(f"{path} has a header and no rows.")
    kept = [page.spot(page.header_line, position)[1] - 1 for position in range(len(page.header))]
    return _upright(
        InputTable(
            tuple(cell for row in rows[:first] for cell in row if cell),
            tuple(tuple(re.sub(r"\s+", "", title) for title in levels[column]) for column in kept),
            tuple(tuple(None if plain(cell or "") in NOT_PRINTED else cell for cell in row) for row in page.rows),
            tuple(page.lines),
            tuple(remark.message for remark in page.remarks),
            catalogue,
        )
    )


def _header(rows: Grid, path: Path, notation: Notation) -> tuple[int, int]:
    """Find the first row of the header, and the first row of the data below it."""
    for data, row in enumerate(rows[: MOST_ROWS_ABOVE + MOST_ROWS_OF_HEADER]):
        if not _is_of_data(row, notation):
            continue
        first = data
        while first and data - first < MOST_ROWS_OF_HEADER and _is_of_titles(rows[first - 1]):
            first -= 1
        if first < data:
            return first, data
        break
    raise ProjectError(f"{path} shows no table: a header with at least two titles, and rows with figures right below it.")


def _is_of_data(row: Sequence[str | None], notation: Notation) -> bool:
    filled = [plain(cell) for cell in row if cell]
    figures = [cell for cell in filled if is_figure(cell, notation) and canonical_period(cell) is None]
    return len(filled) >= 2 and bool(figures)


def _is_of_titles(row: Sequence[str | None]) -> bool:
    return sum(1 for cell in row if cell and not _ABOUT_THE_FORM.search(plain(cell))) >= 2


def _spread_titles(rows: Grid, first: int, data: int) -> None:
    """Repeat an upper title over the columns up to the next title of its row."""
    for row in range(first, data - 1):
        for column in range(1, len(rows[row])):
            if rows[row][column] is None and rows[data - 1][column]:
                rows[row][column] = next((cell for cell in reversed(rows[row][:column]) if cell), None)


def _holds_figures(rows: Grid, column: int, notation: Notation) -> bool:
    filled = [row[column] for row in rows if row[column]]
    figures = [cell for cell in filled if cell and is_figure(cell, notation) and canonical_period(plain(cell)) is None]
    return bool(figures) and len(figures) * 2 >= len(filled)


def _upright(table: InputTable) -> InputTable:
    """Transpose a table whose columns are periods.

    A change beside the periods is that of the last of them.
    """
    titles = [plain("".join(levels)) for levels in table.levels]
    periods = {column: canonical_period(title) for column, title in enumerate(titles) if canonical_period(title)}
    others = [column for column in range(len(titles)) if column not in periods and titles[column] not in _OF_ROWS]
    of_units = [column for column in others if titles[column] in ("单位", "计量单位")]
    changes = [column for column in others if _OF_CHANGE.search(titles[column])]
    names = [column for column in others if column not in (*of_units, *changes)]
    if len(periods) < 2 or len(names) != 1:
        return table
    header: list[tuple[str, ...]] = [("年份",)]
    columns: list[tuple[str | None, ...]] = [tuple(titles[column] for column in periods)]
    last = max(periods, key=lambda column: str(periods[column]))
    for row in table.rows:
        name = re.sub(r"\s+", "", row[names[0]] or "")
        header.append((name + "".join(f"（{row[column]}）" for column in of_units if row[column]),))
        columns.append(tuple(row[column] for column in periods))
        for change in changes:
            if row[change]:
                header.append((name, titles[change]))
                columns.append(tuple(row[change] if column == last else None for column in periods))
    en = "the columns are periods: each becomes a row, and each row a column"
    remarks = (*table.remarks, Text(en, "各列为时期：已转置，一个时期一行，一个指标一列"))
    lines = (table.lines[0],) * len(periods)
    return replace(table, levels=tuple(header), rows=tuple(zip(*columns, strict=True)), lines=lines, remarks=remarks)
