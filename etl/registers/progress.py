"""Report the progress of long work: how much is done, how fast, and the remaining time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from schemas.texts import Text

if TYPE_CHECKING:
    import polars as pl

FIRST_AFTER_SECONDS, EVERY_SECONDS = 2.0, 1.0

Item = TypeVar("Item")
Say = Callable[[Text], None]


@dataclass(frozen=True, slots=True)
class Step(Text):
    """A line of progress, in place of which the next is shown.

    Attributes:
        is_last: whether the work is done, so that the line need not stay.
    """

    is_last: bool = False


@dataclass
class Progress:
    """Progress of work, reported once it has lasted two seconds.

    Attributes:
        what: what is done, and of what.
        say: called with a `Step` now and then.
        rows: number of rows or other items in all; 0 if it is not known beforehand.
        size: number of bytes of the files; 0 where that says nothing.
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
        self._count(rows.height)
        return rows

    def watch(self, items: Iterable[Item]) -> Iterator[Item]:
        """Count items that pass by, to their end."""
        for item in items:
            self._count(1)
            yield item
        self.end()

    def end(self) -> None:
        """Report that the work is done, if any of it was reported."""
        if self._last > 0:
            self._say(self.what + Text(": done", "：完成"), is_last=True)

    def _count(self, number: int) -> None:
        self.seen += number
        now = time.monotonic()
        if now - self._started >= self.first_after and now - self._last >= EVERY_SECONDS:
            self._last = now
            self._say(self._line(now - self._started))

    def _say(self, text: Text, *, is_last: bool = False) -> None:
        self.say(Step(text.en, text.zh, is_last))

    def _line(self, seconds: float) -> Text:
        if not (self.rows and self.seen):
            speed = self.seen / seconds
            return self.what + Text(f": {self.seen:,} rows, {speed:,.0f} rows/s", f"：{self.seen:,} 行，每秒 {speed:,.0f} 行")
        share = min(1.0, self.seen / self.rows)
        left = seconds * (1 - share) / share
        if not self.size:
            return self.what + Text(
                f": {self.seen:,} of {self.rows:,}, {left:,.0f} s left", f"：{self.seen:,}/{self.rows:,}，约剩 {left:,.0f} 秒"
            )
        speed = self.size * share / seconds / 1e6
        return self.what + Text(
            f": {self.seen:,} rows, {speed:,.0f} MB/s, {left:,.0f} s left",
            f"：{self.seen:,} 行，每秒 {speed:,.0f} MB，约剩 {left:,.0f} 秒",
        )


def silent(text: Text) -> None:
    """Say nothing."""
