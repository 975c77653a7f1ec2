"""Spark finds what polars finds in a register of 20,000 rows, and reads in parts the files that can be read so.

    python tests/fixtures/spark_environment.py -m pytest -n 0 -m engine tests/integration

runs these and the other tests marked `engine` on Spark; elsewhere these are skipped.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from on_engines import ENGINE, by, results_of, the_engine
from register_projects import PLEDGES, Row, records, with_files
from test_engine_findings import HOSTILE, hostile_files

from etl.catalogue import PACKAGE
from etl.engines.queries import BY_POLARS
from etl.registers.check import CheckedRegister, scan_files
from etl.registers.progress import silent
from etl.registers.raw_files import raw_files
from etl.registers.scan import open_file
from etl.synthetic.faults import kinds_of_faults
from etl.synthetic.generate import generate, write_register
from etl.synthetic.profile import profile
from schemas.registers import columns

CASES = "courts.cases"


pytestmark = [pytest.mark.engine, pytest.mark.skipif(not ENGINE.startswith(("local", "sc:", "spark:")), reason="needs Spark")]


@pytest.mark.slow
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


def test_spark_reads_the_files_in_parts_that_can_be_read_so(tmp_path: Path) -> None:
    """Files with line breaks in cells, blank lines, or misfit rows are read by polars."""
    project, entry = with_files(tmp_path, hostile_files()), PACKAGE.register(PLEDGES)
    files = [open_file(raw, PLEDGES, columns(entry.model)) for raw in raw_files(project, PLEDGES)[0]]
    scanned = scan_files(the_engine(), entry, files, {}, silent)
    assert scanned is not None
    names = [Path(file.raw.file).name for file in files if file.scan is not None]
    careful = {"a line break in a cell", "blank lines", "a short row", "a wide row", "the header again", "amounts", "not utf-8"}
    numbers = [f"{each:02d}.csv" for each, name in enumerate(HOSTILE) if name in careful]
    read = [names[each] for each in scanned.read_by_polars]
    assert read == [*numbers, "_first.csv", "packed.csv.zst"]
    assert 0 < scanned.counts[BY_POLARS] < scanned.rows / 2
