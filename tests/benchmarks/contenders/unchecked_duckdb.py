"""DuckDB's own load, without any check: CREATE TABLE AS SELECT from the file, in a DuckDB file."""

import tempfile
from pathlib import Path

import duckdb
from cases import Task

PACKAGES = ("duckdb",)


def check(task: Task) -> dict[str, int]:
    """Load the file and check nothing."""
    read = "read_parquet" if task.is_parquet else "read_csv"
    with (
        tempfile.TemporaryDirectory(dir=Path(task.file).parent) as folder,
        duckdb.connect(f"{folder}/cases.duckdb") as connection,
    ):
        connection.execute(f"CREATE TABLE cases AS SELECT * FROM {read}('{task.file}')")
        connection.execute("CHECKPOINT")
    return {}
