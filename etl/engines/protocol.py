"""Protocol of an engine: a few operations on frames of its own kind.

Other packages can add engines: a package names a function under the entry point group `etl.engines`; its name is what stands
before the first `:` or `[` of `--engine`. The function takes that text whole, and a memory limit such as `2GB` or nothing, and
returns the engine.

    [project.entry-points."etl.engines"]
    dask = "my_package.on_dask:engine"

The engine must pass `tests/integration/test_engine_conformance.py`, which compares its results with those of polars.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import polars as pl

from etl.registers.reader import RegisterReader
from etl.registers.scan import Scan
from schemas.texts import Text

FILE, BLOCK, ROW = "@file", "@block", "@row"
"""Where a staged row is from: the number of its file; the block of the file, and its number in the block, from 0."""

WHOLE, READ_BY_POLARS = -2, -1
"""Blocks of rows whose number is that of the row in the file; of the second kind are those of files that polars read."""

FITS = "@fits"
"""Whether a staged line is a row; the header is none, nor is what makes a file one that polars must read."""


@dataclass(frozen=True)
class Differences:
    """Differences of an engine from polars.

    Attributes:
        refused: nodes of expressions that it evaluates differently, with what to write instead.
        ends_at_line_break: whether `$` in a pattern also fits before a line break at the end, as in Java.
        sums_flags: whether a sum of flags is the number of those that are true.
    """

    refused: dict[str, Text] = field(default_factory=dict)
    ends_at_line_break: bool = False
    sums_flags: bool = True


class Engine(Protocol):
    """Reads, writes and computes frames of its own kind, which narwhals knows.

    Attributes:
        name: the value of `--engine`.
        differences: from polars.
        failures: the exceptions that it raises where it fails.
        needs_shared_work: whether its workers are on other machines, so that they must reach what is staged.
        keeps_records: whether kept records stay with it if a folder is named: they may be more than this machine holds.
    """

    name: str
    differences: Differences
    failures: tuple[type[Exception], ...]
    needs_shared_work: bool
    keeps_records: bool

    def scan(self, uris: Sequence[str]) -> Any:
        """Scan staged Parquet as one frame."""

    def parse(self, files: Mapping[int, Scan], reader: RegisterReader) -> tuple[Any, list[int]]:
        """Parse numbered raw files into one frame, as in `staging`; list those left out.

        Lines that are no rows are in it too, and do not fit; a file that has such lines is read by polars after all.
        """

    def write(self, frame: Any, uri: str) -> None:
        """Write a frame as Parquet, whole or not at all; what is there is replaced."""

    def remove(self, uri: str) -> None:
        """Remove what was written, if possible; else the next run replaces it."""

    def with_days(self, frame: Any, since: str, until: str, name: str) -> Any:
        """Add the number of days from one day to another, as a whole number."""

    def frame_of(self, rows: pl.DataFrame) -> Any:
        """Turn some rows into a frame of its own."""

    def fetch(self, frame: Any) -> pl.DataFrame:
        """Compute a frame, which is small."""

    def close(self) -> None:
        """Release its resources."""
