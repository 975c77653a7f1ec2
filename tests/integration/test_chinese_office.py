"""In a Chinese office no command says an English word of ours, with good input and with broken one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from edited_projects import copied
from english_words import english_words, names_in
from paths import ROOT

from etl.cli import main
from etl.gate.waivers import WAIVER_COLUMNS
from etl.project import Project

CHINESE = {"LANG": "zh_CN.UTF-8", "LC_ALL": None, "LC_MESSAGES": None, "GITHUB_ACTIONS": None}

NOT_YET = frozenset(("--help", "ui"))
"""What is not asked for here: help texts, and programs that take over the terminal."""

TABLE = "raw/courts/caseload.csv"
BULLETIN = ROOT / "etl" / "init" / "texts" / "bulletin.txt"
HEADER = "area,period,court,received,closed,pending_at_start,source,section"
ROW = "330200,2031,all,800件,700件,,example-a,1"
"""The header of a table, and a row of it that is right."""

GOOD = {
    "check": ("check",),
    "run": ("run",),
    "history": ("history",),
    "rollback to no version": ("rollback",),
    "tables": ("tables", "--domain", "courts"),
    "columns": ("tables", "courts.caseload"),
    "columns of a register": ("tables", "courts.cases"),
    "trace a place": ("trace", f"{TABLE}:2:20"),
    "cite": ("cite",),
    "coverage": ("coverage", "--source", "example-a"),
    "rules": ("rule", "--domain", "courts"),
    "markdown": ("check", "--format", "markdown"),
    "github": ("check", "--format", "github"),
    "proofread": ("proofread", str(BULLETIN)),
    "extract": ("extract", str(BULLETIN)),
    "fill": ("fill", str(BULLETIN), "--area", "330200", "--period", "2031"),
    "verify": ("verify", "1 = 2"),
    "config": ("config",),
    "demo into a folder that is not empty": ("demo", "."),
    "diff": ("diff", "warehouse/ip.duckdb"),
}
WRONG = {
    "domain": ("check", "--domain", "nope"),
    "rule": ("check", "--select", "nope"),
    "engine": ("check", "--engine", "nope"),
    "size": ("check", "--memory-limit", "nope"),
    "outputs": ("check", "--output", "a", "--output", "b"),
    "table": ("tables", "courts.caselaod"),
    "figure": ("trace", "nope"),
    "load": ("rollback", "nope"),
    "source": ("mutate", "--source", "nope"),
    "finding": ("waive", "nope", "--reason", "why"),
    "reason": ("waive", f"{TABLE}:2:5", "--reason", " "),
    "export": ("export", "nope", "--to", "csv", "-o", "out"),
    "area": ("bulletin", "--area", "nope"),
    "period": ("form", "--period", "20x", "-o", "form.xlsx"),
    "form": ("take", str(BULLETIN)),
    "address": ("new", "Bad", "--from", TABLE),
    "file": ("new", "fairs.complaints", "--from", str(BULLETIN)),
    "register": ("generate", "courts.nope", "-o", "out.csv"),
    "ending": ("generate", "courts.cases", "-o", "out.xyz", "--rows", "50"),
    "code": ("init", "new", "--area", "33x"),
    "name": ("init", "new", "--area", "999999"),
    "formula": ("verify", "1 ="),
    "rule page": ("rule", "nope"),
}
CELLS = {
    "no figure": ROW.replace("800件", "many"),
    "too small": ROW.replace("800件", "10件"),
    "wrong unit": ROW.replace("800件", "10万元"),
    "no whole number": ROW.replace("800件", "5.5件"),
    "blank": ROW.replace("800件", ""),
    "area": ROW.replace("330200", "999"),
    "period": ROW.replace("2031", "20x"),
    "code": ROW.replace("all", "xx"),
    "document": ROW.replace("example-a", "nowhere"),
    "width": f"{ROW},x,y",
    "quotation": ROW.replace("800件", '800"件'),
    "twice": f"{ROW}\n{ROW}",
}
FILES: dict[str, dict[str, str | bytes]] = {
    "unknown column": {TABLE: f"{HEADER.replace('received', 'recieved')}\n{ROW}\n"},
    "semicolons": {TABLE: f"{HEADER}\n{ROW}\n".replace(",", ";")},
    "empty": {TABLE: ""},
    "workbook": {TABLE: b"PK\x03\x04"},
    "utf-16": {TABLE: f"{HEADER}\n".encode("utf-16")},
    "no utf-8": {TABLE: b"\x80\x81,\n"},
    "pdf": {TABLE: b"%PDF-1.4"},
    "table of no domain": {"raw/courst/caseload.csv": "a\n"},
    "no table": {"raw/courts/extra.csv": "a\n"},
    "sources empty": {"raw/sources.csv": ""},
    "sources without a column": {"raw/sources.csv": "source\n"},
    "sources of Excel": {"raw/sources.csv": "sep=,\nsource\n"},
    "waiver without a reason": {"raw/waivers.csv": f"{','.join(WAIVER_COLUMNS)}\nx,y,z,c,,me,x,\n"},
    "catalogue of nonsense": {"catalogue.txt": "what is this\n"},
    "catalogue without a model": {"catalogue.txt": "fairs.complaints\n"},
    "catalogue with a rule that is not there": {"catalogue.txt": 'rule nope off "y"\n'},
    "catalogue with a domain that is not there": {"catalogue.txt": "use nope\n"},
    "settings": {"etl.toml": "x = 1\n"},
    "areas": {"schemas/codes/areas.csv": "code,zh,en,parent,aliases\n1,甲,A,2,\n", "catalogue.txt": ""},
    "units": {"schemas/codes/units.csv": "unit,dimension,kind,base,times,over,en,zh\n件,x,y,z,0,1,e,z\n", "catalogue.txt": ""},
}


@pytest.fixture(scope="session")
def office(loaded: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small project with a warehouse."""
    return copied(loaded, tmp_path_factory.mktemp("office")).root


def said(root: Path, arguments: tuple[str, ...]) -> Iterator[str]:
    """Yield the lines that a command says, each with an English word of ours in it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        ran = CliRunner(env=CHINESE).invoke(main, arguments)
    assert not isinstance(ran.exception, Exception) or isinstance(ran.exception, SystemExit), ran.exception
    files = [path for path in root.rglob("*.csv") if path.is_file()]
    known = names_in(*files, BULLETIN) | {part for path in files for part in path.parts}
    for line in ran.output.splitlines():
        if found := english_words(line, known):
            yield f"{sorted(found)}: {line}"


@pytest.mark.parametrize("name", GOOD)
def test_what_commands_say_is_chinese(name: str, office: Path) -> None:
    assert not [*said(office, GOOD[name])]


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_what_was_asked_is_said_in_chinese(name: str, office: Path) -> None:
    assert not [*said(office, WRONG[name])]


@pytest.mark.parametrize("name", CELLS)
def test_what_is_wrong_with_a_row_is_said_in_chinese(name: str, tmp_path: Path) -> None:
    write(tmp_path, {TABLE: f"{HEADER}\n{CELLS[name]}\n"})
    assert not [*said(tmp_path, ("check", "--domain", "courts"))]


@pytest.mark.parametrize("name", FILES)
def test_what_is_wrong_with_a_file_is_said_in_chinese(name: str, tmp_path: Path) -> None:
    write(tmp_path, FILES[name])
    assert not [*said(tmp_path, ("check",))]


def write(root: Path, files: dict[str, str | bytes]) -> None:
    """Write files of a project whose other files are right."""
    sources = "source,title,publisher,published_on,url,area,period,kind,sha256,length\nexample-a,,,,,,,,,\n"
    for name, content in {"raw/sources.csv": sources, TABLE: f"{HEADER}\n{ROW}\n", **files}.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def test_every_command_is_asked_here() -> None:
    asked = {arguments[0] for arguments in (*GOOD.values(), *WRONG.values())}
    assert {*main.commands} - asked - NOT_YET == {"sql", "report"}, "sql speaks DuckDB's English, and a report is a page"


def test_a_page_of_a_rule_is_chinese_but_for_the_title_of_a_paper(office: Path) -> None:
    assert all(line.count("出处：") for line in said(office, ("rule", "part-of-whole-cases")))


def test_what_init_writes_has_chinese_remarks(tmp_path: Path) -> None:
    ran = CliRunner(env=CHINESE).invoke(main, ["init", str(tmp_path / "new"), "--area", "330600"])
    assert ran.exit_code == 0
    remarks = [
        line
        for name in ("catalogue.txt", ".github/workflows/gate.yml")
        for line in (tmp_path / "new" / name).read_text(encoding="utf-8").splitlines()
        if line.startswith("#")
    ]
    assert remarks
    assert not set().union(*(english_words(line, ("Complaints", "complaints")) for line in remarks))
