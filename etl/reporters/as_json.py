"""Report a check as JSON, as `findings.schema.json` describes it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from etl.escape import escape_json, shortened
from etl.findings import SEVERITIES, Finding
from etl.gate.summary import by_severity
from etl.reporters.check_report import TOOL, CheckReport
from etl.reporters.rule_results import RuleResult, rule_results
from etl.reporters.words import GATES
from schemas.texts import Text

FORMAT_VERSION = 1

Node = dict[str, Any]


def render_report(report: CheckReport) -> str:
    """Render the report as JSON."""
    return escape_json(json.dumps(build_document(report), ensure_ascii=False, indent=2, allow_nan=False)) + "\n"


def build_document(report: CheckReport) -> Node:
    """Build the report as JSON values, with keys always in this order."""
    checked = report.checked
    return {
        "format_version": FORMAT_VERSION,
        "tool": {"name": TOOL, "version": report.version},
        "checked_at": report.made_at.isoformat(timespec="seconds") if report.made_at else None,
        "scope": {
            "named": list(report.scope.names),
            "domain": report.scope.domain or None,
            "select": list(report.scope.select),
            "ignore": list(report.scope.ignore),
            "changed_since": report.scope.changed_since or None,
            "severity": report.mildest,
            "max_rows": report.most,
        },
        "verdict": {
            "gate": GATES[report.exit_code],
            "exit_code": report.exit_code,
            "fail_on": report.fail_on or "never",
            "message": asdict(Text(*(report.verdict(language) for language in ("en", "zh")))),
        },
        "counts": _counts(report),
        "skipped": checked.skipped,
        "not_run": [
            {"table": address, "rule": each.rule.id, "column": each.column, "reason": each.not_run.en}
            for address, each in checked.rules_not_run()
        ],
        "findings": [_finding(each, report) for each in report.shown],
        "findings_not_shown": report.omitted,
        "waived": [{**_finding(each, report), "reason": each.waiver} for each in report.accepted],
        "by_rule": [_rule_result(result) for result in rule_results(checked)],
        "by_row": _by_row(report),
        "by_column": _by_column(checked.findings),
    }


def _counts(report: CheckReport) -> Node:
    counts = report.counts
    return {
        "tables": counts["tables"],
        "tables_skipped": len(report.checked.skipped),
        "rows": counts["rows"],
        "rows_rejected": counts["rejected"],
        "figures": counts["figures"],
        **_severities(counts),
        "rules_not_run": len(report.checked.rules_not_run()),
    }


def _severities(counts: Counter[str]) -> Node:
    return {name: counts[name] for name in (*SEVERITIES, "waived")}


def _finding(finding: Finding, report: CheckReport) -> Node:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "table": finding.table,
        "row_key": shortened(finding.row_key),
        "column": finding.column,
        "place": asdict(finding.place),
        "message": asdict(finding.message),
        "witnesses": [asdict(each) for each in finding.witnesses],
        "suspects": [
            {
                "address": each.address,
                "place": asdict(each.place),
                "published": each.published,
                "slip": each.kind or None,
                "slip_in_words": asdict(each.slip),
                "likely": each.text or None,
                "low": each.low,
                "high": each.high,
                "repairs": each.repairs,
            }
            for each in finding.suspects
        ],
        "fingerprint": report.fingerprints[id(finding)],
    }


def _rule_result(result: RuleResult) -> Node:
    return {
        "rule": result.rule.id,
        "table": result.table,
        "severity": result.rule.severity,
        "statement": {"en": result.rule.reason, "zh": result.rule.zh},
        "columns": result.columns,
        "passed": result.passed,
        "failed": result.failed,
        "not_applicable": result.not_applicable,
        "not_run": result.not_run.en or None,
        **_severities(by_severity((*result.findings, *result.accepted))),
    }


def _by_row(report: CheckReport) -> Node:
    rows: dict[tuple[str, int], list[Finding]] = {}
    for finding in report.checked.findings:
        if finding.row is not None:
            rows.setdefault((finding.table, finding.row), []).append(finding)
    shown: Counter[str] = Counter()
    listed = []
    for (table, _), findings in rows.items():
        shown[table] += 1
        if shown[table] <= report.most:
            listed.append(
                {
                    "table": table,
                    "row_key": shortened(findings[0].row_key),
                    "file": findings[0].place.file,
                    "line": findings[0].place.line,
                    **_severities(by_severity(findings)),
                    "rules": _rules(findings),
                }
            )
    return {"count": len(rows), "rows": listed}


def _by_column(findings: Iterable[Finding]) -> list[Node]:
    columns: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if finding.column:
            columns.setdefault((finding.table, finding.column), []).append(finding)
    return [
        {"table": table, "column": column, **_severities(by_severity(found)), "rules": _rules(found)}
        for (table, column), found in columns.items()
    ]


def _rules(findings: Iterable[Finding]) -> list[str]:
    return list(dict.fromkeys(each.rule for each in findings))
