"""Build the tables of registers: kept records, monthly marts, rejected rows."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, partial
from typing import TYPE_CHECKING

import polars as pl

from etl.catalogue import Catalogue, RegisterEntry
from etl.errors import ProjectError
from etl.registers.durations import DURATION, Durations
from etl.registers.monthly_flows import count_flow, unpack_counts
from etl.registers.monthly_mart import monthly_mart, monthly_meanings
from etl.registers.parse import type_of
from etl.registers.progress import Progress, Say, silent
from etl.registers.reader import group_codes, no_rows
from etl.warehouse.dimensions import comment_of
from etl.warehouse.table_spec import Batch, CachedRows, ExternalTable, StreamedTable, TableSpec
from schemas.registers import columns, flow, titles
from schemas.texts import Text

if TYPE_CHECKING:
    from etl.registers.check import CheckedRegister
    from etl.registers.partition import RowPartition

# Two row groups of DuckDB.
ROWS_AT_ONCE = 2 * 122_880


def register_relations(entry: RegisterEntry, checked: CheckedRegister | None, say: Say = silent) -> Iterator[TableSpec]:
    """Yield the records and months of a register; empty without a raw file.

    The months are computed when they are asked for, which is after the records have been streamed.
    """
    zh, en = titles(entry.model)
    declared = columns(entry.model)
    rows = pl.DataFrame(schema={column.name: type_of(column) for column in declared})
    comments = {column.name: comment_of(column.meaning, entry.catalogue.lists) for column in declared}
    partition = checked.partition if checked else None
    retained = checked.retained if checked else None
    is_cached = checked is not None and checked.is_cached
    durations = Durations(flow(entry.model), group_codes(entry))
    if retained:
        location = (
            f"{entry.address}: {retained.records} records are not in the warehouse; they are left as Parquet at {retained.uri}"
        )
        yield ExternalTable(entry.domain, entry.table, rows, f"{zh} · {en}", comments, location)
    else:
        batches = partial(_records, partition, durations, say) if partition else _cached(entry.domain, entry.table, is_cached)
        yield StreamedTable(entry.domain, entry.table, rows, f"{zh} · {en}", comments, batches)
    months = _months(entry, None if is_cached else checked, durations)
    of_flow = {name: comment_of(meaning, entry.catalogue.lists) for name, meaning in monthly_meanings(entry).items()}
    name = f"{entry.table}_monthly"
    more = _cached(entry.domain, name, is_cached)
    yield StreamedTable(entry.domain, name, months, f"{zh}：按月 · {en}: by month", of_flow, more)


def _cached(schema: str, name: str, is_cached: bool) -> Callable[[], Iterable[Batch]]:
    """Return a reader of a table's rows in the current version; None if not cached."""
    return partial(iter, (CachedRows(schema, name),) if is_cached else ())


def _records(partition: RowPartition, durations: Durations, say: Say = silent) -> Iterator[pl.DataFrame]:
    """Yield the kept records in batches, in file order, counting durations.

    Raises:
        ProjectError: they are not as many as the check counted; a file has changed since.
    """
    reader = partition.reader
    progress = Progress(Text(f"loading {reader.address}", f"正在装载 {reader.address}"), say, partition.kept, reader.size)
    wanted = [*(pl.col(column.name) for column in reader.columns), durations.number()]
    for number in range(len(reader.scans)):
        kept = partition.kept_values(number).select(wanted)
        for batch in kept.collect_batches(chunk_size=ROWS_AT_ONCE, maintain_order=True, engine="streaming"):
            durations.take(progress.see(batch).drop_in_place(DURATION))
            yield batch
    progress.end()
    if progress.seen != partition.kept:
        raise ProjectError(
            f"{reader.address}: {partition.kept} rows were expected and {progress.seen} were found. Did a file change?",
            f"{reader.address}：应有 {partition.kept} 行，实有 {progress.seen} 行。文件是否有改动？请重新运行。",
        )


def _months(entry: RegisterEntry, checked: CheckedRegister | None, durations: Durations) -> pl.DataFrame:
    """Compute the monthly mart of the kept records."""
    counted_by, partition = flow(entry.model), checked.partition if checked else None
    if checked is None or partition is None:
        return _no_months(entry)
    summary = partition.durations()
    if summary is None:
        if durations.records != partition.kept:  # nothing has streamed the records
            durations = Durations(counted_by, durations.groups)
            deque(_records(partition, durations), maxlen=0)
        summary = durations.summarize()
    return monthly_mart(entry.transform, partition.flow_counts(checked.counts), summary, counted_by)


@lru_cache(maxsize=64)
def _no_months(entry: RegisterEntry) -> pl.DataFrame:
    """Return the monthly mart of a register without records."""
    counted_by = flow(entry.model)
    durations = Durations(counted_by, group_codes(entry))
    counts = unpack_counts(count_flow(no_rows(entry).collect(), counted_by, durations.groups), durations.groups)
    return monthly_mart(entry.transform, counts, durations.summarize(), counted_by)


def rejected_rows(checked: CheckedRegister) -> Iterator[Batch]:
    """Yield the rejected rows of a register in batches, in file order."""
    partition = checked.partition
    if checked.is_cached:
        yield CachedRows("quality", "rejected", checked.entry.address)
    if partition is None:
        return
    for number in range(len(partition.reader.scans)):
        yield partition.misfits(number)
        if partition.rejected:
            rejected = partition.rejected_rows(number)
            yield from rejected.collect_batches(chunk_size=ROWS_AT_ONCE, maintain_order=True, engine="streaming")


def records_table(checked: Iterable[CheckedRegister]) -> TableSpec:
    """Build one row per register whose records are stored elsewhere."""
    rows = [(each.entry.address, each.retained.uri, each.retained.records) for each in checked if each.retained]
    frame = pl.DataFrame(rows, schema={"address": pl.String, "uri": pl.String, "records": pl.Int64}, orient="row")
    comments = {"uri": "位置 · where they are, as Parquet", "records": "记录数 · number of records"}
    title = "留在引擎处的记录 · one row per register whose records stay with an engine, and are not in this warehouse"
    return TableSpec("quality", "records_elsewhere", frame, title, comments)


def register_table(catalogue: Catalogue) -> TableSpec:
    """Build one row per register of the catalogue, with its monthly table."""
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
    return TableSpec("core", "register", frame, "登记簿目录 · one row per register, which is a table of records", comments)
