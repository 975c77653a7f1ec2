"""Publish a warehouse, step by step; readers see no change before step 6.

    1. the lock is taken, and what dead loads left behind is deleted
    2. the next version is built beside the others, in one transaction, and closed without a write-ahead log
    3. it is opened again, read-only, and compared with its own ledger
    4. it is made read-only and flushed to the disk
    5. it gets its name, `ip.<load>.duckdb`, and the folder is flushed
    6. `ip.duckdb` is pointed at it, in one step: from here on it is published
    7. the folder is flushed
    8. the versions before the last ones are deleted

A fault before step 6 leaves the old version current. A fault of step 7 is an error of its own, for the load is published.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from etl.errors import WriteError, cannot_be_written, reason_of
from etl.publishing.fsync import discard, flush
from etl.publishing.lock import hold_lock
from etl.publishing.versions import (
    Version,
    activate,
    adopt,
    current_version,
    next_load,
    orphans,
    prune,
    published_at,
    refuse_misplaced,
    version_path,
)
from schemas.texts import Text

READ_ONLY = 0o444


@dataclass(frozen=True, slots=True)
class Loading:
    """A load that holds the lock.

    Attributes:
        target: the warehouse.
        load: its id.
        started: when it began.
    """

    target: Path
    load: str
    started: datetime

    def publish(self, build: Callable[[Path], None], verify: Callable[[Path], None]) -> None:
        """Build a version, verify it, and make it the current one.

        Args:
            build: makes the file at a path, and leaves it closed.
            verify: raises if a file differs from what was loaded.

        Raises:
            WriteError: it cannot be written; the old version stays current.
            DurabilityError: it is current, but a power cut might undo that.
        """
        building = self.target.with_name(f".build-{self.load}{self.target.suffix}")
        version = Version(self.load, version_path(self.target, self.load))
        try:
            build(building)
            _refuse_log(building)
            verify(building)
            _refuse_log(building)
            os.utime(building, ns=(published_at(self.load),) * 2)
            os.chmod(building, READ_ONLY)
            flush(building)
            adopt(self.target)
            building.rename(version.path)
            flush(self.target.parent)
            activate(self.target, version)
        except BaseException as error:
            if current_version(self.target) != version:
                for path in (version.path, building, *_temporary_files(building)):
                    discard(path)
            if isinstance(error, OSError):
                what = Text(
                    f"{self.target} could not be published, and is what it was before: ", f"{self.target} 未能发布，保持原样："
                )
                raise WriteError(what + reason_of(error, self.target.parent)) from error
            raise
        with suppress(OSError):
            prune(self.target)


@contextmanager
def begin_load(target: Path) -> Iterator[Loading]:
    """Begin a load: take the lock of a warehouse, and delete what dead loads left.

    Raises:
        BusyError: another load is at work.
        WriteError: the folder of the warehouse cannot be written.
    """
    started = datetime.now(UTC)
    refuse_misplaced(target)
    with ExitStack() as holding:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            holding.enter_context(hold_lock(target.parent))
            for path in orphans(target):
                discard(path)
            load = Loading(target, next_load(target, started, os.getpid()), started)
        except OSError as error:
            raise WriteError(cannot_be_written(target.parent, error, target.parent)) from error
        yield load


def _temporary_files(building: Path) -> list[Path]:
    return [building.with_name(building.name + ending) for ending in (".wal", ".tmp")]


def _refuse_log(building: Path) -> None:
    """Refuse a file that needs its write-ahead log, for only the file is moved.

    Raises:
        WriteError: there is such a log.
    """
    if building.with_name(building.name + ".wal").exists():
        raise WriteError(
            f"{building.name} was closed with a write-ahead log; nothing was published. Run again.",
            f"{building.name} 关闭时留有预写日志，未发布任何内容。请重新运行。",
        )
