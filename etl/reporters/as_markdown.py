"""Render the validation report in Markdown, for a job summary or a wiki."""

from __future__ import annotations

from collections.abc import Iterator

from etl.escape import escape_markdown
from etl.markdown_table import format_markdown_table
from etl.reporters.check_report import CheckReport
from etl.reporters.validation_report import FindingRow, SeverityGroup, ValidationReport, validation_report

_MARKS = {"open": "✅", "shut": "❌", "unknown": "⚠️"}
_COUNTS = ("passed", "failed", "not_applicable", "not_run")


def render_report(report: CheckReport) -> str:
    """Render the validation report in Markdown."""
    return "\n\n".join(_parts(validation_report(report))) + "\n"


def _parts(report: ValidationReport) -> Iterator[str]:
    words = report.words
    yield f"# {words['title']}"
    yield f"**{_MARKS[report.gate]} {escape_markdown(report.verdict)}**"
    yield f"## {words['validated']}"
    yield "\n".join(f"- {escape_markdown(label)}: {escape_markdown(value)}" for label, value in report.facts)
    if report.not_run:
        yield f"## {words['not_run_title']}"
        header = (words["table"], words["number_of_rules"], words["reason"])
        yield format_markdown_table(header, ([table, str(number), reason] for table, number, reason in report.not_run))
    yield f"## {words['findings']}"
    yield _findings(report) if report.found else words["no_findings"]
    if report.accepted:
        yield f"## {words['accepted']}"
        yield _accepted(report)
    yield f"## {words['rules_title']}"
    yield words["counted"]
    sums = (words["severity"], words["number_of_rules"], *(words[name] for name in _COUNTS))
    yield format_markdown_table(sums, ([group.title, str(len(group.rules)), *_totals(group)] for group in report.groups))
    for group in report.groups:
        yield f"### {group.title}"
        yield _rules(report, group)
    if report.skipped:
        yield f"## {words['skipped_title']}"
        yield escape_markdown(", ".join(report.skipped))


def _findings(report: ValidationReport) -> str:
    header = tuple(report.words[name] for name in ("severity", "place", "rule", "column", "message"))
    table = format_markdown_table(
        header, ([each.severity_name, each.place, each.rule, each.column, _message(each)] for each in report.found)
    )
    more = [f"… {number} {report.words['more']}: {escape_markdown(rule)}" for rule, number in report.omitted.items()]
    return "\n\n".join([table, *more])


def _message(found: FindingRow) -> str:
    return " · ".join((found.message, *found.witnesses))


def _accepted(report: ValidationReport) -> str:
    names = ("rule", "place", "column", "message", "reason", "author", "accepted_on", "expires_on")
    rows = ([getattr(each, name) for name in names] for each in report.accepted)
    return format_markdown_table([report.words[name] for name in names], rows)


def _rules(report: ValidationReport, group: SeverityGroup) -> str:
    header = (
        report.words["rule"],
        report.words["statement"],
        report.words["number_of_tables"],
        *(report.words[n] for n in _COUNTS),
    )
    rows = ([each.rule, each.statement, str(each.tables), *_numbers(each)] for each in group.rules)
    return format_markdown_table(header, rows)


def _totals(group: SeverityGroup) -> list[str]:
    return [str(group.total(name)) for name in _COUNTS]


def _numbers(kept: object) -> list[str]:
    return ["–" if (number := getattr(kept, name)) is None else str(number) for name in _COUNTS]
