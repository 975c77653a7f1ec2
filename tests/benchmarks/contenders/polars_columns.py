"""What the contenders on polars share: the file as a lazy frame, with its days, numbers and flags read."""

import polars as pl
from cases import YEAR_OF_NUMBER, YES, Task


def scan(task: Task) -> pl.LazyFrame:
    """Return the file: eight columns of text, and beside them what they say; null where they cannot be read."""
    text = pl.scan_parquet(task.file) if task.is_parquet else pl.scan_csv(task.file, infer_schema=False)
    return text.with_columns(
        received=pl.col("received_on").str.to_date("%Y-%m-%d", strict=False),
        closed=pl.col("closed_on").str.to_date("%Y-%m-%d", strict=False),
        amount=pl.col("amount_yuan").cast(pl.Float64, strict=False),
        month=pl.col("received_on").str.slice(0, 7),
        year=pl.col("case_number").str.extract(YEAR_OF_NUMBER),
        investigated=pl.col("technical_investigator").is_in(YES),
    )
