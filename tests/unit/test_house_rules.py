"""The rules of the house, as tests: what a reviewer would otherwise have to remember."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import click
import pytest
from commands import imported_by
from paths import ROOT

import schemas.registers
from etl.catalogue import CATALOGUE, PACKAGE, REGISTERS
from etl.cli import main
from etl.cli.commands import COMMANDS
from etl.registers.monthly_mart import monthly_meanings
from etl.warehouse.marts import declared_mart
from schemas.builtin_register_rules import REGISTER_RULES
from schemas.builtin_rules import BUILTIN_RULES
from schemas.code_lists import PACKAGE_LISTS
from schemas.models import Category, Rule, columns, figures, rules, titles

MODULES = sorted(path for folder in ("etl", "schemas") for path in (ROOT / folder).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
LONGEST_MODULE, LONGEST_FUNCTION = 300, 60
KINDS = {"Table", "Register"}
VAGUE_NAMES = {"utils", "helpers", "common", "base", "manager", "misc"}


@cache  # many rules ask
def syntax(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> frozenset[str]:
    """Names of the modules that a file imports, at its top or within."""
    names: set[str] = set()
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return frozenset(names)


def importers(package: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in MODULES
        if any(name == package or name.startswith(f"{package}.") for name in imports(path))
    }


def test_schemas_never_import_etl() -> None:
    assert not {path for path in importers("etl") if path.startswith("schemas/")}


@pytest.mark.parametrize(
    ("library", "packages"),
    [
        ("duckdb", ("etl/warehouse/", "etl/sandbox/", "etl/engines/", "etl/registers/parquet_size.py")),
        ("python_calamine", ("etl/raw_files/",)),
        ("click", ("etl/cli/",)),
        ("pandera", ("schemas/", "etl/registers/")),
    ],
)
def test_a_library_is_known_to_few_packages(library: str, packages: tuple[str, ...]) -> None:
    found = importers(library)
    assert found
    assert not {path for path in found if not path.startswith(packages)}


def test_packages_point_one_way() -> None:
    """The packages of `etl` can be put in a row in which each imports only those before it."""
    graph: dict[str, set[str]] = {}
    for path in (ROOT / "etl").rglob("*.py"):
        package = path.relative_to(ROOT / "etl").with_suffix("").parts[0]
        named = (name.split(".") for name in imports(path) if name.startswith("etl."))
        graph.setdefault(package, set()).update(parts[1] for parts in named if parts[1] != package)
    assert {"gate", "registers", "tables", "warehouse"} <= set(TopologicalSorter(graph).static_order())


def test_imports_point_one_way() -> None:
    """No module is imported, at the top of a file, by one that it imports itself."""
    graph = {module_name(path): top_imports(path) for path in MODULES}
    for start in graph:
        seen: set[str] = set()
        waiting = [name for name in graph[start] if name in graph]
        while waiting:
            name = waiting.pop()
            assert name != start, f"{start} imports itself through others"
            if name not in seen:
                seen.add(name)
                waiting += [other for other in graph[name] if other in graph]


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def top_imports(path: Path) -> set[str]:
    found = [node for node in syntax(path).body if isinstance(node, ast.ImportFrom) and node.module]
    return {str(node.module) for node in found} | {f"{node.module}.{alias.name}" for node in found for alias in node.names}


@pytest.mark.parametrize("path", [*MODULES, *TESTS], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_module_is_long_and_no_function_needs_scrolling(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_MODULE
    for node in ast.walk(syntax(path)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, node.name


def test_no_name_is_vague() -> None:
    assert not {path.stem for path in MODULES} & VAGUE_NAMES


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_module_and_public_function_has_a_docstring(path: Path) -> None:
    assert ast.get_docstring(syntax(path)), "the module"
    for node in syntax(path).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), node.name


def test_every_schema_file_is_a_domain_of_the_catalogue() -> None:
    models = {path.stem for path in (ROOT / "schemas").glob("*.py") if "class" in path.read_text() and is_domain(path)}
    assert models == set(PACKAGE.domains)


def is_domain(path: Path) -> bool:
    return any(
        isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "TITLE"
        for node in syntax(path).body
    )


def test_every_model_of_a_domain_is_catalogued() -> None:
    declared = set()
    for domain in PACKAGE.domains:
        for node in syntax(ROOT / "schemas" / f"{domain}.py").body:
            if isinstance(node, ast.ClassDef) and any(isinstance(b, ast.Name) and b.id in KINDS for b in node.bases):
                declared.add(f"{domain}.{re.sub(r'(?<!^)(?=[A-Z])', '_', node.name).lower()}")
    assert declared == {*CATALOGUE, *REGISTERS}


def test_every_table_has_examples() -> None:
    for address in (*CATALOGUE, *REGISTERS):
        folder = ROOT.joinpath("tests", "examples", *address.split("."))
        assert {path.name for path in folder.glob("*")} == {"given.csv", "expected.csv"}, address
    kept = {".".join(path.parts[-2:]) for path in (ROOT / "tests" / "examples").glob("*/*")}
    assert kept == {*CATALOGUE, *REGISTERS}


def test_every_raw_table_is_catalogued() -> None:
    own = {"sources", "waivers"}
    raw = {".".join(path.with_suffix("").parts[-2:]) for path in (ROOT / "raw").glob("*/*.csv") if path.parent.name not in own}
    assert raw <= {*CATALOGUE, *REGISTERS}


def test_every_table_and_column_has_a_meaning_in_both_languages() -> None:
    for entry in PACKAGE.entries():
        assert all(titles(entry.model)), entry.address
        for column in columns(entry.model):
            assert column.meaning.zh, column
            assert column.meaning.en, column
    for register in PACKAGE.registers():
        assert all(schemas.registers.titles(register.model)), register.address
        meanings = [column.meaning for column in schemas.registers.columns(register.model)]
        for meaning in (*meanings, *monthly_meanings(register).values()):
            assert meaning.zh and meaning.en, meaning


def test_every_register_can_be_held_to_the_figures_that_it_names() -> None:
    models = {entry.address: entry.model for entry in PACKAGE.entries()}
    for register in PACKAGE.registers():
        flow = schemas.registers.flow(register.model)
        for agreement in register.model.__agreements__:
            declared = {column.name: column for column in columns(models[agreement.table])}
            assert declared[agreement.column].is_figure
            open_categories = {name for name, column in declared.items() if isinstance(column.dtype, Category)} - {
                *agreement.pins
            }
            assert open_categories <= {*flow.keys}, agreement
            assert {*agreement.only} <= {*flow.keys}


def test_every_number_has_a_unit() -> None:
    known = {unit.unit for unit in PACKAGE_LISTS.units}
    for entry in PACKAGE.entries():
        for column in figures(entry.model):
            assert column.meaning.unit.lstrip("万亿") in known, f"{entry.address}.{column.name}"
        for measure in declared_mart(entry.transform).measures:
            assert measure.meaning.unit.split("/")[0] in known, f"{entry.address}.{measure.name}"


def test_every_code_list_names_each_code_once() -> None:
    for path in sorted((ROOT / "schemas" / "codes").glob("*.csv")):
        if path.stem in {"units", "hedges", "marks", "financial_years"}:
            continue
        names = [name for code in PACKAGE_LISTS.codes(path.stem) for name in {code.code, code.zh, code.en, *code.aliases}]
        assert len(names) == len(set(names)), path


def all_rules() -> Iterator[Rule]:
    yield from BUILTIN_RULES
    yield from REGISTER_RULES
    for entry in PACKAGE.entries():
        yield from rules(entry.model)
    for register in PACKAGE.registers():
        yield from schemas.registers.declared_rules(register.model)


def test_every_rule_states_its_reason_in_both_languages() -> None:
    for rule in all_rules():
        assert rule.reason.endswith("."), rule.id
        assert re.search("[\u4e00-\u9fff]", rule.zh), rule.id


def test_no_two_rules_of_a_table_have_one_name() -> None:
    standing = {rule.id for rule in BUILTIN_RULES}
    for entry in PACKAGE.entries():
        names = [rule.id for rule in rules(entry.model)]
        assert len(names) == len(set(names)), entry.address
        assert not standing & set(names), entry.address
    for register in PACKAGE.registers():
        names = [rule.id for rule in (*REGISTER_RULES, *schemas.registers.declared_rules(register.model))]
        assert len(names) == len(set(names)), register.address
        assert not standing & set(names), register.address


def test_no_code_but_the_code_lists_and_raw_tables_holds_facts() -> None:
    """A figure with a Chinese unit in code would be a fact outside raw/; docstrings and messages may show the grammar."""
    for path in MODULES:
        if path.parent.name != "transforms":
            continue
        for node in ast.walk(syntax(path)):
            if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
                assert node.value in {0, 1, 100, 1000, 10_000}, f"{path.name}:{node.lineno}: {node.value}"


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_has_help_and_stands_in_the_documentation_of_both_languages(command: str) -> None:
    declared = main.commands[command]
    assert declared.help
    assert (declared.name, declared.get_short_help_str(limit=1_000)) == (command, COMMANDS[command][1])
    for parameter in declared.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, parameter.name
    for suffix in ("", ".zh-CN"):
        pages = [path for path in (ROOT / "docs").rglob("*.md") if path.name.endswith(".zh-CN.md") == bool(suffix)]
        written = [path.read_text(encoding="utf-8") for path in (ROOT / f"README{suffix}.md", *pages)]
        assert any(f"etl {command}" in text for text in written), suffix


def test_help_imports_neither_polars_nor_pandera_nor_duckdb_nor_any_command() -> None:
    slow = ("polars", "pandera", "duckdb", "narwhals", "etl.cli.")
    assert {name for name in imported_by("--help") if name.startswith(slow)} == {
        "etl.cli.chinese",
        "etl.cli.commands",
        "etl.cli.language",
        "etl.cli.terminal",
    }


def test_no_sentence_of_the_bulletin_stands_in_the_project() -> None:
    bulletin = ROOT.parent / "shared" / "bulletin" / "ningbo-2025.txt"
    if not bulletin.is_file():
        pytest.skip("the bulletin is not here")
    text, length = re.sub(r"\s+", "", bulletin.read_text(encoding="utf-8")), 14
    passages = {text[i : i + length] for i in range(len(text) - length)}
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    for name in listed.stdout.splitlines():
        try:
            body = re.sub(r"\s+", "", (ROOT / name).read_text(encoding="utf-8"))
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        assert not passages & {body[i : i + length] for i in range(len(body) - length)}, name
