"""Convert columns of a Parquet file to text: only strings and plain numbers."""

from __future__ import annotations

import io
import math
from decimal import Decimal
from typing import Any

from etl.raw_files.parquet_pages import disagreement
from etl.raw_files.stored_numbers import MOST_CHARACTERS_OF_A_CELL, certain_decimal, written

MOST_ROWS = 200_000
"""Of a table of figures."""

MOST_BYTES = 64 * 2**20
"""Of all texts; a file holds each of them only once, however often it stands in the table."""


def read(request: dict[str, Any], content: bytes) -> dict[str, Any]:
    """Read the columns of a file, or say why it is refused.

    Returns:
        `refused`: the reason in both languages; or `columns`: for each its name, the name of its type, whether that is
        `text`, `number` or `other`, and its texts, of which `other` has none.
    """
    import polars as pl

    try:
        if problem := disagreement(io.BytesIO(content)):
            return {"refused": [f"it is cut off or damaged: {problem}", f"文件被截断或损坏：{problem}"]}
        schema = pl.read_parquet_schema(io.BytesIO(content))
        rows = pl.scan_parquet(io.BytesIO(content)).select(pl.len()).collect().item()
        if rows > MOST_ROWS:
            en = f"it has {rows:,} rows; a table of figures has fewer than {MOST_ROWS:,}, and records belong in a register"
            return {"refused": [en, f"共 {rows:,} 行，超过统计表上限 {MOST_ROWS:,} 行；逐条记录应放入登记簿"]}
        frame = pl.read_parquet(io.BytesIO(content), glob=False)
        if frame.schema != schema or frame.height != rows:
            return {"refused": ["its parts do not agree with what it says of itself", "文件各部分与其元数据不符"]}
        if too_much := _too_much_text(frame):
            return {"refused": too_much}
        return {"columns": [_column(frame[name]) for name in frame.columns]}
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the reader (PanicException) is no Exception
        reason = " ".join(str(error).split())[:200]
        return {"refused": [f"it is cut off or damaged: {reason}", f"文件被截断或损坏：{reason}"]}


def _too_much_text(frame: Any) -> list[str]:
    """Say in both languages that a cell is too long, or all texts are; empty if not."""
    import polars as pl

    size = 0
    for texts in frame.select(pl.col(pl.String)):
        size += texts.str.len_bytes().cast(pl.UInt64).sum()
        if (longest := texts.str.len_chars().max() or 0) > MOST_CHARACTERS_OF_A_CELL:
            most = f"{MOST_CHARACTERS_OF_A_CELL:,}"
            en = f"the column {texts.name} has a cell of {longest:,} characters, where none may have more than {most}"
            return [en, f"列 {texts.name} 有一个单元格长达 {longest:,} 个字符，超过上限 {most}"]
    if size <= MOST_BYTES:
        return []
    en = f"its texts unfold to {size:,} bytes; a table of figures has at most {MOST_BYTES >> 20} MiB"
    return [en, f"文本展开后达 {size:,} 字节，超过统计表上限 {MOST_BYTES >> 20} MiB"]


def _column(series: Any) -> tuple[str, str, str, list[str | None]]:
    import polars as pl

    dtype = series.dtype
    if dtype in (pl.String, pl.Null) or isinstance(dtype, pl.Categorical | pl.Enum):
        return series.name, str(dtype), "text", series.cast(pl.String).to_list()
    if dtype.is_integer() or isinstance(dtype, pl.Decimal):
        return series.name, str(dtype), "number", [None if value is None else written(Decimal(value)) for value in series]
    if dtype.is_float():
        bits = int(str(dtype).removeprefix("Float"))
        return series.name, str(dtype), "number", [_written(value, bits) for value in series]
    return series.name, str(dtype), "other", []


def _written(value: float | None, bits: int) -> str | None:
    """Write a number by its certain digits; a non-finite one stays and is no figure."""
    if value is None:
        return None
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else str(value)
    return written(certain_decimal(value, bits))
