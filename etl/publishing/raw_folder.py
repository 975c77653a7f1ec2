"""Replace files of `raw/` all at once: built aside, exchanged in one step.

    1. the lock of the warehouse is taken, and what dead processes left aside is deleted
    2. `raw/` is built anew in a hidden folder beside it: hard links, and the files that change
    3. the caller may check the new folder, as the `raw/` of a project of its own
    4. both folders are exchanged by one call of the operating system, so that every reader sees the old files or the new
    5. the old folder is deleted

Killed before step 4, nothing has changed; killed after it, everything has. Where a file system cannot exchange two folders, step
4 is two renames: killed between them, `raw/` is missing, and whole in the hidden folder, which every command then names.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from etl.errors import DurabilityError, ProjectError, WriteError, cannot_be_written, reason_of
from etl.files import refuse_outside, replace_text
from etl.publishing.fsync import discard, flush
from etl.publishing.lock import hold_lock
from etl.publishing.signals import mask_signals
from schemas.texts import Text, system_reason

ASIDE = ".raw-"
"""What the name of a hidden folder begins with."""

_HERE = -100  # AT_FDCWD of Linux: paths are relative to the working folder
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS

_Seen = dict[str, tuple[int, int, int]]


@dataclass
class RawFolder:
    """A `raw/` that is built aside.

    Attributes:
        project: the project's folder.
        root: the hidden folder, which holds the new `raw/`.
    """

    project: Path
    root: Path
    _seen: _Seen = field(default_factory=dict)

    def write(self, texts: Mapping[Path, str]) -> None:
        """Write files of the project, each named by its path there, into the new folder."""
        for path, text in texts.items():
            target = refuse_outside(self.root / path.relative_to(self.project), self.root)
            replace_text(target, text)
            flush(target.parent)

    def publish(self) -> None:
        """Exchange the old folder and the new.

        Raises:
            ProjectError: a file of the old one was changed meanwhile; nothing was written.
            WriteError: they cannot be exchanged; nothing was written.
            DurabilityError: they are exchanged, but a power cut might undo that.
        """
        for folder, _, _ in os.walk(self.root):
            flush(Path(folder))
        if _files(self.project / "raw") != self._seen:
            raise ProjectError(
                "A file in raw/ was changed meanwhile. Nothing was written; run again.",
                "raw/ 中有文件在此期间被改动。未写入任何内容；请重新运行。",
            )
        with mask_signals():
            try:
                _exchange(self.root / "raw", self.project / "raw")
            except OSError as error:
                kept = Text("raw/ is what it was before: ", "raw/ 保持原样：")
                raise WriteError(kept + reason_of(error, self.project)) from error
            try:
                flush(self.project)
            except OSError as error:
                reason = system_reason(error)
                raise DurabilityError(
                    f"raw/ is written, but the disk did not confirm it ({reason.en}). Check the disk.",
                    f"raw/ 已写入，但磁盘未予确认（{reason.zh}）。请检查磁盘。",
                ) from error


@contextmanager
def staged_raw(project: Path) -> Iterator[RawFolder]:
    """Build a copy of a project's `raw/` aside, and delete it in the end, published or not.

    Raises:
        BusyError: another process writes to the project.
        WriteError: it cannot be built.
    """
    with ExitStack() as holding:
        try:
            refuse_outside(project / "warehouse", project).mkdir(exist_ok=True)
            holding.enter_context(hold_lock(project / "warehouse"))
            for left in project.glob(f"{ASIDE}*"):
                discard(left)
            folder = RawFolder(project, project / f"{ASIDE}{os.getpid()}")
            holding.callback(discard, folder.root)
            folder.root.mkdir()
            folder._seen |= _files(project / "raw")
            shutil.copytree(project / "raw", folder.root / "raw", symlinks=True, copy_function=_link_or_copy)
        except OSError as error:
            raise WriteError(cannot_be_written(project, error, project)) from error
        yield folder


def _link_or_copy(source: str, target: str) -> str:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:  # a file system without links, or a file of another one
        shutil.copy2(source, target, follow_symlinks=False)
    return target


def _files(folder: Path) -> _Seen:
    """Return size, time and number of each file; its links are not counted as a change."""
    found: _Seen = {}
    for name, _, files in os.walk(folder):
        for file in files:
            about = os.lstat(os.path.join(name, file))  # noqa: PTH118
            found[os.path.relpath(os.path.join(name, file), folder)] = (  # noqa: PTH118
                about.st_size,
                about.st_mtime_ns,
                about.st_ino,
            )
    return found


def _exchange(new: Path, old: Path) -> None:
    """Exchange two folders in one step, or else by two renames."""
    if _exchanged(new, old):
        return
    aside = new.with_name("old")
    old.rename(aside)
    try:
        new.rename(old)
    except OSError:
        aside.rename(old)
        raise


def _exchanged(one: Path, other: Path) -> bool:
    """Exchange two folders by one call; False where the system or file system has none."""
    name = {"linux": "renameat2", "darwin": "renamex_np"}.get(sys.platform)
    call = getattr(ctypes.CDLL(None), name, None) if name else None
    if call is None:
        return False
    paths = os.fsencode(one), os.fsencode(other)
    if sys.platform == "linux":
        return not call(_HERE, paths[0], _HERE, paths[1], _EXCHANGE)
    return not call(*paths, _EXCHANGE)
