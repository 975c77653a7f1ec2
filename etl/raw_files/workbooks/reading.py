"""Read a workbook twice, by calamine and by a scan, and require agreement."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from typing import Any

from etl.raw_files.workbooks.cell_text import CellText, text_of
from etl.raw_files.workbooks.ods import Ods
from etl.raw_files.workbooks.remarks import remarks_on_sheet, remarks_on_texts
from etl.raw_files.workbooks.sheet import (
    HiddenValueError,
    RefusedWorkbookError,
    RowColumn,
    Sheet,
    SheetCell,
    SheetName,
    address,
    too_large,
)
from etl.raw_files.workbooks.xls import SIGNATURE, Xls
from etl.raw_files.workbooks.xlsx import Xlsx
from schemas.texts import listed_names

MOST_PLACES, MOST_COLUMNS, MOST_MERGED = 500_000, 1_000, 2_000
"""Of the rectangle around the cells, blank ones included, for calamine makes a list of them all; and of merged ranges."""

Json = dict[str, Any]


def read(request: Json, content: bytes) -> Json:
    """Read the sheets of a workbook and the wanted one's cells, or the refusal.

    Args:
        request: `form`, the ending of the file, and `sheets`, names of which the sheet has one; empty for the only sheet.
            Or, in place of `sheets`, `every`, for all sheets.
        content: the file.

    Returns:
        `refused`: the reason in both languages; or `sheets` (name, whether it is hidden), `sheet`, `rows` (each a list of
        texts, from the first row on), `faults` (row, column, reason), `merged`, `formulas` (row, column) and `remarks` (row,
        column, text), rows from 0, and `otherwise`, those of the remarks that are on cells read otherwise than shown. For all
        sheets, `read`: a list of these.
    """
    try:
        book = _scanned(request["form"], content)
        if request.get("every"):
            return {"read": [_read(book, number, content) for number, sheet in enumerate(book.sheets) if sheet.is_grid]}
        return _read(book, _chosen(book.sheets, request["sheets"]), content)
    except RefusedWorkbookError as refused:
        return {"refused": [refused.en, refused.zh]}
    except MemoryError:
        return {"refused": ["it needs more memory than a table of figures does", "所需内存超出统计表的合理范围"]}
    except RecursionError:
        return {"refused": ["its parts are nested too deeply", "部件嵌套过深"]}


def _read(book: Xlsx | Xls | Ods, number: int, content: bytes) -> Json:
    sheet = book.sheet(number)
    positions = (*sheet.cells, *sheet.without_result)
    height, width = (1 + max((position[axis] for position in positions), default=-1) for axis in (0, 1))
    if height * width > MOST_PLACES or width > MOST_COLUMNS or len(sheet.merged) > MOST_MERGED:
        raise too_large()
    _refuse_difference(sheet, _by_calamine(content, book.sheets, number))
    faults: list[tuple[int, int, str, str]] = []
    texts: dict[RowColumn, CellText] = {}
    for position, cell in sheet.cells.items():
        try:
            texts[position] = text_of(cell, epoch_1904=sheet.epoch_1904, hides_noughts=sheet.hides_noughts)
        except HiddenValueError as hidden:
            faults.append((*position, hidden.en, hidden.zh))
    for position in sheet.without_result:
        en = "the file has no result of this formula; open it in a spreadsheet program and save it"
        faults.append((*position, en, "公式没有保存结果；请用电子表格软件打开并保存"))
    otherwise = list(remarks_on_texts(texts))
    return {
        "sheets": [(each.name, each.is_hidden) for each in book.sheets],
        "sheet": book.sheets[number].name,
        "rows": [
            [texts[row, column].text if (row, column) in texts else None for column in range(width)] for row in range(height)
        ],
        "faults": sorted(faults),
        "merged": sheet.merged,
        "formulas": sorted([position for position, cell in sheet.cells.items() if cell.is_formula] + sheet.without_result),
        "remarks": [*remarks_on_sheet(book.sheets, number, sheet), *otherwise],
        "otherwise": otherwise,
    }


def _scanned(form: str, content: bytes) -> Xlsx | Xls | Ods:
    is_archive, is_compound = content.startswith(b"PK"), content.startswith(SIGNATURE)
    if form == ".xls" and is_compound:
        return Xls(content)
    if form != ".xls" and is_archive:
        return Ods(content) if form == ".ods" else Xlsx(content)
    if form == ".xlsx" and is_compound:
        Xls(content)  # which refuses an encrypted one
        raise RefusedWorkbookError("it is an old workbook under a new name; name it .xls", "这是旧版工作簿；请改用 .xls 扩展名")
    if form == ".xls" and is_archive:
        raise RefusedWorkbookError("it is a new workbook under an old name; name it .xlsx", "这是新版工作簿；请改用 .xlsx 扩展名")
    raise RefusedWorkbookError(f"it is no workbook of the form {form}, whatever its name says", f"文件内容不是 {form} 工作簿")


def _chosen(sheets: list[SheetName], wanted: list[str]) -> int:
    """Choose the number of the sheet that is named, or of the only one."""
    grids = [number for number, sheet in enumerate(sheets) if sheet.is_grid]
    named = [number for number in grids if sheets[number].name in wanted]
    if len(named) == 1:
        return named[0]
    visible = [number for number in grids if not sheets[number].is_hidden] or grids
    if not named and len(visible) == 1 and len(wanted) != 1:
        return visible[0]
    if not grids:
        raise RefusedWorkbookError("it has no sheet", "没有工作表")
    listed = listed_names(repr(sheets[number].name) for number in grids)
    if len(wanted) == 1:
        raise RefusedWorkbookError(
            f"it has no sheet {wanted[0]!r}, but {listed.en}", f"没有工作表“{wanted[0]}”，只有 {listed.zh}"
        )
    names = " or ".join(map(repr, wanted))
    raise RefusedWorkbookError(
        f"it has {len(grids)} sheets ({listed.en}), and none is named {names}; name one so, or declare it:"
        " class …(Table, sheet=…)",
        f"有 {len(grids)} 个工作表（{listed.zh}），均未命名为 {names}；请如此命名，或在模型中声明 sheet=…",
    )


def _by_calamine(content: bytes, sheets: list[SheetName], number: int) -> dict[RowColumn, Any]:
    """Read the cells by calamine."""
    import python_calamine

    try:
        book = python_calamine.load_workbook(io.BytesIO(content))
        if book.sheet_names != [sheet.name for sheet in sheets]:
            raise RefusedWorkbookError("two readers find other sheets in it", "两种读取方式得到的工作表不同")
        rows = book.get_sheet_by_index(number).to_python(skip_empty_area=False)
    except (RefusedWorkbookError, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the reader (PanicException) is no Exception
        reason = " ".join(str(error).split())[:200]
        raise RefusedWorkbookError(f"it cannot be read: {reason}", f"无法读取：{reason}") from None
    return {(row, column): cell for row, cells in enumerate(rows) for column, cell in enumerate(cells) if cell != ""}


def _refuse_difference(sheet: Sheet, other: dict[RowColumn, Any]) -> None:
    """Refuse a sheet on which both readings differ, errors aside."""
    for position, cell in sheet.cells.items():
        found = other.get(position, "")
        if position in sheet.left_to_scan and str(cell.value).startswith(str(found)):
            continue
        if cell.kind != "error" and not _agree(cell, found, sheet.epoch_1904):
            raise _different(position)
    for position in other.keys() - sheet.cells.keys():
        if position not in sheet.without_result:
            raise _different(position)


def _agree(cell: SheetCell, other: Any, epoch_1904: bool) -> bool:
    if isinstance(other, bool) or cell.kind == "truth":
        return bool(cell.value == other)
    if isinstance(other, str):
        # Forms know several spaces and line ends.
        return cell.kind in ("text", "date") and "".join(str(cell.value).split()) == "".join(other.split())
    if isinstance(other, datetime | date):
        return _agrees_with_day(cell, other, epoch_1904)
    if isinstance(other, time | timedelta):
        return cell.kind in ("number", "date", "text")
    return cell.kind == "number" and bool(cell.value == other)


def _agrees_with_day(cell: SheetCell, other: date, epoch_1904: bool) -> bool:
    moment = other if isinstance(other, datetime) else datetime.combine(other, time())
    if cell.kind == "date":
        return str(cell.value).removesuffix("Z")[:10] == moment.isoformat()[:10]
    if cell.kind != "number" or not isinstance(cell.value, float):
        return False
    days = (moment - (datetime(1904, 1, 1) if epoch_1904 else datetime(1899, 12, 30))) / timedelta(days=1)
    return abs(days - cell.value) < 1.1  # before March 1900 Excel counts a day more


def _different(position: RowColumn) -> RefusedWorkbookError:
    at = address(position)
    return RefusedWorkbookError(
        f"two readers find different things in {at}; open it in a spreadsheet program, and save it anew",
        f"两种读取方式在 {at} 得到不同内容；请用电子表格软件打开并重新保存",
    )
