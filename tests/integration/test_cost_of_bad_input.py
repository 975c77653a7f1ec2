"""Read small files that would exhaust a machine: each is refused soon, and bad rows cost little more than good ones."""

from __future__ import annotations

import gzip
import io
import re
import time
from pathlib import Path

import polars as pl
import pytest
from projects import write_project
from register_projects import FOLDER, HEADER, checked, locate, parquet, parquet_of, pledge, with_files

from etl.catalogue import PACKAGE
from etl.errors import ProjectError
from etl.project import Project
from etl.raw_files.delimited import MOST_COLUMNS
from etl.raw_files.stored_numbers import MOST_CHARACTERS_OF_A_CELL
from etl.tables.read import RawTable, read_table

TABLE_HEADER = "area,period,court,received,closed,source,section"
ROW = "330200,2016,all,1件,1件,s,1"


def read(root: Path, text: str) -> RawTable:
    """Read a table of one file."""
    project: Project = write_project(root, {"courts.caseload": text})
    table = read_table(project, PACKAGE.entry("courts.caseload"))
    assert table is not None
    return table


def test_a_header_of_too_many_columns_is_refused(tmp_path: Path) -> None:
    header = ",".join([TABLE_HEADER, *(f"c{number}" for number in range(MOST_COLUMNS))])
    begun = time.process_time()
    table = read(tmp_path, f"{header}\n{ROW}{',' * MOST_COLUMNS}\n")
    assert [finding.rule for finding in table.findings] == ["file-is-readable"]
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("cell", ["x" * (MOST_CHARACTERS_OF_A_CELL + 1), '"' + "x" * 5_000_000 + '"', "1" * 5_000_000 + "件"])
@pytest.mark.parametrize("position", [0, 3, 6])
def test_a_cell_that_is_too_long_sets_its_row_aside(cell: str, position: int, tmp_path: Path) -> None:
    cells = ROW.split(",")
    cells[position] = cell
    table = read(tmp_path, "\n".join([TABLE_HEADER, ROW, ",".join(cells), ROW.replace("2016", "2017"), ""]))
    assert [(finding.rule, finding.place.line) for finding in table.findings] == [("row-is-readable", 3)]
    assert table.lines == [2, 4]


@pytest.mark.parametrize("line", [b"x", b",", b"\n", b"\0", ",".join(pledge(1)).encode() + b"\n"])
def test_a_register_that_inflates_beyond_measure_is_refused(line: bytes, tmp_path: Path) -> None:
    packed, chunk = io.BytesIO(), line * (1_000_000 // len(line) + 1)
    with gzip.GzipFile(fileobj=packed, mode="wb") as file:
        file.write(HEADER.encode() + b"\n")
        for _ in range(120):
            file.write(chunk)
    size = len(packed.getvalue())
    found = checked(with_files(tmp_path, {f"{FOLDER}.csv.gz": packed.getvalue()}))
    if size * 200 < 120_000_000:
        assert locate(found.findings) == [f"{FOLDER}.csv.gz:1:1 file-is-readable"]
        assert f"{size:,} bytes inflate to more than" in found.findings[0].message.en
    assert found.rows == 0 or line.endswith(b"\n")


def test_a_line_that_is_too_long_is_set_aside_and_not_held(tmp_path: Path) -> None:
    long = ",".join(pledge(2, pledgor_name="x" * 9_000_000))
    content = "\n".join([HEADER, ",".join(pledge(1)), long, ",".join(pledge(3)), ""]).encode()
    found = checked(with_files(tmp_path, {f"{FOLDER}.csv": content}))
    assert locate(found.findings) == [f"{FOLDER}.csv:3:1 row-is-readable"]
    assert (found.rows, found.rejected) == (3, 1)


def test_a_file_of_which_most_lines_are_no_rows_is_refused(tmp_path: Path) -> None:
    found = checked(with_files(tmp_path, {f"{FOLDER}.csv": HEADER.encode() + b"\n" * 1_500_000}))
    assert [each.rule for each in found.findings] == ["file-is-readable"]
    assert "lines are no rows" in found.findings[0].message.en


def repeated(content: bytes, rows: int, **cells: str) -> bytes:
    """Write the one row of a Parquet file again and again, with other cells; each of them is stored once."""
    frame = pl.read_parquet(io.BytesIO(content)).with_columns(pl.lit(text).alias(name) for name, text in cells.items())
    return parquet(frame.select(pl.col(name).first().repeat_by(rows).explode() for name in frame.columns))


BOMBS = {
    "cells of 110 MB": (2, 110_000_000, "unfold to 110,0"),
    "rows of a dictionary": (1_200_000, 1, "hold 1,200,000 rows, more than"),
    "long texts of a dictionary": (8_000, 30_000, "unfold to 240,"),
    "a long cell": (1, 2_000_000, "the column pledgor_name has a cell of 2,000,000 bytes"),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_parquet_register_that_unfolds_beyond_measure_is_refused(name: str, tmp_path: Path) -> None:
    rows, characters, reason = BOMBS[name]
    packed = repeated(parquet_of(pledge(1)), rows, pledgor_name="x" * characters)
    project = with_files(tmp_path, {f"{FOLDER}/[1]*.parquet": packed, f"{FOLDER}/2.parquet": parquet_of(pledge(2))})
    begun = time.process_time()
    found = checked(project)
    assert time.process_time() - begun < 5
    assert locate(found.findings) == [f"{FOLDER}/[1]*.parquet:1:1 file-is-readable"]
    assert reason in found.findings[0].message.en
    assert found.rows == 1


def test_a_parquet_register_of_many_alike_rows_is_read(tmp_path: Path) -> None:
    rows = 1_100_000
    keys = pl.int_range(rows, eager=True).cast(pl.String).str.zfill(12)
    frame = pl.read_parquet(io.BytesIO(repeated(parquet_of(pledge(1)), rows))).with_columns(pledge_number="Y2031" + keys)
    found = checked(with_files(tmp_path, {f"{FOLDER}.parquet": parquet(frame)}))
    assert (found.rows, found.rejected, found.findings) == (rows, 0, [])


@pytest.mark.parametrize(
    ("rows", "cell", "reason"),
    [
        (1, "x" * 32_768, "the column received has a cell of 32,768 characters"),
        (3_000, "x" * 30_000, "its texts unfold to 90,"),
        (200_001, "1件", "it has 200,001 rows"),
    ],
)
def test_a_parquet_table_that_unfolds_beyond_measure_is_refused(rows: int, cell: str, reason: str, tmp_path: Path) -> None:
    project = write_project(tmp_path, {})
    path = project.root / "raw/courts/caseload.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    one = pl.DataFrame([ROW.split(",")], schema=TABLE_HEADER.split(","), orient="row")
    path.write_bytes(repeated(parquet(one), rows, received=cell))
    table = read_table(project, PACKAGE.entry("courts.caseload"))
    assert table is not None
    assert [finding.rule for finding in table.findings] == ["file-is-readable"]
    assert reason in table.findings[0].message.en


SOURCE = "document-{0},a title,a publisher,{1},,330200,2016,{2},,"
LISTS = {
    "too many lines": (200_001, "", "raw/sources.csv has 200,002 lines, more than the 200,000"),
    "too many documents": (30_000, "2017-01-01", "raw/sources.csv:20002:1: the list has 30,000 rows, more than 20,000"),
    "a broken day on each line": (150_000, "2017/1/1", "raw/sources.csv:2:"),
    "an unknown kind on each line": (20_000, "2017-01-01", "Did you mean 'bulletin'?"),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_hand_edited_list_beyond_measure_is_refused(name: str, tmp_path: Path) -> None:
    rows, day, reason = LISTS[name]
    project = write_project(tmp_path, {})
    kind = "bull{0}tin" if "kind" in name else "bulletin"
    lines = (SOURCE.format(number, day, kind.format(number)) for number in range(rows))
    header = "source,title,publisher,published_on,url,area,period,kind,sha256,length"
    (project.root / "raw/sources.csv").write_text("\n".join([header, *lines, ""]), encoding="utf-8")
    begun = time.process_time()
    with pytest.raises(ProjectError, match=re.escape(reason)):
        project.sources  # noqa: B018
    assert time.process_time() - begun < 5
