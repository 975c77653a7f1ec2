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
from schemas.texts import Text

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
        what = Text("a link", "是链接") if path.is_symlink() else Text("no file", "不是文件")
        raise WriteError(
            f"{path} is {what.en}, where the lock of loads is. Delete it, and run again.",
            f"{path} {what.zh}，而此处应为装载锁。请删除后重新运行。",
        )
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
    try:
        if not lock_descriptor(handle, blocking=False):
            raise BusyError(
                _holder(path)
                + Text(". Nothing was published; run again when it has ended.", "。未发布任何内容；请待其结束后重新运行。")
            )
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


def _holder(path: Path) -> Text:
    for _ in range(_LOOKS):
        try:
            with path.open("rb", buffering=0) as file:
                file.seek(_LOCKED_BYTES)
                about = json.loads(file.read())
            process, host, since = about["pid"], about["host"], about["since"]
            return Text(
                f"Another load is at work: process {process} on {host}, since {since}",
                f"另一次装载正在进行：{host} 上的进程 {process}，始于 {since}",
            )
        except (OSError, ValueError, KeyError, TypeError):  # It has only just begun, and not written it yet.
            time.sleep(0.01)
    return Text("Another load is at work", "另一次装载正在进行")
