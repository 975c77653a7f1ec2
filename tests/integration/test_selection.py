"""Parts of a check: rules, domains and changed tables; what is left out is neither shown nor judged."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from gate_project import TABLES, checked, cite_all, every_kind
from projects import write_project

from etl.catalogue import PACKAGE
from etl.cli import main
from etl.errors import ProjectError, UnknownNameError
from etl.gate.check import Checked
from etl.gate.git_diff import changed_files, repository_prefix
from etl.gate.scope import Scope, keep_changed, known_rules, match_rules, narrow, refuse_unknown

GROWTH = "growth-*"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    return checked(every_kind(tmp_path_factory.mktemp("project")))


def rules_of(part: Checked) -> set[str]:
    return {each.rule for each in part.findings} | {each.rule.id for outcomes in part.outcomes.values() for each in outcomes}


def etl(root: Path, *arguments: str) -> Result:
    env = {"GITHUB_ACTIONS": None, "LC_ALL": "C.UTF-8"}
    return CliRunner(env=env).invoke(main, ["check", "--project", str(root), *arguments])


# Rules


def test_patterns_and_lists_name_rules() -> None:
    growth = match_rules([GROWTH], PACKAGE)
    assert growth == {rule for rule in known_rules(PACKAGE) if rule.startswith("growth-")}
    assert len(growth) > 1
    assert match_rules([f"{GROWTH}, key-is-unique", "sources-agree"], PACKAGE) == growth | {"key-is-unique", "sources-agree"}


@pytest.mark.parametrize("name", ["key-is-uniqe", "GROWTH-*", "", "growth", "key-is-unique,"])
def test_a_name_of_no_rule_is_refused(name: str) -> None:
    with pytest.raises(UnknownNameError, match="No rule"):
        refuse_unknown(Scope(select=(name,)), PACKAGE)
    with pytest.raises(UnknownNameError, match="No rule"):
        refuse_unknown(Scope(ignore=(name,)), PACKAGE)


def test_selected_and_ignored_rules_share_out_the_whole(found: Checked) -> None:
    only, others = narrow(found, Scope(select=(GROWTH,)), PACKAGE), narrow(found, Scope(ignore=(GROWTH,)), PACKAGE)
    assert rules_of(only) == rules_of(found) & match_rules([GROWTH], PACKAGE)
    assert rules_of(only) | rules_of(others) == rules_of(found)
    assert not rules_of(only) & rules_of(others)
    assert len(only.findings) + len(others.findings) == len(found.findings)
    assert rules_of(narrow(found, Scope(select=(GROWTH,), ignore=(GROWTH,)), PACKAGE)) == set()


def test_an_ignored_rule_that_did_not_run_does_not_count(found: Checked) -> None:
    assert found.exit_code(None) == 2
    not_run = tuple({each.rule.id for _, each in found.rules_not_run()})
    assert narrow(found, Scope(ignore=not_run), PACKAGE).exit_code(None) == 0
    assert narrow(found, Scope(select=not_run), PACKAGE).exit_code(None) == 2


def test_a_waiver_is_not_stale_because_its_rule_was_left_out(found: Checked) -> None:
    part = narrow(found, Scope(ignore=("part-of-whole-cases",)), PACKAGE)
    stale = [each for each in part.findings if each.rule == "waiver-is-needed"]
    assert [str(each.place) for each in stale] == ["raw/waivers.csv:4:1"]


def test_the_gate_judges_the_selected_rules_only(tmp_path: Path) -> None:
    write_project(tmp_path, {"courts.caseload": TABLES["courts.caseload"].rpartition("330500")[0]})
    cite_all(every_kind(tmp_path / "other"))
    codes = {
        (): 1,
        ("--select", "closed-*"): 1,
        ("--select", "key-is-unique"): 0,
        ("--ignore", "closed-*,figure-is-cited"): 0,
        ("--domain", "courts"): 1,
        ("--domain", "finance"): 0,
    }
    assert {arguments: etl(tmp_path, *arguments).exit_code for arguments in codes} == codes


# Severities


def test_a_severity_hides_findings_and_leaves_the_gate_as_it_is(tmp_path: Path) -> None:
    project = every_kind(tmp_path)
    for name in ("courts.benches", "police.operations"):
        project.raw(name).unlink()
    shown = {}
    for severity in ("information", "warning", "error"):
        told = etl(tmp_path, "--severity", severity, "--fail-on", "information")
        assert told.exit_code == 1
        lines = [line for line in told.stdout.splitlines() if line.startswith("raw/")]
        shown[severity] = {line.split(": ")[1].partition("[")[0] for line in lines}
        assert told.stdout.splitlines()[-1].count("information")
    assert shown == {
        "information": {"error", "warning", "information"},
        "warning": {"error", "warning"},
        "error": {"error"},
    }


# Changes


def git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=A. Clerk", "-c", "user.email=clerk@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", str(root), *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Commit a repository that holds a project in its folder `data`."""
    every_kind(tmp_path / "repository" / "data")
    root = tmp_path / "repository"
    git(root, "init", "--quiet")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "all")
    return root


def test_git_lists_changed_files_staged_or_not_tracked_or_not(repository: Path) -> None:
    project = repository / "data"
    assert changed_files(project, "HEAD") == frozenset()
    (project / "raw" / "courts" / "caseload.csv").write_text("a\n")
    (project / "raw" / "courts" / "benches.csv").unlink()
    (project / "raw" / "courts" / "新 table.csv").write_text("a\n")
    (project / "raw" / "finance").mkdir()
    (project / "raw" / "finance" / "pledges.csv").write_text("a\n")
    git(repository, "add", "data/raw/finance")
    (repository / "raw").mkdir()
    (repository / "raw" / "other.csv").write_text("a\n")
    expected = {"courts/caseload.csv", "courts/benches.csv", "courts/新 table.csv", "finance/pledges.csv"}
    assert changed_files(project, "HEAD") == {f"raw/{file}" for file in expected}
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "more")
    assert changed_files(project, "HEAD~1") == {f"raw/{file}" for file in expected}
    assert changed_files(project, "HEAD") == frozenset()


def test_a_project_knows_where_in_its_repository_it_lies(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert repository_prefix(repository / "data") == "data/"
    assert repository_prefix(repository) == ""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert repository_prefix(tmp_path) == ""


@pytest.mark.parametrize("revision", ["no-such-branch", "--help", "HEAD:data", ""])
def test_a_revision_that_git_does_not_know_is_refused(revision: str, repository: Path) -> None:
    with pytest.raises(ProjectError, match="Git knows no revision"):
        changed_files(repository / "data", revision)


def test_without_git_changed_files_are_unknown(repository: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ProjectError, match="Git is not installed"):
        changed_files(repository / "data", "HEAD")
    assert repository_prefix(repository / "data") == ""


def test_a_changed_table_is_judged_and_the_others_are_not(repository: Path) -> None:
    project = repository / "data"
    assert etl(project, "--changed-since", "HEAD").exit_code == 0
    path = project / "raw" / "courts" / "caseload.csv"
    path.write_text(path.read_text(encoding="utf-8") + "330600,2030,all,1件,9件,1件,example-a,1\n", encoding="utf-8")
    told = etl(project, "--changed-since", "HEAD")
    assert told.exit_code == 1
    assert {line.split(":")[0] for line in told.stdout.splitlines() if line.startswith("raw/")} == {"raw/courts/caseload.csv"}


def test_a_ledger_concerns_the_tables_that_cite_it_and_two_files_concern_all(found: Checked) -> None:
    assert set(keep_changed(found, {"raw/sources/example-b.csv"}).tables) == set()
    for ledger in ("example-a.csv", "example-a.taken.csv", "example-a.left_out.csv"):
        cited = keep_changed(found, {f"raw/sources/{ledger}"})
        assert set(cited.tables) == set(found.tables) - {"police.operations"}
    assert any(each.rule == "figures-are-all-taken" for each in keep_changed(found, {"raw/sources/example-a.csv"}).findings)
    for file in ("raw/sources.csv", "raw/waivers.csv"):
        assert keep_changed(found, {file}) == found
    assert keep_changed(found, {"raw/finance/pledges.csv"}).skipped == ["finance.pledges"]


def test_a_finding_in_which_a_changed_cell_takes_part_is_kept(tmp_path: Path) -> None:
    tables = {
        "courts.caseload": "area,period,court,received,pending_at_start,source,section\n330200,2031,all,5件,1件,example-a,1\n",
        "courts.technical_investigators": "area,period,cases,source,section\n330200,2031,10件,example-a,1\n",
    }
    part = keep_changed(checked(write_project(tmp_path, tables)), {"raw/courts/caseload.csv"})
    assert set(part.tables) == {"courts.caseload"}
    assert "cases-are-received-or-carried-over" in {each.rule for each in part.findings}


def test_a_shallow_clone_is_reported_with_the_next_step(repository: Path, tmp_path: Path) -> None:
    git(repository, "commit", "--quiet", "--allow-empty", "--message", "more")
    git(tmp_path, "clone", "--quiet", "--depth", "1", f"file://{repository}", "shallow")
    told = etl(tmp_path / "shallow" / "data", "--changed-since", "HEAD~1")
    assert told.exit_code == 2
    assert "fetch-depth: 0" in told.stderr
