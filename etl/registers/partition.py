"""Partition the rows of a register into kept and rejected ones.

Kept are those that break no rule as an unwaived error, and whose key is new.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import narwhals.stable.v1 as nw
import polars as pl

from etl.registers.failure_samples import MOST_FINDINGS, FailedRow, WaivedKeys
from etl.registers.keys import KEY, key_text
from etl.registers.monthly_flows import count_flow, merge_counts, subtract_counts, unpack_counts
from etl.registers.parse import TEXT
from etl.registers.reader import RegisterReader, group_codes
from etl.registers.row_tests import RowTest, RowVerdict, all_hold
from etl.registers.scan import FILE, ROW, Scan
from etl.registers.source_locations import SourceLocations, line_numbers, reread_rows
from schemas.builtin_register_rules import RECORD_IS_KNOWN_ONCE
from schemas.registers import flow, key

_KEPT, _LINE, _RULES, AGAIN = "@kept", "@line", "@rules", "@again"
RowsByFile = Mapping[int, Sequence[int]]
"""RowsByFile, in order, by the numbers of their files."""


@dataclass(frozen=True, slots=True)
class RetainedRecords:
    """Kept records that stay with an engine, and are not in the warehouse.

    Attributes:
        uri: the Parquet that holds them.
        records: their number.
    """

    uri: str
    records: int


@dataclass(frozen=True)
class Rejection:
    """Grounds for rejecting rows.

    Attributes:
        tests: those that a rejected row fails.
        repeated: the unwaived rows whose key an earlier row has.
        again: the same rows, by file.
        few: the rejected rows if each of them is known, for there are few and none is waived; else None.
        is_by_number: whether the severity of a rule depends on how many rows break it.
    """

    tests: tuple[RowTest, ...]
    repeated: pl.DataFrame
    again: RowsByFile
    few: RowsByFile | None
    is_by_number: bool


@dataclass(frozen=True)
class RowPartition:
    """Partition of a register's rows into kept and rejected ones.

    Attributes:
        reader: the register.
        rejection: what rows are rejected by.
        rejected: number of rejected rows, without those that do not fit their header.
        kept: number of kept rows.
        where: the places of rejected rows, if these are few.
    """

    reader: RegisterReader
    rejection: Rejection
    rejected: int
    kept: int
    where: Mapping[int, SourceLocations]

    def kept_values(self, number: int) -> pl.LazyFrame:
        """Read the kept rows of a file, with what is known of their cells."""
        few = self.rejection.few
        leaving = (self.rejection.again if few is None else few).get(number)
        frame = self.reader.file(self.reader.scans[number])
        if leaving:
            frame = frame.filter(~pl.col(ROW).is_in(leaving))
        if self.rejected and few is None:
            frame = _tested(frame, self.rejection.tests).filter(pl.col(_KEPT))
        return frame

    def rejected_values(self, number: int) -> pl.LazyFrame:
        """Read the rejected rows of a file; `@again` marks those whose key is repeated."""
        again = pl.col(ROW).is_in(self.rejection.again.get(number, [])).alias(AGAIN)
        if self.rejection.few is not None:
            rows = pl.Series(self.rejection.few.get(number, []), dtype=pl.UInt32)
            return reread_rows(self.reader, number, rows, self.where.get(number)).with_columns(again)
        frame = _tested(self.reader.file(self.reader.scans[number]), self.rejection.tests).with_columns(again)
        return frame.filter(~pl.col(_KEPT) | pl.col(AGAIN)).drop(_KEPT)

    def rejected_rows(self, number: int) -> pl.LazyFrame:
        """List the rejected rows of a file: line, key, broken rules, and cells as text."""
        scan, tests = self.reader.scans[number], [test for test in self.rejection.tests if test.holds is not None]
        broken = {f"@breaks {rank}": ~test.holds.fill_null(True) for rank, test in enumerate(tests) if test.holds is not None}
        frame = nw.from_native(self.rejected_values(number)).with_columns(nw.lit(None).alias(_RULES), **broken)
        breaks = [pl.when(pl.col(name)).then(pl.lit(test.rule.id)) for name, test in zip(broken, tests, strict=True)]
        breaks.append(pl.when(pl.col(AGAIN)).then(pl.lit(RECORD_IS_KNOWN_ONCE.id)))
        listed = pl.concat_list(breaks).list.drop_nulls().list.unique(maintain_order=True).list.join(" ")
        cells = pl.struct(pl.col(TEXT + column.name).cast(pl.String).alias(column.name) for column in self.reader.columns)
        native: pl.LazyFrame = frame.to_native()
        line, row_key = line_numbers(scan, pl.col(ROW)), key_text(key(self.reader.entry.model))
        return native.select(self._as_rejected(scan, line, row_key, listed, cells.struct.json_encode()))

    def misfits(self, number: int) -> pl.DataFrame:
        """List the rows of one file that cannot be read or do not fit its header, as `rejected_rows` does."""
        scan, nothing = self.reader.scans[number], pl.lit(None, pl.String)
        rows = pl.DataFrame(scan.set_aside, schema={_LINE: pl.Int64, _RULES: pl.String}, orient="row")
        return rows.select(self._as_rejected(scan, pl.col(_LINE), nothing, pl.col(_RULES), nothing))

    def _as_rejected(self, scan: Scan, line: pl.Expr, row_key: pl.Expr, rules: pl.Expr, cells: pl.Expr) -> list[pl.Expr]:
        found = {"address": pl.lit(self.reader.address), "raw_file": pl.lit(scan.raw.file), "raw_line": line}
        found |= {"row_key": row_key, "rules": rules, "cells": cells}
        return [each.alias(name) for name, each in found.items()]

    def flow_counts(self, of_all: pl.DataFrame) -> pl.DataFrame:
        """Count the flow of the kept rows, given that of all rows."""
        if not self.rejected:
            return of_all
        return subtract_counts(of_all, pl.concat([of_all.clear(), *self._rejected_counts()], how="vertical_relaxed"))

    def _rejected_counts(self) -> Iterator[pl.DataFrame]:
        counted_by, codes = flow(self.reader.entry.model), group_codes(self.reader.entry)
        for number in range(len(self.reader.scans)):
            rejected = self.rejected_values(number).select(self.reader.for_groups((counted_by.opens, counted_by.closes)))
            for batch in rejected.collect_batches(engine="streaming"):
                yield unpack_counts(merge_counts([count_flow(batch, counted_by, codes)]), codes)

    def durations(self) -> pl.DataFrame | None:
        """Compute the durations of kept rows; None if they are counted during the load."""
        return None

    def retain(self, fingerprint: str) -> RetainedRecords | None:
        """Retain the kept rows with the engine, by a fingerprint of their inputs.

        Returns None if they are to be loaded into the warehouse.
        """
        return None


def find_rejection(
    reader: RegisterReader,
    verdicts: Sequence[RowVerdict],
    failures: Iterable[FailedRow],
    repeated: pl.DataFrame,
    waived: WaivedKeys,
) -> Rejection:
    """Find what rejects rows: failed tests of severity error, and repeated keys."""
    breached = [each for each in verdicts if each.severity == "error" and each.failed]
    keys = waived.get((RECORD_IS_KNOWN_ONCE.id, ""), ())
    unwaived, few = repeated.filter(~pl.col(KEY).is_in(list(keys))), None
    places = [*unwaived.select(FILE, ROW).iter_rows()]
    if not waived and all(each.failed <= MOST_FINDINGS for each in breached):
        tests = {id(each.test) for each in breached}
        failed = {(each.file, each.row) for each in failures if id(each.test) in tests}
        few = _by_file({*failed, *places})
    excused = tuple(excuse(each.test, waived, reader) for each in breached)
    return Rejection(excused, unwaived, _by_file(places), few, any(each.test.rule.thresholds for each in verdicts))


def excuse(test: RowTest, waived: WaivedKeys, reader: RegisterReader) -> RowTest:
    """Return a test that rows with a waived breach of it pass, too."""
    keys = waived.get((test.rule.id, test.column))
    if not keys or test.holds is None:
        return test
    return replace(test, holds=test.holds | portable_key_text(key(reader.entry.model)).is_in(list(keys)))


def portable_key_text(names: Sequence[str]) -> nw.Expr:
    """Write the key of a row as `keys.key_text` does, on any engine."""
    parts = [nw.col(name).cast(nw.String).fill_null("?") for name in names]
    return nw.concat_str(*parts, separator=":") if len(parts) > 1 else parts[0]


def _by_file(rows: Iterable[tuple[int, int]]) -> RowsByFile:
    found: dict[int, list[int]] = {}
    for file, row in sorted(rows):
        found.setdefault(file, []).append(row)
    return found


def _tested(frame: pl.LazyFrame, rejecting: Sequence[RowTest]) -> pl.LazyFrame:
    tested: pl.LazyFrame = nw.from_native(frame).with_columns(all_hold(rejecting).alias(_KEPT)).to_native()
    return tested


def count_rejected(reader: RegisterReader, of_tests: int, rejection: Rejection) -> int:
    """Count the rejected rows, given the number of those that fail an error test."""
    if rejection.is_by_number:
        of_tests = _count(reader.frame(), rejection.tests, ~pl.col(_KEPT))
    again = ((reader.file(reader.scans[file]).filter(pl.col(ROW).is_in(rows))) for file, rows in rejection.again.items())
    return of_tests + sum(_count(frame, rejection.tests, pl.col(_KEPT)) for frame in again)


def _count(frame: pl.LazyFrame, rejecting: Sequence[RowTest], condition: pl.Expr) -> int:
    return int(_tested(frame, rejecting).select(condition.sum()).collect(engine="streaming").item())
