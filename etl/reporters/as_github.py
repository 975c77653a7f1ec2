"""Report to GitHub Actions: annotations of lines, and the job summary."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from etl.escape import command_data, command_property
from etl.findings import Finding, with_column
from etl.reporters import as_markdown
from etl.reporters.check_report import CheckReport, format_witness
from schemas.texts import Text

_COMMANDS = {"error": "error", "warning": "warning", "information": "notice"}
# GitHub refuses a job summary that is larger.
_LARGEST_SUMMARY = 1024 * 1024


def render_report(report: CheckReport) -> str:
    """Format an annotation per finding, and per table with rules that did not run."""
    return "".join(f"{command}\n" for command in _commands(report))


def _commands(report: CheckReport) -> Iterator[str]:
    for finding in report.shown:
        place = {
            "file": report.prefix + finding.place.file,
            "line": str(finding.place.line),
            "col": str(finding.place.column),
            "title": f"{finding.severity}[{finding.rule}]",
        }
        yield _command(_COMMANDS[finding.severity], place, *_lines(finding, report))
    for rule, number in report.omitted.items():
        yield _command("notice", {"title": rule}, report.in_language(Text(f"{number} more findings", f"另有 {number} 条")))
    for (address, reason), rules in report.not_run.items():
        table = report.checked.tables.get(address)
        place = {"file": report.prefix + table.raw.files[0]} if table else {}
        title = report.in_language(Text(f"{address}: {len(rules)} not run", f"{address}：{len(rules)} 条规则未执行"))
        yield _command("error", {**place, "title": title}, reason, ", ".join(rules))


def _lines(finding: Finding, report: CheckReport) -> list[str]:
    return [with_column(finding, report.language, report.titles), *map(format_witness, finding.witnesses)]


def _command(name: str, properties: dict[str, str], *lines: str) -> str:
    listed = ",".join(f"{key}={command_property(value)}" for key, value in properties.items())
    return f"::{name} {listed}::{command_data(*lines)}"


def append_summary(report: CheckReport, path: Path) -> None:
    """Append the validation report to the job summary, cut to GitHub's limit."""
    content = as_markdown.render_report(report).encode()
    room = _LARGEST_SUMMARY - (path.stat().st_size if path.exists() else 0)
    if len(content) > room:
        mark = "\n…\n".encode()
        content = content[: max(0, room - len(mark))].rpartition(b"\n")[0] + mark
    with path.open("ab") as summary:
        summary.write(content)
