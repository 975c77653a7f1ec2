"""Enter a document: its line in `raw/sources.csv`, its ledger, rows, links, figures left out and phrases, in one step."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from etl.documents.confirmations import LEFT_OUT, LINK_COLUMNS, OPEN, links
from etl.documents.document import Document
from etl.documents.extract import extract, fingerprint, ledger_rows, left_out_rows
from etl.errors import ProjectError
from etl.files import csv_text
from etl.intake.contexts import Context
from etl.intake.decisions import Decision
from etl.intake.phrases import PHRASE_COLUMNS, confirmed_places, phrase_row, phrases_file, phrases_of
from etl.intake.rows import tables_with
from etl.intake.sources import Filing
from etl.project import Project, SourceRecord
from etl.publishing.raw_folder import staged_raw
from etl.registration.corrections import corrections
from etl.registration.documents import Registration

_LONGEST_TITLE = 60


@dataclass(frozen=True)
class Entered:
    """What was entered of a document.

    Attributes:
        files: the files that were written, by their paths in the project.
        linked, left_out, undecided: how many figures have a cell, are left out, and are still open.
        corrected: the figures that contradict what an earlier document prints, and what that is.
    """

    files: tuple[str, ...]
    linked: int
    left_out: int
    undecided: int
    corrected: tuple[tuple[Decision, str], ...]


def enter(
    project: Project,
    document: Document,
    filed: Filing,
    decisions: Sequence[Decision],
    found: Sequence[Context],
    *,
    is_revising: bool = False,
) -> Entered:
    """Write all files of a document, or none.

    Args:
        project: the project.
        document: as read.
        filed: what it is.
        decisions: which figure goes to which cell.
        found: the figures with the words around them.
        is_revising: whether rows that contradict an earlier document are marked as revised.

    Raises:
        ProjectError: a decision does not fit the tables, or the id is that of another document.
        BusyError: another command writes to the project.
        ProjectError: another program changed `raw/` meanwhile.
        WriteError: it cannot be written.
    """
    with staged_raw(project.root) as staged:
        decisions = [*_as_before(project, filed.source, decisions)]
        texts = _texts(project, document, filed, decisions, found)
        staged.write(texts)
        changed = corrections(Project(staged.root, given_catalogue=project.catalogue), filed.source)
        if is_revising and changed:
            texts = _texts(project, document, filed, decisions, found, {(table, row_key) for table, row_key, _ in changed})
            staged.write(texts)
        staged.publish()
    linked = [each for each in decisions if each.cell]
    undecided = sum(each.how == OPEN for each in decisions)
    files = sorted(path.relative_to(project.root).as_posix() for path in texts)
    corrected = [(each, changed[each.cell]) for each in linked if each.cell in changed]
    return Entered(tuple(files), len(linked), len(decisions) - len(linked) - undecided, undecided, tuple(corrected))


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
    project: Project,
    document: Document,
    filed: Filing,
    decisions: Sequence[Decision],
    found: Sequence[Context],
    revised: Collection[tuple[str, str]] = (),
) -> dict[Path, str]:
    """Compose the files by their paths."""
    tables = tables_with(project, decisions, revised)  # which refuses what does not fit
    record = _record(project, document, filed)
    figures = extract(document, project.catalogue.notation)
    cells = {each.position: each.cell for each in decisions if each.cell}
    reasons = {each.position: each.reason for each in decisions if each.how == LEFT_OUT}
    by_hand = [(*each.position, "", each.published, each.reason) for each in decisions if each.position in reasons]
    links = [(*position, *cell) for position, cell in cells.items()]
    phrases = phrases_of(found, cells, reasons, record, project.catalogue.lists.parents)
    registration = Registration(record, ledger_rows(figures), links, [*left_out_rows(figures), *by_hand])
    confirmations = [(*each.position, each.how, each.by) for each in decisions]
    return {
        **registration.files(project),
        project.links(record.id): csv_text([LINK_COLUMNS, *confirmations]),
        phrases_file(project, record.id): csv_text([PHRASE_COLUMNS, *map(phrase_row, phrases)]),
        **tables,
    }


def _record(project: Project, document: Document, filed: Filing) -> SourceRecord:
    """Return the line of a document: that which is there, or a new one.

    Raises:
        ProjectError: the id is that of another document.
    """
    sha256, length = fingerprint(document.text)
    if listed := project.sources.get(filed.source):
        if listed.sha256 and listed.sha256 != sha256:
            raise ProjectError(
                f"{filed.source} is another document in raw/sources.csv. Name this one with --source ID.",
                f"raw/sources.csv 中的 {filed.source} 是另一份文件。请用 --source 标识 另行命名本文件。",
            )
        return replace(listed, sha256=sha256, length=str(length))
    title = next((line.strip("#* \t　") for line in document.text.splitlines() if line.strip()), filed.source)
    like = project.sources.get(filed.like)
    publisher = like.publisher if like and like.area == filed.scope.area else ""
    place = (filed.scope.area, filed.scope.period)
    return SourceRecord(filed.source, title[:_LONGEST_TITLE], publisher, "", "", *place, "bulletin", sha256, str(length))
