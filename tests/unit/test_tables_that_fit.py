"""Tables for people: within the width of the terminal, or a field a line; numbers and severities as people read them."""

from __future__ import annotations

import io
import re

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.cli.terminal import VisibleText, coloured
from etl.display_width import display_width, padded, wrapped
from etl.sandbox.formatters import Result, as_csv, as_ndjson
from etl.sandbox.frame_formatters import as_table
from etl.text_table import format_table

WIDE = pl.DataFrame({"指标": ["有效发明专利拥有量" * 3, "案件"], "document": ["ningbo-2025", "a" * 70], "value": [7.5, 12.0]})
LINE = "raw/a.csv:2:18: warning[part-of-whole-cases] 199件 is wrong\n"


@pytest.mark.parametrize("width", [48, 60, 80])
def test_a_table_is_broken_to_the_width_of_the_terminal_and_loses_nothing(width: int) -> None:
    shown = format_table(WIDE, width=width)
    assert max(map(display_width, shown.splitlines())) <= width
    assert shown.startswith("┌")
    assert re.sub(r"[^a]", "", shown).count("a") >= 70


def test_columns_without_room_have_a_field_a_line() -> None:
    shown = format_table(WIDE, width=30)
    assert shown.splitlines()[0] == "─[ 1 ]" + "─" * 24
    assert "document │ ningbo-2025" in shown
    assert "指标     │ 有效发明专利拥有量" in shown
    assert max(map(display_width, shown.splitlines())) <= 30


def test_a_table_for_a_file_or_program_is_as_wide_as_its_cells() -> None:
    assert "有效发明专利拥有量" * 3 in format_table(WIDE)


@given(st.text(alphabet=st.sampled_from("ab 专利，")), st.integers(4, 30))
def test_wrapped_lines_fit_and_hold_all_but_spaces(text: str, width: int) -> None:
    lines = list(wrapped(text, width))
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(display_width(line) <= width for line in lines)
    assert display_width(padded("专利", 6)) == 6


def written(sql: str, write: object) -> str:
    assert callable(write)
    with duckdb.connect() as connection:
        return b"".join(write([Result(connection, connection.sql(sql), 0)], False)).decode()


def test_numbers_are_whole_and_grouped_for_people_and_exact_for_programs() -> None:
    sql = "SELECT 5981.0::DOUBLE AS cases, 78600000000.0::DOUBLE AS yuan, -76450.50::DECIMAL(9, 2) AS part, 20251231 AS day,"
    sql += " '5981.0' AS t"
    assert "│ 5981  ┆ 78,600,000,000 ┆ -76,450.50 ┆ 20251231 ┆ 5981.0 │" in written(sql, as_table)
    assert written(sql, as_csv).splitlines()[1] == "5981.0,78600000000.0,-76450.50,20251231,5981.0"
    assert written(sql, as_ndjson) == (
        '{"cases": 5981.0, "yuan": 78600000000.0, "part": -76450.5, "day": 20251231, "t": "5981.0"}\n'
    )


def printed(text: str) -> str:
    out = io.StringIO()
    VisibleText(out).write(text)
    return out.getvalue()


def test_a_severity_is_coloured_and_no_sequence_of_a_cell_is_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert printed(LINE) == LINE.replace("warning", "\x1b[1;33mwarning\x1b[0m")
    hostile = "raw/a.csv:2:1: error[a-rule] the cell \x1b[32mok\x1b[0m\n"
    assert printed(hostile).count("\x1b") == 2
    assert "\\x1b[32mok" in printed(hostile)
    monkeypatch.setenv("NO_COLOR", "1")
    assert printed(LINE) == LINE


def test_a_pipe_and_documents_have_no_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    assert printed(LINE) == LINE
    for document in (f'{{\n  "message": "x"\n}}\n{LINE}', f"<xml>\n{LINE}</xml>"):
        assert coloured(document) == document
