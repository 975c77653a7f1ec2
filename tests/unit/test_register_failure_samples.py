"""Sample the first failed rows and the waived ones, in any order of batches."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pytest
from register_projects import with_files

from etl.catalogue import PACKAGE
from etl.registers.failure_samples import FailureSamples
from etl.registers.parse import TEXT
from etl.registers.raw_files import raw_files
from etl.registers.reader import RegisterReader
from etl.registers.row_tests import HOLDS, row_tests
from etl.registers.scan import FILE, ROW, open_file
from schemas.registers import columns

ADDRESS = "courts.cases"
MOST, FILES, ROWS = 5, 3, 40
HEADER = "case_number,area,court,cause,received_on,closed_on,outcome,amount_yuan,technical_investigator\n"


@pytest.mark.parametrize("keys", [set(), {"0-3", "2-39", "1-17", "none such"}], ids=["nothing waived", "some keys"])
@pytest.mark.parametrize("part", [1, 7, ROWS * FILES])
@pytest.mark.parametrize("share", [0.05, 0.5, 1.0])
def test_the_first_and_the_waived_rows_are_shown(tmp_path: Path, share: float, part: int, keys: set[str]) -> None:
    chance = random.Random(f"{share} {part}")
    project = with_files(tmp_path, {"raw/courts/cases.csv": HEADER.encode()})
    entry = PACKAGE.register(ADDRESS)
    scans = (open_file(raw, ADDRESS, columns(entry.model)).scan for raw in raw_files(project, ADDRESS)[0])
    reader = RegisterReader(entry, tuple(scan for scan in scans if scan is not None))
    test = row_tests(entry.model, reader.names)[0]
    samples = FailureSamples(reader, [test], MOST, {(test.rule.id, test.column): keys})
    places = [(file, row) for file in range(FILES) for row in range(ROWS)]
    breaking = {place for place in places if chance.random() < share}
    parts = [places[start : start + part] for start in range(0, len(places), part)]
    chance.shuffle(parts)
    for rows in parts:
        samples.take(frame(rows, breaking))
    sampled = [(each.file, each.row) for each in samples.rows()]
    waived = [place for place in places if place in breaking and "{}-{}".format(*place) in keys]
    first = [place for place in places if place in breaking and place not in waived][:MOST]
    assert sampled == sorted([*waived, *first])


def frame(rows: list[tuple[int, int]], breaking: set[tuple[int, int]]) -> pl.DataFrame:
    """Build rows tested by one rule; their keys name their places."""
    texts = {name: [f"{file}-{row}" for file, row in rows] for name in HEADER.strip().split(",")}
    places = {FILE: [file for file, _ in rows], ROW: [row for _, row in rows]}
    cells = {f"{TEXT}{name}": values for name, values in texts.items()}
    return pl.DataFrame({**places, **texts, **cells, f"{HOLDS}0": [place not in breaking for place in rows]})
