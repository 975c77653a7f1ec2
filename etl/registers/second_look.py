"""The second look, at rows that break a rule: a few of each, with the texts of their cells and their places."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import narwhals.stable.v1 as nw
import polars as pl

from etl.registers.keys import KEY, key_text
from etl.registers.one_pass import Test
from etl.registers.parse import TEXT
from etl.registers.places import Places, places
from etl.registers.reading import Reading
from etl.registers.scan import ROW, Scan
from schemas.registers import key

ROWS_AT_ONCE = 50_000
_HOLDS = "@holds "


@dataclass(frozen=True)
class BrokenRow:
    """A row that breaks a test.

    Attributes:
        test: the test.
        scan: the file.
        row: its number in the file, from 0.
        key: its key as one text.
        cells: what stands in the cells that the test reads; None where blank.
        places: where the rows of the file stand.
    """

    test: Test
    scan: Scan
    row: int
    key: str
    cells: dict[str, object]
    places: Places


def broken_rows(reading: Reading, tests: Sequence[Test], most: int) -> list[BrokenRow]:
    """Give the first rows that break each test, at most so many of each, file by file."""
    found: list[BrokenRow] = []
    number_of = Counter[int]()
    for scan in reading.scans:
        wanted = [test for test in tests if number_of[id(test)] < most and test.holds is not None]
        if not wanted:
            break
        looked = _look(reading, scan, wanted, lambda test: most - number_of[id(test)])
        where = places(scan, (row for _, row, *_ in looked))
        for test, row, key_of_row, cells in looked:
            number_of[id(test)] += 1
            found.append(BrokenRow(test, scan, row, key_of_row, cells, where))
    return found


def _look(
    reading: Reading, scan: Scan, tests: Sequence[Test], room: Callable[[Test], int]
) -> list[tuple[Test, int, str, dict[str, object]]]:
    """Give test, row, key and cells of the first rows of a file that break the tests; reading ends when there is no more room."""
    frame = reading.file(scan, numbered=True, keep_text=True)
    holds = {f"{_HOLDS}{number}": test.holds for number, test in enumerate(tests) if test.holds is not None}
    judged: pl.LazyFrame = nw.from_native(frame).with_columns(**holds).to_native()
    broken = judged.filter(pl.any_horizontal(~pl.col(name) for name in holds))
    broken = broken.with_columns(key_text(list(key(reading.entry.model))).alias(KEY))
    found: dict[int, list[tuple[Test, int, str, dict[str, object]]]] = {number: [] for number in range(len(tests))}

    def take(batch: pl.DataFrame) -> bool:
        for number, test in enumerate(tests):
            left = room(test) - len(found[number])
            if left > 0:
                texts = [f"{TEXT}{name}" for name in test.reads]
                rows = batch.filter(~pl.col(f"{_HOLDS}{number}")).head(left).select(ROW, KEY, *texts)
                for row, key_of_row, *cells in rows.iter_rows():
                    found[number].append((test, row, key_of_row, dict(zip(test.reads, cells, strict=True))))
        return all(room(test) <= len(found[number]) for number, test in enumerate(tests))

    broken.sink_batches(take, chunk_size=ROWS_AT_ONCE, maintain_order=True, engine="streaming")
    return [each for of_test in found.values() for each in of_test]
