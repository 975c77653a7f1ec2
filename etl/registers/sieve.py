"""Which rows of a register are kept: those that break no rule as an error that nobody accepted, and whose key is new."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import narwhals.stable.v1 as nw
import polars as pl

from etl.registers.counting import MOST_FINDINGS, Counted, excused
from etl.registers.few_rows import rows_of
from etl.registers.keys import KEY, key_text
from etl.registers.one_pass import REJECTED, Test, Verdict, all_hold
from etl.registers.parse import TEXT
from etl.registers.places import Places, line_numbers
from etl.registers.reading import Reading
from etl.registers.scan import FILE, ROW
from etl.registers.second_look import Accepted
from schemas.registers import key
from schemas.standing import ROW_FITS_HEADER
from schemas.standing_registers import RECORD_IS_KNOWN_ONCE

_KEPT, _RULES, _AGAIN = "@kept", "@rules", "@again"


@dataclass(frozen=True)
class Sieve:
    """Parts the rows of a register in kept and rejected ones.

    Attributes:
        reading: the register.
        rejecting: the tests that a kept row does not break.
        again: file and row of the rows whose key another row before has.
        rejected: number of rows that are not kept, without those that do not fit their header.
        kept: number of rows that are.
        few: by file, the rows that are not kept, where they are so few that each is known; else None.
        where: the places of these.
        fetched: gives the rejected rows of a file from an engine that has read it; None where the file is to be read.
    """

    reading: Reading
    rejecting: tuple[Test, ...]
    again: Mapping[int, list[int]] = field(default_factory=dict)
    rejected: int = 0
    kept: int = 0
    few: Mapping[int, list[int]] | None = None
    where: Mapping[int, Places] = field(default_factory=dict)
    fetched: Callable[[int], pl.LazyFrame] | None = None

    def values(self, number: int) -> pl.LazyFrame:
        """Give the kept rows of a file as they were read, with what is known of their cells."""
        scan = self.reading.scans[number]
        leaving = self.few.get(number) if self.few is not None else self.again.get(number)
        frame = self.reading.file(scan, numbered=bool(leaving))
        if leaving:
            frame = frame.filter(~pl.col(ROW).is_in(leaving))
        if self.rejected and self.few is None:
            frame = _judged(frame, self.rejecting).filter(pl.col(_KEPT))
        return frame.drop(ROW, _KEPT, strict=False)

    def rejected_values(self, number: int) -> pl.LazyFrame:
        """Give the rejected rows of a file as they were read, with their numbers and `@again`, whether their key was known."""
        scan, again = self.reading.scans[number], pl.col(ROW).is_in(self.again.get(number, []))
        if self.few is not None:
            rows = pl.Series(self.few.get(number, []), dtype=pl.UInt32)
            return rows_of(self.reading, number, rows, self.where.get(number)).with_columns(again.alias(_AGAIN))
        if self.fetched is not None:
            return self.fetched(number).with_columns(again.alias(_AGAIN))
        frame = _judged(self.reading.file(scan, numbered=True), self.rejecting).with_columns(again.alias(_AGAIN))
        return frame.filter(~pl.col(_KEPT) | pl.col(_AGAIN)).drop(_KEPT)

    def left_behind(self, number: int) -> pl.LazyFrame:
        """Give the rejected rows of one file: line, key, the rules that they break, and their cells as text."""
        scan = self.reading.scans[number]
        broken = {
            f"@breaks {rank}": ~test.holds.fill_null(True) for rank, test in enumerate(self.rejecting) if test.holds is not None
        }
        frame = nw.from_native(self.rejected_values(number))
        judged: pl.LazyFrame = frame.with_columns(nw.lit(None).alias(_RULES), **broken).to_native()
        rules = [test.rule.id for test in self.rejecting if test.holds is not None]
        breaks = [pl.when(pl.col(name)).then(pl.lit(rule)) for name, rule in zip(broken, rules, strict=True)]
        breaks.append(pl.when(pl.col(_AGAIN)).then(pl.lit(RECORD_IS_KNOWN_ONCE.id)))
        listed = pl.concat_list(breaks).list.drop_nulls().list.unique(maintain_order=True).list.join(" ")
        cells = pl.struct(pl.col(TEXT + column.name).cast(pl.String).alias(column.name) for column in self.reading.columns)
        return judged.select(
            pl.lit(self.reading.address).alias("address"),
            pl.lit(scan.raw.file).alias("raw_file"),
            line_numbers(scan, pl.col(ROW)).alias("raw_line"),
            key_text(list(key(self.reading.entry.model))).alias("row_key"),
            listed.alias("rules"),
            cells.struct.json_encode().alias("cells"),
        )

    def misfits(self, number: int) -> pl.DataFrame:
        """Give the rows of one file that do not fit its header, as rejected rows."""
        scan = self.reading.scans[number]
        rows = pl.DataFrame({ROW: scan.set_aside}, schema={ROW: pl.Int64})
        nothing = pl.lit(None, pl.String)
        return rows.select(
            pl.lit(self.reading.address).alias("address"),
            pl.lit(scan.raw.file).alias("raw_file"),
            line_numbers(scan, pl.col(ROW)).alias("raw_line"),
            nothing.alias("row_key"),
            pl.lit(ROW_FITS_HEADER.id).alias("rules"),
            nothing.alias("cells"),
        )


def sieve(counted: Counted, again: pl.DataFrame, accepted: Accepted, where: Mapping[int, Places]) -> Sieve:
    """Give the sieve of a register, and how many rows are on either side of it."""
    reading = counted.reading
    errors = [verdict for verdict in counted.verdicts if verdict.severity == "error" and verdict.failed]
    rejecting = tuple(excused(verdict.test, accepted, reading) for verdict in errors)
    keys = accepted.get((RECORD_IS_KNOWN_ONCE.id, ""), ())
    unwaived = again.filter(~pl.col(KEY).is_in(list(keys))) if again.height else again
    known_before = set(unwaived.select(FILE, ROW).iter_rows())
    by_file = rows_by_file(known_before)
    if each_is_known(errors, accepted):
        ids = {id(verdict.test) for verdict in errors}
        few = rows_by_file(known_before | {(each.file, each.row) for each in counted.broken if id(each.test) in ids})
        rejected = sum(map(len, few.values()))
        return Sieve(reading, rejecting, by_file, rejected, counted.rows - rejected, few, where)
    rejected = int(counted.counts[REJECTED] or 0)
    if any(verdict.test.rule.thresholds for verdict in counted.verdicts):
        rejected = _broken_rows(reading, rejecting)
    rejected += sum(_kept_of(reading, number, of_file, rejecting) for number, of_file in by_file.items())
    return Sieve(reading, rejecting, by_file, rejected, counted.rows - rejected)


def each_is_known(broken: Iterable[Verdict], accepted: Accepted) -> bool:
    """Whether each row that breaks one of these rules is known, for there are few of them, and nobody accepts one."""
    return not accepted and all(verdict.failed <= MOST_FINDINGS for verdict in broken)


def rows_by_file(rows: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    """Give rows, in order, by the numbers of their files."""
    found: dict[int, list[int]] = {}
    for file, row in sorted(rows):
        found.setdefault(file, []).append(row)
    return found


def _judged(frame: pl.LazyFrame, rejecting: tuple[Test, ...]) -> pl.LazyFrame:
    judged: pl.LazyFrame = nw.from_native(frame).with_columns(all_hold(rejecting).alias(_KEPT)).to_native()
    return judged


def _broken_rows(reading: Reading, rejecting: tuple[Test, ...]) -> int:
    broken = _judged(reading.frame(), rejecting).select((~pl.col(_KEPT)).sum())
    return int(broken.collect(engine="streaming").item())


def _kept_of(reading: Reading, number: int, rows: list[int], rejecting: tuple[Test, ...]) -> int:
    """Give how many of these rows of a file break none of the tests."""
    frame = reading.file(reading.scans[number], numbered=True).filter(pl.col(ROW).is_in(rows))
    return int(_judged(frame, rejecting).select(pl.col(_KEPT).sum()).collect(engine="streaming").item())
