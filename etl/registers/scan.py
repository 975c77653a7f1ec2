"""Open a raw file as a lazy frame, and report faults of the file as a whole."""

from __future__ import annotations

import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from etl.errors import did_you_mean
from etl.findings import Finding, Text, make_finding
from etl.registers.csv_diagnostics import diagnose
from etl.registers.parse import is_readable_type, type_of
from etl.registers.raw_files import RawFile
from schemas import builtin_rules
from schemas.builtin_register_rules import COLUMN_HAS_ITS_TYPE
from schemas.models import Column, Rule

FILE, ROW = "@file", "@row"
SAMPLE_BYTES = 1 << 16


@dataclass(frozen=True)
class Scan:
    """File that can be read, and how.

    Attributes:
        raw: the file.
        names: the declared column that each of its columns is; an undeclared one is `@unknown` and its number.
        types: of the declared columns; an optional one that the file lacks is null throughout.
        set_aside: rows, from 0, that do not fit the header.
        has_blank_lines: whether the rows without any cell are blank lines, which are no rows.
        blank_lines: rows, from 0, that are blank lines, where other rows without any cell are rows.
        is_strict: whether a strict reader has read every row, so that the above is known of each.
    """

    raw: RawFile
    names: tuple[str, ...]
    types: Mapping[str, pl.DataType]
    set_aside: tuple[int, ...] = ()
    has_blank_lines: bool = False
    blank_lines: tuple[int, ...] = ()
    is_strict: bool = False

    def frame(self, columns: Collection[str]) -> pl.LazyFrame:
        """Scan columns as text or as typed, after `@row`, the row's number from 0."""
        frame = self.every_row()
        if left_out := [*self.set_aside, *self.blank_lines]:
            frame = frame.filter(~pl.col(ROW).is_in(left_out))
        if self.has_blank_lines:
            frame = frame.filter(~self.is_blank)
        cells = (pl.col(name) if name in self.names else pl.lit(None, self.types[name]).alias(name) for name in columns)
        return frame.select(ROW, *cells)

    @property
    def is_blank(self) -> pl.Expr:
        """Whether a row has no cell."""
        return pl.all_horizontal(pl.col(name).is_null() for name in self.names)

    def every_row(self) -> pl.LazyFrame:
        """Scan all rows of the file, those included that `frame` leaves out.

        Polars numbers them only if the numbers are used.
        """
        if self.raw.is_parquet:
            # The file may have a column called `@row`.
            frame = pl.scan_parquet(self.raw.path, glob=False, row_index_name=f"{ROW} of {self.raw.file}")
            return frame.rename(dict(zip(frame.collect_schema().names(), (ROW, *self.names), strict=True)))
        # A quoted header may have lines, so a row is skipped, not a line.
        return self._csv(self.raw.path, skip_rows=1, row_index_name=ROW)

    def parse_lines(self, lines: Sequence[str], rows: pl.Series) -> pl.LazyFrame:
        """Read rows, each of which is one line, as `frame` reads those of the file."""
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
        """Count the rows of a Parquet file, or estimate those of a CSV file."""
        if self.raw.is_parquet:
            return int(pl.scan_parquet(self.raw.path, glob=False).select(pl.len()).collect().item())
        with self.raw.path.open("rb") as file:
            start = file.read(SAMPLE_BYTES)
        return self.raw.size * start.count(b"\n") // max(1, len(start))


@dataclass
class OpenedFile:
    """Raw file: how to scan it, if it can be read, and what is wrong with it."""

    raw: RawFile
    address: str
    scan: Scan | None = None
    findings: list[Finding] = field(default_factory=list)

    def report(self, rule: Rule, message: Text, line: int = 1, column: int = 1) -> None:
        """Add a finding."""
        self.findings.append(make_finding(rule, self.address, self.raw.place(line, column), message))

    def refuse(self, error: Exception) -> None:
        """Report that the file cannot be read, and why."""
        self.scan = None
        self.report(builtin_rules.FILE_IS_READABLE, *diagnose(self.raw, error))


def open_file(raw: RawFile, address: str, columns: Sequence[Column]) -> OpenedFile:
    """Open a file: read its header or its footer, and nothing else."""
    file = OpenedFile(raw, address)
    try:
        titles, types = _columns(raw)
    except pl.exceptions.NoDataError:
        file.report(builtin_rules.FILE_HAS_ROWS, Text("the file is empty", "文件为空"))
        return file
    except (pl.exceptions.PolarsError, OSError) as error:
        file.refuse(error)
        return file
    if not any(titles):
        file.report(builtin_rules.COLUMN_IS_PRESENT, Text("the first line names no column", "首行没有列名"))
        return file
    names = _match_header(file, titles, columns)
    held = dict(zip(names, types, strict=True))
    unfit = [column for column in columns if column.name in names and not is_readable_type(column, held[column.name])]
    for column in unfit:
        dtype, wanted = held[column.name], type_of(column)
        en = f"{column.name} is {dtype}; write it as {wanted}, or as text in the form of a CSV file"
        message = Text(en, f"列 {column.name} 的类型为 {dtype}，应为 {wanted}，或按 CSV 格式写作文本")
        file.report(COLUMN_HAS_ITS_TYPE, message, column=names.index(column.name) + 1)
    missing = [column for column in columns if column.name not in names and not column.optional]
    for column in missing:
        en, zh = f"the column {column.name} ({column.meaning.zh}) is missing", f"缺少列 {column.name}（{column.meaning.zh}）"
        file.report(builtin_rules.COLUMN_IS_PRESENT, Text(en, zh))
    if not unfit and not missing:
        file.scan = Scan(raw, names, {column.name: held.get(column.name, type_of(column)) for column in columns})
    return file


def _columns(raw: RawFile) -> tuple[list[str], list[pl.DataType]]:
    """Read the titles and types of a file's columns.

    Raises:
        NoDataError: the file is empty.
    """
    if raw.is_parquet:
        if not raw.size:
            raise pl.exceptions.NoDataError("the file has no bytes")
        schema = pl.scan_parquet(raw.path, glob=False).collect_schema()
        return schema.names(), schema.dtypes()
    first = pl.scan_csv(
        raw.path, has_header=False, n_rows=1, infer_schema=False, truncate_ragged_lines=True, glob=False
    ).collect()
    if first.is_empty():
        raise pl.exceptions.NoDataError("the file has no line")
    titles = [str(title or "").strip() for title in first.row(0)]
    return titles, [pl.String()] * len(titles)


def _match_header(file: OpenedFile, titles: Sequence[str], columns: Sequence[Column]) -> tuple[str, ...]:
    """Name the declared column of each title; report unknown and repeated titles."""
    declared = {name: column.name for column in columns for name in (column.name, column.meaning.zh)}
    names: list[str] = []
    for position, title in enumerate(titles):
        name = declared.get(title)
        if name is None or name in names:
            near = did_you_mean(title, declared)
            message = Text(f"no column {title!r} is declared.{near}", f"未声明的列“{title}”。")
            if name is not None:
                message = Text(f"the column {name} is there twice", f"列 {name} 重复")
            at = position + 1 if file.raw.is_parquet else 1 + sum(len(each) + 1 for each in titles[:position])
            file.report(builtin_rules.COLUMN_IS_KNOWN, message, column=at)
            name = f"@unknown {position}"
        names.append(name)
    return tuple(names)
