"""Which file holds a table: one of the project, named as the table is, in a form that can be read, and no other."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from commands import python
from workbooks import HEADER, ROW

import etl.raw_files.find
from etl.catalogue import PACKAGE
from etl.cli import main
from etl.findings import line
from etl.gate.check import check
from etl.project import Project
from etl.tables.read import read_table

MakeProject = Callable[..., Project]
GOOD = f"{','.join(HEADER)}\n{','.join(ROW)}\n"


def found(project: Project) -> list[str]:
    table = read_table(project, PACKAGE.entry("courts.caseload"))
    assert table is not None
    assert table.height == 0
    return [f"{finding.place}: {finding.rule}: {finding.message.en}" for finding in table.findings]


@pytest.mark.parametrize("others", [("caseload.xlsx",), ("caseload.parquet", "caseload.ods"), ("caseload.CSV",)])
def test_a_table_in_two_files_is_not_read(others: tuple[str, ...], project: MakeProject) -> None:
    made = project({"courts.caseload": GOOD})
    for name in others:
        (made.root / "raw" / "courts" / name).write_text(GOOD, "utf-8")
    (finding,) = found(made)
    assert f"table-has-one-file: the table has {len(others) + 1} raw files" in finding


@pytest.mark.parametrize("name", ["caseload.tsv", "caseload.txt", "caseload.xlsm", "caseload.csv.gz", "caseload.csv.bak"])
def test_a_file_in_another_form_is_not_passed_over(name: str, project: MakeProject) -> None:
    made = project({"courts.backlog": GOOD})
    (made.root / "raw" / "courts" / name).write_text(GOOD, "utf-8")
    assert "file-is-readable: is none of *.csv, *.xlsx, *.xls, *.ods, *.parquet" in found(made)[0]


@pytest.mark.parametrize("name", [".caseload.csv", "~$caseload.xlsx", "caseload", "caseloads.csv"])
def test_a_file_that_is_not_named_as_the_table_is_none_of_it(name: str, project: MakeProject) -> None:
    made = project({"courts.backlog": GOOD})
    (made.root / "raw" / "courts" / name).write_text(GOOD, "utf-8")
    assert read_table(made, PACKAGE.entry("courts.caseload")) is None


def test_a_link_out_of_the_project_is_refused_and_one_within_is_followed(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside.csv", tmp_path / "project" / "raw" / "courts"
    folder.mkdir(parents=True)
    outside.write_text(GOOD, "utf-8")
    link, made = folder / "caseload.csv", Project(tmp_path / "project")
    link.symlink_to("../../../outside.csv")
    assert "leads out of the project" in found(made)[0]
    link.unlink()
    link.symlink_to(outside)
    assert "leads out of the project" in found(made)[0]
    link.unlink()
    link.symlink_to("nowhere.csv")
    assert "leads nowhere" in found(made)[0]
    link.unlink()
    link.symlink_to("caseload.csv")
    assert "leads nowhere" in found(made)[0]
    link.unlink()
    (folder / "source_of_it.csv").write_text(GOOD, "utf-8")
    link.symlink_to("source_of_it.csv")
    table = read_table(made, PACKAGE.entry("courts.caseload"))
    assert table is not None and table.height == 1


def test_a_folder_that_is_a_link_out_of_the_project_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "caseload.csv").write_text(GOOD, "utf-8")
    (tmp_path / "project" / "raw").mkdir(parents=True)
    (tmp_path / "project" / "raw" / "courts").symlink_to(tmp_path / "elsewhere")
    assert "leads out of the project" in found(Project(tmp_path / "project"))[0]


def test_a_folder_or_pipe_in_place_of_a_file_is_refused(project: MakeProject) -> None:
    made = project({"courts.backlog": GOOD})
    path = made.raw("courts.caseload")
    path.mkdir()
    assert "is no file" in found(made)[0]
    path.rmdir()
    os.mkfifo(path)
    assert "is no file" in found(made)[0]


def test_a_file_too_large_for_a_table_of_figures_is_refused(project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(etl.raw_files.find, "MOST_BYTES", 10)
    assert "records belong in a register" in found(project({"courts.caseload": GOOD}))[0]


HEAVY = ("etl.raw_files.in_child", "etl.raw_files.sheet_page", "python_calamine", "charset_normalizer", "openpyxl")


def test_reading_csv_loads_no_reader_of_other_forms() -> None:
    code = f"import json, sys, etl.tables.read; print(json.dumps(sorted(set({HEAVY}) & set(sys.modules))))"
    ran = python(code)
    assert json.loads(ran.stdout) == []


def test_strict_is_an_option_of_check_and_run(project: MakeProject) -> None:
    made = project({"courts.caseload": GOOD + "330200,2024\n"})
    for command in ("check", "run"):
        asked = [command, "--project", str(made.root), "--lang", "en", "--fail-on", "never"]
        loose = CliRunner().invoke(main, asked)
        assert "3:1: error[row-fits-header] 2 cells where the header has 7" in loose.output
        assert loose.exit_code == 0
        strict = CliRunner().invoke(
            main, [command, "--project", str(made.root), "--lang", "en", "--fail-on", "never", "--strict"]
        )
        assert "1 row cannot be read, the first on line 3, so by --strict nothing of the file is" in strict.output
        assert strict.exit_code == 2


def test_a_file_that_no_table_reads_is_a_finding(project: MakeProject) -> None:
    made = project({"courts.caseload": GOOD, "courts.caselaod": GOOD, "cuorts.caseload": GOOD})
    (made.root / "raw" / "courts" / "notes.md").write_text("x", "utf-8")
    (made.root / "raw" / "courts" / ".hidden").write_text("x", "utf-8")
    (made.root / "raw" / "courts" / "cases").mkdir()
    found = check(made, PACKAGE.entries(), date(2026, 1, 1), whole=True, cite=False).findings
    assert [line(finding, "en") for finding in found] == [
        "raw/courts/caselaod.csv:1:1: warning[file-is-catalogued] no table or register is named so, so it is not read."
        " Did you mean 'caseload'?",
        "raw/cuorts/caseload.csv:1:1: warning[file-is-catalogued] no domain is named cuorts, so it is not read."
        " Did you mean 'courts'?",
    ]
