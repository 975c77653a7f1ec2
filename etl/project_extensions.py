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

from etl.catalogue_file import CATALOGUE_FILE, FOLDERS, CatalogueFile, RuleChange, read_catalogue_file
from etl.errors import ProjectError
from etl.files import refuse_outside
from etl.own_exit import OwnExit, refuse_in_own_code
from etl.settings import ignored_rules
from schemas.texts import NO_TEXT, Text, TextError, listed_names, text_of

REFUSE, REFUSED = "ETL_OWN_CODE", "no"
"""A variable of the environment, and the value of it that forbids the code of a project."""

Say = Callable[[Text], None]


_PREFIX = "_project_"


def silent(text: Text) -> None:
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
    at = f"{behind.tb_frame.f_code.co_filename}:{behind.tb_lineno}" if behind else ""
    kind = type(ended).__name__
    return ProjectError(
        f"{at or 'code of the project'} ends the process ({kind}: {ended}), so that nothing could be checked.",
        f"{at or '项目代码'} 结束了进程（{kind}：{ended}），无法检查。请删去退出语句。",
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

    @property
    def has_catalogue(self) -> bool:
        """Whether it has a catalogue, without which none of its folders of declarations is read."""
        return os.path.lexists(self.root / CATALOGUE_FILE)

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
            place = self.listed.place(address)
            raise ProjectError(
                f"{file} has no {name}, and {place} lists {address}.",
                f"{file} 没有 {name}，而 {place} 列有 {address}。请补上或删去该行。",
            ) from None

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
            raise ProjectError(
                f"{REFUSE} is {os.environ[REFUSE]!r}; it is yes or {REFUSED}.",
                f"环境变量 {REFUSE} 的值 {os.environ[REFUSE]!r} 应为 yes 或 {REFUSED}。",
            )
        if os.environ.get(REFUSE) == REFUSED:
            domains = listed_names(self.domains)
            raise ProjectError(
                f"{self.root} has domains of its own ({domains.en}), and {REFUSE}={REFUSED} forbids their code.",
                f"{self.root} 有自行声明的领域（{domains.zh}），而 {REFUSE}={REFUSED} 禁止运行其代码。",
            )
        names = listed_names(self.domains)
        self.say(
            Text(
                f"running code of the project's own, for {names.en}: schemas/ and transforms/ of {self.root}",
                f"正在运行项目自带的代码（{names.zh}）：{self.root} 的 schemas/ 与 transforms/",
            )
        )
        refuse_in_own_code(_PREFIX)
        package = ModuleType(f"{_PREFIX}{os.urandom(8).hex()}")
        package.__path__ = [str(self.root)]
        sys.modules[package.__name__] = package
        for folder in (self.root, *(self.root / each for each in FOLDERS)):
            sys.path_importer_cache.pop(str(folder), None)  # it may lack files that were written a moment ago
        return package.__name__

    def _failure(self, name: str, folder: str, domain: str, error: BaseException) -> Text:
        file = f"{folder}/{domain}.py"
        if isinstance(error, ModuleNotFoundError) and error.name and f"{name}.".startswith(f"{error.name}."):
            first = next(address for address in self.listed.lines if address.partition(".")[0] == domain)
            place = self.listed.place(first)
            return Text(
                f"There is no {file}, and {place} lists {first}.", f"没有 {file}，而 {place} 列有 {first}。请补上或删去该行。"
            )
        hint = NO_TEXT
        if isinstance(error, ModuleNotFoundError) and error.name:
            package, _, other = error.name.removeprefix("etl.").rpartition(".")
            if package in FOLDERS and self.has(package, other):
                way = f"`from .{other} import …`"
                hint = Text(f". It is a module of the project; import it by {way}", f"。它是项目的模块；请用 {way} 导入")
        what = "" if isinstance(error, TextError | ProjectError) else f"{type(error).__name__}: "
        return f"{self._line_of(error) or file}: {what}" + text_of(error) + hint

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
    ignored = [RuleChange(each.rule, "", "off", each.reason, 0, each.file) for each in ignored_rules(root)]
    if not os.path.lexists(root / CATALOGUE_FILE):
        listed = CatalogueFile(root.resolve() / CATALOGUE_FILE, rule_changes=ignored)
        return ProjectExtensions(root.resolve(), listed, say) if ignored else None
    for path in (path for folder in FOLDERS for path in (root / folder, *(root / folder).glob("*.py"))):
        refuse_outside(path, root)
    listed = read_catalogue_file(root.resolve(), package)
    listed.rule_changes += ignored
    return ProjectExtensions(root.resolve(), listed, say)


def module_name(model: type) -> str:
    """Name a model's module as if the package's own: `schemas.fairs`."""
    name = model.__module__
    return name.partition(".")[2] if name.startswith(_PREFIX) else name
