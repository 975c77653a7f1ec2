"""Turn what ends the process at once into an error, where code of a project's own does it.

`os._exit(0)` in a rule, or a program that takes the place of this one, would end `etl check` with exit code 0, though nothing
was checked.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import update_wrapper
from types import FrameType
from typing import Any

_ENDING = ("_exit", "execv", "execve")
"""What ends this process with any exit code; the other functions of `os` that do call one of these."""

_HANDED_TO = frozenset({"threading", "concurrent.futures.thread"})
_processes: set[int] = set()
"""The processes that run own code, without their children, which may end as they like."""


class OwnExit(SystemExit):
    """Code of a project's own would have ended the process."""


def refuse_in_own_code(prefix: str) -> None:
    """Let functions of `os` that end the process raise `OwnExit` where own code calls them; other calls end it as before.

    Args:
        prefix: with which the names of the modules of own code begin.
    """
    _processes.add(os.getpid())
    for module in (os, sys.modules["nt" if os.name == "nt" else "posix"]):
        for name in _ENDING:
            ends = getattr(module, name, None)
            if ends is not None and not hasattr(ends, "is_refused_in_own_code"):
                setattr(module, name, _refused(ends, prefix))


def _refused(ends: Callable[..., Any], prefix: str) -> Callable[..., Any]:
    def refuse(*arguments: Any, **named: Any) -> Any:
        if os.getpid() in _processes and _is_by_own_code(sys._getframe().f_back, prefix):
            raise OwnExit(f"os.{ends.__name__}")
        return ends(*arguments, **named)

    update_wrapper(refuse, ends, updated=())
    del refuse.__wrapped__  # type: ignore[attr-defined]
    refuse.is_refused_in_own_code = True  # type: ignore[attr-defined]
    return refuse


def _is_by_own_code(frame: FrameType | None, prefix: str) -> bool:
    """Whether own code is among the callers, or nothing but a thread or the end of the process, to which it was handed."""
    modules = set()
    while frame is not None:
        modules.add(str(frame.f_globals.get("__name__", "")))
        frame = frame.f_back
    return modules <= _HANDED_TO or any(name.startswith(prefix) for name in modules)
