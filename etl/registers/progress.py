"""Report the progress of a scan: rows, megabytes a second, and remaining time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from schemas.texts import Text

FIRST_AFTER_SECONDS, EVERY_SECONDS = 1.0, 1.0

Say = Callable[[Text], None]


@dataclass
class Progress:
    """Progress of a scan, reported once it has lasted a second.

    Attributes:
        what: what is done, and of what.
        say: called with a line now and then.
        rows: number of rows in all; 0 if it is not known beforehand.
        size: number of bytes of the files.
        first_after: for how many seconds nothing is reported.
    """

    what: Text
    say: Say
    rows: int = 0
    size: int = 0
    first_after: float = FIRST_AFTER_SECONDS
    seen: int = 0
    _started: float = field(default_factory=time.monotonic)
    _last: float = -EVERY_SECONDS

    def see(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Count rows that stream by, and return them as they are."""
        self.seen += rows.height
        now = time.monotonic()
        if now - self._started >= self.first_after and now - self._last >= EVERY_SECONDS:
            self._last = now
            self.say(self._line(now - self._started))
        return rows

    def _line(self, seconds: float) -> Text:
        if not (self.rows and self.seen):
            speed = self.seen / seconds
            return Text(
                f"{self.what.en}: {self.seen:,} rows, {speed:,.0f} rows/s",
                f"{self.what.zh}：{self.seen:,} 行，每秒 {speed:,.0f} 行",
            )
        share = min(1.0, self.seen / self.rows)
        speed, left = self.size * share / seconds / 1e6, seconds * (1 - share) / share
        return Text(
            f"{self.what.en}: {self.seen:,} rows, {speed:,.0f} MB/s, {left:,.0f} s left",
            f"{self.what.zh}：{self.seen:,} 行，每秒 {speed:,.0f} MB，尚需 {left:,.0f} 秒",
        )


def silent(text: Text) -> None:
    """Say nothing."""
