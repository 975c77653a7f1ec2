"""Check registers on another engine: stage and query rows, report as polars does."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

import polars as pl

from etl.engines.portability import refuse_unportable
from etl.engines.protocol import Engine
from etl.engines.queries import BY_POLARS, Queries
from etl.engines.retained_records import RecordStore
from etl.engines.staging import explain_failures, stage
from etl.registers.failure_samples import MOST_FINDINGS, FailureSamples, WaivedKeys
from etl.registers.groups import judge_group_rule
from etl.registers.keys import NONE_REPEATED
from etl.registers.partition import AGAIN, Rejection, RetainedRecords, RowPartition
from etl.registers.progress import Say
from etl.registers.reader import RegisterReader, no_rows
from etl.registers.row_tests import ROWS, row_tests, row_verdicts, split_evaluable
from etl.registers.scan import FILE, ROW
from etl.registers.scan_checks import ScanResult
from etl.registers.source_locations import SourceLocations
from schemas.models import Column
from schemas.texts import Text


@dataclass(frozen=True)
class StagedEngine:
    """Scans registers on an engine.

    Attributes:
        engine: the engine.
        folder: where rows are staged, as the engine names it.
        say: called with a line on what is done.
        store: where kept records stay; None if they are loaded into the warehouse.
    """

    engine: Engine
    folder: str
    say: Say
    store: RecordStore | None = None

    @property
    def reads_by_polars(self) -> bool:
        """Whether polars reads all raw files."""
        return getattr(self.engine, "reads_by_polars", False)

    def scan(self, reader: RegisterReader, waived: WaivedKeys, say: Say) -> StagedResult:
        """Stage a register, and query it.

        Raises:
            ProjectError: a rule is not portable, or the engine fails.
            PolarsError, OSError: polars fails on a file that the engine leaves to it.
        """
        refuse_unportable(reader.entry, self.engine.name, self.engine.differences)
        with explain_failures(self.engine, reader.address):
            return self._scan(reader, waived)

    def _scan(self, reader: RegisterReader, waived: WaivedKeys) -> StagedResult:
        staged = stage(self.engine, reader, f"{self.folder}/{reader.address}", self.say)
        tests, not_run = split_evaluable(no_rows(reader.entry), row_tests(reader.entry.model, reader.names))
        queries = Queries(staged, tuple(tests))
        self.say(Text(f"asking {self.engine.name} about {reader.address}", f"正在由 {self.engine.name} 检查 {reader.address}"))
        counts = queries.counts()
        staged_rows, here = counts[ROWS], counts[BY_POLARS]
        self.say(
            Text(
                f"{reader.address}: {staged_rows:,} rows staged; this machine read {here:,} of them",
                f"{reader.address}：已暂存 {staged_rows:,} 行，其中 {here:,} 行由本机读取",
            )
        )
        samples = FailureSamples(reader, tests, MOST_FINDINGS, waived)
        for rows in queries.failures(counts, waived):
            samples.take(rows)
        verdicts = [*not_run, *row_verdicts(tests, counts, pl.LazyFrame())]
        groups = [judge_group_rule(group, queries.measure(group)) for group in reader.entry.model.__groups__]
        flow = queries.flow(staged.frame())
        found = reader, waived, counts, verdicts, flow, groups, samples.rows(), NONE_REPEATED
        return StagedResult(*found, queries=queries, store=self.store)


@dataclass
class StagedResult(ScanResult):
    """Result of a scan on an engine, and further queries of its rows.

    Attributes:
        queries: of the staged rows.
        store: where kept records stay; None if they are loaded into the warehouse.
    """

    queries: Queries
    store: RecordStore | None

    @property
    def read_by_polars(self) -> Collection[int]:
        """Numbers of the files that the engine has left to polars."""
        return self.queries.staged.by_polars

    def repeated(self, where: Mapping[int, SourceLocations]) -> pl.DataFrame:
        """List the rows whose key an earlier row has."""
        with self.queries.explained():
            return self.queries.repeated

    def unread_texts(self, column: Column) -> list[str]:
        """List the texts of a column's cells that cannot be read, each once."""
        with self.queries.explained():
            return self.queries.unread_texts(column)

    def count_rejected(self, rejection: Rejection) -> int:
        """Count the rejected rows."""
        with self.queries.explained():
            return self.rows - self.queries.height(self.queries.kept(rejection))

    @property
    def make_partition(self) -> Callable[..., RowPartition]:
        """Constructor of its partition, with the queries bound."""
        return partial(StagedPartition, queries=self.queries, store=self.store)


@dataclass(frozen=True)
class StagedPartition(RowPartition):
    """Partition of a register's rows that an engine holds.

    Attributes:
        queries: of the staged rows.
        store: where kept records stay; None if they are loaded into the warehouse.
    """

    queries: Queries
    store: RecordStore | None

    @cached_property
    def _rejected(self) -> pl.DataFrame:
        """Rejected rows of all files."""
        with self.queries.explained():
            return self.queries.rejected(self.rejection)

    def rejected_values(self, number: int) -> pl.LazyFrame:
        """Return the rejected rows of a file; one query fetches those of all files."""
        if self.rejection.few is not None:
            return super().rejected_values(number)
        again = pl.col(ROW).is_in(self.rejection.again.get(number, [])).alias(AGAIN)
        return self._rejected.lazy().filter(pl.col(FILE) == number).with_columns(pl.col(ROW).cast(pl.UInt32)).with_columns(again)

    @property
    def _kept(self) -> Any:
        return self.queries.kept(self.rejection)

    def flow_counts(self, of_all: pl.DataFrame) -> pl.DataFrame:
        """Count the flow of the kept rows, given that of all rows."""
        with self.queries.explained():
            return self.queries.flow(self._kept) if self.rejected else of_all

    def durations(self) -> pl.DataFrame:
        """Compute the durations of the kept rows."""
        with self.queries.explained():
            return self.queries.durations(self._kept)

    def retain(self, fingerprint: str) -> RetainedRecords | None:
        """Retain the kept rows with the engine, if there is a store for them."""
        if self.store is None:
            return None
        with self.queries.explained():
            records = self._kept.select(*(column.name for column in self.reader.columns))
            return self.store.retain(self.reader.address, fingerprint, records.to_native(), self.kept)
