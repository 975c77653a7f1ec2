"""Allow one load at a time, by a lock on a file beside the warehouse.

The lock ends with the process that holds it.

DuckDB's own lock does not serve: it is gone as soon as its process closes the file in any other way.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from etl.errors import BusyError, WriteError

LOCK = ".load.lock"
_LOCKED_BYTES = 1
"""How many bytes are locked: on Windows no other process can read them, so the holder is named behind them."""

_LOOKS = 20


@contextmanager
def hold_lock(folder: Path) -> Iterator[None]:
    """Hold the lock of a folder.

    Raises:
        BusyError: another process holds it; the message names it.
        WriteError: what has its name is no file, or a link: what that leads to would be emptied.
        OSError: the file cannot be written.
    """
    from filelock import lock_descriptor  # here, since only a load needs it

    path = folder / LOCK
    if path.is_symlink() or (path.exists() and not path.is_file()):
        what = "a link" if path.is_symlink() else "no file"
        raise WriteError(f"{path} is {what}, where the lock of loads is. Delete it, and run again.")
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
    try:
        if not lock_descriptor(handle, blocking=False):
            raise BusyError(f"{_holder(path)}. Nothing was published; run again when it has ended.")
        about = {"pid": os.getpid(), "host": socket.gethostname(), "since": f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC"}
        os.ftruncate(handle, 0)
        os.write(handle, b" " * _LOCKED_BYTES + json.dumps(about).encode())
        try:
            yield
        finally:
            with suppress(OSError):
                os.ftruncate(handle, 0)  # so that a message does not name this process when the next one holds it
    finally:
        os.close(handle)  # Closing ends the lock. The file stays: were it deleted, two could each lock one of that name.


def _holder(path: Path) -> str:
    for _ in range(_LOOKS):
        try:
            with path.open("rb", buffering=0) as file:
                file.seek(_LOCKED_BYTES)
                about = json.loads(file.read())
            return f"Another load is at work: process {about['pid']} on {about['host']}, since {about['since']}"
        except (OSError, ValueError, KeyError, TypeError):  # It has only just begun, and not written it yet.
            time.sleep(0.01)
    return "Another load is at work"
