"""The declarations of a project's own, in force beside the package's while a command works on that project.

A project that has a `catalogue.txt` may have domains of its own. The file has one address a line, with the word `register` after
that of a register; `#` begins a remark. A domain is the same pair of files as in the package, `schemas/<domain>.py` and
`transforms/<domain>.py`; code lists are in `schemas/codes/`. A domain's files are code: they run with the rights of whoever runs
the command, as a Makefile does. Nothing of a project ever stands in for a part of the package.
"""

from __future__ import annotations

import importlib
import keyword
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from etl.errors import ProjectError
from etl.project import CATALOGUE_FILE as CATALOGUE_FILE
from etl.project import OWN_FOLDERS

FOLDERS = dict(zip(("schemas", "etl.transforms"), OWN_FOLDERS, strict=True))
"""The folders of a project that hold modules of a package, by that package."""

CODES = "codes"
REGISTER = "register"
REFUSE, REFUSED = "ETL_OWN_CODE", "no"
"""A variable of the environment, and what it says where no code of a project is to run."""

_ROOT = Path(__file__).parents[1]
_ADDRESS = re.compile(r"([a-z][a-z0-9_]*)\.([a-z][a-z0-9_]*)")
TAKEN = frozenset({"core", "quality", "report", "main", "temp", "system", "information_schema", "pg_catalog", "sources"})
"""What no domain is called: the warehouse has schemas of these names, and `raw/` a folder."""

Say = Callable[[str], None]


@dataclass
class Own:
    """What a project declares itself.

    Attributes:
        root: its folder.
        lines: the line of its catalogue on which each address stands.
        tables: addresses of its tables, in order.
        registers: addresses of its registers, in order.
        say: told before any of its code runs.
    """

    root: Path
    lines: dict[str, int] = field(default_factory=dict)
    tables: tuple[str, ...] = ()
    registers: tuple[str, ...] = ()
    say: Say = lambda text: None
    is_running: bool = False

    def module(self, name: str) -> ModuleType:
        """Give a module of one of its domains, whose code is run where it has not been.

        Raises:
            ProjectError: it is not there, fails, or must not run.
        """
        if not self.is_running:
            if os.environ.get(REFUSE) == REFUSED:
                raise ProjectError(
                    f"{self.root} has domains of its own ({', '.join(self.domains)}), and {REFUSE}={REFUSED} forbids their code."
                )
            self.say(f"running code of the project's own, for {', '.join(self.domains)}: schemas/ and transforms/ of {self.root}")
            self.is_running = True
        # Bytecode is told from its source by the second and the length: of two edits in one second the first would go on running.
        writes_none, sys.dont_write_bytecode = sys.dont_write_bytecode, True
        try:
            return importlib.import_module(name)
        except Exception as error:
            raise ProjectError(self._failure(name, error)) from error
        finally:
            sys.dont_write_bytecode = writes_none

    def refuse_faulty(self, model: Any, address: str) -> None:
        """See that a model is one, and that the code lists that it names are there.

        Raises:
            ProjectError: it is none, or one of them is not.
        """
        from schemas import registers, vocabulary
        from schemas.code_lists import codes

        is_register = address in self.registers
        kind = registers.Register if is_register else vocabulary.Table
        file = self.file(model.__module__)
        if not (isinstance(model, type) and issubclass(model, kind)):
            raise ProjectError(f"{file}: {model.__name__} is no {kind.__name__}, and {self.place(address)} lists {address}.")
        try:
            for column in registers.columns(model) if is_register else vocabulary.columns(model):
                if column.meaning.codes:
                    codes(column.meaning.codes)
        except Exception as error:
            raise ProjectError(f"{file}: {model.__name__}: {error}") from error

    @property
    def domains(self) -> tuple[str, ...]:
        """Its domains, in order."""
        return tuple(dict.fromkeys(address.partition(".")[0] for address in self.lines))

    def file(self, module: str) -> str:
        """Give the file of a module, as messages name it."""
        package, _, name = module.rpartition(".")
        return f"{FOLDERS[package]}/{name}.py"

    def place(self, address: str) -> str:
        """Give where its catalogue lists an address, as messages name it."""
        return f"{CATALOGUE_FILE}:{self.lines[address]}"

    def _failure(self, name: str, error: Exception) -> str:
        if isinstance(error, ModuleNotFoundError) and error.name == name:
            first = next(address for address in self.lines if address.partition(".")[0] == name.rpartition(".")[2])
            return f"There is no {self.file(name)}, and {self.place(first)} lists {first}."
        return f"{self._line_of(error) or self.file(name)}: {type(error).__name__}: {error}"

    def _line_of(self, error: Exception) -> str:
        """Give the file and line of the project's own at which an error came up; empty where it came up elsewhere."""
        frames = [(error.filename or "", error.lineno or 1)] if isinstance(error, SyntaxError) else []
        behind = error.__traceback__
        while behind:
            frames.append((behind.tb_frame.f_code.co_filename, behind.tb_lineno))
            behind = behind.tb_next
        own = [(Path(file), line) for file, line in frames if Path(file).is_relative_to(self.root)]
        return f"{own[-1][0].relative_to(self.root).as_posix()}:{own[-1][1]}" if own else ""


_in_force: list[Own] = []


def in_force() -> Own | None:
    """Give what the project of this command declares itself; None where it declares nothing."""
    return _in_force[-1] if _in_force else None


@contextmanager
def declarations_of(root: Path, say: Say = lambda text: None) -> Iterator[None]:
    """Put the declarations of a project in force, in place of those of any other, until the end.

    Raises:
        ProjectError: its catalogue or a code list cannot be read, or a file would stand in for one of the package.
    """
    own, before = declared_in(root, say), in_force()
    if own is before is None:
        yield
        return
    if before:
        _leave(before)
    try:
        if own:
            _enter(own)
        yield
    finally:
        if own and in_force() is own:
            _leave(own)
        if before:
            _enter(before)


def declared_in(root: Path, say: Say = lambda text: None) -> Own | None:
    """Give what a project declares itself, without running any of it; None where it has no catalogue.

    Raises:
        ProjectError: as for `declarations_of`.
    """
    catalogue = root / CATALOGUE_FILE
    if not catalogue.is_file():
        return None
    try:
        lines = catalogue.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ProjectError(f"{catalogue} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from None
    own = Own(root.resolve(), say=say)
    for number, line in enumerate(lines, start=1):
        address, *rest = line.partition("#")[0].split() or [""]
        if address:
            _list(own, address, rest, f"{catalogue}:{number}", number)
    for package, folder in FOLDERS.items():
        _refuse_shadows(package, own.root / folder)
    return own


def _list(own: Own, address: str, rest: list[str], place: str, number: int) -> None:
    """Enter a line of its catalogue."""
    if not _ADDRESS.fullmatch(address) or rest not in ([], [REGISTER]):
        raise ProjectError(
            f"{place}: a line is one address, such as fairs.complaints, in small letters;"
            f" that of a register is followed by the word {REGISTER}."
        )
    domain = address.partition(".")[0]
    if address in own.lines:
        raise ProjectError(f"{place}: {address} is listed on line {own.lines[address]} already.")
    if domain in TAKEN or keyword.iskeyword(domain) or _of_package("schemas", domain):
        whose = "the package has a part of that name" if _of_package("schemas", domain) else "that name means something else"
        raise ProjectError(f"{place}: no domain of a project is called {domain!r}: {whose}. Choose another name.")
    own.lines[address] = number
    own.registers += (address,) if rest else ()
    own.tables += () if rest else (address,)


def _of_package(package: str, name: str) -> Path | None:
    """Give the file or folder of that name in a package."""
    folder = _ROOT.joinpath(*package.split("."))
    return next((path for path in (folder / f"{name}.py", folder / name) if path.exists()), None)


def _refuse_shadows(package: str, folder: Path) -> None:
    """Refuse a module of the project that is named as one of the package."""
    for path in sorted(folder.glob("*")):
        there = _of_package(package, path.name.partition(".")[0])
        if there and path.name != CODES and (path.suffix == ".py" or path.is_dir()) and path.name != "__pycache__":
            raise ProjectError(f"{path} is named as {there} of the package, and would hide it. Give it another name.")


def _enter(own: Own) -> None:
    for package, folder in FOLDERS.items():
        path = str(own.root / folder)
        importlib.import_module(package).__path__.append(path)
        sys.path_importer_cache.pop(path, None)  # which may not know of files that were written a moment ago
    _in_force.append(own)
    try:
        _use_lists(own.root / "schemas" / CODES)
    except (ValueError, LookupError, OSError) as error:
        _leave(own)
        raise ProjectError(str(error)) from error


def _use_lists(folder: Path) -> None:
    """Use the code lists of a folder, and see that each can be read."""
    from schemas.code_lists import code_list, hedges, units
    from schemas.own_lists import use_lists_of

    names = sorted(path.stem for path in folder.glob("*.csv"))
    use_lists_of(folder)
    for name in names:
        code_list(name)
    if {"units", "hedges"} & {*names}:
        units(), hedges()


def _leave(own: Own) -> None:
    """Take the declarations of a project out of force; its modules are forgotten, and all that was remembered."""
    from schemas.own_lists import use_lists_of

    for package, folder in FOLDERS.items():
        path = own.root / folder
        parent = importlib.import_module(package)
        parent.__path__.remove(str(path))
        for name, module in list(sys.modules.items()):
            if name.startswith(f"{package}.") and Path(getattr(module, "__file__", None) or "/").is_relative_to(path):
                del sys.modules[name]
                delattr(parent, name.removeprefix(f"{package}."))
    own.is_running = False
    _in_force.remove(own)
    use_lists_of(None)
