"""Findings: what a broken rule says, where, of which cells, and how bad it is."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from etl.column_titles import ColumnTitles, called, untitled
from etl.escape import MOST_CHARACTERS, shortened
from schemas.texts import Language, Text

if TYPE_CHECKING:
    from schemas.models import Rule, Severity

WaivedKeys = Mapping[tuple[str, str], Collection[str]]
"""By rule and column, the keys of rows that may break the rule."""

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "information")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in a file of the project: line and column, counted from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Witness:
    """A cell that takes part in a finding: address, place, text and interval."""

    address: str
    place: Place
    published: str
    low: float | None
    high: float | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "published", shortened(self.published))


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A cell that is probably the wrong one.

    Attributes:
        address: of its column.
        place: where it stands.
        published: what it prints.
        kind: name of the slip that would explain it; empty where none does.
        slip: the slip in words.
        text: what it would print but for the slip; empty where only the range of values is known.
        low: least value that would be consistent; None where that is open or `text` is given.
        high: greatest such value.
        repairs: number of broken rules that would hold.
    """

    address: str
    place: Place
    published: str
    kind: str
    slip: Text
    text: str
    low: float | None
    high: float | None
    repairs: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "published", shortened(self.published))


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
        suspects: of those, the cells that are probably wrong, the most probable first.
        waiver: the reason for which the finding is accepted; empty where it is not.
        more: how many further breaches of the rule it stands for, which are counted and not listed.

    A message, and what witnesses and suspects print, are shortened: a cell may have megabytes.
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
    suspects: tuple[Suspicion, ...] = ()
    waiver: str = ""
    more: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", _shortened(self.message))

    def waived(self, reason: str) -> Finding:
        """Return the finding as accepted, with the reason."""
        return replace(self, waiver=reason)

    def suspecting(self, suspects: tuple[Suspicion, ...]) -> Finding:
        """Return the finding with its suspect cells."""
        return replace(self, suspects=suspects)


def make_finding(
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
    """Build a finding of a rule, in the rule's severity unless another is given."""
    return Finding(rule.id, severity or rule.severity, table, place, message, row, row_key, column, witnesses)


def in_order(findings: list[Finding]) -> list[Finding]:
    """Sort findings by file, line, column and rule."""
    return sorted(findings, key=_order)


def _order(finding: Finding) -> tuple[str, int, int, str]:
    place = finding.place
    return place.file, place.line, place.column, finding.rule


def is_at_least(severity: Severity, threshold: Severity) -> bool:
    """Whether a severity is as bad as the threshold or worse."""
    return SEVERITIES.index(severity) <= SEVERITIES.index(threshold)


def line(finding: Finding, language: Language, titles: ColumnTitles = untitled) -> str:
    """Format the finding as one line: `file:line:column: severity[rule] column: message`.

    Args:
        finding: the finding.
        language: of the line.
        titles: of the columns, by which Chinese messages name them.
    """
    waived = {"en": " (waived)", "zh": "（已豁免）"}[language] if finding.waiver else ""
    return f"{finding.place}: {finding.severity}[{finding.rule}]{waived} {with_column(finding, language, titles)}"


def with_column(finding: Finding, language: Language, titles: ColumnTitles = untitled) -> str:
    """Return the full message of a finding, its column first."""
    message = full_message(finding, language, titles)
    if not finding.column:
        return message
    if language == "zh":
        return f"{called(titles(finding.table, finding.column), finding.column)}：{message}"
    return f"{finding.column}: {message}"


def full_message(finding: Finding, language: Language, titles: ColumnTitles = untitled) -> str:
    """Return the message of a finding, with the most likely slip, if there is one."""
    message = finding.message.in_language(language)
    if not finding.suspects or not finding.suspects[0].text:
        return message
    stop = {"en": ". ", "zh": "。"}[language]
    return f"{message.rstrip('.。')}{stop}{suspicion(finding.suspects[0], language, titles)}"


def suspicion(suspect: Suspicion, language: Language, titles: ColumnTitles = untitled) -> str:
    """Describe a suspect: the text it probably should print, and the error."""
    (address, _, column), slip = suspect.address.rpartition("."), suspect.slip.in_language(language)
    if language == "zh":
        title = titles(address, column)
        named = called(title, column) if title else f" {column} "
        return f"疑似笔误：{suspect.place} 的{named}应为 {suspect.text}，而非 {suspect.published}（{slip}）。"
    return f"Likely a slip: {column} at {suspect.place} is {suspect.text}, not {suspect.published} ({slip})."


def _shortened(message: Text) -> Text:
    """Return a message, shortened where it quotes a long cell."""
    is_short = len(message.en) <= MOST_CHARACTERS and len(message.zh) <= MOST_CHARACTERS
    return message if is_short else Text(shortened(message.en), shortened(message.zh))
