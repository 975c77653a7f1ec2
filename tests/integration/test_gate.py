"""The gate through its command line: the exit code in every combination, and what is written where."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from documents import copy_of_the_project, environment
from gate_project import cite_all, every_kind, write_waivers
from projects import write_project

from etl.cli import main
from etl.project import Project

HEADER = "area,period,court,received,closed,pending_at_start,source,section\n"
GOOD = HEADER + "330200,2031,all,800件,700件,,example-a,1\n"
ERROR = HEADER + "330200,2031,all,500件,700件,100件,example-a,1\n"
WARNING = "area,period,cases,share_pct,source,section\n330200,2031,10件,33.30%,example-a,1\n"
INFORMATION = (
    "area,period,right,cases,offline_cases,offline_cases_growth_pct,source,section\n"
    "330200,2031,patent,1844件,106件,+158%,example-a,1\n"
)
ACCEPTED = "closed-are-received-or-carried-over,courts.caseload,330200:2031:all:example-a,closed,so printed,A. Clerk,2020-02-01,"
FAIL_ON = ("error", "warning", "information", "never")


def of_tables(*, waivers: str = "", cited: bool = True, **tables: str) -> Callable[[Path], None]:
    """Return a function that makes a project of tables, named `domain__table`."""

    def make(root: Path) -> None:
        project = write_project(root, {name.replace("__", "."): text for name, text in tables.items()})
        write_waivers(project, waivers)
        if cited:
            cite_all(project)

    return make


def broken(damage: Callable[[Project], object]) -> Callable[[Path], None]:
    """Return a function that makes a good project and then damages it."""

    def make(root: Path) -> None:
        of_tables(courts__caseload=GOOD)(root)
        damage(Project(root))

    return make


def sources_as_folder(project: Project) -> None:
    (project.root / "raw" / "sources.csv").unlink()
    (project.root / "raw" / "sources.csv").mkdir()


STATES: dict[str, tuple[Callable[[Path], None], tuple[int, int, int, int]]] = {
    "clean": (of_tables(courts__caseload=GOOD), (0, 0, 0, 0)),
    "no table at all": (of_tables(), (0, 0, 0, 0)),
    "information": (of_tables(administration__infringement_cases=INFORMATION), (0, 0, 1, 0)),
    "warning": (of_tables(courts__technical_investigators=WARNING), (0, 1, 1, 0)),
    "error": (of_tables(courts__caseload=ERROR), (1, 1, 1, 0)),
    "not cited": (of_tables(courts__caseload=GOOD, cited=False), (1, 1, 1, 0)),
    "waived": (of_tables(courts__caseload=ERROR, waivers=f"{ACCEPTED}\n"), (0, 0, 0, 0)),
    "waived and warning": (
        of_tables(courts__caseload=ERROR, courts__technical_investigators=WARNING, waivers=f"{ACCEPTED}\n"),
        (0, 1, 1, 0),
    ),
    "waiver expired": (of_tables(courts__caseload=ERROR, waivers=f"{ACCEPTED}2020-03-01\n"), (1, 1, 1, 0)),
    "waiver of nothing": (of_tables(courts__caseload=GOOD, waivers=f"{ACCEPTED}\n"), (0, 1, 1, 0)),
    "unreadable cell": (of_tables(courts__caseload=GOOD.replace("800件", "many")), (1, 1, 1, 0)),
    "key column missing": (of_tables(courts__caseload=GOOD.replace("court,", "curt,")), (2, 2, 2, 2)),
    "figure column missing": (of_tables(courts__caseload=GOOD.replace("received,", "recieved,")), (2, 2, 2, 2)),
    "not run though waived": (
        of_tables(courts__caseload=ERROR, courts__technical_investigators="area\n", waivers=f"{ACCEPTED}\n"),
        (2, 2, 2, 2),
    ),
    "no rows yet": (of_tables(courts__caseload=HEADER), (0, 0, 0, 0)),
    "no rows that can be read": (of_tables(courts__caseload=HEADER + "330200\n"), (2, 2, 2, 2)),
    "empty file": (of_tables(courts__caseload=""), (2, 2, 2, 2)),
    "not UTF-8": (
        broken(lambda project: project.raw("courts.caseload").write_bytes(GOOD.encode("gb18030"))),
        (0, 0, 1, 0),
    ),
    "in no encoding": (
        broken(lambda project: project.raw("courts.caseload").write_bytes(GOOD.replace("件", "\xe9").encode("latin-1"))),
        (2, 2, 2, 2),
    ),
    "no raw folder": (lambda root: root.mkdir(exist_ok=True), (2, 2, 2, 2)),
    "no list of sources": (broken(lambda project: (project.root / "raw" / "sources.csv").unlink()), (2, 2, 2, 2)),
    "a folder for a file": (broken(sources_as_folder), (2, 2, 2, 2)),
    "waivers of another form": (broken(lambda project: project.waivers_file.write_text("a,b\n")), (2, 2, 2, 2)),
    "waiver without a date": (broken(lambda project: write_waivers(project, f"{ACCEPTED}soon\n")), (2, 2, 2, 2)),
    "ledger of another form": (broken(lambda project: project.ledger("example-a").write_text("a\n")), (2, 2, 2, 2)),
}


def etl(*arguments: str, **variables: str | None) -> Result:
    variables = {"GITHUB_ACTIONS": None, "GITHUB_STEP_SUMMARY": None, "LC_ALL": "C.UTF-8"} | variables
    return CliRunner(env=variables).invoke(main, arguments)


@pytest.mark.parametrize("state", STATES)
def test_the_exit_code_holds_in_every_combination(state: str, tmp_path: Path) -> None:
    make, expected = STATES[state]
    make(tmp_path)
    for fail_on, code in zip(FAIL_ON, expected, strict=True):
        checked = etl("check", "--project", str(tmp_path), "--fail-on", fail_on)
        assert checked.exit_code == code, (fail_on, checked.output)
        assert "Traceback" not in checked.output


@pytest.mark.parametrize("state", STATES)
def test_a_run_ends_as_its_check_and_publishes_only_what_may_pass(state: str, tmp_path: Path) -> None:
    make, expected = STATES[state]
    make(tmp_path)
    for fail_on in ("error", "never"):  # the second finds nothing to be published where the first has published
        ran = etl("run", "--project", str(tmp_path), "--fail-on", fail_on, "--format", "json")
        assert ran.exit_code == expected[FAIL_ON.index(fail_on)], (fail_on, ran.output)
        assert (tmp_path / "warehouse" / "ip.duckdb").exists() == (ran.exit_code == 0)
        if ran.stdout:
            assert json.loads(ran.stdout)["verdict"]["exit_code"] == ran.exit_code


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--fail-on", "errors"), "Invalid value for '--fail-on'"),
        (("--format", "xml"), "Invalid value for '--format'"),
        (("--nothing",), "No such option"),
        (("--max-rows", "-1"), "Invalid value for '--max-rows'"),
        (("--domain", "court"), "No domain 'court'. Did you mean 'courts'?"),
        (("--select", "key-is-uniqe"), "No rule 'key-is-uniqe'. Did you mean 'key-is-unique'?"),
        (("--ignore", "no-such-*"), "No rule 'no-such-*'."),
        (("--output", "a", "--output", "b"), "--output b has no --format"),
        (("--changed-since", "HEAD"), "not in a git checkout"),
    ],
)
def test_what_cannot_be_meant_is_no_pass(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    of_tables(courts__caseload=GOOD)(tmp_path)
    checked = etl("check", "--project", str(tmp_path), *arguments, GIT_CEILING_DIRECTORIES=str(tmp_path.parent))
    assert checked.exit_code == 2
    assert said in checked.stderr
    assert checked.stdout == ""


RULE = """
    @rule(zh="章节编号为已知")
    def section_is_numbered(cls: Any) -> Constraint:
        \"\"\"A section has a number, or none.\"\"\"
        return rules.condition({condition}, "section")
"""
NEVER_RUNS = "nw.col('section') + 1 < 2"
RAISES_ON_DATA = "nw.col('section').replace_strict(['', '1'], [0, 1], return_dtype=nw.Int64) < 2"


def copy_with_rule(folder: Path, condition: str) -> Path:
    """Copy the project, with one more rule on its caseload."""
    copy = copy_of_the_project(folder)
    schema = copy / "schemas" / "courts.py"
    text = schema.read_text(encoding="utf-8")
    before, model, after = text.partition("class Caseload(")
    columns, next_class, others = after.partition("\n\n\nclass ")
    words = "import narwhals.stable.v1 as nw\n"
    before = before if words in before else before.replace("from schemas import rules\n", f"{words}from schemas import rules\n")
    assert words in before
    schema.write_text(before + model + columns + RULE.format(condition=condition) + next_class + others, encoding="utf-8")
    return copy


def own_etl(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the package of a copy of the project."""
    run = "import sys; from etl.cli import main; main(sys.argv[1:], prog_name='etl')"
    command = [sys.executable, "-c", run, *arguments]
    return subprocess.run(command, cwd=project, env=environment(project, "C.UTF-8"), capture_output=True, text=True, check=False)


@pytest.mark.parametrize("fail_on", ["error", "never"])
def test_a_rule_that_raises_is_named_and_the_others_run(fail_on: str, tmp_path: Path) -> None:
    copy = copy_with_rule(tmp_path, RAISES_ON_DATA)
    checked = own_etl(copy, "check", "--fail-on", fail_on, "--format", "json")
    assert checked.returncode == 2, checked.stderr
    assert "Traceback" not in checked.stderr
    document = json.loads(checked.stdout)
    assert document["verdict"]["gate"] == "unknown"
    (not_run,) = document["not_run"]
    assert (not_run["table"], not_run["rule"]) == ("courts.caseload", "section-is-numbered")
    assert re.match(r"section-is-numbered raises \w+: \S", not_run["reason"])
    ran = [each for each in document["by_rule"] if each["table"] == "courts.caseload" and each["passed"]]
    assert len(ran) > 5
    others = own_etl(copy, "check", "--fail-on", fail_on, "--ignore", "section-is-numbered")
    assert others.returncode == 0, others.stdout


def test_a_rule_that_can_never_run_is_named_too(tmp_path: Path) -> None:
    checked = own_etl(copy_with_rule(tmp_path, NEVER_RUNS), "check", "--fail-on", "never")
    assert checked.returncode == 2
    assert "section_is_numbered" in checked.stdout + checked.stderr
    assert "Traceback" not in checked.stderr


def test_a_fault_of_the_package_is_no_verdict_on_the_figures(tmp_path: Path) -> None:
    copy = copy_of_the_project(tmp_path)
    with (copy / "schemas" / "courts.py").open("a", encoding="utf-8") as schema:
        schema.write("\nraise RuntimeError('a fault')\n")
    checked = own_etl(copy, "check")
    assert checked.returncode == 2
    assert "RuntimeError: a fault" in checked.stderr


def test_several_reports_are_written_at_once_and_progress_goes_elsewhere(tmp_path: Path) -> None:
    of_tables(courts__caseload=GOOD)(tmp_path)
    files = {"sarif": tmp_path / "out" / "a.sarif", "junit": tmp_path / "a.xml"}
    arguments = [part for form, file in files.items() for part in ("--format", form, "--output", str(file))]
    ran = etl("run", "--project", str(tmp_path), *arguments, "--format", "json")
    assert ran.exit_code == 0
    assert json.loads(ran.stdout)["verdict"]["gate"] == "open"
    assert "publishing" in ran.stderr
    assert json.loads(files["sarif"].read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert files["junit"].read_text(encoding="utf-8").startswith("<?xml")
    assert {path.name for path in tmp_path.iterdir()} == {"out", "a.xml", "raw", "warehouse"}


def test_a_report_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    of_tables(courts__caseload=GOOD)(tmp_path)
    (tmp_path / "file").write_text("")
    checked = etl("check", "--project", str(tmp_path), "--output", str(tmp_path / "file" / "a.txt"))
    assert checked.exit_code == 2
    assert "a.txt cannot be written" in checked.stderr


def test_a_report_may_go_into_a_pipe_or_a_device(tmp_path: Path) -> None:
    of_tables(courts__caseload=GOOD)(tmp_path)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE, text=True)
    assert etl("check", "--project", str(tmp_path), "--output", str(pipe)).exit_code == 0
    assert "the gate is open" in reader.communicate(timeout=30)[0]
    assert pipe.is_fifo()


def test_on_github_annotations_and_the_summary_come_by_themselves(tmp_path: Path) -> None:
    project = every_kind(tmp_path / "project")
    summary = tmp_path / "summary.md"
    summary.write_text("before\n", encoding="utf-8")
    on_github = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(summary)}
    checked = etl("check", "--project", str(project.root), **on_github)
    assert checked.exit_code == 2
    assert "could not check" in checked.stdout
    assert "\n::error file=raw/courts/caseload.csv,line=3,col=22," in checked.stdout
    assert summary.read_text(encoding="utf-8").startswith("before\n# Validation report\n")
    told = summary.read_text(encoding="utf-8")
    only_json = etl("check", "--project", str(project.root), "--format", "json", **on_github)
    assert json.loads(only_json.stdout)
    assert summary.read_text(encoding="utf-8") == told
    elsewhere = etl("check", "--project", str(project.root), GITHUB_STEP_SUMMARY=str(summary))
    assert "\n::error" not in elsewhere.stdout
    assert summary.read_text(encoding="utf-8") == told


def test_a_summary_is_not_larger_than_github_takes(tmp_path: Path) -> None:
    project = every_kind(tmp_path / "project")
    summary = tmp_path / "summary.md"
    before = 1024 * 1024 - 3000
    summary.write_bytes(b"x" * before)
    etl("check", "--project", str(project.root), GITHUB_ACTIONS="true", GITHUB_STEP_SUMMARY=str(summary))
    assert before < summary.stat().st_size <= 1024 * 1024
    assert summary.read_text(encoding="utf-8").endswith("|\n…\n")
