"""Register a document: its line in `raw/sources.csv`, its ledger, its links, and what is left out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from etl.documents.ledger_faults import LEDGER_COLUMNS, LEFT_OUT_COLUMNS, TAKEN_COLUMNS
from etl.errors import ProjectError, cannot_be_read, not_utf_8
from etl.files import csv_text, records
from etl.project import SOURCE_COLUMNS, Project, SourceRecord

Line = tuple[str, ...]


@dataclass(frozen=True)
class Registration:
    """What is registered of a document.

    Attributes:
        source: the document.
        ledger: its figures, as lines of its ledger.
        taken: the cells that take them, as lines of its links.
        left_out: the figures that no table takes, with the reason.
    """

    source: SourceRecord
    ledger: Sequence[Line]
    taken: Sequence[Line]
    left_out: Sequence[Line] = ()

    def files(self, project: Project) -> dict[Path, str]:
        """Compose the files: texts by path."""
        name, left_out = self.source.id, project.left_out(self.source.id)
        found = {
            project.root / "raw" / "sources.csv": _sources(project, self.source),
            project.ledger(name): csv_text([LEDGER_COLUMNS, *self.ledger]),
            project.taken(name): csv_text([TAKEN_COLUMNS, *self.taken]),
        }
        if self.left_out or left_out.exists():
            found[left_out] = csv_text([LEFT_OUT_COLUMNS, *self.left_out])
        return found


def _sources(project: Project, source: SourceRecord) -> str:
    """Compose the list of documents with one more; a document that is there and has changed is exchanged."""
    path, line = project.root / "raw" / "sources.csv", list(astuple(source))
    text = raw_text(path)
    newline = "\r\n" if "\r\n" in text else "\n"
    if source.id not in project.sources:
        return text.rstrip("\r\n") + newline + csv_text([line]).replace("\n", newline)
    if project.sources[source.id] == source:
        return text
    rows = [[*each.values()] for each in records(path, SOURCE_COLUMNS)]
    return csv_text([SOURCE_COLUMNS, *(line if each[0] == source.id else each for each in rows)]).replace("\n", newline)


def raw_text(path: Path) -> str:
    """Read a file of `raw/` as it is written.

    Raises:
        ProjectError: it cannot be read, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ProjectError(cannot_be_read(path, error)) from None
    except UnicodeDecodeError as error:
        raise ProjectError(not_utf_8(path, error)) from None
