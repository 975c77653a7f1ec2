"""The main job: check every table, and when the gate opens publish the warehouse."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from itertools import chain

from etl.catalogue import entries, registers
from etl.gate.check import Checked, check
from etl.project import Project
from etl.registers.memory import limit_memory
from etl.warehouse.contents import contents
from etl.warehouse.publish import publish
from etl.warehouse.quality import Load, quality
from schemas.vocabulary import Severity


@dataclass(frozen=True)
class Ran:
    """What a run did: what its check found, and whether it published."""

    checked: Checked
    exit_code: int
    published: bool


def run(project: Project, fail_on: Severity | None, say: Callable[[str], None], memory_limit: str = "") -> Ran:
    """Check a project and publish its warehouse, unless a finding at or above `fail_on` is left or a rule did not run.

    Args:
        project: the project.
        fail_on: the mildest severity that keeps the old warehouse; None publishes whatever can be.
        say: told in a few words what is done next.
        memory_limit: how much memory a scan, and DuckDB, may use, such as `2GB`; empty for what is theirs by default.
    """
    started = datetime.now(UTC)
    say("checking the raw tables")
    limit_memory(memory_limit)
    checked = check(project, entries(), started.date(), whole=True, registers=registers(), say=say)
    exit_code = checked.exit_code(fail_on)
    if exit_code:
        return Ran(checked, exit_code, published=False)
    say(f"publishing {project.relative(project.warehouse)}")
    load_id = f"{started:%Y%m%dT%H%M%S.%f}-{os.getpid()}"
    load = Load(load_id, started, datetime.now(UTC), fail_on or "", package_version())
    made = chain(contents(project, checked, say), quality(project, checked, load))
    publish(project.warehouse, made, memory_limit=memory_limit)
    return Ran(checked, exit_code, published=True)


def package_version() -> str:
    """Give the version of the installed package."""
    try:
        return version("ip-bulletin-etl")
    except PackageNotFoundError:
        return "not installed"
