"""Files of an export: what is written where, whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from etl.errors import ProjectError

Files = Mapping[str, bytes]
"""Paths within a folder, with forward slashes, and what each file holds."""


def put_folder(folder: Path, files: Files) -> None:
    """Write files into a folder, each in one step.

    Raises:
        ProjectError: the folder is a file, or cannot be written.
    """
    if folder.is_file():
        raise ProjectError(f"{folder} is a file; this export is several. Name a folder with -o DIR.")
    for name, content in files.items():
        put_file(folder / name, content)


def put_file(path: Path, content: bytes) -> None:
    """Write a file in one step.

    Raises:
        ProjectError: the path is a folder, or cannot be written.
    """
    if path.is_dir():
        raise ProjectError(f"{path} is a folder; this export is one file. Name it with -o FILE.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.chmod(name, 0o644)
            os.replace(name, path)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise ProjectError(f"{path} cannot be written: {error.strerror}.") from error
