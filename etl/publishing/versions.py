"""Keep the versions of a warehouse, find the current one, and roll back.

`ip.<load>.duckdb` is a version; it is never written again. `ip.duckdb` is a link to the current one. The file `.rolled-back`
lists the loads that were rolled back, to tell them from those that a dead load left.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from etl.errors import DurabilityError, ProjectError, UnknownNameError, WriteError, no_warehouse, reason_of
from etl.files import replace_text
from etl.publishing.fsync import discard, flush, link_version
from etl.publishing.lock import hold_lock
from etl.publishing.signals import mask_signals
from schemas.texts import Text, system_reason

KEPT = 3
"""How many versions are kept, the current one included; those rolled back are kept besides."""

NANOSECONDS_APART = 1_000_000
"""How far the time of a file may be from what it was set to: file systems round it."""

LAST_YEAR = 2262
"""The year in which the nanoseconds of a file's time end."""

ROLLED_BACK = ".rolled-back"
_MOMENT = "%Y%m%dT%H%M%S.%f"
_LOAD = r"[0-9]{8}T[0-9]{6}\.[0-9]{6}-[0-9]+"


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A version: the load that made it, and its file."""

    load: str
    path: Path


def versions(target: Path) -> list[Version]:
    """List the versions of a warehouse, the oldest first."""
    name = re.compile(rf"{re.escape(target.stem)}\.({_LOAD}){re.escape(target.suffix)}")
    if not target.parent.is_dir():
        return []
    found = ((name.fullmatch(path.name), path) for path in target.parent.iterdir())
    return sorted(Version(match[1], path) for match, path in found if match and _has_a_moment(match[1]) and _is_plain(path))


def _has_a_moment(load: str) -> bool:
    """Whether a load is named after a moment of the calendar."""
    try:
        return bool(_moment_of(load))
    except ValueError:
        return False


def _moment_of(load: str) -> datetime:
    return datetime.strptime(load.partition("-")[0], _MOMENT).replace(tzinfo=UTC)


def _is_plain(path: Path) -> bool:
    """Whether a path is a file, and no link or folder."""
    return path.is_file() and not path.is_symlink()


def version_path(target: Path, load: str) -> Path:
    """Return the path of a version's file."""
    return target.with_name(f"{target.stem}.{load}{target.suffix}")


def current_version(target: Path) -> Version | None:
    """Find the version that users open; None if `target` is not a version."""
    if target.is_symlink():
        name = target.readlink()
        is_beside = target.parent.joinpath(name).parent.resolve() == target.parent.resolve()
        return next((each for each in versions(target) if is_beside and each.path.name == name.name), None)
    if not target.is_file():
        return None
    return next((each for each in versions(target) if _is_same_file(each.path, target)), None)


def _is_same_file(version: Path, target: Path) -> bool:
    """Whether two names are those of one file or, where there are no links, of a copy."""
    one, other = version.stat(), target.stat()
    same_file = (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino) and one.st_ino != 0
    return same_file or (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)


def published_at(load: str) -> int:
    """Parse the moment in the id of a load, in nanoseconds.

    The file of its version has it as the time of its last change.
    """
    moment = _moment_of(load)
    return int(moment.timestamp()) * 10**9 + moment.microsecond * 1000


def is_as_published(version: Version) -> bool:
    """Whether a version is unchanged, by its time, and has no write-ahead log."""
    log = version.path.with_name(version.path.name + ".wal")
    changed = version.path.stat().st_mtime_ns
    return abs(changed - published_at(version.load)) < NANOSECONDS_APART and not log.exists()


def next_load(target: Path, started: datetime, process: int) -> str:
    """Return the id of a new load: its start and its process.

    It is later than that of every version, whatever the clock says, but for those of a year that no file's time can be.
    """
    moments = (_moment_of(each.load) for each in versions(target))
    moment = max([started, *(each + timedelta(microseconds=1) for each in moments if each.year < LAST_YEAR)])
    return f"{moment:{_MOMENT}}-{process}"


def rolled_back(target: Path) -> frozenset[str]:
    """Read which loads were rolled back; of a list that is damaged, all that are newer than the one in force.

    These are then held and kept, until the next rollback writes the list anew.
    """
    path = target.with_name(ROLLED_BACK)
    if not _is_plain(path):
        return frozenset()
    loads = frozenset(path.read_text(encoding="utf-8", errors="replace").split())
    if all(re.fullmatch(_LOAD, load) for load in loads):
        return loads
    now = current_version(target)
    return loads | {each.load for each in versions(target) if now is not None and each.load > now.load}


def refuse_misplaced(target: Path) -> None:
    """Refuse what stands where a load writes and is no such thing; say what to move away.

    Raises:
        WriteError: the folder of the warehouse is a file, or one of its files a folder.
    """
    if target.parent.exists() and not target.parent.is_dir():
        raise WriteError(
            f"{target.parent} is no folder, where the warehouse is to be. Move it away, and run again.",
            f"{target.parent} 应为存放数据仓库的文件夹，实为文件。请移走后重新运行。",
        )
    for path in (target, target.with_name(ROLLED_BACK)):
        if path.is_dir() and not path.is_symlink():
            raise WriteError(
                f"{path} is a folder, where a file is to be. Move it away or delete it, and run again.",
                f"{path} 应为文件，实为文件夹。请移走或删除后重新运行。",
            )


def adopt(target: Path) -> None:
    """Keep a plain file, which older releases of this package wrote, as a version."""
    if target.is_symlink() or not target.is_file() or current_version(target) is not None:
        return
    if target.with_name(target.name + ".wal").exists():
        return  # It was changed: it is not what was loaded, and the change may be in the log only.
    made = datetime.fromtimestamp(target.stat().st_mtime, UTC)
    kept = version_path(target, f"{made:{_MOMENT}}-0")
    if not kept.exists():
        try:
            kept.hardlink_to(target)
        except OSError:
            return  # A file system without links cannot keep it.


def orphans(target: Path) -> list[Path]:
    """List what dead loads left: unfinished files, and versions never activated."""
    folder, now = target.parent, current_version(target)
    found = [path for path in folder.iterdir() if path.name.startswith((".build-", ".link-", f".{ROLLED_BACK}-"))]
    if now is not None:
        withdrawn = rolled_back(target)
        found += [each.path for each in versions(target) if each.load > now.load and each.load not in withdrawn]
    return found


def prune(target: Path, keep: int = KEPT) -> None:
    """Delete all but the last `keep` versions, not counting rolled-back ones."""
    withdrawn = rolled_back(target)
    counted = [each for each in versions(target) if each.load not in withdrawn]
    if len(counted) > keep:
        for each in versions(target):
            if each.load < counted[-keep].load:
                discard(each.path)
                discard(each.path.with_name(each.path.name + ".wal"))


def roll_back(target: Path, load: str, verify: Callable[[Path], None]) -> Version:
    """Activate an older version, or a newer one that was rolled back; return it.

    Args:
        target: the warehouse.
        load: which; empty for the one before.
        verify: raises if a file differs from what was loaded.

    Raises:
        ProjectError: there is no such version.
        BusyError: a load is at work.
        WriteError: the file is damaged, or cannot be activated; the current version stays.
        DurabilityError: it is current, but a power cut might undo that.
    """
    if not target.parent.is_dir():
        raise no_warehouse(target)
    refuse_misplaced(target)
    try:
        with hold_lock(target.parent):
            wanted = _find_version(target, load)
            verify(wanted.path)
            withdrawn = {each.load for each in versions(target) if each.load > wanted.load} | rolled_back(target)
            kept = sorted((withdrawn - {wanted.load}) & {each.load for each in versions(target)})
            replace_text(target.with_name(ROLLED_BACK), "".join(f"{each}\n" for each in kept))
            flush(target.parent)
            activate(target, wanted)
            return wanted
    except OSError as error:
        unchanged = Text(f"{target} is what it was before: ", f"{target} 保持原样：")
        raise WriteError(unchanged + reason_of(error, target.parent)) from error


def activate(target: Path, version: Version) -> None:
    """Point the warehouse at a version, and make that durable; signals are masked.

    Raises:
        OSError: the link cannot be changed.
        DurabilityError: the version is current, but a power cut might undo that.
    """
    with mask_signals():
        try:
            link_version(target, version.path)
        except OSError:
            if current_version(target) != version:
                raise
        try:
            flush(target.parent)
        except OSError as error:
            reason = system_reason(error)
            raise DurabilityError(
                f"{target} is the load {version.load}, but the disk did not confirm it ({reason.en})."
                " Check the disk: a power cut might restore the version before it.",
                f"{target} 已指向装载 {version.load}，但磁盘未予确认（{reason.zh}）。请检查磁盘：断电可能使其回到前一版本。",
            ) from error


def _find_version(target: Path, load: str) -> Version:
    there, now, withdrawn = versions(target), current_version(target), rolled_back(target)
    if load:
        found = next((each for each in there if each.load == load), None)
        if found is None:
            raise UnknownNameError(Text("load", "装载"), load, [each.load for each in there])
        return found
    before = [each for each in there if (now is None or each.load < now.load) and each.load not in withdrawn]
    if not before:
        raise ProjectError(
            "There is no version before the one in force. `etl history` lists those that are kept.",
            "现行版本之前没有其他版本。可用 `etl history` 查看已保存的版本。",
        )
    return before[-1]
