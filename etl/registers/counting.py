"""The one pass over a register's files, and what is done where a file does not let itself be read as it should.

Files are read in the quickest way, which takes their form for granted: every row as wide as the header, no blank lines, codes
and days written exactly. What shows that this does not hold is counted in the same pass; then the file is read with more care.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import narwhals.stable.v1 as nw
import polars as pl

from etl.catalogue import RegisterEntry
from etl.registers.one_pass import BLANK_LINES, BLANKS, ROWS, Test, Verdict, counted, evaluable, tests, verdicts
from etl.registers.progress import Progress, Say
from etl.registers.reading import Reading
from etl.registers.scan import Opened, diagnosed, may_have_short_rows, without_misfits
from schemas import standing
from schemas.registers import key

Accepted = Mapping[tuple[str, str], Collection[str]]


@dataclass
class Counted:
    """What the one pass counted.

    Attributes:
        reading: how the files were read in the end.
        counts: by name, as `one_pass.counted` gives them.
        verdicts: of the tests of rows.
        rejecting: the tests that keep a row out, as they were counted.
    """

    reading: Reading
    counts: dict[str, Any]
    verdicts: list[Verdict]
    rejecting: list[Test] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Number of rows, without those that do not fit the header."""
        return int(self.counts[ROWS])


def count(
    entry: RegisterEntry, files: Sequence[Opened], accepted: Accepted, say: Say, tolerant: frozenset[str] = frozenset()
) -> Counted | None:
    """Give what one pass over the files counts; None where no file can be read.

    Args:
        entry: the register.
        files: its files; what is found wrong with one of them is added to its findings.
        accepted: by rule and column, the keys of rows that may break the rule.
        say: told how far it is.
        tolerant: columns that are read tolerantly.
    """
    whole: set[str] = set()
    while True:
        scans = tuple(file.scan for file in files if file.scan is not None)
        if not scans:
            return None
        reading = Reading(entry, scans, tolerant)
        try:
            done = _one_pass(reading, accepted, say)
        except (pl.exceptions.PolarsError, OSError):
            if not _repaired(files, entry.address):
                raise
            continue
        if not _read_with_more_care(files, entry.address, done.counts, whole):
            return done


def _one_pass(reading: Reading, accepted: Accepted, say: Say) -> Counted:
    frame = reading.frame()
    every = tests(reading.entry.model, reading.names)
    broken = evaluable(frame, every)
    running = [test for test in every if all(test is not verdict.test for verdict in broken)]
    rejecting = [excused(test, accepted, reading) for test in running if test.rule.severity == "error"]
    progress = Progress(f"checking {reading.address}", say, reading.estimated_rows(), reading.size)
    watched = reading.watched(frame, progress)
    one_row = counted(watched, running, rejecting, key(reading.entry.model))
    counts = one_row.collect(engine="streaming").row(0, named=True)
    return Counted(reading, counts, [*broken, *verdicts(running, counts, frame)], rejecting)


def excused(test: Test, accepted: Accepted, reading: Reading) -> Test:
    """Give a test that rows keep, too, whose breach of it is accepted."""
    keys = accepted.get((test.rule.id, test.column))
    if not keys or test.holds is None:
        return test
    names = key(reading.entry.model)
    parts = [nw.col(name).cast(nw.String).fill_null("?") for name in names]
    text = nw.concat_str(*parts, separator=":") if len(parts) > 1 else parts[0]
    return replace(test, holds=test.holds | text.is_in(list(keys)))


def _repaired(files: Sequence[Opened], address: str) -> bool:
    """Set aside the files, or the rows of files, that cannot be read; give whether there was any."""
    is_repaired = False
    for file in files:
        if file.scan is None:
            continue
        try:
            names = [name for name in file.scan.names if name in file.scan.types]
            file.scan.frame(names).select(pl.all().null_count()).collect(engine="streaming")
        except (pl.exceptions.PolarsError, OSError) as error:
            is_repaired = True
            if "more fields" in str(error) and not file.scan.set_aside:
                _set_misfits_aside(file, address)
            else:
                file.scan = None
                file.report(address, standing.FILE_IS_READABLE, *diagnosed(file.raw, error))
    return is_repaired


def _read_with_more_care(files: Sequence[Opened], address: str, counts: Mapping[str, Any], whole: set[str]) -> bool:
    """Give whether something was counted for which files must be read in another way, which they will be from now on."""
    changed = False
    for file in files:
        scan = file.scan
        if scan is None or scan.raw.is_parquet:
            continue
        if counts[BLANK_LINES] and not scan.has_blank_lines:
            scan = file.scan = replace(scan, has_blank_lines=True)
            changed = True
        last = scan.names[-1]
        if scan.raw.file in whole or scan.set_aside or counts.get(f"{BLANKS}{last}") == 0:
            continue
        whole.add(scan.raw.file)
        if may_have_short_rows(scan):
            _set_misfits_aside(file, address)
            changed = True
    return changed


def _set_misfits_aside(file: Opened, address: str) -> None:
    """Set aside the rows of a file that are not as wide as its header."""
    assert file.scan is not None
    try:
        file.scan = without_misfits(file.scan)
    except (csv.Error, UnicodeDecodeError, OSError) as error:
        file.scan = None
        file.report(address, standing.FILE_IS_READABLE, *diagnosed(file.raw, error))
