"""What a row of a register costs, part by part: the work of all cores, in nanoseconds a row.

    python tests/benchmarks/parts.py --rows 1e7

The check, and then the load, is built up step by step; a part is what its step works more than the step before. Other work on the
machine disturbs this less than it disturbs the time.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

import polars as pl
from cases import ADDRESS, RESULTS, Task
from contenders.our_register import model
from contenders.ours_check import checked, project_of
from measure import arguments, disturbance
from registers import make

from etl.catalogue import PACKAGE, RegisterEntry
from etl.project import Project
from etl.registers.failure_samples import MOST_FINDINGS, FailureSamples
from etl.registers.keys import KeyHashes, hash_key
from etl.registers.parse import TEXT
from etl.registers.raw_files import raw_files
from etl.registers.reader import RegisterReader
from etl.registers.row_tests import RowTest, row_tests
from etl.registers.scan import open_file
from etl.registers.scan_checks import count_failures, observe_batches
from etl.registers.streaming_sums import StreamingSums
from etl.warehouse.arrow import ArrowStream
from etl.warehouse.database import new_file, verify_file
from etl.warehouse.register_tables import ROWS_AT_ONCE
from schemas.registers import Code, Day, Flag, Money, columns, key

KINDS = {Code: "codes read", Day: "days read", Money: "amounts read", Flag: "flags read"}
TABLE = "main.records"

Step = tuple[str, Callable[[], object]]


def main() -> None:
    """Measure the parts of a file, and print them."""
    parser = arguments(__doc__, RESULTS)
    parser.add_argument("--rows", type=float, default=1e6)
    parser.add_argument("--form", default="csv", choices=["csv", "parquet"])
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        file = Path(folder) / f"cases.{asked.form}"
        make(file, int(asked.rows), {})
        sys.stdout.write("".join(lines(file, int(asked.rows), asked.repetitions, Path(folder))))


def lines(file: Path, rows: int, repetitions: int, folder: Path) -> Iterator[str]:
    """Yield a table of the parts of a file of so many rows."""
    yield f"{disturbance()}\n| part | ns of work a row |\n|---|--:|\n"
    task = Task(str(file))
    project = project_of(task, folder)
    reader = reader_of(task, project)
    for steps in (of_check(reader), of_load(reader, folder)):
        before = 0.0
        for said, step in steps:
            work = least_work(step, repetitions)
            yield f"| {said} | {(work - before) / rows * 1e9:,.0f} |\n"
            before = work
    whole = least_work(lambda: checked(task, project), repetitions)
    yield f"| the check as a whole | {whole / rows * 1e9:,.0f} |\n"


def reader_of(task: Task, project: Project) -> RegisterReader:
    """Return how the register of a project is read."""
    entry = RegisterEntry(ADDRESS, model(task), PACKAGE.register(ADDRESS).transform)
    scans = (open_file(raw, ADDRESS, columns(entry.model)).scan for raw in raw_files(project, ADDRESS)[0])
    return RegisterReader(entry, tuple(scan for scan in scans if scan is not None))


def of_check(reader: RegisterReader) -> Iterator[Step]:
    """Yield the steps of the check of rows, keys, months and groups."""
    names = [TEXT + column.name for column in reader.columns]
    yield "reading text", lambda: cells_read(reader, names)
    for kind, said in KINDS.items():
        names = [*names, *(column.name for column in reader.columns if isinstance(column.dtype, kind))]
        yield said, lambda upto=names: cells_read(reader, upto)
    every = row_tests(reader.entry.model, reader.names)
    by_reading = [test for test in every if test.check is None]
    yield f"{len(by_reading)} rules that reading answers", lambda: rows_counted(reader, by_reading)
    running = by_reading
    for test in (each for each in every if each.check is not None):
        running = [*running, test]
        yield test.rule.id, lambda upto=running: rows_counted(reader, upto)
    taking: tuple[Callable[[], Any], ...] = (KeyHashes,)
    yield "key hashed, and shown", lambda upto=taking: rows_counted(reader, every, upto)
    taking = (KeyHashes, lambda: FailureSamples(reader, every, MOST_FINDINGS, {}))
    yield "broken rows looked for", lambda upto=taking: rows_counted(reader, every, upto)
    yield "hashes sorted", lambda upto=taking: rows_counted(reader, every, upto, sort=True)
    taking = (*taking, lambda: StreamingSums(reader))
    yield "months and groups summed up", lambda upto=taking: rows_counted(reader, every, upto, sort=True)


def cells_read(reader: RegisterReader, names: Sequence[str]) -> object:
    """Read cells, and throw them away."""
    return reader.frame().select(pl.col(names).null_count()).collect(engine="streaming")


def rows_counted(
    reader: RegisterReader, running: Sequence[RowTest], taking: Sequence[Callable[[], Any]] = (), *, sort: bool = False
) -> object:
    """Count what rows break, and show them to those who take them."""
    takers = [make() for make in taking]
    frame = reader.frame()
    frame = frame.with_columns(hash_key(key(reader.entry.model))) if takers else frame
    asked = dict.fromkeys(name for taker in takers for name in getattr(taker, "COLUMNS", ()) or taker.columns)

    def take(rows: pl.DataFrame) -> None:
        for taker in takers:
            taker.take(rows)

    observers = [observe_batches(asked, take)] if takers else []
    done = count_failures(frame, reader, running, list(running), observers).collect(engine="streaming")
    for taker in takers:
        if isinstance(taker, KeyHashes) and sort:
            taker.find_repeated()
        if isinstance(taker, StreamingSums):
            taker.result()
    return done


def of_load(reader: RegisterReader, folder: Path) -> Iterator[Step]:
    """Yield the steps of the load of records: they are read again, written, and the ledger is compared with what is there."""
    path = folder / "records.duckdb"
    yield "loading: records read again", lambda: sum(rows.height for rows in records(reader))
    yield "loading: written by DuckDB, with the ledger", lambda: written(records(reader), path)
    yield "loading: read back, and compared", lambda: (written(records(reader), path), verify_file(path))


def records(reader: RegisterReader) -> Iterable[pl.DataFrame]:
    """Return the records, some at once."""
    frame = reader.frame().select(column.name for column in reader.columns)
    return frame.collect_batches(chunk_size=ROWS_AT_ONCE, maintain_order=True, engine="streaming")


def written(batches: Iterable[pl.DataFrame], path: Path) -> None:
    """Write records to a new file, as the load does."""
    path.unlink(missing_ok=True)
    with new_file(path) as connection:
        into = f"CREATE TABLE {TABLE} AS"
        for rows in batches:
            connection.register("arriving", ArrowStream(rows))
            connection.execute(f"{into} FROM arriving")
            connection.unregister("arriving")
            into = f"INSERT INTO {TABLE}"


def least_work(step: Callable[[], object], repetitions: int) -> float:
    """Yield the seconds that a step keeps cores busy: the least of some repetitions."""
    return min(worked(step) for _ in range(repetitions))


def worked(step: Callable[[], object]) -> float:
    """Return the seconds that a step keeps cores busy."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    step()
    after = resource.getrusage(resource.RUSAGE_SELF)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main()
