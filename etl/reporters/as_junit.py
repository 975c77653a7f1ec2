"""Report a check as JUnit XML: a test suite per table, a test case per rule.

A rule with a finding at or above `--fail-on` fails. One whose findings are milder warnings, or are all accepted, is
skipped with what was found; one that did not run is an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from etl.escape import visible
from etl.findings import Finding, is_at_least, line
from etl.reporters.check_report import TOOL, CheckReport
from etl.reporters.rule_results import RuleResult, rule_results, statement
from schemas.texts import COLON, Text

_PROJECT = Text("project", "项目")
_WAIVED = Text("accepted", "已豁免")
_NOT_RUN = Text("not run", "未执行")
_NO_FILE = Text("has no raw file", "没有原始文件")
_NO_FILES = Text("{} × has no raw file", "{} 张数据表没有原始文件")


def render_report(report: CheckReport) -> str:
    """Render the report as JUnit XML."""
    suites = ElementTree.Element("testsuites", name=TOOL)
    by_table: dict[str, list[ElementTree.Element]] = {}
    for case in rule_results(report.checked):
        by_table.setdefault(case.table, []).append(_test_case(case, report))
    if report.checked.skipped:
        by_table.setdefault("", []).append(_skipped_tables(report))
    for table, tests in by_table.items():
        suite = ElementTree.SubElement(suites, "testsuite", {"name": table or report.in_language(_PROJECT), **_counts(tests)})
        if report.made_at:
            suite.set("timestamp", report.made_at.strftime("%Y-%m-%dT%H:%M:%S"))
        suite.extend(tests)
    for name, value in _counts([test for tests in by_table.values() for test in tests]).items():
        suites.set(name, value)
    ElementTree.indent(suites)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ElementTree.tostring(suites, encoding="unicode")}\n'


def _counts(tests: Sequence[ElementTree.Element]) -> dict[str, str]:
    tags = {"failures": "failure", "errors": "error", "skipped": "skipped"}
    counts = {name: str(sum(test.find(tag) is not None for test in tests)) for name, tag in tags.items()}
    return {"tests": str(len(tests)), **counts}


def _test_case(case: RuleResult, report: CheckReport) -> ElementTree.Element:
    test = ElementTree.Element("testcase", classname=case.table or report.in_language(_PROJECT), name=case.rule.id)
    title = statement(case.rule, report.language)
    shown = [each for each in case.findings if is_at_least(each.severity, report.mildest)]
    failing = [each for each in case.findings if report.fail_on and is_at_least(each.severity, report.fail_on)]
    warnings = [each for each in shown if each.severity != "information"]
    if case.not_run:
        _add(test, "error", [visible(report.in_language(case.not_run))], report, title, kind=report.in_language(_NOT_RUN))
    elif failing:
        _add(test, "failure", _lines(failing, report), report, title, kind=failing[0].severity, number=_number(failing))
    elif warnings:
        _add(test, "skipped", _lines(warnings, report), report, title, number=_number(warnings))
    elif case.accepted:
        reasons = [visible(report.in_language(_WAIVED + COLON + each.waiver)) for each in case.accepted]
        _add(test, "skipped", reasons, report, title)
    elif shown:
        ElementTree.SubElement(test, "system-out").text = "\n".join(_lines(shown, report)[: report.most])
    return test


def _lines(findings: Sequence[Finding], report: CheckReport) -> list[str]:
    return [visible(line(each, report.language, report.titles)) for each in findings]


def _number(findings: Sequence[Finding]) -> int:
    """Count the findings, those included that are counted and not listed."""
    return sum(1 + each.more for each in findings)


def _add(
    test: ElementTree.Element, tag: str, lines: Sequence[str], report: CheckReport, title: str, kind: str = "", number: int = 1
) -> None:
    """Add the result of a test: first line and count, then the lines shown."""
    number = max(number, len(lines))
    more = f" (+{number - 1})" if number > 1 else ""
    result = ElementTree.SubElement(test, tag, message=f"{title}{report.in_language(COLON)}{lines[0]}{more}")
    if kind:
        result.set("type", kind)
    result.text = "\n".join(lines[: report.most])


def _skipped_tables(report: CheckReport) -> ElementTree.Element:
    test = ElementTree.Element("testcase", classname=report.in_language(_PROJECT), name="tables-without-a-raw-file")
    lines = [f"{address} {report.in_language(_NO_FILE)}" for address in report.checked.skipped]
    result = ElementTree.SubElement(test, "skipped", message=report.in_language(_NO_FILES).format(len(lines)))
    result.text = "\n".join(lines)
    return test
