"""Fill in a document: read it, find out what it is, propose a cell for each of its figures, and enter what is decided."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from etl.documents.document import Document
from etl.documents.read import read_document
from etl.gate.check import parsed_tables
from etl.intake.apply import Entered, enter
from etl.intake.decisions import read_decisions
from etl.intake.levels import Levels
from etl.intake.propose import Proposal, propose
from etl.intake.second_reading import refuse_disagreement
from etl.intake.sources import Filing, filing
from etl.project import Project


@dataclass(frozen=True)
class Filled:
    """A document with what is proposed for it."""

    document: Document
    filing: Filing
    levels: Levels
    proposals: list[Proposal]


def fill(project: Project, path: str | Path, like: str = "", source: str = "", area: str = "", period: str = "") -> Filled:
    """Propose a cell for each figure of a document; what is not said of it is found out.

    Raises:
        ProjectError: the document cannot be read, or its area or period cannot be found out.
    """
    document = read_document(path)
    filed = filing(project, document, like, source, area, period)
    tables = parsed_tables(project, project.catalogue.entries()).values()
    levels = Levels(tables, filed.scope, filed.source)
    return Filled(document, filed, levels, propose(document, project.catalogue, filed.scope, filed.source, filed.known, levels))


def apply(project: Project, filled: Filled, table: Path, by: str = "", *, is_revising: bool = False) -> Entered:
    """Enter a document as a table of proposals decides, all or nothing; `by` confirms what is decided.

    Where it is revising, rows that contradict an earlier document are marked as revised.

    Raises:
        ProjectError: the table is of another document, or a decision does not fit the tables of the project.
    """
    decisions = read_decisions(table, filled.proposals, by)
    found = [each.context for each in filled.proposals]
    refuse_disagreement(project.catalogue, filled.document, found, decisions)
    return enter(project, filled.document, filled.filing, decisions, found, is_revising=is_revising)
