"""Find what paths, addresses and domains name of a project, for a check of that part."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import schemas
from etl.catalogue import Catalogue, RegisterEntry
from etl.catalogue_file import CATALOGUE_FILE, FOLDERS
from etl.errors import ProjectError
from etl.nearest_name import suggestion
from etl.project import NOTES, Project
from etl.raw_files.find import found_files
from etl.registers.raw_files import raw_files
from etl.settings import FILE, PYPROJECT
from schemas.texts import Text

RAW = "raw"
_OF_EVERY_TABLE = frozenset({f"{RAW}/sources.csv", f"{RAW}/waivers.csv", f"{RAW}/{NOTES}"})
_DECLARATIONS = frozenset({CATALOGUE_FILE, FILE, PYPROJECT})


@dataclass(frozen=True, slots=True)
class Named:
    """What is named of a project.

    Attributes:
        tables: addresses of tables and registers.
        files: files, relative to the project.
    """

    tables: frozenset[str]
    files: frozenset[str]

    @property
    def is_whole(self) -> bool:
        """Whether one of the files bears on every table: which documents there are, what is accepted, what is declared."""
        return bool(_OF_EVERY_TABLE & self.files) or any(not file.startswith(f"{RAW}/") for file in self.files)

    def has(self, address: str) -> bool:
        """Whether a table or register is named, or a raw file of it is, which may be gone."""
        base = f"{RAW}/{address.replace('.', '/')}"
        return address in self.tables or any(file.startswith((f"{base}.", f"{base}/")) for file in self.files)

    def addresses(self, catalogue: Catalogue) -> frozenset[str] | None:
        """Return the tables and registers that are named; None where a file is that of none."""
        tables = set(self.tables)
        known = {*catalogue.addresses, *catalogue.register_addresses}
        for file in self.files:
            _, domain, table, *_ = (*file.split("/", 3), "", "")
            if (address := f"{domain}.{table.partition('.')[0]}") not in known:
                return None
            tables.add(address)
        return frozenset(tables)


def needed_tables(project: Project, named: Named) -> frozenset[str] | None:
    """Return the tables that a check of what is named reads: these, and those that a rule relates to them; None for all.

    The schema file of a domain names every table of which its rules ask for a figure.
    """
    catalogue = project.catalogue
    asked = named.addresses(catalogue)
    if asked is None or (catalogue.extensions and catalogue.extensions.listed.lines):
        return None
    mentioned = {domain: _mentioned(domain, catalogue.addresses) for domain in catalogue.domains}
    own = {address.partition(".")[0] for address in asked}
    domains = {domain for domain, tables in mentioned.items() if domain in own or asked & tables}
    related = {table for domain in domains for table in mentioned[domain]}
    related |= {table for table in catalogue.addresses if table.partition(".")[0] in domains - own}
    return asked | {table for table in related if found_files(project, table)}


def needed_registers(project: Project, named: Named | None) -> tuple[RegisterEntry, ...]:
    """Return the registers that a check reads: those that are named, and those that must agree with a named table."""
    catalogue = project.catalogue
    if named is None or named.is_whole:
        return catalogue.registers()
    return tuple(
        catalogue.register(address)
        for address in catalogue.register_addresses
        if named.has(address)
        or (
            any(raw_files(project, address))
            and any(named.has(each.table) for each in catalogue.register(address).model.__agreements__)
        )
    )


def _mentioned(domain: str, addresses: Iterable[str]) -> set[str]:
    """Return the addresses that stand in the schema file of a domain of the package."""
    text = Path(schemas.__path__[0], f"{domain}.py").read_text(encoding="utf-8")
    return {address for address in addresses if address in text}


def named_parts(project: Project, names: Iterable[str]) -> Named:
    """Return what is named, each by its path, seen from the working directory or the project, its address or its domain.

    Raises:
        ProjectError: there is no such table, domain or path, or the file is none that a check reads.
    """
    tables: set[str] = set()
    files: set[str] = set()
    for name in names:
        if found := _addresses(project.catalogue, name):
            tables |= found
        else:
            files.update(_files(project, name))
    return Named(frozenset(tables), frozenset(files))


def _addresses(catalogue: Catalogue, name: str) -> set[str]:
    """Return the tables and registers of an address or a domain."""
    return {each for each in _all_addresses(catalogue) if name in (each, each.partition(".")[0])}


def _all_addresses(catalogue: Catalogue) -> tuple[str, ...]:
    return (*catalogue.addresses, *catalogue.register_addresses)


def _files(project: Project, name: str) -> Iterator[str]:
    there = [each for each in (Path(name), project.root / name) if name and os.path.lexists(each)]
    path = next((each for each in there if _inside(project, each)), there[0] if there else None)
    if path is None:
        raise _unknown(project, name, Text("is not there", "不存在"))
    inside = _inside(project, path)
    if project.root.is_relative_to(path.resolve()):
        yield CATALOGUE_FILE  # which bears on every table
    elif path.is_dir():
        below = (Path(folder, file) for folder, _, files in os.walk(path) for file in files)
        found = [file for each in below if (file := _inside(project, each)) and _is_read(file)]
        if not found:
            raise _unknown(project, name, Text("holds no file that a check reads", "没有检查所读取的文件"))
        yield from found
    elif not _is_read(inside):
        raise _unknown(project, name, Text("is no file that a check reads", "不是检查所读取的文件"))
    else:
        yield inside


def _inside(project: Project, path: Path) -> str:
    """Return a path relative to the project; empty where it lies outside."""
    whole = path.parent.resolve() / path.name
    return whole.relative_to(project.root).as_posix() if whole.is_relative_to(project.root) else ""


def _is_read(file: str) -> bool:
    """Whether a check reads a file, or reports that it is not read: all of `raw/`, and declarations."""
    return file in _DECLARATIONS or file.partition("/")[0] in (RAW, *FOLDERS)


def _unknown(project: Project, name: str, why: Text) -> ProjectError:
    """Return the error for a name of nothing, with the nearest."""
    near = suggestion(name, _near(project, name))
    named, zh = f"{name} {why.en}.", f"{name} {why.zh}。"
    if near.en:
        return ProjectError(f"{named}{near.en}", f"{zh}{near.zh}")
    return ProjectError(
        f"{named} Name a raw file, a folder of them, a table such as DOMAIN.TABLE, or a domain. `etl tables` lists the tables.",
        f"{zh}请给出原始文件、其文件夹、表（领域.表）或领域。`etl tables` 列出各表。",
    )


def _near(project: Project, name: str) -> Collection[str]:
    """Return the names that an unknown one may be meant for: addresses and domains, or raw files as seen from here."""
    if os.sep not in name and not name.endswith(".csv"):
        return (*_all_addresses(project.catalogue), *project.catalogue.domains)
    prefix = name.partition(f"{RAW}{os.sep}")[0] if f"{RAW}{os.sep}" in name else ""
    below = (Path(folder, file) for folder, _, files in os.walk(project.root / RAW) for file in files)
    return [prefix + file for each in below if (file := _inside(project, each))]
