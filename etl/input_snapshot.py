"""Snapshot a load's inputs by hash: raw files, declarations and dependencies.

A file whose size, times and number are those that were recorded need not be read to know its hash, unless it was changed so
near to the recording that its times would be the same.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

from etl.project import CATALOGUE_FILE, OWN_FOLDERS
from etl.settings import settings_file
from schemas.list_files import target_outside

RAW, DECLARATION, OWN_DECLARATION, DEPENDENCY = "raw", "declaration", "own declaration", "dependency"
FOLDER = "/"
"""What the path of a folder ends with; that it exists matters, for a register may be one."""

DEPENDENCIES = ("duckdb", "narwhals", "pandera", "polars", "python-calamine")
EPOCH = "SOURCE_DATE_EPOCH"
"""The variable by which a build is repeated as on another day, in seconds since 1970 (reproducible-builds.org)."""

NEAR = 2_000_000_000
"""Nanoseconds; some file systems keep time to two seconds."""

_ROOT = Path(__file__).parents[1]
_PACKAGES = ("etl", "schemas")


class Input(NamedTuple):
    """Something that a load rests on.

    Attributes:
        kind: `raw`, `declaration`, `own declaration` (of the project) or `dependency`.
        path: of a declaration, relative to where the package is; of another file, to the project; of a dependency, its name.
        size: number of bytes.
        modified: when its content was changed, in nanoseconds.
        changed: when its content or its metadata was changed.
        inode: its number in the file system.
        hash: SHA-256 of its content; of a dependency, its version; of a folder, empty.
    """

    kind: str
    path: str
    size: int = 0
    modified: int = 0
    changed: int = 0
    inode: int = 0
    hash: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """Kind and path, which tell it from the others."""
        return self.kind, self.path


class Snapshot(NamedTuple):
    """The inputs as they were at a moment.

    Attributes:
        at: when the first of them was looked at, in nanoseconds.
        inputs: all of them.
    """

    at: int
    inputs: tuple[Input, ...]


def take_snapshot(project: Path, before: Snapshot | None = None) -> Snapshot:
    """Snapshot a project's inputs, reusing the hashes of `before`."""
    at = time.time_ns()
    known = {each._replace(hash=""): each for each in before.inputs} if before else {}
    newest = before.at - NEAR if before else 0
    found = []
    for seen, path in _list_inputs(project):
        recorded = known.get(seen) if max(seen.modified, seen.changed) < newest else None
        found.append(recorded or seen._replace(hash=_hash(path)))
    return Snapshot(at, (*found, *_list_dependencies()))


def find_differences(one: Iterable[Input], other: Iterable[Input]) -> list[tuple[str, str]]:
    """List the keys that differ between two snapshots, raw files first."""
    contents = ({(*each.key, each.hash) for each in inputs} for inputs in (one, other))
    return sorted({(kind, path) for kind, path, _ in set.symmetric_difference(*contents)}, key=lambda key: (key[0] != RAW, key))


def find_changed_file(project: Path, before: Snapshot) -> str:
    """Return the first raw file changed since the snapshot, or an empty string."""
    then = {each._replace(hash="") for each in before.inputs if each.kind == RAW}
    return min((each.path for each in then ^ {seen for seen, _ in _list_files(project / RAW, RAW, project)}), default="")


def digest(inputs: Iterable[Input], *more: object) -> str:
    """Hash inputs, and what else a result rests on."""
    parts = [*(f"{each.kind}\0{each.path}\0{each.hash}" for each in sorted(inputs)), *map(repr, more)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def digest_declarations(inputs: Iterable[Input]) -> str:
    """Hash all declarations, and the versions of what they run on."""
    return digest(each for each in inputs if each.kind != RAW)


def register_inputs(inputs: Iterable[Input], address: str) -> list[Input]:
    """List a register's raw files: those named as it, or in a folder of its name."""
    base = "/".join((RAW, *address.split(".")))
    raw = (each for each in inputs if each.kind == RAW and each.path.startswith(base))
    return [each for each in raw if each.path[len(base) :][:1] in ("", ".", "/")]


def _list_inputs(project: Path) -> Iterator[tuple[Input, str]]:
    """Yield inputs without hashes, with the path to read; non-files have none."""
    yield from _list_files(project / RAW, RAW, project)
    for package in _PACKAGES:
        yield from _list_files(_ROOT / package, DECLARATION, _ROOT)
    if settings := settings_file(project):
        yield _file(os.path.join(project, settings), OWN_DECLARATION, settings)  # noqa: PTH118
    if os.path.isfile(catalogue := os.path.join(project, CATALOGUE_FILE)):  # noqa: PTH113, PTH118  pathlib is slower
        yield _file(catalogue, OWN_DECLARATION, CATALOGUE_FILE)
        for folder in OWN_FOLDERS:
            if (project / folder).is_dir():
                yield from _list_files(project / folder, OWN_DECLARATION, project)


def _list_files(folder: Path, kind: str, root: Path) -> Iterator[tuple[Input, str]]:
    """Yield files and folders under a folder, without hidden and compiled ones.

    Links out of the root, in a circle, and to folders from within a linked folder are not followed.
    """
    length = len(str(root)) + 1
    waiting = [(str(folder), False)]
    while waiting:
        path, is_linked = waiting.pop()
        with os.scandir(path) as listed:
            for entry in sorted(listed, key=lambda entry: entry.name):
                if entry.name.startswith(".") or entry.name == "__pycache__":
                    continue
                name, is_link = entry.path[length:].replace(os.sep, "/"), entry.is_symlink()
                if is_link and target_outside(Path(entry.path), root):
                    yield Input(kind, name), ""
                elif entry.is_dir():
                    if not is_link or not (is_linked or _holds(entry.path, path)):
                        waiting.append((entry.path, is_linked or is_link))
                    yield Input(kind, name + FOLDER), ""
                elif entry.is_file():
                    yield _file(entry.path, kind, name)
                else:
                    yield Input(kind, name), ""  # a link to nothing


def _holds(link: str, folder: str) -> bool:
    """Whether a link leads to a folder or to one that encloses it, and so in a circle."""
    return f"{os.path.realpath(folder)}{os.sep}".startswith(f"{os.path.realpath(link)}{os.sep}")


def _file(path: str, kind: str, name: str) -> tuple[Input, str]:
    about = os.stat(path)  # noqa: PTH116  on Windows `entry.stat()` knows no number
    return Input(kind, name, about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino), path


def _hash(path: str) -> str:
    if not path:
        return ""
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123  of some hundred files, pathlib takes a third of the time
        return hashlib.file_digest(file, "sha256").hexdigest()


def _list_dependencies() -> Iterator[Input]:
    if epoch := os.environ.get(EPOCH):
        yield Input(DEPENDENCY, EPOCH, hash=epoch)
    yield Input(DEPENDENCY, "python", hash=".".join(map(str, sys.version_info[:3])))
    for name in DEPENDENCIES:
        try:
            yield Input(DEPENDENCY, name, hash=version(name))
        except PackageNotFoundError:
            yield Input(DEPENDENCY, name, hash="not installed")
