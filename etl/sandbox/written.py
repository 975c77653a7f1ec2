"""The result of a query in the form that was asked for, row by row where the form lets it."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

Rows = Iterable[Sequence[Any]]
ROWS_AT_ONCE = 2_048


def as_csv(columns: Sequence[str], rows: Rows) -> Iterator[bytes]:
    """Give a result as CSV: nulls are empty, lists and structs are JSON."""
    rows = iter(rows)
    lines = [columns]
    while lines:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerows(map(_csv_cell, line) for line in lines)
        yield text.getvalue().encode()
        lines = list(islice(rows, ROWS_AT_ONCE))


def as_json(columns: Sequence[str], rows: Rows) -> Iterator[bytes]:
    """Give a result as a JSON array with one object per row."""
    before = "[\n"
    for row in rows:
        text = json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, indent=2, default=str)
        yield (before + "  " + text.replace("\n", "\n  ")).encode()
        before = ",\n"
    yield b"[]\n" if before == "[\n" else b"\n]\n"


def as_markdown(columns: Sequence[str], rows: Rows) -> Iterator[bytes]:
    """Give a result as a Markdown table."""
    yield _markdown_line(columns)
    yield _markdown_line(["---"] * len(columns))
    for row in rows:
        yield _markdown_line(["" if value is None else str(value) for value in row])


STREAMED: dict[str, Callable[[Sequence[str], Rows], Iterator[bytes]]] = {
    "csv": as_csv,
    "json": as_json,
    "markdown": as_markdown,
}
"""The forms that need not know the last row before they write the first."""


def _csv_cell(value: Any) -> Any:
    if isinstance(value, bool):
        return str(value).lower()
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | dict | tuple) else value


def _markdown_line(cells: Sequence[str]) -> bytes:
    escaped = (cell.replace("\\", "\\\\").replace("|", r"\|").replace("\n", " ") for cell in cells)
    return f"| {' | '.join(escaped)} |\n".encode()
