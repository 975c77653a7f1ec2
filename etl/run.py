"""The main job: check every table, and when the gate opens publish the warehouse."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

from etl.catalogue import entries
from etl.check import Checked, check
from etl.contents import contents
from etl.project import Project
from etl.quality import Load, quality
from etl.warehouse import publish
from schemas.vocabulary import Severity


@dataclass(frozen=True)
class Ran:
    """What a run did: what its check found, and whether it published."""

    checked: Checked
    exit_code: int
    published: bool


def run(project: Project, fail_on: Severity | None, say: Callable[[str], None]) -> Ran:
    """Check a project and publish its warehouse, unless a finding at or above `fail_on` is left or a rule did not run.

    Args:
        project: the project.
        fail_on: the mildest severity that keeps the old warehouse; None publishes whatever can be.
        say: told in a few words what is done next.
    """
    started = datetime.now(UTC)
    say("checking the raw tables")
    checked = check(project, entries(), started.date(), whole=True)
    exit_code = checked.exit_code(fail_on)
    if exit_code:
        return Ran(checked, exit_code, published=False)
    say(f"publishing {project.relative(project.warehouse)}")
    load_id = f"{started:%Y%m%dT%H%M%S.%f}-{os.getpid()}"
    load = Load(load_id, started, datetime.now(UTC), fail_on or "", package_version())
    publish(project.warehouse, [*contents(project, checked), *quality(project, checked, load)])
    return Ran(checked, exit_code, published=True)


def package_version() -> str:
    """Give the version of the installed package."""
    try:
        return version("ip-bulletin-etl")
    except PackageNotFoundError:
        return "not installed"
