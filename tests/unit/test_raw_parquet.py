"""Parquet files of figures: text as printed, or plain numbers in the unit of their column; any other type is a finding."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from etl.catalogue import PACKAGE
from etl.findings import line
from etl.gate.check import check
from etl.project import Project
from etl.tables.read import RawTable, read_table

MakeProject = Callable[..., Project]
TEXTS: dict[str, list[Any]] = {
    "area": ["330200", "330200"],
    "period": ["2025", "2024"],
    "court": ["all", "all"],
    "received": ["5981件", "7.64万件"],
    "closed": ["5954件", None],
    "source": ["example-a", "example-a"],
    "section": ["1", "2"],
}


def parquet(**changed: Any) -> bytes:
    out = io.BytesIO()
    pl.DataFrame(TEXTS | changed).write_parquet(out)
    return out.getvalue()


def read(project: Project, content: bytes) -> RawTable:
    path = project.root / "raw" / "courts" / "caseload.parquet"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    table = read_table(project, PACKAGE.entry("courts.caseload"))
    assert table is not None
    return table


def said(table: RawTable) -> list[str]:
    return [line(finding, "en") for finding in table.findings]


def test_text_is_read_as_printed(project: MakeProject) -> None:
    table = read(project({}), parquet())
    assert table.findings == []
    assert {name: table.cells[name] for name in TEXTS} == TEXTS
    assert str(table.place(1, "received")) == "raw/courts/caseload.parquet:2:4"


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (pl.Series([5981, None], dtype=pl.Int64), ["5981", None]),
        (pl.Series([5981, 7], dtype=pl.UInt16), ["5981", "7"]),
        (pl.Series([2**53 + 1, 7], dtype=pl.Int64), ["9007199254740993", "7"]),
        (pl.Series([Decimal("59.810"), None], dtype=pl.Decimal(10, 3)), ["59.81", None]),
        (pl.Series([45.1, -1e-7], dtype=pl.Float64), ["45.1", "-0.0000001"]),
        (pl.Series([45.1, 1e16], dtype=pl.Float32), ["45.1", "10000000000000000"]),
        (pl.Series([0.07 * 100, 0.1 + 0.2], dtype=pl.Float64), ["7", "0.3"]),
        (pl.Series([5.300000190734863, 1234567.5], dtype=pl.Float64), ["5.3", "1234567.5"]),
        (pl.Series([5.3, 0.1], dtype=pl.Float32) * 3, ["15.9", "0.3"]),
        (pl.Series([5.3, 2047], dtype=pl.Float16), ["5.3", "2047"]),
        (pl.Series([12345678, 0.5], dtype=pl.Float32), ["12345678", "0.5"]),
        (pl.Series([2.0**53 - 1, 1 / 3], dtype=pl.Float64), ["9007199254740991", "0.333333333333333"]),
        (pl.Series(["a", "b"], dtype=pl.Categorical), ["a", "b"]),
        (pl.Series([None, None], dtype=pl.Null), [None, None]),
    ],
)
def test_numbers_are_written_out_in_full(column: pl.Series, expected: list[str | None], project: MakeProject) -> None:
    table = read(project({}), parquet(received=column))
    assert table.findings == []
    assert table.cells["received"] == expected


def test_a_number_that_is_not_finite_is_no_figure(project: MakeProject) -> None:
    made = project({})
    table = read(made, parquet(received=[float("nan"), float("inf")]))
    assert table.cells["received"] == ["NaN", "inf"]
    found = check(made, PACKAGE.entries(), date(2026, 1, 1), whole=True, cite=False).findings
    assert [finding.rule for finding in found if finding.column == "received"] == ["figure-is-readable"] * 2


@pytest.mark.parametrize(
    ("name", "column", "shown"),
    [
        ("received", [date(2025, 1, 1), None], "Date; it must be text, or numbers in 件"),
        ("received", [True, None], "Boolean; it must be text, or numbers in 件"),
        ("received", [[1], None], "List(Int64); it must be text, or numbers in 件"),
        ("received", [{"a": 1}, None], "Struct({'a': Int64}); it must be text, or numbers in 件"),
        ("received", [b"5981", None], "Binary; it must be text, or numbers in 件"),
        ("area", [330200, 330200], "Int64; it must be text"),
        ("period", [2025, 2024], "Int64; it must be text"),
        ("period", [date(2025, 1, 1), None], "Date; it must be text"),
        ("section", [1.0, 2.0], "Float64; it must be text"),
    ],
)
def test_a_column_of_another_type_is_a_finding_and_never_converted(
    name: str, column: list[Any], shown: str, project: MakeProject
) -> None:
    table = read(project({}), parquet(**{name: column}))
    at = list(TEXTS).index(name) + 1
    expected = f"raw/courts/caseload.parquet:1:{at}: error[column-has-its-type] {name}: the column is of the type {shown}"
    assert said(table) == [expected]
    assert (table.height, bool(table.missing)) == (0, True)


def test_unknown_missing_and_broken_rows_are_found_as_in_any_form(project: MakeProject) -> None:
    table = read(project({}), parquet(remark=[date(2025, 1, 1), None], section=["1", "a\0b"]))
    assert table.set_aside == [2]
    assert [text.partition("parquet:")[2] for text in said(table)] == [
        "2:7: error[row-is-readable] the character NUL is no text; delete it",
        "1:8: error[column-is-known] no column 'remark' is declared.",
    ]


def test_an_empty_file_has_no_rows(project: MakeProject) -> None:
    out = io.BytesIO()
    pl.DataFrame(TEXTS).clear().write_parquet(out)
    table = read(project({}), out.getvalue())
    assert table.awaits_rows
    assert said(table) == []


def test_a_file_that_is_cut_off_anywhere_is_refused(project: MakeProject) -> None:
    content, made = parquet(), project({})
    for length in (0, 3, 8, 100, len(content) // 2, len(content) - 8, len(content) - 1):
        table = read(made, content[:length])
        assert ["cut off or damaged" in text for text in said(table)] == [True], length


def test_a_small_file_of_very_much_text_is_refused(project: MakeProject) -> None:
    one = pl.DataFrame({"area": pl.Series(["x" * 1_000_000], dtype=pl.Categorical)})
    out = io.BytesIO()
    one.select(pl.col("area").repeat_by(100_000).explode()).write_parquet(out)
    assert len(out.getvalue()) < 10_000
    assert "did not survive it" in said(read(project({}), out.getvalue()))[0]


def test_a_file_that_says_it_has_other_rows_than_it_has_is_refused_or_right(project: MakeProject) -> None:
    content, made = parquet(), project({})
    for at in range(len(content) - 300, len(content) - 8, 37):
        lying = bytearray(content)
        lying[at] ^= 0x7F
        table = read(made, bytes(lying))
        is_refused = [finding.rule for finding in table.findings][:1] in (["file-is-readable"], ["column-has-its-type"])
        is_told = bool(table.findings)
        assert is_refused or is_told or {name: table.cells[name] for name in TEXTS} == TEXTS, at
