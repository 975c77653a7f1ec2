"""Runs that do only what has changed: nothing new where nothing changed, and else what a full run gives.

`ETL_EDITS=30` tries thirty sequences of edits; without it, as in CI, some.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner
from conftest import ROOT, write_project
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.catalogue import entries
from etl.cli import main
from etl.documents.citations import link
from etl.errors import HeldError, WriteError
from etl.gate.check import parsed_tables
from etl.inputs import NEAR, Observed, declarations, differences, digest, has_changed_since, observed, of_register
from etl.project import Project
from etl.publishing.versions import in_force, roll_back, versions
from etl.run import Ran, run
from etl.warehouse.database import verify
from etl.warehouse.ledger import Ledger, ledger_in_force, up_to_date

SEQUENCES = int(os.environ.get("ETL_EDITS", "3"))
CASES = "case_number,area,court,cause,received_on,closed_on,outcome,amount_yuan,technical_investigator\n"
CASE = "（2031）浙02民初{0}号,330200,{1},patent,2031-{2:02d}-05,{3},{4},100.50,{5}\n"
PLEDGES = "pledge_number,area,right,pledgor_name,pledgee_name,registered_on,released_on,amount_yuan\n"
PLEDGE = "Y2031330200{0:06d},330200,patent,甲{0},某银行,2031-{1:02d}-06,,1000.50\n"
CASELOAD = "area,period,court,source,section,received,closed\n330200,2031,all,example-a,1,{0},0件\n"
LEDGER = "section,ordinal,offset,published,unit,hedge\n1,1,,{0},件,\n1,2,,0件,件,\n"
WAIVERS = "rule,table,row_key,column,reason,author,accepted_on,expires_on\n"


def case(number: int, *, court: str = "ip_tribunal", month: int = 1, closed: str = "", investigated: str = "否") -> str:
    return CASE.format(number, court, month, closed, "judgment" if closed else "", investigated)


GOOD = [case(number, month=number % 12 + 1) for number in range(1, 25)]
BROKEN = case(90, month=3, closed="2031-03-01")  # closed before it was received
TWICE = GOOD[0]
FILES = {
    "one": CASES + "".join(GOOD[:12]),
    "two": CASES + "".join(GOOD[12:]),
    "broken": CASES + BROKEN + case(91, court="nowhere"),
    "twice": CASES + TWICE + case(92, month=5, closed="2031-06-05"),
    "misfit": CASES + case(93) + "one,two\n",
    "columns": CASES.replace("court,", "") + case(94),
    "empty": CASES,
    "not text": "\udcff\udcfe",
}
CLOSED_TOO_SOON = "closed-is-not-before-received,courts.cases,（2031）浙02民初90号,,so it is,tests,2031-01-01,"
ACCEPTED = {
    "nothing": "",
    "the broken case": f"{CLOSED_TOO_SOON}\n",
    "the same for a while": f"{CLOSED_TOO_SOON}2999-01-01\n",
    "no longer": f"{CLOSED_TOO_SOON}2031-02-01\n",
    "a count": "received-is-as-published,courts.cases,330200:2031:all:example-a,,so it is,tests,2031-01-01,\n",
}


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(errors="surrogateescape"))


def publish_figure(project: Project, received: str) -> None:
    """Have a document print how many cases were received, and the table take it."""
    write(project.raw("courts.caseload"), CASELOAD.format(received))
    write(project.ledger("example-a"), LEDGER.format(received))
    link(project, parsed_tables(project, entries()))


def made(root: Path) -> Project:
    """A project with one table of figures and two registers."""
    project = write_project(root, {}, ["example-a"])
    publish_figure(project, "24件")
    for name in ("one", "two"):
        write(root / "raw" / "courts" / "cases" / f"{name}.csv", FILES[name])
    write(root / "raw" / "finance" / "pledges_register.csv", PLEDGES + "".join(PLEDGE.format(n, n) for n in range(1, 13)))
    project.waivers_file.write_text(WAIVERS)
    return project


def do(project: Project, **options: Any) -> Ran:
    return run(Project(project.root), None, lambda text: None, **options)


@pytest.fixture
def small(tmp_path: Path) -> Project:
    """The project, after a first run."""
    project = made(tmp_path)
    assert do(project).published
    return project


def force_in(project: Project) -> str:
    version = in_force(project.warehouse)
    assert version is not None
    return version.load


# Equal to a full run.

OF_THE_LOAD = {
    "quality.run": ("load_id", "started_at", "finished_at"),
    "quality.basis": ("observed_at",),
    "quality.input": ("size", "modified", "changed", "inode"),
}
"""What tells one load from another of the same inputs."""


def content(path: Path) -> dict[str, Any]:
    """Everything that a warehouse holds: rows in their order, types, comments and views."""
    with duckdb.connect(path, read_only=True) as connection:
        ask: Callable[[str], list[tuple[Any, ...]]] = lambda sql: connection.execute(sql).fetchall()  # noqa: E731
        found: dict[str, Any] = {
            "columns": ask(
                "SELECT * EXCLUDE (database_name, database_oid) FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"
            ),
            "views": ask("SELECT schema_name, view_name, sql, comment FROM duckdb_views() WHERE NOT internal ORDER BY ALL"),
        }
        for schema, table in ask("SELECT schema_name, table_name FROM duckdb_tables() ORDER BY ALL"):
            name = f"{schema}.{table}"
            but = f"EXCLUDE ({', '.join(OF_THE_LOAD[name])})" if name in OF_THE_LOAD else ""
            rows = ask(f"SELECT COLUMNS(* {but})::VARCHAR FROM {name}")
            changing = {tuple(key.split(".")) for key in OF_THE_LOAD}
            found[name] = [row for row in rows if row[:2] not in changing] if name == "quality.content" else rows
    return found


Edit = tuple[str, str]
EDITS = st.one_of(
    st.tuples(st.just("figure"), st.sampled_from(["24件", "25件", "20余件", "many"])),
    st.tuples(st.sampled_from(["file a", "file b", "two"]), st.sampled_from(sorted(FILES))),
    st.tuples(st.just("remove"), st.sampled_from(["file a", "file b", "one", "two"])),
    st.tuples(st.just("pledges"), st.sampled_from(["6", "12", "none"])),
    st.tuples(st.just("waivers"), st.sampled_from(sorted(ACCEPTED))),
    st.tuples(st.just("other file"), st.sampled_from(["notes.txt", "folder/notes.txt"])),
    st.tuples(st.just("touch"), st.just("one")),
    st.tuples(st.just("nothing"), st.just("")),
)


def carry_out(project: Project, edit: Edit) -> None:
    what, how = edit
    folder, pledges = project.root / "raw" / "courts" / "cases", project.root / "raw" / "finance" / "pledges_register.csv"
    match what:
        case "figure":
            publish_figure(project, how)
        case "remove":
            (folder / f"{how}.csv").unlink(missing_ok=True)
        case "pledges" if how == "none":
            pledges.unlink(missing_ok=True)
        case "pledges":
            write(pledges, PLEDGES + "".join(PLEDGE.format(number, number) for number in range(1, int(how) + 1)))
        case "waivers":
            project.waivers_file.write_text(WAIVERS + ACCEPTED[how])
        case "other file":
            write(folder / how, "notes")
        case "touch":
            if (folder / f"{how}.csv").exists():
                os.utime(folder / f"{how}.csv")
        case "nothing":
            pass
        case _:
            write(folder / f"{what}.csv", FILES[how])


@settings(max_examples=SEQUENCES, suppress_health_check=[HealthCheck.too_slow], derandomize=SEQUENCES == 3)
@given(edits=st.lists(EDITS, min_size=4, max_size=6))
def test_after_any_edits_an_incremental_run_gives_what_a_full_run_gives(
    tmp_path_factory: pytest.TempPathFactory, edits: list[Edit]
) -> None:
    root = tmp_path_factory.mktemp("edited")
    project = made(root / "incremental")
    do(project)
    before = observed(project.root)
    for edit in edits:
        carry_out(project, edit)
        done = do(project)
        shutil.rmtree(root / "full", ignore_errors=True)
        shutil.copytree(project.root / "raw", root / "full" / "raw")
        full = do(Project(root / "full"), force=True)
        now = observed(project.root)
        assert done.exit_code == full.exit_code
        assert done.published == (full.published and bool(differences(before.inputs, now.inputs)))
        if full.published:
            before = now
            assert done.checked.findings == full.checked.findings
            assert done.checked.outcomes == full.checked.outcomes
            assert content(project.warehouse) == content(Project(root / "full").warehouse)
    shutil.rmtree(root)


# What is read again, and what is not.


def read_again(project: Project, **options: Any) -> set[str]:
    """Which registers a run reads."""
    done = do(project, **options)
    assert done.published
    return {address for address, register in done.checked.registers.items() if not register.is_carried}


def test_a_register_is_read_again_only_if_its_own_files_changed(small: Project) -> None:
    write(small.root / "raw" / "courts" / "cases" / "three.csv", CASES + case(80))
    assert read_again(small) == {"courts.cases"}
    write(small.root / "raw" / "finance" / "pledges_register.csv", PLEDGES + PLEDGE.format(1, 1))
    assert read_again(small) == {"finance.pledges_register"}
    publish_figure(small, "26件")
    assert read_again(small) == set()
    assert read_again(small, force=True) == {"courts.cases", "finance.pledges_register"}


def test_a_register_is_read_again_if_a_finding_of_its_own_is_accepted_and_not_if_another_is(small: Project) -> None:
    write(small.root / "raw" / "courts" / "cases" / "three.csv", FILES["broken"])
    do(small)
    small.waivers_file.write_text(WAIVERS + ACCEPTED["the broken case"])
    assert read_again(small) == {"courts.cases"}
    small.waivers_file.write_text(WAIVERS + ACCEPTED["the broken case"].replace("so it is", "for another reason"))
    assert read_again(small) == set()


def test_a_register_that_is_not_read_is_held_against_the_figures_that_changed(small: Project) -> None:
    publish_figure(small, "30件")
    done = do(small)
    assert done.checked.registers["courts.cases"].is_carried
    (finding,) = [each for each in done.checked.findings if each.rule == "received-is-as-published"]
    assert "published as 30件; raw/courts/cases counts 24" in finding.message.en


def test_a_version_that_somebody_changed_is_not_taken_from(small: Project) -> None:
    path = versions(small.warehouse)[-1].path
    path.chmod(0o644)
    with duckdb.connect(path) as connection:
        connection.execute("DELETE FROM courts.cases WHERE case_number LIKE '%1号'")
    publish_figure(small, "30件")
    assert read_again(small) == {"courts.cases", "finance.pledges_register"}
    verify(small.warehouse)


def test_a_change_that_left_no_trace_in_the_time_of_the_file_is_found_before_it_is_taken_over(small: Project) -> None:
    path = versions(small.warehouse)[-1].path
    moment = path.stat().st_mtime_ns
    path.chmod(0o644)
    with duckdb.connect(path) as connection:
        connection.execute("UPDATE courts.cases SET cause = 'other'")
    os.utime(path, ns=(moment, moment))
    publish_figure(small, "30件")
    with pytest.raises(WriteError, match=r"changed courts\.cases in the version in force.*--force"):
        do(small)
    assert read_again(small, force=True) == {"courts.cases", "finance.pledges_register"}


def test_a_raw_file_that_changes_while_it_is_read_stops_the_load(small: Project) -> None:
    before = force_in(small)
    publish_figure(small, "30件")

    def change(*_: object) -> None:
        publish_figure(small, "3000件")

    with pytest.raises(Exception, match=r"raw/courts/caseload\.csv changed while it was read"):
        do(small, tell=change)
    assert force_in(small) == before


# Nothing changed.


def test_without_a_change_there_is_no_new_version(small: Project) -> None:
    before = force_in(small)
    done = do(small)
    assert (done.published, done.unchanged_since, done.exit_code) == (False, before, 0)
    assert [each.load for each in versions(small.warehouse)] == [before]
    assert do(small, force=True).published


def standing(project: Project, fail_on: str | None = None, *, strict: bool = False, today: date | None = None) -> Ledger | None:
    """The ledger of the warehouse if nothing is to be done."""
    day = today or datetime.now(UTC).date()
    return up_to_date(project.warehouse, partial(observed, project.root), fail_on, strict, day)


def test_a_changed_missing_or_extra_input_is_a_change(small: Project) -> None:
    assert standing(small)
    file = small.root / "raw" / "courts" / "cases" / "one.csv"
    text = file.read_text()
    for changed in (text.replace("100.50", "100.51"), text + "\n"):
        file.write_text(changed)
        assert not standing(small)
    file.write_text(text)
    assert standing(small)
    file.rename(file.with_name("other.csv"))
    assert not standing(small)
    file.with_name("other.csv").rename(file)
    (small.root / "raw" / "courts" / "empty").mkdir()
    assert not standing(small)


def test_what_is_hidden_is_no_input(small: Project) -> None:
    (small.root / "raw" / ".DS_Store").write_bytes(b"x")
    assert standing(small)


def test_a_missing_or_changed_warehouse_is_not_up_to_date(small: Project) -> None:
    version = versions(small.warehouse)[0]
    log = version.path.with_name(version.path.name + ".wal")
    log.write_bytes(b"somebody writes")
    assert not standing(small)
    log.unlink()
    assert standing(small)
    version.path.chmod(0o644)
    with duckdb.connect(version.path) as connection:
        connection.execute("DELETE FROM courts.cases")
    assert not standing(small)
    assert do(small).published
    assert standing(small)
    small.warehouse.unlink()
    assert not standing(small)
    assert do(small).published


def test_the_warehouse_of_an_older_package_is_not_up_to_date(small: Project) -> None:
    version = versions(small.warehouse)[0]
    moment = version.path.stat().st_mtime_ns
    version.path.chmod(0o644)
    with duckdb.connect(version.path) as connection:
        connection.execute("DROP TABLE quality.basis")
    os.utime(version.path, ns=(moment, moment))
    assert ledger_in_force(small.warehouse) is None
    assert do(small).published


def test_a_waiver_that_expires_makes_the_verdict_expire(small: Project) -> None:
    write(small.root / "raw" / "courts" / "cases" / "three.csv", FILES["broken"])
    today = datetime.now(UTC).date()
    until = today + timedelta(days=3)
    small.waivers_file.write_text(WAIVERS + ACCEPTED["the same for a while"].replace("2999-01-01", until.isoformat()))
    assert do(small).published
    assert standing(small, today=until)
    assert not standing(small, today=until + timedelta(days=1))
    assert not standing(small, today=today - timedelta(days=1))


def test_a_stricter_gate_and_another_way_of_reading_are_judged_anew(small: Project) -> None:
    publish_figure(small, "30件")
    assert do(small).published
    assert standing(small, None)
    assert not standing(small, "error")  # the register counts 24
    assert not standing(small, None, strict=True)
    publish_figure(small, "24件")
    assert do(small).published
    assert standing(small, "error")


def test_what_was_rolled_back_is_not_loaded_again_before_something_changes(small: Project) -> None:
    first = force_in(small)
    publish_figure(small, "30件")
    second = do(small)
    assert second.published
    bad = force_in(small)
    roll_back(small.warehouse, "", verify)
    assert not standing(small)
    with pytest.raises(
        HeldError, match=rf"load {bad} was made of, which was rolled back; {first} is in force and stays.*--force"
    ):
        do(small)
    assert HeldError.exit_code == 77
    publish_figure(small, "24件")  # as it was before
    assert do(small).unchanged_since == first
    publish_figure(small, "30件")
    assert do(small, force=True).published
    assert standing(small)


# The command.


def etl(project: Project, *arguments: str) -> tuple[int, str, str]:
    ran = CliRunner().invoke(main, ["run", "--project", str(project.root), "--fail-on", "never", *arguments])
    return ran.exit_code, ran.stdout, ran.stderr


def test_the_command_says_since_when_nothing_has_changed_and_how_to_load_all_the_same(small: Project) -> None:
    load = force_in(small)
    code, out, err = etl(small)
    assert (code, out) == (0, "warehouse/ip.duckdb\n")
    assert f"nothing has changed since the load {load} (" in err
    assert "--force" in err
    assert "checking" not in err
    assert force_in(small) == load
    assert "publishing" in etl(small, "--force")[2]
    assert force_in(small) > load


@pytest.mark.parametrize("options", [("--format", "json"), ("--output", "report.txt")])
def test_a_report_that_is_asked_for_is_made_though_nothing_has_changed(
    small: Project, options: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    load = force_in(small)
    code, out, err = etl(small, *options)
    assert code == 0
    assert "checking" in err
    assert f"nothing has changed since the load {load}" in err
    assert force_in(small) == load
    assert (tmp_path / "report.txt").exists() if options[0] == "--output" else '"findings"' in out


def test_history_lists_the_versions_and_rollback_goes_back(small: Project) -> None:
    first = force_in(small)
    etl(small, "--force")
    second = force_in(small)
    at = ["--project", str(small.root)]
    lines = CliRunner().invoke(main, ["history", *at]).stdout.splitlines()
    assert [line.split()[0] for line in lines[1:]] == [second, first]
    assert lines[1].endswith("in force")
    ran = CliRunner().invoke(main, ["rollback", *at])
    assert (ran.exit_code, ran.stdout) == (0, f"warehouse/ip.duckdb is the load {first} again\n")
    lines = CliRunner().invoke(main, ["history", *at]).stdout.splitlines()
    assert lines[1].endswith("rolled back")
    assert lines[2].endswith("in force")
    assert CliRunner().invoke(main, ["rollback", *at]).exit_code == 2
    assert etl(small)[0] == 0  # the same inputs as the load in force
    assert CliRunner().invoke(main, ["rollback", second[:-1], *at]).stderr.startswith("Error: No load")


def test_where_nothing_has_changed_neither_polars_nor_pandera_nor_narwhals_is_imported(small: Project) -> None:
    code = (
        "import sys; from click.testing import CliRunner; from etl.cli import main;"
        f"ran = CliRunner().invoke(main, ['run', '--project', {str(small.root)!r}, '--fail-on', 'never']);"
        "assert ran.exit_code == 0, ran.output; assert 'nothing has changed' in ran.stderr, ran.stderr;"
        "print(sorted({'polars', 'pandera', 'narwhals', 'numpy', 'pyarrow', 'pandas'} & set(sys.modules)))"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=ROOT)
    assert (ran.returncode, ran.stdout.strip()) == (0, "[]"), ran.stderr


# Inputs.


def test_the_inputs_are_the_raw_files_the_sources_of_the_package_and_what_it_runs_on(small: Project) -> None:
    paths = {each.key for each in observed(small.root).inputs}
    assert {
        ("raw", "raw/waivers.csv"),
        ("raw", "raw/courts/cases/"),
        ("raw", "raw/courts/cases/one.csv"),
        ("declaration", "etl/inputs.py"),
        ("declaration", "schemas/codes/areas.csv"),
        ("declaration", "etl/warehouse/views/bulletin.sql"),
        ("dependency", "polars"),
        ("dependency", "python"),
    } <= paths
    assert not any("__pycache__" in path for _, path in paths)


def test_a_file_whose_times_and_number_are_as_recorded_is_not_read_again_unless_it_is_too_young(small: Project) -> None:
    found = observed(small.root)
    forged = tuple(each._replace(hash="forged") for each in found.inputs if each.kind == "raw" and each.size)
    later = Observed(time.time_ns() + NEAR, forged)
    assert {each.hash for each in observed(small.root, later).inputs if each.kind == "raw" and each.size} == {"forged"}
    file = small.raw("courts.caseload")
    just_after = Observed(file.stat().st_ctime_ns + NEAR // 2, forged)
    young = {each.path for each in observed(small.root, just_after).inputs if each.kind == "raw" and each.hash != "forged"}
    assert "raw/courts/caseload.csv" in young
    os.utime(file, ns=(1, 1))
    touched = [each.path for each in observed(small.root, later).inputs if each.kind == "raw" and each.hash != "forged"]
    assert "raw/courts/caseload.csv" in touched
    assert has_changed_since(small.root, found) == "raw/courts/caseload.csv"


def test_the_inputs_of_a_register_are_its_files_and_its_folder(small: Project) -> None:
    inputs = observed(small.root).inputs
    assert {each.path for each in of_register(inputs, "courts.cases")} == {
        "raw/courts/cases/",
        "raw/courts/cases/one.csv",
        "raw/courts/cases/two.csv",
    }
    assert {each.path for each in of_register(inputs, "finance.pledges_register")} == {"raw/finance/pledges_register.csv"}
    assert digest(inputs) != digest(inputs, "more")
    assert declarations(inputs) != declarations([replace_hash(each) for each in inputs])


def replace_hash(each: Any) -> Any:
    return each._replace(hash="another") if each.path == "schemas/courts.py" else each
