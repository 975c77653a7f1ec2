"""Retain kept records with an engine: written, found by a rerun, and removed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pytest
from click.testing import CliRunner
from register_projects import FOLDER, PLEDGES, csv_of, number, pledge, with_files

from etl.cli import main
from etl.engines.on_duckdb import DuckdbEngine
from etl.engines.retained_records import NOTED
from etl.engines.staging_area import RECORDS, STAGED
from etl.project import Project
from etl.publishing.versions import KEPT

FILES = {
    f"{FOLDER}/a.csv": csv_of(*(pledge(each) for each in range(1, 100))),
    f"{FOLDER}/b.csv": csv_of(pledge(99), pledge(300, right="x"), pledge(100, released_on="2032-01-31")),
}
"""99 good records of Y1 to Y99, one of them a second time, one that is wrong, and one more."""


@pytest.fixture
def keeping(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let DuckDB stand for an engine whose records stay with it, as Spark."""
    monkeypatch.setattr(DuckdbEngine, "keeps_records", True)
    yield


def run(project: Project, *words: str) -> str:
    """Publish with an engine that has a folder to work in; return its messages."""
    where = ("--project", str(project.root), "--fail-on", "never", "--lang", "en")
    ran = CliRunner().invoke(main, ["run", *where, "--engine", "duckdb", "--work", str(project.root / "work"), *words])
    assert ran.exit_code == 0, ran.stderr
    return ran.stderr


def left(project: Project) -> list[Path]:
    """List what is left at work, but for the lock."""
    return sorted(path for path in (project.root / "work").rglob("*") if path.is_file() and path.name != ".load.lock")


def ask(project: Project, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(project.warehouse), read_only=True) as connection:
        return connection.execute(query).fetchall()


def in_the_warehouse(project: Project) -> dict[str, object]:
    """Read the load record of each table that engine and polars make alike."""
    about = "('run', 'basis', 'input', 'register_state', 'records_elsewhere', 'pledges_register')"
    rows = ask(project, f"SELECT schema_name || '.' || name, rows, hash FROM quality.content WHERE name NOT IN {about}")
    return {str(name): what for name, *what in rows}


@pytest.mark.usefixtures("keeping")
def test_records_stay_at_work_and_the_warehouse_has_all_else_and_says_where_they_are(tmp_path: Path) -> None:
    project = with_files(tmp_path, FILES)
    loaded = CliRunner().invoke(main, ["run", "--project", str(tmp_path), "--fail-on", "never"])
    assert loaded.exit_code == 0
    by_polars, rows = in_the_warehouse(project), sorted(ask(project, f"FROM {PLEDGES}"), key=str)
    said = run(project, "--force")
    (path,) = left(project)
    assert path.is_relative_to(tmp_path / "work" / RECORDS / PLEDGES)
    assert sorted(pl.read_parquet(path).rows(), key=str) == rows
    assert f"{PLEDGES}: 100 records are left at {path}; the warehouse has their months" in said
    assert in_the_warehouse(project) == by_polars
    assert ask(project, "FROM quality.records_elsewhere") == [(PLEDGES, str(path), 100)]
    assert ask(project, "SELECT rows_loaded, rows_rejected FROM quality.load") == [(100, 2)]
    assert not (tmp_path / "work" / STAGED).exists()


@pytest.mark.usefixtures("keeping")
def test_a_query_for_external_records_names_their_place(tmp_path: Path) -> None:
    project = with_files(tmp_path, FILES)
    run(project)
    with pytest.raises(duckdb.Error, match=rf"{PLEDGES}: 100 records are not in the warehouse; they are left as Parquet at /"):
        ask(project, f"SELECT count(*) FROM {PLEDGES}")
    columns = dict(ask(project, f"SELECT column_name, column_type FROM (DESCRIBE {PLEDGES})"))
    assert (columns["registered_on"], columns["amount_yuan"]) == ("DATE", "DECIMAL(18,2)")
    asked = CliRunner().invoke(main, ["sql", "--project", str(tmp_path), f"FROM {PLEDGES}"])
    assert asked.exit_code
    assert "they are left as Parquet at" in asked.stderr


@pytest.mark.usefixtures("keeping")
@pytest.mark.slow
def test_a_run_that_need_not_read_the_register_again_takes_over_where_its_records_are(tmp_path: Path) -> None:
    project = with_files(tmp_path, FILES)
    run(project)
    there = ask(project, "FROM quality.records_elsewhere")
    sources = tmp_path / "raw" / "sources.csv"
    sources.write_text(sources.read_text() + "example-c,,,,,,,,,\n")
    ran = CliRunner().invoke(main, ["run", "--project", str(tmp_path), "--fail-on", "never"])
    assert ran.exit_code == 0, ran.stderr
    assert ask(project, "FROM quality.records_elsewhere") == there
    with pytest.raises(duckdb.Error, match="they are left as Parquet"):
        ask(project, f"FROM {PLEDGES}")
    run_by_polars = CliRunner().invoke(main, ["run", "--project", str(tmp_path), "--fail-on", "never", "--force"])
    assert run_by_polars.exit_code == 0
    assert ask(project, f"SELECT count(*) FROM {PLEDGES}") == [(100,)]
    assert ask(project, "FROM quality.records_elsewhere") == []


@pytest.mark.usefixtures("keeping")
def test_the_same_records_are_written_once(tmp_path: Path) -> None:
    project = with_files(tmp_path, FILES)
    assert "writing 100 records" in run(project)
    (path,) = left(project)
    written = path.stat().st_mtime_ns
    assert "writing" not in run(project, "--force")
    assert [(each, each.stat().st_mtime_ns) for each in left(project)] == [(path, written)]


@pytest.mark.usefixtures("keeping")
def test_deleted_records_are_written_again(tmp_path: Path) -> None:
    project = with_files(tmp_path, FILES)
    run(project)
    shutil.rmtree(tmp_path / "work" / RECORDS)
    assert "writing 100 records" in run(project, "--force")
    (path,) = left(project)
    assert ask(project, "FROM quality.records_elsewhere") == [(PLEDGES, str(path), 100)]


@pytest.mark.usefixtures("keeping")
@pytest.mark.slow
def test_records_are_removed_when_no_version_names_them_and_nothing_else_is(tmp_path: Path) -> None:
    project = with_files(tmp_path, FILES)
    mine = tmp_path / "work" / RECORDS / PLEDGES / "somebody-else.parquet"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"not ours")
    run(project)
    (first,) = [path for path in left(project) if path != mine]
    for serial in range(KEPT + 1):
        (tmp_path / FOLDER / "c.csv").write_bytes(csv_of(pledge(500 + serial)))
        run(project)
        assert first.exists() == (serial < KEPT)
    assert mine.read_bytes() == b"not ours"
    assert len(left(project)) == KEPT + 2  # those of the versions, of the one that the last run has removed, and what is not ours
    assert ask(project, "SELECT records FROM quality.records_elsewhere") == [(101,)]


DIES = """
import os, signal, sys
from etl.cli import main
from etl.engines.on_duckdb import DuckdbEngine
DuckdbEngine.keeps_records = True
{body}
folder = sys.argv[1]
sys.argv = ["etl", "run", "--project", folder, "--fail-on", "never", "--engine", "duckdb", "--work", folder + "/work"]
main()
"""
WHILE_WRITING = "DuckdbEngine.write = lambda self, frame, uri: (frame.limit(7).write_parquet(made(uri)), dies())"
AFTER_WRITING = "import etl.run; etl.run.build = lambda *given, **more: dies()"
DYING = (
    "from pathlib import Path\n"
    "dies = lambda: os.kill(os.getpid(), signal.SIGKILL)\n"
    "made = lambda uri: (Path(uri).parent.mkdir(parents=True, exist_ok=True), uri)[1]\n"
)


@pytest.mark.usefixtures("keeping")
@pytest.mark.parametrize(("body", "is_whole"), [(WHILE_WRITING, False), (AFTER_WRITING, True)])
def test_records_of_a_killed_run_are_adopted_if_whole_and_else_removed(tmp_path: Path, body: str, is_whole: bool) -> None:
    project = with_files(tmp_path, FILES)
    command = [sys.executable, "-c", DIES.format(body=DYING + body), str(tmp_path)]
    assert subprocess.run(command, capture_output=True, check=False).returncode == -9
    (begun,) = [path for path in left(project) if RECORDS in path.parts]
    assert not project.warehouse.exists()
    said = run(project)
    (path,) = left(project)
    assert (path == begun, "writing" in said) == (is_whole, not is_whole)
    assert pl.read_parquet(path).height == 100
    assert (tmp_path / "warehouse" / NOTED).read_text().splitlines() == [str(path)]


@pytest.mark.usefixtures("keeping")
def test_records_that_are_not_as_many_as_were_counted_are_not_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = with_files(tmp_path, FILES)
    whole = DuckdbEngine.write
    monkeypatch.setattr(DuckdbEngine, "write", lambda self, frame, uri: whole(self, frame.limit(99), uri))
    where = ["--project", str(tmp_path), "--fail-on", "never", "--engine", "duckdb", "--work", str(tmp_path / "work")]
    ran = CliRunner().invoke(main, ["run", *where])
    assert ran.exit_code == 2
    assert "100 rows were to be left at" in ran.stderr
    assert not project.warehouse.exists()


def test_duckdb_loads_the_records_wherever_it_works(tmp_path: Path) -> None:
    project = with_files(tmp_path, FILES)
    run(project)
    assert ask(project, f"SELECT count(*), max(pledge_number) FROM {PLEDGES}") == [(100, number(100))]
    assert left(project) == []
