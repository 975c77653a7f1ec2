"""The table writers: each cell of a table is shown as it is, whatever it holds."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from etl.escape import visible
from etl.html_table import format_html_table
from etl.markdown_table import format_markdown_table

CELLS = ["<b>5981件</b>", "a | b", "`x` *y* [z](w) & \\", "line\nbreak", "\u202e1895", "http_status", "", "50%"]


class Cells(HTMLParser):
    """The texts of the cells of a table."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.is_cell = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        assert tag in ("table", "thead", "tbody", "tr", "th", "td"), tag
        self.is_cell = tag in ("th", "td")
        self.found += [""] if self.is_cell else []

    def handle_endtag(self, tag: str) -> None:
        self.is_cell = False

    def handle_data(self, data: str) -> None:
        if self.is_cell:
            self.found[-1] += data


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_of_a_table_is_shown_as_it_is_and_on_one_line(cell: str) -> None:
    expected = ["rule", "message", "a", visible(cell), visible(cell), "z"]
    rows = [["a", cell], [cell, "z"]]
    assert Cells(format_html_table(["rule", "message"], rows)).found == expected
    markdown = MarkdownIt("gfm-like", {"linkify": False}).render(format_markdown_table(["rule", "message"], rows))
    assert Cells(markdown).found == expected


@given(st.text())
def test_no_text_becomes_a_part_of_an_html_table(text: str) -> None:
    assert Cells(format_html_table([text], [])).found == [visible(text)]
