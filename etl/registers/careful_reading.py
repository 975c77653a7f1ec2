"""Read files with more care where the assumptions of a quick scan do not hold.

A quick scan takes for granted that every row is as wide as the header, and that no line is blank. What shows that this does
not hold is counted in the same pass; then the file is read in another way from there on.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from etl.registers.csv_diagnostics import strict_rows
from etl.registers.row_tests import BLANK_LINES, BLANKS
from etl.registers.scan import ROW, OpenedFile, Scan


def set_aside_unreadable(files: Sequence[OpenedFile]) -> bool:
    """Set aside unreadable files or rows; return whether there were any."""
    found = False
    for file in files:
        if file.scan is None:
            continue
        try:
            names = [name for name in file.scan.names if name in file.scan.types]
            file.scan.frame(names).select(pl.col(names).null_count()).collect(engine="streaming")
        except (pl.exceptions.PolarsError, OSError) as error:
            found = True
            _read_strictly(file, error)
    return found


def read_with_more_care(files: Sequence[OpenedFile], counts: Mapping[str, Any], whole: set[str]) -> bool:
    """Change how files are read where the counts of a scan ask for it.

    Returns whether any was changed.
    The files that were looked at are added to `whole`: they are known to have no short row.
    """
    changed = False
    for file in files:
        scan = file.scan
        if scan is None or scan.raw.is_parquet or scan.is_strict:
            continue
        is_plain = _blank_rows_are_blank_lines(scan) if counts[BLANK_LINES] and not scan.has_blank_lines else None
        if is_plain:
            scan = file.scan = replace(scan, has_blank_lines=True)
            changed = True
        is_whole = scan.raw.file in whole or counts.get(f"{BLANKS}{scan.names[-1]}") == 0
        whole.add(scan.raw.file)
        if is_plain is False or (not is_whole and _may_have_short_rows(scan)):
            _read_strictly(file)
            changed = True
    return changed


def _read_strictly(file: OpenedFile, refused: Exception | None = None) -> None:
    """Set aside the rows that are not as wide as the header.

    A file that cannot be read so either, or was read so before, is refused.
    """
    scan = file.scan
    assert scan is not None
    if refused is not None and (scan.raw.is_parquet or scan.is_strict):
        file.refuse(refused)
        return
    misfits, blank = [], []
    try:
        for number, row in strict_rows(scan.raw):
            if number >= 0 and not row:
                blank.append(number)
            elif number >= 0 and len(row) != len(scan.names):
                misfits.append(number)
    except (csv.Error, UnicodeDecodeError, EOFError, pl.exceptions.PolarsError, OSError) as error:
        file.refuse(refused or error)
        return
    file.scan = replace(scan, set_aside=tuple(misfits), has_blank_lines=False, blank_lines=tuple(blank), is_strict=True)


def _blank_rows_are_blank_lines(scan: Scan) -> bool | None:
    """Tell whether the rows without any cell are blank lines; None if there are none.

    Not so of a row of commas only, nor where line breaks within cells move the lines.
    """
    numbers = scan.every_row().filter(scan.is_blank).select(ROW).collect(engine="streaming").to_series()
    if numbers.is_empty():
        return None
    lines = pl.scan_lines(scan.raw.path, row_index_name=ROW, glob=False).filter(pl.col("line") == "")
    return numbers.equals(lines.select(pl.col(ROW) - 1).collect(engine="streaming").to_series())


def _may_have_short_rows(scan: Scan) -> bool:
    """Tell whether a row may have fewer cells than the header.

    Polars fills such a row with blanks and says nothing.
    Only to be asked where the last column has blanks, for else every row is whole.
    """
    line, commas = pl.col("line"), len(scan.names) - 1
    lines = pl.scan_lines(scan.raw.path, glob=False).filter(line != "")

    def is_short(cells: pl.Expr) -> pl.Expr:
        return (cells.str.count_matches(",", literal=True) != commas).any()

    short, quoted = lines.select(is_short(line), line.str.contains('"', literal=True).any().alias("quoted")).collect().row(0)
    if quoted:
        return bool(lines.select(is_short(line.str.replace_all('"[^"]*"', ""))).collect().item())
    return bool(short)
