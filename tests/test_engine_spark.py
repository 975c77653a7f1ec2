"""Spark comes to what polars comes to: the tests of engines again, in an environment of its own, and a register of 20,000 rows.

pyspark makes pandera import the whole of `pyspark.pandas`, so it is not in the project's own environment. That of these tests is
made once, below `ETL_SPARK_ENVIRONMENT`; without that, and without Java, they are skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from conftest import ROOT
from on_engines import ENGINE, by, the_engine, told
from register_projects import PLEDGES, with_files
from test_engine_findings import HOSTILE, hostile_files

from etl.catalogue import register
from etl.engines.means import CountedOnEngine
from etl.made_up.generate import made_up, write
from etl.made_up.recipes import recipe
from etl.made_up.seeded_faults import FAULTS
from etl.registers.progress import silent
from etl.registers.raw_files import raw_files
from etl.registers.scan import opened
from schemas.registers import columns

PACKAGES = ("pyspark>=4.1,<5", "pandas<3", "pyarrow>=18", "pytest", "hypothesis", "pytest-xdist")
CASES = "courts.cases"


@cache
def python() -> str:
    """Give the Python of an environment with pyspark; skip where there is none and none may be made."""
    folder = os.environ.get("ETL_SPARK_ENVIRONMENT", "")
    if not folder:
        pytest.skip("ETL_SPARK_ENVIRONMENT names no folder for an environment with pyspark")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17: apt-get install openjdk-17-jre-headless")
    made = Path(folder)
    if not (made / "installed").is_file():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(made)], check=True)
        install = [str(made / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, "--editable", str(ROOT), *PACKAGES], check=True)
        (made / "installed").touch()
    return str(made / "bin" / "python")


@pytest.mark.skipif(ENGINE != "duckdb", reason="these tests are run by the first of them")
def test_spark_comes_to_what_polars_comes_to() -> None:
    command = [python(), "-m", "pytest", "-n", "0", "-p", "no:cacheprovider"]
    chosen = ["tests/test_engine_conformance.py", "tests/test_engine_spark.py", "tests/test_engine_findings.py", "-k", CHOSEN]
    environment = {**os.environ, "ETL_TEST_ENGINE": "local[2]", "PYTHONUTF8": "1"}
    ran = subprocess.run([*command, *chosen], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-2000:]
    assert "6 passed" in ran.stdout


CHOSEN = "every_word or in_parts or twenty_thousand or of_any_form or many_broken"
on_spark = pytest.mark.skipif(not ENGINE.startswith(("local", "sc:", "spark:")), reason="needs Spark")


@on_spark
def test_twenty_thousand_rows_with_faults_of_every_kind_are_found_alike(tmp_path: Path) -> None:
    wanted = {kind: 63 for kind, fault in FAULTS.items() if fault.column(recipe(CASES), 0)}
    project = with_files(tmp_path, {})
    write(made_up(CASES, rows=20_000, seed=7, faults=wanted), project.raw(CASES).with_suffix(""), parts=4, form="csv")
    ours, polars = told(by(the_engine(), project, CASES)), told(by(None, project, CASES))
    assert ours == polars
    rows = [finding for finding in polars["findings"] if finding.row_key and finding.severity == "error"]
    assert sum(wanted.values()) >= 500
    assert len(rows) >= sum(wanted.values())


@on_spark
def test_spark_reads_the_files_in_parts_that_can_be_read_so(tmp_path: Path) -> None:
    """The others are read by this machine: what has line breaks in cells, blank lines, or rows too long or short."""
    project, entry = with_files(tmp_path, hostile_files()), register(PLEDGES)
    files = [opened(raw, PLEDGES, columns(entry.model)) for raw in raw_files(project, PLEDGES)[0]]
    names = [Path(file.raw.file).name for file in files if file.scan is not None]
    counted = the_engine().count(entry, files, {}, silent)
    assert isinstance(counted, CountedOnEngine)
    careful = {"a line break in a cell", "blank lines", "a short row", "a wide row", "the header again", "amounts"}
    numbers = [f"{each:02d}.csv" for each, name in enumerate(HOSTILE) if name in careful]
    read = [names[each] for each in counted.ask().staged.by_driver]
    assert read == [*numbers, "_first.csv", "packed.csv.zst"]
