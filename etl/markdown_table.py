"""Markdown tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from etl.escape import escape_markdown


def table_lines(header: Iterable[str], rows: Iterable[Iterable[str]]) -> Iterator[str]:
    """Yield the lines of a table whose cells are Markdown already."""
    titles = list(header)
    yield _line(titles)
    yield _line(["---"] * len(titles))
    yield from map(_line, rows)


def format_markdown_table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table of texts, each shown as it is."""
    return "\n".join(table_lines(map(escape_markdown, header), (map(escape_markdown, row) for row in rows)))


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
