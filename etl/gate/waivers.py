"""Read waivers from `raw/waivers.csv`, and mark the findings they accept."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from etl.files import listed, too_many
from etl.findings import Finding, Place, WaivedKeys, make_finding
from etl.project import Project
from schemas import builtin_rules
from schemas.hand_edited import Fault, HandEditedList, is_day
from schemas.texts import Text

WAIVER_COLUMNS = ("rule", "table", "row_key", "column", "reason", "author", "accepted_on", "expires_on")
UNWAIVABLE = frozenset({builtin_rules.WAIVER_IS_NEEDED.id, builtin_rules.WAIVER_IS_CURRENT.id})
_DAY = Text("is no date such as 2026-12-31", "应为日期，如 2026-12-31")


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
    if not os.path.lexists(path):
        return []
    accepted = listed(
        path,
        WAIVER_COLUMNS,
        project.root,
        (
            too_many,
            lambda each: each.blank("rule"),
            _without_reason,
            lambda each: each.wrong("accepted_on", is_day, _DAY, may_be_blank=False),
            lambda each: each.wrong("expires_on", is_day, _DAY + Text("; blank: for good", "；长期有效则留空")),
        ),
    )
    places = [Place(project.relative(path), line) for line in accepted.lines]
    return [Waiver(**row, place=place) for row, place in zip(accepted.records(), places, strict=True)]


def waived_rows(accepted: Iterable[Waiver], address: str) -> WaivedKeys:
    """Return the rows of a table whose findings are accepted, by rule and column."""
    rows: dict[tuple[str, str], set[str]] = {}
    for each in accepted:
        if each.table == address:
            rows.setdefault((each.rule, each.column), set()).add(each.row_key)
    return rows


def _without_reason(accepted: HandEditedList) -> Iterator[Fault]:
    for number, row in enumerate(accepted.records()):
        if not row["reason"].strip():
            en = f"the waiver of {row['rule']} has no reason. Say why the finding is accepted."
            yield number, "reason", Text(en, f"对 {row['rule']} 的豁免没有理由。请写明为何豁免该问题。")


def waive(findings: list[Finding], accepted: list[Waiver], today: date, whole: bool) -> list[Finding]:
    """Mark accepted findings; add one for each waiver that is expired or unneeded.

    With `whole` false only part of the project was checked, so that a waiver without a finding proves nothing.
    """
    current: dict[tuple[str, str, str, str], Waiver] = {}
    for waiver in accepted:
        if not waiver.has_expired(today):
            current.setdefault(waiver.key, waiver)
    used: set[Waiver] = set()
    marked = []
    for finding in findings:
        accepting = current.get(waiver_key(finding)) if current else None
        if accepting:
            used.add(accepting)
        marked.append(finding.waived(accepting.reason) if accepting else finding)
    for waiver in accepted:
        if waiver.has_expired(today):
            en, zh = f"expired on {waiver.expires_on}: {waiver.reason}", f"已于 {waiver.expires_on} 过期：{waiver.reason}"
            marked.append(make_finding(builtin_rules.WAIVER_IS_CURRENT, waiver.table, waiver.place, Text(en, zh)))
        elif waiver not in used and whole:
            of = f"{waiver.table} {waiver.row_key} {waiver.column}"
            en = f"accepts nothing: {waiver.rule} of {of}; delete it"
            zh = f"没有对应的问题：{of} 的 {waiver.rule}；请删除"
            marked.append(make_finding(builtin_rules.WAIVER_IS_NEEDED, waiver.table, waiver.place, Text(en, zh)))
    return marked
