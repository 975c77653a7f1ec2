"""A table whose rows stand in the files of a folder: read as one, each cell at its place in its own file."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import etl
from projects import write_project
from returns import CLOSED, RECEIVED, copied_project, filled_form, take, written_form
from workbooks import xlsx

from etl.documents.citations import LEDGER_COLUMNS, cells_by_source, link
from etl.files import replace_csv
from etl.gate.check import parsed_tables
from etl.project import Project
from etl.warehouse.query import query

HEADER = "area,period,court,received,closed,source,section\n"


def folder_project(root: Path, files: dict[str, str | bytes]) -> Project:
    project = write_project(root, {}, ["example-a"])
    folder = root / "raw" / "courts" / "caseload"
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return project


def cite(project: Project) -> Project:
    """Write a ledger of all that the rows print, and link it."""
    tables = parsed_tables(project, project.catalogue.entries())
    cells = cells_by_source(tables.values()).get("example-a", [])
    rows = [["1", str(number), "", cell.published, "", ""] for number, cell in enumerate(cells, start=1)]
    replace_csv(project.ledger("example-a"), LEDGER_COLUMNS, rows)
    link(project, tables)
    return project


def lines_of(project: Project) -> list[str]:
    output: str = etl(project, "check", "--lang", "en", "--ignore", "code-is-known").output
    return [line for line in output.splitlines() if line.startswith("raw/")]


def test_the_rows_of_all_files_are_one_table_in_the_order_of_their_names(tmp_path: Path) -> None:
    files = {
        "2029.csv": HEADER + "330200,2029,all,100件,90件,example-a,1\n",
        "2030.csv": HEADER + "330200,2030,all,110件,95件,example-a,1\n330200,2030,base,10件,9件,example-a,1\n",
        "2031.xlsx": xlsx([HEADER.strip().split(","), ["330200", "2031", "all", "120件", "99件", "example-a", "1"]]),
        "notes.md": "how they were made",
        ".hidden": "",
    }
    project = cite(folder_project(tmp_path, files))
    ran = etl(project, "run", "--lang", "en")
    assert ran.exit_code == 0, ran.output
    rows = query(project.warehouse, "SELECT raw_file, raw_line, published FROM core.figure ORDER BY ALL").rows()
    folder = "raw/courts/caseload"
    assert rows == [
        (f"{folder}/2029.csv", 2, "100件"),
        (f"{folder}/2029.csv", 2, "90件"),
        (f"{folder}/2030.csv", 2, "110件"),
        (f"{folder}/2030.csv", 2, "95件"),
        (f"{folder}/2030.csv", 3, "10件"),
        (f"{folder}/2030.csv", 3, "9件"),
        (f"{folder}/2031.xlsx", 2, "120件"),
        (f"{folder}/2031.xlsx", 2, "99件"),
    ]
    loaded = "SELECT raw_file, rows_read, rows_loaded FROM quality.load WHERE table_name = 'caseload'"
    assert query(project.warehouse, loaded).rows() == [(folder, 4, 4)]


def test_findings_name_the_file_of_the_row_and_a_rule_sees_all_files(tmp_path: Path) -> None:
    files = {
        "a.csv": HEADER + "330200,2030,all,100件,90件,example-a,1\n330200,2031\n",
        "b.csv": HEADER + "330200,2030,base,130件,none,example-a,1\n330200,2030,all,100件,90件,example-a,1\n",
    }
    found = lines_of(cite(folder_project(tmp_path, files)))
    assert [line.partition("] ")[0] for line in found if "cited" not in line and "taken" not in line] == [
        "raw/courts/caseload/a.csv:3:1: error[row-fits-header",
        "raw/courts/caseload/b.csv:2:18: error[received-are-among-those-of-all-courts",
        "raw/courts/caseload/b.csv:2:23: error[figure-is-readable",
        "raw/courts/caseload/b.csv:3:1: error[key-is-unique",
    ]
    assert any("is that of line 2 of raw/courts/caseload/a.csv too" in line for line in found)
    assert any(line.startswith("raw/courts/caseload/b.csv:2:") and "100件" in line for line in found)


def test_what_is_rejected_names_its_file(tmp_path: Path) -> None:
    files = {
        "a.csv": HEADER + "330200,2030,all,100件,90件,example-a,1\n",
        "b.csv": HEADER + "330200,2031,all,none,9件,example-a,1\nbad\n",
    }
    project = cite(folder_project(tmp_path, files))
    assert etl(project, "run", "--fail-on", "never").exit_code == 0
    rows = query(project.warehouse, "SELECT raw_file, raw_line FROM quality.rejected ORDER BY ALL").rows()
    assert rows == [("raw/courts/caseload/b.csv", 2), ("raw/courts/caseload/b.csv", 3)]


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({}, "raw/courts/caseload:1:1: error[file-is-readable]"),
        ({"a.txt": "x"}, "raw/courts/caseload/a.txt:1:1: error[file-is-readable] is none of *.csv"),
        ({"a.csv": ""}, "raw/courts/caseload/a.csv:1:1: error[file-has-rows] the file is empty"),
        ({"a.csv": HEADER.replace("period,", "")}, "raw/courts/caseload/a.csv:1:1: error[column-is-present]"),
    ],
)
def test_a_folder_that_cannot_be_read_is_never_silent(tmp_path: Path, files: dict[str, str | bytes], told: str) -> None:
    found = lines_of(folder_project(tmp_path, files))
    assert any(line.startswith(told) for line in found), found


def test_a_folder_beside_a_file_of_the_table_is_refused(tmp_path: Path) -> None:
    project = folder_project(tmp_path, {"a.csv": HEADER})
    project.raw("courts.caseload").write_text(HEADER)
    (line,) = [line for line in lines_of(project) if "table-has-one-file" in line]
    assert "raw/courts/caseload, raw/courts/caseload.csv. Keep one, or put all in a folder." in line


def test_a_return_adds_a_file_to_the_folder(tmp_path: Path) -> None:
    project = copied_project(tmp_path / "project")
    path = project.raw("courts.caseload")
    path.with_suffix("").mkdir()
    before = path.read_bytes()
    path.rename(path.with_suffix("") / "before.csv")
    ran = take(project, filled_form(written_form(project, "--lang", "en"), {RECEIVED: 6200, CLOSED: 6100}))
    assert ran.exit_code == 0, ran.output
    assert "written: raw/courts/caseload/return-2026-1.csv" in ran.output
    assert (path.with_suffix("") / "before.csv").read_bytes() == before
    added = (path.with_suffix("") / "return-2026-1.csv").read_text(encoding="utf-8").splitlines()
    assert added[1].startswith("330200,2026,all,6200件,")
    assert etl(project, "check", "--lang", "en").exit_code == 0
