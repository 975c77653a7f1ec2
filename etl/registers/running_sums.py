"""Sums over groups of records, taken as the records stream by: one scan serves any number of them.

polars 2.1 runs one aggregation of a streaming query at a time and keeps the rows of all others until it is done, so several
of them in one query fill the memory. Here some rows at once are summed up, and the sums are added up. What cannot be added up,
such as a median, and what fails, is computed by a scan of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock

import narwhals.stable.v1 as nw
import polars as pl

ROWS_AT_ONCE, MOST_GROUPS = 500_000, 1_000_000
_ADDED_UP = re.compile(r"(?:col\([^()]*\)(?:\.cast\([^()]*\))?\.(?P<how>sum|count|min|max)|len)\(\)")
_HOW = {"sum": pl.Expr.sum, "count": pl.Expr.sum, "min": pl.Expr.min, "max": pl.Expr.max}


def added_up(measures: Mapping[str, nw.Expr]) -> dict[str, pl.Expr] | None:
    """Give how the measures of parts of a group become those of the group; None where they do not."""
    matches = {name: _ADDED_UP.fullmatch(repr(measure)) for name, measure in measures.items()}
    if not all(matches.values()):
        return None
    return {name: _HOW[match["how"] or "count"](pl.col(name)) for name, match in matches.items() if match}


@dataclass
class RunningSum:
    """What the groups of the records that were seen come to.

    Attributes:
        of: what is computed of records, one row a group.
        added_up: how each measure of the parts of a group becomes that of the group; other columns are the group's.
        last: what becomes of the sums of all parts.
        failed: whether a part could not be computed.
    """

    of: Callable[[pl.LazyFrame], pl.LazyFrame]
    added_up: Mapping[str, pl.Expr]
    last: Callable[[pl.DataFrame], pl.DataFrame] = field(default=lambda sums: sums)
    failed: bool = False
    _parts: list[pl.DataFrame] = field(default_factory=list)

    def see(self, part: pl.DataFrame) -> None:
        """Add what a part of the records comes to."""
        self._parts.append(part)
        if sum(each.height for each in self._parts) > MOST_GROUPS:
            self._parts = [self._added()]

    def result(self) -> pl.DataFrame:
        """Give the sums of all parts."""
        return self.last(self._added())

    def _added(self) -> pl.DataFrame:
        whole = pl.concat(self._parts)
        added = [how.alias(name) for name, how in self.added_up.items() if name in whole.columns]
        keys = [name for name in whole.columns if name not in self.added_up]
        return whole if len(self._parts) == 1 else whole.group_by(keys).agg(added).select(whole.columns)


class RunningSums:
    """The sums that are taken from one scan."""

    def __init__(self, sums: Sequence[RunningSum]) -> None:
        self._sums = sums
        self._waiting: list[pl.DataFrame] = []
        self._lock = Lock()

    def take(self, rows: pl.DataFrame) -> None:
        """Take rows that stream by, by whatever thread; they are summed up when there are enough of them."""
        with self._lock:
            self._waiting.append(rows)
            if sum(each.height for each in self._waiting) < ROWS_AT_ONCE:
                return
            enough, self._waiting = self._waiting, []
        self._sum_up(enough)

    def finish(self) -> None:
        """Sum up the rows that are waiting."""
        if self._waiting:
            self._sum_up(self._waiting)

    def _sum_up(self, rows: list[pl.DataFrame]) -> None:
        batch = pl.concat(rows).lazy()
        running = [each for each in self._sums if not each.failed]
        try:
            parts: list[pl.DataFrame | None] = [*pl.collect_all([each.of(batch) for each in running])]
        except (Exception, pl.exceptions.PanicException):
            parts = [_part(each, batch) for each in running]
        with self._lock:
            for each, part in zip(running, parts, strict=True):
                if part is None:
                    each.failed = True
                else:
                    each.see(part)


def _part(sums: RunningSum, rows: pl.LazyFrame) -> pl.DataFrame | None:
    """Give what rows come to; None where that fails, which a scan of its own will explain."""
    try:
        return sums.of(rows).collect()
    except (Exception, pl.exceptions.PanicException):
        return None
