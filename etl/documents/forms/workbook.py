"""Workbooks (XLSX, XLS, ODS), read in a child process by the reader of raw tables: each visible sheet is a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from etl.documents.forms.blocks import Block, Line, as_json
from etl.documents.table_layout import Grid
from etl.raw_files.workbooks.ods import Ods
from etl.raw_files.workbooks.reading import read as read_sheet
from etl.raw_files.workbooks.sheet import RefusedWorkbookError
from etl.raw_files.workbooks.xls import Xls
from etl.raw_files.workbooks.xlsx import Xlsx

MOST_SHEETS = 50
UNREAD = "#?"
"""A cell that is an error, or shows something else than it stores."""
_BOOKS: dict[str, type[Xlsx | Xls | Ods]] = {".xlsx": Xlsx, ".xls": Xls, ".ods": Ods}


def read(request: dict[str, Any], content: bytes) -> dict[str, Any]:
    """Read the blocks of a workbook, or the refusal."""
    try:
        names = [sheet.name for sheet in _BOOKS[request["form"]](content).sheets if sheet.is_grid and not sheet.is_hidden]
    except RefusedWorkbookError as refused:
        return {"refused": [refused.en, refused.zh]}
    except (MemoryError, RecursionError):
        return {"refused": ["it needs more memory than tables of figures do", "所需内存超出统计表的合理范围"]}
    if len(names) > MOST_SHEETS:
        return {"refused": [f"it has {len(names)} sheets, more than {MOST_SHEETS}", f"工作表超过 {MOST_SHEETS} 个"]}
    blocks: list[Block] = []
    for name in names:
        found = read_sheet({"form": request["form"], "sheets": [name]}, content)
        if "refused" in found:
            return found
        blocks += _blocks(found, is_only=len(names) == 1)
    return {"blocks": as_json(blocks)}


def _blocks(found: dict[str, Any], *, is_only: bool) -> Iterator[Block]:
    """Yield the name of a sheet, where there are several, and its table."""
    rows: list[list[str]] = [[cell or "" for cell in row] for row in found["rows"]]
    for row, column, *_ in found["faults"]:
        rows[row][column] = UNREAD
    if not is_only:
        yield Line(found["sheet"], 1)
    if any(map(any, rows)):
        merged = [(first[0], first[1], last[0], last[1]) for first, last in found["merged"]]
        yield Grid(rows, merged)
