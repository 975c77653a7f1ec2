"""Read a CSV file as a sheet, whatever the width of its rows, as an office hands it in."""

from __future__ import annotations

from collections.abc import Callable

from etl.raw_files.delimited import BrokenRowError, decoded_file, delimited_rows
from etl.raw_files.page import NO_TEXT, RefusedFileError, cell_place
from schemas.texts import Text


def read_ragged(content: bytes) -> tuple[list[list[str]], Callable[[int, int], tuple[int, int]]]:
    """Read a CSV file as a sheet: a row a line, padded to one width.

    Returns:
        The rows, and what maps a row and a column from 0 to line and column of the cell.

    Raises:
        RefusedFileError: a row of it cannot be read, or it has no row of two cells.
    """
    found = decoded_file(content)
    rows: list[list[str]] = []
    lines = found.text.split("\n")
    for first, after, row in delimited_rows(lines, found.encoding, lambda: 0, is_all_text=not NO_TEXT.search(found.text)):
        if isinstance(row, BrokenRowError):
            raise RefusedFileError(row.message, first + 1, row.column)
        rows += [row, *([] for _ in range(first + 1, after))]
    width = max(map(len, rows), default=0)
    if width < 2:
        en = "No row of the file has two cells: are they separated by commas? Save it as CSV UTF-8."
        raise RefusedFileError(Text(en, "没有一行含两个以上单元格：是否以逗号分隔？请另存为 CSV UTF-8"))
    return [row + [""] * (width - len(row)) for row in rows], lambda row, column: cell_place(lines, row + 1, column)
