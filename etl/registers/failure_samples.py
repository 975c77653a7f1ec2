"""Sample failed rows as they stream by: the first of each test, and waived ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import itemgetter, or_
from threading import Lock
from typing import Any

import polars as pl

from etl.findings import WaivedKeys as WaivedKeys
from etl.registers.keys import KEY, key_text
from etl.registers.parse import TEXT
from etl.registers.reader import RegisterReader
from etl.registers.row_tests import HOLDS, RowTest
from etl.registers.scan import FILE, ROW
from schemas.registers import key

MOST_FINDINGS = 1000
"""Of each rule."""


@dataclass(frozen=True)
class FailedRow:
    """Row that fails a test.

    Attributes:
        test: the test.
        file: the number of its file.
        row: its number in the file, from 0.
        key: its key as one text.
        cells: the text of each cell that the test reads; None where blank.
    """

    test: RowTest
    file: int
    row: int
    key: str
    cells: dict[str, object]


@dataclass
class _Samples:
    """Rows that fail one test: file, row, key, and the texts of the cells it reads."""

    test: RowTest
    most: int
    waived: set[str]
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    last: tuple[int, int] | None = None

    def add(self, failed: list[tuple[Any, ...]]) -> None:
        self.rows += failed
        if len(self.rows) > 2 * self.most:
            self.keep_first()

    def keep_first(self) -> None:
        first, others = [], 0
        for row in sorted(self.rows, key=itemgetter(0, 1)):
            is_waived = row[2] in self.waived
            others += not is_waived
            if is_waived or others <= self.most:
                first.append(row)
            if others == self.most and not is_waived:
                self.last = row[:2]
        self.rows = first

    def has_enough_before(self, rows: pl.DataFrame) -> bool:
        """Tell whether there are as many rows as are wanted, all before these."""
        if self.last is None or self.waived:
            return False
        return bool(rows.select(pl.col(FILE).min(), pl.col(ROW).min()).row(0) > self.last)


class FailureSamples:
    """First rows that fail each test, at most so many of each, and all waived ones.

    Attributes:
        columns: those that must be shown to it of tested rows.
    """

    def __init__(self, reader: RegisterReader, tests: Sequence[RowTest], most: int, waived: WaivedKeys) -> None:
        self._samples = {
            f"{HOLDS}{number}": _Samples(test, most, set(waived.get((test.rule.id, test.column), ())))
            for number, test in enumerate(tests)
            if test.holds is not None
        }
        self._key = key(reader.entry.model)
        self.columns = (FILE, ROW, *self._key, *self._samples, *(f"{TEXT}{column.name}" for column in reader.columns))
        self._lock = Lock()

    def take(self, rows: pl.DataFrame) -> None:
        """Note the rows that fail a test, of rows that stream by in any order."""
        failing = {name: each for name, each in self._samples.items() if not rows.get_column(name).all()}
        failing = {name: each for name, each in failing.items() if not each.has_enough_before(rows)}
        if not failing:
            return
        # Once for all tests: rows with a fault are few, and a query takes its time, however little it has to do.
        fails = [~rows.get_column(name) for name in failing]
        texts = [name for name in self.columns if name.startswith(TEXT)]
        shown = rows.filter(reduce(or_, fails)).select(FILE, ROW, key_text(self._key), *texts, *failing)
        # A frame, however small, would keep in memory all the text that it was taken from.
        cells = {name: column.to_list() for name, column in zip(shown.columns, shown.get_columns(), strict=True)}
        for name, samples in failing.items():
            of_test = [cells[each] for each in (FILE, ROW, KEY, *(f"{TEXT}{column}" for column in samples.test.reads))]
            failed = [tuple(column[at] for column in of_test) for at, holds in enumerate(cells[name]) if holds is False]
            with self._lock:
                samples.add(failed)

    def rows(self) -> list[FailedRow]:
        """List the rows, test by test."""
        for samples in self._samples.values():
            samples.keep_first()
        return [
            FailedRow(samples.test, file, row, key_of_row, dict(zip(samples.test.reads, cells, strict=True)))
            for samples in self._samples.values()
            for file, row, key_of_row, *cells in samples.rows
        ]
