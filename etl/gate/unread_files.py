"""Report the files of a project that nobody reads: of no table, document or code list, or in no form that is read."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path

from etl.catalogue_file import CATALOGUE_FILE, CODES, FOLDERS
from etl.documents.not_cited import unlisted_ledgers
from etl.findings import Finding, Place, make_finding
from etl.nearest_name import suggestion
from etl.project import NOTES, Project
from etl.raw_files.find import is_left_out, misleading
from etl.source_list import SOURCES
from schemas import builtin_rules
from schemas.code_lists import PACKAGE_LISTS
from schemas.models import columns
from schemas.registers import columns as columns_of_register
from schemas.texts import Text

DOCUMENTS, WAIVERS = "sources", "waivers.csv"
"""The folder of the documents' ledgers, and the list of accepted findings, in `raw/`."""
_LISTS = (SOURCES, WAIVERS, NOTES)

_LIKE_A_CATALOGUE = re.compile(r"catalog(ue)?(\.\w+)?( ?\(\d+\))?(\.txt)?", re.IGNORECASE)


def unread_files(project: Project, addresses: Collection[str]) -> Iterator[Finding]:
    """Report each file of a project that is not read, though it stands where files are read.

    Hidden files, lock files, notes in Markdown, and files kept of documents are left out.

    Args:
        project: the project.
        addresses: of all its tables and registers.
    """
    for path, message in (*_in_raw(project, addresses), *_of_documents(project), *_declarations(project)):
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
            near = suggestion(path.name, (*_LISTS, *domains))
            en = f"stands in no folder of a domain, so it is not read.{near.en}"
            yield path, Text(en, f"不在任何领域文件夹中，该文件无人读取。{near.zh}")


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
        elif not tables:
            near = suggestion(folder.name, {address.partition(".")[0] for address in addresses})
            en = f"no domain is named {folder.name}, so it is not read.{near.en}"
            yield path, Text(en, f"没有名为 {folder.name} 的领域，该文件无人读取。{near.zh}")
        else:
            near = suggestion(name, tables)
            en = f"no table or register is named so, so it is not read.{near.en}"
            yield path, Text(en, f"没有以此命名的表或登记簿，该文件无人读取。{near.zh}")


def _of_documents(project: Project) -> Iterator[tuple[Path, Text]]:
    folder = project.root / "raw" / DOCUMENTS
    return iter(()) if misleading(project, folder) else unlisted_ledgers(project)


def _declarations(project: Project) -> Iterator[tuple[Path, Text]]:
    """Yield declarations of a project without a catalogue, and code lists that no column names."""
    for path in _listed(project.root):
        if path.name != CATALOGUE_FILE and _LIKE_A_CATALOGUE.fullmatch(path.name):
            yield path, Text(f"is not named {CATALOGUE_FILE}, so it is not read", f"文件名不是 {CATALOGUE_FILE}，未予读取")
    for path in (path for folder in FOLDERS for path in _listed(project.root / folder)):
        if path.suffix != ".py" and path.suffix.casefold() == ".py":
            yield path, Text("does not end in .py, so it is not read", "扩展名不是 .py，未予读取")
    own = [folder for folder in FOLDERS if (project.root / folder).is_dir()]
    if project.catalogue.extensions is None or not project.catalogue.extensions.has_catalogue:
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
            near = suggestion(path.stem, known)
            yield path, Text(f"no column names this code list, so it is not read.{near.en}", f"没有列使用该代码表。{near.zh}")


def _used_lists(project: Project) -> set[str]:
    tables = [column for entry in project.catalogue.entries() for column in columns(entry.model)]
    registers = [column for entry in project.catalogue.registers() for column in columns_of_register(entry.model)]
    return {column.meaning.codes for column in (*tables, *registers)}


def _listed(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if not is_left_out(path.name))
