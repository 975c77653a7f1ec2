"""What a data repository uses as it is: the pre-commit hook and the GitHub Action, run as their runners run them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from documents import copy_of_the_project, environment
from gate_project import TABLES, cite_all
from paths import ROOT
from projects import write_project
from sarif_kit import validation_errors

from etl.init.requirement import address_of

BIN = Path(sys.executable).parent
GOOD = TABLES["courts.caseload"].partition("330200,2030")[0]
EXPRESSION = re.compile(r"\$\{\{\s*([\w.-]+)\s*\}\}")
# What the tests have installed serves what is installed here too: no registry is asked.
NO_REGISTRY = {
    "PIP_NO_DEPS": "1",
    "PIP_NO_BUILD_ISOLATION": "0",  # pip reads the variable of a "no" option as the option without the "no"
    "PIP_NO_INDEX": "1",
    "PYTHONPATH": sysconfig.get_path("purelib"),
}


def ran(*command: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    variables = {**environment(cwd, "C.UTF-8"), **NO_REGISTRY, **variables}
    return subprocess.run(command, cwd=cwd, env=variables, capture_output=True, text=True, timeout=300, check=False)


def data_repository(root: Path, folder: str = ".") -> Path:
    """Give a committed repository with a project of good raw tables in a folder."""
    cite_all(write_project(root / folder, {"courts.caseload": GOOD}))
    (root / "notes.md").write_text("notes\n")
    commit(root)
    return root


def commit(root: Path) -> None:
    identity = ("-c", "user.name=A. Clerk", "-c", "user.email=clerk@example.org", "-c", "commit.gpgsign=false")
    for arguments in (("init", "--quiet"), ("add", "--all"), (*identity, "commit", "--quiet", "--message", "all")):
        subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a committed copy of this project, as a data repository names it."""
    copy = copy_of_the_project(tmp_path_factory.mktemp("package"))
    commit(copy)
    return copy


# The pre-commit hook


def test_the_manifest_of_hooks_is_what_pre_commit_takes() -> None:
    checked = ran(str(BIN / "pre-commit"), "validate-manifest", ".pre-commit-hooks.yaml", cwd=ROOT)
    assert checked.returncode == 0, checked.stdout


def test_the_hook_installs_what_workbooks_and_documents_need() -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert hook["additional_dependencies"] == extras["documents"]


@pytest.mark.slow
def test_the_hook_is_installed_and_stops_a_commit_of_a_wrong_figure(package: Path, tmp_path: Path) -> None:
    data = data_repository(tmp_path / "data")

    def hook(*files: str) -> subprocess.CompletedProcess[str]:
        command = (str(BIN / "pre-commit"), "try-repo", str(package), "etl-check", "--verbose", "--files", *files)
        return ran(*command, cwd=data, PRE_COMMIT_HOME=str(tmp_path / "cache"))

    good = hook("raw/courts/caseload.csv")
    assert good.returncode == 0, good.stdout + good.stderr
    assert "the gate is open" in good.stdout
    path = data / "raw" / "courts" / "caseload.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("700件", "900件"), encoding="utf-8")
    wrong = hook("raw/courts/caseload.csv")
    assert wrong.returncode == 1
    assert "error[figure-is-cited] closed: 900件" in wrong.stdout
    elsewhere = hook("notes.md")
    assert elsewhere.returncode == 0
    assert "no files to check" in elsewhere.stdout


# The GitHub Action


def action() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    return loaded


def test_the_action_is_what_github_takes() -> None:
    command = (str(BIN / "check-jsonschema"), "--builtin-schema", "vendor.github-actions", "action.yml")
    checked = ran(*command, cwd=ROOT)
    assert checked.returncode == 0, checked.stdout


def test_every_expression_of_the_action_names_an_input_or_a_step() -> None:
    known = {f"inputs.{name}" for name in action()["inputs"]}
    outputs = {
        f"steps.{step['id']}.outputs.{name}" for step in action()["runs"]["steps"] if "id" in step for name in action()["outputs"]
    }
    named = set(EXPRESSION.findall((ROOT / "action.yml").read_text(encoding="utf-8")))
    assert named == known | outputs
    scripts = "".join(step.get("run", "") for step in action()["runs"]["steps"])
    assert "${{" not in scripts, "an expression in a script would let an input run commands"


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an empty Python, as actions/setup-python leaves one."""
    folder = tmp_path_factory.mktemp("runner") / "python"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    return folder


def act(
    runner: Path, workspace: Path, package: Path, temporary: Path, inputs: Mapping[str, str]
) -> tuple[int, dict[str, str], str]:
    """Run the steps of the action as a runner would; give the exit code, the outputs, and what was printed."""
    temporary.mkdir(parents=True)
    declared = action()
    values = {f"inputs.{name}": inputs.get(name, about["default"]) for name, about in declared["inputs"].items()}
    files = {name: str(temporary / name.lower()) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    variables = {
        "PATH": os.pathsep.join((str(runner / "bin"), "/usr/bin", "/bin")),
        "GITHUB_ACTIONS": "true",
        "GITHUB_ACTION_PATH": str(package),
        "RUNNER_TEMP": str(temporary),
        **files,
    }
    code, printed = 0, ""
    for step in declared["runs"]["steps"]:
        if "run" in step and code == 0:
            given = {name: EXPRESSION.sub(lambda match: values[match[1]], text) for name, text in step.get("env", {}).items()}
            bash = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"])
            done = ran(*bash, cwd=workspace, **variables, **given)
            code, printed = done.returncode, printed + done.stdout + done.stderr
    written = Path(files["GITHUB_OUTPUT"])
    lines = written.read_text(encoding="utf-8").splitlines() if written.exists() else []
    set_by_step = {f"steps.check.outputs.{name}": value for name, _, value in (line.partition("=") for line in lines)}
    assert lines, printed
    outputs = {
        name: EXPRESSION.sub(lambda match: set_by_step[match[1]], about["value"]) for name, about in declared["outputs"].items()
    }
    return code, outputs, printed


@pytest.mark.slow
def test_the_action_checks_annotates_and_reports(runner: Path, package: Path, tmp_path: Path) -> None:
    workspace = data_repository(tmp_path / "workspace", "data")
    inputs = {"project": "data", "formats": "html, junit"}
    code, outputs, printed = act(runner, workspace, package, tmp_path / "first", inputs)
    assert (code, outputs["exit-code"]) == (0, "0"), printed
    assert {path.name for path in Path(outputs["reports"]).iterdir()} == {"findings.sarif", "findings.html", "findings.junit"}
    path = workspace / "data" / "raw" / "courts" / "caseload.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("700件", "900件"), encoding="utf-8")
    code, outputs, printed = act(runner, workspace, package, tmp_path / "second", inputs)
    assert (code, outputs["exit-code"]) == (1, "1"), printed
    assert "\n::error file=data/raw/courts/caseload.csv,line=2,col=22,title=error[figure-is-cited]::" in printed
    log = json.loads(Path(outputs["sarif"]).read_text(encoding="utf-8"))
    assert validation_errors(log) == []
    uris = {each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in log["runs"][0]["results"]}
    assert "data/raw/courts/caseload.csv" in uris
    assert (tmp_path / "second" / "github_step_summary").read_text(encoding="utf-8").startswith("# Validation report")
    code, outputs, _ = act(runner, workspace, package, tmp_path / "third", inputs | {"fail-on": "never"})
    assert (code, outputs["exit-code"]) == (0, "0")


@pytest.mark.parametrize("given", [{"formats": "pdf"}, {"project": "$(touch planted)"}])
def test_an_action_that_cannot_check_fails_and_says_so(
    given: dict[str, str], runner: Path, package: Path, tmp_path: Path
) -> None:
    workspace = data_repository(tmp_path / "workspace")
    code, outputs, _ = act(runner, workspace, package, tmp_path / "temporary", given)
    assert (code, outputs["exit-code"]) == (2, "2")
    assert not (workspace / "planted").exists()


def test_an_installation_from_a_repository_is_named_by_its_tag_or_commit() -> None:
    cloned = {"vcs": "git", "commit_id": "0123abc", "requested_revision": "v9.8.7"}
    installed = {"url": "https://example.org/etl.git", "vcs_info": cloned}
    assert address_of(installed) == "git+https://example.org/etl.git@v9.8.7"
    cloned["requested_revision"] = "main"
    assert address_of(installed) == "git+https://example.org/etl.git@0123abc"
    assert address_of({}) == ""
