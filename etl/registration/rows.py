"""Compose the raw file of a table with the rows of a document: added, or filled in where they are there.

What is there stays as it is written; a cell that has another figure is never overwritten.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from etl.catalogue import Entry
from etl.errors import ProjectError
from etl.files import csv_text
from etl.project import Project
from etl.raw_files.find import found_files
from etl.raw_files.plain_characters import plain
from etl.registration.documents import raw_text
from schemas.models import columns, figures, key
from schemas.vintages import revision_column

Row = Mapping[str, str]
"""A row of a table: its cells by the names of the columns, its labels as codes."""

REVISED = "revised"
"""What a row says that corrects an earlier document."""

_BYTE_ORDER_MARK = "\ufeff"


def row_key(entry: Entry, row: Row) -> str:
    """Return the key of a row, as the links name it."""
    return ":".join(row[name] for name in key(entry.model))


def table_with(project: Project, entry: Entry, rows: Sequence[Row]) -> tuple[Path, str]:
    """Compose the raw file of a table with rows of one document; of a table that is a folder, the document's own file.

    Raises:
        ProjectError: its file is no CSV in UTF-8 with the columns of the table, or a cell of the row has another figure.
    """
    path = project.raw(entry.address)
    files = found_files(project, entry.address)
    if files and files[0].folder:
        path = path.with_suffix("") / f"{rows[0]['source']}.csv"
        files = [each for each in files if each.path == path]
    if any(each.path != path for each in files):
        raise ProjectError(
            f"{files[-1].file} is no *.csv, so that no rows can be added to it. Save it as {path.name} in UTF-8.",
            f"{files[-1].file} 不是 *.csv，无法增加行。请以 UTF-8 另存为 {path.name}。",
        )
    file = _RawTable(entry, path, raw_text(path) if files else "")
    used = {name for row in rows for name, cell in row.items() if cell}
    file.open(used)
    for row in rows:
        file.enter(row)
    return path, file.composed()


@dataclass
class _RawTable:
    """The raw file of a table, as it is composed anew."""

    entry: Entry
    path: Path
    text: str
    titles: list[str] = field(default_factory=list)
    lines: list[list[str]] = field(default_factory=list)
    added: list[list[str]] = field(default_factory=list)
    is_changed: bool = False

    def open(self, used: set[str]) -> None:
        """Read what is there, and add the columns that are used and missing; or start the file.

        Raises:
            ProjectError: it has rows of another width than its header.
        """
        declared = columns(self.entry.model)
        if not self.text.strip(f"{_BYTE_ORDER_MARK}\r\n"):
            self.text = ""
            self.titles = [each.name for each in declared if each.name in used or not each.optional or each.is_figure]
            return
        given = csv.reader(io.StringIO(self.text.removeprefix(_BYTE_ORDER_MARK), newline=""))
        self.titles, *self.lines = filter(None, given)
        if any(len(line) != len(self.titles) for line in self.lines):
            raise ProjectError(
                f"{self.path} has rows of another width than its header. Mend them first: etl check.",
                f"{self.path} 有的行与表头的列数不同。请先用 etl check 查看并更正。",
            )
        missing = [each.name for each in declared if each.name in used and each.name not in self.places]
        if missing:
            self.titles, self.is_changed = [*self.titles, *missing], True
            self.lines = [[*line, *[""] * len(missing)] for line in self.lines]
            del self.places

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each column stands, whether the header has its name or its Chinese meaning."""
        known = {plain(title): each.name for each in columns(self.entry.model) for title in (each.name, each.meaning.zh)}
        return {known[plain(title)]: place for place, title in enumerate(self.titles) if plain(title) in known}

    @cached_property
    def present(self) -> dict[str, list[str]]:
        """The rows that are there by their keys, names as codes."""
        lists = self.entry.catalogue.lists
        codes = {each.name: lists.code_of_name(each.meaning.codes) for each in columns(self.entry.model) if each.meaning.codes}
        found = {}
        for line in self.lines:
            texts = {name: line[place].strip() for name, place in self.places.items()}
            row = {name: codes[name].get(text, text) if name in codes else text for name, text in texts.items()}
            found[row_key(self.entry, dict.fromkeys(key(self.entry.model), "") | row)] = line
        return found

    def enter(self, row: Row) -> None:
        """Add a row, or fill in the one of its key.

        Raises:
            ProjectError: a cell of it has another figure.
        """
        line = self.present.get(row_key(self.entry, row))
        if line is None:
            line = [""] * len(self.titles)
            for name, place in self.places.items():
                line[place] = row.get(name, "")
            self.added.append(line)
            self.present[row_key(self.entry, row)] = line
            return
        marks = revision_column(self.entry.model)
        for name in [*(each.name for each in figures(self.entry.model)), marks]:
            cell = row.get(name, "")
            if not cell:
                continue
            before = line[self.places[name]]
            if before not in ("", cell) and name != marks:
                raise ProjectError(
                    f"{self.path}: {name} of that row is {before} already, and not {cell}.",
                    f"{self.path}：该行的 {name} 已为“{before}”，并非“{cell}”。请核对。",
                )
            line[self.places[name]] = cell
            self.is_changed |= before != cell

    def composed(self) -> str:
        """Return the text of the file; unless a row that was there has changed, what was there is as it was written."""
        newline = "\r\n" if "\r\n" in self.text else "\n"
        if self.is_changed or not self.text:
            mark = _BYTE_ORDER_MARK if self.text.startswith(_BYTE_ORDER_MARK) else ""
            return mark + csv_text([self.titles, *self.lines, *self.added]).replace("\n", newline)
        return self.text.rstrip("\r\n") + newline + csv_text(self.added).replace("\n", newline)
