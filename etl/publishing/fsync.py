"""What is on the disk for good, and what is put in place in one step."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from pathlib import Path

from etl.errors import WriteError

# What a file system, or a user of Windows, that has no links answers; anything else is a fault.
_NO_LINKS = frozenset({errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL})
_PRIVILEGE_NOT_HELD = 1314


def flush(path: Path) -> None:
    """Have the system write a file, or the names in a folder, to the disk."""
    if path.is_dir() and sys.platform == "win32":
        return  # Windows opens no folders; its file systems keep their names in a journal.
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def point(target: Path, version: Path) -> None:
    """Make `target` another name of a version beside it, in one step; a reader finds what it was before or the version.

    It is a symbolic link. Where there are none it is a hard link or, at last, a copy: then DuckDB would read a write-ahead log
    beside it as the version's own.

    Raises:
        WriteError: it would be no symbolic link, and there is a write-ahead log.
    """
    link = target.with_name(f".link-{version.name}")
    link.unlink(missing_ok=True)
    try:
        link.symlink_to(version.name)
    except OSError as error:
        if not _has_no_links(error):
            raise
        log = target.with_name(target.name + ".wal")
        if log.exists():
            raise WriteError(
                f"{log} is there: somebody writes, or wrote, to the warehouse. Nobody could open the new one beside it."
                " Close what has it open, delete that file, and run again."
            ) from None
        _link_or_copy(version, link)
    os.replace(link, target)


def _link_or_copy(version: Path, link: Path) -> None:
    try:
        link.hardlink_to(version)
    except OSError as error:
        if not _has_no_links(error):
            raise
        shutil.copy2(version, link)
        flush(link)


def _has_no_links(error: OSError) -> bool:
    return error.errno in _NO_LINKS or getattr(error, "winerror", None) == _PRIVILEGE_NOT_HELD


def discard(path: Path) -> None:
    """Delete a file or folder if that can be done; what stays is deleted by the next load."""
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    except OSError:
        pass
