"""Read whole and broken raw files: one finding each, and every other row right."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from register_projects import (
    COLUMNS,
    FOLDER,
    HEADER,
    PACKED,
    as_loaded,
    checked,
    csv_of,
    locate,
    parquet,
    parquet_of,
    pledge,
    records,
    with_files,
    zstandard,
)

FILE = f"{FOLDER}.csv"


# Files of every form


@pytest.mark.parametrize("form", [*PACKED, "parquet"])
def test_a_file_of_each_form_gives_its_rows(tmp_path: Path, form: str) -> None:
    rows = [pledge(serial) for serial in range(5)]
    content = parquet_of(*rows) if form == "parquet" else PACKED[form](csv_of(*rows))
    found = checked(with_files(tmp_path, {f"{FOLDER}.{form}": content}))
    assert (found.findings, found.rows, found.rejected) == ([], 5, 0)
    assert records(found) == as_loaded(*rows)


def test_a_folder_of_many_forms_is_one_register_in_the_order_of_names(tmp_path: Path) -> None:
    rows = [pledge(serial) for serial in range(6)]
    files = {f"{FOLDER}/2.{form}": pack(csv_of(rows[at])) for at, (form, pack) in enumerate(PACKED.items())}
    files |= {f"{FOLDER}/3.parquet": parquet_of(rows[3]), f"{FOLDER}/1.csv": csv_of(rows[4]), f"{FOLDER}.csv": csv_of(rows[5])}
    found = checked(with_files(tmp_path, files))
    assert locate(found.findings) == []
    assert records(found) == as_loaded(rows[5], rows[4], *rows[:4])


def test_names_are_no_patterns(tmp_path: Path) -> None:
    names = ["a[1].csv", "a1.csv", "b*.csv", "bc.csv", "d?.parquet", "de.parquet", "f{1,2}.csv.gz", "g%20h.csv"]
    rows = [pledge(serial) for serial in range(len(names))]
    files = {
        f"{FOLDER}/{name}": parquet_of(row) if name.endswith("parquet") else PACKED[name.partition(".")[2]](csv_of(row))
        for name, row in zip(names, rows, strict=True)
    }
    found = checked(with_files(tmp_path, files))
    assert locate(found.findings) == []
    assert sorted(records(found)) == sorted(as_loaded(*rows))


def test_each_finding_of_a_folder_names_the_file_it_is_of(tmp_path: Path) -> None:
    files = {f"{FOLDER}/a[1].csv": csv_of(pledge(1, area="?")), f"{FOLDER}/a1.csv": csv_of(pledge(2), pledge(1))}
    found = checked(with_files(tmp_path, files))
    assert locate(found.findings) == [f"{FOLDER}/a[1].csv:2:1 record-is-known-once", f"{FOLDER}/a[1].csv:2:19 code-is-known"]
    again = next(each for each in found.findings if each.rule == "record-is-known-once")
    assert f"{FOLDER}/a1.csv:3 too" in again.message.en


def test_columns_may_stand_in_any_order_under_their_chinese_names_too(tmp_path: Path) -> None:
    row = pledge(1)
    header = ",".join(reversed(["登记号", "地区", "权利类型", "出质人", "质权人", *COLUMNS[5:]]))
    files = {FILE: csv_of(row[::-1], header=header), f"{FOLDER}/2.csv": csv_of(pledge(2))}
    found = checked(with_files(tmp_path, files))
    assert locate(found.findings) == []
    assert records(found) == as_loaded(row, pledge(2))


def test_an_unknown_file_or_folder_is_reported_unless_hidden(tmp_path: Path) -> None:
    files = {f"{FOLDER}/{name}": b"x" for name in (".hidden", "notes.txt", "folder.csv/1.csv")}
    found = checked(with_files(tmp_path, {**files, f"{FOLDER}/1.csv": csv_of(pledge(1))}))
    assert locate(found.findings) == [f"{FOLDER}/{name}:1:1 file-is-readable" for name in ("folder.csv", "notes.txt")]
    assert records(found) == as_loaded(pledge(1))


def test_a_link_out_of_the_project_or_to_nowhere_is_refused_and_one_within_is_followed(tmp_path: Path) -> None:
    outside = tmp_path / "elsewhere" / "pledges.csv"
    outside.parent.mkdir()
    outside.write_bytes(csv_of(pledge(1), pledge(2, area="?")))
    project = with_files(tmp_path / "project", {f"{FOLDER}/3.csv": csv_of(pledge(3)), "kept/4.csv": csv_of(pledge(4))})
    (project.root / FOLDER / "1.csv").symlink_to(outside)
    (project.root / FOLDER / "2.csv").symlink_to(tmp_path / "nowhere.csv")
    (project.root / FOLDER / "4.csv").symlink_to(project.root / "kept" / "4.csv")
    found = checked(project)
    assert locate(found.findings) == [f"{FOLDER}/1.csv:1:1 file-is-readable", f"{FOLDER}/2.csv:1:1 file-is-readable"]
    assert [each.message.en.partition(",")[0] for each in found.findings] == [
        "is a link that leads out of the project",
        "is a link that leads nowhere",
    ]
    assert records(found) == as_loaded(pledge(3), pledge(4))


@pytest.mark.parametrize(
    "name",
    ["CSV", "Csv", "xlsx", "xls", "ods", "tsv", "txt", "csv.zip", "2025.csv", "csv.bak", "CSV.GZ", "parquet.old", "json", "csv~"],
)
def test_a_file_named_as_the_register_in_another_form_is_an_error(name: str, tmp_path: Path) -> None:
    found = checked(with_files(tmp_path, {f"{FOLDER}.{name}": csv_of(pledge(1))}))
    assert locate(found.findings) == [f"{FOLDER}.{name}:1:1 file-is-readable"]
    assert found.findings[0].message.en.startswith("is none of *.csv, *.csv.gz, *.csv.zst, *.parquet, so nothing of it is read")
    assert all(outcome.not_run for outcome in found.outcomes)
    beside = checked(with_files(tmp_path, {f"{FOLDER}.csv": csv_of(pledge(2))}))
    assert locate(beside.findings) == [f"{FOLDER}.{name}:1:1 file-is-readable"]
    assert records(beside) == as_loaded(pledge(2))


@pytest.mark.parametrize("make", [os.mkfifo, Path.mkdir, lambda path: path.symlink_to("nowhere.csv")])
def test_a_pipe_folder_or_lost_link_in_place_of_a_register_is_an_error(make: Callable[[Path], None], tmp_path: Path) -> None:
    project = with_files(tmp_path, {"raw/notes.md": b""})
    (tmp_path / FOLDER).parent.mkdir(parents=True)
    make(tmp_path / f"{FOLDER}.csv")
    assert locate(checked(project).findings) == [f"{FOLDER}.csv:1:1 file-is-readable"]


def test_a_file_without_ending_in_place_of_the_folder_of_a_register_is_an_error(tmp_path: Path) -> None:
    found = checked(with_files(tmp_path, {FOLDER: csv_of(pledge(1))}))
    assert locate(found.findings) == [f"{FOLDER}:1:1 file-is-readable"]


def test_a_folder_of_a_register_that_is_a_link_out_of_the_project_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "1.csv").write_bytes(csv_of(pledge(1)))
    project = with_files(tmp_path / "project", {"raw/notes.md": b""})
    (project.root / FOLDER).parent.mkdir(parents=True)
    (project.root / FOLDER).symlink_to(tmp_path / "elsewhere")
    found = checked(project)
    assert locate(found.findings) == [f"{FOLDER}:1:1 file-is-readable"]
    assert "leads out of the project" in found.findings[0].message.en


# Files that are broken as a whole

TWO, MANY = csv_of(pledge(1), pledge(2)), list(map(pledge, range(99)))


@pytest.mark.parametrize(
    ("form", "content", "expected"),
    [
        pytest.param("csv", b"", ["1:1 file-has-rows"], id="empty"),
        pytest.param("csv", b"\n\n", ["1:1 column-is-present"], id="blank lines only"),
        pytest.param("csv", b"\xef\xbb\xbf", ["1:1 file-has-rows"], id="byte order mark only"),
        pytest.param("csv.gz", PACKED["csv.gz"](b""), ["1:1 file-has-rows"], id="empty, compressed"),
        pytest.param("parquet", b"", ["1:1 file-has-rows"], id="empty Parquet file"),
        pytest.param(
            "csv", TWO.replace(b"area,", b"aera,"), ["1:1 column-is-present", "1:15 column-is-known"], id="column missing"
        ),
        pytest.param("csv.gz", PACKED["csv.gz"](csv_of(*MANY))[:-9], ["100:1 file-is-readable"], id="gz cut off"),
        pytest.param("csv.zst", zstandard(csv_of(*MANY))[:-9], ["1:1 file-is-readable"], id="zst cut off"),
        pytest.param("csv.gz", b"\x1f\x8bnot at all", ["1:1 file-is-readable"], id="no gz"),
        pytest.param("parquet", parquet_of(*MANY)[:-9], ["1:1 file-is-readable"], id="Parquet cut off"),
        pytest.param("parquet", parquet_of(*MANY)[9:], ["1:1 file-is-readable"], id="no Parquet"),
    ],
)
def test_an_unreadable_file_is_reported_and_the_others_are_read(
    tmp_path: Path, form: str, content: bytes, expected: list[str]
) -> None:
    files = {f"{FOLDER}/1.{form}": content, f"{FOLDER}/2.csv": csv_of(pledge(1002), pledge(1003))}
    found = checked(with_files(tmp_path, files))
    assert locate(found.findings) == [f"{FOLDER}/1.{form}:{place}" for place in expected], found.findings
    assert records(found) == as_loaded(pledge(1002), pledge(1003))


def test_a_repeated_or_unknown_column_is_reported_at_its_place(tmp_path: Path) -> None:
    row = pledge(1)
    content = csv_of([*row, "330300", "x"], header=f"{HEADER},area,remark")
    found = checked(with_files(tmp_path, {FILE: content}))
    assert locate(found.findings) == [
        f"{FILE}:1:{len(HEADER) + 2} column-is-known",
        f"{FILE}:1:{len(HEADER) + 7} column-is-known",
    ]
    assert records(found) == as_loaded(row)


@pytest.mark.parametrize("content", [csv_of(), csv_of(end="\r\n"), HEADER.encode(), parquet_of()])
def test_a_register_of_a_header_only_has_no_rows_and_no_fault(tmp_path: Path, content: bytes) -> None:
    form = "parquet" if content.startswith(b"PAR1") else "csv"
    found = checked(with_files(tmp_path, {f"{FOLDER}.{form}": content}))
    assert (found.findings, found.rows, records(found)) == ([], 0, [])
    assert not any(outcome.not_run for outcome in found.outcomes)


def test_an_optional_column_may_be_absent_from_one_file_of_many(tmp_path: Path) -> None:
    row, short = pledge(1, released_on="2031-03-01"), pledge(2)
    without = csv_of([cell for name, cell in zip(COLUMNS, short, strict=True) if name != "released_on"])
    without = without.replace(b"released_on,", b"")
    found = checked(with_files(tmp_path, {f"{FOLDER}/1.csv": csv_of(row), f"{FOLDER}/2.csv": without}))
    assert locate(found.findings) == []
    assert records(found) == as_loaded(row, short)


# Types of Parquet files


def test_a_parquet_file_may_have_the_types_of_its_columns_or_texts(tmp_path: Path) -> None:
    rows = [pledge(1, amount_yuan="1000.00"), pledge(2, amount_yuan="20.00", released_on="2031-12-31")]
    days = pl.Series(["2031-02-05", "2031-03-05"]).str.to_date()
    forms = [
        {"amount_yuan": pl.Series([1000, 20], dtype=pl.UInt16), "registered_on": days},
        {
            "amount_yuan": pl.Series(["1000", "20"]).cast(pl.Decimal(38, 1)),
            "right": pl.Series(["patent", "patent"], dtype=pl.Categorical),
        },
        {
            "released_on": pl.Series([None, date(2031, 12, 31)], dtype=pl.Date),
            "area": pl.Series(["330200"] * 2, dtype=pl.Enum(["330200"])),
        },
    ]
    for number_of, columns in enumerate(forms):
        project = with_files(tmp_path / str(number_of), {f"{FOLDER}.parquet": parquet_of(*rows, **columns)})
        found = checked(project)
        assert locate(found.findings) == []
        assert records(found) == as_loaded(*rows)


@pytest.mark.parametrize(
    ("column", "cells", "expected"),
    [
        ("amount_yuan", pl.Series([1.5]), "1:8 column-has-its-type"),
        ("amount_yuan", pl.Series(["1.005"]).cast(pl.Decimal(10, 3)), "1:8 column-has-its-type"),
        ("amount_yuan", pl.Series([10**17]), "1:8 amount-is-a-decimal"),
        ("amount_yuan", pl.Series([-1]), "1:8 not-below-its-range"),
        ("registered_on", pl.Series([date(2031, 2, 5)]).cast(pl.Datetime), "1:6 column-has-its-type"),
        ("registered_on", pl.Series([date(9999, 2, 5)]), "1:6 day-is-a-date"),
        ("registered_on", pl.Series([20310205]), "1:6 column-has-its-type"),
        ("registered_on", pl.Series([None], dtype=pl.Null), "1:6 column-has-its-type"),
        ("right", pl.Series(["nothing"], dtype=pl.Categorical), "1:3 code-is-known"),
        ("right", pl.Series([1]), "1:3 column-has-its-type"),
        ("pledge_number", pl.Series([1]), "1:1 column-has-its-type"),
        ("pledgor_name", pl.Series([["甲"]]), "1:4 column-has-its-type"),
        ("pledgor_name", pl.Series([""]), "1:4 name-is-one-line"),
        ("pledgor_name", pl.Series([None], dtype=pl.String), "1:4 cell-is-filled"),
    ],
)
def test_an_unfit_parquet_cell_is_reported_at_its_row_and_column(
    tmp_path: Path, column: str, cells: pl.Series, expected: str
) -> None:
    files = {f"{FOLDER}/1.parquet": parquet_of(pledge(1), **{column: cells}), f"{FOLDER}/2.csv": csv_of(pledge(2))}
    found = checked(with_files(tmp_path, files))
    assert locate(found.findings) == [f"{FOLDER}/1.parquet:{expected}"], found.findings
    assert records(found) == as_loaded(pledge(2))


def test_a_parquet_file_may_have_columns_of_any_name(tmp_path: Path) -> None:
    frame = pl.read_parquet(io.BytesIO(parquet_of(pledge(1), pledge(2, area="?"))))
    frame = frame.with_columns(pl.lit(1).alias("@row"), pl.lit("x").alias("@text area"))
    found = checked(with_files(tmp_path, {f"{FOLDER}.parquet": parquet(frame)}))
    assert locate(found.findings) == [
        f"{FOLDER}.parquet:1:10 column-is-known",
        f"{FOLDER}.parquet:1:9 column-is-known",
        f"{FOLDER}.parquet:2:2 code-is-known",
    ]
    assert records(found) == as_loaded(pledge(1))
