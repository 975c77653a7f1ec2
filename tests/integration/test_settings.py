"""Settings: which of a file, the environment and the command line wins, and what is wrong with a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from projects import write_project

from etl.cli import main
from etl.input_snapshot import take_snapshot

TABLE = "area,period,court,received,closed,source,section\n330200,2030,all,100件,90件,example-a,1\n"
CHECK = ("check", "--domain", "courts", "--ignore", "figure-is-cited")
SLIP = TABLE.replace("90件", "900件")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_project(tmp_path, {"courts.caseload": TABLE}).root


def etl(root: Path, *arguments: str, **environment: str) -> Result:
    return CliRunner(env=environment).invoke(main, [*arguments, "--project", str(root)], catch_exceptions=False)


def write(root: Path, text: str, name: str = "etl.toml") -> None:
    (root / name).write_text(text, encoding="utf-8")


def test_without_settings_the_defaults_hold(root: Path) -> None:
    assert "No setting is chosen" in etl(root, "config", "--lang", "en").stdout
    assert etl(root, *CHECK, "--lang", "en").stderr == ""


def test_a_file_chooses_the_language_of_every_command(root: Path) -> None:
    write(root, 'language = "zh"')
    assert "通过" in etl(root, *CHECK).stdout
    assert "领域" in etl(root, "tables", "--domain", "courts").stdout or "收案" in etl(root, "tables", "courts.caseload").stdout


def test_the_command_line_wins_over_the_environment_and_that_over_the_file(root: Path) -> None:
    write(root, 'language = "zh"')
    assert "the gate is open" in etl(root, *CHECK, ETL_LANGUAGE="en").stdout
    assert "通过" in etl(root, *CHECK, "--lang", "zh", ETL_LANGUAGE="en").stdout


def test_what_a_setting_changes_of_the_gate_is_said(root: Path) -> None:
    write_project(root, {"courts.caseload": SLIP})
    write(root, 'language = "en"\nfail-on = "never"')
    ran = etl(root, *CHECK)
    assert ran.exit_code == 0
    assert ran.stderr.startswith("etl: fail-on = never (etl.toml)\n")
    assert etl(root, *CHECK, "--fail-on", "information").exit_code == 1


def test_a_table_of_pyproject_is_read_where_there_is_no_file_of_its_own(root: Path) -> None:
    write(root, '[project]\nname = "x"\n[tool.ip-bulletin-etl]\nlanguage = "zh"\n', "pyproject.toml")
    assert "language: zh  [pyproject.toml, [tool.ip-bulletin-etl]]" in etl(root, "config").stdout
    write(root, 'language = "en"')
    assert "language: en  [etl.toml]" in etl(root, "config").stdout


def test_a_pyproject_without_settings_is_left_to_others(root: Path) -> None:
    write(root, "no toml [", "pyproject.toml")
    assert etl(root, *CHECK).exit_code == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("fail-onn = 1", "etl.toml: 'fail-onn' is no setting. Did you mean 'fail-on'?"),
        ('fail-on = "sometimes"', "etl.toml: fail-on: 'sometimes' is not one of"),
        ("max-rows = -1", "etl.toml: max-rows: -1 is not in the range"),
        ("max-rows = [1]", "etl.toml: max-rows: [1] is no text, whole number, true or false"),
        ("strict = 'perhaps'", "etl.toml: strict: 'perhaps' is not a valid boolean"),
        ("language", "etl.toml is no TOML in UTF-8"),
        ("ignore = 'growth-is-from-whole-cases'", "etl.toml: ignore is no table of rules"),
        ("[ignore]\ngrowth-is-from-whole-cases = ''", "etl.toml: ignore: growth-is-from-whole-cases has no reason"),
        ("[ignore]\nno-such-rule = 'why'", "no-such-rule"),
        ("domains = ['court']", "No domain 'court'. Did you mean 'courts'?"),
        ("domains = [1]", "etl.toml: domains: [1] is no text"),
        ("[gate]\nfail-on = 'error'", "etl.toml: 'gate' is no setting"),
    ],
)
def test_a_fault_of_a_file_is_named(text: str, said: str, root: Path) -> None:
    write(root, text)
    ran = etl(root, "check")
    assert ran.exit_code == 2
    assert said in ran.stderr


def test_a_file_that_leads_out_of_the_project_is_refused(root: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "etl.toml"
    outside.write_text("fail-on = 'never'", encoding="utf-8")
    (root / "etl.toml").symlink_to(outside)
    ran = etl(root, "check")
    assert ran.exit_code == 2
    assert "leads out of the project" in ran.stderr


def test_a_folder_in_place_of_the_file_is_refused(root: Path) -> None:
    (root / "etl.toml").mkdir()
    assert "etl.toml is no file" in etl(root, "check").stderr


def test_an_ignored_rule_with_a_reason_is_switched_off_in_check_and_run(root: Path) -> None:
    write_project(root, {"courts.caseload": SLIP})
    rule = "closed-are-within-received"
    only = ("check", "--domain", "courts", "--fail-on", "information", "--ignore", "figure-is-cited")
    assert rule in etl(root, *only).stdout
    write(root, f'[ignore]\n{rule} = "no carry-over is printed"\nclosed-are-received-or-carried-over = "nor here"')
    checked = etl(root, *only, "--lang", "en")
    assert checked.exit_code == 0, checked.output
    told = etl(root, "check", "--lang", "en").stderr
    assert f"etl: etl.toml: {rule} of " in told
    assert "courts.caseload is set to off: no carry-over is printed" in told
    assert "etl.toml switches rules off: 2" in checked.stdout
    assert f"ignore: {rule}  [etl.toml]\n    no carry-over is printed" in etl(root, "config").stdout


def test_domains_narrow_a_check_that_names_nothing(root: Path) -> None:
    write(root, 'domains = ["police", "customs"]')
    told = etl(root, "check", "--lang", "en")
    assert told.exit_code == 0
    assert "domains = police,customs (etl.toml)" in told.stderr
    assert etl(root, "check", "courts.caseload").exit_code == 1
    assert etl(root, "check", "--domain", "courts").exit_code == 1


def test_a_change_of_the_settings_is_a_change_of_what_a_load_is_made_of(root: Path) -> None:
    before = take_snapshot(root).inputs
    write(root, '[ignore]\ngrowth-is-from-whole-cases = "why"')
    assert {each.path for each in set(take_snapshot(root).inputs) - set(before)} == {"etl.toml"}
