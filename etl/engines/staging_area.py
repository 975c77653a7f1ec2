"""Lock and clear the folder in which an engine stages rows."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from etl.engines.staging import local_path
from etl.errors import BusyError, ProjectError
from etl.publishing.lock import hold_lock
from etl.registers.progress import Say
from schemas.texts import Text, system_reason

STAGED = "etl-staged"
"""The folder below which everything is staged."""

RECORDS = "etl-records"
"""The folder of kept records, beside what is staged; nothing else is touched."""


@contextmanager
def staging_area(uri: str, say: Say, remove: Callable[[str], None]) -> Iterator[str]:
    """Open the folder in which to stage, empty, and yield its URI.

    Args:
        uri: a folder, on this machine or elsewhere.
        say: called with a line on what was left.
        remove: removes what is elsewhere, as far as the engine can.

    Raises:
        BusyError: another run is at work there.
        ProjectError: it cannot be written.
    """
    folder = local_path(uri)
    if folder is None:
        below = f"{uri.rstrip('/')}/{STAGED}"
        remove(below)
        try:
            yield below
        finally:
            remove(below)
        return
    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            stack.enter_context(hold_lock(folder))
        except BusyError:
            raise BusyError(
                f"Another run stages rows in {folder}. Wait for it, or give another folder as --work.",
                f"另一次运行正在 {folder} 暂存数据。请待其结束，或以 --work 另指定文件夹。",
            ) from None
        except OSError as error:
            reason = system_reason(error)
            raise ProjectError(
                f"Nothing can be staged in {folder}: {reason.en}. Give another folder as --work.",
                f"无法在 {folder} 暂存数据：{reason.zh}。请以 --work 另指定文件夹。",
            ) from error
        below = str(folder.resolve() / STAGED)
        _clear(Path(below), say)
        try:
            yield below
        finally:
            shutil.rmtree(below, ignore_errors=True)


def _clear(below: Path, say: Say) -> None:
    if not below.exists():
        return
    size = sum(path.stat().st_size for path in below.rglob("*") if path.is_file())
    shutil.rmtree(below)
    freed = f"{size / 1e6:,.1f} MB"
    say(
        Text(
            f"removed {freed} that a run that did not end had staged in {below.parent}",
            f"已清除未完成的运行在 {below.parent} 暂存的 {freed}",
        )
    )
