"""Check a register in one scan: rows, keys, the monthly flow, and groups."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals.stable.v1 as nw
import polars as pl

from etl.registers.failure_samples import MOST_FINDINGS, FailedRow, FailureSamples, WaivedKeys
from etl.registers.groups import GroupVerdict
from etl.registers.keys import KeyHashes, confirm_repeated, hash_key
from etl.registers.parse import TEXT, UNREAD
from etl.registers.partition import Rejection, RowPartition, count_rejected, excuse, find_rejection
from etl.registers.progress import Progress, Say
from etl.registers.reader import RegisterReader
from etl.registers.row_tests import (
    BLANK_KEYS,
    HOLDS,
    REJECTED,
    ROWS,
    RowTest,
    RowVerdict,
    all_hold,
    look_up_years,
    row_tests,
    row_verdicts,
    split_evaluable,
)
from etl.registers.source_locations import SourceLocations
from etl.registers.streaming_sums import StreamingSums
from schemas.models import Column
from schemas.registers import key
from schemas.texts import Text

_KEPT = "@kept"


@dataclass
class ScanResult:
    """Result of a scan of a register, and further queries of its rows.

    Attributes:
        reader: how the files were read.
        waived: keys of rows that may break a rule, by rule and column.
        counts: by name, see `row_tests`.
        verdicts: of the tests of rows.
        flow: counts of all rows, see `monthly_flows`.
        groups: verdicts of the declared rules of groups.
        failures: the first rows that fail each test.
        candidates: file and row of the rows whose key has the same hash as another row's.
    """

    reader: RegisterReader
    waived: WaivedKeys
    counts: Mapping[str, Any]
    verdicts: list[RowVerdict]
    flow: pl.DataFrame
    groups: list[GroupVerdict]
    failures: list[FailedRow]
    candidates: pl.DataFrame

    @property
    def rows(self) -> int:
        """Number of rows, without those that do not fit the header."""
        return int(self.counts[ROWS])

    @property
    def read_by_polars(self) -> Collection[int]:
        """Numbers of the files that polars has read."""
        return range(len(self.reader.scans))

    def repeated(self, where: Mapping[int, SourceLocations]) -> pl.DataFrame:
        """List the rows whose key an earlier row has, as `keys.confirm_repeated` does."""
        return confirm_repeated(self.reader, self.candidates, where)

    def unread_texts(self, column: Column) -> Iterable[str]:
        """List the texts of a column's cells that cannot be read, each once."""
        frame = self.reader.frame([column.name]).filter(pl.col(UNREAD + column.name))
        return frame.select(pl.col(TEXT + column.name).unique()).collect(engine="streaming").to_series().to_list()

    def partition(self, repeated: pl.DataFrame, where: Mapping[int, SourceLocations]) -> RowPartition:
        """Partition the rows into kept and rejected ones, and count both."""
        rejection = find_rejection(self.reader, self.verdicts, self.failures, repeated, self.waived)
        few = rejection.few
        rejected = self.count_rejected(rejection) if few is None else sum(map(len, few.values()))
        return self.make_partition(self.reader, rejection, rejected, self.rows - rejected, where)

    def count_rejected(self, rejection: Rejection) -> int:
        """Count the rejected rows."""
        return count_rejected(self.reader, int(self.counts[REJECTED] or 0), rejection)

    @property
    def make_partition(self) -> Callable[..., RowPartition]:
        """Constructor of its partition."""
        return RowPartition


def scan_register(reader: RegisterReader, waived: WaivedKeys, say: Say) -> ScanResult:
    """Scan all files once: count, sum up by month and group, and sample failures.

    Raises:
        PolarsError, OSError: a file cannot be read, the memory or the disk is full, or a rule is at fault.
    """
    frame = reader.frame()
    tests = look_up_years(row_tests(reader.entry.model, reader.names), reader.columns)
    tests, not_run = split_evaluable(frame, tests)
    rejecting = [excuse(test, waived, reader) for test in tests if test.rule.severity == "error"]
    progress = Progress(
        Text(f"checking {reader.address}", f"正在检查 {reader.address}"), say, reader.estimated_rows(), reader.size
    )
    failures, hashes, sums = FailureSamples(reader, tests, MOST_FINDINGS, waived), KeyHashes(), StreamingSums(reader)

    def take(rows: pl.DataFrame) -> None:
        hashes.take(progress.see(rows))
        failures.take(rows)
        sums.take(rows)

    shown = dict.fromkeys((*hashes.COLUMNS, *failures.columns, *sums.columns))
    hashed = frame.with_columns(hash_key(key(reader.entry.model)))
    counted = count_failures(hashed, reader, tests, rejecting, [observe_batches(shown, take)])
    counts = counted.collect(engine="streaming").row(0, named=True)
    progress.end()
    verdicts = [*not_run, *row_verdicts(tests, counts, reader.frame())]
    flow, groups = sums.result()
    return ScanResult(reader, waived, counts, verdicts, flow, groups, failures.rows(), hashes.find_repeated())


def count_failures(
    frame: pl.LazyFrame,
    reader: RegisterReader,
    tests: Sequence[RowTest],
    rejecting: list[RowTest],
    observers: Iterable[pl.Expr] = (),
) -> pl.LazyFrame:
    """Count everything in one row, by name.

    These are the rows; those that fail a rejecting test; by test, those that fail it and those to which it does not apply; and
    those without a part of their key.
    """
    known = {id(test): f"{HOLDS}{number}" for number, test in enumerate(tests) if test.holds is not None}
    holds = {known[id(test)]: test.holds for test in tests if test.holds is not None}
    # polars evaluates an expression that stands in two columns twice.
    excused = [replace(test, holds=nw.col(known[id(test)])) if id(test) in known else test for test in rejecting]
    tested: pl.LazyFrame = nw.from_native(frame).with_columns(**holds).with_columns(all_hold(excused).alias(_KEPT)).to_native()
    counts = {ROWS: pl.len(), REJECTED: (~pl.col(_KEPT)).sum()}
    counts |= {name: (~pl.col(name)).sum() for name in holds}
    counts |= {f"{name} null": pl.col(name).null_count() for name in holds}
    counts[BLANK_KEYS] = pl.any_horizontal(*(pl.col(TEXT + name).is_null() for name in key(reader.entry.model))).sum()
    return tested.select(**counts, **{f"observer {number}": each for number, each in enumerate(observers)})


def observe_batches(columns: Iterable[str], take: Callable[[pl.DataFrame], None]) -> pl.Expr:
    """Pass columns to `take` in batches, in no order and from several threads.

    polars 2.1 keeps all rows in memory that one of several results of a query has seen and another has not; this expression is
    one null, and so part of the same result as the counts.
    """

    def see(rows: pl.Series) -> pl.Series:
        take(rows.struct.unnest())
        return pl.repeat(None, len(rows), dtype=pl.Boolean, eager=True)

    return pl.struct(list(columns)).map_batches(see, return_dtype=pl.Boolean, is_elementwise=True).any()
