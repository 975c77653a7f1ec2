"""Say why the first line of a list is not its header, and why a row is not as wide as the header."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from schemas.texts import Text, joined

_SEPARATORS = {
    ";": Text("semicolons", "分号"),
    "\t": Text("tabs", "制表符"),
    "|": Text("vertical bars", "竖线"),
    "，": Text("full-width commas", "全角逗号"),
}
_EXCEL = re.compile("sep=", re.IGNORECASE)
_MERGE = re.compile(r"(<{7}|\|{7}|={7}|>{7})( |$)")
_LINES_BEFORE_A_HEADER = 20


def header_fault(columns: Sequence[str], rows: Sequence[Sequence[str]], lines: Sequence[int]) -> tuple[int, Text]:
    """Explain a header that is wrong.

    Args:
        columns: what it must be.
        rows: those of the list, its header first.
        lines: on which they start.

    Returns:
        The number of its first wrong cell, from 0, and the reason with the next step.
    """
    header = rows[0]
    if _EXCEL.match(header[0]):
        return 0, Text("the line sep= of Excel stands before the header; delete it", "表头之前有 Excel 的 sep= 行；请删除")
    for mark, what in _SEPARATORS.items():
        if len(header) == 1 and mark in header[0]:
            en = f"its cells are separated by {what.en}, so save it as CSV with commas"
            return 0, Text(en, f"单元格以{what.zh}分隔；请另存为以逗号分隔的 CSV")
    for line, row in zip(lines[1:_LINES_BEFORE_A_HEADER], rows[1:], strict=False):
        if tuple(row) == tuple(columns):
            return 0, Text(f"line {line} is the header; delete what stands before it", f"表头在第 {line} 行；请删除其前的内容")
    at = next((at for at, title in enumerate(header) if at >= len(columns) or title != columns[at]), 0)
    if sorted(header) == sorted(columns):
        return at, Text("its columns stand in another order", "各列的顺序不同")
    missing = [column for column in columns if column not in header]
    unknown = [title for title in header if title not in columns]
    parts = [Text(f"it lacks {', '.join(missing)}", f"缺少 {'、'.join(missing)}")] if missing else []
    if unknown:
        en = f"{', '.join(map(_quoted, unknown))} {'is no column' if len(unknown) == 1 else 'are no columns'} of it"
        parts.append(Text(en, f"{'、'.join(f'“{_cut(each)}”' for each in unknown)}不是其中的列"))
    parts += [] if missing or unknown else [Text("a column stands there twice", "有一列重复出现")]
    folded = {_folded(column): column for column in missing}
    near = [(title, folded[_folded(title)]) for title in unknown if _folded(title) in folded]
    if near:
        en = f"it has {', '.join(f'{title!r} for {column}' for title, column in near)}"
        parts.append(Text(en, "、".join(f"“{title}”应为 {column}" for title, column in near)))
    return at, joined(parts, Text("; ", "；"))


def width_fault(row: Sequence[str], width: int) -> Text:
    """Explain a row that is not as wide as the header."""
    if _MERGE.match(row[0]):
        return Text(
            "this is a mark of a merge that is not finished; choose one of both sides, and delete the marks",
            "这是未完成的合并所留的标记；请保留其中一方，并删除标记",
        )
    is_wide = len(row) > width
    hint = Text("leave a blank cell where there is nothing", "没有内容的单元格请留空，逗号不能省略")
    if is_wide:
        hint = Text("quote cells that hold a comma", "含逗号的单元格请加引号")
    if is_wide and not any(row[width:]):
        hint += Text(", or delete the commas at the end", "，或删除行末多余的逗号")
    cells = "cell" if len(row) == 1 else "cells"
    return Text(f"{len(row)} {cells} where the header has {width}; ", f"本行 {len(row)} 个单元格，表头 {width} 个；") + hint


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def _quoted(text: str) -> str:
    return repr(_cut(text))


def _cut(text: str) -> str:
    return text if len(text) <= 30 else f"{text[:30]}…"
