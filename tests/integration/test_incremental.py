"""Runs that do only what has changed give what a full run gives.

`ETL_EDITS=30` tries thirty sequences of edits; without it, as in CI, some.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from edited_projects import (
    ACCEPTED,
    CASES,
    FILES,
    PLEDGE,
    PLEDGES,
    WAIVERS,
    case,
    do,
    force_in,
    made,
    publish_figure,
    write,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.errors import WriteError
from etl.input_snapshot import find_differences, take_snapshot
from etl.project import Project
from etl.publishing.versions import versions
from etl.warehouse.database import verify_file

SEQUENCES = int(os.environ.get("ETL_EDITS", "2"))


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


@pytest.mark.slow
@settings(max_examples=SEQUENCES, suppress_health_check=[HealthCheck.too_slow], derandomize=SEQUENCES == 2)
@given(edits=st.lists(EDITS, min_size=4, max_size=6))
def test_after_any_edits_an_incremental_run_gives_what_a_full_run_gives(
    tmp_path_factory: pytest.TempPathFactory, edits: list[Edit]
) -> None:
    root = tmp_path_factory.mktemp("edited")
    project = made(root / "incremental")
    do(project)
    before = take_snapshot(project.root)
    for edit in edits:
        carry_out(project, edit)
        shutil.rmtree(root / "full", ignore_errors=True)
        shutil.copytree(
            project.root, root / "full", symlinks=True
        )  # with the load in force, which tells what a register has lost
        done = do(project)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_CACHE_HOME", str(root / "no skeleton"))
            full = do(Project(root / "full"), force=True)
        shutil.rmtree(root / "no skeleton", ignore_errors=True)
        now = take_snapshot(project.root)
        assert done.exit_code == full.exit_code
        assert done.published == (full.published and bool(find_differences(before.inputs, now.inputs)))
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
    return {address for address, register in done.checked.registers.items() if not register.is_cached}


def test_a_register_is_read_again_only_if_its_own_files_changed(small: Project) -> None:
    write(small.root / "raw" / "courts" / "cases" / "three.csv", CASES + case(80))
    assert read_again(small) == {"courts.cases"}
    write(small.root / "raw" / "finance" / "pledges_register.csv", PLEDGES + PLEDGE.format(1, 1))
    assert read_again(small) == {"finance.pledges_register"}
    publish_figure(small, "26件")
    assert read_again(small) == set()
    assert read_again(small, force=True) == {"courts.cases", "finance.pledges_register"}


@pytest.mark.slow
def test_a_register_is_read_again_if_one_of_its_findings_is_waived(small: Project) -> None:
    write(small.root / "raw" / "courts" / "cases" / "three.csv", FILES["broken"])
    do(small)
    small.waivers_file.write_text(WAIVERS + ACCEPTED["the broken case"])
    assert read_again(small) == {"courts.cases"}
    small.waivers_file.write_text(WAIVERS + ACCEPTED["the broken case"].replace("so it is", "for another reason"))
    assert read_again(small) == set()


def test_a_register_that_is_not_read_is_held_against_the_figures_that_changed(small: Project) -> None:
    publish_figure(small, "30件")
    done = do(small)
    assert done.checked.registers["courts.cases"].is_cached
    (finding,) = [each for each in done.checked.findings if each.rule == "received-is-as-published"]
    assert "published as 30件; raw/courts/cases counts 24" in finding.message.en


def test_a_changed_version_is_not_copied_from(small: Project) -> None:
    path = versions(small.warehouse)[-1].path
    path.chmod(0o644)
    with duckdb.connect(path) as connection:
        connection.execute("DELETE FROM courts.cases WHERE case_number LIKE '%1号'")
    publish_figure(small, "30件")
    assert read_again(small) == {"courts.cases", "finance.pledges_register"}
    verify_file(small.warehouse)


def test_a_change_without_a_new_file_time_is_found_before_copying(small: Project) -> None:
    path = versions(small.warehouse)[-1].path
    moment = path.stat().st_mtime_ns
    path.chmod(0o644)
    with duckdb.connect(path) as connection:
        connection.execute("UPDATE courts.cases SET cause = 'other'")
    os.utime(path, ns=(moment, moment))
    publish_figure(small, "30件")
    with pytest.raises(WriteError, match=r"courts\.cases was changed in the version in force.*--force"):
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
