"""Limits that a child process sets on itself before it runs an untrusted query.

Linux enforces all of them, other systems those that they know.
"""

from __future__ import annotations

import ctypes
import enum
import os
import resource
import sys
from pathlib import Path

_PARENT_DEATH_SIGNAL, _NO_NEW_PRIVILEGES = 1, 38  # linux/prctl.h


class ExitCode(enum.IntEnum):
    """Exit codes of a child that was not killed."""

    DONE = 0
    REFUSED = 3
    NO_WAREHOUSE = 4
    FAILED = 5


def limit_address_space(memory: int) -> None:
    """Limit this process to `memory` bytes more; forbid files and core dumps."""
    for resource_kind in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(resource_kind, (0, 0))
    most = _reserved() + memory
    resource.setrlimit(resource.RLIMIT_AS, (most, most))


def die_with_the_parent() -> None:
    """End this process with its parent, and allow it no new privileges."""
    if sys.platform != "linux":
        return
    parent = os.getppid()
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PARENT_DEATH_SIGNAL, 9, 0, 0, 0)
    libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    if os.getppid() != parent:  # it died before the call
        os._exit(1)


def _reserved() -> int:
    """Read the size of the address space in bytes; 0 where unknown."""
    pages = Path("/proc/self/statm")
    return int(pages.read_text().split()[0]) * resource.getpagesize() if pages.exists() else 0
