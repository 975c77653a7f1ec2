"""Without a change nothing is loaded, and the message says since when; every change is noticed."""

from __future__ import annotations

import os
import time
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import pytest
from click.testing import CliRunner
from commands import imported_by
from edited_projects import ACCEPTED, FILES, WAIVERS, do, force_in, publish_figure, write

from etl.cli import main
from etl.errors import HeldError
from etl.input_snapshot import NEAR, Snapshot, digest, digest_declarations, find_changed_file, register_inputs, take_snapshot
from etl.project import Project
from etl.publishing.versions import roll_back, versions
from etl.warehouse.database import verify_file
from etl.warehouse.load_record import LoadRecord, current_load_record, would_repeat

# Nothing changed.


def test_without_a_change_there_is_no_new_version(small: Project) -> None:
    before = force_in(small)
    done = do(small)
    assert (done.published, done.unchanged_since, done.exit_code) == (False, before, 0)
    assert [each.load for each in versions(small.warehouse)] == [before]
    assert do(small, force=True).published


def standing(
    project: Project, fail_on: str | None = None, *, strict: bool = False, today: date | None = None
) -> LoadRecord | None:
    """The load record of the warehouse if nothing is to be done."""
    day = today or datetime.now(UTC).date()
    record = current_load_record(project.warehouse)
    return record if would_repeat(record, partial(take_snapshot, project.root), fail_on, strict, day) else None


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


def test_a_hidden_file_is_no_input(small: Project) -> None:
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
    assert current_load_record(small.warehouse) is None
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
    roll_back(small.warehouse, "", verify_file)
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
    modules = imported_by("run", "--project", str(small.root), "--fail-on", "never", says="nothing has changed")
    assert not {"polars", "pandera", "narwhals", "numpy", "pyarrow", "pandas"} & modules


# Inputs.


def test_the_inputs_are_the_raw_files_the_sources_of_the_package_and_what_it_runs_on(small: Project) -> None:
    paths = {each.key for each in take_snapshot(small.root).inputs}
    assert {
        ("raw", "raw/waivers.csv"),
        ("raw", "raw/courts/cases/"),
        ("raw", "raw/courts/cases/one.csv"),
        ("declaration", "etl/input_snapshot.py"),
        ("declaration", "schemas/codes/areas.csv"),
        ("declaration", "etl/warehouse/views/bulletin.sql"),
        ("dependency", "polars"),
        ("dependency", "python"),
    } <= paths
    assert not any("__pycache__" in path for _, path in paths)


def test_a_file_whose_times_and_number_are_as_recorded_is_not_read_again_unless_it_is_too_young(small: Project) -> None:
    found = take_snapshot(small.root)
    forged = tuple(each._replace(hash="forged") for each in found.inputs if each.kind == "raw" and each.size)
    later = Snapshot(time.time_ns() + NEAR, forged)
    assert {each.hash for each in take_snapshot(small.root, later).inputs if each.kind == "raw" and each.size} == {"forged"}
    file = small.raw("courts.caseload")
    just_after = Snapshot(file.stat().st_ctime_ns + NEAR // 2, forged)
    young = {each.path for each in take_snapshot(small.root, just_after).inputs if each.kind == "raw" and each.hash != "forged"}
    assert "raw/courts/caseload.csv" in young
    os.utime(file, ns=(1, 1))
    touched = [each.path for each in take_snapshot(small.root, later).inputs if each.kind == "raw" and each.hash != "forged"]
    assert "raw/courts/caseload.csv" in touched
    assert find_changed_file(small.root, found) == "raw/courts/caseload.csv"


def test_the_inputs_of_a_register_are_its_files_and_its_folder(small: Project) -> None:
    inputs = take_snapshot(small.root).inputs
    assert {each.path for each in register_inputs(inputs, "courts.cases")} == {
        "raw/courts/cases/",
        "raw/courts/cases/one.csv",
        "raw/courts/cases/two.csv",
    }
    assert {each.path for each in register_inputs(inputs, "finance.pledges_register")} == {"raw/finance/pledges_register.csv"}
    assert digest(inputs) != digest(inputs, "more")
    assert digest_declarations(inputs) != digest_declarations([replace_hash(each) for each in inputs])


def replace_hash(each: Any) -> Any:
    return each._replace(hash="another") if each.path == "schemas/courts.py" else each
