"""What the warehouse holds of registers: their kept records, the months they come to, and the rows that were left behind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from etl.catalogue import RegisterEntry, domain_title, registers
from etl.errors import ProjectError
from etl.registers.flows import counted_lengths, counted_records
from etl.registers.monthly import mart, monthly_meanings
from etl.registers.parse import type_of
from etl.registers.progress import Progress, Say, silent
from etl.registers.reading import for_flow, nothing
from etl.warehouse.dimensions import base_unit
from etl.warehouse.relation import CarriedRows, Relation, Rows, StreamedRelation
from schemas.registers import columns, flow, titles
from schemas.vocabulary import Meaning

if TYPE_CHECKING:
    from etl.registers.check import CheckedRegister
    from etl.registers.sieve import Sieve

# Two row groups of DuckDB.
ROWS_AT_ONCE = 2 * 122_880


def register_relations(entry: RegisterEntry, checked: CheckedRegister | None, say: Say = silent) -> Iterator[Relation]:
    """Give the records of a register and its months; without rows where it has no raw file."""
    zh, en = titles(entry.model)
    declared = columns(entry.model)
    rows = pl.DataFrame(schema={column.name: type_of(column) for column in declared})
    comments = {column.name: _comment(column.meaning) for column in declared}
    sieve = checked.sieve if checked else None
    is_carried = checked is not None and checked.is_carried
    batches = partial(_records, sieve, say) if sieve else _carried(entry.domain, entry.table, is_carried)
    yield StreamedRelation(entry.domain, entry.table, rows, f"{zh} · {en}", comments, batches)
    months = _months(entry, None if is_carried else checked, sieve)
    of_flow = {name: _comment(meaning) for name, meaning in monthly_meanings(entry).items()}
    title = f"{zh}：按月 · {en}: by month"
    name = f"{entry.table}_monthly"
    yield StreamedRelation(entry.domain, name, months, title, of_flow, _carried(entry.domain, name, is_carried))


def _carried(schema: str, name: str, is_carried: bool) -> Callable[[], Iterable[Rows]]:
    """Give what gives the rows of a table as the version in force has them; none where it is not carried over."""
    return partial(iter, (CarriedRows(schema, name),) if is_carried else ())


def _comment(meaning: Meaning) -> str:
    unit = base_unit(meaning.unit)
    return f"{meaning.zh} · {meaning.en}" + (f" ({unit})" if unit else "")


def _records(sieve: Sieve, say: Say) -> Iterator[pl.DataFrame]:
    """Give the kept records in the order of files and rows, some at once.

    Raises:
        ProjectError: they are not as many as the check counted; a file has changed since.
    """
    progress = Progress(f"loading {sieve.reading.address}", say, sieve.kept, sieve.reading.size)
    for number in range(len(sieve.reading.scans)):
        batches = sieve.of_file(number).collect_batches(chunk_size=ROWS_AT_ONCE, maintain_order=True, engine="streaming")
        for batch in batches:
            progress.see(batch)
            yield batch
    if progress.seen != sieve.kept:
        raise ProjectError(
            f"{sieve.reading.address}: {sieve.kept} rows were to be loaded and {progress.seen} were there. Did a file change?"
        )


def _months(entry: RegisterEntry, checked: CheckedRegister | None, sieve: Sieve | None) -> pl.DataFrame:
    """Give the monthly mart of the kept records."""
    counted_by = flow(entry.model)
    records = for_flow(sieve.values() if sieve else nothing(entry), entry)
    asked = [counted_lengths(records, counted_by)]
    if checked is None or sieve is None or sieve.rejected:
        asked.append(counted_records(records, counted_by))
    lasted, *rest = pl.collect_all(asked, engine="streaming")
    counted = rest[0] if rest else checked.counts if checked else pl.DataFrame()
    return mart(entry.transform, counted, lasted, counted_by)


def left_behind(checked: CheckedRegister) -> Iterator[Rows]:
    """Give the rejected rows of a register, some at once, in the order of files and rows."""
    sieve = checked.sieve
    if checked.is_carried:
        yield CarriedRows("quality", "rejected", checked.entry.address)
    if sieve is None:
        return
    for number in range(len(sieve.reading.scans)):
        yield sieve.misfits(number)
        if sieve.rejected:
            rejected = sieve.left_behind(number)
            yield from rejected.collect_batches(chunk_size=ROWS_AT_ONCE, maintain_order=True, engine="streaming")


def register_table() -> Relation:
    """Give one row per register of the catalogue: what it is called, and what its months are called."""
    rows = [
        (each.address, each.domain, each.table, f"{each.table}_monthly", *domain_title(each.domain), *titles(each.model))
        for each in registers()
    ]
    names = ("address", "domain", "table_name", "monthly_table", "domain_zh", "domain_en", "zh", "en")
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    comments = {"monthly_table": "按月统计表 · table of its months, in the same domain"}
    return Relation("core", "register", frame, "登记簿目录 · one row per register, which is a table of records", comments)
