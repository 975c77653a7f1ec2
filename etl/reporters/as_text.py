"""Report a check in a terminal: findings, counts by domain, verdict."""

from __future__ import annotations

from collections.abc import Iterator

from etl.escape import visible
from etl.findings import line
from etl.reporters.check_report import CheckReport
from schemas.texts import Text

NOT_RUN = Text("not run", "未执行")


def render_report(report: CheckReport) -> str:
    """Render the report as text."""
    return "".join(f"{each}\n" for each in (*finding_lines(report), *report.summary()))


def finding_lines(report: CheckReport) -> Iterator[str]:
    """Yield the lines of findings, of omitted findings, and of rules not run."""
    for finding in report.shown:
        yield visible(line(finding, report.language, report.titles))
    for rule, number in report.omitted.items():
        yield report.in_language(Text(f"… and {number} more of {rule}", f"…… 另有 {number} 条 {rule}"))
    for (address, reason), rules in report.not_run.items():
        yield visible(f"{address}: {len(rules)} {report.in_language(NOT_RUN)}: {reason}")
