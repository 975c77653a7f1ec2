"""Parse raw files in Spark, by the same strict grammar as `registers.parse`.

A CSV file is read line by line, so that its parts can be read apart; a line that is no row by itself, for it has line breaks
in quotation marks, more or fewer cells, or is blank, does not fit, and its file is left to polars.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from etl.engines.protocol import BLOCK, FILE, FITS, ROW, WHOLE
from etl.registers.parse import AMOUNT, FIRST_DAY, LAST_DAY, NO, TEXT, YES, code_names, reading_rule
from etl.registers.reader import RegisterReader
from etl.registers.scan import Scan
from schemas.code_lists import CodeLists
from schemas.models import Column
from schemas.registers import Code, Day, Flag, Money

_CELL = r'"[^"]*(?:""[^"]*)*"|[^,"]*'
_CELLS = rf"(?:^|,)({_CELL})"
_ROW = rf"^(?:{_CELL})(?:,(?:{_CELL}))*\z"
_NO_TEXT = r"[\x00\r\x{FFFD}]"
_LINE, _PATH, _ALL = "@line", "@path", "@cells"
_READABLE = (pl.String, pl.Date, pl.Boolean, pl.Int8, pl.Int16, pl.Int32, pl.Int64, pl.Decimal, pl.Categorical, pl.Enum, pl.Null)
_MONEY = f"decimal({Money.DIGITS},{Money.DECIMALS})"


def frame_of(session: Any, rows: pl.DataFrame) -> Any:
    """Turn rows into a data frame, as Arrow: a list would need Python on the workers."""
    return session.createDataFrame(rows.to_arrow())


def parse_lines(
    session: Any,
    files: Mapping[int, Scan],
    header: str,
    reader: RegisterReader,
) -> Any:
    """Parse the lines of CSV files that have the same header."""
    from pyspark.sql import functions as f

    paths = [str(scan.raw.path.resolve()) for scan in files.values()]
    numbers = frame_of(session, pl.DataFrame({_PATH: paths, FILE: [*files]}))
    lines = session.read.option("lineSep", "\n").text([f"file://{path}" for path in paths])
    cut = f.when(f.col("value").endswith("\r"), f.expr("substring(value, 1, length(value) - 1)")).otherwise(f.col("value"))
    lines = lines.select(
        cut.alias(_LINE),
        f.url_decode(f.regexp_replace(f.col("_metadata.file_path"), "^file:/*", "/")).alias(_PATH),
        f.col("_metadata.file_block_start").cast("bigint").alias(BLOCK),
        f.monotonically_increasing_id().alias(ROW),
    ).join(f.broadcast(numbers), _PATH, "left")
    line = f.col(_LINE)
    is_quoted = line.contains('"')
    names = next(iter(files.values())).names
    in_quotes = f.transform(f.regexp_extract_all(line, f.lit(_CELLS), f.lit(1)), _unquoted)
    lines = lines.withColumn(_ALL, f.when(is_quoted, in_quotes).otherwise(f.split(line, ",", -1)))
    is_header = line == header  # one that stands in the file again makes it one that polars must read
    is_text = f.is_valid_utf8(line) & ~line.rlike(_NO_TEXT)
    fits = (f.size(_ALL) == len(names)) & (line != "") & (~is_quoted | line.rlike(_ROW)) & is_text & ~is_header
    texts = {}
    for column in reader.columns:
        cell = f.get(f.col(_ALL), f.lit(names.index(column.name))) if column.name in names else f.lit(None).cast("string")
        texts[column.name] = f.when(cell != "", cell)
    read = lines.select(FILE, BLOCK, ROW, fits.alias(FITS), *(text.alias(TEXT + name) for name, text in texts.items()))
    return _typed(read, reader, {})


def parse_parquet(session: Any, number: int, scan: Scan, reader: RegisterReader) -> Any | None:
    """Parse a Parquet file; None if Spark may read the type of a column differently."""
    from pyspark.sql import functions as f

    names, types = scan.names, pl.scan_parquet(scan.raw.path, glob=False).collect_schema()
    if any(not isinstance(dtype, _READABLE) for dtype in types.values()) or any("`" in name for name in types):
        return None
    frame = session.read.parquet(f"file://{scan.raw.path.resolve()}")
    held = {name: f.col(f"`{title}`") for name, title in zip(names, types, strict=True)}
    texts = [held.get(column.name, f.lit(None).cast("string")).alias(TEXT + column.name) for column in reader.columns]
    place = (f.lit(number).cast("bigint").alias(FILE), f.lit(WHOLE).cast("bigint").alias(BLOCK))
    row = f.col("_metadata.row_index").cast("bigint").alias(ROW)
    read = frame.select(*place, row, f.lit(True).alias(FITS), *texts)
    return _typed(read, reader, dict(zip(names, types.values(), strict=True)))


def _unquoted(cell: Any) -> Any:
    from pyspark.sql import functions as f

    inner = f.replace(f.substring(cell, f.lit(2), f.length(cell) - 2), f.lit('""'), f.lit('"'))
    return f.when(cell.startswith('"'), inner).otherwise(cell)


def _typed(read: Any, reader: RegisterReader, types: dict[str, pl.DataType]) -> Any:
    """Select what is staged: values, and the texts of columns with a grammar."""
    from pyspark.sql import functions as f

    selected, lists = [FILE, BLOCK, ROW, FITS], reader.entry.catalogue.lists
    for column in reader.columns:
        value = _value(column, types.get(column.name, pl.String()), lists, column.name in reader.tolerant)
        selected.append(value.alias(column.name))
    for column in reader.columns:
        if reading_rule(column):
            selected.append(f.col(f"`{TEXT}{column.name}`").cast("string").alias(TEXT + column.name))
    return read.select(*selected)


def _value(column: Column, dtype: pl.DataType, lists: CodeLists, is_tolerant: bool) -> Any:
    from pyspark.sql import functions as f

    cell, kind = f.col(f"`{TEXT}{column.name}`"), type(column.dtype)
    if isinstance(dtype, pl.Date) and kind is Day:
        return f.when(cell.between(f.lit(FIRST_DAY), f.lit(LAST_DAY)), cell)
    if kind is Money and not isinstance(dtype, pl.String | pl.Null):
        return cell.try_cast(_MONEY)
    if kind is Flag and isinstance(dtype, pl.Boolean):
        return cell
    cell = cell.cast("string")
    if is_tolerant:
        cell = f.regexp_replace(cell, r"(?U)^\s+|\s+\z", "")
        cell = f.when(cell != "", cell)
    if kind is Code:
        return _code(cell, code_names(column, lists), is_tolerant)
    if kind is Day:
        day = f.when(cell.rlike(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\z"), cell.try_cast("date"))
        return f.when(day.between(f.lit(FIRST_DAY), f.lit(LAST_DAY)), day)
    if kind is Money:
        return f.when(cell.rlike(AMOUNT.removesuffix("$") + r"\z"), cell.try_cast(_MONEY))
    if kind is Flag:
        return f.when(cell.isin([*YES, *NO]), cell.isin(list(YES)))
    return cell


def _code(cell: Any, names: Mapping[str, str], is_tolerant: bool) -> Any:
    """Parse a code that is listed; tolerantly, a name that stands for one."""
    from pyspark.sql import functions as f

    if not is_tolerant:
        return f.when(cell.isin(list(dict.fromkeys(names.values()))), cell)
    listed = ", ".join(_literal(text) for pair in names.items() for text in pair)
    return f.try_element_at(f.expr(f"map({listed})"), cell)


def _literal(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
