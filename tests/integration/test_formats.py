"""The registry of formats: a new one is a module and a declaration, and every command that can write it offers it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from paths import ROOT

from etl.errors import ProjectError
from etl.formats import FORMATS, Format, formats_of, writer

DECLARED = '    Format("lines", {"findings": "etl.lines.findings", "differences": "etl.lines.differences"}, (".lines",)),\n'
MODULE = '''"""Findings and differences, a line each."""


def findings(report):
    """Write a line for each finding."""
    return "".join(f"{each.place} {each.rule}\\n" for each in report.shown)


def differences(comparison, language, most):
    """Write how many figures differ."""
    return f"{comparison.figures.height} differences\\n"
'''


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package to which a format was added: a module, and a line of the registry."""
    folder = tmp_path_factory.mktemp("package")
    for name in ("etl", "schemas"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "etl" / "lines.py").write_text(MODULE)
    registry = folder / "etl" / "formats.py"
    before, end, after = registry.read_text().partition(")  # fmt: skip\n")
    registry.write_text(before + DECLARED + end + after)
    return folder


def etl(package: Path, project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "etl", *arguments], cwd=project, env=os.environ | {"PYTHONPATH": str(package)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.slow
def test_a_format_is_added_by_a_module_and_a_line(package: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "raw", tmp_path / "raw")
    path = tmp_path / "raw" / "patents" / "stock.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("57.6%", "56.7%"), encoding="utf-8")
    ran = etl(package, tmp_path, "check", "--format", "lines", "--output", "found.lines", "--format", "text")
    assert ran.returncode == 1, ran.stderr
    assert "raw/patents/stock.csv:7:44 share-is-of-all" in (tmp_path / "found.lines").read_text().splitlines()
    assert "would hold" in etl(package, tmp_path, "check", "--format", "text", "--output", "a.lines", "--format", "lines").stderr
    assert etl(package, tmp_path, "run", "--fail-on", "never").returncode == 0
    same = ("warehouse/ip.duckdb", "warehouse/ip.duckdb")
    assert etl(package, tmp_path, "diff", "--format", "lines", *same).stdout == "0 differences\n"
    assert "'lines' is not one of" in etl(package, tmp_path, "export", "--to", "lines", "-o", "x").stderr


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
def test_every_writer_that_is_declared_is_there(form: Format) -> None:
    for content in form.writers:
        assert callable(writer(form.name, content))
        assert form.name in formats_of(content)


def test_no_two_formats_have_one_name_or_one_ending() -> None:
    names = [each.name for each in FORMATS]
    endings = [ending for each in FORMATS for ending in each.endings]
    assert len(set(names)) == len(names)
    assert len(set(endings)) == len(endings)


@pytest.mark.parametrize(
    ("name", "content", "package"),
    [
        ("html", "bulletin", "jinja2"),
        ("xlsx", "tables", "xlsxwriter"),
        ("odcs", "tables", "open_data_contract_standard.model"),
    ],
)
def test_a_missing_library_is_named_with_the_extra_that_brings_it(
    monkeypatch: pytest.MonkeyPatch, name: str, content: str, package: str
) -> None:
    for module in [each for each in sys.modules if each.startswith(("etl.exports.as_", "etl.bulletin", "etl.html"))]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ProjectError, match=r"pip install ip-bulletin-etl\[(report|export)\]"):
        writer(name, content)  # type: ignore[arg-type]
