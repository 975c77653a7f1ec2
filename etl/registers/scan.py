"""Open a raw file as a lazy frame, and report faults of the file as a whole."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from etl.column_titles import called
from etl.errors import first_line
from etl.findings import Finding, make_finding
from etl.nearest_name import suggestion
from etl.raw_files.delimited import read_header
from etl.raw_files.first_line import refuse_no_header
from etl.raw_files.page import RefusedFileError
from etl.registers.layout import LINE_BREAK, Layout, lay_out
from etl.registers.parquet_size import refuse_what_unfolds
from etl.registers.parse import is_readable_type, type_of
from etl.registers.plain_file import LONGEST_LINE, MARK, inflated_blocks
from etl.registers.raw_files import RawFile
from schemas import builtin_rules
from schemas.builtin_register_rules import COLUMN_HAS_ITS_TYPE
from schemas.models import Column, Rule
from schemas.texts import Text

FILE, ROW = "@file", "@row"
SAMPLE_BYTES = 1 << 16


@dataclass(frozen=True)
class Scan:
    """File that can be read, and how.

    Attributes:
        raw: the file.
        names: the declared column that each of its columns is; an undeclared one is `@unknown` and its number.
        types: of the declared columns; an optional one that the file lacks is null throughout.
        layout: which lines of a CSV file are rows; None where it has not been read for that.
    """

    raw: RawFile
    names: tuple[str, ...]
    types: Mapping[str, pl.DataType]
    layout: Layout | None = None

    @property
    def set_aside(self) -> Sequence[tuple[int, str]]:
        """The lines of rows that cannot be read or do not fit the header, with the rule that each breaks."""
        return self.layout.set_aside if self.layout else ()

    @property
    def is_plain(self) -> bool:
        """Whether every line is a row, as far as is known."""
        return self.layout is None or (self.layout.rows_are_lines and not self.layout.left_out)

    def frame(self, columns: Collection[str]) -> pl.LazyFrame:
        """Scan columns as text or as typed, after `@row`, the row's number from 0."""
        frame = self._every_row()
        if self.layout and self.layout.left_out:
            frame = frame.filter(~pl.col(ROW).is_in(pl.Series(self.layout.left_out, dtype=pl.UInt32).implode()))
        cells = (self._cell(name) if name in self.names else pl.lit(None, self.types[name]).alias(name) for name in columns)
        return frame.select(ROW, *cells)

    def _cell(self, name: str) -> pl.Expr:
        has_breaks = self.layout is not None and self.layout.has_breaks
        return pl.col(name).str.replace_all(LINE_BREAK, "\n", literal=True) if has_breaks else pl.col(name)

    def _every_row(self) -> pl.LazyFrame:
        """Scan all rows of the file, those included that `frame` leaves out."""
        if self.raw.is_parquet:
            # The file may have a column called `@row`.
            frame = pl.scan_parquet(self.raw.path, glob=False, row_index_name=f"{ROW} of {self.raw.file}")
            return frame.rename(dict(zip(frame.collect_schema().names(), (ROW, *self.names), strict=True)))
        return self._csv(self.layout.path if self.layout else self.raw.path, skip_rows=1, row_index_name=ROW)

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
            extra_columns="raise" if self.is_plain else "ignore",
            truncate_ragged_lines=not self.is_plain,
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
    titles: Sequence[str] = ()
    as_opened: tuple[int, ...] = ()
    is_suspect: bool = False

    def report(self, rule: Rule, message: Text, line: int = 1, column: int = 1) -> None:
        """Add a finding."""
        self.findings.append(make_finding(rule, self.address, self.raw.place(line, column), message))

    def refuse(self, error: BaseException) -> None:
        """Report that the file cannot be read, and why."""
        self.scan = None
        if isinstance(error, RefusedFileError):
            self.report(error.rule, error.message, error.line, error.column)
            return
        if self.has_changed():
            en = "the file was changed while it was read; run again when nothing writes to it"
            self.report(builtin_rules.FILE_IS_READABLE, Text(en, "文件在读取过程中被改动；请待写入结束后重新运行"))
            return
        form, reason = "Parquet" if self.raw.is_parquet else "CSV", first_line(error)
        self.report(builtin_rules.FILE_IS_READABLE, Text(f"not readable as {form}: {reason}", f"不能按 {form} 读取：{reason}"))

    def has_changed(self) -> bool:
        """Tell whether the file is another one than when it was opened."""
        try:
            return self.as_opened != _state(self.raw)
        except OSError:
            return True

    def look_closely(self, *, is_suspect: bool = False) -> bool:
        """Find out which lines of a CSV file are rows; return whether it must be read in another way.

        Args:
            is_suspect: whether polars cannot read it, although nothing in it looks unusual.
        """
        if self.scan is None or self.raw.is_parquet or (self.scan.layout and not is_suspect):
            return False
        self.is_suspect = is_suspect
        try:
            layout = lay_out(self.raw, self.titles, is_suspect=is_suspect)
        except (RefusedFileError, OSError) as error:
            self.refuse(error)
            return True
        for remark in layout.remarks:
            self.report(remark.rule, remark.message, remark.line, remark.column)
        self._count_others(layout)
        before, self.scan = self.scan, replace(self.scan, layout=layout)
        return not (before.layout is None and self.scan.is_plain)

    def _count_others(self, layout: Layout) -> None:
        """Let the last finding of a rule stand for the rows that are not listed."""
        numbers = Counter(rule for _, rule in layout.set_aside)
        last = {finding.rule: at for at, finding in enumerate(self.findings)}
        listed = Counter(remark.rule.id for remark in layout.remarks)
        for rule, number in numbers.items():
            self.findings[last[rule]] = replace(self.findings[last[rule]], more=number - listed[rule])


def open_file(raw: RawFile, address: str, columns: Sequence[Column]) -> OpenedFile:
    """Open a file: read its header or its footer, and nothing else."""
    file = OpenedFile(raw, address)
    try:
        file.as_opened = _state(raw)
        titles, types = _columns(raw)
    except pl.exceptions.NoDataError:
        file.report(builtin_rules.FILE_HAS_ROWS, Text("the file is empty", "文件为空"))
        return file
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, RefusedFileError, OSError) as error:
        file.refuse(error)
        return file
    file.titles = titles
    if not any(titles):
        file.report(builtin_rules.COLUMN_IS_PRESENT, Text("the first line names no column", "首行没有列名"))
        return file
    declared = {name: column.name for column in columns for name in (column.name, column.meaning.zh)}
    try:
        refuse_no_header(titles, 1, declared, address, _rows(raw))
    except RefusedFileError as error:
        file.refuse(error)
        return file
    names = _match_header(file, titles, declared)
    held = dict(zip(names, types, strict=True))
    unfit = [column for column in columns if column.name in names and not is_readable_type(column, held[column.name])]
    for column in unfit:
        dtype, wanted = held[column.name], type_of(column)
        en = f"{column.name} is {dtype}; write it as {wanted}, or as text in the form of a CSV file"
        message = Text(en, f"列 {called(column.meaning.zh, column.name)} 的类型为 {dtype}，应为 {wanted}，或按 CSV 格式写作文本")
        file.report(COLUMN_HAS_ITS_TYPE, message, column=names.index(column.name) + 1)
    missing = [column for column in columns if column.name not in names and not column.optional]
    for column in missing:
        en, zh = f"the column {column.name} ({column.meaning.zh}) is missing", f"缺少列 {column.name}（{column.meaning.zh}）"
        file.report(builtin_rules.COLUMN_IS_PRESENT, Text(en, zh))
    if not unfit and not missing:
        file.scan = Scan(raw, names, {column.name: held.get(column.name, type_of(column)) for column in columns})
    return file


def _rows(raw: RawFile) -> Iterator[tuple[int, list[str]]]:
    """Yield the first rows of a CSV file with their lines, roughly, to explain its header by."""
    for start in () if raw.is_parquet else islice(inflated_blocks(raw, LONGEST_LINE), 1):
        for number, line in enumerate(start.decode("utf-8", "replace").split("\n"), start=1):
            yield number, line.strip('\r"').split(",")


def _columns(raw: RawFile) -> tuple[list[str], list[pl.DataType]]:
    """Read the titles and types of a file's columns.

    Raises:
        NoDataError: the file is empty.
    """
    if raw.is_parquet:
        if not raw.size:
            raise pl.exceptions.NoDataError("the file has no bytes")
        schema = pl.scan_parquet(raw.path, glob=False).collect_schema()
        refuse_what_unfolds(raw)
        return schema.names(), schema.dtypes()
    start = b"".join(islice(inflated_blocks(raw, LONGEST_LINE), 1))
    if not start.removeprefix(MARK):
        raise pl.exceptions.NoDataError("the file has no bytes")
    titles = [title.strip() for title in read_header(start, is_whole=len(start) < LONGEST_LINE)]
    return titles, [pl.String()] * len(titles)


def _state(raw: RawFile) -> tuple[int, ...]:
    about = raw.path.stat()
    return about.st_size, about.st_mtime_ns, about.st_ino


def _match_header(file: OpenedFile, titles: Sequence[str], declared: Mapping[str, str]) -> tuple[str, ...]:
    """Name the declared column of each title; report unknown and repeated titles."""
    names: list[str] = []
    for position, title in enumerate(titles):
        name = declared.get(title)
        if name is None or name in names:
            near = suggestion(title, declared)
            message = Text(f"no column {title!r} is declared.{near.en}", f"未声明的列“{title}”。{near.zh}")
            if name is not None:
                message = Text(f"the column {name} is there twice", f"列 {name} 重复")
            at = position + 1 if file.raw.is_parquet else 1 + sum(len(each) + 1 for each in titles[:position])
            file.report(builtin_rules.COLUMN_IS_KNOWN, message, column=at)
            name = f"@unknown {position}"
        names.append(name)
    return tuple(names)
