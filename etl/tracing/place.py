"""Trace a place as messages name it: a line of a file, a cell of a return, a figure of a document."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path, PurePosixPath

from etl.catalogue_file import CATALOGUE_FILE
from etl.errors import ProjectError
from etl.project import Project
from etl.source_list import LEDGERS
from etl.tracing.documents import at_position, in_document, in_return
from etl.tracing.listed import is_within, line_of_list, record_at
from etl.tracing.raw_tables import RawTables
from schemas.texts import Language

# As findings are printed: `file:line:column`, and after it `[rule]` or `: severity[rule] message`.
_LINE = re.compile(r"(?P<file>.+?):(?P<line>[0-9]+)(?::(?P<column>[0-9]+))?(?:\[.*|:?\s.*|:)?", re.DOTALL)
_CELL = re.compile(r"(?:(?P<file>.+?)(?::\s*|\s+))?(?P<sheet>[^!:]+)![A-Z]{1,3}(?P<row>[0-9]+)(?::\s.*)?", re.DOTALL)
_FIGURE = re.compile(r"(?P<source>\S+)\s+(?P<section>\S+?):(?P<ordinal>[0-9]+)(?:,\s.*|\s.*)?", re.DOTALL)
_OF_DOCUMENT = re.compile(r"(?P<file>.+?):(?P<place>(?:page|table|row|column|section) \S.*?)(?::\s.*)?", re.DOTALL)


def trace_place(project: Project, text: str, language: Language) -> Iterator[str]:
    """Yield what stands at a place; nothing where the text names none."""
    tables, text = RawTables(project, language), text.strip()
    if line := _LINE.fullmatch(text):
        column = int(line["column"]) if line["column"] else None
        yield from _at_line(tables, line["file"], int(line["line"]), column)
    if cell := _CELL.fullmatch(text):
        name = cell["file"] or ""
        if name and Path(name).is_file():
            yield from in_return(tables, Path(name), cell["sheet"], int(cell["row"]))
        for source in _sources(project):
            if name in ("", source):
                yield from at_position(tables, source, cell["sheet"], cell["row"])
    if (figure := _FIGURE.fullmatch(text)) and figure["source"] in _sources(project):
        yield from at_position(tables, figure["source"], figure["section"], figure["ordinal"])
    if (place := _OF_DOCUMENT.fullmatch(text)) and Path(place["file"]).is_file():
        yield from in_document(tables, Path(place["file"]), place["place"])


def _sources(project: Project) -> list[str]:
    """List the documents; none where the list of them is not readable."""
    with suppress(ProjectError):
        return [*project.sources]
    return []


def _at_line(tables: RawTables, name: str, line: int, column: int | None) -> Iterator[str]:
    project, place = tables.project, f"{line}:{column}" if column else str(line)
    file = _file_of(project, name)
    parts = PurePosixPath(file or "").parts
    address = ".".join((*parts[1:2], parts[2].partition(".")[0])) if len(parts) > 2 and parts[0] == "raw" else ""
    if file is None or (parts[0] not in ("raw", "schemas") and file != CATALOGUE_FILE):
        yield from in_document(tables, Path(name), place) if Path(name).is_file() else ()
    elif parts[:2] == ("raw", "sources") and len(parts) == 3:
        yield from _of_ledger(tables, file, line)
    elif address and address in project.catalogue.addresses:
        yield from tables.at(address, file, line, column)
    elif address and address in project.catalogue.register_addresses:
        yield from record_at(project, address, file, line)
    else:
        yield from _of_list(tables, file, line)


def _of_list(tables: RawTables, file: str, line: int) -> Iterator[str]:
    """Tell of a line of a list, and of the cell that it names."""
    told, cells = line_of_list(tables.project, file, line)
    yield from told
    if {"table", "row_key", "column"} <= cells.keys():
        with suppress(ProjectError):  # which the list itself may have; its line is told
            yield from tables.of_key(cells["table"], cells["row_key"], cells["column"])


def _of_ledger(tables: RawTables, file: str, line: int) -> Iterator[str]:
    """Tell of a line of a ledger, or of a list beside it, and of the figure that it is of."""
    told, cells = line_of_list(tables.project, file, line)
    yield from told
    source = PurePosixPath(file).name.removesuffix(".csv")
    for beside in LEDGERS:
        source = source.removesuffix(f".{beside}")
    if cells.get("ordinal") and source in _sources(tables.project):
        with suppress(ProjectError):  # which the ledger itself may have; its line is told
            yield from at_position(tables, source, cells.get("section", ""), cells["ordinal"])


def _file_of(project: Project, name: str) -> str | None:
    """Return the path of a file of the project within it; of one that is named from the repository, too."""
    given = Path(name)
    tail = name.replace("\\", "/").rpartition("raw/")
    candidates = [project.root / given, *([project.root / "raw" / tail[2]] if tail[1] else [])]
    for path in candidates:
        if is_within(project, path):
            return path.resolve().relative_to(project.root.resolve()).as_posix()
    return None
