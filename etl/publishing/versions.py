"""The versions of a warehouse that are kept, which of them is in force, and going back to one.

`ip.<load>.duckdb` is a version; it is never written again. `ip.duckdb` is another name of the one in force. The loads that were
taken back stand in `.rolled-back`, so that they are not taken for what a dead load left behind.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from etl.errors import DurabilityError, ProjectError, UnknownNameError, WriteError, reason_of
from etl.files import replace_text
from etl.publishing.fsync import discard, flush, point
from etl.publishing.lock import held
from etl.publishing.signals import ignored

KEPT = 3
"""How many versions are kept, the one in force included; what was rolled back comes on top."""

NANOSECONDS_APART = 1_000_000
"""How far the time of a file may be from what it was set to; file systems do not keep every digit."""

ROLLED_BACK = ".rolled-back"
_MOMENT = "%Y%m%dT%H%M%S.%f"
_LOAD = r"[0-9]{8}T[0-9]{6}\.[0-9]{6}-[0-9]+"


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A version: the load that made it, and its file."""

    load: str
    path: Path


def versions(target: Path) -> list[Version]:
    """Give the versions of a warehouse that are there, the oldest first."""
    name = re.compile(rf"{re.escape(target.stem)}\.({_LOAD}){re.escape(target.suffix)}")
    if not target.parent.is_dir():
        return []
    found = ((name.fullmatch(path.name), path) for path in target.parent.iterdir())
    return sorted(Version(match[1], path) for match, path in found if match)


def version_path(target: Path, load: str) -> Path:
    """Give the file of a version."""
    return target.with_name(f"{target.stem}.{load}{target.suffix}")


def in_force(target: Path) -> Version | None:
    """Give the version that users open; None where there is none, or what they open is no version."""
    if target.is_symlink():
        name = target.readlink().name
        return next((each for each in versions(target) if each.path.name == name), None)
    if not target.is_file():
        return None
    return next((each for each in versions(target) if _is_the_same(each.path, target)), None)


def _is_the_same(version: Path, target: Path) -> bool:
    """Whether two names are those of one file or, where there are no links, of a copy."""
    one, other = version.stat(), target.stat()
    same_file = (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino) and one.st_ino != 0
    return same_file or (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)


def published_at(load: str) -> int:
    """Give the moment in the name of a load, in nanoseconds; the file of its version has it as the time of its last change."""
    moment = datetime.strptime(load.partition("-")[0], _MOMENT).replace(tzinfo=UTC)
    return int(moment.timestamp()) * 10**9 + moment.microsecond * 1000


def is_as_published(version: Version) -> bool:
    """Whether nobody has changed a version, as far as its time tells, and nobody is about to."""
    log = version.path.with_name(version.path.name + ".wal")
    changed = version.path.stat().st_mtime_ns
    return abs(changed - published_at(version.load)) < NANOSECONDS_APART and not log.exists()


def next_load(target: Path, started: datetime, process: int) -> str:
    """Give the id of a load: when it started and which process it is; later than every version, whatever the clock says."""
    moments = [datetime.strptime(each.load.partition("-")[0], _MOMENT).replace(tzinfo=UTC) for each in versions(target)]
    moment = max([started, *(each + timedelta(microseconds=1) for each in moments)])
    return f"{moment:{_MOMENT}}-{process}"


def rolled_back(target: Path) -> frozenset[str]:
    """Give the loads that were taken back."""
    path = target.with_name(ROLLED_BACK)
    return frozenset(path.read_text(encoding="utf-8").split()) if path.is_file() else frozenset()


def take_over(target: Path) -> None:
    """Keep a warehouse that is a plain file, as older versions of this package made it, as a version."""
    if target.is_symlink() or not target.is_file() or in_force(target) is not None:
        return
    if target.with_name(target.name + ".wal").exists():
        return  # Somebody changed it: it is not what was loaded, and what he wrote is not in it.
    made = datetime.fromtimestamp(target.stat().st_mtime, UTC)
    kept = version_path(target, f"{made:{_MOMENT}}-0")
    if not kept.exists():
        try:
            kept.hardlink_to(target)
        except OSError:
            return  # Where files have one name only it cannot be kept.


def leftovers(target: Path) -> list[Path]:
    """Give what dead loads left behind: half-built files, and versions that were never put in force."""
    folder, now = target.parent, in_force(target)
    found = [path for path in folder.iterdir() if path.name.startswith((".build-", ".link-", f".{ROLLED_BACK}-"))]
    if now is not None:
        taken_back = rolled_back(target)
        found += [each.path for each in versions(target) if each.load > now.load and each.load not in taken_back]
    return found


def prune(target: Path, keep: int = KEPT) -> None:
    """Delete the versions before the last `keep`; what was rolled back does not count among these."""
    taken_back = rolled_back(target)
    good = [each for each in versions(target) if each.load not in taken_back]
    if len(good) > keep:
        for each in versions(target):
            if each.load < good[-keep].load:
                discard(each.path)
                discard(each.path.with_name(each.path.name + ".wal"))


def roll_back(target: Path, load: str, verify: Callable[[Path], None]) -> Version:
    """Put an older version in force again, or a newer one that was taken back, and give it.

    Args:
        target: the warehouse.
        load: which; empty for the one before.
        verify: raises where a file is not what was loaded.

    Raises:
        ProjectError: there is none such.
        BusyError: a load is at work.
        WriteError: the file is damaged, or cannot be put in force; the one before is.
        DurabilityError: it is in force, but a power cut might undo that.
    """
    if not target.parent.is_dir():
        raise ProjectError(f"No warehouse at {target}. Make it with `etl run`.")
    try:
        with held(target.parent):
            wanted = _wanted(target, load)
            verify(wanted.path)
            taken_back = {each.load for each in versions(target) if each.load > wanted.load} | rolled_back(target)
            kept = sorted((taken_back - {wanted.load}) & {each.load for each in versions(target)})
            replace_text(target.with_name(ROLLED_BACK), "".join(f"{each}\n" for each in kept))
            flush(target.parent)
            put_in_force(target, wanted)
            return wanted
    except OSError as error:
        raise WriteError(f"{target} is what it was before: {reason_of(error, target.parent)}") from error


def put_in_force(target: Path, version: Version) -> None:
    """Point the warehouse at a version, and write that to the disk for good. A signal comes too early or too late.

    Raises:
        OSError: it cannot be pointed at it; it is what it was.
        DurabilityError: it is pointed at it, but a power cut might undo that.
    """
    with ignored():
        try:
            point(target, version.path)
        except OSError:
            if in_force(target) != version:
                raise
        try:
            flush(target.parent)
        except OSError as error:
            raise DurabilityError(
                f"{target} is the load {version.load}, but the disk did not confirm it ({reason_of(error, target.parent)})."
                " Look after the disk: a power cut might bring the version before it back."
            ) from error


def _wanted(target: Path, load: str) -> Version:
    there, now, taken_back = versions(target), in_force(target), rolled_back(target)
    if load:
        found = next((each for each in there if each.load == load), None)
        if found is None:
            raise UnknownNameError("load", load, [each.load for each in there])
        return found
    before = [each for each in there if (now is None or each.load < now.load) and each.load not in taken_back]
    if not before:
        raise ProjectError("There is no version before the one in force. `etl history` lists those that are kept.")
    return before[-1]
