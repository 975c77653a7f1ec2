"""What a load rests on: raw files, declarations (the sources of this package, and the project's own), and what it runs on.

Each has the hash of its content. A file whose size, times and number are those that were recorded need not be read to know its
hash, unless it was changed so near to the recording that its times would be the same.
"""

from __future__ import annotations

import hashlib
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

from etl.project import CATALOGUE_FILE, OWN_FOLDERS

RAW, DECLARATION, OWN_DECLARATION, DEPENDENCY = "raw", "declaration", "own declaration", "dependency"
FOLDER = "/"
"""What the path of a folder ends with; that it is there matters, for a register may be one."""

DEPENDENCIES = ("duckdb", "narwhals", "pandera", "polars", "python-calamine")
NEAR = 2_000_000_000
"""Nanoseconds; some file systems keep time to two seconds."""

_ROOT = Path(__file__).parents[1]
_PACKAGES = ("etl", "schemas")
_AT_ONCE = 1 << 20

Key = tuple[str, str]


class Input(NamedTuple):
    """Something that a load rests on.

    Attributes:
        kind: `raw`, `declaration`, `own declaration` (of the project) or `dependency`.
        path: of a declaration, relative to where the package is; of another file, to the project; of a dependency, its name.
        size: number of bytes.
        modified: when its content was changed, in nanoseconds.
        changed: when it, or what the system knows of it, was changed.
        inode: its number in the file system.
        hash: SHA-256 of its content; of a dependency, its version; of a folder, nothing.
    """

    kind: str
    path: str
    size: int
    modified: int
    changed: int
    inode: int
    hash: str

    @property
    def key(self) -> Key:
        """What tells it from the others."""
        return self.kind, self.path


class Observed(NamedTuple):
    """The inputs as they were at a moment.

    Attributes:
        at: when the first of them was looked at, in nanoseconds.
        inputs: all of them.
    """

    at: int
    inputs: tuple[Input, ...]

    def by_key(self) -> dict[Key, Input]:
        """Give the inputs by kind and path."""
        return {each.key: each for each in self.inputs}


def observed(project: Path, before: Observed | None = None) -> Observed:
    """Give the inputs of a project as they are, read only where `before` does not tell their hash."""
    at = time.time_ns()
    known = before.by_key() if before else {}
    newest = before.at - NEAR if before else 0
    found = []
    for seen, path in _seen(project):
        recorded = known.get(seen[:2])
        is_known = recorded is not None and seen == recorded[:6] and max(recorded.modified, recorded.changed) < newest
        found.append(recorded if recorded is not None and is_known else Input(*seen, hash=_hash(path)))
    return Observed(at, (*found, *_dependencies()))


def differences(one: Iterable[Input], other: Iterable[Input]) -> list[Key]:
    """Give what is in one of two and not, or with another content, in the other."""
    return sorted({each.key for each in _contents(one) ^ _contents(other)}, key=lambda key: (key[0] != RAW, key))


def has_changed_since(project: Path, before: Observed) -> str:
    """Give a raw file that is not what it was when it was read, as far as can be told without reading it; else nothing."""
    then = {each.path: each[2:6] for each in before.inputs if each.kind == RAW}
    now = {seen[1]: seen[2:6] for seen, _ in _files(project / RAW, RAW, project)}
    return next((path for path in sorted(then.keys() | now.keys()) if then.get(path) != now.get(path)), "")


def digest(inputs: Iterable[Input], *more: object) -> str:
    """Give one hash of inputs, and of what else a result rests on."""
    parts = [*(f"{each.kind}\0{each.path}\0{each.hash}" for each in sorted(inputs)), *map(repr, more)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def declarations(inputs: Iterable[Input]) -> str:
    """Give one hash of all declarations, and of the versions of what they run on."""
    return digest(each for each in inputs if each.kind in (DECLARATION, OWN_DECLARATION, DEPENDENCY))


def of_register(inputs: Iterable[Input], address: str) -> list[Input]:
    """Give the raw files of a register: those named as it is, and all of the folder that is named so."""
    domain, _, table = address.partition(".")
    return [each for each in inputs if each.kind == RAW and _is_of(each.path.split("/"), domain, table)]


def _is_of(parts: Sequence[str], domain: str, table: str) -> bool:
    return len(parts) > 2 and parts[1] == domain and parts[2].partition(".")[0] == table


def _contents(inputs: Iterable[Input]) -> set[Input]:
    return {each._replace(size=0, modified=0, changed=0, inode=0) for each in inputs}


Seen = tuple[str, str, int, int, int, int]


def _seen(project: Path) -> Iterator[tuple[Seen, str]]:
    yield from _files(project / RAW, RAW, project)
    for package in _PACKAGES:
        yield from _files(_ROOT / package, DECLARATION, _ROOT)
    if os.path.isfile(catalogue := os.path.join(project, CATALOGUE_FILE)):  # noqa: PTH113, PTH118  as quick as can be
        yield _file(catalogue, OWN_DECLARATION, CATALOGUE_FILE)
        for folder in OWN_FOLDERS:
            if (project / folder).is_dir():
                yield from _files(project / folder, OWN_DECLARATION, project)


def _files(folder: Path, kind: str, root: Path) -> Iterator[tuple[Seen, str]]:
    """Give what the system knows of the files under a folder, and of the folders; hidden ones and what Python compiles aside."""
    length = len(str(root)) + 1
    waiting = [str(folder)]
    while waiting:
        with os.scandir(waiting.pop()) as listed:
            for entry in sorted(listed, key=lambda entry: entry.name):
                if entry.name.startswith(".") or entry.name == "__pycache__":
                    continue
                name = entry.path[length:].replace(os.sep, "/")
                if entry.is_dir():
                    waiting.append(entry.path)
                    yield (kind, name + FOLDER, 0, 0, 0, 0), ""
                elif entry.is_file():
                    yield _file(entry.path, kind, name)
                else:
                    yield (kind, name, 0, 0, 0, 0), ""  # a link to nothing


def _file(path: str, kind: str, name: str) -> tuple[Seen, str]:
    about = os.stat(path)  # noqa: PTH116  on Windows `entry.stat()` knows no number
    return (kind, name, about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino), path


def _hash(path: str) -> str:
    if not path:
        return ""
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123  of some hundred files, pathlib takes a third of the time
        return hashlib.file_digest(file, "sha256").hexdigest()


def _dependencies() -> Iterator[Input]:
    yield Input(DEPENDENCY, "python", 0, 0, 0, 0, ".".join(map(str, sys.version_info[:3])))
    for name in DEPENDENCIES:
        try:
            yield Input(DEPENDENCY, name, 0, 0, 0, 0, version(name))
        except PackageNotFoundError:
            yield Input(DEPENDENCY, name, 0, 0, 0, 0, "not installed")
