"""Use DuckDB as an engine on this machine, which spills to disk beyond its memory."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from etl.engines.protocol import Differences
from etl.registers.reader import RegisterReader
from etl.registers.scan import Scan
from etl.warehouse.arrow import ArrowStream
from etl.warehouse.sql_names import literal, quoted


class DuckdbEngine:
    """DuckDB in this process; polars reads all raw files, and stages them as Parquet."""

    name = "duckdb"
    differences = Differences()
    failures: tuple[type[Exception], ...] = (duckdb.Error,)
    needs_shared_work = False
    keeps_records = False
    reads_by_polars = True

    def __init__(self, memory_limit: str, spill: Path) -> None:
        settings: dict[str, Any] = {"temp_directory": str(spill), "python_enable_replacements": False}
        if memory_limit:
            settings["memory_limit"] = memory_limit
        self._connection = duckdb.connect(config=settings)
        self._connection.execute("SET enable_progress_bar = false")
        self._frames = 0

    def scan(self, uris: Sequence[str]) -> duckdb.DuckDBPyRelation:
        """Scan staged Parquet as one relation."""
        return self._connection.sql(f"FROM read_parquet([{', '.join(map(literal, uris))}])")

    def parse(self, files: Mapping[int, Scan], reader: RegisterReader) -> tuple[duckdb.DuckDBPyRelation | None, list[int]]:
        """Leave all files to polars."""
        return None, [*files]

    def write(self, frame: duckdb.DuckDBPyRelation, uri: str) -> None:
        """Write a relation as one Parquet file, which gets its name when it is whole."""
        Path(uri).parent.mkdir(parents=True, exist_ok=True)
        begun = Path(f"{uri}.begun")
        frame.write_parquet(str(begun))
        begun.replace(uri)

    def remove(self, uri: str) -> None:
        """Remove a file or a folder."""
        path = Path(uri)
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)

    def with_days(self, frame: duckdb.DuckDBPyRelation, since: str, until: str, name: str) -> duckdb.DuckDBPyRelation:
        """Add the number of days between two days."""
        return frame.project(f"*, CAST({quoted(until)} - {quoted(since)} AS BIGINT) AS {quoted(name)}")

    def frame_of(self, rows: pl.DataFrame) -> duckdb.DuckDBPyRelation:
        """Turn rows into a table of the connection."""
        self._frames += 1
        name = quoted(f"rows {self._frames}")
        self._connection.register("arriving", ArrowStream(rows))
        self._connection.execute(f"CREATE TEMP TABLE {name} AS FROM arriving")
        self._connection.unregister("arriving")
        return self._connection.sql(f"FROM {name}")

    def fetch(self, frame: duckdb.DuckDBPyRelation) -> pl.DataFrame:
        """Compute a relation."""
        return pl.DataFrame(ArrowStream(frame))

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
