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
from collections.abc import Iterable
from typing import TYPE_CHECKING

from schemas.texts import NO_TEXT, BilingualError, Text, system_reason

if TYPE_CHECKING:
    from pathlib import Path

INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells count: 128 and the number of the signal."""


def first_line(error: BaseException) -> str:
    """Return the first line of an error's message; the rest concerns its library."""
    return " ".join(str(error).split("\n", 1)[0].split())


class ProjectError(BilingualError):
    """The project, or what was asked of it, could not be checked at all.

    Attributes:
        exit_code: of the command that it stops.
    """

    exit_code = 2


class UnknownNameError(ProjectError):
    """A name that is not among those it must be one of."""

    def __init__(self, what: Text, name: str, known: Iterable[str]) -> None:
        super().__init__(Text(f"No {what.en} {name!r}.", f"没有{what.zh}“{name}”。") + did_you_mean(name, known))


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


def not_a_period(text: str) -> Text:
    """Say that a text is no period, and what is one."""
    forms = "2025, 2024-H1, 2024-Q3, 2023-02 or 2021-07/2024-06"
    return Text(
        f"{text!r} is not a period. Write {forms}.",
        f"“{text}”不是时期。请写 2025、2024-H1、2024-Q3、2023-02 或 2021-07/2024-06。",
    )


def there_already(path: object) -> Text:
    """Say that a file is there already."""
    return Text(
        f"{path} is there already; nothing is overwritten. Move it away, or choose another name.",
        f"{path} 已存在，不予覆盖。请将其移走，或改用其他名称。",
    )


def no_warehouse(path: Path) -> ProjectError:
    """Return the error of a warehouse that is not there."""
    return ProjectError(f"No warehouse at {path}. Make it with `etl run`.", f"{path} 处没有数据仓库。请用 `etl run` 生成。")


def not_a_warehouse(path: Path, reason: str) -> ProjectError:
    """Return the error of a file that is not a warehouse."""
    return ProjectError(
        f"{path} is no warehouse. Make it anew with `etl run`. ({reason})",
        f"{path} 不是数据仓库。请用 `etl run` 重新生成。（{reason}）",
    )


class StoppedError(ProjectError):
    """A load that a signal stopped before it published anything."""

    def __init__(self, signal: int) -> None:
        super().__init__(
            "Interrupted. Nothing was published; the warehouse is what it was before.",
            "已中断。未发布任何内容，数据仓库保持原样。",
        )
        self.exit_code = 128 + signal


def cannot_be_read(name: object, error: OSError) -> Text:
    """Say that a file cannot be read, and why."""
    reason = system_reason(error)
    return Text(f"{name} cannot be read: {reason.en}.", f"{name} 无法读取：{reason.zh}。")


def cannot_be_opened(name: object, error: OSError) -> Text:
    """Say that a file cannot be opened, and why."""
    reason = system_reason(error)
    return Text(f"{name} cannot be opened: {reason.en}.", f"{name} 无法打开：{reason.zh}。")


def not_utf_8(name: object, error: UnicodeDecodeError) -> Text:
    """Say that a file is not UTF-8, and where."""
    return Text(
        f"{name} is not UTF-8 (byte {error.start}). Save it as UTF-8.",
        f"{name} 不是 UTF-8（第 {error.start} 字节）。请另存为 UTF-8。",
    )


def cannot_be_written(name: object, error: OSError, folder: Path | None = None) -> Text:
    """Say that a file cannot be written, and why; with its folder, how much room is left where the disk is full."""
    why = reason_of(error, folder) if folder else system_reason(error) + Text(".", "。")
    return Text(f"{name} cannot be written: ", f"{name} 无法写入：") + why


def reason_of(error: OSError, folder: Path) -> Text:
    """Explain why a file could not be written, in a sentence; suggest a step if the disk is full."""
    reason = system_reason(error)
    return reason + Text(".", "。") + (_room(folder) if error.errno in (errno.ENOSPC, errno.EDQUOT) else NO_TEXT)


def _room(folder: Path) -> Text:
    import shutil  # where it is needed, so that `etl --help` answers at once

    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return NO_TEXT
    return Text(
        f" {free / 1e6:,.0f} MB are free; the next version stands beside the old ones until it is whole."
        " Make room and run again.",
        f"可用空间 {free / 1e6:,.0f} MB；新版本写完之前与旧版本并存。请腾出空间后重新运行。",
    )


def did_you_mean(name: str, known: Iterable[str]) -> Text:
    """Suggest the nearest known name: ` Did you mean '…'?`, or an empty text."""
    from etl.nearest_name import suggestion  # where it is needed, so that `etl --help` answers at once

    return suggestion(name, known)
