"""A raw file of a register as a lazy frame of its declared columns, with what is wrong with the file as a whole."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl

from etl.errors import did_you_mean
from etl.findings import Finding, Text, found
from etl.registers.parse import is_readable_type, type_of
from etl.registers.raw_files import RawFile
from etl.registers.strictly import diagnosed, strict_rows
from schemas import standing
from schemas.standing_registers import COLUMN_HAS_ITS_TYPE
from schemas.vocabulary import Column, Rule

FILE, ROW = "@file", "@row"
SAMPLE_BYTES = 1 << 16
_UNKNOWN = "@unknown "


@dataclass(frozen=True)
class Scan:
    """A file that can be read.

    Attributes:
        raw: the file.
        names: for each of its columns, the declared column that it is; one that is none is `@unknown` and its number.
        types: of the declared columns; an optional one that the file lacks is null throughout.
        set_aside: rows, from 0, that do not fit the header.
        has_blank_lines: whether the rows without any cell are blank lines, which are no rows.
        blank_lines: rows, from 0, that are blank lines, where others without any cell are rows.
        is_strict: whether every row was read by a strict reader, so that the above is known of each.
    """

    raw: RawFile
    names: tuple[str, ...]
    types: Mapping[str, pl.DataType]
    set_aside: tuple[int, ...] = ()
    has_blank_lines: bool = False
    blank_lines: tuple[int, ...] = ()
    is_strict: bool = False

    def frame(self, columns: Collection[str], *, numbered: bool = False) -> pl.LazyFrame:
        """Give columns as they stand; with `numbered`, the number of each row in the file, from 0, as `@row`."""
        left_out = [*self.set_aside, *self.blank_lines]
        frame = self._whole(numbered or bool(left_out))
        if left_out:
            frame = frame.filter(~pl.col(ROW).is_in(left_out))
        if self.has_blank_lines:
            frame = frame.filter(~pl.all_horizontal(pl.col(name).is_null() for name in self.names))
        absent = [pl.lit(None, self.types[name]).alias(name) for name in columns if name not in self.names]
        present = [name for name in columns if name in self.names]
        return frame.select(*([ROW] if numbered else []), *present, *absent)

    def _whole(self, numbered: bool) -> pl.LazyFrame:
        if self.raw.is_parquet:
            # The file may have a column of the same name.
            frame = pl.scan_parquet(self.raw.path, glob=False, row_index_name=f"{ROW} of {self.raw.file}" if numbered else None)
            names = (ROW, *self.names) if numbered else self.names
            return frame.rename(dict(zip(frame.collect_schema().names(), names, strict=True)))
        # A quoted header may have lines, so a row is skipped, not a line.
        return self._csv(self.raw.path, skip_rows=1, row_index_name=ROW if numbered else None)

    def of_lines(self, lines: Sequence[str], rows: pl.Series) -> pl.LazyFrame:
        """Give rows, each of which is a line, as `frame` would give those of the file, with their numbers."""
        frame = self._csv(io.BytesIO("\n".join(lines).encode())).collect() if lines else pl.DataFrame(schema=self._texts)
        absent = [pl.lit(None, dtype).alias(name) for name, dtype in self.types.items() if name not in self.names]
        return frame.lazy().with_columns(rows.alias(ROW), *absent).select(ROW, *self.types)

    def _csv(self, source: Path | io.BytesIO, **options: Any) -> pl.LazyFrame:
        return pl.scan_csv(
            source,
            has_header=False,
            schema=self._texts,
            null_values="",  # In quotation marks too.
            missing_columns="insert",  # Else polars 2.1 reads no file whose first row is short.
            extra_columns="ignore" if self.is_strict else "raise",
            truncate_ragged_lines=self.is_strict,
            glob=False,
            **options,
        )

    @property
    def _texts(self) -> dict[str, pl.DataType]:
        return dict.fromkeys(self.names, pl.String())

    def estimated_rows(self) -> int:
        """Give the number of rows of a Parquet file, and about that of a CSV file, from the length of its first lines."""
        if self.raw.is_parquet:
            return int(pl.scan_parquet(self.raw.path, glob=False).select(pl.len()).collect().item())
        with self.raw.path.open("rb") as file:
            start = file.read(SAMPLE_BYTES)
        return self.raw.size * start.count(b"\n") // max(1, len(start))


@dataclass
class Opened:
    """What became of a file: how to scan it, where it can be read, and what is wrong with it."""

    raw: RawFile
    scan: Scan | None = None
    findings: list[Finding] = field(default_factory=list)

    def report(self, address: str, rule: Rule, message: Text, line: int = 1, column: int = 1) -> None:
        """Add a finding."""
        self.findings.append(found(rule, address, self.raw.place(line, column), message))


def opened(raw: RawFile, address: str, columns: Sequence[Column]) -> Opened:
    """Open a file: read its header or its footer, and nothing else."""
    result = Opened(raw)
    try:
        titles, types = _parquet_columns(raw) if raw.is_parquet else _csv_columns(raw)
    except pl.exceptions.NoDataError:
        result.report(address, standing.FILE_HAS_ROWS, Text("the file is empty", "文件为空"))
        return result
    except (pl.exceptions.PolarsError, OSError) as error:
        result.report(address, standing.FILE_IS_READABLE, *diagnosed(raw, error))
        return result
    if not any(titles):
        result.report(address, standing.COLUMN_IS_PRESENT, Text("the first line names no column", "首行没有列名"))
        return result
    names = _named(result, address, titles, columns)
    found_types = dict(zip(names, types, strict=True))
    unfit = [column for column in columns if column.name in names and not is_readable_type(column, found_types[column.name])]
    for column in unfit:
        _report_type(result, address, column, found_types[column.name], names.index(column.name) + 1)
    missing = [column for column in columns if column.name not in names and not column.optional]
    for column in missing:
        en, zh = f"the column {column.name} ({column.meaning.zh}) is missing", f"缺少列 {column.name}（{column.meaning.zh}）"
        result.report(address, standing.COLUMN_IS_PRESENT, Text(en, zh))
    if not unfit and not missing:
        known = {column.name: found_types.get(column.name, type_of(column)) for column in columns}
        result.scan = Scan(raw, names, known)
    return result


def _parquet_columns(raw: RawFile) -> tuple[list[str], list[pl.DataType]]:
    if not raw.size:
        raise pl.exceptions.NoDataError("the file has no bytes")
    schema = pl.scan_parquet(raw.path, glob=False).collect_schema()
    return schema.names(), schema.dtypes()


def _csv_columns(raw: RawFile) -> tuple[list[str], list[pl.DataType]]:
    header = pl.scan_csv(
        raw.path, has_header=False, n_rows=1, infer_schema=False, truncate_ragged_lines=True, glob=False
    ).collect()
    if header.is_empty():
        raise pl.exceptions.NoDataError("the file has no line")
    titles = [str(title or "").strip() for title in header.row(0)]
    return titles, [pl.String()] * len(titles)


def _named(result: Opened, address: str, titles: Sequence[str], columns: Sequence[Column]) -> tuple[str, ...]:
    """Give for each title the declared column that it names, and report those that name none."""
    declared = {name: column.name for column in columns for name in (column.name, column.meaning.zh)}
    names: list[str] = []
    for position, title in enumerate(titles):
        name = declared.get(title)
        if name is None or name in names:
            name, near = f"{_UNKNOWN}{position}", did_you_mean(title, declared)
            message = Text(f"no column {title!r} is declared.{near}", f"未声明的列“{title}”。")
            if title in declared:
                message = Text(f"the column {declared[title]} is there twice", f"列 {declared[title]} 重复")
            at = position + 1 if result.raw.is_parquet else 1 + sum(len(each) + 1 for each in titles[:position])
            result.report(address, standing.COLUMN_IS_KNOWN, message, column=at)
        names.append(name)
    return tuple(names)


def _report_type(result: Opened, address: str, column: Column, dtype: pl.DataType, position: int) -> None:
    wanted = type_of(column)
    message = Text(
        f"{column.name} is {dtype}; write it as {wanted}, or as text in the form of a CSV file",
        f"列 {column.name} 的类型为 {dtype}，应为 {wanted}，或按 CSV 格式写作文本",
    )
    result.report(address, COLUMN_HAS_ITS_TYPE, message, column=position)


def strictly_read(scan: Scan) -> Scan:
    """Give the scan with the rows set aside that have more or fewer cells than the header."""
    misfits, blank = [], []
    for number, row in strict_rows(scan.raw):
        if number >= 0 and not row:
            blank.append(number)
        elif number >= 0 and len(row) != len(scan.names):
            misfits.append(number)
    return replace(scan, set_aside=tuple(misfits), has_blank_lines=False, blank_lines=tuple(blank), is_strict=True)


def blank_rows_are_blank_lines(scan: Scan) -> bool | None:
    """Whether the rows without any cell are the blank lines; None where there are none.

    Not so of a row of commas only, nor where line breaks within cells move the lines.
    """
    rows = scan._whole(numbered=True).filter(pl.all_horizontal(pl.col(name).is_null() for name in scan.names))
    numbers = rows.select(ROW).collect(engine="streaming").to_series()
    if numbers.is_empty():
        return None
    lines = pl.scan_lines(scan.raw.path, row_index_name=ROW, glob=False).filter(pl.col("line") == "")
    return numbers.equals(lines.select(pl.col(ROW) - 1).collect(engine="streaming").to_series())


def may_have_short_rows(scan: Scan) -> bool:
    """Whether a row may have fewer cells than the header; polars fills such a row with blanks and says nothing.

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
