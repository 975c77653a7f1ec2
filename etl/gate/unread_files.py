"""Report the files of a project that nobody reads: of no table, document or code list, or in no form that is read."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from pathlib import Path

from etl.catalogue_file import CATALOGUE_FILE, CODES, FOLDERS
from etl.errors import did_you_mean
from etl.findings import Finding, Place, Text, make_finding
from etl.project import NOTES, Project
from etl.raw_files.find import misleading
from etl.source_list import LEDGERS, SOURCES
from schemas import builtin_rules
from schemas.code_lists import PACKAGE_LISTS
from schemas.models import columns
from schemas.registers import columns as columns_of_register

DOCUMENTS, WAIVERS = "sources", "waivers.csv"
"""The folder of the documents' ledgers, and the list of accepted findings, in `raw/`."""
_LISTS = (SOURCES, WAIVERS, NOTES)


def unread_files(project: Project, addresses: Collection[str]) -> Iterator[Finding]:
    """Report each file of a project that is not read, though it stands where files are read.

    Hidden files, lock files, notes in Markdown, and files kept of documents are left out.

    Args:
        project: the project.
        addresses: of all its tables and registers.
    """
    for path, message in (*_in_raw(project, addresses), *_ledgers(project), *_declarations(project)):
        yield make_finding(builtin_rules.FILE_IS_CATALOGUED, "", Place(project.relative(path)), message)


def _in_raw(project: Project, addresses: Collection[str]) -> Iterator[tuple[Path, Text]]:
    domains = {address.partition(".")[0] for address in addresses}
    for path in _listed(project.root / "raw"):
        if path.name in _LISTS:
            continue
        if why := misleading(project, path):
            yield path, why
        elif path.is_dir():
            yield from _in_domain(project, path, addresses) if path.name != DOCUMENTS else ()
        elif path.name in domains or path.name == DOCUMENTS:
            yield path, Text("is a file where a folder is expected, so it is not read", "应为文件夹而非文件，未予读取")
        else:
            near = did_you_mean(path.name, (*_LISTS, *domains))
            en = f"stands in no folder of a domain, so it is not read.{near}"
            yield path, Text(en, "不在任何领域文件夹中，该文件无人读取")


def _in_domain(project: Project, folder: Path, addresses: Collection[str]) -> Iterator[tuple[Path, Text]]:
    tables = [table for domain, _, table in (address.partition(".") for address in addresses) if domain == folder.name]
    registers = {table for table in tables if f"{folder.name}.{table}" in project.catalogue.register_addresses}
    for path in _listed(folder):
        name = path.name.partition(".")[0]
        if name in registers or (name in tables and (path.name != name or path.is_dir())):
            continue
        if name in tables:
            what = Text("a folder", "文件夹") if path.is_dir() else Text("a file without an ending", "无扩展名的文件")
            yield (
                path,
                Text(f"is {what.en}, so it is not read; name the file {name}.csv", f"是{what.zh}，未予读取；请命名为 {name}.csv"),
            )
        elif f"{folder.name}.{name}" in project.catalogue.unused:
            en = "catalogue.txt does not use this table, so it is not read"
            yield path, Text(en, "catalogue.txt 未启用该表，该文件无人读取")
        else:
            en = f"no table or register is named so, so it is not read.{did_you_mean(name, tables)}"
            yield path, Text(en, "没有以此命名的表或登记簿，该文件无人读取")


def _ledgers(project: Project) -> Iterator[tuple[Path, Text]]:
    """Yield what is named as a ledger, and is that of no document."""
    folder, known = project.root / "raw" / DOCUMENTS, project.sources
    if not folder.is_dir() or misleading(project, folder):
        return
    for path in _listed(folder):
        stem, ending = os.path.splitext(path.name)  # noqa: PTH122  as a link to nowhere has them too
        if ending.casefold() != ".csv":
            continue
        of_document = stem in known or (stem.rpartition(".")[0] in known and stem.rpartition(".")[2] in LEDGERS)
        if ending != ".csv":
            yield path, Text("does not end in .csv, so it is not read", "扩展名不是 .csv，未予读取")
        elif not of_document:
            source = stem.rpartition(".")[0] if stem.rpartition(".")[2] in LEDGERS else stem
            en = f"raw/{SOURCES} lists no document {source!r}, so it is not read.{did_you_mean(source, known)}"
            yield path, Text(en, f"raw/{SOURCES} 未登记文件“{source}”，该文件无人读取")


def _declarations(project: Project) -> Iterator[tuple[Path, Text]]:
    """Yield declarations of a project without a catalogue, and code lists that no column names."""
    own = [folder for folder in FOLDERS if (project.root / folder).is_dir()]
    if project.catalogue.extensions is None:
        for folder in own if not (project.root / "schemas" / "__init__.py").exists() else ():  # else it is this package
            en = f"there is no {CATALOGUE_FILE}, so nothing of this folder is read"
            yield project.root / folder, Text(en, f"没有 {CATALOGUE_FILE}，该文件夹无人读取")
        return
    lists = [path for path in _listed(project.root / "schemas" / CODES) if path.name != "__pycache__"]
    known = {*PACKAGE_LISTS.names()}
    used = _used_lists(project) if any(path.stem not in known for path in lists) else known
    for path in lists:
        if path.suffix != ".csv":
            yield path, Text("does not end in .csv, so it is not read", "扩展名不是 .csv，未予读取")
        elif path.stem not in known | used:
            en = f"no column names this code list, so it is not read.{did_you_mean(path.stem, known)}"
            yield path, Text(en, "没有列使用该代码表")


def _used_lists(project: Project) -> set[str]:
    tables = [column for entry in project.catalogue.entries() for column in columns(entry.model)]
    registers = [column for entry in project.catalogue.registers() for column in columns_of_register(entry.model)]
    return {column.meaning.codes for column in (*tables, *registers)}


def _listed(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if not path.name.startswith((".", "~$")) and path.suffix != ".md")
