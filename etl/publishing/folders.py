"""Replace several files of a folder in one step: a reader, and whoever finds it after a kill, sees all of them or none.

A second folder is made of hard links to the files that stay and of the new ones, and the two are exchanged. Where a system
cannot exchange folders, the one is renamed after the other.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from etl.errors import WriteError
from etl.files import replace_text
from etl.publishing.fsync import flush

_HERE, _EXCHANGE = -100, 2
"""AT_FDCWD and RENAME_EXCHANGE of Linux; RENAME_SWAP of macOS is 2 as well."""
_PREFIX = ".exchange-"

Signature = dict[str, tuple[int, int, int]]


def replace_files(folder: Path, texts: Mapping[str, str]) -> None:
    """Write files of a folder, by their paths in it; all of them, or none.

    Raises:
        WriteError: another program changed the folder meanwhile; nothing is written.
        OSError: they cannot be written; nothing is.
    """
    target = folder.resolve()
    for left in target.parent.glob(f"{_PREFIX}*"):  # of a process that was killed
        shutil.rmtree(left, ignore_errors=True)
    before = _signature(target)
    work = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=target.parent))
    other = work / target.name
    try:
        shutil.copytree(target, other, copy_function=_link_or_copy, symlinks=True)
        for name, text in texts.items():
            replace_text(other / name, text)
        for place in (*{(other / name).parent for name in texts}, other):
            flush(place)
        if _signature(target) != before:
            raise WriteError(f"{folder} was changed by another program meanwhile. Nothing was written; try again.")
        _exchange(other, target)
        flush(target.parent)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _signature(folder: Path) -> Signature:
    """Return of every file which one it is, when it was changed, and its size."""
    found: Signature = {}
    for path in folder.rglob("*"):
        about = path.lstat()
        if not path.is_dir():
            found[path.relative_to(folder).as_posix()] = (about.st_ino, about.st_mtime_ns, about.st_size)
    return found


def _link_or_copy(source: str, target: str) -> str:
    """Link a file to another name; copy it where the file system has no links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target


def _exchange(one: Path, other: Path) -> None:
    """Exchange two folders of one file system in one step, or else one after the other."""
    if _exchanged(os.fsencode(one), os.fsencode(other)):
        return
    aside = one.with_name(f"{one.name}.old")
    other.rename(aside)
    try:
        one.rename(other)
    except BaseException:
        aside.rename(other)
        raise


def _exchanged(one: bytes, other: bytes) -> bool:
    """Exchange two folders by the call that the system has for it; return whether it did."""
    with suppress(OSError, AttributeError):
        library = ctypes.CDLL(None, use_errno=True)
        if sys.platform == "linux":
            return bool(library.renameat2(_HERE, one, _HERE, other, _EXCHANGE) == 0)
        if sys.platform == "darwin":
            return bool(library.renamex_np(one, other, _EXCHANGE) == 0)
    return False
