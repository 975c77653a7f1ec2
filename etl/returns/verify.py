"""Verify a candidate `raw/` before it is published: which errors it would make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from etl.documents.citations import CellAddress
from etl.findings import Finding
from etl.gate.check import Checked, check
from etl.project import Project
from etl.returns.read_form import SheetPlace


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
