"""The validation report, in the parts that the European Statistical System asks for, in one language.

What was validated and when, the verdict, what was found, what was accepted and why, and how many rows keep each rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from etl.escape import visible
from etl.findings import SEVERITIES, Finding, full_message
from etl.gate.summary import in_all, verdict
from etl.reporters.check_report import TOOL, CheckReport, witnessed
from etl.reporters.rule_results import RuleResult, by_rule, rule_results, statement
from etl.reporters.words import GATES, WORDS
from schemas.models import Severity


@dataclass(frozen=True, slots=True)
class Found:
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
class Kept:
    """How far a rule is kept, over all its tables; a rule of single columns counts cells, a rule of files what breaks it."""

    rule: str
    statement: str
    tables: int
    passed: int | None
    failed: int
    not_applicable: int | None
    not_run: int
    is_broken: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The rules of one severity, and their sums."""

    severity: Severity
    title: str
    rules: tuple[Kept, ...]

    def total(self, name: str) -> int:
        """Give the sum of a number over the rules."""
        return sum(getattr(rule, name) or 0 for rule in self.rules)


@dataclass(frozen=True)
class ValidationReport:
    """What the report says, ready to be set in Markdown or HTML; nothing in it is escaped for either.

    Attributes:
        words: titles and labels.
        language: of the report, as HTML names it.
        gate: `open`, `shut` or `unknown`.
        verdict: the verdict in one line.
        facts: label and value of what was validated, when and how.
        found: findings that nobody accepted, the worst first.
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
    found: tuple[Found, ...]
    omitted: dict[str, int]
    not_run: tuple[tuple[str, int, str], ...]
    accepted: tuple[Found, ...]
    groups: tuple[Group, ...]
    skipped: tuple[str, ...]


def validation_report(report: CheckReport) -> ValidationReport:
    """Give the validation report of a check."""
    words = {name: text.in_language(report.language) for name, text in WORDS.items()}
    return ValidationReport(
        words,
        "zh-CN" if report.language == "zh" else "en",
        GATES[report.exit_code],
        verdict(report.checked, report.exit_code, report.language),
        tuple(_facts(report, words)),
        tuple(_found(each, report, words) for each in sorted(report.shown, key=lambda each: SEVERITIES.index(each.severity))),
        report.omitted,
        tuple((address, len(rules), visible(reason)) for (address, reason), rules in report.not_run.items()),
        tuple(_found(each, report, words) for each in report.accepted),
        tuple(_groups(rule_results(report.checked), report, words)),
        tuple(report.checked.skipped),
    )


def _facts(report: CheckReport, words: dict[str, str]) -> Iterable[tuple[str, str]]:
    counts, scope = in_all(report.checked), report.scope
    yield words["tables"], f"{counts['tables']} ({len(report.checked.skipped)} {words['without_file']})"
    yield words["rows"], f"{counts['rows']} ({counts['rejected']} {words['rejected']})"
    yield words["figures"], str(counts["figures"])
    asked = (
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


def _found(finding: Finding, report: CheckReport, words: dict[str, str]) -> Found:
    waiver = next((each for each in report.waivers if finding.waiver and each.accepts(finding)), None)
    return Found(
        finding.severity,
        words[finding.severity],
        finding.rule,
        finding.table,
        visible(str(finding.place)),
        visible(finding.column),
        visible(full_message(finding, report.language)),
        tuple(visible(witnessed(witness)) for witness in finding.witnesses),
        visible(finding.waiver),
        visible(waiver.author) if waiver else "",
        waiver.accepted_on if waiver else "",
        waiver.expires_on if waiver else "",
    )


def _groups(found: Iterable[RuleResult], report: CheckReport, words: dict[str, str]) -> Iterable[Group]:
    of_severity: dict[Severity, list[RuleResult]] = {severity: [] for severity in SEVERITIES}
    for result in found:
        of_severity[result.rule.severity].append(result)
    for severity, of_group in of_severity.items():
        if of_group:
            yield Group(severity, words[severity], tuple(_kept(each, report) for each in by_rule(of_group).values()))


def _kept(of_rule: Sequence[RuleResult], report: CheckReport) -> Kept:
    return Kept(
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
