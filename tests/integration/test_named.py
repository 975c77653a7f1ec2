"""What `etl check PATH|ADDRESS …` names: files, folders, tables, domains, lists, and what is none of these."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from gate_project import every_kind
from projects import write_project

from etl.api import Project
from etl.cli import main
from etl.documents.ledger_faults import LEDGER_COLUMNS
from etl.gate.named import named_parts
from etl.gate.scope import keep_named

CASELOAD = "area,period,court,received,closed,pending_at_start,source,section\n330200,2031,all,5件,9件,1件,example-a,1\n"
TABLES = {
    "courts.caseload": CASELOAD,
    "courts.technical_investigators": "area,period,cases,share_pct,source,section\n330200,2031,10件,-,example-a,1\n",
    "police.operations": "area,period,cases,solved,suspects,value_yuan,source,section\n330200,2031,1件,9件,-,-,example-b,1\n",
}

BOTH = {"courts/caseload.csv", "courts/technical_investigators.csv"}
"""The tables that a rule relates."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = write_project(tmp_path_factory.mktemp("repository") / "data", TABLES).root
    (root / "raw" / "README.md").write_text("A note.\n", encoding="utf-8")
    (root / "raw" / "courts" / "caselod.csv").write_text("a\n", encoding="utf-8")
    (root / "build").mkdir()
    (root / "build" / "out.csv").write_text("a\n", encoding="utf-8")
    return root


def etl(root: Path, *names: str, lang: str = "en") -> Result:
    return CliRunner().invoke(main, ["check", *names, "--project", str(root), "--lang", lang], catch_exceptions=False)


def places(ran: Result) -> set[str]:
    return {line.partition(":")[0].removeprefix("raw/") for line in ran.stdout.splitlines() if line.startswith("raw/")}


@pytest.mark.parametrize(
    ("names", "files"),
    [
        (("data/raw/courts/caseload.csv",), BOTH),
        (("raw/courts/caseload.csv",), BOTH),
        (("courts.caseload",), BOTH),
        (("courts.benches",), set()),
        (("police",), {"police/operations.csv"}),
        (("data/raw/police/", "courts.benches"), {"police/operations.csv"}),
        (("police.operations", "courts.caseload"), {"police/operations.csv", *BOTH}),
        (("raw/courts/caselod.csv",), {"courts/caselod.csv"}),
        (("raw/README.md",), set()),
        (("raw/courts",), {*BOTH, "courts/caselod.csv"}),
    ],
)
def test_only_what_is_named_is_shown(
    names: tuple[str, ...], files: set[str], root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root.parent)
    ran = etl(root, *names)
    assert ran.exit_code == int(bool(files - {"courts/caselod.csv"})), ran.output
    assert places(ran) == files


@pytest.mark.parametrize("name", ["raw/sources.csv", ".", "raw"])
def test_a_list_of_all_tables_or_the_whole_folder_names_everything(
    name: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    assert places(etl(root, name)) == places(etl(root)) > {"police/operations.csv"}


def test_a_ledger_names_the_tables_that_cite_its_document(root: Path) -> None:
    ledger = root / "raw" / "sources" / "example-b.csv"
    ledger.parent.mkdir(exist_ok=True)
    ledger.write_text(",".join(LEDGER_COLUMNS) + "\n", encoding="utf-8")
    ran = etl(root, "raw/sources/example-b.csv")
    ledger.unlink()
    assert places(ran) == {"police/operations.csv"}


def test_a_rule_between_tables_is_shown_with_either_of_them(root: Path) -> None:
    for name in ("courts.caseload", "courts.technical_investigators"):
        assert "cases-are-received-or-carried-over" in etl(root, name).stdout, name


def test_a_domain_is_named_by_option_and_argument_alike(root: Path) -> None:
    assert etl(root, "police").stdout == etl(root, "--domain", "police").stdout
    assert places(etl(root, "police", "--domain", "courts")) >= {"police/operations.csv", "courts/caseload.csv"}


@pytest.mark.parametrize(
    ("name", "said", "said_in_chinese"),
    [
        ("raw/courts/caseloads.csv", "Did you mean 'raw/courts/caseload.csv'?", "是否应为“raw/courts/caseload.csv”？"),
        ("courts.caselod", "Did you mean 'courts.caseload'?", "是否应为“courts.caseload”？"),
        ("cuorts", "Did you mean 'courts'?", "是否应为“courts”？"),
        ("build/out.csv", "is no file that a check reads", "不是检查所读取的文件"),
        ("build", "holds no file that a check reads", "没有检查所读取的文件"),
        ("/etc/hosts", "is no file that a check reads", "不是检查所读取的文件"),
        ("", "is not there", "不存在"),
    ],
)
def test_a_name_of_nothing_is_refused_with_the_nearest(name: str, said: str, said_in_chinese: str, root: Path) -> None:
    ran = etl(root, "courts.caseload", name)
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert said in ran.stderr
    assert said_in_chinese in etl(root, name, lang="zh").stderr


def test_each_table_is_found_to_be_what_the_check_of_all_finds(tmp_path: Path) -> None:
    project = every_kind(tmp_path)
    whole = Project(tmp_path).check().checked
    for address in [*whole.tables, *whole.skipped[:2]]:
        expected = keep_named(whole, named_parts(project, [address]))
        found = Project(tmp_path).check(address).checked
        assert list(found.tables) == list(expected.tables)
        assert found.skipped == expected.skipped
        assert found.findings == expected.findings
        assert {each: len(outcomes) for each, outcomes in found.outcomes.items()} == {
            each: len(outcomes) for each, outcomes in expected.outcomes.items()
        }


def test_quiet_prints_findings_and_a_bad_verdict_only(root: Path) -> None:
    assert (etl(root, "courts.benches", "-q").output, etl(root, "raw/README.md", "-q").output) == ("", "")
    ran = etl(root, "police", "--quiet")
    assert ran.stderr == ""
    assert {line.partition(":")[0] for line in ran.stdout.splitlines()} == {"raw/police/operations.csv", "the gate is shut"}


def test_a_table_of_domains_is_printed_of_several_with_findings_and_of_all_on_request(root: Path) -> None:
    assert "│" not in etl(root, "police").stdout
    told = etl(root).stdout
    assert ("│ Police" in told, "│ Courts" in told, "│ total" in told) == (True, True, True)
    assert "│ Police" in etl(root, "police", "-v").stdout
    assert etl(root, "-q", "-v").exit_code == 2


def test_one_finding_takes_two_lines(tmp_path: Path) -> None:
    write_project(tmp_path, {"courts.caseload": CASELOAD})
    ran = etl(tmp_path, "courts.caseload", "--ignore", "figure-is-cited")
    assert len(ran.stdout.splitlines()) == 2, ran.stdout


def test_python_names_parts_as_the_command_does(root: Path) -> None:
    result = Project(root).check("courts.caseload", "police")
    assert set(result.checked.tables) == {"courts.caseload", "police.operations"}
    assert set(Project(root).check(domain="police").checked.tables) == {"police.operations"}
