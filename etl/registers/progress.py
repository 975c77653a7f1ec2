"""How far a scan has come, told on the way: rows, megabytes a second, and the time that is left."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

FIRST_AFTER_SECONDS, EVERY_SECONDS = 1.0, 1.0

Say = Callable[[str], None]


@dataclass
class Progress:
    """Counts the rows that stream by, and tells of them once a scan has lasted a second.

    Attributes:
        what: what is done, and of what.
        say: told a line now and then.
        rows: number of rows in all, as far as it is known beforehand; 0 where it is not.
        size: number of bytes of the files.
        first_after: for how many seconds nothing is told.
    """

    what: str
    say: Say
    rows: int = 0
    size: int = 0
    first_after: float = FIRST_AFTER_SECONDS
    seen: int = 0
    _started: float = field(default_factory=time.monotonic)
    _last: float = -EVERY_SECONDS

    def see(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Count rows that stream by, and give them back as they are."""
        self.seen += rows.height
        now = time.monotonic()
        if now - self._started >= self.first_after and now - self._last >= EVERY_SECONDS:
            self._last = now
            self.say(self._line(now - self._started))
        return rows

    def _line(self, seconds: float) -> str:
        parts = [f"{self.what}: {self.seen:,} rows"]
        if self.rows and self.seen:
            share = min(1.0, self.seen / self.rows)
            parts.append(f"{self.size * share / seconds / 1e6:,.0f} MB/s")
            parts.append(f"{seconds * (1 - share) / share:,.0f} s left")
        else:
            parts.append(f"{self.seen / seconds:,.0f} rows/s")
        return ", ".join(parts)


def silent(text: str) -> None:
    """Say nothing."""
