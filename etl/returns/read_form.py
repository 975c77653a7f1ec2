"""Read a filled-in form: its heading, and the cells that hold a figure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from etl.errors import ProjectError
from etl.raw_files.find import MOST_BYTES, WORKBOOKS
from etl.raw_files.in_child import read_in_child
from etl.raw_files.page import RefusedFileError
from etl.raw_files.workbooks.sheet import address
from etl.returns.form_layout import ABOUT, FORMAT, HEADER_ROW, LABELS, TITLES, AboutRow, FormColumn, FormHeading, line_mark
from schemas.texts import Text, listed_names

_SHEET = re.compile(r"([a-z0-9_]+) ([0-9]+)")
_KEY = re.compile(r"(?P<address>[a-z0-9_]+\.[a-z0-9_]+\.[a-z0-9_]+) (?P<row>\S+) #(?P<mark>[0-9a-f]{8})")


@dataclass(frozen=True, slots=True, order=True)
class SheetPlace:
    """A cell of a workbook: its sheet, and its row and column from 0."""

    sheet: str
    row: int
    column: int

    def __str__(self) -> str:
        at = address((self.row, self.column))
        return f"{self.sheet}!{at}" if self.sheet else at


@dataclass(frozen=True, slots=True, order=True)
class Refusal:
    """Why a cell does not fit."""

    place: SheetPlace
    message: Text = field(compare=False)


@dataclass(frozen=True, slots=True)
class FormEntry:
    """A figure that was filled in.

    Attributes:
        place: its cell.
        address: domain, table and column.
        row: the codes of area and categories.
        unit: of its line.
        text: as it was filled in.
    """

    place: SheetPlace
    address: str
    row: tuple[str, ...]
    unit: str
    text: str


@dataclass(frozen=True)
class FilledForm:
    """A form that was read.

    Attributes:
        heading: what it says of itself.
        department: who filled it in; empty where it does not say.
        entries: the figures.
        places: the cell that each line asks to fill in, by address and row.
        refusals: what does not fit.
        remarks: what was not read.
    """

    heading: FormHeading
    department: str
    entries: list[FormEntry] = field(default_factory=list)
    places: dict[tuple[str, tuple[str, ...]], SheetPlace] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    remarks: list[Text] = field(default_factory=list)


def read_form(content: bytes, path: Path) -> FilledForm:
    """Read a form.

    Raises:
        ProjectError: it is no workbook, or none that `etl form` wrote.
    """
    sheets = {each["sheet"]: each for each in workbook_sheets(content, path)}
    if ABOUT not in sheets:
        names = listed_names(map(repr, sheets))
        raise ProjectError(
            f"{path} is no form of `etl form`: it has no sheet {ABOUT!r}, but {names.en}.",
            f"{path} 不是 `etl form` 生成的填报表：没有工作表“{ABOUT}”，只有 {names.zh}。",
        )
    about = sheets.pop(ABOUT)
    heading = _heading(about, path)
    form = FilledForm(heading, _text(about, AboutRow.DEPARTMENT, 1))
    for name in sheets.keys() - heading.sheets.keys():
        form.remarks.append(
            Text(f"the sheet {name!r} does not belong to the form, and is not read", f"工作表“{name}”不属于本表，未予读取")
        )
    for name, lines in heading.sheets.items():
        if name not in sheets:
            message = Text(f"the sheet {name!r} is missing; send the form whole", f"缺少工作表“{name}”；请交回整份填报表")
            form.refusals.append(Refusal(SheetPlace(name, 0, 0), message))
        else:
            form.remarks.extend(Text(f"{name}: {en}", f"{name}：{zh}") for _, _, en, zh in sheets[name]["otherwise"])
            _SheetReader(form, name, sheets[name], lines).read()
    return form


def workbook_sheets(content: bytes, path: Path) -> list[dict[str, Any]]:
    """Read all sheets of a workbook, in a child process.

    Raises:
        ProjectError: it cannot be read.
    """
    form = path.suffix.casefold()
    if form not in WORKBOOKS:
        raise ProjectError(
            f"{path} is no workbook (*.xlsx). Hand in the form itself, as `etl form` wrote it.",
            f"{path} 不是工作簿（*.xlsx）。请交回 `etl form` 生成的填报表原件。",
        )
    if len(content) > MOST_BYTES:
        raise ProjectError(
            f"{path} has more than {MOST_BYTES >> 20} MiB, which no form has.",
            f"{path} 超过 {MOST_BYTES >> 20} MiB，不是填报表。",
        )
    try:
        found: list[dict[str, Any]] = read_in_child({"form": form, "every": True}, content)["read"]
    except RefusedFileError as refused:
        raise ProjectError(Text(f"{path}: ", f"{path}：") + refused.message) from None
    return found


def _heading(about: dict[str, Any], path: Path) -> FormHeading:
    """Read the heading of a form.

    Raises:
        ProjectError: it is missing, or was changed.
    """
    written, area, period, language, listed, mark = (_text(about, row, 1) for row in range(AboutRow.FORMAT, AboutRow.MARK + 1))
    if written != FORMAT:
        place = SheetPlace(ABOUT, AboutRow.FORMAT, 1)
        raise ProjectError(
            f"{path}: {place}: it says {written!r} where a form of `etl form` says {FORMAT!r}.",
            f"{path}：{place}：内容为“{written}”，`etl form` 生成的填报表应为“{FORMAT}”。",
        )
    sheets = {match[1]: int(match[2]) for match in _SHEET.finditer(listed)}
    heading = FormHeading(area, period, "zh" if language == "zh" else "en", sheets)
    if heading.mark != mark:
        first, last = SheetPlace(ABOUT, AboutRow.AREA, 1), SheetPlace(ABOUT, AboutRow.MARK, 1)
        raise ProjectError(
            f"{path}: {first} to {last}: area, period or sheets of the form were changed; they no longer have the mark {mark!r}."
            " Fill in the form as `etl form` wrote it.",
            f"{path}：{first} 至 {last}：填报表的地区、时期或工作表被改动，与校验码“{mark}”不符。"
            "请在 `etl form` 生成的原表上填写。",
        )
    return heading


def _text(sheet: dict[str, Any], row: int, column: int) -> str:
    rows = sheet["rows"]
    return (rows[row][column] or "").strip() if row < len(rows) and column < len(rows[row]) else ""


@dataclass
class _SheetReader:
    """Read the sheet of a domain into a form."""

    form: FilledForm
    name: str
    sheet: dict[str, Any]
    lines: int

    def read(self) -> None:
        """Read its lines, each once and unchanged."""
        heading = self.form.heading
        for column, title in TITLES.items():
            wanted = title.in_language(heading.language).format(period=heading.period)
            if "".join(_text(self.sheet, HEADER_ROW, column).split()) != "".join(wanted.split()):
                en = f"the header is {wanted!r} here in the form; columns or titles were changed"
                self._refuse(HEADER_ROW, column, en, f"此处表头应为“{wanted}”；列或标题被改动")
                return
        seen: dict[int, int] = {}
        for row in range(HEADER_ROW + 1, len(self.sheet["rows"])):
            number = self._line(row)
            if number in seen:
                en = f"line {number} stands here again; it is in row {seen[number] + 1} too"
                self._refuse(row, FormColumn.NUMBER, en, f"第 {number} 行重复，另见表中第 {seen[number] + 1} 行")
            elif number:
                seen[number] = row
        missing = sorted({*range(1, self.lines + 1)} - {*seen})
        for number in missing if not any(each.place.sheet == self.name for each in self.form.refusals) else ():
            en = f"line {number} is missing; keep all lines, and leave empty what you do not have"
            self._refuse(HEADER_ROW + number, FormColumn.NUMBER, en, f"缺少第 {number} 行；请保留所有行，没有数据的留空")
        self._remark_on_the_rest()

    def _line(self, row: int) -> int:
        """Read a line, and return its number; 0 for one that is blank or was changed."""
        cells = [_text(self.sheet, row, column) for column in FormColumn]
        if not any(cells):
            return 0
        key = _KEY.fullmatch(cells[FormColumn.KEY])
        if key is None:
            en = f"the key {cells[FormColumn.KEY]!r} was changed; no line of the form has it"
            self._refuse(row, FormColumn.KEY, en, f"标识“{cells[FormColumn.KEY]}”被改动，表中没有此标识")
            return 0
        number = int(cells[FormColumn.NUMBER]) if cells[FormColumn.NUMBER].isdecimal() else 0
        named = f"{key['address']} {key['row']}"
        if line_mark(self.form.heading, self.name, number, named, (cells[column] for column in LABELS)) != key["mark"]:
            en = "the number, a label, the unit or the key of this line was changed; its mark no longer fits"
            self._refuse(row, FormColumn.KEY, en, "本行的序号、文字、单位或标识被改动，与校验码不符")
            return 0
        codes = tuple(key["row"].split(":"))
        place = SheetPlace(self.name, row, FormColumn.VALUE)
        self.form.places[key["address"], codes] = place
        if self._is_value(row, cells[FormColumn.VALUE]):
            entry = FormEntry(place, key["address"], codes, cells[FormColumn.UNIT], cells[FormColumn.VALUE])
            self.form.entries.append(entry)
        return number

    def _is_value(self, row: int, text: str) -> bool:
        """Check that the cell to be filled in holds a value; refuse a formula, an error and merged cells."""
        at = (row, FormColumn.VALUE)
        if list(at) in self.sheet["formulas"] or text.startswith("="):
            en = "a formula: type the value itself, which then is the department's own figure"
            self._refuse(*at, en, "单元格为公式；请直接填写数值")
            return False
        for _, _, en, zh in (fault for fault in self.sheet["faults"] if tuple(fault[:2]) == at):
            self._refuse(*at, en, zh)
            return False
        for first, last in self.sheet["merged"]:
            if first[0] <= row <= last[0] and first[1] <= FormColumn.VALUE <= last[1]:
                self._refuse(*at, "merged cells: it is unclear whose figure it is; split them", "单元格被合并，无法确定数字归属")
                return False
        return bool(text)

    def _remark_on_the_rest(self) -> None:
        """Remark on texts beside the columns of the form, which are not read."""
        for row, column in self._beside():
            place, text = SheetPlace(self.name, row, column), _text(self.sheet, row, column)
            self.form.remarks.append(Text(f"{place}: not read: {text!r}", f"{place}：未予读取：“{text}”"))

    def _beside(self) -> Iterator[tuple[int, int]]:
        for row, cells in enumerate(self.sheet["rows"]):
            yield from ((row, column) for column in range(len(FormColumn), len(cells)) if _text(self.sheet, row, column))

    def _refuse(self, row: int, column: int, en: str, zh: str) -> None:
        self.form.refusals.append(Refusal(SheetPlace(self.name, row, column), Text(en, zh)))
