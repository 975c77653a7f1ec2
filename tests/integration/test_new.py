"""Tables that offices hand in become tables of the catalogue: what `etl new` writes passes as if a person had written it."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from commands import faults_of_examples, python
from documents import copy_of_the_project, environment
from handed_in_tables import TABLES, write_caseload
from paths import ROOT

from etl.cli import main

RULES = {
    "local.caseload": {
        "pending_at_start_sum_over_court", "received_sum_over_court", "closed_sum_over_court", "pending_at_end_sum_over_court",
        "carried_over_is_what_was_carried_on", "carried_on_is_what_is_left", "clearance_pct_is_of_received",
    },
    "emerging.stock": {
        "valid_inventions_sum_over_industry", "high_value_inventions_sum_over_industry",
        "valid_inventions_share_pct_sum_to_the_whole", "valid_inventions_share_pct_is_of_all",
        "valid_inventions_growth_pct_leads_from_the_year_before",
        "high_value_inventions_share_of_valid_inventions_fits_its_parts",
    },
    "customs.channels": {
        "consignments_is_the_sum_of_its_parts", "value_growth_pct_leads_from_the_year_before",
        "trademarks_infringement_value_yuan_are_among_value_yuan",
    },
}  # fmt: skip


EXPLAINED = """
import sys
from etl.catalogue import PACKAGE
from schemas.models import columns, rules, titles

for model in (PACKAGE.entry(address).model for address in sys.argv[1:]):
    assert all(titles(model)), model
    assert all(column.meaning.zh and column.meaning.en for column in columns(model)), model
    assert all(rule.zh and rule.reason.endswith(".") for rule in rules(model)), model
"""


def ran(project: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", *command],
        cwd=project,
        env=environment(project, "C.UTF-8"),
        capture_output=True,
        text=True,
        check=False,
    )


def etl(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    code = "import sys; from etl.cli import main; main(sys.argv[1:], prog_name='etl')"
    command = [sys.executable, "-P", "-c", code, *arguments]
    return subprocess.run(command, cwd=project, env=environment(project, "C.UTF-8"), capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project in which all three tables were handed in."""
    folder = tmp_path_factory.mktemp("handed-in")
    project = copy_of_the_project(folder)
    for address, (write, options) in TABLES.items():
        proposed = etl(project, "new", address, "--from", str(write(folder)), *options)
        assert proposed.returncode == 0, proposed.stdout + proposed.stderr
    return project


@pytest.mark.parametrize("address", TABLES)
def test_the_rules_that_the_table_is_made_by_are_found_and_no_others(made: Path, address: str) -> None:
    domain, _, table = address.partition(".")
    text = (made / "schemas" / f"{domain}.py").read_text(encoding="utf-8")
    own = text[text.index(f"class {table.capitalize()}(") :]
    assert set(re.findall(r"def (\w+)\(cls", own)) == RULES[address]


def test_each_rule_has_a_row_that_breaks_it_and_the_marts_are_as_expected(made: Path, tmp_path: Path) -> None:
    assert faults_of_examples(made, tmp_path / "examples", *TABLES) == []


def test_the_tables_and_their_rules_are_explained_in_both_languages(made: Path) -> None:
    assert python(EXPLAINED, *TABLES, cwd=made).stderr == ""


def test_the_code_is_formatted_sound_and_typed(made: Path) -> None:
    files = [f"schemas/{domain}.py" for domain in ("local", "emerging", "customs")]
    assert ran(made, "ruff", "check", "--no-cache", *files, "etl/catalogue.py").stdout == "All checks passed!\n"
    assert ran(made, "ruff", "format", "--no-cache", "--check", *files, "etl/catalogue.py").returncode == 0
    if (ROOT / ".mypy_cache").is_dir():  # what mypy knows of other packages is the same for the copy
        shutil.copytree(ROOT / ".mypy_cache", made / ".mypy_cache", dirs_exist_ok=True)
    typed = ran(made, "mypy", *files)
    assert "Success" in typed.stdout, typed.stdout


def test_the_rules_are_linted_and_the_gate_stays_open(made: Path) -> None:
    linted = etl(made, "rule", "--lint")
    assert linted.returncode == 0, linted.stdout
    assert not [line for line in linted.stdout.splitlines() if re.match("schemas/(local|emerging|customs).py", line)]
    checked = etl(made, "check", "--fail-on", "warning")
    assert checked.returncode == 0, checked.stdout
    assert not re.search(r"raw/(local|emerging|customs/channels)[^\n]*\[(?!file-is-plain)", checked.stdout)


@pytest.mark.parametrize("address", TABLES)
def test_every_figure_handed_in_is_in_the_raw_table_as_it_is_printed(made: Path, address: str, tmp_path: Path) -> None:
    write, _ = TABLES[address]
    file = write(tmp_path)
    raw = made.joinpath("raw", *address.split(".")).with_suffix(".csv").read_text(encoding="utf-8")
    held = {cell for row in csv.reader(raw.splitlines()) for cell in row}
    if file.suffix == ".csv":
        text = file.read_bytes().decode("gb18030" if address.startswith("customs") else "utf-8-sig")
        cells = {cell for row in list(csv.reader(text.splitlines()))[2:] for cell in row[3:]}
        assert {cell for cell in cells if re.fullmatch(r"-?[0-9.]+", cell)} <= held
    assert len(held) > 25


def test_a_changed_figure_of_a_table_handed_in_is_found(made: Path) -> None:
    path = made / "raw" / "local" / "caseload.csv"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace(",1700,", ",1070,"), encoding="utf-8")
    try:
        checked = etl(made, "check", "--domain", "local", "--lang", "en")
    finally:
        path.write_text(before, encoding="utf-8")
    assert checked.returncode == 1
    for rule in ("received-sum-over-court", "carried-on-is-what-is-left", "clearance-pct-is-of-received", "figure-is-cited"):
        assert f"error[{rule}]" in checked.stdout, rule


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not {"__pycache__", ".mypy_cache"} & {*path.parts}
    }


def test_a_dry_run_and_a_name_that_is_taken_change_nothing(made: Path, tmp_path: Path) -> None:
    file = write_caseload(tmp_path)
    before = tree(made)
    dry = etl(made, "new", "local.more", "--from", str(file), "--source", "more", "--dry-run", "--lang", "en")
    assert dry.returncode == 0, dry.stderr
    assert "would be written:" in dry.stdout and "raw/local/more.csv" in dry.stdout
    for address, options, message in (
        ("local.caseload", ("--source", "more"), "in the catalogue already"),
        ("local.more", (), "in raw/sources.csv already"),
    ):
        refused = etl(made, "new", address, "--from", str(file), *options)
        assert refused.returncode == 2
        assert message in refused.stderr, refused.stderr
    assert tree(made) == before


def test_a_file_that_cannot_be_written_leaves_none_of_the_others(made: Path, tmp_path: Path) -> None:
    (made / "tests" / "examples" / "blocked").write_text("a file where a folder is needed", encoding="utf-8")
    before = tree(made)
    failed = etl(made, "new", "blocked.caseload", "--from", str(write_caseload(tmp_path)), "--source", "blocked")
    assert failed.returncode != 0
    assert tree(made) == before
    assert not (made / "raw" / "blocked").exists()
    (made / "tests" / "examples" / "blocked").unlink()


def test_an_office_project_takes_a_new_domain(tmp_path: Path) -> None:
    project = tmp_path / "shaoxing"
    main(["init", str(project), "--area", "330600"], standalone_mode=False)
    file = tmp_path / "caseload.csv"
    file.write_bytes(write_caseload(tmp_path).read_bytes().replace("宁波市".encode(), "绍兴市".encode()))
    proposed = etl(tmp_path, "new", "local.caseload", "--from", str(file), "--project", str(project))
    assert proposed.returncode == 0, proposed.stderr
    assert [path.relative_to(project).as_posix() for path in project.glob("*/local.py")] == ["schemas/local.py"]
    assert (project / "catalogue.txt").read_text(encoding="utf-8").splitlines()[-1] == "local.caseload"
    assert len((project / "raw" / "local" / "caseload.csv").read_text(encoding="utf-8").splitlines()) == 11
    checked = etl(tmp_path, "check", "--domain", "local", "--project", str(project), "--lang", "en")
    assert checked.returncode == 0, checked.stdout + checked.stderr


@pytest.mark.slow
def test_a_project_adds_tables_to_a_domain_of_the_package(tmp_path: Path) -> None:
    project = tmp_path / "ningbo"
    main(["init", str(project), "--area", "330200"], standalone_mode=False)
    with (project / "catalogue.txt").open("a", encoding="utf-8") as listed:
        listed.write("use patents\n")
    file = str(write_caseload(tmp_path))
    before = tree(project)
    refused = etl(tmp_path, "new", "courts.caseload", "--from", file, "--project", str(project))
    assert "in the catalogue already" in refused.stderr
    assert tree(project) == before
    for address, source in (("courts.by_court", "one"), ("courts.again", "other")):
        proposed = etl(tmp_path, "new", address, "--from", file, "--source", source, "--project", str(project))
        assert proposed.returncode == 0, proposed.stderr
    checked = etl(tmp_path, "check", "--domain", "courts", "--project", str(project), "--lang", "en")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    tried = etl(tmp_path, "rule", "--examples", "--project", str(project), "--lang", "en")
    assert tried.stdout == "2 tables of the project's own: 0 faults of their examples\n", tried.stdout + tried.stderr
