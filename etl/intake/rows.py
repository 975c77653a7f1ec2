"""The rows of raw tables that take the figures of a document: new ones, or those of its that are there."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from etl.catalogue import Catalogue
from etl.errors import ProjectError
from etl.files import csv_text
from etl.intake.decisions import Decision
from etl.project import Project
from etl.raw_files.find import found_files
from schemas.models import Area, Category, Column, Figure, Period, Revision, Source, columns


@dataclass
class RawRow:
    """A row of a raw table: its key, its figures by column, and the sections that print them."""

    key: tuple[str, ...]
    figures: dict[str, str] = field(default_factory=dict)
    sections: Counter[str] = field(default_factory=Counter)


def tables_with(project: Project, decisions: Iterable[Decision]) -> dict[str, str]:
    """Return the texts of the raw tables, by path in `raw/`, with the figures of a document added.

    Raises:
        ProjectError: a table or column is not there, a cell has two figures or another one, or a file cannot be extended.
    """
    by_table: dict[str, dict[str, RawRow]] = {}
    for each in decisions:
        if each.cell:
            table, row_key, column = each.cell
            row = by_table.setdefault(table, {}).setdefault(row_key, RawRow(tuple(row_key.split(":"))))
            _put(row, column, _entered(project, each), each)
    return {
        f"{address.replace('.', '/')}.csv": _extended(project, address, list(rows.values())) for address, rows in by_table.items()
    }


def _entered(project: Project, decision: Decision) -> str:
    """Return a figure as its cell has it: with the unit of the header of its table, unless the column is declared in that."""
    assert decision.cell
    table, _, name = decision.cell
    listed = columns(project.catalogue.entry(table).model) if table in project.catalogue.addresses else ()
    column = next((each for each in listed if each.name == name), None)
    is_declared = column is not None and decision.printed == decision.published + column.meaning.unit
    return decision.published if is_declared else decision.printed


def _put(row: RawRow, column: str, text: str, decision: Decision) -> None:
    other = row.figures.setdefault(column, text)
    if other != text:
        raise ProjectError(f"{decision.cell}: the document prints {other} and {text}; one cell takes one of them.")
    row.sections[decision.position[0]] += 1


def _extended(project: Project, address: str, rows: Sequence[RawRow]) -> str:
    """Return the text of a table with these rows."""
    if address not in project.catalogue.addresses:
        raise ProjectError(f"There is no table {address}.")
    declared = columns(project.catalogue.entry(address).model)
    path, text, header, lines = _read(project, address, declared)
    added, is_changed = list[list[str]](), False
    key = [each.name for each in declared if isinstance(each.dtype, Area | Period | Category | Source)]
    names = _names(header, declared, path)
    present = {_key(line, names, key, declared, project.catalogue): line for line in lines}
    for row in rows:
        if len(row.key) != len(key):
            raise ProjectError(f"{address}: the row key {':'.join(row.key)} has {len(row.key)} parts and not {len(key)}.")
        unknown = next((column for column in row.figures if column not in _figures(declared)), None)
        if unknown:
            raise ProjectError(f"{address} has no figure {unknown}.")
        line = present.get(row.key)
        if line is None:
            line = [""] * len(header)
            for name, value in zip(key, row.key, strict=True):
                line[names[name]] = value
            line[names["section"]] = row.sections.most_common(1)[0][0]
            added.append(line)
        before = line.copy()
        for column, published in row.figures.items():
            _enter(line, names, column, published, path)
        is_changed |= line != before and line not in added
    if is_changed or not text:
        return csv_text([header, *lines, *added])
    ending = "\r\n" if "\r\n" in text else "\n"
    return text.rstrip("\r\n") + ending + csv_text(added).replace("\n", ending)  # what is there stays as it is written


def _figures(declared: Sequence[Column]) -> frozenset[str]:
    return frozenset(each.name for each in declared if isinstance(each.dtype, Figure))


def _enter(line: list[str], names: Mapping[str, int], column: str, published: str, path: Path) -> None:
    if column not in names:
        raise ProjectError(f"{path} has no column {column}. Add it to the header.")
    if line[names[column]] not in ("", published):
        raise ProjectError(f"{path}: {column} of that row is {line[names[column]]} already, and not {published}.")
    line[names[column]] = published


def _read(project: Project, address: str, declared: Sequence[Column]) -> tuple[Path, str, list[str], list[list[str]]]:
    """Read a table's file: its path, text, header and rows; or start one.

    Raises:
        ProjectError: it is no CSV file in UTF-8 with a header in its first line.
    """
    files = found_files(project, address)
    path = project.raw(address)
    if not files:
        return path, "", [each.name for each in declared if not isinstance(each.dtype, Revision)], []
    if files[0].path != path or len(files) > 1:
        raise ProjectError(f"{files[0].file} is no CSV file, which alone can be extended. Save it as CSV in UTF-8.")
    try:
        text = path.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise ProjectError(f"{path} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from None
    header, *lines = list(filter(None, csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))) or [[]]
    if any(len(line) != len(header) for line in lines):
        raise ProjectError(f"{path} has rows of another width than its header. Mend them first: etl check.")
    return path, text, header, lines


def _names(header: Sequence[str], declared: Sequence[Column], path: Path) -> dict[str, int]:
    """Return where each column stands, by its name, whether the header has that or its Chinese meaning."""
    places = {text.strip(): place for place, text in enumerate(header)}
    names = {}
    for each in declared:
        place = places.get(each.name, places.get(each.meaning.zh))
        if place is not None:
            names[each.name] = place
    missing = next((each.name for each in declared if not each.is_figure and not each.optional and each.name not in names), None)
    if missing:
        raise ProjectError(f"{path} has no column {missing}.")
    return names


def _key(
    line: Sequence[str], names: Mapping[str, int], key: Sequence[str], declared: Sequence[Column], catalogue: Catalogue
) -> tuple[str, ...]:
    """Return the key of a row that is there, its names as codes."""
    lists = {each.name: each.meaning.codes for each in declared if each.meaning.codes}
    texts = ((name, line[names[name]].strip()) for name in key)
    return tuple(catalogue.lists.code_of_name(lists[name]).get(text, text) if name in lists else text for name, text in texts)
