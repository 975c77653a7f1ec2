"""Errors that stop a command, with exit codes and next steps.

| code | what it means; of `etl run`, what has become of the warehouse |
|---|---|
| 0 | nothing at or above `--fail-on`; published and true, or there already, unchanged |
| 1 | findings at or above `--fail-on`, or a query that was refused; not published |
| 2 | could not check: usage, an unreadable project, a rule that did not run; not published |
| 74 | could not be written or read back: disk full, input/output fault; not published |
| 75 | another load is at work; not published |
| 76 | published, but the disk did not confirm it: a power cut might undo it. The only code but 0 that means published |
| 77 | held: this very load was rolled back; not published unless with `--force` |
| 130, 143 | interrupted by Ctrl-C, by SIGTERM; not published |
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

from schemas.texts import Text

if TYPE_CHECKING:
    from pathlib import Path

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells count: 128 and the number of the signal."""


def first_line(error: BaseException) -> str:
    """Return the first line of an error's message; the rest concerns its library."""
    return " ".join(str(error).split("\n", 1)[0].split())


class ProjectError(Exception):
    """The project, or what was asked of it, could not be checked at all.

    Attributes:
        text: what is wrong and the next step, in both languages.
        exit_code: of the command that it stops.
    """

    exit_code = 2

    def __init__(self, message: str | Text, zh: str = "") -> None:
        self.text = message if isinstance(message, Text) else Text(message, zh or message)
        super().__init__(self.text.en)


class UnknownNameError(ProjectError):
    """A name that is not among those it must be one of."""

    def __init__(self, what: str, name: str, known: Iterable[str]) -> None:
        super().__init__(f"No {what} {name!r}.{did_you_mean(name, known)}")


class QueryError(ProjectError):
    """A query that the warehouse refused."""

    exit_code = 1


class OtherVersionError(QueryError):
    """A warehouse that another version of the package made, which lacks what is asked for."""

    exit_code = 2


class WriteError(ProjectError):
    """A warehouse that could not be written or verified; the current one stays."""

    exit_code = 74


class BusyError(ProjectError):
    """A warehouse that another process is loading."""

    exit_code = 75


class DurabilityError(ProjectError):
    """A warehouse that is published, but might not outlast a power cut."""

    exit_code = 76


class HeldError(ProjectError):
    """A load whose like was rolled back."""

    exit_code = 77


class StoppedError(ProjectError):
    """A load that a signal stopped before it published anything."""

    def __init__(self, signal: int) -> None:
        super().__init__(
            "Interrupted. Nothing was published; the warehouse is what it was before.",
            "已中断。未发布任何内容，数据仓库保持原样。",
        )
        self.exit_code = 128 + signal


def reason_of(error: OSError, folder: Path) -> str:
    """Explain why a file could not be written; suggest a step if the disk is full."""
    if error.errno not in (errno.ENOSPC, errno.EDQUOT):
        return error.strerror or str(error)
    return f"{os.strerror(error.errno)}.{_room(folder)}"


def _room(folder: Path) -> str:
    import shutil  # where it is needed, so that `etl --help` answers at once

    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return ""
    return (
        f" {free / 1e6:,.0f} MB are free; the next version stands beside the old ones until it is whole. Make room and run again."
    )


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Suggest the nearest known name: ` Did you mean '…'?`, or an empty string."""
    from etl.nearest_name import suggestion  # where it is needed, so that `etl --help` answers at once

    return suggestion(name, known).en
