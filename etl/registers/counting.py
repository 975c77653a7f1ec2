"""The one pass over a register's files, and what is done where a file does not let itself be read as it should.

Files are read in the quickest way, which takes their form for granted: every row as wide as the header, no blank lines, codes
and days written exactly. What shows that this does not hold is counted in the same pass; then the file is read with more care.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

import narwhals.stable.v1 as nw
import polars as pl

from etl.catalogue import RegisterEntry
from etl.errors import ProjectError, first_line
from etl.registers.groups import GroupVerdict
from etl.registers.keys import HASH, KeyHashes
from etl.registers.one_pass import BLANK_LINES, BLANKS, ROWS, Test, Verdict, counted, evaluable, hashed, judged, tests, verdicts
from etl.registers.progress import Progress, Say
from etl.registers.reading import Reading
from etl.registers.scan import Opened, blank_rows_are_blank_lines, may_have_short_rows, strictly_read
from etl.registers.second_look import Accepted, BrokenRow, BrokenRows
from etl.registers.streaming import shown
from etl.registers.strictly import diagnosed
from etl.registers.summed import Summed
from schemas import standing
from schemas.registers import key

MOST_FINDINGS = 1000


@dataclass
class Counted:
    """What the one pass counted.

    Attributes:
        reading: how the files were read in the end.
        counts: by name, as `one_pass.counted` gives them.
        verdicts: of the tests of rows.
        flow: of all rows, as `flows.counts` gives them.
        groups: what the declared rules of groups say.
        broken: the first rows that break each test.
        repeated: file and row of the rows whose key has a hash that another row's key has.
    """

    reading: Reading
    counts: dict[str, Any]
    verdicts: list[Verdict]
    flow: pl.DataFrame
    groups: list[GroupVerdict]
    broken: list[BrokenRow]
    repeated: pl.DataFrame

    @property
    def rows(self) -> int:
        """Number of rows, without those that do not fit the header."""
        return int(self.counts[ROWS])


Answer = TypeVar("Answer", bound=Counted)


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

    Raises:
        ProjectError: polars fails, and not because of one of the files: the memory or the disk is full, or a rule is at fault.
    """
    return asked_until_read(entry, files, tolerant, partial(_one_pass, accepted=accepted, say=say), lambda done: files)


def asked_until_read(
    entry: RegisterEntry,
    files: Sequence[Opened],
    tolerant: frozenset[str],
    ask: Callable[[Reading], Answer],
    by_polars: Callable[[Answer], Sequence[Opened]],
) -> Answer | None:
    """Ask for what is counted, and again as long as it shows that a file must be read in another way; None where none can be.

    Args:
        entry: the register.
        files: its files; what is found wrong with one of them is added to its findings.
        tolerant: columns that are read tolerantly.
        ask: counts.
        by_polars: gives those of the files that polars has read for it.

    Raises:
        ProjectError: polars fails, and not because of one of the files.
    """
    whole: set[str] = set()
    while True:
        scans = tuple(file.scan for file in files if file.scan is not None)
        if not scans:
            return None
        try:
            answer = ask(Reading(entry, scans, tolerant))
        except (pl.exceptions.PolarsError, OSError) as error:
            if not repaired(files, entry.address):
                reason = first_line(error)
                raise ProjectError(f"{entry.address} cannot be checked: {type(error).__name__}: {reason}") from error
            continue
        if not read_with_more_care(by_polars(answer), entry.address, answer.counts, whole):
            return answer


def _one_pass(reading: Reading, accepted: Accepted, say: Say) -> Counted:
    """Give all that is asked of the rows from one scan: what is counted, summed up by month and by group, and found broken."""
    model = reading.entry.model
    frame = reading.frame(numbered=True)
    every = tests(model, reading.names)
    unfit = evaluable(frame, every)
    running = [test for test in every if all(test is not verdict.test for verdict in unfit)]
    rejecting = [excused(test, accepted, reading) for test in running if test.rule.severity == "error"]
    progress = Progress(f"checking {reading.address}", say, reading.estimated_rows(), reading.size)
    broken = BrokenRows(reading, running, MOST_FINDINGS, accepted)
    hashes, summed = KeyHashes(), Summed(reading)
    frame = summed.prepared(frame).with_columns(hashed(key(model)).alias(HASH))
    seen = dict.fromkeys((*hashes.COLUMNS, *broken.columns, *summed.columns))

    def take(rows: pl.DataFrame) -> None:
        hashes.take(progress.see(rows))
        broken.take(rows)
        summed.take(rows)

    one_row = counted(judged(frame, running, rejecting), running, model, [shown(seen, take)])
    counts = one_row.collect(engine="streaming").row(0, named=True)
    found = [*unfit, *verdicts(running, counts, reading.frame())]
    of_flow, groups = summed.result()
    return Counted(reading, counts, found, of_flow, groups, broken.rows(), hashes.repeated())


def excused(test: Test, accepted: Accepted, reading: Reading) -> Test:
    """Give a test that rows keep, too, whose breach of it is accepted."""
    keys = accepted.get((test.rule.id, test.column))
    if not keys or test.holds is None:
        return test
    names = key(reading.entry.model)
    parts = [nw.col(name).cast(nw.String).fill_null("?") for name in names]
    text = nw.concat_str(*parts, separator=":") if len(parts) > 1 else parts[0]
    return replace(test, holds=test.holds | text.is_in(list(keys)))


def repaired(files: Sequence[Opened], address: str) -> bool:
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
            if not file.scan.is_strict and any(text in str(error) for text in _WIDER_ROW):
                _read_strictly(file, address)
            else:
                file.scan = None
                file.report(address, standing.FILE_IS_READABLE, *diagnosed(file.raw, error))
    return is_repaired


def read_with_more_care(files: Sequence[Opened], address: str, counts: Mapping[str, Any], whole: set[str]) -> bool:
    """Give whether something was counted for which files must be read in another way, which they will be from now on."""
    changed = False
    for file in files:
        scan = file.scan
        if scan is None or scan.raw.is_parquet or scan.is_strict:
            continue
        is_plain = blank_rows_are_blank_lines(scan) if counts[BLANK_LINES] and not scan.has_blank_lines else None
        if is_plain:
            scan = file.scan = replace(scan, has_blank_lines=True)
            changed = True
        is_whole = scan.raw.file in whole or counts.get(f"{BLANKS}{scan.names[-1]}") == 0
        whole.add(scan.raw.file)
        if is_plain is False or (not is_whole and may_have_short_rows(scan)):
            _read_strictly(file, address)
            changed = True
    return changed


_WIDER_ROW = ("more fields", "not specified in schema")
"""What polars 2.1 says of a row with more cells than the header; if it is the first one, the latter."""


def _read_strictly(file: Opened, address: str) -> None:
    """Set aside the rows of a file that are not as wide as its header."""
    assert file.scan is not None
    try:
        file.scan = strictly_read(file.scan)
    except (csv.Error, UnicodeDecodeError, EOFError, pl.exceptions.PolarsError, OSError) as error:
        file.scan = None
        file.report(address, standing.FILE_IS_READABLE, *diagnosed(file.raw, error))
