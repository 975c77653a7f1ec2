"""Files read in Python, row by row, where polars cannot read them or takes no notice of what is wrong with a row."""

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

Fault = tuple[Text, int, int]
_QUOTED_CELL = re.compile(r'(?:^|(?<=,))"(?:[^"]|"")*"(?=,|\r?\n?$)')


def strict_rows(raw: RawFile) -> Iterator[tuple[int, list[str]]]:
    """Give the rows of a CSV file, blank lines too, each with its number; the header is row -1."""
    return enumerate(csv.reader(_text(raw), strict=True), start=-1)


def _text(raw: RawFile) -> Iterator[str]:
    """Give the lines of a file; Python 3.11 reads no Zstandard, so polars reads those."""
    if raw.path.name.endswith(".zst"):
        for batch in pl.scan_lines(raw.path, glob=False).collect_batches(engine="streaming"):
            yield from (f"{line}\n".removeprefix("\ufeff") for line in batch.to_series())
        return
    with io.TextIOWrapper(_binary(raw), encoding="utf-8-sig", newline="\n") as text:
        yield from text


def _binary(raw: RawFile) -> io.BufferedReader:
    if raw.path.name.endswith(".gz"):
        return gzip.open(raw.path, "rb")  # type: ignore[return-value]
    return raw.path.open("rb")


def diagnosed(raw: RawFile, error: Exception) -> Fault:
    """Give what is wrong with a file that polars cannot read, with line and column where Python finds them."""
    said = first_line(error)
    if raw.is_parquet:
        return Text(f"not a readable Parquet file: {said}", f"不是可读的 Parquet 文件：{said}"), 1, 1
    unknown = Text(f"not readable as CSV: {said}", f"不能按 CSV 读取：{said}"), 1, 1
    try:
        return _not_decodable(raw) or _not_csv(raw) or _stray_mark(raw) or unknown
    except (pl.exceptions.PolarsError, OSError):
        return unknown


def _not_decodable(raw: RawFile) -> Fault | None:
    """Give the first byte that is not UTF-8, or that the file ends too early."""
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


def _not_csv(raw: RawFile) -> Fault | None:
    """Give the first row that is not CSV, such as one with a quotation mark that is never closed."""
    reader, start = csv.reader(_text(raw), strict=True), 1
    try:
        for _ in reader:
            start = reader.line_num + 1
    except csv.Error as error:
        return Text(f"not CSV: {error}", f"不是合法的 CSV：{error}"), start, 1
    return None


def _stray_mark(raw: RawFile) -> Fault | None:
    """Give the first quotation mark within a cell that does not stand in quotation marks, which RFC 4180 forbids."""
    for number, line in enumerate(_text(raw), start=1):
        rest = _QUOTED_CELL.sub(lambda cell: "x" * len(cell[0]), line)
        if '"' in rest:
            en = 'a quotation mark within a cell; put the cell in quotation marks and write it twice: "5"""'
            return Text(en, '单元格内有引号；请将整格加引号，并把格内引号写两遍："5"""'), number, rest.index('"') + 1
    return None
