"""Escape texts that a spreadsheet would run as formulas.

Excel, LibreOffice and WPS run a cell of a CSV file that begins with `=`, `+`, `-` or `@`, also after spaces, in full width, or
behind a tab or carriage return. Such a text gets an apostrophe before it, unless it is a number or the mark `-`: `-5` stays.
"""

from __future__ import annotations

import re
import unicodedata

import polars as pl

_BEGINNINGS = ("=", "+", "-", "@")
_CONTROLS = ("\t", "\r", "\n")
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][+-]?\d+)?%?")


def safe_text(text: str) -> str:
    """Escape a text, if a spreadsheet would take it for a formula."""
    if _NUMBER.fullmatch(text) or text == "-":
        return text
    begins = unicodedata.normalize("NFKC", text.lstrip(_SPACES)[:1])
    return f"'{text}" if text.startswith(_CONTROLS) or begins.startswith(_BEGINNINGS) else text


_SPACES = "".join(chr(code) for code in range(0x3001) if chr(code).isspace()) + "\u200b\ufeff\u2060"
"""All spaces, those without width too."""


def with_safe_texts(rows: pl.DataFrame) -> pl.DataFrame:
    """Escape the text cells of rows."""
    texts = [name for name, dtype in rows.schema.items() if dtype == pl.String]
    return rows.with_columns(_safe(rows.get_column(name)) for name in texts)


def _safe(cells: pl.Series) -> pl.Series:
    safe = {text: safe_text(text) for text in cells.unique().drop_nulls()}
    changed = {text: other for text, other in safe.items() if text != other}
    return cells.replace(changed) if changed else cells
