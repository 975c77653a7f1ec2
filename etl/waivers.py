"""Accepted findings: `raw/waivers.csv` names each by rule, table, row and column, with the reason and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from etl.findings import Finding, Place, Text, found
from etl.project import Project, records
from schemas import standing

WAIVER_COLUMNS = ("rule", "table", "row_key", "column", "reason", "author", "accepted_on", "expires_on")


@dataclass(frozen=True, slots=True)
class Waiver:
    """An accepted finding; blank `expires_on` means that it does not expire."""

    rule: str
    table: str
    row_key: str
    column: str
    reason: str
    author: str
    accepted_on: str
    expires_on: str
    place: Place

    def accepts(self, finding: Finding) -> bool:
        """Whether this is the finding that was accepted."""
        return (self.rule, self.table, self.row_key, self.column) == (
            finding.rule,
            finding.table,
            finding.row_key,
            finding.column,
        )

    def has_expired(self, today: date) -> bool:
        """Whether its last day has passed."""
        return bool(self.expires_on) and date.fromisoformat(self.expires_on) < today


def waivers(project: Project) -> list[Waiver]:
    """Give the waivers of a project; none where it has no such file."""
    path = project.waivers_file
    if not path.is_file():
        return []
    file = project.relative(path)
    rows = enumerate(records(path, WAIVER_COLUMNS), start=2)
    return [Waiver(**row, place=Place(file, line)) for line, row in rows]


def waive(findings: list[Finding], accepted: list[Waiver], today: date, whole: bool) -> list[Finding]:
    """Give the findings, the accepted ones marked, and a finding for each waiver that has expired or accepts nothing.

    With `whole` false only part of the project was checked, so that a waiver without a finding proves nothing.
    """
    current = [waiver for waiver in accepted if not waiver.has_expired(today)]
    used: set[Waiver] = set()
    marked = []
    for finding in findings:
        waiver = next((waiver for waiver in current if waiver.accepts(finding)), None)
        if waiver:
            used.add(waiver)
        marked.append(finding.waived(waiver.reason) if waiver else finding)
    for waiver in accepted:
        if waiver.has_expired(today):
            en, zh = f"expired on {waiver.expires_on}: {waiver.reason}", f"已于 {waiver.expires_on} 过期：{waiver.reason}"
            marked.append(found(standing.WAIVER_IS_CURRENT, waiver.table, waiver.place, Text(en, zh)))
        elif waiver not in used and whole:
            name = f"{waiver.rule} of {waiver.table} {waiver.row_key} {waiver.column}"
            en, zh = f"accepts nothing: {name}; delete it", f"没有对应的问题：{name}；请删除"
            marked.append(found(standing.WAIVER_IS_NEEDED, waiver.table, waiver.place, Text(en, zh)))
    return marked
