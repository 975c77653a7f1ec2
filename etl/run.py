"""The main job: check every table, and when the gate opens publish the warehouse."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from etl.gate.check import Checked, check, nothing_cached
from etl.incremental import CachedRegisters, LoadFingerprint
from etl.input_snapshot import take_snapshot
from etl.project import Project
from etl.publishing.protocol import begin_load
from etl.registers.memory import limit_memory
from etl.version import package_version
from etl.warehouse.core_tables import core_tables
from etl.warehouse.load_record import LoadRecord, current_load_record, refuse_held, rows_of_load
from etl.warehouse.publish import build
from etl.warehouse.run_tables import Load, run_tables
from schemas.models import Severity
from schemas.texts import Text

if TYPE_CHECKING:
    from etl.registers.engine import RegisterEngine


@dataclass(frozen=True)
class Ran:
    """Result of a run.

    Attributes:
        checked: what its check found.
        exit_code: the verdict.
        published: whether it published.
        unchanged_since: the load that made what it would have published again; empty without one.
    """

    checked: Checked
    exit_code: int
    published: bool
    unchanged_since: str = ""


Tell = Callable[[Checked, int], None]


def run(
    project: Project,
    fail_on: Severity | None,
    say: Callable[[Text], None],
    memory_limit: str = "",
    tell: Tell = lambda checked, exit_code: None,
    *,
    strict: bool = False,
    force: bool = False,
    engine: RegisterEngine | None = None,
    seen: LoadRecord | None = None,
) -> Ran:
    """Check a project and publish its warehouse, unless the gate is shut.

    Nothing is published where nothing has changed since the load that is in force. Registers that have not changed since are
    not read: what was found of them is known, and their rows are taken over.

    Args:
        project: the project.
        fail_on: the mildest severity that keeps the old warehouse; None publishes whatever can be.
        say: told in a few words what is done next.
        memory_limit: how much memory a scan, and DuckDB, may use, such as `2GB`; empty for what is theirs by default.
        tell: told what was found, and the verdict, before anything is published: a report that cannot be written stops it.
        strict: whether one row of a raw file that cannot be read is reason to refuse the file.
        force: whether to read everything and publish it, whatever is known.
        engine: scans the rows of registers; polars by default.
        seen: the record of the load in force as it was read just before, if it was.

    Raises:
        BusyError: another load is at work.
        HeldError: just this was rolled back.
        WriteError: the warehouse cannot be written.
        DurabilityError: it is published, but a power cut might undo that.
    """
    limit_memory(memory_limit)
    with begin_load(project.warehouse) as load:
        today = load.started.date()
        before = None if force else current_load_record(project.warehouse, seen)
        snapshot = take_snapshot(project.root, before.snapshot if before else None)
        fingerprint = LoadFingerprint(project, snapshot, today, strict)
        is_same = before is not None and before.is_current(snapshot, today, strict)
        if not force and not is_same:
            refuse_held(project.warehouse, snapshot, today, strict)
        say(Text("checking the raw tables", "正在检查原始表"))
        cached = nothing_cached if is_same else CachedRegisters(fingerprint, before)
        entries, registers = project.catalogue.entries(), project.catalogue.registers()
        judge = partial(check, whole=True, say=say, strict=strict, engine=engine, registers=registers, cached=cached)
        checked = judge(project, entries, today, rows_before=before.rows if before else rows_of_load(project.warehouse))
        exit_code = checked.exit_code(fail_on)
        tell(checked, exit_code)
        if exit_code or (is_same and before):
            return Ran(checked, exit_code, published=False, unchanged_since=before.version.load if is_same and before else "")
        fingerprint.retain_records(checked)
        warehouse = project.relative(project.warehouse)
        say(Text(f"publishing {warehouse}", f"正在发布 {warehouse}"))
        about = Load(load.load, load.started, datetime.now(UTC), fail_on or "", package_version())
        made = chain(core_tables(project, checked, say), run_tables(project, checked, about), fingerprint.tables(checked))
        how = partial(build, relations=made, memory_limit=memory_limit, declarations=fingerprint.declarations)
        load.publish(partial(how, current=_copied_from(before, checked)), fingerprint.verify)
    return Ran(checked, exit_code, published=True)


def _copied_from(before: LoadRecord | None, checked: Checked) -> Path | None:
    """Return the version from which rows are copied; None where all of them were read."""
    is_copied = any(each.is_cached for each in checked.registers.values())
    return before.version.path if before and is_copied else None
