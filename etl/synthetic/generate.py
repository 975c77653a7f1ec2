"""Synthetic registers of any size: the same rows for the same seed.

A register is never whole in memory: any part of it is made from the places of its rows alone, and is written as it is made.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import narwhals.stable.v1 as nw
import polars as pl
from polars.io.plugins import register_io_source

from etl.catalogue import PACKAGE, Catalogue
from etl.errors import ProjectError, UnknownNameError
from etl.project import Project
from etl.registers.parse import YES
from etl.synthetic.faults import seeded_faults
from etl.synthetic.plan import plan
from etl.synthetic.profile import Profile, profile
from etl.synthetic.published import Target, targets
from etl.synthetic.rows import SyntheticRows
from schemas.registers import Day, Flag, Money, columns, row_rules
from schemas.texts import Text

Form = Literal["csv", "csv.gz", "csv.zst", "parquet"]
FORMS: tuple[Form, ...] = get_args(Form)
_COMPRESSIONS: dict[Form, Literal["uncompressed", "gzip", "zstd"]] = {"csv": "uncompressed", "csv.gz": "gzip", "csv.zst": "zstd"}
ROWS_AT_ONCE, ROWS_TRIED, YEARS = 1 << 18, 2000, (2008, 2025)


@dataclass(frozen=True)
class SyntheticRegister:
    """A register that is made as it is read.

    Attributes:
        profile: the roles of its columns.
        rows: its rows before the faults.
        faults: the faults, as `etl.synthetic.faults` lists them.
        agreed: the published figures that it agrees with.
        left_out: the published figures that it does not agree with, each with the reason.
    """

    profile: Profile
    rows: SyntheticRows
    faults: pl.DataFrame
    agreed: tuple[Target, ...]
    left_out: tuple[tuple[Target, Text], ...]

    def part(self, start: int, stop: int) -> pl.DataFrame:
        """Make the rows from `start` to `stop`, as text."""
        frame = self.rows.shuffled(start, stop)
        here = self.faults.filter(pl.col("row").is_between(start, stop, closed="left"))
        for (column,), faults in here.partition_by("column", as_dict=True).items():
            cells = frame.get_column(str(column)).scatter(faults["row"] - start, faults["cell"])
            frame = frame.with_columns(cells)
        return frame

    def scan(self, start: int = 0, stop: int | None = None, rows_at_once: int = ROWS_AT_ONCE) -> pl.LazyFrame:
        """Scan the rows from `start` to `stop`, made in parts as an engine asks."""
        stop = self.rows.count if stop is None else stop

        def parts(
            columns: list[str] | None, predicate: pl.Expr | None, most: int | None, _: int | None
        ) -> Iterator[pl.DataFrame]:
            last = stop if most is None else min(stop, start + most)
            for first in range(start, last, rows_at_once):
                frame = self.part(first, min(first + rows_at_once, last))
                frame = frame if predicate is None else frame.filter(predicate)
                yield frame if columns is None else frame.select(columns)

        return register_io_source(parts, schema=dict.fromkeys(self.profile.columns, pl.String()), is_pure=True)

    def broken_rules(self) -> list[str]:
        """List the row rules that rows without faults break, as far as sampled."""
        texts, model = self.rows.shuffled(0, min(self.rows.count, ROWS_TRIED)), self.profile.model
        rows = nw.from_native(texts.select(_read(pl.col(each.name), type(each.dtype)) for each in columns(model)))
        conditions = {each.id: each.constraint.condition for each in row_rules(model) if each.constraint}
        verdicts = {rule: rows.select(condition).to_native() for rule, condition in conditions.items() if condition is not None}
        return [rule for rule, verdict in verdicts.items() if not verdict.to_series().all()]


def _read(text: pl.Expr, kind: type) -> pl.Expr:
    if kind is Flag:
        return text.is_in(YES)
    return text.str.to_date() if kind is Day else text.cast(pl.Float64) if kind is Money else text


def generate(
    address: str,
    *,
    rows: int | None = None,
    seed: int = 0,
    faults: Mapping[str, int] | None = None,
    catalogue: Catalogue = PACKAGE,
    project: Project | None = None,
    areas: Sequence[str] = (),
    years: tuple[int, int] = YEARS,
) -> SyntheticRegister:
    """Generate a register from its model.

    Args:
        address: of the register.
        rows: how many; None for those that the published figures count, and as many in the time between.
        seed: the same seed gives the same rows.
        faults: how many faults of each kind are put into it.
        catalogue: the declarations that it is one of.
        project: whose published figures it agrees with; None for none.
        areas: the areas it covers; none named: those of the code list.
        years: the first and the last year it covers.

    Raises:
        UnknownNameError: no register has that address, or a kind of fault or an area is unknown.
        ProjectError: nothing is published to take the number of rows from, the faults do not fit in, or no numbers can be made.
    """
    of_register = profile(address, catalogue)
    known = list(catalogue.parents)
    for area in areas:
        if area not in known:
            raise UnknownNameError(Text("area", "地区"), area, known)
    published = targets(project, of_register) if project else []
    planned = plan(of_register, published, rows, areas or known, years)
    if not planned.blocks and rows is None:
        raise ProjectError(
            f"No figure is published that counts the rows of {address}. Say how many with --rows.",
            f"没有公布 {address} 的行数。请用 --rows 写明生成多少行。",
        )
    all_rows = SyntheticRows.of(of_register, planned.blocks, seed)
    spared = sum(block.rows for block in planned.blocks if block.is_published)
    seeded = seeded_faults(all_rows, {kind: count for kind, count in (faults or {}).items() if count}, spared)
    return SyntheticRegister(of_register, all_rows, seeded, tuple(planned.agreed), tuple(planned.left_out))


def write_register(register: SyntheticRegister, path: Path, parts: int = 1, form: Form | None = None) -> list[Path]:
    """Write a register, each file in one step.

    Args:
        register: to be written.
        path: of the file; with more than one part, of the folder that gets them.
        parts: how many files.
        form: of the files; None takes it from the name of the file.

    Returns:
        The files, in the order of the rows.

    Raises:
        ProjectError: the name of the file does not tell its form.
    """
    if parts == 1:
        paths, form = [path], form or form_of(path)
    else:
        form = form or "csv"
        digits = len(str(parts))
        paths = [path / f"part-{number:0{digits}}.{form}" for number in range(1, parts + 1)]
    for number, file in enumerate(paths):
        start, stop = (register.rows.count * each // parts for each in (number, number + 1))
        _write(register.scan(start, stop), file, form)
    return paths


def write_columns(register: SyntheticRegister, path: Path, columns: Sequence[str]) -> None:
    """Write only these columns of a register, in one file and one step."""
    _write(register.scan().select(columns), path, form_of(path))


def locate_faults(register: SyntheticRegister, files: Sequence[Path]) -> pl.DataFrame:
    """List the faults with their file, row (from 1) and, in a CSV file, line."""
    count = register.rows.count
    starts = [count * number // len(files) for number in range(len(files))]
    number = pl.Series(starts).search_sorted(register.faults["row"], side="right") - 1
    row = register.faults["row"] - pl.Series(starts, dtype=pl.Int64).gather(number) + 1
    file = pl.Series([str(each) for each in files], dtype=pl.String).gather(number)
    line = pl.when(file.str.ends_with(".parquet")).then(None).otherwise(row + 1)
    return register.faults.select(file.alias("file"), row.alias("row"), line.alias("line"), "kind", "column")


def form_of(path: Path) -> Form:
    """Read the form of a file from its name.

    Raises:
        ProjectError: it has another ending.
    """
    for form in FORMS:
        if path.name.endswith(f".{form}"):
            return form
    endings = [f".{form}" for form in FORMS]
    raise ProjectError(
        f"{path} does not tell its form; end it in one of {', '.join(endings)}.",
        f"从 {path} 无法得知格式；扩展名应为 {'、'.join(endings)} 之一。",
    )


def _write(rows: pl.LazyFrame, path: Path, form: Form) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    writing = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        if form == "parquet":
            rows.sink_parquet(writing, engine="streaming")
        else:
            rows.sink_csv(writing, compression=_COMPRESSIONS[form], check_extension=False, engine="streaming")
        os.replace(writing, path)
    finally:
        writing.unlink(missing_ok=True)
