"""Ours: check, transform to the monthly flow, and load into a DuckDB file: kept rows, and rejected ones with their rules."""

import tempfile
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from cases import ADDRESS, Task

from contenders import ours_check
from etl.gate.check import Checked
from etl.warehouse.publish import publish
from etl.warehouse.register_tables import register_relations
from etl.warehouse.run_tables import Load, run_tables

PACKAGES = (*ours_check.PACKAGES, "duckdb")


def check(task: Task) -> dict[str, int]:
    """Check the file and load it."""
    with tempfile.TemporaryDirectory(dir=Path(task.file).parent) as name:
        folder = Path(name)
        project = ours_check.project_of(task, folder)
        result = ours_check.checked(task, project)
        checked = Checked({}, {ADDRESS: list(result.outcomes)}, result.findings, [], {ADDRESS: result})
        now = datetime.now(UTC)
        (folder / "views").mkdir()
        relations = chain(
            register_relations(result.entry, result), run_tables(project, checked, Load("benchmark", now, now, "", "benchmark"))
        )
        publish(project.warehouse, relations, views=folder / "views")
        return ours_check.found(result)
