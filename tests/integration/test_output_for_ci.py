"""The forms that CI servers and code-scanning pages read: JUnit, SARIF and GitHub's workflow commands."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from gate_project import TABLES, every_kind, rendered, reported
from hypothesis import given, strategies
from junitparser import Error, Failure, JUnitXml, Skipped
from sarif_kit import validation_errors

from etl.escape import command_data, command_property, visible
from etl.reporters.check_report import CheckReport

# JUnit


def test_junit_has_a_case_for_each_table_and_rule(report: CheckReport, tmp_path: Path) -> None:
    (tmp_path / "junit.xml").write_text(rendered(report, "junit"), encoding="utf-8")
    suites = JUnitXml.fromfile(str(tmp_path / "junit.xml"))
    cases = {(case.classname, case.name): [type(result) for result in case.result] for suite in suites for case in suite}
    evaluated = {(address, each.rule.id) for address, outcomes in report.checked.outcomes.items() for each in outcomes}
    assert evaluated <= set(cases)
    assert len(cases) == suites.tests
    assert cases["courts.caseload", "closed-are-received-or-carried-over"] == [Failure]
    assert cases["courts.technical_investigators", "part-of-whole-cases"] == [Skipped]
    assert cases["police.operations", "solved-are-among-the-cases"] == [Error]
    assert cases["courts.caseload", "key-is-unique"] == []
    assert cases["administration.infringement_cases", "growth-is-from-whole-cases"] == []
    assert cases["project", "tables-without-a-raw-file"] == [Skipped]
    results = Counter(kind for kinds in cases.values() for kind in kinds)
    assert (suites.failures, suites.errors, suites.skipped) == (results[Failure], results[Error], results[Skipped])


def test_junit_fails_what_shuts_the_gate_and_skips_what_is_waived(tmp_path: Path) -> None:
    project = every_kind(tmp_path)
    rule = ("courts.technical_investigators", "part-of-whole-cases")
    kinds = []
    for fail_on in ("warning", "error", None):
        suites = JUnitXml.fromstring(rendered(reported(project, fail_on=fail_on), "junit").encode())
        (case,) = [case for suite in suites for case in suite if (case.classname, case.name) == rule]
        kinds.append([type(result) for result in case.result])
    assert kinds == [[Failure], [Skipped], [Skipped]]
    hidden = rendered(reported(project, fail_on="warning", mildest="error"), "junit")
    assert (
        JUnitXml.fromstring(hidden.encode()).failures
        == JUnitXml.fromstring(rendered(reported(project, fail_on="warning"), "junit").encode()).failures
    ), "a failure is told whatever else is hidden"
    only_waived = TABLES["courts.technical_investigators"].rpartition("330300")[0]
    project.raw("courts.technical_investigators").write_text(only_waived, encoding="utf-8")
    suites = JUnitXml.fromstring(rendered(reported(project), "junit").encode())
    (case,) = [case for suite in suites for case in suite if (case.classname, case.name) == rule]
    assert "accepted: so printed" in case.result[0].message


# SARIF


def sarif(report: CheckReport) -> dict[str, Any]:
    return json.loads(rendered(report, "sarif"))["runs"][0]


def test_sarif_is_as_its_schema_says(report: CheckReport) -> None:
    assert validation_errors(json.loads(rendered(report, "sarif"))) == []
    broken = json.loads(rendered(report, "sarif"))
    broken["runs"][0]["results"][0]["level"] = "information"
    assert validation_errors(broken)


def test_sarif_results_name_their_rule_and_their_place(report: CheckReport) -> None:
    run = sarif(report)
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert len(run["results"]) == len(report.shown) + len(report.accepted)
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["level"] in {"error", "warning", "note"}
    for rule in rules:
        assert rule["shortDescription"]["text"]
        assert rule["fullDescription"]["text"] in rule["help"]["text"]
        assert "raw/waivers.csv" in rule["help"]["markdown"]
        assert f"etl rule {rule['id']}" in rule["help"]["markdown"]
    (result,) = [each for each in run["results"] if each["ruleId"] == "growth-is-from-whole-cases"]
    assert result["level"] == "note"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": "raw/administration/infringement_cases.csv", "uriBaseId": "SRCROOT"}
    assert place["region"] == {"startLine": 2, "startColumn": 31}
    assert [each["physicalLocation"]["region"]["startColumn"] for each in result["relatedLocations"]] == [26, 31]


def test_sarif_suppresses_waived_findings_and_reports_rules_that_did_not_run(report: CheckReport) -> None:
    run = sarif(report)
    suppressed = [each["suppressions"] for each in run["results"] if each["suppressions"]]
    assert suppressed == [[{"kind": "external", "status": "accepted", "justification": "so printed, <b>asked</b>"}]]
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    assert invocation["exitCode"] == 2
    texts = [each["message"]["text"] for each in invocation["toolExecutionNotifications"]]
    assert "police.operations: raw/police/operations.csv has no rows that can be read" in texts
    assert sum("--max-rows" in text for text in texts) == len(report.omitted)


def test_a_finding_keeps_its_fingerprint_when_its_line_moves(tmp_path: Path) -> None:
    project = every_kind(tmp_path)
    before = sarif(reported(project, most=100))["results"]
    path = project.raw("courts.caseload")
    header, _, rows = path.read_text(encoding="utf-8").partition("\n")
    path.write_text(f"{header}\n330600,2029,all,5件,5件,,example-a,1\n\n{rows}", encoding="utf-8")
    after = sarif(reported(project, most=100))["results"]
    fingerprints = [
        {each["partialFingerprints"]["ruleTableRowColumn/v1"]: each for each in results} for results in (before, after)
    ]
    assert len(fingerprints[0]) == len(before)
    assert set(fingerprints[0]) <= set(fingerprints[1])
    lines = [{name: str(each["locations"]) for name, each in known.items()} for known in fingerprints]
    assert sum(lines[0][name] != lines[1][name] for name in lines[0]) == 5


# GitHub


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Read workflow commands as the runner does."""
    found = []
    for line in text.splitlines():
        match = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", line)
        assert match, line
        properties = dict(part.split("=", 1) for part in match[2].split(","))
        found.append((match[1], {key: unescaped(value) for key, value in properties.items()}, unescaped(match[3])))
    return found


def unescaped(text: str) -> str:
    for code, character in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
        text = text.replace(code, character)
    return text


@given(strategies.text(alphabet="%0A25:3C,2,D\n\r件\u202e"))
def test_what_a_cell_holds_comes_out_of_a_command_as_it_was_made_visible(text: str) -> None:
    assert unescaped(command_property(text)) == unescaped(command_data(text)) == visible(text)
    assert not set(command_property(text)) & set(":,\n\r")


def test_github_gets_an_annotation_for_each_finding_shown(report: CheckReport) -> None:
    found = commands(rendered(report, "github"))
    annotated = [each for each in found if "line" in each[1]]
    assert len(annotated) == len(report.shown)
    for (name, properties, message), finding in zip(annotated, report.shown, strict=True):
        assert name == {"error": "error", "warning": "warning", "information": "notice"}[finding.severity]
        assert properties["title"] == f"{finding.severity}[{finding.rule}]"
        assert (properties["file"], properties["line"]) == (finding.place.file, str(finding.place.line))
        said, *cells = message.splitlines()
        assert said.endswith(visible(finding.message.en)) or finding.suspects
        assert [cell.split()[2] for cell in cells] == [witness.published for witness in finding.witnesses]
    not_run = {"file": "raw/police/operations.csv", "title": "police.operations: 9 not run"}
    assert [name for name, properties, _ in found if properties == not_run] == ["error"]


def test_paths_lead_from_the_root_of_the_repository(tmp_path: Path) -> None:
    inner = reported(every_kind(tmp_path), prefix="data/数/")
    assert {
        properties["file"].partition("raw/")[0]
        for _, properties, _ in commands(rendered(inner, "github"))
        if "line" in properties
    } == {"data/数/"}
    uris = {each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in sarif(inner)["results"]}
    assert all(uri.startswith("data/%E6%95%B0/raw/") for uri in uris)
