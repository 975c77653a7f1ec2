"""Report a check as SARIF 2.1.0, for code scanning.

Paths are relative to the root of the repository. A fingerprint names rule, table, row and column, so that a finding stays the
same one when lines move.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from etl.escape import escape_json, visible
from etl.findings import Finding, Place, is_at_least, with_column
from etl.gate.summary import VERDICTS
from etl.reporters.check_report import TOOL, CheckReport, format_witness
from etl.reporters.rule_help import help_markdown, help_text
from etl.reporters.rule_results import RuleResult, group_by_rule, rule_results, statement
from schemas.models import Severity
from schemas.texts import Text

_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "information": "note"}
_ROOT = "SRCROOT"
_ROOT_MEANS = Text("The root of the repository that holds the project.", "项目所在仓库的根目录。")

Node = dict[str, Any]


def render_report(report: CheckReport) -> str:
    """Render the report as SARIF."""
    log = {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [_run(report)],
    }
    return escape_json(json.dumps(log, ensure_ascii=False, indent=2, allow_nan=False)) + "\n"


def _run(report: CheckReport) -> Node:
    grouped = group_by_rule(rule_results(report.checked))
    index = {rule: number for number, rule in enumerate(grouped)}
    listed = sorted((*report.shown, *report.accepted), key=lambda finding: (finding.place, finding.rule))
    driver: Node = {"name": TOOL, "rules": [_descriptor(of_rule, report) for of_rule in grouped.values()]}
    if report.version:
        driver["version"] = report.version
    return {
        "tool": {"driver": driver},
        "language": "zh-CN" if report.language == "zh" else "en-US",
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": report.in_language(_ROOT_MEANS)}}},
        "invocations": [_invocation(report, index)],
        "results": [_result(finding, index[finding.rule], report) for finding in listed],
    }


def _descriptor(of_rule: list[RuleResult], report: CheckReport) -> Node:
    rule = of_rule[0].rule
    severity = next(each for each in _LEVELS if any(is_at_least(result.rule.severity, each) for result in of_rule))
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.id.split("-")),
        "shortDescription": {"text": visible(statement(rule, report.language))},
        "fullDescription": {"text": visible(rule.zh if report.language == "zh" else rule.reason)},
        "help": {"text": help_text(of_rule, report.language), "markdown": help_markdown(of_rule, report.language)},
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {
            "problem.severity": "recommendation" if severity == "information" else severity,
            "tags": ["statistics", *_domains(of_rule)],
        },
    }


def _domains(of_rule: list[RuleResult]) -> list[str]:
    """List the domains that declare a rule; none for a rule of every table.

    GitHub accepts few tags.
    """
    declared = () if of_rule[0].rule.constraint is None else (result.table.partition(".")[0] for result in of_rule)
    return sorted(set(declared))


def _invocation(report: CheckReport, index: dict[str, int]) -> Node:
    """Describe the run: rules that did not run, and findings beyond those shown."""
    invocation: Node = {
        "executionSuccessful": report.exit_code != 2,
        "exitCode": report.exit_code,
        "exitCodeDescription": report.in_language(VERDICTS[report.exit_code]),
        "toolExecutionNotifications": [
            *(_notification("error", f"{table}: {reason}", rule, index) for table, reason, rule in _each_not_run(report)),
            *(_notification("note", _more(number, report), rule, index) for rule, number in report.omitted.items()),
        ],
    }
    if report.made_at:
        invocation["endTimeUtc"] = report.made_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return invocation


def _each_not_run(report: CheckReport) -> list[tuple[str, str, str]]:
    return [(address, reason, rule) for (address, reason), rules in report.not_run.items() for rule in rules]


def _more(number: int, report: CheckReport) -> str:
    text = Text(f"{number} more findings are not listed; --max-rows lists more", f"另有 {number} 条未列出；可用 --max-rows 增加")
    return report.in_language(text)


def _notification(level: str, text: str, rule: str, index: dict[str, int]) -> Node:
    return {"level": level, "message": {"text": visible(text)}, "associatedRule": {"id": rule, "index": index[rule]}}


def _result(finding: Finding, rule_index: int, report: CheckReport) -> Node:
    fingerprint = report.fingerprints[id(finding)]
    result: Node = {
        "ruleId": finding.rule,
        "ruleIndex": rule_index,
        "kind": "fail",
        "level": _LEVELS[finding.severity],
        "message": {"text": visible(with_column(finding, report.language, report.titles))},
        "locations": [{"physicalLocation": _physical(finding.place, report)}],
        # GitHub knows a finding again by the first of these; by default it would be a hash of the lines around it.
        "partialFingerprints": {"primaryLocationLineHash": f"{fingerprint}:1", "ruleTableRowColumn/v1": fingerprint},
        "suppressions": [],
    }
    if finding.witnesses:
        result["relatedLocations"] = [
            {
                "id": number,
                "message": {"text": visible(format_witness(witness))},
                "physicalLocation": _physical(witness.place, report),
            }
            for number, witness in enumerate(finding.witnesses, start=1)
        ]
    if finding.waiver:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": visible(finding.waiver)}]
    return result


def _physical(place: Place, report: CheckReport) -> Node:
    return {
        "artifactLocation": {"uri": quote(report.prefix + place.file), "uriBaseId": _ROOT},
        "region": {"startLine": place.line, "startColumn": place.column},
    }
