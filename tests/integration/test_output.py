"""The forms of a report: as they were before, as their schema or a reader takes them, safe against what cells hold."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from gate_project import IMAGE, PAYLOADS, SCRIPT, every_kind, rendered, reported
from jsonschema import Draft202012Validator, FormatChecker
from markdown_it import MarkdownIt
from paths import GOLDEN, ROOT
from sarif_kit import validation_errors

from etl.api import Project
from etl.cli import main
from etl.display_width import display_width
from etl.errors import ProjectError
from etl.findings import SEVERITIES
from etl.formats import formats_of
from etl.reporters.check_report import CheckReport
from etl.reporters.targets import Target, pair_targets

NAMES = {
    ("text", "en"): "text.txt",
    ("text", "zh"): "text.zh.txt",
    ("json", "en"): "json.json",
    ("junit", "en"): "junit.xml",
    ("sarif", "en"): "sarif.sarif",
    ("github", "en"): "github.txt",
}


@pytest.mark.parametrize(("form", "language"), NAMES, ids=lambda name: name)
def test_a_report_is_as_its_golden_file(form: str, language: str, tmp_path: Path) -> None:
    """UPDATE_GOLDEN=1 writes the files anew; look at what changed."""
    text, path = rendered(reported(every_kind(tmp_path), language), form), GOLDEN / NAMES[form, language]
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_the_summary_fits_the_terminal_and_leaves_out_counts_that_are_all_zero() -> None:
    result = Project(ROOT).check()
    wide, narrow = (replace(result.report(), width=width).summary()[0] for width in (None, 80))
    assert max(map(display_width, wide.splitlines())) > 80
    assert max(map(display_width, narrow.splitlines())) <= 80
    assert "rejected" in wide
    assert "rejected" not in narrow


def test_every_form_but_those_tested_by_their_structure_has_a_golden_file() -> None:
    assert {form for form, _ in NAMES} == set(formats_of("findings")) - {"markdown", "html"}
    assert {path.name for path in GOLDEN.iterdir()} == set(NAMES.values())


def test_the_project_has_every_kind_of_finding(report: CheckReport) -> None:
    findings = report.checked.findings
    assert {each.severity for each in findings if not each.waiver} == set(SEVERITIES)
    assert any(each.waiver for each in findings)
    assert {"waiver-is-needed", "waiver-is-current", "row-fits-header", "figures-are-all-taken"} <= {
        each.rule for each in findings
    }
    assert report.not_run
    assert report.omitted
    assert report.checked.skipped
    assert any(each.suspects for each in findings)


# JSON


def schema() -> Draft202012Validator:
    text = (ROOT / "etl" / "reporters" / "findings.schema.json").read_text(encoding="utf-8")
    Draft202012Validator.check_schema(json.loads(text))
    return Draft202012Validator(json.loads(text), format_checker=FormatChecker())


def test_json_is_as_its_published_schema_says(report: CheckReport, tmp_path: Path) -> None:
    schema().validate(json.loads(rendered(report, "json")))
    dated = reported(every_kind(tmp_path), made_at=datetime(2032, 1, 1, tzinfo=UTC), version="1.2.3", fail_on=None)
    schema().validate(json.loads(rendered(dated, "json")))


def test_the_reports_on_the_real_tables_follow_their_schemas() -> None:
    for form, errors in (("json", lambda log: list(schema().iter_errors(log))), ("sarif", validation_errors)):
        told = CliRunner(env={"GITHUB_ACTIONS": None}).invoke(main, ["check", "--project", str(ROOT), "--format", form])
        assert told.exit_code == 0, told.output
        assert errors(json.loads(told.stdout)) == []


def test_the_schema_refuses_unknown_and_missing_keys(report: CheckReport) -> None:
    document = json.loads(rendered(report, "json"))
    for broken in ({**document, "more": 1}, {**document, "verdict": {}}, {key: document[key] for key in list(document)[1:]}):
        assert not schema().is_valid(broken)


def test_json_lists_some_and_counts_all(report: CheckReport) -> None:
    document = json.loads(rendered(report, "json"))
    findings = report.checked.findings
    listed = Counter(each["rule"] for each in document["findings"])
    assert max(listed.values()) == report.most
    assert listed + Counter(document["findings_not_shown"]) == Counter(each.rule for each in findings if not each.waiver)
    for severity in SEVERITIES:
        number = sum(each.severity == severity and not each.waiver for each in findings)
        assert document["counts"][severity] == number == sum(each[severity] for each in document["by_rule"])
    assert document["counts"]["waived"] == len(document["waived"]) == 1
    assert document["by_row"]["count"] == len({(each.table, each.row) for each in findings if each.row is not None})
    in_columns = sum(each[name] for each in document["by_column"] for name in (*SEVERITIES, "waived"))
    assert in_columns == sum(bool(each.column) for each in findings)


def test_json_gives_the_cells_that_take_part_with_their_intervals(report: CheckReport) -> None:
    document = json.loads(rendered(report, "json"))
    finding = next(each for each in document["findings"] if each["rule"] == "growth-is-from-whole-cases")
    assert [(each["published"], each["low"], each["high"]) for each in finding["witnesses"]] == [
        ("106件", 106, 106),
        ("+158%", 157.5, 158.5),
    ]


# Markdown, and what cells hold


def test_markdown_is_read_as_tables_and_nothing_from_a_cell_becomes_markup(report: CheckReport) -> None:
    tokens = MarkdownIt("commonmark").enable("table").parse(rendered(report, "markdown"))
    kinds = Counter(token.type for token in tokens)
    assert kinds["table_open"] == 3 + 1 + 3
    assert not kinds["html_block"]
    inline = [child for token in tokens if token.type == "inline" for child in token.children or ()]
    assert {child.type for child in inline} <= {"text", "strong_open", "strong_close", "softbreak"}
    rows = [[]]
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append("".join(child.content for child in token.children or ()))
    messages = [row[4] for row in rows if len(row) == 5]
    assert any(SCRIPT in message for message in messages)
    assert any(IMAGE in message for message in messages)


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("en", ["Validation report", "What was validated", "Rules that did not run", "Findings", "Accepted findings", "Rules"]),
        ("zh", ["数据检查报告", "检查范围", "未执行的规则", "问题", "已豁免的问题", "规则"]),
    ],
)
def test_markdown_has_its_parts_and_every_finding_in_both_languages(language: str, parts: list[str], tmp_path: Path) -> None:
    report = reported(every_kind(tmp_path), language, most=100)
    text = rendered(report, "markdown")
    assert [line.lstrip("# ") for line in text.splitlines() if re.match("##? ", line)][:-1] == parts
    for finding in report.checked.findings:
        assert f"| {finding.place} | {finding.rule} |" in text or finding.waiver, finding


@pytest.mark.parametrize("form", [form for form in formats_of("findings") if form != "json"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_from_a_cell_forges_a_line_or_hides_in_the_text(form: str, language: str, tmp_path: Path) -> None:
    text = rendered(reported(every_kind(tmp_path), language, most=100), form)
    assert not set(text) & set("\u202e\x1b\x07\r")
    assert not re.search(r"^::error::", text, re.MULTILINE)
    assert "u202e" in text
    assert "forged" in text


@pytest.mark.parametrize("form", ["junit", "html", "markdown"])
def test_tags_from_a_cell_are_no_tags(form: str, report: CheckReport) -> None:
    text = rendered(report, form)
    assert not re.search(r"<script|<img|<b>", text)
    assert text.count("&lt;script&gt;") >= 1


def test_json_keeps_what_a_cell_holds(report: CheckReport, tmp_path: Path) -> None:
    text = json.loads(rendered(reported(every_kind(tmp_path), most=100), "json"))
    messages = "".join(each["message"]["zh"] for each in text["findings"])
    assert all(payload in messages for payload in PAYLOADS)


# Where each form goes


def test_the_nth_output_is_for_the_nth_format() -> None:
    assert pair_targets(("sarif", "text"), ("a.sarif",)) == [Target("sarif", "a.sarif"), Target("text", "-")]
    assert pair_targets((), ()) == [Target("text", "-")]
    assert pair_targets((), ("a.txt",)) == [Target("text", "a.txt")]
    assert pair_targets(("text", "json"), ("-", "a.json")) == [Target("text", "-"), Target("json", "a.json")]


@pytest.mark.parametrize(
    ("forms", "files", "told_why"),
    [
        (("text",), ("a.txt", "b.txt"), "has no --format"),
        (("text", "sarif"), ("a.sarif",), "would hold text, not sarif"),
        (("json", "sarif"), ("a", "a"), "one --output"),
        (("json", "text"), (), "cannot share standard output"),
    ],
)
def test_formats_and_outputs_that_do_not_match_are_refused(forms: tuple[str, ...], files: tuple[str, ...], told_why: str) -> None:
    with pytest.raises(ProjectError, match=told_why):
        pair_targets(forms, files)
