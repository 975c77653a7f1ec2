"""A project: `raw/` and `warehouse/`, its sources, and its catalogue."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from etl.catalogue_file import CATALOGUE_FILE as CATALOGUE_FILE
from etl.catalogue_file import FOLDERS
from etl.errors import ProjectError
from etl.files import records as records
from etl.files import refuse_outside
from etl.project_extensions import Say, silent
from etl.source_list import RETURN as RETURN
from etl.source_list import SOURCE_COLUMNS as SOURCE_COLUMNS
from etl.source_list import SOURCES, SourceList, read_sources
from etl.source_list import SourceRecord as SourceRecord

if TYPE_CHECKING:
    from etl.catalogue import Catalogue

NOTES = "notes.csv"
"""The list of the texts of footnotes, in `raw/`."""

OWN_FOLDERS = tuple(FOLDERS)
"""The folders of a project that hold its own declarations."""

EXAMPLES, GIVEN, EXPECTED, BREAKS = ("tests", "examples"), "given.csv", "expected.csv", "breaks"
"""The folder of the examples of tables, the two files of each, and the last column of the first."""


@dataclass(frozen=True)
class Project:
    """A project folder.

    Attributes:
        root: the folder.
        say: called before any code of the project runs.
        given_catalogue: the catalogue of its tables, where that is not the one of its folder.

    Raises:
        ProjectError: there is no `raw/` in it, or it is a link out of it.
    """

    root: Path
    say: Say = field(default=silent, repr=False, compare=False)
    given_catalogue: Catalogue | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if not (self.root / "raw").is_dir():
            for aside in self.root.glob(".raw-*/old"):
                raw = self.root / "raw"
                raise ProjectError(
                    f"A write of raw/ was interrupted; it is whole in {aside}. Move it to {raw}.",
                    f"写入 raw/ 时曾被中断，其完整内容在 {aside}。请将其移回 {raw}。",
                )
            raise ProjectError(
                f"No project in {self.root}: it has no folder raw/. Name the project's folder with --project DIR.",
                f"{self.root} 不是项目：没有文件夹 raw/。请用 --project 文件夹 指明项目的文件夹。",
            )
        self._inside("raw")

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
        return self._inside("warehouse") / "ip.duckdb"

    def ledger(self, source: str) -> Path:
        """Return the path of a document's ledger, the figures that it prints."""
        return self._inside("raw", "sources", f"{source}.csv")

    def left_out(self, source: str) -> Path:
        """Return the path of a document's figures that no table takes, with reasons."""
        return self._inside("raw", "sources", f"{source}.left_out.csv")

    def taken(self, source: str) -> Path:
        """Return the path of the links from a document's figures to cells."""
        return self._inside("raw", "sources", f"{source}.taken.csv")

    def links(self, source: str) -> Path:
        """Return the path of who confirmed which link of a document."""
        return self._inside("raw", "sources", f"{source}.links.csv")

    @property
    def waivers_file(self) -> Path:
        """The path of the accepted findings."""
        return self._inside("raw", "waivers.csv")

    @property
    def notes_file(self) -> Path:
        """The path of the texts of footnotes."""
        return self._inside("raw", NOTES)

    @cached_property
    def source_list(self) -> SourceList:
        """The list of documents, with the place of each.

        Raises:
            ProjectError: it cannot be read, or a document in it is not described as documents are; names the places.
        """
        return read_sources(self._inside("raw", SOURCES), self.root, self.catalogue.lists)

    @property
    def sources(self) -> dict[str, SourceRecord]:
        """The listed documents by id, in the order of the list; raises what `source_list` does."""
        return self.source_list.by_id

    def _inside(self, *parts: str) -> Path:
        """Return a path of the project, which no link may lead out of.

        Raises:
            ProjectError: one does.
        """
        return refuse_outside(self.root.joinpath(*parts), self.root)
