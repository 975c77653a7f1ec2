"""The documents do what they say: every command runs, in order, and prints what is shown below it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from commands import faults_of_examples
from documents import Block, assert_prints, blocks, carry_out, copy_of_the_project
from paths import ROOT

from etl.cli import main
from etl.figures.grammar import read_figures
from etl.figures.words import PACKAGE_NOTATION


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


LARGEST_README = 8_000
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))
READMES = {"README.md": "en_US.UTF-8", "README.zh-CN.md": "zh_CN.UTF-8"}
TRIED_ELSEWHERE = tuple(f"{page}{ending}" for page in ("connect", "engines") for ending in (".md", ".zh-CN.md"))
DOCUMENTS = (*READMES, "CONTRIBUTING.md", "raw/README.md", "warehouse/README.md")
DOCUMENTS += tuple(page for page in PAGES if not page.endswith(TRIED_ELSEWHERE))
NOT_RUN = re.compile(
    r"make( [a-z]+)+|\. \.venv/bin/activate|pip install -e \.|git .*"
    r"|(\w+=\S+ )?python -m pytest( -\w \w+)*( tests/[\w/]+(\.py)?)+"
)
KIND = re.compile(
    r"sh( setup| slow| elsewhere| in=\S+)?|(sh|python|sql) output( (first|last)=\d+| in=\S+)*|text( layout)?|toml|yaml|python"
)
STEP = re.compile(r"(?:schemas|etl|tests)/")


@pytest.mark.parametrize("name", ["README.md", pytest.param("README.zh-CN.md", marks=pytest.mark.slow)])
def test_every_command_of_the_readme_runs_and_prints_what_is_shown(name: str, tmp_path: Path) -> None:
    carry_out(blocks(name), copy_of_the_project(tmp_path), READMES[name])


@pytest.mark.parametrize("name", READMES)
def test_a_readme_is_short(name: str) -> None:
    assert len(text_of(name).encode()) <= LARGEST_README


def test_the_walk_through_a_new_domain_and_a_new_bulletin_can_be_followed(tmp_path: Path) -> None:
    project = copy_of_the_project(tmp_path)
    carry_out(blocks("CONTRIBUTING.md"), project)
    assert faults_of_examples(project, tmp_path / "examples", "fairs.complaints") == []


def test_the_new_domain_takes_five_steps() -> None:
    steps = [block.path for block in blocks("CONTRIBUTING.md") if STEP.match(block.path)]
    assert [re.sub(r"\w+/(?=\w+\.csv)|fairs", "*", step) for step in steps] == [
        "schemas/*.py",
        "etl/transforms/*.py",
        "etl/catalogue.py",
        "tests/examples/*/*given.csv",
        "tests/examples/*/*expected.csv",
    ]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_block_has_a_known_kind(name: str) -> None:
    for block in blocks(name):
        a_file = bool(block.path)
        assert a_file or KIND.fullmatch(block.info), f"{name}:{block.line}: {block.info!r}"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_command_that_is_not_run_here_makes_the_environment_or_runs_tests(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))
    for block in blocks(name):
        for command in block.body.splitlines() if block.info == "sh setup" else ():
            assert NOT_RUN.fullmatch(command), f"{name}:{block.line}: {command}"
            if command.startswith("make"):
                assert set(re.findall(r" ([a-z]+)", command)) <= targets, command


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_named_in_a_sentence_exists(name: str) -> None:
    outside_blocks = re.sub(r"```.*?```", "", text_of(name), flags=re.DOTALL)
    for verb, rest in re.findall(r"`etl ([a-z]+)([^`]*)`", outside_blocks):
        options = {option for parameter in main.commands[verb].params for option in parameter.opts}
        assert set(re.findall(r"(?<!\S)--?[a-z][a-z-]*", rest)) <= options, f"etl {verb}{rest}"
    for option in re.findall(r"`(--[a-z-]+)[^`]*`", outside_blocks):
        known = {name for command in main.commands.values() for parameter in command.params for name in parameter.opts}
        assert option in known, option


@pytest.mark.parametrize("name", ["docs/explanation/architecture.md", "docs/explanation/architecture.zh-CN.md"])
def test_every_path_of_the_layout_exists(name: str) -> None:
    layouts = [block for block in blocks(name) if block.info == "text layout"]
    assert len(layouts) == 1
    for line in layouts[0].body.splitlines():
        path = line.split()[0]
        assert path == "warehouse/ip.duckdb" or (ROOT / path).exists(), path


@pytest.mark.parametrize("name", ["docs/explanation/figures-as-intervals.md", "docs/explanation/figures-as-intervals.zh-CN.md"])
def test_the_table_of_intervals_is_what_the_grammar_reads(name: str) -> None:
    rows = re.findall(r"^\| `([^`]+)` \| ([a-z]+) \| ([^|]+) \| ([^|]+) \|$", text_of(name), re.MULTILINE)
    assert len(rows) >= 8
    bare = {"share": "%", "rate": "%", "multiple": "倍", "mean": "天", "amount": "元"}
    units = ["家" if "家" in published else bare.get(kind, "件") for published, kind, _, _ in rows]
    cells = pl.DataFrame({"published": [row[0] for row in rows], "kind": [row[1] for row in rows], "declared_unit": units})
    read = read_figures(cells.lazy(), PACKAGE_NOTATION).collect()
    for (published, _, low, high), *interval in zip(rows, read["low"], read["high"], strict=True):
        assert read["problem"].null_count() == len(rows), published
        for shown, bound in zip((low, high), interval, strict=True):
            assert bound == (None if shown.strip() == "–" else pytest.approx(float(shown.replace(",", "")), rel=1e-12)), published


@pytest.mark.parametrize("name", ["docs/how-to/query.md", "docs/how-to/query.zh-CN.md"])
def test_every_view_stands_in_the_page_of_queries(name: str) -> None:
    views = {view.stem for view in (ROOT / "etl" / "warehouse" / "views").glob("*.sql")}
    assert views == set(re.findall(r"^\| `report\.(\w+)` \|", text_of(name), re.MULTILINE))


def test_an_output_that_differs_from_what_is_shown_is_noticed() -> None:
    shown = Block("text", "one\n…\nthree\n", 1)
    assert_prints("one\ntwo\nthree\n", shown)
    assert_prints("one\nthree\n", shown)
    for output in ("one\ntwo\nfour\n", "two\nthree\n", "one\nthree\nfour\n", "zero\none\nthree\n"):
        with pytest.raises(AssertionError):
            assert_prints(output, shown)


RUNNING = {"click", "duckdb", "hatchling", "narwhals", "pandera", "polars"}
LOCKS = {"requirements-run.lock": RUNNING, "requirements.lock": RUNNING | {"mkdocs", "pytest", "ruff"}}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_registry_and_every_package_has_hashes(name: str) -> None:
    lock = text_of(name)
    assert "://" not in lock
    assert "--index-url" not in lock
    packages = re.findall(r"^([a-z0-9._-]+)==\S+(.*(?:\n .*)*)", lock, re.MULTILINE)
    assert LOCKS[name] <= {package for package, _ in packages}
    assert all("--hash=sha256:" in rest for _, rest in packages)


def test_what_runs_is_locked_as_what_is_tested() -> None:
    running, tested = (set(re.findall(r"^[a-z0-9._-]+==\S+", text_of(name), re.MULTILINE)) for name in LOCKS)
    assert running
    assert running <= tested


def test_make_tells_an_old_python_clearly(tmp_path: Path) -> None:
    old = tmp_path / "python"
    old.write_text("#!/bin/sh\nexec " + sys.executable + ' -c "import sys; sys.version_info = (3, 10); $(printf %s "$2")"\n')
    old.chmod(0o755)
    make = shutil.which("make")
    if make is None:
        pytest.skip("make is not installed")
    ran = subprocess.run(
        [make, "-C", str(ROOT), "run", f"PYTHON={old}", f"VENV={tmp_path / 'venv'}"], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 2
    assert "Python 3.11 or newer is needed" in ran.stderr
    assert not (tmp_path / "venv").exists()
