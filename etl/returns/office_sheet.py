"""Read an office's own sheet as cells, each figure with the texts that stand over it and beside it.

Nothing is read into a blank: a title that is merged over several cells is that of each, and a blank title takes the one to its
left only where the header repeats the same titles below each.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from etl.errors import ProjectError
from etl.figures.words import Notation
from etl.raw_files.decode import decoded
from etl.raw_files.page import NO_TEXT, RefusedFileError
from etl.raw_files.plain_characters import plain
from etl.returns.read_form import Refusal, SheetPlace, workbook_sheets
from etl.scaffold.period_parsing import canonical_period
from schemas.texts import Text, listed_names

MOST_HEADER_ROWS = 5
ORDINALS_OF_A_ROW = 1_000
"""A cell has the ordinal 1000 × row + column, both from 1: no sheet that is read has more columns."""

_NOTE = re.compile(
    r"[(（\[【]?(?:注|备注|附注|说明|数据来源|资料来源|来源|制表|填表|填报|审核|[*※]|(?:notes?|sources?|remarks?)\b)", re.I
)
ABOUT_THE_FORM = re.compile(
    r"^(?:计量|填报|制表|报送|数据)?(?:单位|日期|时间|部门|人|表号|机关)\s*[:：]|^表\s*[0-9一二三四五六七八九十]+$"
)
_NO_CONTEXT = re.compile("^(?:序号|编号|备注|说明|注|次序|排名|no[.]?)$", re.I)
_SERIAL = re.compile("序号|编号|no[.]?", re.I)
_OF_PERIODS = re.compile(
    "(?:统计|报告|数据|所属)?(?:年份|年度|时期|期间|时间|季度|月份|年|月|period|year|month|quarter)", re.IGNORECASE
)
_NO_NUMBER = re.compile("[十百千万亿]+(?!余|多)[^0-9余多]+|[0-9]{1,2}月份?")
"""A unit such as 亿元, or a month: what is written like a figure, and is none of a sheet."""
_YEAR_ALONE = re.compile("(?:19|20)[0-9]{2}")


def is_title_of_periods(title: str) -> bool:
    """Whether periods stand below a title."""
    return bool(_OF_PERIODS.fullmatch(re.sub(r"\s", "", plain(title))))


@dataclass(frozen=True, slots=True)
class SheetFigure:
    """A cell that holds a figure, and the texts that say what it is of, each with the title of its column where it has one."""

    place: SheetPlace
    text: str
    context: tuple[tuple[str, str], ...]

    @property
    def ordinal(self) -> int:
        """Its place in the ledger of the sheet."""
        return ORDINALS_OF_A_ROW * (self.place.row + 1) + self.place.column + 1


@dataclass
class OfficeSheet:
    """A sheet as an office hands it in.

    Attributes:
        name: of the sheet; empty for a CSV file.
        above: the texts above the header.
        below: the notes below the rows.
        figures: the cells that hold a figure.
        refusals: what is unclear of the layout.
        remarks: what is not read.
    """

    name: str
    above: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)
    figures: list[SheetFigure] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    remarks: list[Text] = field(default_factory=list)


def read_office_sheet(content: bytes, path: Path, wanted: Sequence[str], notation: Notation) -> OfficeSheet:
    """Read a CSV file, or the sheet of a workbook that has one of the wanted names or is the only one.

    Raises:
        ProjectError: it cannot be read, or holds no table of figures.
    """
    sheet = (
        _delimited(content, path) if path.suffix.casefold() == ".csv" else _chosen(workbook_sheets(content, path), path, wanted)
    )
    return _SheetLayout(sheet, path, notation).read()


def _delimited(content: bytes, path: Path) -> dict[str, Any]:
    try:
        text = decoded(content).text
        if NO_TEXT.search(text):
            raise ProjectError(
                f"{path} has bytes that are no text of its encoding. Save it anew as CSV UTF-8.",
                f"{path} 含不符合其编码的字节。请重新另存为 CSV UTF-8。",
            )
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except RefusedFileError as refused:
        raise ProjectError(Text(f"{path}: ", f"{path}：") + refused.message) from None
    except csv.Error as error:
        raise ProjectError(
            f"{path} is no CSV: {error}. Save it anew as CSV UTF-8.", f"{path} 不是 CSV：{error}。请重新另存为 CSV UTF-8。"
        ) from None
    width = max(map(len, rows), default=0)
    padded = [row + [""] * (width - len(row)) for row in rows]
    return {"sheet": "", "rows": padded, "merged": [], "faults": [], "formulas": []}


def _chosen(sheets: list[dict[str, Any]], path: Path, wanted: Sequence[str]) -> dict[str, Any]:
    hidden = {name for name, is_hidden in sheets[0]["sheets"] if is_hidden} if sheets else set()
    filled = [each for each in sheets if each["rows"] and each["sheet"] not in hidden]
    named = [each for each in filled if each["sheet"] in wanted]
    if len(named) == 1 or (len(filled) == 1 and len(wanted) != 1):
        return (named or filled)[0]
    names = listed_names(repr(each["sheet"]) for each in filled)
    raise ProjectError(
        f"{path} has the sheets {names.en}. State which one to take: --sheet NAME.",
        f"{path} 有工作表 {names.zh}。请用 --sheet 名称 指明读取哪一个。",
    )


@dataclass
class _SheetLayout:
    """Find the header, the stub and the figures of a sheet."""

    sheet: dict[str, Any]
    path: Path
    notation: Notation

    def __post_init__(self) -> None:
        self.found = OfficeSheet(self.sheet["sheet"])
        self.found.remarks += [Text(en, zh) for _, _, en, zh in self.sheet.get("otherwise", ())]
        self.rows = [["".join((cell or "").split("\n")).strip() for cell in row] for row in self.sheet["rows"]]
        self.width = max(map(len, self.rows), default=0)

    def read(self) -> OfficeSheet:
        """Read the sheet."""
        data = next((row for row in range(len(self.rows)) if self._is_of_data(row)), None)
        if data is None:
            raise ProjectError(
                f"{self.path} shows no table: a header, and rows with figures below it.",
                f"{self.path} 中没有表格，应有表头，其下为含数字的行。",
            )
        data = first = self._with_heads(self._with_years(data))
        while first and data - first < MOST_HEADER_ROWS and self._is_of_titles(first - 1):
            first -= 1
        self.found.above = [cell for row in self.rows[:first] for cell in row if cell]
        self._spread_merged(data)
        last = self._last_row(data)
        over = ["".join(self.rows[row][column] for row in range(first, data)) for column in range(self.width)]
        stub = [column for column in range(self.width) if not self._holds_figures(column, range(data, last + 1), over[column])]
        figures = [column for column in range(self.width) if column not in stub]
        header = self._header(range(first, data), figures)
        self._read_rows(range(data, last + 1), stub, {column: over[column] for column in stub}, header)
        return self.found

    def _is_of_data(self, row: int) -> bool:
        filled = [cell for cell in self.rows[row] if cell]
        return len(filled) >= 2 and any(self._is_figure(cell) and canonical_period(plain(cell)) is None for cell in filled)

    def _with_years(self, data: int) -> int:
        """Return the first row of data: counts that look like years are data where the titles of the header stand above them."""
        while data > 1 and self.rows[data - 1][0] and self.rows[data - 2][0] and self._is_of_titles(data - 2):
            figures = [cell for cell in self.rows[data - 1] if self._is_figure(cell)]
            if not figures or not all(_YEAR_ALONE.fullmatch(plain(cell)) for cell in figures):
                break
            data -= 1
        return data

    def _with_heads(self, data: int) -> int:
        """Return the first of the rows right above the data that head a group, below the titles; else the row of data."""
        above = data
        while above and [bool(cell) for cell in self.rows[above - 1]] == [True, *[False] * (len(self.rows[above - 1]) - 1)]:
            above -= 1
        return above if above and self._is_of_titles(above - 1) else data

    def _is_of_titles(self, row: int) -> bool:
        titles = [column for column, cell in enumerate(self.rows[row]) if cell and not ABOUT_THE_FORM.search(plain(cell))]
        return len(titles) >= 2 or bool(titles and titles[0])  # the title of the whole stands in the first column

    def _is_figure(self, text: str) -> bool:
        marked = self.notation.marks.split(text)
        written = re.sub(r"\s", "", plain(marked.figure if marked else text))
        return bool(re.fullmatch(self.notation.figure_pattern, written)) and not _NO_NUMBER.fullmatch(written)

    def _holds_figures(self, column: int, data: range, title: str) -> bool:
        """Whether a column holds figures: at least half of its cells, and not only years under a title of years or none."""
        is_mark = self.notation.marks.is_alone
        filled = [self.rows[row][column] for row in data if self.rows[row][column] and not is_mark(self.rows[row][column])]
        figures = [cell for cell in filled if self._is_figure(cell) and not canonical_period(plain(cell))]
        years = [cell for cell in filled if _YEAR_ALONE.fullmatch(plain(cell))]
        if _SERIAL.fullmatch(plain(title)):
            return False
        are_counts = bool(title) and not is_title_of_periods(title)
        return bool(figures or (are_counts and years)) and len(figures) + len(years) >= len(filled) / 2

    def _spread_merged(self, data: int) -> None:
        """Repeat the text of merged cells in each of them; merged figures stay unclear, and are refused."""
        for (top, left), (bottom, right) in self.sheet["merged"]:
            text = self.rows[top][left] if top < len(self.rows) and left < len(self.rows[top]) else ""
            is_label = right == left and self._is_label_of_periods(text, self.rows[data - 1][left] if data else "")
            if top >= data and not is_label and (right > left or self._is_figure(text)):
                en = "merged cells in the data: it is unclear whose figure it is; split them"
                self._refuse(top, left, en, "数据区有合并单元格，无法确定数字归属；请取消合并")
                continue
            for row in range(top, min(bottom, len(self.rows) - 1) + 1):
                for column in range(left, min(right, len(self.rows[row]) - 1) + 1):
                    self.rows[row][column] = text

    @staticmethod
    def _is_label_of_periods(text: str, title: str) -> bool:
        """Whether a text beside rows names their period: 2025年, or 2025 below a title of periods."""
        written = plain(text)
        return canonical_period(written) is not None and (not _YEAR_ALONE.fullmatch(written) or is_title_of_periods(title))

    def _last_row(self, data: int) -> int:
        filled = [row for row in range(data, len(self.rows)) if any(self.rows[row])]
        notes = list[int]()
        for row in reversed(filled):
            texts = [cell for cell in self.rows[row] if cell]
            if len(texts) == 1 and not self._is_figure(texts[0]):
                notes.append(row)
            else:
                break
        notes = [row for row in notes if any(_NOTE.match(self.rows[each][0] or "") for each in notes if each <= row)]
        for row in reversed(notes):
            text = next(cell for cell in self.rows[row] if cell)
            self.found.below.append(text)
            self.found.remarks.append(
                Text(f"row {row + 1} is a note, and is not read: {text!r}", f"第 {row + 1} 行为附注，未予读取：“{text}”")
            )
        return max(row for row in filled if row not in notes)

    def _header(self, block: range, figures: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """Return the titles over each column of figures, the outermost first."""
        for row in block[:-1]:
            self._spread_titles(row, block[-1], figures)
        found = {}
        for column in figures:
            levels = [self.rows[row][column] for row in block if self.rows[row][column]]
            found[column] = tuple(dict.fromkeys(levels))
            if not levels:
                self._refuse(block.start, column, "this column has figures and no title", "该列有数字而无标题")
        return found

    def _spread_titles(self, row: int, last: int, figures: Sequence[int]) -> None:
        """Repeat a title over the blank ones to its right, where each title has the same titles below it; else refuse a blank."""
        blank = [column for column in figures if not self.rows[row][column] and self.rows[last][column]]
        if not blank or not any(self.rows[row][column] for column in figures):
            return
        starts = [column for column in figures if self.rows[row][column]]
        groups = [[c for c in figures if start <= c < end] for start, end in zip(starts, [*starts[1:], self.width], strict=True)]
        below = [[self.rows[last][column] for column in group] for group in groups]
        if figures[0] != starts[0] or len(groups) < 2 or any(each != below[0] for each in below):
            en = "no title stands here in the header; merge the cells that one title covers, or write it in each"
            self._refuse(row, blank[0], en, "表头本行此列无标题；请合并同一标题所辖的单元格，或逐列写明")
            return
        for group in groups:
            for column in group[1:]:
                self.rows[row][column] = self.rows[row][group[0]]

    def _read_rows(self, data: range, stub: Sequence[int], titles: dict[int, str], header: dict[int, tuple[str, ...]]) -> None:
        """Take the figures of the rows; a row with a text and no figure heads those below it."""
        group: tuple[tuple[str, str], ...] = ()
        faults = {(row, column): Text(en, zh) for row, column, en, zh in self.sheet["faults"]}
        formulas = {tuple(each) for each in self.sheet["formulas"]}
        for row in data:
            cells = self.rows[row]
            labels = tuple((titles[c], cells[c]) for c in stub if cells[c] and not _NO_CONTEXT.match(titles[c]))
            taken = [column for column in header if cells[column] or (row, column) in faults]
            if labels and not taken:
                group = labels
            for column in taken:
                place = SheetPlace(self.found.name, row, column)
                if (row, column) in faults:
                    self.found.refusals.append(Refusal(place, faults[row, column]))
                elif (row, column) in formulas:
                    self.found.remarks.append(
                        Text(
                            f"{place}: a formula's result as saved: {cells[column]}", f"{place}：公式保存的结果：{cells[column]}"
                        )
                    )
                context = (*group, *labels, *(("", title) for title in header[column]))
                if cells[column] and (row, column) not in faults:
                    self.found.figures.append(SheetFigure(place, cells[column], context))

    def _refuse(self, row: int, column: int, en: str, zh: str) -> None:
        self.found.refusals.append(Refusal(SheetPlace(self.found.name, row, column), Text(en, zh)))
