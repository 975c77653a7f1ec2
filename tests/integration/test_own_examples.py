"""The examples of a project's own domains: a row that breaks another rule than it says, or none, is found."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import etl
from paths import ROOT
from second_city import EXPECTED, GIVEN, filled, made, write

from etl.project import Project

FOLDER = "tests/examples/fairs/complaints"
FOUND = f"{FOLDER}/given.csv"


def test_examples_that_hold_are_reported_in_both_languages(city: Project) -> None:
    for language, said in (
        ("en", "1 tables of the project's own: 0 faults of their examples\n"),
        ("zh", "自有的表 1 张：示例有 0 处不符\n"),
    ):
        ran = etl(city, "rule", "--examples", "--lang", language)
        assert (ran.exit_code, ran.stdout) == (0, said)


def test_a_project_without_added_domains_has_no_examples(tmp_path: Path) -> None:
    for root in (made(tmp_path / "city"), ROOT):
        ran = etl(root, "rule", "--examples", "--lang", "en")
        assert (ran.exit_code, ran.stdout) == (0, "0 tables of the project's own: 0 faults of their examples\n")


@pytest.mark.parametrize(
    ("given", "expected", "said"),
    [
        (
            GIVEN.replace("1,settled-are-among-received", "1,"),
            EXPECTED,
            [
                f"{FOUND}:3: breaks settled-are-among-received, and is to break nothing",
                f"{FOUND}:1: no row breaks settled-are-among-received",
            ],
        ),
        (GIVEN.replace("30件", "3件"), None, [f"{FOUND}:3: breaks nothing, and is to break settled-are-among-received"]),
        (GIVEN.replace("76%", "7六%"), EXPECTED, [f"{FOUND}:4: breaks figure-is-readable, and is to break settled-share"]),
        (GIVEN.replace("75%", ""), None, [f"{FOUND}:1: no row keeps settled-share-is-of-received"]),
        (GIVEN.replace("all,200件,150件", "all,many,150件"), None, [f"{FOUND}:2: breaks figure-is-readable"]),
        (GIVEN, EXPECTED.replace(",150,", ",15,"), [f"{FOLDER}/expected.csv:2: settled is 150.0, not '15'"]),
        (GIVEN, EXPECTED + EXPECTED.splitlines()[1] + "\n", [f"{FOLDER}/expected.csv:1: 2 rows, and 1 are made"]),
        (GIVEN, EXPECTED.replace("left_open,", ""), [f"{FOLDER}/expected.csv:1: its header must be area,period,fair,received"]),
        (GIVEN, "", [f"{FOLDER}/expected.csv:1: its header must be "]),
    ],
)
def test_an_example_that_does_not_hold_is_reported(given: str, expected: str | None, said: list[str], tmp_path: Path) -> None:
    project = filled(tmp_path / "city")
    write(project.root, {f"{FOLDER}/given.csv": given, f"{FOLDER}/expected.csv": EXPECTED if expected is None else expected})
    ran = etl(project, "rule", "--examples", "--lang", "en")
    assert ran.exit_code == 1, ran.output
    for line in said:
        assert line in ran.stdout


def test_missing_and_unreadable_examples_are_reported(tmp_path: Path) -> None:
    project = filled(tmp_path / "city")
    (project.root / FOLDER / "expected.csv").unlink()
    ran = etl(project, "rule", "--examples", "--lang", "en")
    assert (ran.exit_code, f"{FOLDER}/expected.csv:1: is missing" in ran.stdout) == (1, True)
    (project.root / FOUND).unlink()
    ran = etl(project, "rule", "--examples", "--lang", "en")
    assert (ran.exit_code, f"{FOUND}:1: fairs.complaints has no examples" in ran.stdout) == (1, True)
    for text, said in (
        (GIVEN.replace(",breaks", ",broken"), ":1: its last column"),
        (GIVEN + "990100\n", ":5:1: 1 cell where the header has 9"),
    ):
        write(project.root, {FOUND: text})
        ran = etl(project, "rule", "--examples")
        assert (ran.exit_code, said in ran.stderr) == (2, True), ran.output


def test_the_examples_of_a_register_are_tried_too(tmp_path: Path) -> None:
    root = made(tmp_path / "city", "--district", "330200=某市", "--district", "330300=另市", "--district", "330000=某省")
    examples = ROOT / "tests" / "examples" / "patents" / "grants_register"
    given, expected = ((examples / f"{name}.csv").read_text(encoding="utf-8") for name in ("given", "expected"))
    write(root, {"schemas/inventions.py": (ROOT / "schemas" / "patents.py").read_text(encoding="utf-8")})
    folder = "tests/examples/inventions/grants_register"
    write(root, {"catalogue.txt": "inventions.grants_register register\n", f"{folder}/given.csv": given})
    write(root, {f"{folder}/expected.csv": expected})
    ran = etl(root, "rule", "--examples", "--lang", "en")
    assert ran.exit_code == 0, ran.output
    lines = given.splitlines()
    broken = next(number for number, line in enumerate(lines[1:], start=2) if not line.endswith(","))
    lines[broken - 1] = lines[broken - 1].rpartition(",")[0] + ","
    write(root, {f"{folder}/given.csv": "\n".join(lines) + "\n"})
    ran = etl(root, "rule", "--examples", "--lang", "en")
    assert ran.exit_code == 1
    assert f"{folder}/given.csv:{broken}: breaks " in ran.stdout
