"""Read a register as a lazy frame of values, of all its files or of one."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import polars as pl

from etl.catalogue import RegisterEntry
from etl.registers.group_codes import GroupCodes
from etl.registers.parse import CODE, MONTH_OF, UNREAD, parse_cells, reading_rule, record_codes, type_of
from etl.registers.scan import FILE, ROW, Scan
from schemas.models import Column
from schemas.registers import Code, columns, flow


@dataclass(frozen=True)
class RegisterReader:
    """Reader of a register.

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
        """Declared columns."""
        return columns(self.entry.model)

    @cached_property
    def names(self) -> frozenset[str]:
        """Columns that rules may read: declared ones, and marks of unreadable cells."""
        marks = (UNREAD + column.name for column in self.columns if reading_rule(column))
        return frozenset((*(column.name for column in self.columns), *marks))

    def frame(self, only: Collection[str] | None = None) -> pl.LazyFrame:
        """Read all files, or `only` some columns, each row with its `@file` and `@row`."""
        names = self._wanted(only)
        frames = []
        # Files of the same types are read as one, for polars takes time for each expression.
        for _, scans in groupby(enumerate(self.scans), key=lambda each: [each[1].types[name] for name in names]):
            alike = list(scans)
            texts = (scan.frame(names).select(pl.lit(number, pl.UInt32).alias(FILE), ROW, *names) for number, scan in alike)
            frames.append(self.parse(alike[0][1], pl.concat(texts), names))
        return pl.concat(frames)

    def file(self, scan: Scan, only: Collection[str] | None = None) -> pl.LazyFrame:
        """Read one file, each row with its `@row`."""
        names = self._wanted(only)
        return self.parse(scan, scan.frame(names), names)

    def parse(self, scan: Scan, texts: pl.LazyFrame, only: Collection[str] | None = None) -> pl.LazyFrame:
        """Parse rows of a file that are given as they stand there."""
        wanted = [column for column in self.columns if only is None or column.name in only]
        others = [name for name in texts.collect_schema().names() if name not in scan.types]
        types = {column.name: scan.types[column.name] for column in wanted}
        return parse_cells(texts.select(*others, *types), wanted, types, self.entry.catalogue.lists, tolerant=self.tolerant)

    def _wanted(self, only: Collection[str] | None) -> list[str]:
        return [column.name for column in self.columns if only is None or column.name in only]

    def for_groups(self, days: Iterable[str]) -> list[pl.Expr]:
        """Select what groups are counted by: codes as enums, months, non-text values.

        Args:
            days: the columns of which the month is selected too.
        """
        codes = [each.name for each in self.columns if isinstance(each.dtype, Code)]
        found = [pl.col(CODE + name) for name in codes] + [pl.col(CODE + name).alias(name) for name in codes]
        found += [pl.col(MONTH_OF + name) for name in dict.fromkeys(days)]
        return found + [pl.col(each.name) for each in self.columns if type_of(each) != pl.String]

    @property
    def size(self) -> int:
        """Number of bytes of all files."""
        return sum(scan.raw.size for scan in self.scans)

    def estimated_rows(self) -> int:
        """Estimate the number of rows from the first ones; 0 where compression hides it."""
        if any(scan.raw.is_compressed for scan in self.scans):
            return 0
        return sum(scan.estimated_rows() for scan in self.scans)


def group_codes(entry: RegisterEntry) -> GroupCodes:
    """Return how the codes by which the flow of a register is counted are packed."""
    declared = {column.name: column for column in columns(entry.model)}
    return GroupCodes({name: record_codes(declared[name], entry.catalogue.lists) for name in flow(entry.model).keys})


def no_rows(entry: RegisterEntry) -> pl.LazyFrame:
    """Return a register without rows, as it is read."""
    declared = columns(entry.model)
    types = {column.name: type_of(column) for column in declared}
    return parse_cells(pl.LazyFrame(schema=types), declared, types, entry.catalogue.lists)
