"""Findings: what a broken rule says, where, of which cells, and how bad it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from schemas.vocabulary import Rule, Severity

Language = Literal["en", "zh"]
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "information")


@dataclass(frozen=True, slots=True)
class Text:
    """A message in both languages."""

    en: str
    zh: str

    def in_language(self, language: Language) -> str:
        """Give the message in a language."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands: a file relative to the project, and line and column counted from 1 as an editor does."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Witness:
    """A cell that takes part in a finding: its address, its place, and what it prints as an interval."""

    address: str
    place: Place
    published: str
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule at one place.

    Attributes:
        rule: id of the rule.
        severity: of this finding, which may be milder than the rule's own.
        table: address of the table; empty for a file that is not a table.
        row: number of the row in the table's frame; None where no single row is concerned.
        row_key: the row's key, by which waivers know it.
        column: the column of the cell; empty where the row or file is meant.
        place: where to look first.
        message: what is wrong and what would be consistent.
        witnesses: the cells that take part.
        waiver: the reason for which the finding is accepted; empty where it is not.
    """

    rule: str
    severity: Severity
    table: str
    place: Place
    message: Text
    row: int | None = None
    row_key: str = ""
    column: str = ""
    witnesses: tuple[Witness, ...] = ()
    waiver: str = ""

    def waived(self, reason: str) -> Finding:
        """Give the finding as accepted for a reason."""
        return replace(self, waiver=reason)


def found(
    rule: Rule,
    table: str,
    place: Place,
    message: Text,
    *,
    severity: Severity | None = None,
    row: int | None = None,
    row_key: str = "",
    column: str = "",
    witnesses: tuple[Witness, ...] = (),
) -> Finding:
    """Give a finding of a rule, in the rule's own severity unless another is given."""
    return Finding(rule.id, severity or rule.severity, table, place, message, row, row_key, column, witnesses)


def in_order(findings: list[Finding]) -> list[Finding]:
    """Give findings by file, line, column, and rule."""
    return sorted(findings, key=lambda finding: (finding.place, finding.rule))


def is_at_least(severity: Severity, threshold: Severity) -> bool:
    """Whether a severity is as bad as the threshold or worse."""
    return SEVERITIES.index(severity) <= SEVERITIES.index(threshold)


def line(finding: Finding, language: Language) -> str:
    """Give the one line that an editor or a person reads: `file:line:column: severity[rule] message`."""
    waived = {"en": " (waived)", "zh": "（已豁免）"}[language] if finding.waiver else ""
    where = f"{finding.column}: " if finding.column else ""
    return f"{finding.place}: {finding.severity}[{finding.rule}]{waived} {where}{finding.message.in_language(language)}"
