"""Verify a candidate `raw/` before it is published: what it corrects, and which errors it would make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from etl.documents.citations import CellAddress
from etl.findings import Finding
from etl.gate.check import Checked, check, parsed_tables
from etl.project import Project
from etl.returns.read_form import SheetPlace
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


def new_errors(
    project: Project, candidate: Project, today: date, places: Mapping[CellAddress, SheetPlace]
) -> list[tuple[Finding, list[SheetPlace]]]:
    """List the errors that a candidate has and the project has not, each with the cells of the document that take part."""
    before = {_name(finding) for finding in _errors(_check(project, today))}
    checked = _check(candidate, today)
    return [(each, _places(each, checked, places)) for each in _errors(checked) if _name(each) not in before]


def _check(project: Project, today: date) -> Checked:
    return check(project, project.catalogue.entries(), today, whole=True)


def _errors(checked: Checked) -> list[Finding]:
    return [replace(each, suspects=()) for each in checked.findings if each.severity == "error" and not each.waiver]


def _name(finding: Finding) -> tuple[str, str, str, str, str]:
    return finding.rule, finding.table, finding.row_key, finding.column, finding.message.en if not finding.row_key else ""


def _places(finding: Finding, checked: Checked, places: Mapping[CellAddress, SheetPlace]) -> list[SheetPlace]:
    """Return the cells of the document that a finding concerns: its own first, then those that take part in it."""
    rows = ((table, row, table.raw.place(row)) for table in checked.tables.values() for row in range(table.raw.height))
    keys = {(place.file, place.line): (table.address, table.keys[row]) for table, row, place in rows}
    cells = [(finding.table, finding.row_key, finding.column)]
    for witness in finding.witnesses:
        cells.append((*keys.get((witness.place.file, witness.place.line), ("", "")), witness.address.rpartition(".")[2]))
    return list(dict.fromkeys(places[cell] for cell in cells if cell in places))
