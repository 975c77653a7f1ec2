"""The contenders of the benchmark that need no other packages find just the faults in the register, and the harness runs."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from paths import BENCHMARKS

from etl.synthetic.generate import generate, write_columns


@pytest.fixture(scope="module")
def cases() -> Iterator[ModuleType]:
    """Return the module of the rules, with the benchmark's folder on the path as it is when a contender runs."""
    sys.path.insert(0, str(BENCHMARKS))
    yield importlib.import_module("cases")
    sys.path.remove(str(BENCHMARKS))


@pytest.fixture(scope="module", params=["csv", "parquet"])
def file(request: pytest.FixtureRequest, cases: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Yield a small register with all faults."""
    path: Path = tmp_path_factory.mktemp("register") / f"cases.{request.param}"
    write_columns(generate(cases.ADDRESS, rows=30_000, seed=7, faults=cases.FAULTS), path, cases.COLUMNS)
    return path


@pytest.mark.parametrize("contender", ["hand_written_polars", "hand_written_duckdb", "ours_check"])
def test_a_contender_finds_the_faults_and_nothing_else(contender: str, file: Path, cases: ModuleType) -> None:
    for more in (0, 40):
        found = importlib.import_module(f"contenders.{contender}").check(cases.Task(str(file), more))
        assert cases.wrong(found, more) == []
        assert all(found[rule] > 0 for rule in cases.GROUPS)


def test_contenders_agree_on_the_number_of_broken_groups(file: Path, cases: ModuleType) -> None:
    polars, duckdb = (
        importlib.import_module(f"contenders.hand_written_{engine}").check(cases.Task(str(file)))
        for engine in ("polars", "duckdb")
    )
    assert {rule: polars[rule] for rule in cases.GROUPS} == {rule: duckdb[rule] for rule in cases.GROUPS}


def test_a_contender_that_finds_another_number_is_reported(cases: ModuleType) -> None:
    right = dict(cases.BROKEN)
    assert cases.wrong(right, 0) == []
    assert cases.wrong({**right, "number is unique": 2 * right["number is unique"]}, 0) == []
    assert cases.wrong({**right, "court is known": 90}, 0) == ["court is known: 90 for 91"]
    assert cases.wrong({rule: rows for rule, rows in right.items() if rule != "area is known"}, 0)


def test_what_is_loaded_is_checked_too(cases: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    write_columns(
        generate(cases.ADDRESS, rows=150_000, seed=7, faults={}), path, cases.COLUMNS
    )  # more than a row group of duckdb
    found = importlib.import_module("contenders.ours_run").check(cases.Task(str(path)))
    assert cases.wrong(found, 0, has_faults=False) == []


def test_the_harness_measures_and_tells(tmp_path: Path) -> None:
    script = BENCHMARKS / "registers.py"
    few = ["--rows", "2e4", "--forms", "csv", "--repetitions", "1", "--only", "reading_polars", "hand_written_polars"]
    ran = subprocess.run([sys.executable, script, *few, "--folder", tmp_path], capture_output=True, text=True, check=True)
    assert "failed" not in ran.stdout
    assert [line for line in ran.stdout.splitlines() if line.startswith("| hand-written polars |")]
    assert (tmp_path / "registers.md").read_text(encoding="utf-8") == ran.stdout
    assert not list(tmp_path.glob("cases-*"))


def test_the_parts_of_a_check_and_a_load_are_measured(tmp_path: Path) -> None:
    script = BENCHMARKS / "parts.py"
    few = ["--rows", "2e4", "--form", "parquet", "--repetitions", "1", "--folder", tmp_path]
    ran = subprocess.run([sys.executable, script, *few], capture_output=True, text=True, check=True)
    for part in ("reading text", "hashes sorted", "months and groups summed up", "the check as a whole"):
        assert [line for line in ran.stdout.splitlines() if line.startswith(f"| {part} |")]
    assert not list(tmp_path.iterdir())
