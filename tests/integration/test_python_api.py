"""`import etl` as an analyst uses it in a notebook."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import polars as pl
import pytest
from paths import ROOT

import etl
from etl.errors import UnknownNameError

UNTRUE = "area,period,court,received,received_growth_pct,closed,pending_at_start,pending_at_end,source,section\n"


@pytest.fixture
def project(tmp_path: Path) -> etl.Project:
    """A copy of our own tables."""
    shutil.copytree(ROOT / "raw", tmp_path / "raw")
    return etl.Project(tmp_path)


def test_a_notebook_checks_looks_runs_and_asks(project: etl.Project) -> None:
    result = project.check()
    assert result.ok
    assert result.findings.filter(severity="error", waiver="").is_empty()
    assert result.findings.columns[:5] == ["severity", "rule", "file", "line", "column"]
    assert "the gate is open" in result._repr_html_()

    caseload = project.table("courts.caseload")
    assert {"area", "period", "received", "received_low", "received_high", "source"} <= {*caseload.columns}
    mart = project.mart("courts.caseload")
    rate = mart.filter(pl.col("clearance_rate_pct").is_not_null()).row(0, named=True)
    assert rate["clearance_rate_pct_low"] <= rate["closed"] / rate["received"] * 100 <= rate["clearance_rate_pct_high"]
    figures = project.figures("courts", period="2025")
    assert set(figures["domain"]) == {"courts"}
    assert set(figures["period"]) == {"2025"}

    ran = project.run()
    assert ran.ok and ran.published
    with project.warehouse as connection:
        ((count,),) = connection.sql("SELECT count(*) FROM core.figure").fetchall()
        assert count == project.figures().height
        with pytest.raises(Exception, match="read-only"):
            connection.sql("CREATE TABLE t AS SELECT 1")
    asked = project.query("SELECT received FROM courts.caseload WHERE period = $period", period="2025")
    assert asked["received"].to_list() == mart.filter(period="2025")["received"].to_list()
    again = project.run()
    assert again.ok and not again.published and again.unchanged_since


def test_a_connection_sees_its_state_and_a_new_one_the_next(project: etl.Project) -> None:
    assert project.run().ok
    with project.warehouse as before:
        file = project.folder.raw("courts.caseload")
        file.write_text(file.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
        assert project.run(fail_on=None).published
        with project.warehouse as after:
            counts = [each.sql("SELECT count(*) FROM courts.caseload").fetchall()[0][0] for each in (before, after)]
    assert counts[0] > 0 == counts[1]


def test_a_broken_project_is_not_ok_and_says_where(project: etl.Project, tmp_path: Path) -> None:
    file = project.folder.raw("courts.caseload")
    file.write_text(UNTRUE + "330200,2033,all,300件,50%,420件,50件,,ningbo-2025,1\n", encoding="utf-8")
    result = project.check("courts", fail_on="error")
    assert not result.ok
    assert result.exit_code == 1
    errors = result.findings.filter(severity="error")
    assert "closed-are-received-or-carried-over" in set(errors["rule"])
    row = errors.filter(rule="closed-are-received-or-carried-over").row(0, named=True)
    assert (row["file"], row["line"]) == ("raw/courts/caseload.csv", 2)
    shown = result._repr_html_()
    assert "the gate is shut" in shown
    assert "raw/courts/caseload.csv:2" in shown
    assert result.findings["count"].sum() >= result.findings.height
    assert "the gate is shut" in repr(result)
    result.to_junit(tmp_path / "junit.xml")
    assert "<testsuites" in (tmp_path / "junit.xml").read_text(encoding="utf-8")
    assert json.loads(result.to_json())["verdict"]["exit_code"] == 1
    assert "closed-are-received-or-carried-over" in result.to_text()
    assert json.loads(result.to_sarif())["version"] == "2.1.0"
    only = project.check(select=("closed-*",)).findings
    assert all(rule.startswith("closed-") for rule in only["rule"])
    assert project.check(ignore=("*",), fail_on=None).findings.is_empty()


def test_names_that_are_not_there_are_refused_with_the_nearest(project: etl.Project) -> None:
    with pytest.raises(UnknownNameError, match="caseload"):
        project.table("courts.casload")
    with pytest.raises(UnknownNameError, match="courts"):
        project.figures("court")
    with pytest.raises(etl.ProjectError, match="is a register"):
        project.mart("courts.cases")
    with pytest.raises(etl.ProjectError, match="No warehouse"):
        _ = project.warehouse
    with pytest.raises(etl.ProjectError, match="no folder raw/"):
        etl.Project(project.folder.root / "raw" / "courts")
    with pytest.raises(AttributeError):
        _ = etl.none_such


def test_two_projects_are_open_at_once(project: etl.Project, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(ROOT / "raw", other / "raw")
    (other / "catalogue.txt").write_text("use courts\n", encoding="utf-8")
    small = etl.Project(other)
    assert {each.partition(".")[0] for each in small.catalogue.addresses} == {"courts"}
    assert len(project.catalogue.addresses) > len(small.catalogue.addresses)
    assert small.figures().height == project.figures("courts").height


@pytest.mark.parametrize(
    ("text", "kind", "bounds"),
    [
        ("7.64万件", "count", (76350, 76450)),
        ("7.64万件", "", (76350, 76450)),
        ("5981件", "", (5981, 5981)),
        ("12.3%", "rate", (12.25, 12.35)),
        ("增长12.3%", "", (12.25, 12.35)),
        ("超过30%", "share", (30, None)),
        ("29", "", (29, 29)),
    ],
)
def test_a_figure_is_read_with_its_bounds(text: str, kind: str, bounds: tuple[float | None, float | None]) -> None:
    read = etl.read_figure(text, kind)
    assert read.problem is None
    assert (read.low, read.high) == bounds


def test_a_text_that_is_no_figure_has_a_problem_and_no_value() -> None:
    read = etl.read_figure("若干件")
    assert read.problem is not None
    assert (read.value, read.low, read.high) == (None, None, None)
    with pytest.raises(UnknownNameError):
        etl.read_figure("1件", "counts")


def test_formulas_are_verified() -> None:
    true, false = etl.verify("7.64万件 / 13.27万件 = 57.6%", "7.64万件 / 13.27万件 = 67.6%")
    assert (true.verdict, false.verdict) == ("agrees", "contradicts")


def test_the_figures_of_a_document_are_a_frame(tmp_path: Path) -> None:
    text = "一、法院\n收案5981件，同比增长12.3%。\n"
    (tmp_path / "report.txt").write_text(text, encoding="utf-8")
    found = etl.extract(tmp_path / "report.txt")
    assert "5981件" in found.filter(reason="")["published"].to_list()
    assert found.equals(etl.extract(text=text))
    with pytest.raises(etl.ProjectError, match="cannot be read"):
        etl.extract(tmp_path / "none.txt")
    with pytest.raises(TypeError, match="one of them"):
        etl.extract()
