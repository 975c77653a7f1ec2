"""Stage rows as typed Parquet, so that every later query finds them parsed.

Staged is a row's `@file`, `@block` and `@row`, its values under the declared names, and `@text x` of each column that a text may
not be readable as. The other columns of `registers.parse` follow from these.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import narwhals.stable.v1 as nw
import polars as pl

from etl.engines.protocol import BLOCK, FILE, FITS, READ_BY_POLARS, ROW, WHOLE, Engine
from etl.errors import ProjectError, first_line
from etl.registers.parse import MONTH_OF, TEXT, UNREAD, reading_rule
from etl.registers.progress import Say
from etl.registers.reader import RegisterReader
from schemas.registers import Day
from schemas.texts import Text

_FIRST, _LINES, _MISFITS = "@first", "@lines", "@misfits"
_NO_BLOCKS = pl.DataFrame(schema={FILE: pl.Int64, BLOCK: pl.Int64, _FIRST: pl.Int64, _LINES: pl.Int64})


@dataclass
class StagedRegister:
    """Register as an engine holds it.

    Attributes:
        engine: the engine.
        reader: the register, as polars would read it.
        uris: what was written.
        excluded: files of which what the engine read does not count.
        by_polars: files that polars read.
        blocks: of each block of a file that the engine read: its first number, and the row in the file that this is.
    """

    engine: Engine
    reader: RegisterReader
    uris: list[str] = field(default_factory=list)
    excluded: list[int] = field(default_factory=list)
    by_polars: list[int] = field(default_factory=list)
    blocks: pl.DataFrame = field(default_factory=lambda: _NO_BLOCKS)

    def frame(self) -> Any:
        """Scan the rows, with all columns of `registers.parse`, as a narwhals frame."""
        native = self.engine.scan(self.uris)
        frame = nw.from_native(native)
        if self.excluded or self.blocks.height:
            fits = nw.col(FITS)
            if self.excluded:
                fits = fits & (~nw.col(FILE).is_in(self.excluded) | (nw.col(BLOCK) == READ_BY_POLARS))
            frame = frame.filter(fits)
        added: dict[str, nw.Expr] = {}
        for column in self.reader.columns:
            cell, name = nw.col(column.name), column.name
            if reading_rule(column) is None:
                added[TEXT + name] = cell
            else:
                added[UNREAD + name] = cell.is_null() & ~nw.col(TEXT + name).is_null()
            if isinstance(column.dtype, Day):
                added[MONTH_OF + name] = cell.dt.year().cast(nw.Int64) * 12 + cell.dt.month().cast(nw.Int64) - 1
        return frame.with_columns(**added)

    def with_rows(self, fetched: pl.DataFrame) -> pl.DataFrame:
        """Replace the number of each fetched row in its block by that in its file."""
        joined = fetched.with_columns(pl.col(FILE, BLOCK, ROW).cast(pl.Int64)).join(self.blocks, on=[FILE, BLOCK], how="left")
        row = pl.col(ROW) - pl.col(_FIRST).fill_null(0) + pl.col(_LINES).fill_null(0)
        return joined.with_columns(pl.col(FILE).cast(pl.UInt32), row.alias(ROW)).drop(BLOCK, _FIRST, _LINES)


def stage(engine: Engine, reader: RegisterReader, uri: str, say: Say) -> StagedRegister:
    """Stage a register below a URI; polars reads the files that the engine cannot.

    Raises:
        PolarsError, OSError: polars cannot read a file.
        ProjectError: polars would have to, and cannot write where the engine reads.
    """
    result = StagedRegister(engine, reader)
    plain = {number: scan for number, scan in enumerate(reader.scans) if scan.is_plain}
    frame, left = engine.parse(plain, reader)
    result.by_polars = [number for number in range(len(reader.scans)) if number not in plain or number in left]
    if frame is not None:
        say(Text(f"staging {reader.address} on {engine.name}", f"正在将 {reader.address} 暂存到 {engine.name}"))
        engine.write(frame, f"{uri}/lines")
        result.uris.append(f"{uri}/lines")
        _exclude_misfits(result, [number for number in plain if number not in left and not plain[number].raw.is_parquet])
    for number in result.by_polars:
        result.uris.append(_read_by_polars(reader, number, uri))
    return result


def _exclude_misfits(result: StagedRegister, asked: Iterable[int]) -> None:
    """Note the blocks of files, and exclude files with lines that are no rows."""
    native = result.engine.scan(result.uris)
    is_misfit = (~nw.col(FITS)).cast(nw.Int64)
    lines = nw.from_native(native).filter(nw.col(BLOCK) != WHOLE)
    grouped = lines.group_by(FILE, BLOCK).agg(
        nw.col(ROW).min().alias(_FIRST), nw.len().alias(_LINES), is_misfit.sum().alias(_MISFITS)
    )
    blocks = result.engine.fetch(grouped.to_native()).with_columns(pl.all().cast(pl.Int64)).sort(FILE, BLOCK)
    # The header is the one line of a file that is no row; rows are counted from it.
    plain = blocks.group_by(FILE).agg(pl.col(_MISFITS).sum()).filter(pl.col(_MISFITS) == 1).get_column(FILE).to_list()
    result.excluded = sorted({*asked} - {*plain})
    result.by_polars = sorted({*result.by_polars, *result.excluded})
    before = pl.col(_LINES).cum_sum().over(FILE, order_by=BLOCK) - pl.col(_LINES) - 1
    result.blocks = blocks.with_columns(before.alias(_LINES)).select(_NO_BLOCKS.columns)


def _read_by_polars(reader: RegisterReader, number: int, uri: str) -> str:
    """Read a file with polars, write it where the engine reads, and return the URI."""
    path = local_path(uri)
    if path is None:
        file = reader.scans[number].raw.file
        raise ProjectError(
            f"{file} must be read line by line, with care, and that is done on this machine, which cannot write to {uri}. "
            "Write it as Parquet, or in rows without quotation marks and blank lines; or give a folder as --work.",
            f"{file} 须由本机逐行读取，而本机无法写入 {uri}。请改存为 Parquet，或去除引号与空行；也可将 --work 设为文件夹。",
        )
    texts = [TEXT + column.name for column in reader.columns if reading_rule(column)]
    frame = reader.file(reader.scans[number]).select(
        pl.lit(number, pl.Int64).alias(FILE),
        pl.lit(READ_BY_POLARS, pl.Int64).alias(BLOCK),
        pl.col(ROW).cast(pl.Int64).alias(ROW),
        pl.lit(True).alias(FITS),
        *(column.name for column in reader.columns),
        *texts,
    )
    target = path / f"file-{number}.parquet"
    frame.sink_parquet(target, engine="streaming", mkdir=True)
    return str(target)


def local_path(uri: str) -> Path | None:
    """Return the folder that a URI names on this machine; None if it names none."""
    scheme, found, rest = uri.partition("://")
    if not found:
        return Path(uri)
    return Path(rest) if scheme == "file" else None


@contextmanager
def explain_failures(engine: Engine, address: str) -> Iterator[None]:
    """Explain a failure of an engine in a line, with the next step.

    Raises:
        ProjectError: the engine failed.
    """
    try:
        yield
    except engine.failures as error:
        raise ProjectError(
            f"{address} cannot be checked on {engine.name}: {type(error).__name__}: {first_line(error)} "
            "Nothing was published. Run the same command again: it stages anew, and removes what is left of this run.",
            f"{address} 无法由 {engine.name} 检查：{type(error).__name__}: {first_line(error)} "
            "未发布任何内容。请重新运行同一命令：将重新暂存，并清除本次遗留的数据。",
        ) from error
