"""Explain a row that has not as many cells as the header."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, takewhile

from etl.raw_files.separators import SEPARATORS, separated_otherwise
from schemas.texts import Text

_MERGE = re.compile(r"(<{7}|\|{7}|={7}|>{7})( |$)")
_BEFORE_COMMA, _AFTER_COMMA = re.compile(r"(?<![\d.])(\d{1,3})$"), re.compile(r"\d{3}(?!\d)\S*")


def misfit(cells: Sequence[str], width: int) -> Text:
    """Explain a row that is not as wide as the header, with the probable cause."""
    number = len(cells)
    counted = Text(
        f"{number} {'cell' if number == 1 else 'cells'} where the header has {width}", f"本行 {number} 个单元格，表头 {width} 个"
    )
    why = _too_few(cells, width) if number < width else _too_many(cells, width)
    return Text(f"{counted.en}; {why.en}", f"{counted.zh}；{why.zh}")


def _too_few(cells: Sequence[str], width: int) -> Text:
    if _MERGE.match(cells[0]):
        en = "this is a mark of a merge that is not finished; choose one of both sides, and delete the marks"
        return Text(en, "此为未完成的合并标记；请择一保留并删去标记")
    for separator, name in SEPARATORS.items():
        if len(cells) == 1 and cells[0].count(separator) == width - 1:
            return separated_otherwise(name)
    return Text("is the row cut off, or does it lack commas?", "是否缺少单元格或逗号？")


def _too_many(cells: Sequence[str], width: int) -> Text:
    for number, (before, after) in enumerate(pairwise(cells), start=1):
        if (first := _BEFORE_COMMA.search(before)) and _AFTER_COMMA.match(after):
            rest = [match[0] for match in takewhile(bool, map(_AFTER_COMMA.match, cells[number:])) if match]
            figure = ",".join((first[1], *rest))
            en = f"if {figure} is one figure, put it in quotation marks, or write it without the comma"
            return Text(en, f"若 {figure} 为一个数字，请加引号，或去掉千位逗号")
    if not any(cell.strip() for cell in cells[width:]):
        en = "quote cells that hold a comma, or delete the commas at the end"
        return Text(en, "含逗号的单元格请加引号，或删去行末多出的逗号")
    return Text("quote cells that hold a comma", "含逗号的单元格请加引号")
