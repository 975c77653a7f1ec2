"""Read small files that would exhaust a machine: each is refused soon, and bad rows cost little more than good ones."""

from __future__ import annotations

import gzip
import io
import time
from pathlib import Path

import pytest
from projects import write_project
from register_projects import FOLDER, HEADER, checked, locate, pledge, with_files

from etl.catalogue import PACKAGE
from etl.project import Project
from etl.raw_files.delimited import MOST_CHARACTERS_OF_A_CELL, MOST_COLUMNS
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
