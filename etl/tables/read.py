"""Raw CSV files as text, with the place of every cell; nothing is interpreted here.

A file that cannot be read as a whole gives findings and no rows; a row that does not fit the header is set aside with a
finding, and every other row is exactly as it stands in the file.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from etl.catalogue import Entry
from etl.errors import did_you_mean
from etl.findings import Finding, Place, Text, found
from etl.project import Project
from schemas import standing
from schemas.vocabulary import Rule, columns

if TYPE_CHECKING:
    from _csv import Reader as CsvReader


@dataclass(frozen=True)
class RawTable:
    """A raw file as it stands.

    Attributes:
        entry: the catalogued table.
        file: path relative to the project.
        cells: for each declared column that the file has, one text per row; None where blank.
        lines: for each row, the line on which it starts.
        set_aside: lines of rows that do not fit the header.
        missing: declared columns that the file lacks.
        findings: what is wrong with the file.
    """

    entry: Entry
    file: str
    cells: dict[str, list[str | None]] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)
    set_aside: list[int] = field(default_factory=list)
    missing: tuple[str, ...] = ()
    findings: list[Finding] = field(default_factory=list)
    _positions: dict[str, int] = field(default_factory=dict)
    _physical_lines: list[str] = field(default_factory=list)

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.lines)

    def place(self, row: int | None = None, column: str = "") -> Place:
        """Give the place of a cell, of a row, or (without a row) of a header."""
        line = 1 if row is None else self.lines[row]
        if column not in self._positions:
            return Place(self.file, line)
        return Place(self.file, *_cell_place(self._physical_lines, line, self._positions[column]))


def read_table(project: Project, entry: Entry) -> RawTable | None:
    """Give a table's raw file as text, or None where the project has no such file."""
    path = project.raw(entry.address)
    if not path.is_file():
        return None
    file = project.relative(path)
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content[: error.start]
        line = before.count(b"\n") + 1
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace")) + 1
        message = Text(
            f"byte 0x{content[error.start]:02x} is not UTF-8. Save the file as UTF-8 (in Excel: CSV UTF-8).",
            f"字节 0x{content[error.start]:02x} 不是 UTF-8。请将文件另存为 UTF-8（Excel 中选 CSV UTF-8）。",
        )
        return _unreadable(entry, file, Place(file, line, column), message)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = _rows(reader)
    except csv.Error as error:
        message = Text(f"not CSV: {error}", f"不是合法的 CSV：{error}")
        return _unreadable(entry, file, Place(file, reader.line_num), message)
    return _table(entry, file, text, rows)


def _unreadable(entry: Entry, file: str, place: Place, message: Text) -> RawTable:
    missing = tuple(column.name for column in columns(entry.model))
    finding = found(standing.FILE_IS_READABLE, entry.address, place, message)
    return RawTable(entry, file, missing=missing, findings=[finding])


def _rows(reader: CsvReader) -> list[tuple[int, list[str]]]:
    """Give the line on which each row starts, and its cells; blank lines are no rows."""
    rows, start = [], 1
    for row in reader:
        if row:
            rows.append((start, row))
        start = reader.line_num + 1
    return rows


def _table(entry: Entry, file: str, text: str, rows: list[tuple[int, list[str]]]) -> RawTable:
    table = RawTable(entry, file, _physical_lines=list(io.StringIO(text, newline="")))
    if not rows:
        missing = tuple(column.name for column in columns(entry.model))
        message = Text("the file is empty", "文件为空")
        return RawTable(
            entry, file, missing=missing, findings=[found(standing.FILE_HAS_ROWS, entry.address, Place(file), message)]
        )
    header = rows[0][1]
    table._positions.update(_named(table, header))
    for line, row in rows[1:]:
        if len(row) == len(header):
            table.lines.append(line)
            continue
        table.set_aside.append(line)
        en = f"{len(row)} cells where the header has {len(header)}; quote cells that hold a comma"
        zh = f"本行 {len(row)} 个单元格，表头 {len(header)} 个；含逗号的单元格请加引号"
        _report(table, standing.ROW_FITS_HEADER, Place(file, line), en, zh)
    if len(rows) == 1:
        _report(table, standing.FILE_HAS_ROWS, Place(file), "the file has a header and no rows", "文件只有表头，没有数据")
    whole = [row for _, row in rows[1:] if len(row) == len(header)]
    for name, position in table._positions.items():
        table.cells[name] = [row[position].strip() or None for row in whole]
    return _with_missing(table)


def _named(table: RawTable, header: list[str]) -> dict[str, int]:
    """Give the position of each declared column that the header names, and report the headers that name none."""
    declared = {name: c.name for c in columns(table.entry.model) for name in (c.name, c.meaning.zh)}
    positions: dict[str, int] = {}
    for position, title in enumerate(header):
        name = declared.get(title.strip())
        place = Place(table.file, *_cell_place(table._physical_lines, 1, position))
        if name is None:
            near = did_you_mean(title.strip(), declared)
            _report(table, standing.COLUMN_IS_KNOWN, place, f"no column {title!r} is declared.{near}", f"未声明的列“{title}”。")
        elif name in positions:
            _report(table, standing.COLUMN_IS_KNOWN, place, f"the column {name} is there twice", f"列 {name} 重复")
        else:
            positions[name] = position
    return positions


def _with_missing(table: RawTable) -> RawTable:
    """Give the table with the declared columns it lacks: an optional one is blank, any other is a finding."""
    missing = []
    for column in columns(table.entry.model):
        if column.name in table._positions:
            continue
        if column.optional:
            table.cells[column.name] = [None] * table.height
            continue
        missing.append(column.name)
        en = f"the column {column.name} ({column.meaning.zh}) is missing"
        _report(table, standing.COLUMN_IS_PRESENT, Place(table.file), en, f"缺少列 {column.name}（{column.meaning.zh}）")
    return RawTable(
        table.entry,
        table.file,
        table.cells,
        table.lines,
        table.set_aside,
        tuple(missing),
        table.findings,
        table._positions,
        table._physical_lines,
    )


def _report(table: RawTable, rule: Rule, place: Place, en: str, zh: str) -> None:
    table.findings.append(found(rule, table.entry.address, place, Text(en, zh)))


def _cell_place(physical_lines: list[str], line: int, position: int) -> tuple[int, int]:
    """Give line and column, from 1, of the cell at a position of the row that starts on a line."""
    column, commas, quoted = 1, 0, False
    for number in range(line, len(physical_lines) + 1):
        for column, character in enumerate(physical_lines[number - 1], start=1):
            if commas == position:
                return number, column
            if character == '"':
                quoted = not quoted
            commas += character == "," and not quoted
        if not quoted:
            break
    return line, column
