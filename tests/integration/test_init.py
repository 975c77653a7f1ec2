"""A new project for another city: written whole or not at all, and every command does something sensible on it."""

from __future__ import annotations

import csv
import json
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from commands import etl
from documents import environment
from second_city import CITY, DISTRICTS, content, made, write

from etl.catalogue import CATALOGUE, PACKAGE
from etl.cli import main
from etl.init.areas import GivenArea, areas_of
from etl.init.requirement import EVERYTHING, GATE, address_of, requirement
from etl.project import Project
from schemas.models import columns

BIN = Path(sys.executable).parent
PLAIN = {".github/workflows/gate.yml", ".gitignore", ".pre-commit-config.yaml", "README.md", "README.zh-CN.md", "catalogue.txt"}


def init(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["init", *arguments, "--lang", "en"], catch_exceptions=False)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new project after its first run."""
    root = made(tmp_path_factory.mktemp("new") / "exampleton")
    ran = etl(root, "run", "--lang", "en")
    assert ran.exit_code == 0, ran.output
    assert f"the gate is open; no figure is there yet: {len(CATALOGUE)} tables await their rows" in ran.stdout
    return root


# What is written.


def test_a_new_project_has_empty_tables_its_areas_a_gate_and_a_readme(tmp_path: Path) -> None:
    ran = init(str(tmp_path / "city"), *CITY, *DISTRICTS)
    assert ran.exit_code == 0
    root = tmp_path / "city"
    assert ran.stdout.splitlines() == [
        f"{root}: Exampleton, 2 areas within it, {len(CATALOGUE)} empty tables",
        f"next: cd {root}, etl run, then README.md",
    ]
    tables = {f"raw/{address.replace('.', '/')}.csv" for address in CATALOGUE}
    written = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
    assert written == {*tables, *PLAIN, "raw/sources.csv", "raw/waivers.csv", "schemas/codes/areas.csv"}
    for address in CATALOGUE:
        (header,) = csv.reader(Project(root).raw(address).read_text(encoding="utf-8").splitlines())
        assert header == [column.name for column in columns(PACKAGE.entry(address).model)][: len(header)]
    for path in PLAIN:
        assert not re.search("@[A-Z_]+@", (root / path).read_text(encoding="utf-8")), path
    assert "Exampleton" in (root / "README.md").read_text(encoding="utf-8")
    assert "示例市" in (root / "README.zh-CN.md").read_text(encoding="utf-8")


def test_the_areas_have_names_parents_and_aliases() -> None:
    districts = [GivenArea("990102", "东岸区", "Eastbank District"), GivenArea("990103", "西岸区")]
    areas = areas_of(GivenArea("990100", "示例市", "Exampleton"), districts, "示例省=Example Province")
    assert [(each.code, each.zh, each.en, each.parent, each.aliases) for each in areas] == [
        ("100000", "全国", "China", "", ("中国",)),
        ("990000", "示例省", "Example Province", "100000", ()),
        ("990100", "示例市", "Exampleton", "990000", ("示例省示例市",)),
        ("990102", "东岸区", "Eastbank District", "990100", ("东岸", "示例市东岸区", "示例省示例市东岸区")),
        ("990103", "西岸区", "西岸区", "990100", ("西岸", "示例市西岸区", "示例省示例市西岸区")),
    ]


def test_areas_known_to_the_package_need_no_name() -> None:
    areas = {each.code: each for each in areas_of(GivenArea("330200"))}
    assert (areas["330200"].zh, areas["330200"].en, areas["330200"].parent) == ("宁波市", "Ningbo", "330000")
    assert sum(each.parent == "330200" for each in areas.values()) == 10
    assert {code for code in areas if not code.startswith("3302")} == {"100000", "330000"}
    (country, city) = areas_of(GivenArea("510100", "成都市"))
    assert (country.code, city.parent, city.en) == ("100000", "100000", "成都市")
    municipality = areas_of(GivenArea("310000", "上海市"), [GivenArea("310101", "黄浦区")])
    assert [(each.code, each.parent) for each in municipality] == [("100000", ""), ("310000", "100000"), ("310101", "310000")]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--area", "3306"), "'3306' is no code of GB/T 2260: six digits"),
        (("--area", "990100"), "The area 990100 has no name; give it with --name"),
        ((*CITY, "--district", "990102"), "'990102' is not CODE=NAME, such as 330602=越城区"),
        ((*CITY, "--district", "990100=示例区"), "The area 990100 is given twice."),
        ((*CITY, "--package", 'x" && echo'), "is no requirement as pip takes it"),
    ],
)
def test_areas_that_cannot_be_are_refused_and_nothing_is_written(arguments: tuple[str, ...], said: str, tmp_path: Path) -> None:
    ran = init(str(tmp_path / "city"), *arguments)
    assert (ran.exit_code, said in ran.stderr) == (2, True), ran.stderr
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_empty_is_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "notes.md").write_text("notes")
    ran = init(str(tmp_path), *CITY)
    assert (ran.exit_code, ran.stderr) == (
        2,
        f"Error: {tmp_path} is not empty: it holds notes.md. Name a folder that is not there yet, or is empty.\n",
    )
    assert [path.name for path in tmp_path.iterdir()] == ["notes.md"]
    assert "is a file" in init(str(tmp_path / "notes.md"), *CITY).stderr
    root = made(tmp_path / "city")
    before = content(root)
    assert init(str(root), *CITY).exit_code == 2
    assert content(root) == before


def test_an_empty_folder_and_a_fresh_checkout_are_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    subprocess.run(["git", "init", "--quiet", str(tmp_path / "checkout")], check=True)
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    assert init(".", *CITY, *DISTRICTS).exit_code == 0
    assert init(str(tmp_path / "checkout"), *CITY, *DISTRICTS).exit_code == 0
    assert init(str(tmp_path / "not" / "there"), *CITY, *DISTRICTS).exit_code == 0
    whole = content(tmp_path / "empty")
    assert content(tmp_path / "not" / "there") == whole
    assert sorted(path.name for path in Path().iterdir()) == [
        *(".github", ".gitignore", ".pre-commit-config.yaml"),
        *("README.md", "README.zh-CN.md", "catalogue.txt", "raw", "schemas"),
    ]
    assert (tmp_path / "checkout" / "raw" / "sources.csv").is_file()


@pytest.mark.parametrize("is_there", [False, True])
def test_a_project_that_cannot_be_written_whole_is_not_written(is_there: bool, tmp_path: Path) -> None:
    target = tmp_path / "city"
    if is_there:
        target.mkdir()
    ran = subprocess.run(
        [sys.executable, "-B", "-c", "from etl.cli import main; main()", "init", str(target), *CITY],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000)),  # the README is longer
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 74, ran.stderr
    assert f"Error: {target} could not be written: File too large" in ran.stderr
    assert [*tmp_path.rglob("*")] == ([target] if is_there else [])


# The gate of the project.


def test_the_gate_is_a_workflow_and_a_hook_as_their_schemas_have_it(empty: Path) -> None:
    workflow = str(empty / ".github/workflows/gate.yml")
    command = [str(BIN / "check-jsonschema"), "--builtin-schema", "vendor.github-workflows", workflow]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    hook = [str(BIN / "pre-commit"), "validate-config", str(empty / ".pre-commit-config.yaml")]
    assert subprocess.run(hook, capture_output=True, check=False, env=environment(empty, "C.UTF-8")).returncode == 0
    (repository,) = yaml.safe_load((empty / ".pre-commit-config.yaml").read_text())["repos"]
    assert repository["hooks"][0]["additional_dependencies"] == [requirement()]
    files = re.compile(repository["hooks"][0]["files"])
    assert all(files.search(path) for path in ("raw/courts/caseload.csv", "schemas/fairs.py", "catalogue.txt"))
    assert not files.search("README.md")


def test_what_the_workflow_runs_passes_on_the_new_project(empty: Path) -> None:
    steps = yaml.safe_load((empty / ".github/workflows/gate.yml").read_text())["jobs"]["gate"]["steps"]
    commands = [step["run"] for step in steps if step.get("run", "").startswith("etl ")]
    assert commands == ["etl rule --lint --lang en", "etl rule --examples --lang en", "etl check --lang en"]
    assert f'python -m pip install "{requirement()}"' in [step.get("run") for step in steps]
    for command in commands:
        variables = environment(empty, "C.UTF-8") | {"GITHUB_ACTIONS": "true"}
        ran = subprocess.run(command, shell=True, cwd=empty, env=variables, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize(
    ("remote", "named"),
    [
        ("https://example.org/office/etl.git", "git+https://example.org/office/etl.git"),
        ("https://someone:secret@example.org/office/etl.git", "git+https://example.org/office/etl.git"),
        ("git@example.org:office/etl.git", "git+ssh://git@example.org/office/etl.git"),
        ("", "git+file://localhostFOLDER"),
    ],
)
def test_the_package_is_named_by_its_repository_and_tag_or_commit(remote: str, named: str, tmp_path: Path) -> None:
    def git(*arguments: str) -> str:
        identity = ("-c", "user.name=A. Clerk", "-c", "user.email=clerk@example.org", "-c", "commit.gpgsign=false")
        return subprocess.run(
            ["git", "-C", str(tmp_path), *identity, *arguments], check=True, capture_output=True, text=True
        ).stdout.strip()

    installed = {"dir_info": {"editable": True}, "url": tmp_path.as_uri()}
    assert address_of(installed) == "", "no checkout is an installation from an index"
    git("init", "--quiet")
    git("commit", "--quiet", "--allow-empty", "--message", "all")
    if remote:
        git("remote", "add", "origin", remote)
    named = named.replace("FOLDER", str(tmp_path))
    assert address_of(installed) == f"{named}@{git('rev-parse', 'HEAD')}"
    git("tag", "v9.8.7")
    assert address_of(installed) == f"{named}@v9.8.7"


def test_a_given_requirement_stands_in_all_files_of_the_gate(tmp_path: Path) -> None:
    package = "ip-bulletin-etl[report] @ git+https://example.org/etl.git@v1"
    assert requirement().startswith(f"ip-bulletin-etl[{GATE}]")
    assert f"ip-bulletin-etl[{EVERYTHING}]" in (made(tmp_path / "own") / "README.md").read_text(encoding="utf-8")
    root = made(tmp_path / "city", "--package", package)
    for path in (".github/workflows/gate.yml", ".pre-commit-config.yaml", "README.md", "README.zh-CN.md"):
        assert f'"{package}"' in (root / path).read_text(encoding="utf-8")
    yaml.safe_load((root / ".github/workflows/gate.yml").read_text())


def test_the_domain_that_the_readmes_show_can_be_followed(tmp_path: Path) -> None:
    root = made(tmp_path / "city")
    shown = {}
    for name in ("README.md", "README.zh-CN.md"):
        text = (root / name).read_text(encoding="utf-8")
        schema, transform, given, expected = re.findall(r"```(?:python|csv)\n(.*?)```", text, flags=re.DOTALL)
        shown[name] = {"schemas/fairs.py": schema, "transforms/fairs.py": transform} | {
            f"tests/examples/fairs/complaints/{file}.csv": text for file, text in (("given", given), ("expected", expected))
        }
    assert shown["README.md"] == shown["README.zh-CN.md"]
    for path in ("schemas/fairs.py", "transforms/fairs.py"):
        assert path in shown["README.md"][path].splitlines()[0]
    write(root, shown["README.md"] | {"catalogue.txt": "fairs.complaints\n"})
    write(root, {"raw/fairs/complaints.csv": "area,period,received,settled,source,section\n"})
    ran = etl(root, "run", "--lang", "en")
    assert ran.exit_code == 0, ran.output
    assert f"{len(CATALOGUE) + 1} tables await their rows" in ran.stdout
    assert "0 errors" in etl(root, "rule", "--lint", "--lang", "en").stdout
    assert etl(root, "rule", "--examples", "--lang", "en").stdout == "1 tables of the project's own: 0 faults of their examples\n"


# Every command on a project without a figure.


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("run",), 0, "nothing has changed"),
        (("run", "--force"), 0, "no figure is there yet"),
        (("check", "--fail-on", "information"), 0, "no figure is there yet"),
        (("check", "--domain", "courts"), 0, "no figure is there yet: 4 tables await their rows"),
        (("sql", "SELECT count(*) AS n FROM report.bulletin", "--format", "csv"), 0, "n\n0"),
        (("sql", "SELECT count(*) AS n FROM courts.caseload", "--format", "csv"), 0, "n\n0"),
        (("tables", "courts.caseload"), 0, "100000 990000 990100 990102 990103"),
        (("trace", "courts.caseload"), 2, "The warehouse has no figure of courts.caseload yet."),
        (("trace", "5件"), 2, "No figure, column or table '5件'."),
        (("bulletin",), 2, "lists no document of the kind bulletin. Say what to write: --area CODE --year YEAR."),
        (("bulletin", "--area", "示例市", "--year", "2033"), 0, "Exampleton, 2033"),
        (("export", "courts", "--to", "csv", "-o", "/nonexistent"), 2, "No table of courts has rows. Fill its raw files"),
        (("mutate",), 2, "No source of kind bulletin"),
        (("coverage",), 2, "no figure"),
        (("cite",), 0, ""),
        (("history",), 0, "in force"),
        (("rollback", "20200101"), 2, "No load"),
        (("rule", "--lint"), 0, "0 errors"),
        (("verify", "1件 = 1件"), 0, "agrees"),
        (("waive", "raw/courts/caseload.csv:2:1", "--reason", "none"), 2, "There is no finding"),
    ],
)
def test_a_command_on_a_project_without_figures(arguments: tuple[str, ...], code: int, said: str, empty: Path) -> None:
    if arguments[0] not in {"sql", "cite", "history", "rollback", "export", "waive"}:
        arguments = (*arguments, "--lang", "en")
    ran = etl(empty, *arguments)
    assert (ran.exit_code, said in ran.output) == (code, True), ran.output
    assert "Traceback" not in ran.output


def test_the_report_of_a_project_without_figures_says_so(empty: Path, tmp_path: Path) -> None:
    assert etl(empty, "report", "-o", str(tmp_path / "report.html"), "--lang", "en").exit_code == 0
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "No figure is there yet." in page
    assert "尚无数字。" in page
    assert '<span class="en" lang="en">Intellectual-property figures</span>' in page


def test_a_register_can_be_made_up_for_the_areas_of_the_project(empty: Path, tmp_path: Path) -> None:
    ran = etl(empty, "generate", "courts.cases", "--rows", "50", "-o", str(tmp_path / "cases.csv"))
    assert ran.exit_code == 0, ran.output
    with (tmp_path / "cases.csv").open(encoding="utf-8", newline="") as file:
        areas = {row["area"] for row in csv.DictReader(file)}
    assert areas <= {"100000", "990000", "990100", "990102", "990103"}


def test_machine_formats_report_a_project_without_figures(empty: Path, tmp_path: Path) -> None:
    forms = ("json", "junit", "sarif", "github", "markdown", "html")
    targets = [each for form in forms for each in ("--format", form, "--output", str(tmp_path / form))]
    assert etl(empty, "check", *targets).exit_code == 0
    report = json.loads((tmp_path / "json").read_text(encoding="utf-8"))
    assert "no figure is there yet" in json.dumps(report)
