"""Check the same register by polars and by an engine, and compare the results."""

from __future__ import annotations

import atexit
import os
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from register_projects import PLEDGES

from etl.catalogue import register
from etl.engines.registry import open_engine
from etl.engines.staged_engine import StagedEngine
from etl.project import Project
from etl.registers.check import CheckedRegister, check_register
from etl.registers.engine import RegisterEngine
from etl.warehouse.records import register_relations, rejected_rows

ENGINE = os.environ.get("ETL_TEST_ENGINE", "duckdb")
"""The engine that is held to polars; tests/test_engine_spark.py runs these tests again with Spark."""

only_on_duckdb = pytest.mark.skipif(ENGINE != "duckdb", reason="need not be seen on every engine")


@contextmanager
def engine(folder: Path, say: Callable[[str], None] = lambda text: None) -> Iterator[StagedEngine]:
    """Open the engine, with a folder to stage in."""
    (folder / "raw").mkdir(parents=True, exist_ok=True)
    with open_engine(ENGINE, str(folder / "work"), Project(folder), "", say) as opened:
        assert isinstance(opened, StagedEngine)
        yield opened


@cache
def the_engine() -> StagedEngine:
    """Open the engine once for all tests of a process: Spark starts in ten seconds."""
    stack = ExitStack()
    folder = stack.enter_context(tempfile.TemporaryDirectory())
    found = stack.enter_context(engine(Path(folder)))
    atexit.register(stack.close)
    return found


def by(
    engine: RegisterEngine | None, project: Project, address: str = PLEDGES, waived: Collection[tuple[str, str, str]] = ()
) -> CheckedRegister:
    """Check a register alone, by an engine or by polars."""
    found = check_register(project, register(address), {}, lambda table: (), waived, engine=engine)
    assert found is not None
    return found


def results_of(found: CheckedRegister) -> dict[str, Any]:
    """Collect all results of a check of a register, in their order."""
    outcomes = [
        (each.rule.id, each.column, each.passed, each.not_applicable, each.breaches, each.not_run) for each in found.outcomes
    ]
    months = [*register_relations(found.entry, found)][1].rows
    return {
        "rows": (found.rows, found.rejected),
        "outcomes": outcomes,
        "findings": found.findings,
        "partition": found.partition and (found.partition.kept, found.partition.rejected, found.partition.rejection.again),
        "rejected": [row for batch in rejected_rows(found) for row in batch.rows()],
        "counts": sorted(found.counts.rows(), key=str),
        "months": (
            months.schema,
            [tuple(round(cell, 9) if isinstance(cell, float) else cell for cell in row) for row in months.rows()],
        ),
    }


def assert_same(project: Project, address: str = PLEDGES, waived: Collection[tuple[str, str, str]] = ()) -> dict[str, Any]:
    """Assert that the engine returns the results of polars, and return these."""
    ours = results_of(by(the_engine(), project, address, waived))
    polars = results_of(by(None, project, address, waived))
    for name, what in polars.items():
        assert ours[name] == what, name
    return polars
