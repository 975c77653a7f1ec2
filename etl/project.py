"""A project: `raw/` and `warehouse/`, its sources, and its catalogue."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from etl.catalogue_file import CATALOGUE_FILE as CATALOGUE_FILE
from etl.catalogue_file import FOLDERS
from etl.errors import ProjectError
from etl.project_extensions import Say, silent

if TYPE_CHECKING:
    from etl.catalogue import Catalogue

OWN_FOLDERS = tuple(FOLDERS)
"""The folders of a project that hold its own declarations."""

EXAMPLES, GIVEN, EXPECTED, BREAKS = ("tests", "examples"), "given.csv", "expected.csv", "breaks"
"""The folder of the examples of tables, the two files of each, and the last column of the first."""


RETURN = "return"
"""Kind of a document that a department handed in."""


@dataclass(frozen=True)
class SourceRecord:
    """A document that figures are from, as `raw/sources.csv` lists it."""

    id: str
    title: str
    publisher: str
    published_on: str
    url: str
    area: str
    period: str
    kind: str
    sha256: str
    length: str

    @property
    def is_return(self) -> bool:
        """Whether a department handed it in; its figures are provisional until a document prints them."""
        return self.kind == RETURN


@dataclass(frozen=True)
class Project:
    """A project folder.

    Attributes:
        root: the folder.
        say: called before any code of the project runs.
        given_catalogue: the catalogue of its tables, where that is not the one of its folder.

    Raises:
        ProjectError: there is no `raw/` in it.
    """

    root: Path
    say: Say = field(default=silent, repr=False, compare=False)
    given_catalogue: Catalogue | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not (self.root / "raw").is_dir():
            for aside in self.root.glob(".raw-*/old"):
                raise ProjectError(f"A write of raw/ was interrupted; it is whole in {aside}. Move it to {self.root / 'raw'}.")
            raise ProjectError(f"No project in {self.root}: it has no folder raw/. Name the project's folder with --project DIR.")

    @cached_property
    def catalogue(self) -> Catalogue:
        """The declarations of the package, with the project's own laid over them.

        Raises:
            ProjectError: as for `Catalogue.of`.
        """
        from etl.catalogue import Catalogue  # which a run that finds nothing changed does not need

        return self.given_catalogue or Catalogue.of(self.root, self.say)

    def raw(self, address: str) -> Path:
        """Return the path of a table's raw file."""
        domain, _, table = address.partition(".")
        return self.root / "raw" / domain / f"{table}.csv"

    def relative(self, path: Path) -> str:
        """Format a path relative to the project, with forward slashes."""
        return path.relative_to(self.root).as_posix()

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that users open."""
        return self.root / "warehouse" / "ip.duckdb"

    def ledger(self, source: str) -> Path:
        """Return the path of a document's ledger, the figures that it prints."""
        return self.root / "raw" / "sources" / f"{source}.csv"

    def left_out(self, source: str) -> Path:
        """Return the path of a document's figures that no table takes, with reasons."""
        return self.root / "raw" / "sources" / f"{source}.left_out.csv"

    def taken(self, source: str) -> Path:
        """Return the path of the links from a document's figures to cells."""
        return self.root / "raw" / "sources" / f"{source}.taken.csv"

    def links(self, source: str) -> Path:
        """Return the path of who confirmed which link of a document."""
        return self.root / "raw" / "sources" / f"{source}.links.csv"

    @property
    def waivers_file(self) -> Path:
        """The path of the accepted findings."""
        return self.root / "raw" / "waivers.csv"

    @cached_property
    def sources(self) -> dict[str, SourceRecord]:
        """The listed documents by id, in the order of the list."""
        path = self.root / "raw" / "sources.csv"
        return {
            row["source"]: SourceRecord(row["source"], *(row[name] for name in SOURCE_COLUMNS[1:]))
            for row in records(path, SOURCE_COLUMNS)
        }


SOURCE_COLUMNS = ("source", "title", "publisher", "published_on", "url", "area", "period", "kind", "sha256", "length")


def records(path: Path, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """Read the rows of one of the project's small files as mappings.

    The file must have exactly these columns in this order.

    Raises:
        ProjectError: it is missing, not UTF-8, has other columns, or a row of another width.
    """
    return [dict(zip(columns, row, strict=True)) for row in rows_of(path, columns)]


def rows_of(path: Path, columns: tuple[str, ...]) -> list[list[str]]:
    """Read the rows of one of the project's small files as lists; else as `records`."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ProjectError(f"{path} is missing.") from None
    except UnicodeDecodeError as error:
        raise ProjectError(f"{path} is not UTF-8 (byte {error.start}). Save it as UTF-8.") from None
    rows = list(filter(None, csv.reader(text.splitlines(keepends=True))))
    if not rows or tuple(rows[0]) != columns:
        raise ProjectError(f"{path}:1:1: its header must be {','.join(columns)}")
    del rows[0]
    if set(map(len, rows)) - {len(columns)}:
        number, row = next(each for each in enumerate(rows, start=2) if len(each[1]) != len(columns))
        raise ProjectError(f"{path}:{number}:1: {len(row)} cells where the header has {len(columns)}")
    return rows
