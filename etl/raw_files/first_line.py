"""Say why the first line of a CSV file is no header of its table."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence

from etl.nearest_name import nearest
from etl.raw_files.page import RefusedFileError
from etl.raw_files.separators import RARE_SEPARATORS, SEPARATORS, separated_otherwise
from schemas import builtin_rules
from schemas.texts import Text

_EXCEL = re.compile(r"\s*\"?sep=", re.IGNORECASE)
_QUOTED = re.compile(r'"\s*([\t;|，])\s*"')
_LINES_BEFORE_A_HEADER = 20


def refuse_other_separator(header: Sequence[str], line: int) -> None:
    """Refuse a header of one cell whose titles are separated by another character."""
    for separator, name in SEPARATORS.items():
        if len(header) == 1 and separator in header[0] and not _EXCEL.match(header[0]):
            raise RefusedFileError(separated_otherwise(name), line)


def refuse_quoted_separator(text: str, line: int) -> None:
    """Refuse a header whose quoted titles are separated by another character than the comma."""
    if (found := _QUOTED.search(text)) and '","' not in text:
        raise RefusedFileError(separated_otherwise(SEPARATORS[found[1]]), line)


def refuse_no_header(
    titles: Sequence[str], line: int, known: Collection[str], address: str, rows: Iterable[tuple[int, Sequence[str | None]]] = ()
) -> None:
    """Refuse a file whose first line names no column, and is like none that does.

    Args:
        titles: the cells of that line.
        line: its number.
        known: the names of the columns.
        address: that of the table.
        rows: those that follow, with their lines.

    Raises:
        RefusedFileError: with the reason.
    """
    if _EXCEL.match(titles[0]):
        en, zh = "the line sep= of Excel stands before the header; delete it", "表头之前有 Excel 的 sep= 行；请删去"
        raise RefusedFileError(_unread(Text(en, zh)), line, rule=builtin_rules.COLUMN_IS_PRESENT)

    def is_title(text: str) -> bool:
        return text in known or bool(nearest(text, known))

    if any(map(is_title, titles)):
        return
    raise RefusedFileError(_unread(_reason(titles, known, address, rows, is_title)), line, rule=builtin_rules.COLUMN_IS_PRESENT)


def _reason(
    titles: Sequence[str],
    known: Collection[str],
    address: str,
    rows: Iterable[tuple[int, Sequence[str | None]]],
    is_title: Callable[[str], bool],
) -> Text:
    only = titles[0] if not any(titles[1:]) else ""
    if _number(only.split(","), known) > 1:
        return Text("the whole line stands in quotation marks; delete these", "整行置于引号之中；请删去引号")
    for separator, name in (SEPARATORS | RARE_SEPARATORS).items():
        if _number(only.split(separator), known) > 1:
            return separated_otherwise(name)
    for number, (at, row) in enumerate(rows):
        if number == _LINES_BEFORE_A_HEADER:
            break
        if sum(is_title(cell) for cell in row if cell) > 1:
            en = f"the first line is no header, but line {at} looks like it; delete what stands before that"
            return Text(en, f"首行不是表头，第 {at} 行似为表头；请删去其前各行")
    return Text(f"the first line is no header: it names no column of {address}", f"首行不是表头：未含 {address} 的任何列名")


def _number(parts: Sequence[str], known: Collection[str]) -> int:
    return sum(part.strip(' "\r') in known for part in parts)


def _unread(why: Text) -> Text:
    return Text(f"{why.en}. Nothing of the file is read.", f"{why.zh}。文件未予读取。")
