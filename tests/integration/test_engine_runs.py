"""Run on an engine: the same warehouse, no remains of dead runs, and helpful errors."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from on_engines import engine
from register_projects import FOLDER, csv_of, pledge, with_files

from etl.cli import main
from etl.engines.registry import open_engine
from etl.engines.staging_area import STAGED, staging_area
from etl.errors import BusyError, ProjectError
from etl.project import Project
from etl.registers.progress import silent

ROWS = [pledge(each) for each in range(1, 200)]
FILES = {f"{FOLDER}/a.csv": csv_of(*ROWS[:100]), f"{FOLDER}/b.csv": csv_of(*ROWS[100:], pledge(300, right="x"))}

ABOUT_THE_RUN = {"quality.run", "quality.basis", "quality.input", "quality.register_state"}
"""Columns of time and of sources, which change where a file is edited meanwhile."""


def etl(*words: str) -> tuple[int, str, str]:
    ran = CliRunner().invoke(main, list(words))
    return ran.exit_code, ran.stdout, ran.stderr


def contents(project: Project) -> dict[str, tuple[int | None, str | None]]:
    """Read the load record of the tables of the warehouse."""
    with duckdb.connect(str(project.warehouse), read_only=True) as connection:
        rows = connection.execute("SELECT schema_name || '.' || name, rows, hash FROM quality.content").fetchall()
    return {name: (number, said) for name, number, said in rows}


def test_a_run_on_an_engine_publishes_the_warehouse_that_polars_publishes(tmp_path: Path) -> None:
    project = with_files(tmp_path, FILES)
    where = ("--project", str(tmp_path), "--fail-on", "never", "--lang", "en")
    code, by_polars, _ = etl("run", *where)
    assert code == 0
    expected = contents(project)
    code, by_duckdb, said = etl("run", *where, "--force", "--engine", "duckdb")
    assert (code, by_duckdb) == (0, by_polars)
    assert "asking duckdb about finance.pledges_register" in said
    assert "finance.pledges_register: 200 rows staged; this machine read 200 of them" in said
    assert {name for name, table in contents(project).items() if table != expected[name]} <= ABOUT_THE_RUN
    assert expected["finance.pledges_register"][0] == 199
    assert not (tmp_path / "warehouse" / "work" / STAGED).exists()
    code, _, said = etl("run", *where, "--engine", "duckdb")
    assert code == 0
    assert "nothing has changed" in said


def test_a_check_on_an_engine_prints_what_polars_finds(tmp_path: Path) -> None:
    with_files(tmp_path, FILES)
    where = ("check", "--project", str(tmp_path), "--lang", "en")
    by_polars, by_duckdb = etl(*where), etl(*where, "--engine", "duckdb", "--work", str(tmp_path / "elsewhere"))
    assert by_duckdb[:2] == by_polars[:2]
    assert by_polars[0] == 1
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == [".load.lock"]


STOPS_MIDWAY = """
import os, signal, sys
from etl.cli import main
from etl.engines.queries import Queries
Queries.counts = lambda self: os.kill(os.getpid(), signal.SIGKILL)
sys.argv = ["etl", "run", "--project", sys.argv[1], "--fail-on", "never", "--force", "--engine", "duckdb"]
main()
"""


@pytest.mark.slow
def test_a_driver_that_is_killed_leaves_the_old_warehouse_and_the_next_run_removes_what_it_staged(tmp_path: Path) -> None:
    project = with_files(tmp_path, FILES)
    where = ("run", "--project", str(tmp_path), "--fail-on", "never", "--lang", "en")
    assert etl(*where)[0] == 0
    before, old = project.warehouse.resolve(), contents(project)
    (tmp_path / f"{FOLDER}/c.csv").write_bytes(csv_of(pledge(999)))
    killed = subprocess.run([sys.executable, "-c", STOPS_MIDWAY, str(tmp_path)], capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    left = tmp_path / "warehouse" / "work" / STAGED
    assert [*left.rglob("*.parquet")]
    assert project.warehouse.resolve() == before
    assert contents(project) == old
    code, _, said = etl(*where, "--engine", "duckdb")
    assert code == 0
    assert "that a run that did not end had staged" in said
    assert not left.exists()
    assert contents(project)["finance.pledges_register"][0] == 200


def test_an_engine_that_fails_leaves_the_old_warehouse_and_says_how_to_go_on(tmp_path: Path) -> None:
    """Stop DuckDB by a memory limit, in place of a machine that gives out."""
    project = with_files(tmp_path, FILES)
    where = ("run", "--project", str(tmp_path), "--fail-on", "never", "--lang", "en", "--force")
    assert etl(*where)[0] == 0
    before = project.warehouse.resolve()
    code, _, said = etl(*where, "--engine", "duckdb", "--memory-limit", "1MB")
    assert code == 2
    assert "finance.pledges_register cannot be checked on duckdb: OutOfMemoryException" in said
    assert "Nothing was published. Run the same command again" in said
    assert project.warehouse.resolve() == before
    assert not (tmp_path / "warehouse" / "work" / STAGED).exists()


def test_two_runs_never_stage_in_one_folder(tmp_path: Path) -> None:
    with engine(tmp_path), pytest.raises(BusyError, match="--work"), engine(tmp_path):
        pass


def test_foreign_files_in_the_staging_folder_stay(tmp_path: Path) -> None:
    (tmp_path / STAGED).mkdir()
    (tmp_path / STAGED / "old.parquet").write_bytes(b"x" * 200_000)
    (tmp_path / "mine.txt").write_text("mine")
    said: list[str] = []
    with staging_area(str(tmp_path), lambda text: said.append(text.en), lambda uri: None) as below:
        assert below == str(tmp_path / STAGED)
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert said == [f"removed 0.2 MB that a run that did not end had staged in {tmp_path}"]


def test_a_folder_elsewhere_is_emptied_by_the_engine_before_and_after(tmp_path: Path) -> None:
    removed: list[str] = []
    with staging_area("s3a://bucket/work/", silent, removed.append) as below:
        assert below == f"s3a://bucket/work/{STAGED}"
        assert removed == [below]
    assert removed == [below, below]


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes anywhere")
def test_an_unwritable_folder_is_reported(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with (
        pytest.raises(ProjectError, match="Give another folder as --work"),
        staging_area(str(tmp_path), silent, lambda uri: None),
    ):
        pass


# Which engine


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--engine", "duckbd"), "No engine 'duckbd'; there are polars, duckdb, spark://HOST:7077"),
        (("--engine", "duckbd"), "Did you mean 'duckdb'?"),
        (("--work", "x"), "--work is for engines that stage rows"),
        (("--engine", "local[2]"), "ip-bulletin-etl[spark]"),
        (("--engine", "sc://127.0.0.1:1"), "ip-bulletin-etl[connect]"),
        (("--engine", "spark://nowhere:7077"), "both bring a package called pyspark; never install both"),
    ],
)
def test_a_missing_engine_is_reported_with_the_next_step(tmp_path: Path, words: tuple[str, ...], expected: str) -> None:
    with_files(tmp_path, FILES)
    code, out, said = etl("check", "--project", str(tmp_path), *words)
    if "No module named" not in said and "pyspark" in sys.modules:
        pytest.skip("pyspark is installed")
    assert (code, out) == (2, "")
    assert expected in said


PLUGIN = """
from etl.engines.on_duckdb import DuckdbEngine
from pathlib import Path
class Quacking(DuckdbEngine):
    name = "quack"
def engine(name, memory_limit):
    assert name == "quack://pond"
    return Quacking(memory_limit, Path("spill"))
"""


def test_an_engine_of_another_package_is_found_by_its_entry_point(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    about = tmp_path / "site" / "quack-1.0.dist-info"
    about.mkdir(parents=True)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: quack\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[etl.engines]\nquack = quack_engine:engine\n")
    (tmp_path / "site" / "quack_engine.py").write_text(PLUGIN)
    monkeypatch.syspath_prepend(str(tmp_path / "site"))
    project = with_files(tmp_path, FILES)
    with open_engine("quack://pond", "", project, "", silent) as opened:
        assert opened is not None
    code, _, said = etl("check", "--project", str(tmp_path), "--engine", "quack://pond", "--lang", "en")
    assert code == 1
    assert "asking quack about finance.pledges_register" in said
