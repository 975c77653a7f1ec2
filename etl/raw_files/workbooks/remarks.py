"""Remarks on a sheet: what is not read, and what is read otherwise than it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from etl.raw_files.workbooks.cell_text import CellText
from etl.raw_files.workbooks.sheet import RowColumn, Sheet, SheetName, address
from schemas.texts import listed_names

Remark = tuple[int, int, str, str]
"""Row and column from 0, and the message in both languages."""


def remarks_on_sheet(sheets: Sequence[SheetName], number: int, sheet: Sheet) -> Iterator[Remark]:
    """Yield the remarks on hidden parts, formulas and the epoch."""
    others = [each.name for at, each in enumerate(sheets) if each.is_hidden and at != number]
    if others:
        names = listed_names(map(repr, others))
        yield 0, 0, f"hidden sheets are not read: {names.en}", f"未读取隐藏工作表：{names.zh}"
    if sheets[number].is_hidden:
        yield 0, 0, f"the sheet {sheets[number].name!r} is read, though it is hidden", "所读工作表为隐藏工作表"
    for count, en, zh in ((sheet.hidden_rows, "row", "行"), (sheet.hidden_columns, "column", "列")):
        if count:
            yield 0, 0, f"hidden {en}s are read like the others: {count}", f"隐藏{zh}照常读取：{count}"
    formulas = [position for position, cell in sheet.cells.items() if cell.is_formula and cell.kind != "error"]
    if formulas:
        first = min(formulas)
        cells = "1 cell is" if len(formulas) == 1 else f"{len(formulas)} cells are"
        en = f"{cells} a formula's result as it was saved, the first {address(first)}"
        yield *first, en, f"{len(formulas)} 个单元格为公式保存的结果，首见于 {address(first)}"
    if sheet.conditional:
        ranges = " ".join(sheet.conditional)
        en = f"a conditional format may show cells otherwise than they are read: {ranges}"
        yield 0, 0, en, f"条件格式可能使单元格的显示与读取内容不同：{ranges}"
    if sheet.coloured:
        first = min(sheet.coloured)
        cells = "1 cell has" if len(sheet.coloured) == 1 else f"{len(sheet.coloured)} cells have"
        en = f"{cells} the colour of paper, unless a table style or a conditional format colours the background: {address(first)}"
        yield *first, en, f"{len(sheet.coloured)} 个单元格的文字为纸色，须由表格样式或条件格式着色方可见：{address(first)}"
    if sheet.epoch_1904 and any(cell.kind == "number" and "y" in cell.format.casefold() for cell in sheet.cells.values()):
        yield 0, 0, "days are counted from 1904, as on early Macintoshes", "日期按 1904 年纪元读取"


def remarks_on_texts(texts: Mapping[RowColumn, CellText]) -> Iterator[Remark]:
    """Yield the remarks on cells that are read otherwise than they are shown, one a kind."""
    rounded = sorted(position for position, cell in texts.items() if cell.rounded)
    if rounded:
        cell, cells = texts[rounded[0]], "1 cell stores" if len(rounded) == 1 else f"{len(rounded)} cells store"
        en = f"{cells} more digits than shown, and all are read: {address(rounded[0])} shows {cell.rounded}, read as {cell.text}"
        zh = f"{len(rounded)} 个单元格存储的位数多于所示，按存储读取：{address(rounded[0])} 显示 {cell.rounded}，读作 {cell.text}"
        yield *rounded[0], en, zh
    marked = sorted(position for position, cell in texts.items() if cell.left_out)
    if marked:
        cell, cells = texts[marked[0]], "1 cell" if len(marked) == 1 else f"{len(marked)} cells"
        en = f"raised or lowered marks are left out of {cells}: {cell.left_out!r} of {address(marked[0])}, read as {cell.text!r}"
        zh = f"{len(marked)} 个单元格的上标或下标未予采用：{address(marked[0])} 的“{cell.left_out}”，读作“{cell.text}”"
        yield *marked[0], en, zh
