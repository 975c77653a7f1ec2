"""Mutated raw files, some seconds of the same ones each time; `python tests/benchmarks/fuzz_raw.py` runs as many as one likes."""

from __future__ import annotations

import csv
import io
import random

import pytest
import raw_mutations
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from raw_mutations import misread_csv, mutated_csv
from workbook_mutations import misread_xlsx, mutated_xlsx

from etl.raw_files.page import Page, RefusedFileError, blank_or
from etl.raw_files.workbooks import reading
from etl.raw_files.workbooks.cell_text import CellText
from etl.raw_files.workbooks.sheet import SheetCell


@settings(max_examples=2000, suppress_health_check=list(HealthCheck), derandomize=True)
@given(seed=st.integers(0, 2**63))
def test_no_mutated_csv_file_is_misread(seed: int) -> None:
    assert misread_csv(*mutated_csv(random.Random(seed))) == ""


@settings(max_examples=300, suppress_health_check=list(HealthCheck), derandomize=True)
@given(content=st.binary(max_size=200))
def test_any_bytes_at_all_are_read_or_refused(content: bytes) -> None:
    assert misread_csv(["?"], "", content) in ("", *(f" was read as {name}" for name in ("UTF-8", "GB18030", "UTF-16", "Big5")))


@settings(max_examples=150, suppress_health_check=list(HealthCheck), derandomize=True)
@given(seed=st.integers(0, 2**63))
def test_no_mutated_workbook_is_misread(seed: int) -> None:
    assert misread_xlsx(mutated_xlsx(random.Random(seed))) == ""


def naive(content: bytes) -> Page:
    """Read CSV as is usual: in the first encoding that does not complain, by the standard library, without uneven rows."""
    for codec in ("utf-8-sig", "gb18030", "big5", "utf-16"):
        try:
            text = content.decode(codec)
            rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        except (UnicodeDecodeError, csv.Error):
            continue
        page = Page(rows[0] if rows else [])
        for line, row in enumerate(rows[1:], start=2):
            if len(row) == len(page.header):
                page.rows.append([blank_or(cell) for cell in row])
                page.lines.append(line)
        return page
    raise RefusedFileError(raw_mutations.Text("no", "否"))


def test_the_fuzz_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_mutations, "read_delimited", naive)
    misread = 0
    for seed in range(300):
        try:
            misread += misread_csv(*mutated_csv(random.Random(seed))) != ""
        except (ValueError, IndexError, RefusedFileError):  # what it gives is no page of this file
            misread += 1
    assert misread > 30


def test_the_fuzz_of_workbooks_can_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    def misread(cell: SheetCell, *, epoch_1904: bool, hides_noughts: bool) -> CellText:
        return CellText("1" if cell.kind == "number" else str(cell.value))

    monkeypatch.setattr(reading, "text_of", misread)
    assert any(misread_xlsx(mutated_xlsx(random.Random(seed))) for seed in range(20))
