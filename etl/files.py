"""Lists read strictly, and files written whole or not at all."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from etl.errors import ProjectError, cannot_be_written
from schemas.hand_edited import Fault, HandEditedList, read_list
from schemas.list_files import ListError, target_outside
from schemas.texts import Text

Check = Callable[[HandEditedList], Iterable[Fault]]
"""Finds the faults of a list."""

MOST_ROWS = 20_000
"""Of a list whose rows each cost the time of several files, or of a search."""


def listed(path: Path, columns: Sequence[str], root: Path | None = None, checks: Iterable[Check] = ()) -> HandEditedList:
    """Read a list that people edit by hand, and check it.

    Args:
        path: of the list.
        columns: its header.
        root: the project, out of which no link may lead; None for any file.
        checks: find what is wrong with its cells.

    Raises:
        ProjectError: it cannot be read, a line of it is no row, or a check finds a fault; names the places.
    """
    try:
        found = read_list(path, columns, root)
        found.refuse(*(check(found) for check in checks))
    except ListError as error:
        raise ProjectError(error.text) from None
    return found


def too_many(found: HandEditedList) -> Iterator[Fault]:
    """Yield the first row beyond those that a list may have."""
    if (rows := len(found.rows)) > MOST_ROWS:
        en = f"the list has {rows:,} rows, more than {MOST_ROWS:,}; divide the project into several"
        yield MOST_ROWS, "", Text(en, f"清单共 {rows:,} 行，超过上限 {MOST_ROWS:,} 行；请拆分为几个项目")


def records(path: Path, columns: Sequence[str], root: Path | None = None) -> list[dict[str, str]]:
    """Read the rows of a list as mappings of column to text; else as `listed`."""
    return listed(path, columns, root).records()


def refuse_outside(path: Path, root: Path) -> Path:
    """Return a path of a project, which no link may lead out of.

    Raises:
        ProjectError: one does.
    """
    if outside := target_outside(path, root):
        name = path.relative_to(root).as_posix()
        raise ProjectError(
            f"{name} leads out of the project, to {outside}. Put the file itself there.",
            f"{name} 指向项目之外（{outside}）。请把文件本身放在此处。",
        )
    return path


@contextmanager
def writing(path: object) -> Iterator[None]:
    """Say of a file that is asked for, and its folder, why it cannot be written.

    Raises:
        ProjectError: it cannot.
    """
    try:
        yield
    except OSError as error:
        raise ProjectError(cannot_be_written(path, error)) from error


def replace_text(path: Path, text: str) -> None:
    """Write a UTF-8 text file in one step."""
    replace_bytes(path, text.encode())


def replace_bytes(path: Path, content: bytes) -> None:
    """Replace a file atomically: readers see the old content or the new."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def replace_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a CSV file (UTF-8, line feeds) in one step."""
    replace_text(path, csv_text([columns, *rows]))


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Write rows as CSV with line feeds."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
