"""Build the validation report in one language.

Its parts are those that the European Statistical System asks for.

What was validated and when, the verdict, what was found, what was accepted and why, and how many rows keep each rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from etl.column_titles import called
from etl.escape import visible
from etl.findings import SEVERITIES, Finding, full_message
from etl.reporters.check_report import TOOL, CheckReport, format_witness
from etl.reporters.rule_results import RuleResult, group_by_rule, rule_results, statement
from etl.reporters.words import GATES, WORDS
from schemas.models import Severity
from schemas.texts import COLON, Text, listed_names


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding as a reader sees it."""

    severity: Severity
    severity_name: str
    rule: str
    table: str
    place: str
    column: str
    message: str
    witnesses: tuple[str, ...]
    reason: str = ""
    author: str = ""
    accepted_on: str = ""
    expires_on: str = ""


@dataclass(frozen=True, slots=True)
class RuleCounts:
    """The counts of a rule over all its tables.

    A rule of single columns counts cells; a rule of files counts only failures.
    """

    rule: str
    statement: str
    tables: int
    passed: int | None
    failed: int
    not_applicable: int | None
    not_run: int
    is_broken: bool


@dataclass(frozen=True, slots=True)
class SeverityGroup:
    """The rules of one severity, and their sums."""

    severity: Severity
    title: str
    rules: tuple[RuleCounts, ...]

    def total(self, name: str) -> int:
        """Sum a number over the rules."""
        return sum(getattr(rule, name) or 0 for rule in self.rules)


@dataclass(frozen=True)
class ValidationReport:
    """The contents of the report, not yet escaped for Markdown or HTML.

    Attributes:
        words: titles and labels.
        language: of the report, as HTML names it.
        gate: `open`, `shut` or `unknown`.
        verdict: the verdict in one line.
        facts: labels and values on the scope, time and settings.
        found: findings not accepted, the worst first.
        omitted: how many more there are, by rule.
        not_run: table, number of rules, and reason.
        accepted: accepted findings, with the reasons.
        groups: the rules by severity.
        skipped: tables without a raw file.
    """

    words: dict[str, str]
    language: str
    gate: str
    verdict: str
    facts: tuple[tuple[str, str], ...]
    found: tuple[FindingRow, ...]
    omitted: dict[str, int]
    not_run: tuple[tuple[str, int, str], ...]
    accepted: tuple[FindingRow, ...]
    groups: tuple[SeverityGroup, ...]
    skipped: tuple[str, ...]

    @property
    def colon(self) -> str:
        """What stands between a label and its value."""
        return COLON.in_language("en" if self.language == "en" else "zh")

    def listed(self, names: Iterable[str]) -> str:
        """Join names."""
        return listed_names(names).in_language("en" if self.language == "en" else "zh")

    def noted(self, text: object, note: object) -> str:
        """Add a note in parentheses."""
        return f"{text} ({note})" if self.language == "en" else f"{text}（{note}）"


def validation_report(report: CheckReport) -> ValidationReport:
    """Build the validation report of a check."""
    words = {name: text.in_language(report.language) for name, text in WORDS.items()}
    return ValidationReport(
        words,
        "zh-CN" if report.language == "zh" else "en",
        GATES[report.exit_code],
        report.verdict(report.language),
        tuple(_facts(report, words)),
        tuple(_found(each, report, words) for each in sorted(report.shown, key=lambda each: SEVERITIES.index(each.severity))),
        report.omitted,
        tuple((address, len(rules), visible(reason)) for (address, reason), rules in report.not_run.items()),
        tuple(_found(each, report, words) for each in report.accepted),
        tuple(_groups(rule_results(report.checked), report, words)),
        tuple(report.checked.skipped),
    )


_TABLES = Text("{} ({} without a raw file)", "{}（其中 {} 张没有原始文件）")
_ROWS = Text("{} ({} rejected)", "{}（拒收 {}）")


def _facts(report: CheckReport, words: dict[str, str]) -> Iterable[tuple[str, str]]:
    counts, scope = report.counts, report.scope
    without, rejected = len(report.checked.skipped), counts["rejected"]
    yield words["tables"], report.in_language(_TABLES).format(counts["tables"], without)
    yield words["rows"], report.in_language(_ROWS).format(counts["rows"], rejected)
    yield words["figures"], str(counts["figures"])
    asked = (
        (words["named"], ", ".join(scope.names)),
        (words["domain"], scope.domain),
        ("--select", ", ".join(scope.select)),
        ("--ignore", ", ".join(scope.ignore)),
        (words["changed_since"], scope.changed_since),
    )
    yield from ((label, visible(value)) for label, value in asked if value)
    yield words["fail_on"], words[report.fail_on or "never"]
    if report.made_at:
        yield words["made_at"], report.made_at.strftime("%Y-%m-%d %H:%M UTC")
    if report.version:
        yield words["version"], f"{TOOL} {report.version}"


def _found(finding: Finding, report: CheckReport, words: dict[str, str]) -> FindingRow:
    waiver = next((each for each in report.waivers if finding.waiver and each.accepts(finding)), None)
    return FindingRow(
        finding.severity,
        words[finding.severity],
        finding.rule,
        finding.table,
        visible(str(finding.place)),
        visible(_column(finding, report)),
        visible(full_message(finding, report.language, report.titles)),
        tuple(visible(format_witness(witness)) for witness in finding.witnesses),
        visible(finding.waiver),
        visible(waiver.author) if waiver else "",
        waiver.accepted_on if waiver else "",
        waiver.expires_on if waiver else "",
    )


def _column(finding: Finding, report: CheckReport) -> str:
    is_titled = finding.column and report.language == "zh"
    return called(report.titles(finding.table, finding.column), finding.column) if is_titled else finding.column


def _groups(found: Iterable[RuleResult], report: CheckReport, words: dict[str, str]) -> Iterable[SeverityGroup]:
    of_severity: dict[Severity, list[RuleResult]] = {severity: [] for severity in SEVERITIES}
    for result in found:
        of_severity[result.rule.severity].append(result)
    for severity, of_group in of_severity.items():
        if of_group:
            yield SeverityGroup(
                severity, words[severity], tuple(_rule_counts(each, report) for each in group_by_rule(of_group).values())
            )


def _rule_counts(of_rule: Sequence[RuleResult], report: CheckReport) -> RuleCounts:
    return RuleCounts(
        of_rule[0].rule.id,
        visible(statement(of_rule[0].rule, report.language)),
        len(of_rule),
        _sum(result.passed for result in of_rule),
        sum(result.failed for result in of_rule),
        _sum(result.not_applicable for result in of_rule),
        sum(bool(result.not_run) for result in of_rule),
        any(result.findings or result.not_run for result in of_rule),
    )


def _sum(numbers: Iterable[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None
