"""The rows that break a rule: a few of each, with the texts of their cells, taken as they stream by."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

import polars as pl

from etl.registers.keys import KEY, key_text
from etl.registers.one_pass import HOLDS, Test
from etl.registers.parse import TEXT
from etl.registers.reading import Reading
from etl.registers.scan import FILE, ROW
from schemas.registers import key

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
        self._accepted = {name: list(accepted.get((test.rule.id, test.column), ())) for name, test in self._tests.items()}
        self._names = list(key(reading.entry.model))
        texts = (f"{TEXT}{column.name}" for column in reading.columns)
        self.columns = tuple(dict.fromkeys((FILE, ROW, *self._names, *self._tests, *texts)))
        self._rows: dict[str, list[pl.DataFrame]] = {name: [] for name in self._tests}
        self._lock = Lock()

    def take(self, rows: pl.DataFrame) -> None:
        """Note the rows that break a test, of rows that stream by in any order."""
        for name, test in self._tests.items():
            holds = rows.get_column(name)
            if holds.all():
                continue
            cells = dict.fromkeys((FILE, ROW, *self._names, *(f"{TEXT}{column}" for column in test.reads)))
            broken = rows.select(*cells)[(~holds).arg_true()]
            with self._lock:
                self._rows[name].append(broken)
                if sum(each.height for each in self._rows[name]) > 2 * self._most:
                    self._rows[name] = [self._first(name)]

    def _first(self, name: str) -> pl.DataFrame:
        """Give the first of the rows that were noted for a test, and those that are accepted."""
        ordered = pl.concat(self._rows[name]).sort(FILE, ROW)
        is_accepted = ordered.select(key_text(self._names)).to_series().is_in(self._accepted[name])
        return ordered.filter(is_accepted | ((~is_accepted).cum_sum() <= self._most))

    def rows(self) -> list[BrokenRow]:
        """Give the rows, test by test."""
        return [
            BrokenRow(self._tests[name], file, row, key_of_row, dict(zip(self._tests[name].reads, cells, strict=True)))
            for name, found in self._rows.items()
            for file, row, key_of_row, *cells in (self._shown(name).iter_rows() if found else ())
        ]

    def _shown(self, name: str) -> pl.DataFrame:
        texts = [f"{TEXT}{column}" for column in self._tests[name].reads]
        return self._first(name).select(FILE, ROW, key_text(self._names).alias(KEY), *texts)
