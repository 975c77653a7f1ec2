"""A project's own domains, tables, columns and rules, over the package's.

A project that has a `catalogue.txt` may declare tables. The file has one statement a line; `#` begins a remark:

    fairs.complaints                          a table, declared in schemas/fairs.py and transforms/fairs.py
    fairs.cases register                      a register
    courts.juries                             a new table of a domain of the package
    courts.caseload                           a table of the package, extended by a subclass in schemas/courts.py
    use courts                                use only these domains and tables of the package; without such a line all
    use patents.stock
    rule RULE [TABLE] off "why"               switch a rule off, or change its severity, with the reason
    rule RULE [TABLE] warning "why"

Code lists are in `schemas/codes/`. The files of a domain are code: they run with the rights of the user, as a Makefile does. They
are modules of a private package, so that none of them can replace a module of this one: `schemas.courts` is always the package's,
and a project's file imports another of the project by `from .fairs import …`.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import ModuleType
from typing import Any

from etl.catalogue_file import CATALOGUE_FILE, FOLDERS, CatalogueFile, read_catalogue_file
from etl.errors import ProjectError
from etl.files import refuse_outside
from etl.own_exit import OwnExit, refuse_in_own_code

REFUSE, REFUSED = "ETL_OWN_CODE", "no"
"""A variable of the environment, and the value of it that forbids the code of a project."""

Say = Callable[[str], None]


_PREFIX = "_project_"


def silent(text: str) -> None:
    """Say nothing."""


@contextmanager
def refuse_exit() -> Iterator[None]:
    """Report an exit by code of a project, such as that of a rule, as a fault.

    Raises:
        ProjectError: the code of the block ends the process.
    """
    try:
        yield
    except SystemExit as ended:
        raise exit_fault(ended) from ended


def exit_fault(ended: SystemExit) -> ProjectError:
    """Describe an exit by code of a project: where it stands."""
    behind = ended.__traceback__
    while behind and behind.tb_next and not (isinstance(ended, OwnExit) and behind.tb_next.tb_next is None):
        behind = behind.tb_next
    where = f"{behind.tb_frame.f_code.co_filename}:{behind.tb_lineno}" if behind else "code of the project"
    return ProjectError(
        f"{where} ends the process ({type(ended).__name__}: {ended}), so that nothing could be checked.",
        f"{where} 结束了进程（{type(ended).__name__}：{ended}），未能进行任何检查。",
    )


@dataclass(frozen=True, eq=False)
class ProjectExtensions:
    """Declarations of a project.

    Attributes:
        root: its folder.
        listed: what its catalogue says.
        say: called before any of its code runs.
    """

    root: Path
    listed: CatalogueFile
    say: Say = silent

    @cached_property
    def domains(self) -> tuple[str, ...]:
        """The domains in which it declares or extends tables, in order."""
        return tuple(dict.fromkeys(address.partition(".")[0] for address in self.listed.lines))

    def module(self, folder: str, domain: str) -> ModuleType:
        """Return a domain's module of schemas or transforms; its code runs at first use.

        Raises:
            ProjectError: it is not there, fails, or must not run.
        """
        name = f"{self._package}.{folder}.{domain}"
        # Python compares compiled code with its source by second and length: of two edits in a second, the first would still run.
        writes_none, sys.dont_write_bytecode = sys.dont_write_bytecode, True
        try:
            return importlib.import_module(name)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise ProjectError(self._failure(name, folder, domain, error)) from error
        finally:
            sys.dont_write_bytecode = writes_none

    def member(self, folder: str, domain: str, name: str, address: str) -> Any:
        """Return what a module of a domain declares by a name.

        Raises:
            ProjectError: it declares no such name, or as for `module`.
        """
        try:
            return getattr(self.module(folder, domain), name)
        except AttributeError:
            file = f"{folder}/{domain}.py"
            raise ProjectError(f"{file} has no {name}, and {self.listed.place(address)} lists {address}.") from None

    def has(self, folder: str, domain: str) -> bool:
        """Whether the project has a module of this domain."""
        return (self.root / folder / f"{domain}.py").is_file()

    def declares(self, folder: str, domain: str, name: str) -> bool:
        """Whether the project has a module of this domain that declares a name."""
        return self.has(folder, domain) and hasattr(self.module(folder, domain), name)

    @cached_property
    def _package(self) -> str:
        """The private package whose modules are the project's files, one per value.

        Pandera resolves the annotations of a model through `sys.modules`, so a model's module must be registered there.
        """
        if os.environ.get(REFUSE) not in (None, "", "yes", REFUSED):
            raise ProjectError(f"{REFUSE} is {os.environ[REFUSE]!r}; it is yes or {REFUSED}.")
        if os.environ.get(REFUSE) == REFUSED:
            domains = ", ".join(self.domains)
            raise ProjectError(f"{self.root} has domains of its own ({domains}), and {REFUSE}={REFUSED} forbids their code.")
        self.say(f"running code of the project's own, for {', '.join(self.domains)}: schemas/ and transforms/ of {self.root}")
        refuse_in_own_code(_PREFIX)
        package = ModuleType(f"{_PREFIX}{os.urandom(8).hex()}")
        package.__path__ = [str(self.root)]
        sys.modules[package.__name__] = package
        for folder in (self.root, *(self.root / each for each in FOLDERS)):
            sys.path_importer_cache.pop(str(folder), None)  # it may lack files that were written a moment ago
        return package.__name__

    def _failure(self, name: str, folder: str, domain: str, error: BaseException) -> str:
        file = f"{folder}/{domain}.py"
        if isinstance(error, ModuleNotFoundError) and error.name and f"{name}.".startswith(f"{error.name}."):
            first = next(address for address in self.listed.lines if address.partition(".")[0] == domain)
            return f"There is no {file}, and {self.listed.place(first)} lists {first}."
        hint = ""
        if isinstance(error, ModuleNotFoundError) and error.name:
            package, _, other = error.name.removeprefix("etl.").rpartition(".")
            if package in FOLDERS and self.has(package, other):
                hint = f". It is a module of the project; import it by `from .{other} import …`"
        return f"{self._line_of(error) or file}: {type(error).__name__}: {error}{hint}"

    def _line_of(self, error: BaseException) -> str:
        """Return the project's file and line that raised an error; empty if elsewhere."""
        frames = [(error.filename or "", error.lineno or 1)] if isinstance(error, SyntaxError) else []
        behind = error.__traceback__
        while behind:
            frames.append((behind.tb_frame.f_code.co_filename, behind.tb_lineno))
            behind = behind.tb_next
        own = [(Path(file), line) for file, line in frames if Path(file).is_relative_to(self.root)]
        return f"{own[-1][0].relative_to(self.root).as_posix()}:{own[-1][1]}" if own else ""


def read_extensions(root: Path, package: Mapping[str, bool], say: Say = silent) -> ProjectExtensions | None:
    """Read a project's declarations without running them; None without a catalogue.

    Args:
        root: the folder of the project.
        package: the addresses of the package, each with whether it is a register.
        say: called before any code of the project runs.

    Raises:
        ProjectError: its catalogue cannot be read, or a file would hide one of the package.
    """
    if not os.path.lexists(root / CATALOGUE_FILE):
        return None
    for path in (path for folder in FOLDERS for path in (root / folder, *(root / folder).glob("*.py"))):
        refuse_outside(path, root)
    return ProjectExtensions(root.resolve(), read_catalogue_file(root.resolve(), package), say)


def module_name(model: type) -> str:
    """Name a model's module as if the package's own: `schemas.fairs`."""
    name = model.__module__
    return name.partition(".")[2] if name.startswith(_PREFIX) else name
