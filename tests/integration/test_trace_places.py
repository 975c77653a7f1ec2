"""`etl trace` takes a place as messages name it: of tables, registers, ledgers, lists, documents and returns."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
from commands import etl
from gate_project import cite_all
from projects import write_project
from returns import filled_form, written_form

from etl.cli.commands import OnDemand
from etl.documents.extract import fingerprint
from etl.project import Project

CELL = "courts.caseload.closed  结案 · cases closed  [330200:2031:all:example-a]"
TABLES = {
    "courts.caseload": (
        "area,period,court,received,closed,source,section\n330200,2031,all,800件,700件,example-a,1\n330200,2030,all,约莫,6件,example-a,1\n"
    ),
    "courts.cases": (
        "case_number,area,court,cause,received_on\nA1,330200,base,copyright,2031-01-02\nA2,330200,base,copyright,2031-13-02\n"
    ),
    "copyright.registrations": 'area,period,works,source,section\n330200,2031,12件,example-a,"1\n2"\n',
}
TEXT = "# 一、法院\n\n2031年收案800件，结案700件，合计55件。\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    root = tmp_path_factory.mktemp("places")
    project = write_project(root, TABLES)
    cite_all(project, more=[["1", "99", "", "12件", "件", ""]])
    listed = root / "raw" / "sources.csv"
    sha256, length = fingerprint(TEXT)
    listed.write_text(listed.read_text().replace("example-b,,,,,,,,,", f"example-b,题名,,,,,,,{sha256},{length}"))
    (root / "document.md").write_text(TEXT, encoding="utf-8")
    (root / "raw" / "sources" / "example-b.csv").write_text(
        "section,ordinal,offset,published,unit,hedge\n1,1,13,800件,件,\n1,2,20,700件,件,\n1,3,27,55件,件,\n", encoding="utf-8"
    )
    (root / "raw" / "sources" / "example-b.left_out.csv").write_text(
        "section,ordinal,offset,published,reason\n", encoding="utf-8"
    )
    (root / "raw" / "odd.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    filled_form(written_form(project, "--area", "330200", period="2031"), {"courts.caseload.closed 330200:all": "700件"})
    return Project(root)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("raw/courts/caseload.csv:2:22", f"{CELL}\n  700件 = 700 件 in 700件\n  raw/courts/caseload.csv:2\n  example-a 1:1"),
        ("raw/courts/caseload.csv:2:24", CELL),
        ("raw/courts/caseload.csv:2", CELL),
        ("data/raw/courts/caseload.csv:2:22", CELL),
        ("raw/courts/caseload.csv:2:22[a-rule]", CELL),
        ("raw/courts/caseload.csv:2:22: error[a-rule] closed: 700件 does not hold: 1..2 expected", CELL),
        ("raw/courts/caseload.csv:3:17", "约莫 = cannot be read as a figure"),
        ("raw/courts/caseload.csv:3:17", "error[figure-is-readable]"),
        ("raw/courts/caseload.csv:1:28", "courts.caseload.closed  结案 · cases closed"),
        ("raw/courts/caseload.csv:9:1", "no row stands there"),
        ("raw/copyright/registrations.csv:3:1", "copyright.registrations.works"),
        ("raw/courts/cases.csv:3:25", "received_on: 2031-13-02"),
        ("raw/sources/example-a.csv:3:1", CELL),
        ("raw/sources/example-a.taken.csv:3:1", CELL),
        ("raw/sources/example-b.csv:4:1", "no cell takes it"),
        ("raw/sources.csv:3:11", "title: 题名"),
        ("raw/odd.csv:1:1", "raw/odd.csv:1"),
        ("example-a 1:1", CELL),
        ("example-a 1:99", "12件"),
        ("document.md:3:17", "example-b 1:2  700件  题名"),
        ("document.md:3:15: error[totals-add-up] 800件 + 700件", "example-b 1:2  700件  题名"),
        ("document.md:3", "55件"),
        ("filled.xlsx: courts!I6: no figure", "filled in: 700件\n" + CELL),
    ],
)
def test_a_place_as_messages_name_it_is_traced(place: str, said: str, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.root)
    ran = etl(project, "trace", place, "--lang", "en")
    assert (ran.exit_code, said in ran.output) == (0, True), ran.output


def test_a_cell_of_a_workbook_and_of_a_folder_is_traced(tmp_path: Path) -> None:
    write_project(tmp_path, {})
    folder = tmp_path / "raw" / "courts" / "caseload"
    folder.mkdir(parents=True)
    for name, period in (("a.xlsx", "2030"), ("b.xlsx", "2031")):
        book = openpyxl.Workbook()
        book.active.append(("area", "period", "court", "received", "closed", "source", "section"))
        book.active.append(("330200", period, "all", "8件", "7件", "example-a", "1"))
        book.save(folder / name)
    ran = etl(tmp_path, "trace", "raw/courts/caseload/b.xlsx:2:5", "--lang", "en")
    assert "courts.caseload.closed  结案 · cases closed  [330200:2031:all:example-a]" in ran.output, ran.output


def test_a_place_of_a_list_with_faults_is_shown(tmp_path: Path) -> None:
    write_project(tmp_path, {})
    (tmp_path / "raw" / "sources.csv").write_text("source,title\nx,y,z\n", encoding="utf-8")
    ran = etl(tmp_path, "trace", "raw/sources.csv:2:1: 3 cells", "--lang", "en")
    assert (ran.exit_code, "  title: y" in ran.output) == (0, True), ran.output


def test_nothing_outside_the_project_is_shown_as_a_list(tmp_path: Path) -> None:
    write_project(tmp_path / "project", {})
    (tmp_path / "secret.csv").write_text("swordfish", encoding="utf-8")
    (tmp_path / "project" / "raw" / "linked.csv").symlink_to(tmp_path / "secret.csv")
    for place in ("raw/linked.csv:1:1", "raw/../../secret.csv:1:1"):
        assert "swordfish" not in etl(tmp_path / "project", "trace", place).output


def test_every_command_takes_a_language() -> None:
    assert not [name for name, command in OnDemand().items() if "lang" not in {each.name for each in command.params}]


def test_what_commands_say_of_their_own_is_chinese_where_asked(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project.root)
    said = {
        "cite": "已对应",
        "extract document.md --verify --source example-b": "台账",
        "generate courts.cases --rows 10 -o out.csv": "10 行，0 处差错",
        "trace raw/courts/caseload.csv:9:1": "没有数据行",
        "coverage": "没有规则约束",
        "check": "未通过",
    }
    for command, words in said.items():
        name, *arguments = command.split()
        assert words in etl(project, name, *arguments, "--lang", "zh").output, command
