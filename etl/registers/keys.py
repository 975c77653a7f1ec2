"""Which records stand in a register more than once: looked for only where the hashes of the keys are not all different."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from threading import Lock

import polars as pl

from etl.registers.few_rows import rows_of
from etl.registers.places import Places
from etl.registers.reading import Reading
from etl.registers.scan import FILE, ROW
from schemas.registers import key

SORTED_AT_ONCE = 20_000_000
HASH, KEY, FIRST_FILE, FIRST_ROW = "@hash", "@key", "@first file", "@first row"

NONE_REPEATED = pl.DataFrame(
    schema={FILE: pl.UInt32, ROW: pl.UInt32, KEY: pl.String, FIRST_FILE: pl.UInt32, FIRST_ROW: pl.UInt32}
)


class KeyHashes:
    """The hashes of the keys that stream by: eight bytes a record is all that is remembered of it, and where each part stood."""

    COLUMNS = (FILE, ROW, HASH)

    def __init__(self) -> None:
        self._parts: list[pl.Series] = []
        self._places: list[tuple[int, int]] = []
        self._lock = Lock()

    def take(self, rows: pl.DataFrame) -> None:
        """Take rows, by whatever thread; the hashes of blank keys are null."""
        files, numbers = rows.get_column(FILE), rows.get_column(ROW)
        step = (numbers.diff() != 1) | (files.diff() != 0)
        starts = [0, *step.arg_true()] if rows.height else []
        hashes = rows.get_column(HASH).rechunk()
        with self._lock:
            for start, end in zip(starts, [*starts[1:], rows.height], strict=False):
                self._parts.append(hashes.slice(start, end - start))
                self._places.append((int(files[start]), int(numbers[start])))

    def repeated(self) -> pl.DataFrame:
        """Give the rows whose hash was seen more than once: file and row."""
        hashes = self._repeated()
        if hashes.is_empty():
            return pl.DataFrame(schema=dict.fromkeys((FILE, ROW), pl.UInt32))
        at = pl.concat(self._parts, rechunk=False).is_in(hashes.implode()).arg_true()
        ends = pl.Series(accumulate(map(len, self._parts)), dtype=pl.UInt32)
        part = ends.search_sorted(at, side="right")
        files, firsts = (pl.Series(values, dtype=pl.Int64) for values in zip(*self._places, strict=True))
        rows = firsts.gather(part) + at - (ends.gather(part) - pl.Series(map(len, self._parts), dtype=pl.UInt32).gather(part))
        return pl.DataFrame({FILE: files.gather(part), ROW: rows}).cast(pl.UInt32).sort(FILE, ROW)

    def _repeated(self) -> pl.Series:
        """Give the hashes that were seen more than once: sorted, they stand side by side.

        Sorting takes half the time and a quarter of the memory of a table of the hashes; a part of them is sorted at a time.
        """
        parts = [part.rename(HASH).to_frame() for part in self._parts] or [pl.DataFrame(schema={HASH: pl.UInt64})]
        whole = pl.concat(parts, rechunk=False).lazy().drop_nulls()
        number = 1 + sum(map(len, self._parts)) // SORTED_AT_ONCE
        bounds = [2**64 * each // number for each in range(1, number)]
        found = []
        for low, high in zip([None, *bounds], [*bounds, None], strict=True):
            part = whole if low is None else whole.filter(pl.col(HASH) >= pl.lit(low, pl.UInt64))
            part = part if high is None else part.filter(pl.col(HASH) < pl.lit(high, pl.UInt64))
            hashes = part.collect().to_series().sort()
            found.append(hashes.filter(hashes == hashes.shift(1)).unique())
        return pl.concat(found)


def repeated(reading: Reading, rows: pl.DataFrame, where: Mapping[int, Places] | None = None) -> pl.DataFrame:
    """Give the rows whose key another row before has: file (by number) and row, the key, and file and row of the first.

    Args:
        reading: the register.
        rows: those whose key has a hash that another row's key has.
        where: their places, by file, as far as these are known; None for none.
    """
    names = list(key(reading.entry.model))
    found = []
    for (number,), of_file in rows.partition_by(FILE, as_dict=True).items():
        frame = rows_of(reading, number, of_file.get_column(ROW), (where or {}).get(number), names)
        found.append(frame.select(pl.lit(number, pl.UInt32).alias(FILE), ROW, key_text(names).alias(KEY)))
    if not found:
        return NONE_REPEATED
    known = pl.concat(pl.collect_all(found, engine="streaming")).sort(FILE, ROW)
    known = known.with_columns(pl.col(FILE).first().over(KEY).alias(FIRST_FILE), pl.col(ROW).first().over(KEY).alias(FIRST_ROW))
    return known.filter((pl.col(FILE) != pl.col(FIRST_FILE)) | (pl.col(ROW) != pl.col(FIRST_ROW)))


def key_text(names: list[str]) -> pl.Expr:
    """Give the key of a row as one text, by which waivers know it; a blank part is a question mark."""
    parts = (pl.col(name).cast(pl.String).fill_null("?") for name in names)
    return pl.col(names[0]).cast(pl.String).fill_null("?") if len(names) == 1 else pl.concat_str(*parts, separator=":")
