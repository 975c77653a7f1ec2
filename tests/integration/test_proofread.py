"""`etl proofread` as a user runs it, and `etl.proofread` in Python."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import polars as pl
import pytest
from click.testing import CliRunner, Result

import etl
from etl.check_result import FINDING_COLUMNS
from etl.cli import main
from etl.documents.document import plain

WRONG = "法院受理案件1200件，审结1140件，结案率95.0%。\n技术调查官参审199件，占比46.05%。\n"
RIGHT = WRONG.replace("46.05%", "46.06%")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "wrong.txt").write_text(WRONG, encoding="utf-8")
    (tmp_path / "right.txt").write_text(RIGHT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["proofread", *arguments, "--lang", "en"])


@pytest.mark.usefixtures("folder")
def test_a_contradiction_is_one_line_and_ends_with_exit_code_1() -> None:
    result = run("wrong.txt")
    assert result.exit_code == 1
    assert result.output.splitlines() == [
        "wrong.txt:2:15: error[part-of-whole-cases] “技术调查官参审199件，占比46.05%”:"
        " 199件 cannot be 46.05% of a whole number: 199/432 = 46.06%",
        "wrong.txt: figures: 5; relations judged: 2; contradictions: 1; found and not judged: 0",
    ]


@pytest.mark.usefixtures("folder")
def test_an_honest_document_ends_with_exit_code_0_and_one_that_is_not_there_with_2() -> None:
    assert run("right.txt").exit_code == 0
    assert run("wrong.txt", "--fail-on", "never").exit_code == 0
    assert run("missing.txt").exit_code == 2
    Path("korean.txt").write_text("2025년 지식재산권 출원은 총 56만629건으로 증가했다.", encoding="utf-8")
    assert run("korean.txt").exit_code == 2


@pytest.mark.usefixtures("folder")
def test_several_documents_are_reported_each_and_together() -> None:
    result = run("right.txt", "wrong.txt")
    assert result.exit_code == 1
    assert [line.partition(": figures")[0] for line in result.output.splitlines()[1:]] == [
        "right.txt",
        "wrong.txt",
        "figures: 10; relations judged: 4; contradictions: 1; found and not judged: 0",
    ]


def test_every_format_of_the_check_holds_the_finding(folder: Path) -> None:
    forms = ("json", "junit", "sarif", "github", "markdown", "html")
    options = [option for form in forms for option in ("--format", form, "--output", f"out.{form}")]
    assert run("wrong.txt", *options).exit_code == 1
    for form in forms:
        assert "part-of-whole-cases" in (folder / f"out.{form}").read_text(encoding="utf-8"), form
    report = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    assert report["counts"]["figures"] == 5
    assert [(each["rule"], each["passed"], each["failed"]) for each in report["by_rule"]] == [
        ("part-of-whole-cases", 0, 1),
        ("clearance-is-closed-over-received", 1, 0),
    ]
    suites = ElementTree.parse(folder / "out.junit").getroot()
    assert (suites.get("tests"), suites.get("failures")) == ("2", "1")
    sarif = json.loads((folder / "out.sarif").read_text(encoding="utf-8"))
    helped = sarif["runs"][0]["tool"]["driver"]["rules"][0]["help"]["text"]
    assert "Holds in: every document." in helped
    assert "waive" not in helped


def test_python_gives_what_the_command_gives(folder: Path) -> None:
    result = etl.proofread(folder / "wrong.txt")
    assert not result.ok
    assert result.findings.schema == FINDING_COLUMNS
    assert result.findings.select("severity", "rule", "line", "column").rows() == [("error", "part-of-whole-cases", 2, 15)]
    assert result.counts == {
        "figures": 5,
        "unclear": 0,
        "agrees": 1,
        "agrees_if_cut_off": 0,
        "contradicts": 1,
        "cannot_be_said": 0,
    }
    assert repr(result) == "<ProofreadResult: figures: 5; relations judged: 2; contradictions: 1; found and not judged: 0>"
    assert "46.05%" in result._repr_html_()
    assert "part-of-whole-cases" in result.to_junit(folder / "junit.xml")
    assert etl.proofread(text=RIGHT).ok
    assert etl.proofread(plain(WRONG), fail_on=None).ok
    assert etl.proofread([folder / "wrong.txt", folder / "right.txt"]).findings.height == 1
    assert isinstance(etl.proofread(text="").findings, pl.DataFrame)
    with pytest.raises(TypeError):
        etl.proofread()
    with pytest.raises(etl.ProjectError):
        etl.proofread(folder / "missing.txt")
