"""Fill in a document: read it, find out what it is, and propose a cell for each of its figures."""

from __future__ import annotations

from pathlib import Path

from etl.documents.document import Document, plain
from etl.documents.ledgers import read_document
from etl.gate.check import parsed_tables
from etl.intake.levels import Levels
from etl.intake.propose import Proposal, propose
from etl.intake.sources import Filing, filing
from etl.project import Project


def proposals_for(
    project: Project, path: Path, like: str = "", source: str = "", area: str = "", period: str = ""
) -> tuple[Filing, list[Proposal]]:
    """Propose a cell for each figure of a document; what is not said of it is found out.

    Raises:
        ProjectError: the document cannot be read, or its area or period cannot be found out.
    """
    document = opened(path)
    filed = filing(project, document, like, source, area, period)
    tables = parsed_tables(project, project.catalogue.entries()).values()
    levels = Levels(tables, filed.scope, filed.source)
    return filed, propose(document, project.catalogue, filed.scope, filed.source, filed.known, levels)


def opened(path: Path) -> Document:
    """Read a document."""
    return plain(read_document(path), str(path))
