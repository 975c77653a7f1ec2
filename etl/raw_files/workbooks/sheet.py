"""Result of scanning a workbook: its sheets, and the cells of one.

calamine returns no errors, no number formats, and no mark of a formula without a result: these are blank cells or bare
numbers to it. So each form is also scanned here, and both readings must agree before a cell is believed.

Neither openpyxl nor xlrd can be that scan. In silence, openpyxl 3.1 takes the built-in formats of other countries, such as 31 (a
day in Chinese), for the general one, keeps the last of two cells at one place, and returns a formula or its result, not both;
xlrd 2.0 returns a formula's result like any number, and takes formats that it does not know for the general one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

MOST_CELLS = 200_000
"""Of a sheet that is a table of figures."""

Kind = Literal["number", "text", "truth", "error", "date"]
Look = Literal["", "raised", "lowered", "struck", "hidden", "pale", "tiny", "repeated"]
"""How a text is written; `pale` is in the colour of its background, `repeated` over the width of its cell."""
Run = tuple[str, Look]
"""A part of a text, and how it stands beside the others."""
RowColumn = tuple[int, int]


@dataclass(slots=True)
class SheetCell:
    """A cell that is not blank.

    Attributes:
        kind: what it holds.
        value: a number, a truth, the text or error as it stands, or the ISO date.
        format: the number format, as a code of Excel; empty where it is the general one or unknown.
        shown: what the file says that it shows; None where it does not say so.
        is_formula: whether it is the result of a formula.
        look: how the cell as a whole is written.
        runs: the parts of its text, where one looks otherwise than the others.
    """

    kind: Kind
    value: float | str | bool
    format: str = ""
    shown: str | None = None
    is_formula: bool = False
    look: Look = ""
    runs: tuple[Run, ...] = ()


@dataclass(slots=True)
class SheetName:
    """A sheet by its name; one that is no grid, such as a chart, holds no cells."""

    name: str
    is_hidden: bool = False
    is_grid: bool = True


@dataclass
class Sheet:
    """The cells of a sheet that are not blank, by row and column from 0.

    Attributes:
        cells: the cells.
        without_result: formulas whose result the file does not have.
        merged: ranges that are shown as one cell: first and last position.
        hidden_rows: number of hidden rows.
        hidden_columns: number of hidden columns.
        epoch_1904: whether days are counted from 1904.
        conditional: ranges that are shown by a format that depends on something.
        hides_noughts: whether the sheet shows nothing in place of a nought.
        on_paper: pale cells without a background of their own, which something else may colour.
        coloured: of them, those that something else colours.
        left_to_scan: cells that calamine is known to leave out, or of whose text it knows only the beginning.
    """

    cells: dict[RowColumn, SheetCell] = field(default_factory=dict)
    without_result: list[RowColumn] = field(default_factory=list)
    merged: list[tuple[RowColumn, RowColumn]] = field(default_factory=list)
    hidden_rows: int = 0
    hidden_columns: int = 0
    epoch_1904: bool = False
    conditional: list[str] = field(default_factory=list)
    hides_noughts: bool = False
    on_paper: set[RowColumn] = field(default_factory=set)
    coloured: list[RowColumn] = field(default_factory=list)
    left_to_scan: set[RowColumn] = field(default_factory=set)

    def put(self, position: RowColumn, cell: SheetCell) -> None:
        """Take a cell.

        Raises:
            RefusedWorkbookError: another is there already, or there are too many.
        """
        if position in self.cells:
            raise RefusedWorkbookError(f"the cell {address(position)} is there twice", f"单元格 {address(position)} 重复出现")
        if len(self.cells) >= MOST_CELLS:
            raise too_large()
        self.cells[position] = cell

    def take_as_seen(self, first: RowColumn, last: RowColumn) -> None:
        """Believe the pale cells of a range, which a table style or a conditional format may colour."""
        for position in sorted(self.on_paper):
            if all(low <= at <= high for low, at, high in zip(first, position, last, strict=True)):
                cell = self.cells[position]
                cell.look = "" if cell.look == "pale" else cell.look
                cell.runs = tuple((run, "" if look == "pale" else look) for run, look in cell.runs)
                self.on_paper.discard(position)
                self.coloured.append(position)


class UnreadableError(Exception):
    """Something that is not read, with the reason in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en, self.zh = en, zh


class RefusedWorkbookError(UnreadableError):
    """A workbook of which nothing is read."""


class HiddenValueError(UnreadableError):
    """A cell that is an error, or shows something else than it stores."""


def too_large() -> RefusedWorkbookError:
    """Refuse a sheet that is no table of figures."""
    en = f"the sheet has more than {MOST_CELLS:,} cells, or a cell far from the others; no table of figures has"
    return RefusedWorkbookError(en, f"工作表超过 {MOST_CELLS:,} 个单元格，或有远离表格的单元格，不是统计表")


def encrypted() -> RefusedWorkbookError:
    """Refuse an encrypted workbook."""
    return RefusedWorkbookError("it is encrypted; save it without a password", "文件已加密；请另存为无密码的文件")


def damaged(error: object) -> RefusedWorkbookError:
    """Refuse a workbook that is not whole."""
    return RefusedWorkbookError(f"it is cut off or damaged: {error}", f"文件被截断或损坏：{error}")


def address(position: RowColumn) -> str:
    """Write the address of a cell as a spreadsheet names it, such as B3."""
    row, column = position
    letters = ""
    while column >= 0:
        letters = chr(ord("A") + column % 26) + letters
        column = column // 26 - 1
    return f"{letters}{row + 1}"
