"""A register as it is read: all its files as one lazy frame of values, or one of them with the places of its rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from etl.catalogue import RegisterEntry
from etl.registers.parse import UNREAD, parsed, reading_rule
from etl.registers.progress import Progress
from etl.registers.scan import Scan
from schemas.registers import columns, flow, key
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

    def frame(self, only: Collection[str] | None = None, *, as_enum: bool = False) -> pl.LazyFrame:
        """Give the values of all files; of the columns `only`, where they are named; with `as_enum`, codes as enums."""
        frames = [self.file(scan, only, as_enum=as_enum) for scan in self.scans]
        return frames[0] if len(frames) == 1 else pl.concat(frames)

    def file(
        self,
        scan: Scan,
        only: Collection[str] | None = None,
        *,
        numbered: bool = False,
        keep_text: bool = False,
        as_enum: bool = False,
    ) -> pl.LazyFrame:
        """Give the values of one file; with `numbered`, its row numbers as `@row`, with `keep_text`, its cells as `@text x`."""
        wanted = [column for column in self.columns if only is None or column.name in only]
        names = [column.name for column in wanted]
        types = {name: scan.types[name] for name in names}
        frame = scan.frame(names, numbered=numbered)
        return parsed(frame, wanted, types, tolerant=self.tolerant, keep_text=keep_text, as_enum=as_enum)

    def with_scans(self, scans: Sequence[Scan]) -> Reading:
        """Give the same register with other scans of its files."""
        return replace(self, scans=tuple(scans))

    def for_flow(self) -> pl.LazyFrame:
        """Give what the flow needs: the columns it counts by, and the days that a record lasts as `@days`."""
        return with_days(self.frame(flow_columns(self.entry), as_enum=True), self.entry)

    @property
    def size(self) -> int:
        """Number of bytes of all files."""
        return sum(scan.raw.size for scan in self.scans)

    def estimated_rows(self) -> int:
        """Give about how many rows there are, from the first ones; 0 where compression hides it."""
        if any(scan.raw.is_compressed for scan in self.scans):
            return 0
        return sum(scan.estimated_rows() for scan in self.scans)

    def watched(self, frame: pl.LazyFrame, progress: Progress) -> pl.LazyFrame:
        """Give a frame whose rows are counted as they stream by."""
        first = key(self.entry.model)[0]
        seen = pl.col(first).map_batches(progress.see, return_dtype=pl.String, is_elementwise=True)
        return frame.with_columns(seen.alias(first))


def flow_columns(entry: RegisterEntry) -> list[str]:
    """Give the columns that the flow of a register reads."""
    counted = flow(entry.model)
    names = (*counted.keys, counted.opens, counted.closes, *counted.measured, counted.amount, counted.flag)
    return [name for name in dict.fromkeys(names) if name]


def with_days(frame: pl.LazyFrame, entry: RegisterEntry) -> pl.LazyFrame:
    """Give a frame with the days that a record lasts; how days are subtracted depends on the engine."""
    since, until = flow(entry.model).measured
    return frame.with_columns((pl.col(until) - pl.col(since)).dt.total_days().alias(DAYS))
