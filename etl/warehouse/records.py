"""What the warehouse holds of registers: their kept records, the months they come to, and the rows that were left behind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from etl.catalogue import Catalogue, RegisterEntry
from etl.errors import ProjectError
from etl.registers.flows import MONTH, counted_lengths, counted_records, lasted, without
from etl.registers.lengths import LENGTH, Lengths, length_number
from etl.registers.monthly import mart, monthly_meanings
from etl.registers.packed import packing
from etl.registers.parse import type_of
from etl.registers.progress import Progress, Say, silent
from etl.registers.reading import for_flow, nothing
from etl.warehouse.dimensions import comment_of
from etl.warehouse.relation import CarriedRows, Relation, RelationElsewhere, Rows, StreamedRelation
from schemas.registers import Flow, columns, flow, titles

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
    comments = {column.name: comment_of(column.meaning, entry.catalogue.lists) for column in declared}
    sieve = checked.sieve if checked else None
    left = checked.left if checked else None
    is_carried = checked is not None and checked.is_carried
    lengths = _lengths(sieve) if sieve and not (checked and checked.kept) else None
    if left:
        told = f"{entry.address}: {left.records} records are not in the warehouse; they are left as Parquet at {left.uri}"
        yield RelationElsewhere(entry.domain, entry.table, rows, f"{zh} · {en}", comments, told)
    else:
        batches = partial(_records, sieve, lengths, say) if sieve else _carried(entry.domain, entry.table, is_carried)
        yield StreamedRelation(entry.domain, entry.table, rows, f"{zh} · {en}", comments, batches)
    months = _months(entry, None if is_carried else checked, sieve, lengths)
    of_flow = {name: comment_of(meaning, entry.catalogue.lists) for name, meaning in monthly_meanings(entry).items()}
    title = f"{zh}：按月 · {en}: by month"
    name = f"{entry.table}_monthly"
    yield StreamedRelation(entry.domain, name, months, title, of_flow, _carried(entry.domain, name, is_carried))


def _carried(schema: str, name: str, is_carried: bool) -> Callable[[], Iterable[Rows]]:
    """Give what gives the rows of a table as the version in force has them; none where it is not carried over."""
    return partial(iter, (CarriedRows(schema, name),) if is_carried else ())


def _records(sieve: Sieve, lengths: Lengths | None, say: Say) -> Iterator[pl.DataFrame]:
    """Give the kept records in the order of files and rows, some at once; `lengths` are counted on the way.

    Raises:
        ProjectError: they are not as many as the check counted; a file has changed since.
    """
    reading = sieve.reading
    progress = Progress(f"loading {reading.address}", say, sieve.kept, reading.size)
    asked = [pl.col(column.name) for column in reading.columns]
    asked += [length_number(flow(reading.entry.model), lengths.packs)] if lengths else []
    for number in range(len(reading.scans)):
        kept = sieve.values(number).select(asked)
        for batch in kept.collect_batches(chunk_size=ROWS_AT_ONCE, maintain_order=True, engine="streaming"):
            progress.see(batch)
            if lengths:
                lengths.take(batch.drop_in_place(LENGTH))
            yield batch
    if progress.seen != sieve.kept:
        raise ProjectError(
            f"{reading.address}: {sieve.kept} rows were to be loaded and {progress.seen} were there. Did a file change?"
        )


def _months(entry: RegisterEntry, checked: CheckedRegister | None, sieve: Sieve | None, lengths: Lengths | None) -> pl.DataFrame:
    """Give the monthly mart of the kept records."""
    counted_by = flow(entry.model)
    on = [*counted_by.keys, MONTH]
    if checked is None or sieve is None:
        records = for_flow(nothing(entry), entry)
        counts, none = pl.collect_all([counted_records(records, counted_by), counted_lengths(records, counted_by)])
        return mart(entry.transform, counts, lasted(none, on), counted_by)
    if checked.kept is not None:
        return mart(entry.transform, *checked.kept(), counted_by)
    counts = checked.counts
    if sieve.rejected:
        counts = without(counts, _summed(sieve.rejected_values, sieve, counted_records))
    if lengths is not None and lengths.records == sieve.kept:
        return mart(entry.transform, counts, lengths.lasted(), counted_by)
    return mart(entry.transform, counts, lasted(_summed(sieve.values, sieve, counted_lengths), on), counted_by)


def _summed(
    rows: Callable[[int], pl.LazyFrame], sieve: Sieve, summed: Callable[[pl.LazyFrame, Flow], pl.LazyFrame]
) -> pl.DataFrame:
    """Give what rows of all files come to."""
    entry = sieve.reading.entry
    frame = pl.concat(for_flow(rows(number), entry) for number in range(len(sieve.reading.scans)))
    return summed(frame, flow(entry.model)).collect(engine="streaming")


def _lengths(sieve: Sieve) -> Lengths | None:
    """Give what counts the lengths of records as they are loaded; None where their codes have no place in a number."""
    packs = packing(sieve.reading)
    return Lengths(packs) if packs else None


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


def records_table(checked: Iterable[CheckedRegister]) -> Relation:
    """Give one row per register whose records the warehouse does not hold: where they are, and how many."""
    rows = [(each.entry.address, each.left.uri, each.left.records) for each in checked if each.left]
    frame = pl.DataFrame(rows, schema={"address": pl.String, "uri": pl.String, "records": pl.Int64}, orient="row")
    comments = {"uri": "位置 · where they are, as Parquet", "records": "记录数 · number of records"}
    title = "留在引擎处的记录 · one row per register whose records stay with an engine, and are not in this warehouse"
    return Relation("quality", "records_elsewhere", frame, title, comments)


def register_table(catalogue: Catalogue) -> Relation:
    """Build one row per register of the catalogue: what it is called, and what its months are called."""
    rows = [
        (
            each.address,
            each.domain,
            each.table,
            f"{each.table}_monthly",
            *catalogue.domain_title(each.domain),
            *titles(each.model),
        )
        for each in catalogue.registers()
    ]
    names = ("address", "domain", "table_name", "monthly_table", "domain_zh", "domain_en", "zh", "en")
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    comments = {"monthly_table": "按月统计表 · table of its months, in the same domain"}
    return Relation("core", "register", frame, "登记簿目录 · one row per register, which is a table of records", comments)
