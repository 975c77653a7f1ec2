"""What a scan of a workbook gives: its sheets, and of one sheet every cell with what the usual readers leave out.

calamine gives no errors, no number formats, and no word of a formula without a result: to it these are blank cells or bare
numbers. So each form is also scanned here, and both readings must agree before a cell is believed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

MOST_CELLS = 200_000
"""Of a sheet that is a table of figures."""

Kind = Literal["number", "text", "truth", "error", "date"]
Position = tuple[int, int]


@dataclass(slots=True)
class Cell:
    """A cell that is not blank.

    Attributes:
        kind: what it holds.
        value: a number, a truth, the text or error as it stands, or the ISO date; None for a text that was not read here.
        format: the number format, as a code of Excel; empty where it is the general one or not known.
        shown: what is shown of a number, where the file says so.
        is_formula: whether it is the result of a formula.
    """

    kind: Kind
    value: float | str | bool | None
    format: str = ""
    shown: str = ""
    is_formula: bool = False


@dataclass(slots=True)
class SheetName:
    """A sheet by its name, and whether it is hidden or holds no cells by its nature, as a chart does."""

    name: str
    is_hidden: bool = False
    is_grid: bool = True


@dataclass
class Sheet:
    """The cells of a sheet, by row and column from 0.

    Attributes:
        cells: those that are not blank.
        without_result: formulas that the file has no result of.
        merged: ranges that are shown as one cell: first and last position.
        hidden_rows: how many rows are hidden.
        hidden_columns: how many columns are hidden.
        epoch_1904: whether days are counted from 1904.
    """

    cells: dict[Position, Cell] = field(default_factory=dict)
    without_result: list[Position] = field(default_factory=list)
    merged: list[tuple[Position, Position]] = field(default_factory=list)
    hidden_rows: int = 0
    hidden_columns: int = 0
    epoch_1904: bool = False

    def put(self, position: Position, cell: Cell) -> None:
        """Take a cell.

        Raises:
            RefusedWorkbookError: it is there already, or there are too many.
        """
        if position in self.cells:
            raise RefusedWorkbookError(f"the cell {address(position)} is there twice", f"单元格 {address(position)} 重复出现")
        if len(self.cells) >= MOST_CELLS:
            raise too_large()
        self.cells[position] = cell


class RefusedWorkbookError(Exception):
    """A workbook of which nothing is read, with the reason in both languages."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.en, self.zh = en, zh


def too_large() -> RefusedWorkbookError:
    """Give the refusal of a sheet that is no table of figures."""
    en = f"the sheet has more than {MOST_CELLS:,} cells, or a cell far from the others; no table of figures has"
    return RefusedWorkbookError(en, f"工作表超过 {MOST_CELLS:,} 个单元格，或有远离表格的单元格，不是统计表")


def address(position: Position) -> str:
    """Give the address of a cell as a spreadsheet names it, such as B3."""
    row, column = position
    letters = ""
    while column >= 0:
        letters = chr(ord("A") + column % 26) + letters
        column = column // 26 - 1
    return f"{letters}{row + 1}"
