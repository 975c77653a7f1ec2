"""A register as it is read: all its files as one lazy frame of values, or one of them with the places of its rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

import polars as pl

from etl.catalogue import RegisterEntry
from etl.registers.parse import CODE, MONTH_OF, TEXT, UNREAD, parsed, reading_rule, type_of
from etl.registers.scan import FILE, ROW, Scan
from schemas.registers import Code, Day, Flow, columns, flow
from schemas.vocabulary import Column

DAYS = "@days"


@dataclass(frozen=True)
class Reading:
    """How a register is read.

    Attributes:
        entry: the register.
        scans: its files.
        tolerant: columns in which spaces around a cell, and names that stand for codes, are read too.
    """

    entry: RegisterEntry
    scans: tuple[Scan, ...]
    tolerant: frozenset[str] = frozenset()

    @property
    def address(self) -> str:
        """Address of the register."""
        return self.entry.address

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The declared columns."""
        return columns(self.entry.model)

    @cached_property
    def names(self) -> frozenset[str]:
        """The columns of the frame of values: the declared ones, and whether a cell of them could not be read."""
        marks = (UNREAD + column.name for column in self.columns if reading_rule(column))
        return frozenset((*(column.name for column in self.columns), *marks))

    def frame(self, only: Collection[str] | None = None, *, numbered: bool = False) -> pl.LazyFrame:
        """Give the values of all files; of the columns `only`, where they are named; with `numbered`, each row's `@file` too."""
        names = self._wanted(only)
        frames = []
        # Files alike are read as one, for each expression that polars is given takes it time.
        for _, scans in groupby(enumerate(self.scans), key=lambda each: [each[1].types[name] for name in names]):
            alike = list(scans)
            texts = [self._texts(number, scan, names, numbered=numbered) for number, scan in alike]
            frames.append(self.values(alike[0][1], texts[0] if len(texts) == 1 else pl.concat(texts), names))
        return frames[0] if len(frames) == 1 else pl.concat(frames)

    def _texts(self, number: int, scan: Scan, names: Sequence[str], *, numbered: bool) -> pl.LazyFrame:
        """Give columns of a file in this order, as they stand; with `numbered`, after `@file` and `@row`."""
        texts = scan.frame(names, numbered=numbered)
        return texts.select(pl.lit(number, pl.UInt32).alias(FILE), ROW, *names) if numbered else texts.select(names)

    def file(self, scan: Scan, only: Collection[str] | None = None, *, numbered: bool = False) -> pl.LazyFrame:
        """Give the values of one file, with what `parse.parsed` tells of them; with `numbered`, its row numbers as `@row`."""
        names = self._wanted(only)
        return self.values(scan, scan.frame(names, numbered=numbered), names)

    def values(self, scan: Scan, texts: pl.LazyFrame, only: Collection[str] | None = None) -> pl.LazyFrame:
        """Give the values of rows of a file that are given as they stand there."""
        wanted = [column for column in self.columns if only is None or column.name in only]
        others = [name for name in texts.collect_schema().names() if name not in scan.types]
        types = {column.name: scan.types[column.name] for column in wanted}
        return parsed(texts.select(*others, *types), wanted, types, tolerant=self.tolerant)

    def _wanted(self, only: Collection[str] | None) -> list[str]:
        return [column.name for column in self.columns if only is None or column.name in only]

    def for_sums(self) -> list[pl.Expr]:
        """Give what sums over groups need of `frame`: codes as enums, months, days, amounts and flags, but no other text."""
        codes = self.code_columns
        days = [each.name for each in self.columns if isinstance(each.dtype, Day)]
        found = [pl.col(CODE + name) for name in codes] + [pl.col(CODE + name).alias(name) for name in codes]
        found += [pl.col(MONTH_OF + name) for name in days]
        return found + [pl.col(each.name) for each in self.columns if type_of(each) != pl.String]

    @cached_property
    def code_columns(self) -> tuple[str, ...]:
        """The columns of codes."""
        return tuple(column.name for column in self.columns if isinstance(column.dtype, Code))

    def with_scans(self, scans: Sequence[Scan]) -> Reading:
        """Give the same register with other scans of its files."""
        return replace(self, scans=tuple(scans))

    @property
    def size(self) -> int:
        """Number of bytes of all files."""
        return sum(scan.raw.size for scan in self.scans)

    def estimated_rows(self) -> int:
        """Give about how many rows there are, from the first ones; 0 where compression hides it."""
        if any(scan.raw.is_compressed for scan in self.scans):
            return 0
        return sum(scan.estimated_rows() for scan in self.scans)


def unread_cells(reading: Reading, column: Column) -> list[str]:
    """Give what stands in the cells of a column that cannot be read, each text once."""
    frame = reading.frame([column.name]).filter(pl.col(UNREAD + column.name)).select(pl.col(TEXT + column.name).unique())
    return frame.collect(engine="streaming").to_series().to_list()


def for_flow(frame: pl.LazyFrame, entry: RegisterEntry) -> pl.LazyFrame:
    """Give what the flow needs of a frame of values: codes by which it counts, months, and the days that a record lasts.

    How days are subtracted, and months counted, depends on the engine.
    """
    counted = flow(entry.model)
    codes = (pl.col(CODE + name).alias(name) for name in counted.keys)
    return frame.with_columns(*codes, lasting(counted).alias(DAYS))


def lasting(counted: Flow) -> pl.Expr:
    """Give the days that a record lasts."""
    since, until = counted.measured
    return (pl.col(until) - pl.col(since)).dt.total_days()


def nothing(entry: RegisterEntry) -> pl.LazyFrame:
    """Give a register without rows, as it is read."""
    declared = columns(entry.model)
    types = {column.name: type_of(column) for column in declared}
    return parsed(pl.LazyFrame(schema=types), declared, types)
