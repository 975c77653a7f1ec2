"""Open the engine that `--engine` names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import entry_points
from typing import Any

from etl.engines.protocol import Engine
from etl.engines.retained_records import RecordStore
from etl.engines.staged_engine import StagedEngine
from etl.engines.staging_area import RECORDS, STAGED, staging_area
from etl.errors import ProjectError, did_you_mean
from etl.project import Project
from etl.registers.progress import Say
from schemas.texts import Text

POLARS, DUCKDB = "polars", "duckdb"
_SPARK = re.compile(r"spark://\S+|sc://\S+|local(\[(\d+|\*)(, *\d+)?\])?|local-cluster\[[\d, ]+\]|yarn|k8s://\S+")
KNOWN = (POLARS, DUCKDB, "spark://HOST:7077", "sc://HOST:15002", "local[N]")
GROUP = "etl.engines"


@contextmanager
def open_engine(name: str, work: str, project: Project, memory_limit: str, say: Say) -> Iterator[StagedEngine | None]:
    """Open an engine that scans registers; None for polars, which needs nothing.

    Args:
        name: the value of `--engine`.
        work: the value of `--work`; empty for a folder beside the warehouse.
        project: the project.
        memory_limit: how much memory the engine may use here; empty for its own default.
        say: called with a line on what is done.

    Raises:
        ProjectError: there is no such engine, it is not installed, or it cannot be reached.
    """
    if name == POLARS:
        if work:
            raise ProjectError(
                "--work is for engines that stage rows: duckdb, spark://, sc://, local[N]. polars needs none.",
                "--work 用于需要暂存数据的引擎：duckdb、spark://、sc://、local[N]；polars 不需要。",
            )
        yield None
        return
    engine = _load(name, project, memory_limit, say)

    def remove(uri: str) -> None:
        with suppress(*engine.failures, OSError):  # What cannot be removed is replaced by the next run.
            engine.remove(uri)

    try:
        if engine.needs_shared_work and not work:
            raise ProjectError(
                f"--engine {name} needs --work URI: a folder that this machine and all workers reach, or object storage.",
                f"--engine {name} 需要 --work URI：本机与所有工作节点都能访问的文件夹，或对象存储。",
            )
        with staging_area(work or str(project.warehouse.parent / "work"), say, remove) as below:
            records = below.removesuffix(STAGED) + RECORDS
            store = RecordStore(engine, records, project.warehouse, say) if work and engine.keeps_records else None
            yield StagedEngine(engine, below, say, store)
    finally:
        with suppress(*engine.failures, OSError):  # It may be gone already.
            engine.close()


def _load(name: str, project: Project, memory_limit: str, say: Say) -> Engine:
    if name == DUCKDB:
        from etl.engines.on_duckdb import DuckdbEngine

        return DuckdbEngine(memory_limit, project.warehouse.parent / "duckdb.tmp")
    if _SPARK.fullmatch(name):
        from etl.engines.on_spark import spark_engine

        return spark_engine(name, memory_limit, say)
    short = re.split(r"[:\[?]", name, maxsplit=1)[0]
    others: dict[str, Any] = {each.name: each for each in entry_points(group=GROUP)}
    if short in others:
        made: Engine = others[short].load()(name, memory_limit)
        return made
    known = [*KNOWN, *others]
    there = Text(f"No engine {name!r}; there are {', '.join(known)}.", f"没有引擎“{name}”，可用 {'、'.join(known)}。")
    raise ProjectError(there + did_you_mean(name, known))
