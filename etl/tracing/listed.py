"""Tell of lines of registers, and of lists that people edit, cell by cell."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path

import polars as pl

from etl.errors import ProjectError, first_line
from etl.escape import shortened
from etl.project import Project
from etl.raw_files.delimited import MOST_LINES_OF_A_CELL, BrokenRowError, split_row
from etl.raw_files.page import RefusedFileError
from etl.registers.plain_file import inflated_blocks
from etl.registers.raw_files import RawFile, raw_files


def record_at(project: Project, address: str, file: str, line: int) -> Iterator[str]:
    """Tell of a record of a register.

    Raises:
        ProjectError: the file cannot be read so far.
    """
    raw = next((each for each in raw_files(project, address)[0] if each.file == file), None)
    if raw is None:
        return
    try:
        header, cells = _parquet_row(raw, line) if raw.is_parquet else _csv_row(raw, line)
    except (OSError, BrokenRowError, RefusedFileError, pl.exceptions.PolarsError) as error:
        raise ProjectError(f"{file} cannot be read: {first_line(error)}.", f"{file} 无法读取：{first_line(error)}。") from None
    if cells:
        yield f"{address}  {file}:{line}"
        yield from _cells(header, cells)


def _csv_row(raw: RawFile, line: int) -> tuple[Sequence[str], Sequence[str]]:
    """Return the header, and the row that starts on a line; no cells where none does."""
    lines = _lines(raw)
    first = [*islice(lines, MOST_LINES_OF_A_CELL)]
    header, _ = split_row(first, 0, 0)
    following = [*islice(chain(first, lines), line - 1, line + MOST_LINES_OF_A_CELL)]
    return header, split_row(following, 0, len(header))[0] if following else ()


def _lines(raw: RawFile) -> Iterator[str]:
    rest = b""
    for block in inflated_blocks(raw):
        *lines, rest = (rest + block).split(b"\n")
        yield from (line.decode("utf-8-sig", "replace") for line in lines)
    yield rest.decode("utf-8-sig", "replace")


def _parquet_row(raw: RawFile, line: int) -> tuple[Sequence[str], Sequence[str]]:
    rows = pl.scan_parquet(raw.path, glob=False).slice(line - 1, 1).collect().rows()
    names = pl.read_parquet_schema(raw.path)
    return list(names), ["" if cell is None else str(cell) for cell in rows[0]] if rows else ()


def line_of_list(project: Project, file: str, line: int) -> tuple[list[str], dict[str, str]]:
    """Tell of a line of a list, such as `raw/sources.csv`, also of one with faults; return its cells by column, too."""
    text = (project.root / file).read_bytes().decode("utf-8-sig", "replace")
    lines = text.split("\n")
    if not 0 < line <= len(lines):
        return [], {}
    if not file.endswith(".csv"):
        return [f"{file}:{line}", f"  {shortened(lines[line - 1])}"], {}
    rows = csv.reader(io.StringIO(text, newline=""))
    header: list[str] = []
    try:
        for row in rows:
            header = header or row
            if rows.line_num >= line:
                return [f"{file}:{line}", *_cells(header, row)], dict(zip(header, row, strict=False))
    except csv.Error:
        pass
    return [f"{file}:{line}", f"  {shortened(lines[line - 1])}"], {}


def _cells(header: Sequence[str], cells: Sequence[str]) -> Iterator[str]:
    for number, cell in enumerate(cells):
        yield f"  {shortened(header[number]) if number < len(header) else number + 1}: {shortened(cell)}"


def is_within(project: Project, file: Path) -> bool:
    """Whether a file stands in the project itself, and no link leads out of it."""
    real = file.resolve()
    return real.is_file() and real.is_relative_to(project.root.resolve())
