"""Of the rows that break a rule, the first ones and the accepted ones are told, in whatever order and parts they stream by."""

from __future__ import annotations

import random
from pathlib import Path

import polars as pl
import pytest
from register_projects import with_files

from etl.catalogue import register
from etl.registers import one_pass
from etl.registers.one_pass import HOLDS
from etl.registers.parse import TEXT
from etl.registers.raw_files import raw_files
from etl.registers.reading import Reading
from etl.registers.scan import FILE, ROW, opened
from etl.registers.second_look import BrokenRows
from schemas.registers import columns

ADDRESS = "courts.cases"
MOST, FILES, ROWS = 5, 3, 40
HEADER = "case_number,area,court,cause,received_on,closed_on,outcome,amount_yuan,technical_investigator\n"


@pytest.mark.parametrize("accepted", [set(), {"0-3", "2-39", "1-17", "none such"}], ids=["nothing accepted", "some accepted"])
@pytest.mark.parametrize("part", [1, 7, ROWS * FILES])
@pytest.mark.parametrize("share", [0.05, 0.5, 1.0])
def test_the_first_and_the_waived_rows_are_shown(tmp_path: Path, share: float, part: int, accepted: set[str]) -> None:
    chance = random.Random(f"{share} {part}")
    project = with_files(tmp_path, {"raw/courts/cases.csv": HEADER.encode()})
    entry = register(ADDRESS)
    scans = (opened(raw, ADDRESS, columns(entry.model)).scan for raw in raw_files(project, ADDRESS)[0])
    reading = Reading(entry, tuple(scan for scan in scans if scan is not None))
    test = one_pass.tests(entry.model, reading.names)[0]
    broken_rows = BrokenRows(reading, [test], MOST, {(test.rule.id, test.column): accepted})
    places = [(file, row) for file in range(FILES) for row in range(ROWS)]
    breaking = {place for place in places if chance.random() < share}
    parts = [places[start : start + part] for start in range(0, len(places), part)]
    chance.shuffle(parts)
    for rows in parts:
        broken_rows.take(frame(rows, breaking))
    told = [(each.file, each.row) for each in broken_rows.rows()]
    waived = [place for place in places if place in breaking and "{}-{}".format(*place) in accepted]
    first = [place for place in places if place in breaking and place not in waived][:MOST]
    assert told == sorted([*waived, *first])


def frame(rows: list[tuple[int, int]], breaking: set[tuple[int, int]]) -> pl.DataFrame:
    """Rows as they stream by, judged by one test; their keys name their places."""
    texts = {name: [f"{file}-{row}" for file, row in rows] for name in HEADER.strip().split(",")}
    places = {FILE: [file for file, _ in rows], ROW: [row for _, row in rows]}
    cells = {f"{TEXT}{name}": values for name, values in texts.items()}
    return pl.DataFrame({**places, **texts, **cells, f"{HOLDS}0": [place not in breaking for place in rows]})
