"""Read waivers from `raw/waivers.csv`, and mark the findings they accept."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date

from etl.errors import ProjectError
from etl.findings import Finding, Place, Text, make_finding
from etl.project import Project, records
from schemas import builtin_rules

WAIVER_COLUMNS = ("rule", "table", "row_key", "column", "reason", "author", "accepted_on", "expires_on")
UNWAIVABLE = frozenset({builtin_rules.WAIVER_IS_NEEDED.id, builtin_rules.WAIVER_IS_CURRENT.id})


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

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What names the finding that was accepted."""
        return (self.rule, self.table, self.row_key, self.column)

    def accepts(self, finding: Finding) -> bool:
        """Whether this is the finding that was accepted."""
        return self.key == waiver_key(finding)

    def has_expired(self, today: date) -> bool:
        """Whether its last day has passed."""
        return bool(self.expires_on) and date.fromisoformat(self.expires_on) < today


def waiver_key(finding: Finding) -> tuple[str, str, str, str]:
    """Return the key of a finding in the file of waivers."""
    return (finding.rule, finding.table, finding.row_key, finding.column)


def waivers(project: Project) -> list[Waiver]:
    """Read the waivers of a project; none where it has no such file.

    Raises:
        ProjectError: the file cannot be read, a date in it is none, or a reason is missing; names the line.
    """
    path = project.waivers_file
    if not path.is_file():
        return []
    file = project.relative(path)
    rows = zip(records(path, WAIVER_COLUMNS), _first_lines(path.read_text(encoding="utf-8-sig"))[1:], strict=True)
    listed = [Waiver(**row, place=Place(file, line)) for row, line in rows]
    for waiver in listed:
        _refuse_unclear(waiver)
    return listed


def _first_lines(text: str) -> list[int]:
    """Compute the line on which each row starts, skipping blank lines."""
    reader = csv.reader(text.splitlines(keepends=True))
    lines, start = [], 1
    for row in reader:
        if row:
            lines.append(start)
        start = reader.line_num + 1
    return lines


def _refuse_unclear(waiver: Waiver) -> None:
    if not waiver.reason.strip():
        raise ProjectError(f"{waiver.place}: the waiver of {waiver.rule} has no reason. Say why the finding is accepted.")
    if not _is_date(waiver.accepted_on):
        raise ProjectError(f"{waiver.place}: accepted_on {waiver.accepted_on!r} is no date such as 2026-12-31.")
    if waiver.expires_on and not _is_date(waiver.expires_on):
        raise ProjectError(f"{waiver.place}: expires_on {waiver.expires_on!r} is no date such as 2026-12-31; blank: for good.")


def _is_date(text: str) -> bool:
    """Whether a text is a day as YYYY-MM-DD; `date.fromisoformat` accepts more."""
    try:
        return bool(re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def waive(findings: list[Finding], accepted: list[Waiver], today: date, whole: bool) -> list[Finding]:
    """Mark accepted findings; add one for each waiver that is expired or unneeded.

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
            marked.append(make_finding(builtin_rules.WAIVER_IS_CURRENT, waiver.table, waiver.place, Text(en, zh)))
        elif waiver not in used and whole:
            name = f"{waiver.rule} of {waiver.table} {waiver.row_key} {waiver.column}"
            en, zh = f"accepts nothing: {name}; delete it", f"没有对应的问题：{name}；请删除"
            marked.append(make_finding(builtin_rules.WAIVER_IS_NEEDED, waiver.table, waiver.place, Text(en, zh)))
    return marked
