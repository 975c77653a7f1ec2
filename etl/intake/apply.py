"""Enter a document: its line in `raw/sources.csv`, its ledger, rows, links, figures left out and phrases, in one step."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from etl.documents.confirmations import LEFT_OUT, LINK_COLUMNS, OPEN, links
from etl.documents.document import Document
from etl.documents.extract import extract, fingerprint, write_ledger, write_left_out
from etl.documents.reconcile_text import TAKEN_COLUMNS
from etl.errors import ProjectError
from etl.files import csv_text
from etl.intake.contexts import Context
from etl.intake.decisions import Decision
from etl.intake.phrases import PHRASE_COLUMNS, confirmed_places, phrase_row, phrases_of
from etl.intake.rows import tables_with
from etl.intake.sources import Filing
from etl.project import SOURCE_COLUMNS, Project, SourceRecord, records
from etl.publishing.raw_folder import staged_raw

_LONGEST_TITLE = 60


@dataclass(frozen=True)
class Entered:
    """What was entered of a document: the files, and how many figures have a cell, are left out, and are still open."""

    files: tuple[str, ...]
    linked: int
    left_out: int
    undecided: int


def enter(
    project: Project, document: Document, filed: Filing, decisions: Sequence[Decision], found: Sequence[Context]
) -> Entered:
    """Write all files of a document, or none.

    Raises:
        ProjectError: a decision does not fit the tables, or the id is that of another document.
        BusyError: another command writes to the project.
        ProjectError: another program changed `raw/` meanwhile.
        WriteError: it cannot be written.
    """
    with staged_raw(project.root) as staged:
        decisions = [*_as_before(project, filed.source, decisions)]
        texts = _texts(project, document, filed, decisions, found)
        staged.write({project.root / "raw" / name: text for name, text in texts.items()})
        staged.publish()
    linked = [each for each in decisions if each.cell]
    undecided = sum(each.how == OPEN for each in decisions)
    return Entered(tuple(sorted(texts)), len(linked), len(decisions) - len(linked) - undecided, undecided)


def _as_before(project: Project, source: str, decisions: Sequence[Decision]) -> Iterator[Decision]:
    """Yield the decisions; one that was entered before, and is the same, stays as it was made and confirmed."""
    rows = links(project, source).records() if os.path.lexists(project.links(source)) else []
    before = {(row["section"], row["ordinal"]): row for row in rows}
    cells, reasons = confirmed_places(project, source)
    for each in decisions:
        link = before.get(each.position)
        is_same = cells.get(each.position) == each.cell and reasons.get(each.position, "") == each.reason
        if link and is_same and link["how"] != OPEN and each.how != OPEN:
            yield replace(each, how=link["how"], by=link["by"] or each.by)
        else:
            yield each


def _texts(
    project: Project, document: Document, filed: Filing, decisions: Sequence[Decision], found: Sequence[Context]
) -> dict[str, str]:
    """Compose the files by their paths in `raw/`."""
    tables = tables_with(project, decisions)  # which refuses what does not fit
    record = _record(project, document, filed)
    ledger, left_out = _ledgers(project, document)
    cells = {each.position: each.cell for each in decisions if each.cell}
    reasons = {each.position: each.reason for each in decisions if each.how == LEFT_OUT}
    by_hand = [(*each.position, "", each.published, each.reason) for each in decisions if each.position in reasons]
    phrases = phrases_of(found, cells, reasons, record, project.catalogue.lists.parents)
    name = f"sources/{filed.source}"
    return {
        "sources.csv": _sources(project, record),
        f"{name}.csv": ledger,
        f"{name}.left_out.csv": left_out + csv_text(by_hand),
        f"{name}.taken.csv": csv_text([TAKEN_COLUMNS, *((*position, *cell) for position, cell in cells.items())]),
        f"{name}.links.csv": csv_text([LINK_COLUMNS, *((*each.position, each.how, each.by) for each in decisions)]),
        f"{name}.phrases.csv": csv_text([PHRASE_COLUMNS, *map(phrase_row, phrases)]),
        **tables,
    }


def _ledgers(project: Project, document: Document) -> tuple[str, str]:
    """Return the ledger of a document, and the numbers of it that are no figures, as the texts of their files."""
    found = extract(document, project.catalogue.notation)
    with tempfile.TemporaryDirectory() as folder:
        ledger, left_out = Path(folder, "ledger.csv"), Path(folder, "left_out.csv")
        write_ledger(found, ledger)
        write_left_out(found, left_out)
        return ledger.read_text(encoding="utf-8"), left_out.read_text(encoding="utf-8")


def _record(project: Project, document: Document, filed: Filing) -> SourceRecord:
    """Return the line of a document: that which is there, or a new one.

    Raises:
        ProjectError: the id is that of another document.
    """
    sha256, length = fingerprint(document.text)
    if listed := project.sources.get(filed.source):
        if listed.sha256 and listed.sha256 != sha256:
            raise ProjectError(f"{filed.source} is another document in raw/sources.csv. Name this one with --source ID.")
        return replace(listed, sha256=sha256, length=str(length))
    title = next((line.strip("#* \t　") for line in document.text.splitlines() if line.strip()), filed.source)
    like = project.sources.get(filed.like)
    publisher = like.publisher if like and like.area == filed.scope.area else ""
    place = (filed.scope.area, filed.scope.period)
    return SourceRecord(filed.source, title[:_LONGEST_TITLE], publisher, "", "", *place, "bulletin", sha256, str(length))


_FIELDS = ("id", *SOURCE_COLUMNS[1:])


def _sources(project: Project, record: SourceRecord) -> str:
    """Return the list of documents with this one, where it stands or at the end."""
    row = [getattr(record, each) for each in _FIELDS]
    rows = [[*each.values()] for each in records(project.root / "raw" / "sources.csv", SOURCE_COLUMNS)]
    kept = [row if each[0] == record.id else each for each in rows]
    return csv_text([SOURCE_COLUMNS, *kept, *([] if row in kept else [row])])
