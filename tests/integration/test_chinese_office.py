"""In a Chinese office no command says an English word of ours, with good input and with broken one."""

from __future__ import annotations

from pathlib import Path

import pytest
from chinese_office import BULLETIN, HEADER, ROW, TABLE, english_lines, output_of, prose_of_markup, said, write
from edited_projects import copied
from english_words import english_words

from etl.cli import main
from etl.errors import StoppedError
from etl.gate.waivers import WAIVER_COLUMNS
from etl.project import Project
from etl.publishing.lock import hold_lock

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
    "config": ("config",),
    "demo into a folder that is not empty": ("demo", "."),
    "diff": ("diff", "warehouse/ip.duckdb"),
    "diff as Markdown": ("diff", "warehouse/ip.duckdb", "--format", "markdown"),
    "quiet": ("check", "-q", "raw/courts"),
    "verbose": ("check", "-v", TABLE),
    "trace a figure": ("trace", "courts.caseload.received"),
    "trace a line of a list": ("trace", "raw/sources.csv:2:1"),
    "sql": ("sql", "SELECT 1 AS figure"),
    "sql, cut off": ("sql", "SELECT range AS figure FROM range(9)", "--limit", "1"),
    "extract with places": ("extract", str(BULLETIN), "--format", "text"),
    "ledger": ("extract", str(BULLETIN), "-o", "build/2031.csv"),
    "proposals": ("fill", str(BULLETIN), "--area", "330200", "--period", "2031", "-o", "build/proposals.csv"),
    "page": ("fill", str(BULLETIN), "--area", "330200", "--period", "2031", "--page", "build/page.html"),
    "wanted": ("fill", "--wanted"),
    "aliases": ("fill", "--aliases"),
    "mutate": ("mutate", "--source", "example-a", "--survivors", "3"),
    "verify": ("verify", "4.40万件 / 7.64万件 = 57.6%", "5件 + 3万元 = 8件"),
    "rule": ("rule", "closed-are-within-received"),
    "rule as Markdown": ("rule", "closed-are-within-received", "--format", "markdown"),
    "rules as Markdown": ("rule", "--format", "markdown"),
    "lint": ("rule", "--lint"),
    "examples": ("rule", "--examples"),
    "export": ("export", "courts", "--to", "csv", "-o", "build/csv"),
    "export of a query": ("export", "--query", "SELECT 1 AS figure", "-o", "build/figure.csv"),
    "bulletin": ("bulletin", "--area", "330200", "--year", "2031"),
    "report": ("report", "-o", "build/report.html"),
    "form": ("form", "--period", "2032", "--area", "330200", "-o", "build/form.xlsx"),
    "forms": ("form", "--period", "2032", "--area", "330200", "--split", "-o", "build/forms"),
    "new": (
        "new",
        "courts.complaints",
        "--title",
        "投诉情况",
        "--from",
        TABLE,
        "--period",
        "2031",
        "--area",
        "330200",
        "--dry-run",
    ),
    "generate": ("generate", "courts.cases", "-o", "build/cases.csv", "--rows", "50", "--faults", "blank=2"),
    "init": ("init", "build/new", "--area", "330600"),
    "version": ("--version",),
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
    "too much": ("check", "-q", "-v"),
    "path": ("check", "raw/nope.csv"),
    "command": ("chek",),
    "fault": ("generate", "courts.cases", "-o", "out.csv", "--rows", "5", "--faults", "nope"),
    "years": ("generate", "courts.cases", "-o", "out.csv", "--years", "20"),
    "no query": ("sql",),
    "terminal": ("ui",),
    "wanted area": ("fill", str(BULLETIN), "--area", "nope"),
    "model of a document": ("fill", str(BULLETIN), "--like", "nope"),
    "area of a report": ("report", "--area", "nope"),
    "ledger of no document": ("extract", str(BULLETIN), "--verify"),
    "export of many forms": ("export", "courts", "-o", "out"),
    "no warehouse": ("diff", "nope.duckdb"),
    "no such place": ("trace", f"{TABLE}:99:5"),
}
UNWRITABLE = {
    "report": ("report", "-o"),
    "bulletin": ("bulletin", "--area", "330200", "--year", "2031", "-o"),
    "export": ("export", "courts", "--to", "csv", "-o"),
    "check": ("check", "--output"),
    "form": ("form", "--period", "2032", "--area", "330200", "-o"),
    "ledger": ("extract", str(BULLETIN), "-o"),
    "generate": ("generate", "courts.cases", "--rows", "9", "--form", "csv", "-o"),
    "proposals": ("fill", str(BULLETIN), "--area", "330200", "--period", "2031", "-o"),
    "page": ("fill", str(BULLETIN), "--area", "330200", "--period", "2031", "--page"),
    "init": ("init", "--area", "330600"),
    "demo": ("demo",),
}
SETTINGS = {
    "chosen": ('fail-on = "warning"\nstrict = true\ndomains = ["courts"]\n[ignore]\n"growth-*" = "试点"\n', 1),
    "value": ('fail-on = "nope"\n', 2),
    "truth": ('strict = "nope"\n', 2),
    "domain": ('domains = ["nope"]\n', 2),
    "rule": ('[ignore]\nnope = "试点"\n', 2),
    "reason": ('[ignore]\n"growth-*" = ""\n', 2),
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


@pytest.fixture(scope="module")
def office(loaded: Project, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small project with a warehouse."""
    return copied(loaded, tmp_path_factory.mktemp("office")).root


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project with every kind of fault in a row."""
    rows = "\n".join(row.replace("2031", str(2001 + number)) for number, row in enumerate(CELLS.values()))
    waiver = "part-of-whole-cases,courts.caseload,330200:2031,,原文如此,某,2031-01-01,"
    files: dict[str, str | bytes] = {
        TABLE: f"{HEADER}\n{rows}\n",
        "raw/courts/benches.csv": "area\n330200\n",
        "raw/waivers.csv": f"{','.join(WAIVER_COLUMNS)}\n{waiver}\n",
    }
    return write(tmp_path_factory.mktemp("broken"), files)


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


@pytest.mark.parametrize("command", ["", *main.commands])
def test_help_is_chinese(command: str, tmp_path: Path) -> None:
    assert not [*said(tmp_path, (*command.split(), "--help"))]


@pytest.mark.parametrize("form", ["text", "markdown", "html", "github", "junit"])
def test_each_form_of_the_report_is_chinese(form: str, broken: Path) -> None:
    report = output_of(broken, ("check", "--format", form))
    prose = prose_of_markup(report) if form in ("html", "junit") else report
    assert "缺少列" in prose
    assert not [*english_lines(prose.replace("::notice", "").replace("::error", "").replace("::warning", ""), broken)]


@pytest.mark.parametrize("name", UNWRITABLE)
def test_why_a_file_cannot_be_written_is_said_in_chinese(name: str, office: Path) -> None:
    (office / "file").touch()
    output = output_of(office, (*UNWRITABLE[name], "file/x.csv"))
    assert "无法写入" in output or "未能写入" in output or "是文件" in output, output
    assert not [*english_lines(output, office)]


@pytest.mark.parametrize("name", SETTINGS)
def test_what_settings_choose_and_what_is_wrong_with_them_is_said_in_chinese(name: str, tmp_path: Path) -> None:
    text, _ = SETTINGS[name]
    write(tmp_path, {"etl.toml": text})
    assert not [*said(tmp_path, ("config",)), *said(tmp_path, ("check",))]


def test_versions_are_told_in_chinese(loaded: Project, tmp_path: Path) -> None:
    root = copied(loaded, tmp_path).root
    for arguments in (("run", "--force"), ("history",), ("rollback",), ("run",), ("history",)):
        assert not [*said(root, arguments)]


def test_a_load_that_is_busy_or_stopped_is_told_in_chinese(loaded: Project, tmp_path: Path) -> None:
    project = copied(loaded, tmp_path)
    with hold_lock(project.warehouse.parent):
        output = output_of(project.root, ("run", "--force"))
    assert "另一" in output, output
    assert not [*english_lines(output + StoppedError(2).text.zh, project.root)]


@pytest.mark.parametrize(
    "command", [("sql", "FROM report.gate"), ("report",), ("history",), ("rollback",), ("export", "-o", "x.csv")]
)
def test_a_file_that_is_no_warehouse_is_told_in_chinese(command: tuple[str, ...], tmp_path: Path) -> None:
    write(tmp_path, {"warehouse/ip.duckdb": "nope"})
    output = output_of(tmp_path, command)
    assert "`etl " in output
    assert not [*english_lines(output.partition("（IO Error")[0], tmp_path)]


def test_waiving_is_told_in_chinese(tmp_path: Path) -> None:
    write(tmp_path, {TABLE: f"{HEADER}\n{CELLS['too small']}\n", "raw/waivers.csv": f"{','.join(WAIVER_COLUMNS)}\n"})
    arguments = ("waive", f"{TABLE}:2:21[closed-are-within-received]", "--reason", "原文如此")
    outputs = [output_of(tmp_path, arguments) for _ in range(2)]
    assert "豁免" in outputs[0]
    assert "已豁免" in outputs[1]
    assert not [*english_lines("".join(outputs), tmp_path)]


def test_every_command_is_asked_here() -> None:
    asked = {arguments[0] for arguments in (*GOOD.values(), *WRONG.values())}
    assert {*main.commands} - asked == set()


def test_a_page_of_a_rule_is_chinese_but_for_the_title_of_a_paper(office: Path) -> None:
    assert all(line.count("出处：") for line in said(office, ("rule", "part-of-whole-cases")))


def test_what_init_writes_has_chinese_remarks(tmp_path: Path) -> None:
    output_of(tmp_path, ("init", "new", "--area", "330600"))
    remarks = [
        line
        for name in ("catalogue.txt", ".github/workflows/gate.yml")
        for line in (tmp_path / "new" / name).read_text(encoding="utf-8").splitlines()
        if line.startswith("#")
    ]
    assert remarks
    assert not set().union(*(english_words(line, ("Complaints", "complaints")) for line in remarks))
