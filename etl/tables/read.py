"""Read a table's raw file as text, with the place of every cell.

A file that cannot be read as a whole gives findings and no rows; a row that cannot be read, or does not fit the header, is
set aside with a finding, and every other row is exactly as it stands in the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice

from etl.catalogue import Entry
from etl.findings import Finding, Place, make_finding
from etl.nearest_name import suggestion
from etl.project import Project
from etl.raw_files.delimited import read_delimited
from etl.raw_files.find import FoundFile, content, found_files, refuse_ambiguous
from etl.raw_files.first_line import refuse_no_header
from etl.raw_files.page import MOST_MISFITS, SPACES, Page, RefusedFileError
from etl.raw_files.plain_characters import MAYBE_UNUSUAL, plain, remarks_on_characters
from schemas import builtin_rules
from schemas.models import Area, Category, Period, Revision, Rule, Source, Table, columns
from schemas.texts import Text

_READ_PLAIN = (Area, Period, Category, Source, Revision)


@dataclass(frozen=True)
class RawTable:
    """The raw file, or files, of a table as text.

    Attributes:
        entry: the catalogued table.
        file: path relative to the project; of several files their folder.
        cells: for each declared column that the file has, one text per row; None where blank.
        lines: for each row, the line on which it starts.
        set_aside: lines of rows that cannot be read or do not fit the header.
        missing: declared columns that the file lacks.
        findings: what is wrong with the file.
        sheet: of a workbook, the name of the sheet; else empty.
        parts: of a folder, its files; else empty.
    """

    entry: Entry
    file: str
    cells: dict[str, list[str | None]] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)
    set_aside: list[int] = field(default_factory=list)
    missing: tuple[str, ...] = ()
    findings: list[Finding] = field(default_factory=list)
    sheet: str = ""
    _page: Page = field(default_factory=lambda: Page([]))
    _positions: dict[str, int] = field(default_factory=dict)
    parts: tuple[RawTable, ...] = ()

    @property
    def files(self) -> tuple[str, ...]:
        """The paths of its files."""
        return tuple(part.file for part in self.parts) or (self.file,)

    @property
    def file_of_rows(self) -> list[str]:
        """The file of each row."""
        return [part.file for part in self.parts or (self,) for _ in part.lines]

    @property
    def lines_set_aside(self) -> list[tuple[str, int]]:
        """File and line of the rows that are set aside."""
        return [(part.file, line) for part in self.parts or (self,) for line in part.set_aside]

    @property
    def height(self) -> int:
        """Number of rows."""
        return len(self.lines)

    @property
    def awaits_rows(self) -> bool:
        """Whether the file is valid but has no rows yet."""
        return not (self.lines or self.set_aside or self.missing)

    def place(self, row: int | None = None, column: str = "") -> Place:
        """Return the place of a cell, of a row, or (without a row) of a header."""
        if self.parts:
            return self._place_in_part(row, column)
        line = self._page.header_line if row is None else self.lines[row]
        if column not in self._positions:
            return Place(self.file, line)
        return Place(self.file, *self._page.spot(line, self._positions[column]))

    def _place_in_part(self, row: int | None, column: str) -> Place:
        for part in self.parts:
            if row is None or row < part.height:
                return part.place(row, column)
            row -= part.height
        raise IndexError(row)


def read_table(project: Project, entry: Entry, *, strict: bool = False) -> RawTable | None:
    """Read a table's raw file, or the files of its folder, as text; None where the project has none.

    Args:
        project: the project.
        entry: the table.
        strict: whether one row that cannot be read is reason to refuse the file.
    """
    files = found_files(project, entry.address)
    if not files:
        return None
    try:
        refuse_ambiguous(files)
    except RefusedFileError as refused:
        return _refused_file(entry, files[-1], refused)
    if not files[0].folder:
        return _read_file(project, entry, files[0], strict=strict)
    return _combined(entry, files[0].folder, [_read_file(project, entry, each, strict=strict) for each in files])


def _combined(entry: Entry, folder: str, parts: list[RawTable]) -> RawTable:
    """Put the rows of several files into one table; a column that one of them lacks is missing from all."""
    missing = tuple(dict.fromkeys(name for part in parts for name in part.missing))
    kept = [column.name for column in columns(entry.model) if column.name not in missing]
    cells = {name: [text for part in parts for text in part.cells[name]] for name in kept}
    lines = [line for part in parts for line in part.lines]
    set_aside = [line for part in parts for line in part.set_aside]
    findings = [finding for part in parts for finding in part.findings]
    return RawTable(entry, folder, cells, lines, set_aside, missing, findings, parts=tuple(parts))


def _refused_file(entry: Entry, file: FoundFile, refused: RefusedFileError) -> RawTable:
    place = Place(file.file, refused.line, refused.column)
    return _refused(entry, file.file, [make_finding(refused.rule, entry.address, place, refused.message)])


def _read_file(project: Project, entry: Entry, found: FoundFile, *, strict: bool) -> RawTable:
    """Read one file of a table."""
    try:
        page = _page(project, entry, found)
        if page.header:
            rows = sorted([*page.misfits, *islice(zip(page.lines, page.rows, strict=True), MOST_MISFITS)])
            refuse_no_header(page.header, page.header_line, _names(entry.model), entry.address, rows)
    except RefusedFileError as refused:
        return _refused_file(entry, found, refused)
    file = found.file
    if not page.header:
        message = Text("the file is empty", "文件为空")
        return _refused(entry, file, [make_finding(builtin_rules.FILE_HAS_ROWS, entry.address, Place(file), message)])
    table = _table(entry, file, page)
    return _refuse_whole(table) if strict and table.set_aside else table


def in_sheets(findings: Iterable[Finding], raws: Iterable[RawTable]) -> list[Finding]:
    """Add the sheet and cell to the messages of findings in workbooks."""
    sheets = {part.file: part.sheet for raw in raws for part in raw.parts or (raw,) if part.sheet}
    return [_in_sheet(finding, sheets[finding.place.file]) if finding.place.file in sheets else finding for finding in findings]


def _in_sheet(finding: Finding, sheet: str) -> Finding:
    from etl.raw_files.workbooks.sheet import address  # most projects have no workbook

    at = f" [{sheet}!{address((finding.place.line - 1, finding.place.column - 1))}]"
    return replace(finding, message=Text(finding.message.en + at, finding.message.zh + at))


def _page(project: Project, entry: Entry, raw: FoundFile) -> Page:
    """Read a file as a page.

    Raises:
        RefusedFileError: it cannot be read.
    """
    bytes_of_file = content(project, raw)
    if raw.form == ".csv":
        return read_delimited(bytes_of_file)
    from etl.raw_files.in_child import read_in_child  # most projects have no other form

    model = entry.model
    if raw.form == ".parquet":
        from etl.raw_files.parquet_page import parquet_page

        return parquet_page(read_in_child({"form": raw.form}, bytes_of_file), columns(model))
    from etl.raw_files.sheet_page import Layout, sheet_page

    sheets = [model.__sheet__] if model.__sheet__ else [entry.table, model.__zh__]
    titles = {plain(name): c.is_figure for c in columns(model) for name in (c.name, c.meaning.zh)}
    found = read_in_child({"form": raw.form, "sheets": sheets}, bytes_of_file)
    return sheet_page(found, Layout(titles, model.__title_rows__, model.__note_rows__))


def _refused(entry: Entry, file: str, findings: list[Finding], set_aside: list[int] | None = None) -> RawTable:
    missing = tuple(column.name for column in columns(entry.model))
    return RawTable(entry, file, missing=missing, findings=findings, set_aside=set_aside or [])


def _refuse_whole(table: RawTable) -> RawTable:
    """Return a table without rows, refused because some of its rows are unreadable."""
    number, first = len(table.set_aside), table.set_aside[0]
    rows = "1 row" if number == 1 else f"{number} rows"
    en = f"{rows} cannot be read, the first on line {first}, so by --strict nothing of the file is"
    message = Text(en, f"有 {number} 行无法读取（首见于第 {first} 行），按 --strict 整个文件不予读取")
    finding = make_finding(builtin_rules.FILE_IS_READABLE, table.entry.address, Place(table.file, first), message)
    return _refused(table.entry, table.file, [*table.findings, finding], sorted({*table.set_aside, *table.lines}))


def _table(entry: Entry, file: str, page: Page) -> RawTable:
    findings = [
        make_finding(remark.rule, entry.address, Place(file, remark.line, remark.column), remark.message)
        for remark in page.remarks
    ]
    table = RawTable(entry, file, {}, page.lines, page.set_aside, (), findings, page.sheet, page)
    table._positions.update(_locate_columns(table))
    is_free_text = {c.name: not (c.is_figure or isinstance(c.dtype, _READ_PLAIN)) for c in columns(entry.model)}
    for name, position in table._positions.items():
        table.cells[name] = [row[position] for row in page.rows]
        if is_free_text[name]:
            table.cells[name] = [text and text.strip(SPACES) for text in table.cells[name]]
    missing = tuple(_missing(table))
    _remark_on_characters(table)
    return RawTable(entry, file, table.cells, page.lines, page.set_aside, missing, findings, page.sheet, page, table._positions)


def _locate_columns(table: RawTable) -> dict[str, int]:
    """Locate the declared columns in the header, and report unknown titles."""
    declared = _names(table.entry.model)
    positions: dict[str, int] = {}
    for position, cell in enumerate(table._page.header):
        title = cell.strip(SPACES)
        name = declared.get(title) or declared.get(plain(title))
        if name is not None and name not in positions:
            positions[name] = position
            continue
        place = Place(table.file, *table._page.spot(table._page.header_line, position))
        if name is None:
            near = suggestion(title, declared)
            en, zh = f"no column {title!r} is declared.{near.en}", f"未声明的列“{title}”。{near.zh}"
            _report(table, builtin_rules.COLUMN_IS_KNOWN, place, en, zh)
        else:
            _report(table, builtin_rules.COLUMN_IS_KNOWN, place, f"the column {name} is there twice", f"列 {name} 重复")
    return positions


@cache
def _names(model: type[Table]) -> dict[str, str]:
    """Map each accepted title of a header to its column."""
    names = {name: c.name for c in columns(model) for name in (c.name, c.meaning.zh)}
    return {plain(name): column for name, column in names.items()} | names


def _missing(table: RawTable) -> Iterator[str]:
    """Yield the missing columns; fill optional ones with blanks, report the others."""
    for column in columns(table.entry.model):
        if column.name in table._positions:
            continue
        if column.optional:
            table.cells[column.name] = [None] * table.height
            continue
        en = f"the column {column.name} ({column.meaning.zh}) is missing"
        place = Place(table.file, table._page.header_line)
        _report(table, builtin_rules.COLUMN_IS_PRESENT, place, en, f"缺少列 {column.name}（{column.meaning.zh}）")
        yield column.name


def _remark_on_characters(table: RawTable) -> None:
    """Tell which kinds of characters are read as others."""
    for row, position, message in remarks_on_characters(_unusual(table)):
        place = Place(table.file, *table._page.spot(table.lines[row], position))
        table.findings.append(make_finding(builtin_rules.FILE_IS_PLAIN, table.entry.address, place, message))


def _unusual(table: RawTable) -> Iterator[tuple[str, int, int]]:
    """Yield the cells with characters to be replaced, with row and position."""
    for column in columns(table.entry.model):
        position = table._positions.get(column.name)
        if position is None or not (column.is_figure or isinstance(column.dtype, _READ_PLAIN)):
            continue
        texts = table.cells[column.name]
        # A name in a code list may have full-width brackets.
        names = table.entry.catalogue.lists.code_of_name(column.meaning.codes) if column.meaning.codes else ()
        unusual = {text for text in {*texts} if text and MAYBE_UNUSUAL.search(text) and text not in names}
        for row, text in enumerate(texts) if unusual else ():
            if text and text in unusual:
                yield text, row, position


def _report(table: RawTable, rule: Rule, place: Place, en: str, zh: str) -> None:
    table.findings.append(make_finding(rule, table.entry.address, place, Text(en, zh)))
