"""A raw file of a register as a lazy frame of its declared columns, with what is wrong with the file as a whole."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from etl.errors import did_you_mean
from etl.findings import Finding, Text, found
from etl.registers.parse import is_readable_type, type_of
from etl.registers.raw_files import RawFile
from schemas import standing
from schemas.standing_registers import COLUMN_HAS_ITS_TYPE
from schemas.vocabulary import Column, Rule

ROW = "@row"
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
        has_blank_lines: whether rows without any cell are to be left out.
    """

    raw: RawFile
    names: tuple[str, ...]
    types: Mapping[str, pl.DataType]
    set_aside: tuple[int, ...] = ()
    has_blank_lines: bool = False

    def frame(self, columns: Collection[str], *, numbered: bool = False) -> pl.LazyFrame:
        """Give columns as they stand; with `numbered`, the number of each row in the file, from 0, as `@row`."""
        needs_numbers = numbered or bool(self.set_aside)
        frame = self._whole(needs_numbers)
        if self.set_aside:
            frame = frame.filter(~pl.col(ROW).is_in(list(self.set_aside)))
        if self.has_blank_lines:
            frame = frame.filter(~pl.all_horizontal(pl.col(name).is_null() for name in self.names))
        absent = [pl.lit(None, self.types[name]).alias(name) for name in columns if name not in self.names]
        present = [name for name in columns if name in self.names]
        return frame.select(*([ROW] if numbered else []), *present, *absent)

    def _whole(self, numbered: bool) -> pl.LazyFrame:
        row = ROW if numbered else None
        if self.raw.is_parquet:
            frame = pl.scan_parquet(self.raw.path, glob=False, row_index_name=row)
            return frame.rename(dict(zip(_own_names(frame, numbered), self.names, strict=True)))
        # A quoted header may have lines, so a row is skipped, not a line.
        return pl.scan_csv(
            self.raw.path,
            has_header=False,
            skip_rows=1,
            schema=dict.fromkeys(self.names, pl.String()),
            truncate_ragged_lines=bool(self.set_aside),
            row_index_name=row,
            glob=False,
        )

    def estimated_rows(self) -> int:
        """Give the number of rows of a Parquet file, and about that of a CSV file, from the length of its first lines."""
        if self.raw.is_parquet:
            return int(pl.scan_parquet(self.raw.path, glob=False).select(pl.len()).collect().item())
        with self.raw.path.open("rb") as file:
            start = file.read(SAMPLE_BYTES)
        return self.raw.size * start.count(b"\n") // max(1, len(start))


def _own_names(frame: pl.LazyFrame, numbered: bool) -> list[str]:
    return frame.collect_schema().names()[1 if numbered else 0 :]


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
    schema = pl.scan_parquet(raw.path, glob=False).collect_schema()
    return schema.names(), schema.dtypes()


def _csv_columns(raw: RawFile) -> tuple[list[str], list[pl.DataType]]:
    header = pl.scan_csv(
        raw.path, has_header=False, n_rows=1, infer_schema=False, truncate_ragged_lines=True, glob=False
    ).collect()
    if header.is_empty():
        raise pl.exceptions.NoDataError("the first line is blank")
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


# What is wrong with a file that polars cannot read


def diagnosed(raw: RawFile, error: Exception) -> tuple[Text, int, int]:
    """Give what is wrong with a file that cannot be read, with line and column where Python's own reader finds them."""
    said = " ".join(str(error).split("\n", 1)[0].split())
    if raw.is_parquet:
        return Text(f"not a readable Parquet file: {said}", f"不是可读的 Parquet 文件：{said}"), 1, 1
    if not raw.path.name.endswith(".zst"):
        place = _first_fault(raw)
        if place is not None:
            return place
    return Text(f"not readable as CSV: {said}", f"不能按 CSV 读取：{said}"), 1, 1


def _first_fault(raw: RawFile) -> tuple[Text, int, int] | None:
    number = 0
    try:
        with _binary(raw) as lines:
            for line in lines:
                number += 1
                line.decode("utf-8")
        number = 0
        with io.TextIOWrapper(_binary(raw), encoding="utf-8-sig", newline="") as text:
            reader = csv.reader(text, strict=True)
            for _ in reader:
                number = reader.line_num
    except UnicodeDecodeError as error:
        byte, column = error.object[error.start], len(error.object[: error.start].decode("utf-8", "replace")) + 1
        en = f"byte 0x{byte:02x} is not UTF-8. Save the file as UTF-8 (in Excel: CSV UTF-8)."
        return Text(en, f"字节 0x{byte:02x} 不是 UTF-8。请将文件另存为 UTF-8（Excel 中选 CSV UTF-8）。"), number, column
    except csv.Error as error:
        return Text(f"not CSV: {error}", f"不是合法的 CSV：{error}"), number + 1, 1
    except (OSError, EOFError) as error:
        return Text(f"cannot be read to its end: {error}", f"文件无法读完：{error}"), max(1, number), 1
    return None


def _binary(raw: RawFile) -> io.BufferedReader:
    if raw.path.name.endswith(".gz"):
        return gzip.open(raw.path, "rb")  # type: ignore[return-value]
    return raw.path.open("rb")


def without_misfits(scan: Scan) -> Scan:
    """Give the scan with the rows set aside that have more or fewer cells than the header, as a strict reader counts them."""
    rows: list[int] = []
    with io.TextIOWrapper(_binary(scan.raw), encoding="utf-8-sig", newline="") as text:
        for number, row in enumerate(csv.reader(text, strict=True)):
            if number and row and len(row) != len(scan.names):
                rows.append(number - 1)
    return replace(scan, set_aside=tuple(rows))


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
