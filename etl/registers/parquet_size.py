"""Measure what a Parquet file would unfold to, before any of its rows is read."""

from __future__ import annotations

import re

import duckdb
import polars as pl

from etl.errors import first_line
from etl.raw_files.page import RefusedFileError
from etl.raw_files.parquet_pages import disagreement
from etl.registers.plain_file import LONGEST_LINE, most_bytes
from etl.registers.raw_files import RawFile
from schemas.texts import Text

ALWAYS_ROWS, MOST_ROWS_OF_A_BYTE = 1_000_000, 8
"""A file may have so many rows in any case, and so many for each of its bytes; a record with a key takes half a byte or more."""

SMALL = 1 << 22
"""In bytes. Of a larger file the cells are not measured: it would take time, and what it unfolds to is in proportion."""

_SIZES = """
    SELECT (SELECT num_rows FROM parquet_file_metadata($path)), coalesce(sum(total_uncompressed_size), 0), bool_or(NOT is_sound)
    FROM (SELECT *, total_uncompressed_size >= 0 AND row_group_num_rows >= 0 AS is_sound FROM parquet_metadata($path))
"""


def refuse_what_unfolds(raw: RawFile) -> None:
    """Refuse a file of more rows, bytes or longer cells than a register of its size has.

    Raises:
        RefusedFileError: it is refused, and why.
        OSError: it is damaged.
    """
    with raw.path.open("rb") as file:
        if problem := disagreement(file):
            raise OSError(problem)
    path = re.sub(r"([*?\[])", r"[\1]", str(raw.path))
    try:
        with duckdb.connect(config={"threads": 1}) as connection:
            found = connection.execute(_SIZES, {"path": path}).fetchone()
    except duckdb.Error as error:
        raise OSError(first_line(error)) from error
    assert found is not None
    rows, size, is_unsound = found
    if is_unsound or rows < 0:
        raise OSError("its metadata has sizes below zero")
    if rows > (most := max(ALWAYS_ROWS, MOST_ROWS_OF_A_BYTE * raw.size)):
        raise _refused(raw, f"hold {rows:,} rows, more than {most:,}", f"含 {rows:,} 行，超过 {most:,} 行")
    _refuse_size(raw, size)
    if raw.size <= SMALL:
        _refuse_cells(raw)


def _refuse_cells(raw: RawFile) -> None:
    """Refuse a file whose texts are too long, one by one or in all; a dictionary holds each of them only once."""
    frame = pl.scan_parquet(raw.path, glob=False)
    names = [name for name, dtype in frame.collect_schema().items() if dtype == pl.String]
    bytes_of = (pl.col(name).str.len_bytes().cast(pl.UInt64) for name in names)
    measures = [measure for each in bytes_of for measure in (each.sum(), each.max().name.prefix("longest "))]
    found = frame.select(measures).collect(engine="streaming").row(0, named=True) if measures else {}
    for name in names:
        if (longest := found[f"longest {name}"] or 0) > LONGEST_LINE:
            en = f"the column {name} has a cell of {longest:,} bytes, where a row has at most {LONGEST_LINE:,}; shorten the cell"
            raise RefusedFileError(Text(en, f"列 {name} 有一个单元格长达 {longest:,} 字节，上限为 {LONGEST_LINE:,} 字节；请缩短"))
    _refuse_size(raw, sum(found[name] for name in names))


def _refuse_size(raw: RawFile, size: int) -> None:
    if size > (most := most_bytes(raw)):
        raise _refused(raw, f"unfold to {size:,}, more than {most:,}", f"展开后达 {size:,} 字节，超过 {most:,} 字节")


def _refused(raw: RawFile, en: str, zh: str) -> RefusedFileError:
    step = Text("as no register does; export the records anew", "不似登记数据；请重新导出")
    return RefusedFileError(Text(f"{raw.size:,} bytes {en}, {step.en}", f"{raw.size:,} 字节{zh}，{step.zh}"))
