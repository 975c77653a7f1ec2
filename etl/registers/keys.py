"""Which records stand in a register more than once: asked only where the hashes of the keys are not all different."""

from __future__ import annotations

import polars as pl

from etl.registers.one_pass import hashed
from etl.registers.reading import Reading
from etl.registers.scan import FILE, ROW
from schemas.registers import key

KEY, FIRST_FILE, FIRST_ROW = "@key", "@first file", "@first row"

NONE_REPEATED = pl.DataFrame(
    schema={FILE: pl.UInt32, ROW: pl.UInt32, KEY: pl.String, FIRST_FILE: pl.UInt32, FIRST_ROW: pl.UInt32}
)


def repeated(reading: Reading) -> pl.DataFrame:
    """Give the rows whose key another row before has: file (by number) and row, the key, and file and row of the first."""
    names = list(key(reading.entry.model))
    hashes = reading.frame(names).select(hashed(names).alias(KEY)).group_by(KEY).agg(pl.len())
    suspects = hashes.filter(pl.col("len") > 1).select(KEY).collect(engine="streaming")
    found = [
        reading.file(scan, names, numbered=True)
        .filter(pl.all_horizontal(pl.col(name).is_not_null() for name in names))
        .with_columns(hashed(names).alias(KEY))
        .join(suspects.lazy(), on=KEY, how="semi")
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
