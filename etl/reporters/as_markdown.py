"""Render the validation report in Markdown, for a job summary or a wiki."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from etl.escape import escape_markdown
from etl.markdown_table import format_markdown_table
from etl.reporters.check_report import CheckReport
from etl.reporters.validation_report import FindingRow, RuleCounts, ValidationReport, validation_report

_MARKS = {"open": "✅", "shut": "❌", "unknown": "⚠"}
_COUNTS = ("passed", "failed", "not_applicable", "not_run")


def render_report(report: CheckReport) -> str:
    """Render the validation report in Markdown."""
    return "\n\n".join(_parts(validation_report(report))) + "\n"


def _parts(report: ValidationReport) -> Iterator[str]:
    words = report.words
    yield f"# {words['title']}"
    yield f"**{_MARKS[report.gate]} {escape_markdown(report.verdict)}**"
    yield f"## {words['validated']}"
    yield "\n".join(f"- {escape_markdown(label)}{report.colon}{escape_markdown(value)}" for label, value in report.facts)
    if report.not_run:
        yield f"## {words['not_run_title']}"
        not_run = ([table, str(number), reason] for table, number, reason in report.not_run)
        yield _table(report, ("table", "number_of_rules", "reason"), not_run)
    yield f"## {words['findings']}"
    if report.found:
        found = ([each.severity_name, each.place, each.rule, each.column, _message(each)] for each in report.found)
        yield _table(report, ("severity", "place", "rule", "column", "message"), found)
        yield from (f"… {number} {words['more']}{report.colon}{escape_markdown(rule)}" for rule, number in report.omitted.items())
    else:
        yield words["no_findings"]
    if report.accepted:
        yield f"## {words['accepted']}"
        names = ("rule", "place", "column", "message", "reason", "author", "accepted_on", "expires_on")
        yield _table(report, names, ([getattr(each, name) for name in names] for each in report.accepted))
    yield f"## {words['rules_title']}"
    yield words["counted"]
    sums = ([group.title, str(len(group.rules)), *(str(group.total(name)) for name in _COUNTS)] for group in report.groups)
    yield _table(report, ("severity", "number_of_rules", *_COUNTS), sums)
    for group in report.groups:
        yield f"### {group.title}"
        counts = ([each.rule, each.statement, str(each.tables), *_counts(each)] for each in group.rules)
        yield _table(report, ("rule", "statement", "number_of_tables", *_COUNTS), counts)
    if report.skipped:
        yield f"## {words['skipped_title']}"
        yield escape_markdown(report.listed(report.skipped))


def _table(report: ValidationReport, names: Iterable[str], rows: Iterable[Sequence[str]]) -> str:
    return format_markdown_table([report.words[name] for name in names], rows)


def _message(found: FindingRow) -> str:
    return " · ".join((found.message, *found.witnesses))


def _counts(rule: RuleCounts) -> Iterator[str]:
    for name in _COUNTS:
        number = getattr(rule, name)
        yield "–" if number is None else str(number)
