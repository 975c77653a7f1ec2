"""Which records stand in a register more than once: looked for only where the hashes of the keys are not all different."""

from __future__ import annotations

import polars as pl

from etl.registers.one_pass import hashed
from etl.registers.reading import Reading
from etl.registers.scan import FILE, ROW
from schemas.registers import key

SORTED_AT_ONCE = 20_000_000
KEY, FIRST_FILE, FIRST_ROW = "@key", "@first file", "@first row"

NONE_REPEATED = pl.DataFrame(
    schema={FILE: pl.UInt32, ROW: pl.UInt32, KEY: pl.String, FIRST_FILE: pl.UInt32, FIRST_ROW: pl.UInt32}
)


class KeyHashes:
    """The hashes of the keys that stream by: eight bytes a record is all that is remembered of it."""

    def __init__(self) -> None:
        self._parts: list[pl.DataFrame] = []

    def take(self, hashes: pl.DataFrame) -> None:
        """Take hashes, by whatever thread; those of blank keys are null."""
        self._parts.append(hashes.rename({hashes.columns[0]: KEY}).drop_nulls().rechunk())

    def repeated(self) -> pl.DataFrame:
        """Give the hashes that were seen more than once: sorted, they stand side by side.

        Sorting takes half the time and a quarter of the memory of a table of the hashes; a part of them is sorted at a time.
        """
        whole = pl.concat(self._parts, rechunk=False).lazy() if self._parts else pl.LazyFrame(schema={KEY: pl.UInt64})
        number = 1 + sum(part.height for part in self._parts) // SORTED_AT_ONCE
        bounds = [2**64 * each // number for each in range(1, number)]
        found = []
        for low, high in zip([None, *bounds], [*bounds, None], strict=True):
            part = whole if low is None else whole.filter(pl.col(KEY) >= pl.lit(low, pl.UInt64))
            part = part if high is None else part.filter(pl.col(KEY) < pl.lit(high, pl.UInt64))
            hashes = part.collect().to_series().sort()
            found.append(hashes.filter(hashes == hashes.shift(1)).unique().to_frame())
        return pl.concat(found)


def repeated(reading: Reading, hashes: pl.DataFrame) -> pl.DataFrame:
    """Give the rows whose key another row before has: file (by number) and row, the key, and file and row of the first.

    Args:
        reading: the register.
        hashes: of the keys that are there more than once.
    """
    if hashes.is_empty():
        return NONE_REPEATED
    names = list(key(reading.entry.model))
    found = [
        reading.file(scan, names, numbered=True)
        .filter(pl.all_horizontal(pl.col(name).is_not_null() for name in names))
        .with_columns(hashed(names).alias(KEY))
        .join(hashes.lazy(), on=KEY, how="semi")
        .select(pl.lit(number, pl.UInt32).alias(FILE), ROW, key_text(names).alias(KEY))
        .collect(engine="streaming")
        for number, scan in enumerate(reading.scans)
    ]
    rows = pl.concat(found).sort(FILE, ROW)
    rows = rows.with_columns(pl.col(FILE).first().over(KEY).alias(FIRST_FILE), pl.col(ROW).first().over(KEY).alias(FIRST_ROW))
    return rows.filter((pl.col(FILE) != pl.col(FIRST_FILE)) | (pl.col(ROW) != pl.col(FIRST_ROW)))


def key_text(names: list[str]) -> pl.Expr:
    """Give the key of a row as one text, by which waivers know it; a blank part is a question mark."""
    parts = (pl.col(name).cast(pl.String).fill_null("?") for name in names)
    return pl.col(names[0]).cast(pl.String).fill_null("?") if len(names) == 1 else pl.concat_str(*parts, separator=":")
