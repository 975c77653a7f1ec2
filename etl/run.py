"""The main job: check every table, and when the gate opens publish the warehouse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from itertools import chain

from etl.catalogue import entries, registers
from etl.gate.check import Checked, check
from etl.project import Project
from etl.publishing.protocol import loading
from etl.registers.memory import limit_memory
from etl.warehouse.contents import contents
from etl.warehouse.database import verify
from etl.warehouse.publish import build
from etl.warehouse.quality import Load, quality
from schemas.vocabulary import Severity


@dataclass(frozen=True)
class Ran:
    """What a run did: what its check found, and whether it published."""

    checked: Checked
    exit_code: int
    published: bool


Tell = Callable[[Checked, int], None]


def run(
    project: Project,
    fail_on: Severity | None,
    say: Callable[[str], None],
    memory_limit: str = "",
    tell: Tell = lambda checked, exit_code: None,
    *,
    strict: bool = False,
) -> Ran:
    """Check a project and publish its warehouse, unless a finding at or above `fail_on` is left or a rule did not run.

    Args:
        project: the project.
        fail_on: the mildest severity that keeps the old warehouse; None publishes whatever can be.
        say: told in a few words what is done next.
        memory_limit: how much memory a scan, and DuckDB, may use, such as `2GB`; empty for what is theirs by default.
        tell: told what was found, and the verdict, before anything is published: a report that cannot be written stops it.
        strict: whether one row of a raw file that cannot be read is reason to refuse the file.

    Raises:
        BusyError: another load is at work.
        WriteError: the warehouse cannot be written.
        DurabilityError: it is published, but a power cut might undo that.
    """
    limit_memory(memory_limit)
    with loading(project.warehouse) as load:
        say("checking the raw tables")
        checked = check(project, entries(), load.started.date(), whole=True, registers=registers(), say=say, strict=strict)
        exit_code = checked.exit_code(fail_on)
        tell(checked, exit_code)
        if exit_code:
            return Ran(checked, exit_code, published=False)
        say(f"publishing {project.relative(project.warehouse)}")
        about = Load(load.load, load.started, datetime.now(UTC), fail_on or "", package_version())
        made = chain(contents(project, checked, say), quality(project, checked, about))
        load.publish(partial(build, relations=made, memory_limit=memory_limit), verify)
    return Ran(checked, exit_code, published=True)


def package_version() -> str:
    """Give the version of the installed package."""
    try:
        return version("ip-bulletin-etl")
    except PackageNotFoundError:
        return "not installed"
