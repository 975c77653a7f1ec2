"""Report a check in a terminal: findings, counts by domain, verdict."""

from __future__ import annotations

from collections.abc import Iterator

from etl.escape import visible
from etl.findings import line
from etl.reporters.check_report import CheckReport
from schemas.texts import Text


def render_report(report: CheckReport) -> str:
    """Render the report as text."""
    return "".join(f"{each}\n" for each in (*finding_lines(report), *report.summary()))


def finding_lines(report: CheckReport) -> Iterator[str]:
    """Yield the lines of findings, of omitted findings, and of rules not run."""
    for finding in report.shown:
        yield visible(line(finding, report.language, report.titles))
    for rule, number in report.omitted.items():
        yield report.in_language(Text(f"… and {number} more of {rule}", f"……另有 {number} 个 {rule} 问题"))
    for (address, reason), rules in report.not_run.items():
        not_run = Text(f"{len(rules)} not run: {reason}", f"{len(rules)} 条规则未执行：{reason}")
        yield visible(f"{address}: {report.in_language(not_run)}")
