"""Find repeated records; keys are compared only where their hashes are the same."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock

import numpy as np
import polars as pl

from etl.registers.reader import RegisterReader
from etl.registers.scan import FILE, ROW
from etl.registers.source_locations import SourceLocations, reread_rows
from schemas.registers import key

SORTED_AT_ONCE = 20_000_000
HASH, KEY, FIRST_FILE, FIRST_ROW = "@hash", "@key", "@first file", "@first row"

NONE_REPEATED = pl.DataFrame(
    schema={FILE: pl.UInt32, ROW: pl.UInt32, KEY: pl.String, FIRST_FILE: pl.UInt32, FIRST_ROW: pl.UInt32}
)


class KeyHashes:
    """Hashes of the keys that stream by, eight bytes a record, and starts of row runs."""

    COLUMNS = (FILE, ROW, HASH)

    def __init__(self) -> None:
        self._runs: list[pl.Series] = []
        self._starts: list[tuple[int, int]] = []
        self._lock = Lock()

    def take(self, rows: pl.DataFrame) -> None:
        """Take rows, by any thread; the hashes of blank keys are null."""
        files, numbers = rows.get_column(FILE), rows.get_column(ROW)
        if not rows.height:
            return
        starts, first, last = [0], (files[0], numbers[0]), (files[-1], numbers[-1])
        if last != (first[0], first[1] + rows.height - 1):  # rows come in the order of their files, though some may be left out
            starts.extend(((numbers.diff() != 1) | (files.diff() != 0)).arg_true())
        hashes = rows.get_column(HASH).rechunk()
        with self._lock:
            for start, end in zip(starts, [*starts[1:], rows.height], strict=False):
                self._runs.append(hashes.slice(start, end - start))
                self._starts.append((int(files[start]), int(numbers[start])))

    def find_repeated(self) -> pl.DataFrame:
        """List file and row of the rows whose hash was seen more than once."""
        hashes = self._repeated_hashes()
        if not hashes.size:
            return pl.DataFrame(schema=dict.fromkeys((FILE, ROW), pl.UInt32))
        at = pl.concat(self._runs, rechunk=False).is_in(pl.Series(hashes).implode()).arg_true().to_numpy()
        lengths = np.array([len(run) for run in self._runs])
        ends, (files, firsts) = np.cumsum(lengths), np.array(self._starts).T
        run = np.searchsorted(ends, at, side="right")
        rows = firsts[run] + at - (ends - lengths)[run]
        return pl.DataFrame({FILE: files[run], ROW: rows}).cast(pl.UInt32).sort(FILE, ROW)

    def _repeated_hashes(self) -> np.ndarray[tuple[int], np.dtype[np.uint64]]:
        """List the hashes that were seen more than once: sorted, they stand side by side.

        Sorting takes less time and memory than a table of the hashes; so much of them is sorted at a time, by their first bits.
        """
        hashes = pl.concat([pl.Series(dtype=pl.UInt64), *self._runs], rechunk=False)
        number = 1 + len(hashes) // SORTED_AT_ONCE
        found = []
        for part in range(number):
            # polars 2.1 sorts with one thread in less work than with more; numpy 2.4 is quicker or much slower, by the processor.
            some = hashes if number == 1 else hashes.filter(hashes // 2**32 * number // 2**32 == part)
            ordered = some.drop_nulls().rechunk().sort(multithreaded=False).to_numpy()
            found.append(np.unique(ordered[1:][ordered[1:] == ordered[:-1]]))
        return np.concatenate(found)


def hash_key(names: tuple[str, ...]) -> pl.Expr:
    """Compute 64 bits of a key; null where a part of it is blank."""
    parts = [pl.col(name).cast(pl.String) for name in names]
    text = pl.col(names[0]) if len(names) == 1 else pl.concat_str(*parts, separator="\x1f")
    return pl.when(text.is_not_null()).then(text.hash(seed=0)).alias(HASH)


def key_text(names: tuple[str, ...]) -> pl.Expr:
    """Write the key of a row as text, as in waivers; a blank part is a question mark."""
    parts = [pl.col(name).cast(pl.String).fill_null("?") for name in names]
    return (parts[0] if len(parts) == 1 else pl.concat_str(*parts, separator=":")).alias(KEY)


def confirm_repeated(reader: RegisterReader, candidates: pl.DataFrame, where: Mapping[int, SourceLocations]) -> pl.DataFrame:
    """Read candidates again, and list those whose key an earlier row has.

    The result is that of `later_ones`; `where` has the places of some.
    """
    names = key(reader.entry.model)
    found = []
    for (number,), of_file in candidates.partition_by(FILE, as_dict=True).items():
        frame = reread_rows(reader, number, of_file.get_column(ROW), where.get(number), names)
        found.append(frame.select(pl.lit(number, pl.UInt32).alias(FILE), ROW, key_text(names)))
    return later_ones(pl.concat(pl.collect_all(found, engine="streaming"))) if found else NONE_REPEATED


def later_ones(rows: pl.DataFrame) -> pl.DataFrame:
    """List the rows whose key an earlier row has: file, row, `@key`, first row."""
    rows = rows.sort(FILE, ROW)
    rows = rows.with_columns(pl.col(FILE).first().over(KEY).alias(FIRST_FILE), pl.col(ROW).first().over(KEY).alias(FIRST_ROW))
    return rows.filter((pl.col(FILE) != pl.col(FIRST_FILE)) | (pl.col(ROW) != pl.col(FIRST_ROW)))
