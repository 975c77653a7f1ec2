"""What is not read is said, nothing outside the project is touched, and a gate that ran nothing is not open."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from commands import etl
from listed_projects import HEADER, LEDGER, SOURCE, TABLE, TAKEN, checked, written

from etl.errors import ProjectError
from etl.publishing.raw_folder import staged_raw

# What is not read is said.


@pytest.mark.parametrize(
    "file",
    [
        "raw/courts/caseloads.csv",
        "raw/courts/caseload",
        "raw/courts/Caseload.csv",
        "raw/court/caseload.csv",
        "raw/caseload.csv",
        "raw/source.csv",
        "raw/customs",
        "raw/courts/2025/caseload.csv",
        "raw/sources/b.csv",
        "raw/sources/b.taken.csv",
        "raw/sources/a.takn.csv",
        "raw/sources/a.CSV",
        "schemas/codes/areas.CSV",
        "schemas/codes/areas.xlsx",
        "schemas/codes/unit.csv",
        "raw/sources/a.csv.bak",
        "Catalogue.txt",
        "catalog.txt",
    ],
)
def test_a_file_that_nobody_reads_is_a_warning(file: str, tmp_path: Path) -> None:
    code, output = checked(written(tmp_path, **{file: "code,zh,en,aliases\n"}))
    named = "raw/courts/2025" if "/2025/" in file else file
    assert (code, f"{named}:1:1: warning[file-is-catalogued]" in output) == (0, True), output


@pytest.mark.parametrize("name", ["Thumbs.db", "desktop.ini", ".DS_Store", "~$1.xlsx", ".~lock.1.csv#", "notes.md"])
@pytest.mark.parametrize("folder", ["raw/courts", "raw/courts/cases", "raw"])
def test_files_that_systems_and_editors_leave_are_passed_over(name: str, folder: str, tmp_path: Path) -> None:
    code, output = checked(written(tmp_path, **{f"{folder}/{name}": "x", "raw/courts/cases/.keep": ""}))
    assert (code, name in output) == (0, False), output


def test_declarations_without_a_catalogue_are_a_warning(tmp_path: Path) -> None:
    root = written(tmp_path, **{"schemas/codes/areas.csv": "code,zh,en,parent,aliases\n"})
    (root / "catalogue.txt").unlink()
    assert (
        "schemas:1:1: warning[file-is-catalogued] there is no catalogue.txt, so nothing of this folder is read"
        in checked(root)[1]
    )


@pytest.mark.parametrize(
    "file",
    [
        "raw/waivers.csv",
        "raw/sources.csv",
        "raw/sources/a.csv",
        "raw/sources/a.taken.csv",
        "raw/sources/a.links.csv",
        "catalogue.txt",
    ],
)
@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("nowhere")])
def test_a_folder_pipe_or_lost_link_in_place_of_a_list_stops_the_check(
    file: str, make: Callable[[Path], None], tmp_path: Path
) -> None:
    root = written(tmp_path)
    (root / file).unlink(missing_ok=True)
    make(root / file)
    code, output = checked(root)
    assert (code, f"Error: {file} " in output) == (2, True), output


def test_a_folder_of_ledgers_is_a_warning(tmp_path: Path) -> None:
    code, output = checked(written(tmp_path, **{"raw/sources/2025/a.csv": LEDGER}))
    assert (code, "raw/sources/2025:1:1: warning[file-is-catalogued] is a folder" in output) == (0, True), output


HEAD = TABLE.partition("\n")[0] + "\n"
NO_LEDGER = "nothing to link: no document of raw/sources.csv has a ledger"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, ["a: 2 linked"]),
        ({"raw/sources/b.csv": LEDGER}, ["a: 2 linked", "raw/sources/b.csv: raw/sources.csv lists no document 'b'"]),
        ({"raw/sources/a.csv": ""}, ["a: 2 figures are not linked, for there is no ledger raw/sources/a.csv", NO_LEDGER]),
        ({"raw/courts/caseload.csv": HEAD}, ["a: 0 linked", "nothing to link: no figure of raw/ names a document"]),
        (
            {"raw/courts/caseload.csv": TABLE.replace(",a,", ",b,")},
            ["a: 0 linked", "caseload.csv: 2 figures are not linked, for"],
        ),
        ({"raw/courts/caseload.csv": TABLE.replace("section", "sect")}, ["a: 0 linked", "it lacks the column source or section"]),
        ({"raw/sources.csv": HEADER}, ["raw/sources/a.csv: raw/sources.csv lists no document 'a'", NO_LEDGER]),
    ],
)
def test_cite_says_what_it_does_not_link(files: dict[str, str], said: list[str], tmp_path: Path) -> None:
    root = written(tmp_path, **{file: text for file, text in files.items() if text})
    for file in (file for file, text in files.items() if not text):
        (root / file).unlink()
    ran = etl(root, "cite", "--lang", "en")
    assert (ran.exit_code, [each for each in said if each not in ran.output]) == (0, []), ran.output


# Nothing outside the project is read, quoted or written.

SECRET = "root:x:0:0"


@pytest.mark.parametrize(
    "file",
    [
        *("raw/waivers.csv", "raw/sources.csv", "raw/sources/a.csv", "raw/sources/a.taken.csv", "raw/sources/a.links.csv"),
        *(
            "raw/courts/caseload.csv",
            "raw/courts/cases.csv",
            "raw/courts/cases.csv.gz",
            "raw/courts/cases/1.csv",
            "catalogue.txt",
        ),
        *("schemas/codes/areas.csv", "raw/sources", "raw/courts", "raw", "raw/courts/cases", "warehouse", "raw/more"),
    ],
)
@pytest.mark.parametrize("command", ["check", "cite", "run"])
def test_a_link_out_of_the_project_is_neither_read_nor_quoted_nor_written(file: str, command: str, tmp_path: Path) -> None:
    root, outside = written(tmp_path / "project"), tmp_path / "outside"
    outside.mkdir()
    (outside / "passwd").write_text(f"{SECRET}\n")
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.is_dir():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    is_folder = "." not in path.name
    if file == "raw":
        shutil.copytree(written(tmp_path / "other") / "raw", outside / "raw")
    path.symlink_to((outside / "raw" if file == "raw" else outside) if is_folder else outside / "passwd")
    before = sorted(outside.rglob("*"))
    ran = etl(root, command)
    assert SECRET not in ran.output
    assert sorted(outside.rglob("*")) == before
    assert (outside / "passwd").read_text() == f"{SECRET}\n"
    assert ran.exit_code or file in ("warehouse", "raw/more", "raw/courts", "schemas/codes/areas.csv") or command == "cite"
    if command == "run" and file != "raw/more":
        assert ran.exit_code
        assert not (root / "warehouse" / "ip.duckdb").exists()


@pytest.mark.parametrize("link", ["schemas", "schemas/fairs.py", "transforms"])
def test_declarations_that_are_links_out_of_the_project_do_not_run(link: str, tmp_path: Path) -> None:
    root, outside = written(tmp_path / "project", **{"catalogue.txt": "fairs.complaints\n"}), tmp_path / "outside"
    outside.mkdir()
    (outside / "fairs.py").write_text("from pathlib import Path\nPath(__file__).with_name('ran').touch()\n")
    if link == "schemas/fairs.py":
        (root / "schemas").mkdir()
    (root / link).symlink_to(outside / "fairs.py" if link.endswith(".py") else outside)
    code, output = checked(root)
    assert (code, f"Error: {link} leads out of the project" in output) == (2, True), output
    assert [path.name for path in outside.iterdir()] == ["fairs.py"]


@pytest.mark.parametrize(
    ("link", "arguments"),
    [
        ("raw/fairs", ("new", "fairs.visits", "--from", "{file}")),
        ("tests", ("new", "fairs.visits", "--from", "{file}")),
        ("tests/examples", ("new", "fairs.visits", "--from", "{file}")),
        ("raw/sources", ("extract", "{file}", "-o", "{root}/raw/sources/z.csv")),
    ],
)
def test_nothing_is_written_through_a_link_out_of_the_project(link: str, arguments: Sequence[str], tmp_path: Path) -> None:
    root, outside = written(tmp_path / "project"), tmp_path / "outside"
    outside.mkdir()
    if (root / link).is_dir():
        shutil.rmtree(root / link)
    (root / link).parent.mkdir(exist_ok=True)
    (root / link).symlink_to(outside)
    (tmp_path / "t.csv").write_text("地区,时期,投诉（件）\n宁波市,2024,12\n宁波市,2025,15\n", encoding="utf-8")
    ran = etl(root, *(each.format(file=tmp_path / "t.csv", root=root) for each in arguments))
    assert (ran.exit_code, "leads out of the project" in ran.output) == (2, True), ran.output
    assert not [*outside.iterdir()]


def test_raw_files_are_not_staged_beside_a_warehouse_outside_the_project(tmp_path: Path) -> None:
    root, outside = written(tmp_path / "project"), tmp_path / "outside"
    outside.mkdir()
    (root / "warehouse").symlink_to(outside)
    with pytest.raises(ProjectError, match="warehouse leads out of the project"), staged_raw(root):
        pass
    assert not [*outside.iterdir()]


def test_an_id_with_a_path_writes_nowhere(tmp_path: Path) -> None:
    root = written(tmp_path / "project", **{"raw/sources.csv": HEADER + f"../../../evil{SOURCE[1:]}"})
    (tmp_path / "evil.csv").write_text(LEDGER, encoding="utf-8")
    assert etl(root, "cite").exit_code == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["evil.csv", "project"]


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    root = written(tmp_path)
    for number in range(6):
        (root / "raw" / f"m{number}").mkdir()
        for other in range(6):
            (root / "raw" / f"m{number}" / f"l{other}").symlink_to(f"../m{other}")
    (root / "raw" / "courts" / "up").symlink_to("..")
    assert etl(root, "run").exit_code == 0


# A gate that ran nothing is not open.


@pytest.mark.parametrize(
    "arguments",
    [
        ("--ignore", "*"),
        ("--select", "figure-is-readable", "--ignore", "figure-is-readable"),
        ("--select", "key-*", "--ignore", "key-is-unique"),
        ("--domain", "patents", "--select", "closed-are-within-received"),
        ("--domain", "customs", "--select", "key-is-unique"),
        ("--domain", "customs", "--select", "file-is-readable"),
        ("--domain", "courts", "--select", "figures-are-all-taken"),
        ("--select", "record-is-known-once"),
        ("--select", "filed-are-among-the-leads"),
        ("--domain", "courts", "--ignore", "*"),
    ],
)
def test_a_selection_that_leaves_no_rule_is_no_pass(arguments: tuple[str, ...], tmp_path: Path) -> None:
    root = written(tmp_path)
    for fail_on in ("error", "never"):
        code, output = checked(root, *arguments, "--fail-on", fail_on)
        assert (code, output.strip().endswith("could not check: no rule is left to run")) == (2, True), output


@pytest.mark.parametrize(
    "arguments", [("--select", "key-is-unique"), ("--select", "file-is-catalogued"), ("--domain", "customs")]
)
def test_a_selection_that_leaves_a_rule_passes(arguments: tuple[str, ...], tmp_path: Path) -> None:
    code, output = checked(written(tmp_path), *arguments)
    assert (code, "no table is there, so none is checked" in output) == (0, "customs" in arguments), output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("coverage",), "There is no figure, so that none is covered"),
        (("coverage", "--source", "a"), "There is no figure of a, so that none is covered"),
        (("coverage", "--source", "b"), "No source 'b'"),
        (("mutate", "--source", "a"), "No figure of a can be changed"),
        (("mutate", "--source", "b"), "No source 'b'"),
    ],
)
def test_a_coverage_or_trial_of_nothing_is_no_pass(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    header = {"raw/courts/caseload.csv": TABLE.partition("\n")[0] + "\n", "raw/sources/a.csv": LEDGER.partition("\n")[0] + "\n"}
    ran = etl(written(tmp_path, **header, **{"raw/sources/a.taken.csv": TAKEN}), *arguments)
    assert (ran.exit_code, said in ran.output) == (2, True), ran.output
