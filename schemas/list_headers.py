"""Say why the first line of a list is not its header, and why a row is not as wide as the header."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "vertical bars", "，": "full-width commas"}
_EXCEL = re.compile("sep=", re.IGNORECASE)
_MERGE = re.compile(r"(<{7}|\|{7}|={7}|>{7})( |$)")
_LINES_BEFORE_A_HEADER = 20


def header_fault(columns: Sequence[str], rows: Sequence[Sequence[str]], lines: Sequence[int]) -> tuple[int, str]:
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
        return 0, "the line sep= of Excel stands before the header; delete it"
    for mark, what in _SEPARATORS.items():
        if len(header) == 1 and mark in header[0]:
            return 0, f"its cells are separated by {what}, so save it as CSV with commas"
    for line, row in zip(lines[1:_LINES_BEFORE_A_HEADER], rows[1:], strict=False):
        if tuple(row) == tuple(columns):
            return 0, f"line {line} is the header; delete what stands before it"
    at = next((at for at, title in enumerate(header) if at >= len(columns) or title != columns[at]), 0)
    if sorted(header) == sorted(columns):
        return at, "its columns stand in another order"
    missing = [column for column in columns if column not in header]
    unknown = [title for title in header if title not in columns]
    parts = [f"it lacks {', '.join(missing)}"] if missing else []
    if unknown:
        parts.append(f"{', '.join(map(_quoted, unknown))} {'is no column' if len(unknown) == 1 else 'are no columns'} of it")
    parts += [] if missing or unknown else ["a column stands there twice"]
    folded = {_folded(column): column for column in missing}
    near = [f"{title!r} for {folded[_folded(title)]}" for title in unknown if _folded(title) in folded]
    return at, "; ".join([*parts, *([f"it has {', '.join(near)}"] if near else [])])


def width_fault(row: Sequence[str], width: int) -> str:
    """Explain a row that is not as wide as the header."""
    if _MERGE.match(row[0]):
        return "this is a mark of a merge that is not finished; choose one of both sides, and delete the marks"
    hint = "quote cells that hold a comma" if len(row) > width else "leave a blank cell where there is nothing"
    if len(row) > width and not any(row[width:]):
        hint += ", or delete the commas at the end"
    return f"{len(row)} {'cell' if len(row) == 1 else 'cells'} where the header has {width}; {hint}"


def _folded(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def _quoted(text: str) -> str:
    return repr(text if len(text) <= 30 else f"{text[:30]}…")
