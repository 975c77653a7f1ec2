"""What a child process that serves strangers may use of this machine, set by the child itself before it serves them.

The parent goes on whatever becomes of the child. On Linux the kernel holds all of it; elsewhere what the system knows of it.
"""

from __future__ import annotations

import ctypes
import enum
import os
import resource
import sys
from pathlib import Path

_PARENT_DEATH_SIGNAL, _NO_NEW_PRIVILEGES = 1, 38  # linux/prctl.h


class Ending(enum.IntEnum):
    """How a child ends; by a signal where it is killed."""

    DONE = 0
    REFUSED = 3
    NO_WAREHOUSE = 4


def hold_to(memory: int) -> None:
    """Hold this process to `memory` bytes more than it has reserved by now; it may write no file and leave no core dump."""
    for what in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(what, (0, 0))
    most = _reserved() + memory
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def die_with_the_parent() -> None:
    """Have the kernel end this process when its parent dies, and give it no more rights than it has."""
    if sys.platform != "linux":
        return
    parent = os.getppid()
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PARENT_DEATH_SIGNAL, 9, 0, 0, 0)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if os.getppid() != parent:  # it died before it was asked
        os._exit(1)


def _reserved() -> int:
    """Give the size of this process's address space in bytes; 0 where the system does not tell."""
    pages = Path("/proc/self/statm")
    return int(pages.read_text().split()[0]) * resource.getpagesize() if pages.exists() else 0
