"""Find the figures of a document that contradict what an earlier one prints."""

from __future__ import annotations

from etl.documents.citations import CellAddress
from etl.gate.check import parsed_tables
from etl.project import Project
from etl.tables.parse import ParsedTable
from etl.tables.revisions import contradicted
from schemas.models import figures


def corrections(candidate: Project, source: str) -> dict[CellAddress, str]:
    """Find the cells of a document that contradict what an earlier one prints, with what that is."""
    found: dict[CellAddress, str] = {}
    for table in parsed_tables(candidate, candidate.catalogue.entries()).values():
        if table.raw.missing:
            continue
        for row in (row for row, each in enumerate(table.figure_table.sources) if each == source):
            for name in _printed(table, row):
                before = contradicted(table, row, name)
                if before:
                    found[table.address, table.keys[row], name] = f"{before[-1].published} ({before[-1].source})"
    return found


def _printed(table: ParsedTable, row: int) -> list[str]:
    return [
        each.name
        for each in figures(table.raw.entry.model)
        if each.name in table.figures and table.figures[each.name].is_printed[row]
    ]
