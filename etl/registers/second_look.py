"""The rows that break a rule: a few of each, with the texts of their cells, taken as they stream by."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from threading import Lock
from typing import Any

import polars as pl

from etl.registers.keys import KEY, key_text
from etl.registers.one_pass import HOLDS, Test
from etl.registers.parse import TEXT
from etl.registers.reading import Reading
from etl.registers.scan import FILE, ROW
from schemas.registers import key

_Row = tuple[Any, ...]
"""Number of the file, number of the row, key, and the texts of the cells that the test reads."""

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
    """The first rows that break each of some tests, at most so many of each, and those of which somebody accepts it.

    Attributes:
        columns: those that it must be shown of judged rows.
    """

    def __init__(self, reading: Reading, tests: Sequence[Test], most: int, accepted: Accepted) -> None:
        self._tests = {f"{HOLDS}{number}": test for number, test in enumerate(tests) if test.holds is not None}
        self._most = most
        self._accepted = {name: set(accepted.get((test.rule.id, test.column), ())) for name, test in self._tests.items()}
        self._names = list(key(reading.entry.model))
        texts = (f"{TEXT}{column.name}" for column in reading.columns)
        self.columns = tuple(dict.fromkeys((FILE, ROW, *self._names, *self._tests, *texts)))
        self._rows: dict[str, list[_Row]] = {name: [] for name in self._tests}
        self._last: dict[str, tuple[int, int]] = {}
        self._lock = Lock()

    def take(self, rows: pl.DataFrame) -> None:
        """Note the rows that break a test, of rows that stream by in any order."""
        for name, test in self._tests.items():
            holds = rows.get_column(name)
            if holds.all() or self._are_after_enough(name, rows):
                continue
            texts = [f"{TEXT}{column}" for column in test.reads]
            broken = rows.select(*dict.fromkeys((FILE, ROW, *self._names, *texts)))[(~holds).arg_true()]
            told = broken.select(FILE, ROW, key_text(self._names).alias(KEY), *texts)
            if told.height > self._most:
                is_accepted = pl.col(KEY).is_in(list(self._accepted[name]))
                told = told.sort(FILE, ROW).filter(is_accepted | ((~is_accepted).cum_sum() <= self._most))
            with self._lock:
                # A frame, however small, would keep in memory all the text that it was taken from.
                self._rows[name] += told.rows()
                if len(self._rows[name]) > 2 * self._most:
                    self._keep_first(name)

    def _are_after_enough(self, name: str, rows: pl.DataFrame) -> bool:
        """Whether as many rows are known as are asked for, all before these."""
        if name not in self._last or self._accepted[name]:
            return False
        file, row = rows.select(pl.col(FILE).min(), pl.col(ROW).min()).row(0)
        return bool((file, row) > self._last[name])

    def _keep_first(self, name: str) -> None:
        """Keep the first of the rows that break a test, and those that are accepted."""
        first, others = [], 0
        for row in sorted(self._rows[name], key=itemgetter(0, 1)):
            is_accepted = row[2] in self._accepted[name]
            others += not is_accepted
            if is_accepted or others <= self._most:
                first.append(row)
            if others == self._most and not is_accepted:
                self._last[name] = row[:2]
        self._rows[name] = first

    def rows(self) -> list[BrokenRow]:
        """Give the rows, test by test."""
        for name in self._rows:
            self._keep_first(name)
        return [
            BrokenRow(self._tests[name], file, row, key_of_row, dict(zip(self._tests[name].reads, cells, strict=True)))
            for name, found in self._rows.items()
            for file, row, key_of_row, *cells in found
        ]
