"""What an engine is: a few words about frames of its own, which nobody else looks into.

Others can add theirs: a package names a function under the entry point group `etl.engines`; its name is what stands before the
first `:` or `[` of `--engine`. The function takes that text whole, and a memory limit such as `2GB` or nothing, and gives the
engine.

    [project.entry-points."etl.engines"]
    dask = "my_package.on_dask:engine"

What it gives must pass `tests/integration/test_engine_conformance.py`, which holds the rules' words to what polars makes of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import polars as pl

from etl.registers.scan import Scan
from schemas.vocabulary import Column

FILE, BLOCK, ROW = "@file", "@block", "@row"
"""Where a staged row is from: the number of its file; the block of the file, and its number in the block, from 0."""

WHOLE, READ_BY_DRIVER = -2, -1
"""Blocks of rows whose number is that of the row in the file; of the second kind are those of files that polars read."""

FITS = "@fits"
"""Whether a staged line is a row; the header is none, nor is what makes a file one that the driver must read."""


@dataclass(frozen=True)
class Differences:
    """In what an engine is not as polars.

    Attributes:
        refused: words of expressions that come to something else, with what to write instead.
        ends_at_line_break: whether `$` in a pattern also fits before a line break at the end, as in Java.
        sums_flags: whether a sum of flags is the number of those that are true.
    """

    refused: dict[str, str] = field(default_factory=dict)
    ends_at_line_break: bool = False
    sums_flags: bool = True


@dataclass(frozen=True)
class RawScan:
    """A raw file that an engine may read by itself: its number among those of its register, and how it is scanned."""

    number: int
    scan: Scan


class Engine(Protocol):
    """Reads, writes and computes frames of its own kind, which narwhals knows.

    Attributes:
        name: as it stands after `--engine`.
        differences: in what it is not as polars.
        failures: what it raises where it fails, whatever is asked of it.
        needs_shared_work: whether its workers are on other machines, so that they must reach what is staged.
        keeps_records: whether kept records stay with it where somebody names a folder: they may be more than this machine holds.
    """

    name: str
    differences: Differences
    failures: tuple[type[Exception], ...]
    needs_shared_work: bool
    keeps_records: bool

    def scan(self, uris: Sequence[str]) -> Any:
        """Give staged Parquet as one frame."""

    def parse(self, files: Sequence[RawScan], columns: Sequence[Column], tolerant: frozenset[str]) -> tuple[Any, list[int]]:
        """Give one frame of all lines of raw files, as `staging` describes it, and the numbers of files that it has none of.

        Lines that are no rows are in it too, and do not fit; a file that has such lines is read by the driver after all.
        """

    def write(self, frame: Any, uri: str) -> None:
        """Write a frame as Parquet, whole or not at all; what is there is replaced."""

    def remove(self, uri: str) -> None:
        """Remove what was written, where it is there; where that cannot be done it stays, and is replaced by the next run."""

    def with_days(self, frame: Any, since: str, until: str, name: str) -> Any:
        """Give a frame with the number of days from one day to another, as whole numbers."""

    def frame_of(self, rows: pl.DataFrame) -> Any:
        """Give some rows as a frame of its own."""

    def fetch(self, frame: Any) -> pl.DataFrame:
        """Compute a frame; only what is small is asked for."""

    def close(self) -> None:
        """End what was begun for it."""
