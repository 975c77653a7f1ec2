"""Make writes durable, and replace a file in one step."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from pathlib import Path

from etl.errors import WriteError

# Errors of a file system, or a user of Windows, without links; any other error is a fault.
_NO_LINKS = frozenset({errno.EPERM, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL})
_PRIVILEGE_NOT_HELD = 1314


def flush(path: Path) -> None:
    """Write a file, or the names in a folder, through to the disk."""
    if path.is_dir() and sys.platform == "win32":
        return  # Windows opens no folders; its file systems keep their names in a journal.
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def link_version(target: Path, version: Path) -> None:
    """Make `target` a link to a version beside it, in one step.

    A reader finds either the version before or this one.

    It is a symbolic link; on a file system without these a hard link or, failing that, a copy. DuckDB would then read a
    write-ahead log beside `target` as the version's own.

    Raises:
        WriteError: a symbolic link cannot be made, and there is a write-ahead log.
    """
    link = target.with_name(f".link-{version.name}")
    link.unlink(missing_ok=True)
    try:
        link.symlink_to(version.name)
    except OSError as error:
        if not _lacks_links(error):
            raise
        log = target.with_name(target.name + ".wal")
        if log.exists():
            raise WriteError(
                f"{log} exists: another program writes, or wrote, to the warehouse. DuckDB could not open the new one beside it."
                " Close that program, delete the file, and run again.",
                f"{log} 存在：另有程序正在或曾经写入数据仓库，DuckDB 无法在其旁打开新版本。"
                "请关闭该程序，删除此文件，再重新运行。",
            ) from None
        _link_or_copy(version, link)
    os.replace(link, target)


def _link_or_copy(version: Path, link: Path) -> None:
    try:
        link.hardlink_to(version)
    except OSError as error:
        if not _lacks_links(error):
            raise
        shutil.copy2(version, link)
        flush(link)


def _lacks_links(error: OSError) -> bool:
    return error.errno in _NO_LINKS or getattr(error, "winerror", None) == _PRIVILEGE_NOT_HELD


def discard(path: Path) -> None:
    """Delete a file or folder if possible; the next load deletes what stays."""
    try:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    except OSError:
        pass
