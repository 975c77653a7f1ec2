"""HTML tables for a page that has no style sheet, such as a notebook."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from etl.escape import visible


def format_html_table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table of texts, each shown as it is."""
    body = "".join(_row("td", row) for row in rows)
    return f"<table><thead>{_row('th', header)}</thead><tbody>{body}</tbody></table>"


def _row(tag: str, cells: Iterable[str]) -> str:
    opening = f'<{tag} style="text-align:left">'  # since notebooks align cells to the right
    return f"<tr>{''.join(f'{opening}{escape(visible(cell))}</{tag}>' for cell in cells)}</tr>"
