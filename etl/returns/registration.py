"""Register a document of cells: its line in `raw/sources.csv`, its ledger, its links, and the rows that it adds."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from etl.catalogue import Entry
from etl.documents.reconcile_text import LEDGER_COLUMNS, LEFT_OUT_COLUMNS, TAKEN_COLUMNS
from etl.errors import ProjectError
from etl.files import csv_text
from etl.project import SOURCE_COLUMNS, Project, SourceRecord
from etl.raw_files.find import found_files
from etl.raw_files.plain_characters import plain
from schemas.models import columns, key

Row = Mapping[str, str]
"""A row of a table: its cells by the names of the columns."""


@dataclass(frozen=True, slots=True)
class DocumentCell:
    """A figure of a document, and the cell that takes it.

    Attributes:
        section, ordinal: its place in the document.
        published: as it stands there, with its unit.
        unit, hedge: of it.
        table: address of the table that takes it.
        row_key: of the row.
        column: of the cell.
    """

    section: str
    ordinal: int
    published: str
    unit: str
    hedge: str
    table: str
    row_key: str
    column: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A figure of a document that no table takes: its place, and why."""

    section: str
    ordinal: int
    published: str
    reason: str


def document_files(
    project: Project, source: SourceRecord, cells: Sequence[DocumentCell], left_out: Sequence[LeftOut] = ()
) -> dict[Path, str]:
    """Compose the list of documents with one more, and its ledger, its links and what is left out of it."""
    listed = project.root / "raw" / "sources.csv"
    text = _text(listed)
    newline = "\r\n" if "\r\n" in text else "\n"
    line = csv_text([astuple(source)]).replace("\n", newline)
    assert len(astuple(source)) == len(SOURCE_COLUMNS)
    places = [(each.section, each.ordinal, each.published, each.unit, each.hedge) for each in cells]
    places += [(each.section, each.ordinal, each.published, "", "") for each in left_out]
    ledger = [(section, str(ordinal), "", *printed) for section, ordinal, *printed in places]
    taken = [(each.section, str(each.ordinal), each.table, each.row_key, each.column) for each in cells]
    reasons = [(each.section, str(each.ordinal), "", each.published, each.reason) for each in left_out]
    more = {project.left_out(source.id): csv_text([LEFT_OUT_COLUMNS, *reasons])} if left_out else {}
    return more | {
        listed: text.rstrip("\r\n") + newline + line,
        project.ledger(source.id): csv_text([LEDGER_COLUMNS, *ledger]),
        project.taken(source.id): csv_text([TAKEN_COLUMNS, *taken]),
    }


def row_key(entry: Entry, row: Row) -> str:
    """Return the key of a row, as the links name it."""
    return ":".join(row[name] for name in key(entry.model))


def table_with(project: Project, entry: Entry, rows: Sequence[Row]) -> tuple[Path, str]:
    """Compose the raw file of a table with further rows, or a further file of its folder; what is there stays as it is.

    Raises:
        ProjectError: its file is no CSV in UTF-8, to which rows can be added.
    """
    path = project.raw(entry.address)
    files = found_files(project, entry.address)
    if files and files[0].folder:
        path, files = path.with_suffix("") / f"{rows[0]['source']}.csv", []
    if any(each.path != path for each in files):
        raise ProjectError(f"{files[-1].file} is no *.csv, so that no rows can be added to it. Save it as {path.name} in UTF-8.")
    names = [each.name for each in columns(entry.model)]
    used = {name for row in rows for name, cell in row.items() if cell}
    if not files:
        header = [each.name for each in columns(entry.model) if each.name in used or not each.optional or each.is_figure]
        return path, csv_text([header, *_cells(rows, header)])
    text = _text(path)
    newline = "\r\n" if "\r\n" in text else "\n"
    there = list(csv.reader(io.StringIO(text, newline="")))
    titles = {plain(title): each.name for each in columns(entry.model) for title in (each.name, each.meaning.zh)}
    header = [titles.get(plain(title), "") for title in (there[0] if there else [])]
    added = [name for name in names if name in used and name not in header]
    more = csv_text(_cells(rows, [*header, *added]))
    if added:
        blank = [""] * len(added)
        text = csv_text([[*there[0], *added], *([*row, *blank] for row in there[1:] if row)]).replace("\n", newline)
    return path, text.rstrip("\r\n") + newline + more.replace("\n", newline)


def _cells(rows: Iterable[Row], names: Sequence[str]) -> list[list[str]]:
    return [[row.get(name, "") for name in names] for row in rows]


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ProjectError(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise ProjectError(f"{path} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from None
