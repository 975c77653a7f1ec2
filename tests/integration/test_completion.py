"""What bash, zsh and fish complete: commands, options, and values from the project, without a data frame library."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.shell_completion import BashComplete, FishComplete, ShellComplete, ZshComplete
from commands import python
from projects import write_project

from etl.catalogue import PACKAGE
from etl.cli import main
from etl.cli.complete import rule_names
from etl.gate.scope import known_rules

TABLES = {"courts.caseload": "area,period,court,received,closed,source,section\n"}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_project(tmp_path_factory.mktemp("project"), TABLES).root
    (root / "warehouse").mkdir()
    (root / "warehouse" / "ip.20340101T000000.000000-1.duckdb").touch()
    return root


def completed(root: Path, *words: str, shell: type[ShellComplete] = BashComplete) -> list[str]:
    arguments = [*words[:1], "--project", str(root), *words[1:-1]]
    return [each.value for each in shell(main, {}, "etl", "_ETL_COMPLETE").get_completions(arguments, words[-1])]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("check", "courts.c"), ["courts.caseload", "courts.cases", "courts.c"]),
        (("check", "cour"), ["courts", "courts.caseload", "courts.benches"]),
        (("check", "--domain", "pol"), ["police"]),
        (("check", "--select", "growth-is-from"), ["growth-is-from-whole-cases"]),
        (("check", "--ignore", "key-is-unique,growth-is-from"), ["key-is-unique,growth-is-from-whole-cases"]),
        (("check", "--fail-on", "w"), ["warning"]),
        (("check", "--qui"), ["--quiet"]),
        (("rule", "key-is"), ["key-is-unique"]),
        (("tables", "police."), ["police.operations"]),
        (("trace", "courts.caseload.rec"), ["courts.caseload.received"]),
        (("export", "--to", "csv", "police"), ["police", "police.operations"]),
        (("rollback", "2034"), ["20340101T000000.000000-1"]),
        (("coverage", "--source", "example"), ["example-a", "example-b"]),
        (("report", "--area", "33020"), ["330200", "330203"]),
        (("generate", "courts"), ["courts.cases"]),
        (("fill", "--area", "3302"), ["330200"]),
    ],
)
def test_values_are_completed_from_the_project(words: tuple[str, ...], expected: list[str], root: Path) -> None:
    found = completed(root, *words)
    assert set(expected) <= set(found)
    assert all(each.startswith(words[-1]) for each in found)


@pytest.mark.parametrize("shell", [BashComplete, ZshComplete, FishComplete])
def test_each_shell_has_a_script_and_completes(shell: type[ShellComplete], root: Path) -> None:
    complete = shell(main, {}, "etl", "_ETL_COMPLETE")
    assert "_ETL_COMPLETE" in complete.source_template % complete.source_vars()
    assert completed(root, "check", "--domain", "pol", shell=shell) == ["police"]


def test_what_is_no_project_completes_nothing(tmp_path: Path) -> None:
    (tmp_path / "etl.toml").write_text("no toml [", encoding="utf-8")
    for words in (("coverage", "--source", ""), ("rollback", "")):
        assert completed(tmp_path, *words) == []
    assert "police" in completed(tmp_path, "check", "--domain", "")


def test_the_list_of_rules_is_that_of_the_package() -> None:
    assert rule_names() == sorted(known_rules(PACKAGE))


def test_completing_imports_no_data_frame_library(root: Path) -> None:
    code = """
import sys
from click.shell_completion import BashComplete
from etl.cli import main
for words in (["check"], ["check", "--select"], ["trace"], ["rollback"], ["report", "--area"], ["coverage", "--source"]):
    BashComplete(main, {}, "etl", "_ETL_COMPLETE").get_completions(words, "")
print({"polars", "pandera", "duckdb", "narwhals"} & {*sys.modules})
"""
    ran = python(code, cwd=root)
    assert ran.stdout == "set()\n", ran.stderr
