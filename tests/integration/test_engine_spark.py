"""Compare Spark with polars: the tests of engines again, and a register of 20,000 rows.

Spark's packages are laid over those of the project for one process (`spark_environment`), below the folder that
`ETL_SPARK_ENVIRONMENT` names; without that, and without Java, these tests are skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from conftest import ROOT
from on_engines import ENGINE, by, results_of, the_engine
from register_projects import PLEDGES, Row, records, with_files
from spark_environment import FOLDER, environment
from test_engine_findings import HOSTILE, hostile_files

from etl.catalogue import PACKAGE
from etl.engines.queries import BY_POLARS
from etl.registers.check import CheckedRegister
from etl.registers.progress import silent
from etl.registers.raw_files import raw_files
from etl.registers.reader import RegisterReader
from etl.registers.scan import open_file
from etl.synthetic.faults import kinds_of_faults
from etl.synthetic.generate import generate, write_register
from etl.synthetic.profile import profile
from schemas.registers import columns

CASES = "courts.cases"


@cache
def with_spark() -> dict[str, str]:
    """Return the environment of a process with Spark; skip where there is none."""
    folder = os.environ.get(FOLDER, "")
    if not folder:
        pytest.skip(f"{FOLDER} names no folder for Spark's packages")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17: apt-get install openjdk-17-jre-headless")
    return environment(Path(folder))


@pytest.mark.skipif(ENGINE != "duckdb", reason="these tests are run by the first of them")
def test_spark_returns_the_results_of_polars() -> None:
    command = [sys.executable, "-m", "pytest", "-n", "0", "-p", "no:cacheprovider"]
    running = with_spark() | {"ETL_TEST_ENGINE": "local[2]", "PYSPARK_SUBMIT_ARGS": QUICK_TO_START}
    chosen = [
        "tests/integration/test_engine_conformance.py",
        "tests/integration/test_engine_spark.py",
        "tests/integration/test_engine_findings.py",
        "-k",
        CHOSEN,
    ]
    ran = subprocess.run([*command, *chosen], cwd=ROOT, env=running, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-2000:]
    assert "6 passed" in ran.stdout


CHOSEN = "every_word or in_parts or twenty_thousand or of_any_form or many_broken"
QUICK_TO_START = (
    "--driver-java-options '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC' --conf spark.sql.shuffle.partitions=2 pyspark-shell"
)
"""For few rows: what Java would compile once more, and parts that would hold a row or two, take longer than the rows."""
on_spark = pytest.mark.skipif(not ENGINE.startswith(("local", "sc:", "spark:")), reason="needs Spark")


@on_spark
def test_twenty_thousand_rows_with_faults_of_every_kind_are_found_alike(tmp_path: Path) -> None:
    wanted = dict.fromkeys(kinds_of_faults(profile(CASES, PACKAGE)), 63)
    project = with_files(tmp_path, {})
    write_register(generate(CASES, rows=20_000, seed=7, faults=wanted), project.raw(CASES).with_suffix(""), parts=4, form="csv")
    by_spark, by_polars = by(the_engine(), project, CASES), by(None, project, CASES)
    ours, polars = results_of(by_spark), results_of(by_polars)
    assert ours == polars
    assert left_by(by_spark) == sorted(records(by_polars), key=str)
    rows = [finding for finding in polars["findings"] if finding.row_key and finding.severity == "error"]
    assert sum(wanted.values()) >= 500
    assert len(rows) >= sum(wanted.values())


def left_by(found: CheckedRegister) -> list[Row]:
    """Read the records that Spark retains, each cell as text."""
    assert found.partition is not None
    left = found.partition.retain("of these files")
    assert left is not None
    rows = pl.read_parquet(f"{left.uri}/*.parquet").select(pl.all().cast(pl.String)).rows()
    assert len(rows) == left.records
    the_engine().engine.remove(left.uri)
    assert not Path(left.uri).exists()
    return sorted(rows, key=str)


@on_spark
def test_spark_reads_the_files_in_parts_that_can_be_read_so(tmp_path: Path) -> None:
    """Files with line breaks in cells, blank lines, or misfit rows are read by polars."""
    project, entry = with_files(tmp_path, hostile_files()), PACKAGE.register(PLEDGES)
    files = [open_file(raw, PLEDGES, columns(entry.model)) for raw in raw_files(project, PLEDGES)[0]]
    names = [Path(file.raw.file).name for file in files if file.scan is not None]
    reader = RegisterReader(entry, tuple(file.scan for file in files if file.scan is not None))
    scanned = the_engine().scan(reader, {}, silent)
    careful = {"a line break in a cell", "blank lines", "a short row", "a wide row", "the header again", "amounts"}
    numbers = [f"{each:02d}.csv" for each, name in enumerate(HOSTILE) if name in careful]
    read = [names[each] for each in scanned.read_by_polars]
    assert read == [*numbers, "_first.csv", "packed.csv.zst"]
    assert 0 < scanned.counts[BY_POLARS] < scanned.rows / 2
