"""The rows that break a rule: a few of each, with the texts of their cells, taken as they stream by."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from etl.registers.keys import KEY, key_text
from etl.registers.one_pass import HOLDS, Test
from etl.registers.parse import TEXT
from etl.registers.reading import Reading
from etl.registers.scan import FILE, ROW
from schemas.registers import key

ROWS_AT_ONCE = 50_000

Accepted = Mapping[tuple[str, str], Collection[str]]
"""By rule and column, the keys of rows that may break the rule."""


@dataclass(frozen=True)
class BrokenRow:
    """A row that breaks a test.

    Attributes:
        test: the test.
        file: the number of its file.
        row: its number in the file, from 0.
        key: its key as one text.
        cells: what stands in the cells that the test reads; None where blank.
    """

    test: Test
    file: int
    row: int
    key: str
    cells: dict[str, object]


class BrokenRows:
    """The first rows that break each of some tests, at most so many of each, and those of which somebody accepts it."""

    def __init__(self, tests: Sequence[Test], most: int, accepted: Accepted) -> None:
        self._tests = {f"{HOLDS}{number}": test for number, test in enumerate(tests) if test.holds is not None}
        self._most = most
        self._accepted = {name: list(accepted.get((test.rule.id, test.column), ())) for name, test in self._tests.items()}
        self._left = dict.fromkeys(self._tests, most)
        self._found: dict[str, list[BrokenRow]] = {name: [] for name in self._tests}

    def watched(self, judged: pl.LazyFrame, reading: Reading) -> pl.LazyFrame:
        """Give a frame that, when it is collected, shows the broken rows of a judged frame to `take`, and keeps none."""
        names = list(key(reading.entry.model))
        texts = (f"{TEXT}{column.name}" for column in reading.columns)
        rows = judged.filter(~pl.all_horizontal(*self._tests)) if self._tests else judged.head(0)
        rows = rows.select(FILE, ROW, key_text(names).alias(KEY), *self._tests, *texts)
        return rows.sink_batches(self.take, chunk_size=ROWS_AT_ONCE, maintain_order=True, lazy=True)

    def take(self, batch: pl.DataFrame) -> None:
        """Note the first rows of a batch that break each test."""
        for name, test in self._tests.items():
            if self._left[name] or self._accepted[name]:
                texts = [f"{TEXT}{column}" for column in test.reads]
                rows = batch.filter(~pl.col(name)).select(FILE, ROW, KEY, *texts)
                is_accepted = pl.col(KEY).is_in(self._accepted[name])
                others = rows.filter(~is_accepted).head(self._left[name])
                self._left[name] -= others.height
                for file, row, key_of_row, *cells in (*rows.filter(is_accepted).iter_rows(), *others.iter_rows()):
                    found = dict(zip(test.reads, cells, strict=True))
                    self._found[name].append(BrokenRow(test, file, row, key_of_row, found))

    def forget(self) -> None:
        """Forget all rows."""
        self._found = {name: [] for name in self._tests}
        self._left = dict.fromkeys(self._tests, self._most)

    def rows(self) -> list[BrokenRow]:
        """Give the rows, test by test."""
        return [row for of_test in self._found.values() for row in of_test]
