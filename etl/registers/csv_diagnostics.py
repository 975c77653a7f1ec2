"""Locate the fault that made polars refuse a raw file, by reading it row by row."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Iterator

import polars as pl

from etl.errors import first_line
from etl.findings import Text
from etl.registers.raw_files import RawFile

FileFault = tuple[Text, int, int]
"""What is wrong with a file, and on which line and in which column."""

_QUOTED_CELL = re.compile(r'(?:^|(?<=,))"(?:[^"]|"")*"(?=,|\r?\n?$)')


def strict_rows(raw: RawFile) -> Iterator[tuple[int, list[str]]]:
    """Yield numbered rows of a CSV file, blank lines included; the header is row -1."""
    return enumerate(csv.reader(_lines(raw), strict=True), start=-1)


def _lines(raw: RawFile) -> Iterator[str]:
    if raw.path.name.endswith(".zst"):  # Python 3.11 reads no Zstandard.
        for batch in pl.scan_lines(raw.path, glob=False).collect_batches(engine="streaming"):
            yield from (f"{line}\n".removeprefix("\ufeff") for line in batch.to_series())
        return
    with io.TextIOWrapper(_binary(raw), encoding="utf-8-sig", newline="\n") as text:
        yield from text


def _binary(raw: RawFile) -> io.BufferedReader:
    is_packed = raw.path.name.endswith(".gz")
    return gzip.open(raw.path, "rb") if is_packed else raw.path.open("rb")  # type: ignore[return-value]


def diagnose(raw: RawFile, error: Exception) -> FileFault:
    """Explain why polars cannot read a file, with line and column where known."""
    reason = first_line(error)
    if raw.is_parquet:
        return Text(f"not a readable Parquet file: {reason}", f"不是可读的 Parquet 文件：{reason}"), 1, 1
    unknown = Text(f"not readable as CSV: {reason}", f"不能按 CSV 读取：{reason}"), 1, 1
    try:
        return _find_undecodable_byte(raw) or _find_broken_row(raw) or _find_stray_quote(raw) or unknown
    except (pl.exceptions.PolarsError, OSError):
        return unknown


def _find_undecodable_byte(raw: RawFile) -> FileFault | None:
    """Find the first byte that is not UTF-8, or the line where the file is cut off."""
    if raw.path.name.endswith(".zst"):
        return None
    number = 0
    try:
        with _binary(raw) as lines:
            for line in lines:
                number += 1
                line.decode("utf-8")
    except UnicodeDecodeError as error:
        byte, column = error.object[error.start], len(error.object[: error.start].decode("utf-8", "replace")) + 1
        en = f"byte 0x{byte:02x} is not UTF-8. Save the file as UTF-8 (in Excel: CSV UTF-8)."
        return Text(en, f"字节 0x{byte:02x} 不是 UTF-8。请将文件另存为 UTF-8（Excel 中选 CSV UTF-8）。"), number, column
    except (OSError, EOFError) as error:
        return Text(f"cannot be read to its end: {error}", f"文件无法读完：{error}"), max(1, number), 1
    return None


def _find_broken_row(raw: RawFile) -> FileFault | None:
    """Find the first row that is not CSV, such as one whose quotation mark stays open."""
    reader, start = csv.reader(_lines(raw), strict=True), 1
    try:
        for _ in reader:
            start = reader.line_num + 1
    except csv.Error as error:
        return Text(f"not CSV: {error}", f"不是合法的 CSV：{error}"), start, 1
    return None


def _find_stray_quote(raw: RawFile) -> FileFault | None:
    """Find the first quotation mark inside an unquoted cell, which RFC 4180 forbids."""
    for number, line in enumerate(_lines(raw), start=1):
        rest = _QUOTED_CELL.sub(lambda cell: "x" * len(cell[0]), line)
        if '"' in rest:
            en = 'a quotation mark within a cell; put the cell in quotation marks and write it twice: "5"""'
            return Text(en, '单元格内有引号；请将整格加引号，并把格内引号写两遍："5"""'), number, rest.index('"') + 1
    return None
