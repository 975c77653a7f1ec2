"""By what means the rows of a register are gone through: by polars, or by an engine that comes to the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from etl.catalogue import RegisterEntry
from etl.registers.counting import Counted, count
from etl.registers.keys import repeated
from etl.registers.places import Places
from etl.registers.progress import Say
from etl.registers.reading import unread_cells
from etl.registers.scan import Opened
from etl.registers.second_look import Accepted
from etl.registers.sieve import Sieve, sieve
from schemas.vocabulary import Column

Kept = Callable[[], tuple[pl.DataFrame, pl.DataFrame]]
"""Counts the kept records: `flows.counts` and `flows.lasted` of them."""


@dataclass(frozen=True, slots=True)
class Left:
    """Kept records that stay with an engine, and are not in the warehouse.

    Attributes:
        uri: the Parquet that holds them.
        records: their number.
    """

    uri: str
    records: int


Leave = Callable[[str], Left]
"""Sees that the kept records are somewhere for good, by the hash of all that they rest on."""


class Means(Protocol):
    """What goes through the rows of a register. Only counts, some rows and what groups come to leave it."""

    def count(
        self,
        entry: RegisterEntry,
        files: Sequence[Opened],
        accepted: Accepted,
        say: Say,
        tolerant: frozenset[str] = frozenset(),
    ) -> Counted | None:
        """Give what is counted of all rows, as `counting.count` does; None where no file can be read."""

    def repeated(self, counted: Counted, where: Mapping[int, Places]) -> pl.DataFrame:
        """Give the rows whose key another row before has, as `keys.repeated` does."""

    def unread(self, counted: Counted, column: Column) -> Iterable[str]:
        """Give what stands in the cells of a column that cannot be read, each text once."""

    def sieve(self, counted: Counted, again: pl.DataFrame, accepted: Accepted, where: Mapping[int, Places]) -> Sieve:
        """Give which rows are kept, and how many, as `sieve.sieve` does."""

    def kept(self, counted: Counted, sieve: Sieve) -> Kept | None:
        """Give what counts the kept records; None where that is left to whoever asks."""

    def leave(self, counted: Counted, sieve: Sieve) -> Leave | None:
        """Give what leaves the kept records with the engine; None where they are loaded into the warehouse."""


class ByPolars:
    """The default: polars reads the raw files as a stream, each time that something is asked of them."""

    def count(
        self,
        entry: RegisterEntry,
        files: Sequence[Opened],
        accepted: Accepted,
        say: Say,
        tolerant: frozenset[str] = frozenset(),
    ) -> Counted | None:
        """Give what one pass over the files counts."""
        return count(entry, files, accepted, say, tolerant)

    def repeated(self, counted: Counted, where: Mapping[int, Places]) -> pl.DataFrame:
        """Give the rows whose key another row before has."""
        return repeated(counted.reading, counted.repeated, where)

    def unread(self, counted: Counted, column: Column) -> Iterable[str]:
        """Give what stands in the cells of a column that cannot be read."""
        return unread_cells(counted.reading, column)

    def sieve(self, counted: Counted, again: pl.DataFrame, accepted: Accepted, where: Mapping[int, Places]) -> Sieve:
        """Give which rows are kept."""
        return sieve(counted, again, accepted, where)

    def kept(self, counted: Counted, sieve: Sieve) -> Kept | None:
        """Leave it to whoever asks."""
        return None

    def leave(self, counted: Counted, sieve: Sieve) -> Leave | None:
        """Have them loaded."""
        return None
