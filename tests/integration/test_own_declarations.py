"""A project's own declarations that cannot be taken: they are refused in clear words; and whose code runs when."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from commands import etl, python
from paths import ROOT
from second_city import FAIRS, SCHEMA, TRANSFORM, filled, made, write

from etl.project import Project
from etl.project_extensions import REFUSE, REFUSED

# What would hide a part of the package, or cannot be read, is refused.


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("schemas/courts.py", "schemas/courts.py is named as "),
        ("schemas/__init__.py", "schemas/__init__.py is named as "),
        ("schemas/rules.py", "would hide it. Give it another name."),
        ("transforms/courts.py", "transforms/courts.py is named as "),
        ("schemas/models/more.py", "schemas/models is named as "),
    ],
)
def test_a_file_that_would_hide_one_of_the_package_is_refused(file: str, said: str, tmp_path: Path) -> None:
    root = made(tmp_path / "city")
    write(root, {file: "print('never')\n"})
    ran = etl(root, "check")
    assert ran.exit_code == 2
    assert said in ran.stderr
    assert str(ROOT) in ran.stderr


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("Fairs.Complaints", "catalogue.txt:2:1: a line is one address"),
        ("fairs", "catalogue.txt:2:1: a line is one address"),
        ("fairs.complaints twice", "that of a register is followed by the word register"),
        ("courts.juries", "There is no schemas/courts.py, and catalogue.txt:2 lists courts.juries."),
        ("courts.cases", "catalogue.txt:2:1: courts.cases of the package is a register; put the word register after it"),
        ("courts.caseload register", "catalogue.txt:2:1: courts.caseload of the package is no register"),
        ("courts.cases_monthly", "catalogue.txt:2:1: the warehouse calls the months of courts.cases courts.cases_monthly"),
        ("core.figure", "no domain of a project is called 'core': that name means something else"),
        ("import.cases", "no domain of a project is called 'import'"),
        ("codes.cases", "no domain of a project is called 'codes'"),
        ("fairs.complaints\nfairs.complaints", "catalogue.txt:3:1: fairs.complaints is listed on line 2 already"),
        ("fairs.complaints", "There is no schemas/fairs.py, and catalogue.txt:2 lists fairs.complaints."),
    ],
)
def test_a_catalogue_that_cannot_be_followed_is_refused(line: str, said: str, tmp_path: Path) -> None:
    root = made(tmp_path / "city")
    write(root, {"catalogue.txt": f"# ours\n{line}\n"})
    ran = etl(root, "check")
    assert (ran.exit_code, said in ran.stderr) == (2, True), ran.stderr


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"schemas/fairs.py": SCHEMA.replace("class Complaints", "class Complaint")}, "schemas/fairs.py has no Complaints, and"),
        (
            {"transforms/fairs.py": TRANSFORM.replace("complaints =", "complaint =")},
            "transforms/fairs.py declares complaint, and catalogue.txt lists no fairs.complaint.",
        ),
        ({"schemas/fairs.py": SCHEMA + "\nTITLE = (\n"}, "schemas/fairs.py:30: SyntaxError: "),
        ({"schemas/fairs.py": SCHEMA + "\n1 / 0\n"}, "schemas/fairs.py:30: ZeroDivisionError: "),
        ({"schemas/fairs.py": SCHEMA.replace("TITLE =", "NAME =")}, "schemas/fairs.py has no TITLE, and"),
        ({"schemas/fairs.py": SCHEMA.replace("(Table, zh=", "(dict, zh=")}, "schemas/fairs.py"),
        ({"schemas/fairs.py": SCHEMA.replace('codes="fairs"', 'codes="fares"')}, "No code list 'fares'"),
        (
            {"schemas/codes/fairs.csv": "code,zh,en\nall,全部,all\n"},
            "fairs.csv:1:1: its header must be code,zh,en,aliases",
        ),
        (
            {"schemas/codes/fairs.csv": FAIRS + "spring,春,spring,\n"},
            "fairs.csv:4:1: spring stands here twice, first on line 3",
        ),
        (
            {"schemas/codes/fairs.csv": FAIRS + "autumn,春展,autumn,\n"},
            "fairs.csv:4:8: 春展 stands for spring and for autumn",
        ),
        ({"schemas/codes/fairs.csv": FAIRS + "autumn,,autumn,\n"}, "fairs.csv:4:8: zh is blank"),
        ({"schemas/codes/fairs.csv": FAIRS + "autumn\n"}, "fairs.csv:4:1: 1 cell where the header has 4"),
        (
            {"schemas/codes/areas.csv": "code,zh,en,parent,aliases\n990100,示例市,E,990000,\n"},
            "schemas/codes/areas.csv:2:14: 990100 lies in 990000, which is not",
        ),
        (
            {"schemas/codes/units.csv": "unit,dimension,kind,base,times,over,en,zh\n件,case,count,件,10,1,cases,件\n"},
            "schemas/codes/units.csv:2:1: 件 is in the package's list",
        ),
        (
            {"schemas/codes/units.csv": "unit,dimension,kind,base,times,over,en,zh\n筐,basket,count,筐,many,1,baskets,筐\n"},
            "schemas/codes/units.csv:2:18: times 'many' is no whole number above zero",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_declaration_that_is_wrong_stops_the_check_and_says_where(files: dict[str, str], said: str, tmp_path: Path) -> None:
    project = filled(tmp_path / "city")
    write(project.root, files)
    ran = etl(project, "check")
    assert ran.exit_code == 2, ran.output
    assert said in ran.stderr, ran.stderr
    assert "Traceback" not in ran.stderr


def test_an_edit_of_the_same_length_in_the_same_second_is_in_force(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    project = filled(tmp_path / "city")
    schema = project.root / "schemas" / "fairs.py"
    assert etl(project, "check").exit_code == 0
    moment = schema.stat().st_mtime_ns
    schema.write_text(SCHEMA.replace('codes="fairs"', 'codes="fares"'), encoding="utf-8")
    os.utime(schema, ns=(moment, moment))
    assert "No code list 'fares'" in etl(project, "check").stderr
    assert not sys.dont_write_bytecode


def test_an_added_unit_is_read(tmp_path: Path) -> None:
    project = filled(tmp_path / "city")
    units = "unit,dimension,kind,base,times,over,en,zh\n宗案,case,count,件,1,1,cases,件\n"
    write(project.root, {"schemas/codes/units.csv": units})
    assert etl(project, "verify", "3宗案 = 3件").stdout.startswith("3宗案 = 3件: agrees")
    assert etl(ROOT, "verify", "3宗案 = 3件").exit_code == 2


# Code of a stranger.


def test_a_query_runs_no_code_of_the_project(tmp_path: Path) -> None:
    project = filled(tmp_path / "city")
    assert etl(project, "run").exit_code == 0
    marker = tmp_path / "ran"
    spy = f"from pathlib import Path\nPath({str(marker)!r}).touch()\n"
    write(project.root, {"schemas/fairs.py": spy + SCHEMA, "transforms/fairs.py": spy + TRANSFORM})
    for arguments in (("sql", "SELECT count(*) FROM fairs.complaints"), ("history",), ("verify", "1件 = 1件")):
        assert etl(project, *arguments).exit_code == 0
        assert not marker.exists(), arguments
    ran = etl(project, "check")
    assert marker.exists()
    assert f"running code of the project's own, for fairs: schemas/ and transforms/ of {project.root}" in ran.stderr


def test_code_of_a_project_can_be_forbidden(city: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(REFUSE, REFUSED)
    ran = python("from etl.cli import main; main()", "check", "--project", city.root)
    assert ran.returncode == 2
    assert "has domains of its own (fairs), and ETL_OWN_CODE=no forbids their code" in ran.stderr
