"""`etl demo`: a finished project to try, from a checkout and from a wheel."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from click.testing import CliRunner
from commands import etl
from paths import ROOT

from etl.cli import main


def demo(folder: Path, language: str = "en") -> str:
    ran = CliRunner().invoke(main, ["demo", str(folder), "--lang", language], catch_exceptions=False)
    return f"{ran.exit_code}\n{ran.output}"


def test_a_demo_is_checked_loaded_and_contradicts_itself_where_it_says(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    assert demo(folder).startswith("0\n")
    proofread = CliRunner().invoke(main, ["proofread", str(folder / "bulletin.txt"), "--lang", "en"])
    assert proofread.exit_code == 1
    assert "bulletin.txt:4:57: error[part-of-whole-cases]" in proofread.stdout
    assert proofread.stdout.count("error[") == 1
    ran = etl(folder, "run", "--lang", "en")
    assert ran.exit_code == 0, ran.output
    assert (folder / "warehouse" / "ip.duckdb").exists()


def test_a_demo_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    said = demo(tmp_path)
    assert said.startswith("2\n")
    assert "is not empty: it holds mine.txt" in said
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_the_next_steps_are_said_in_chinese(tmp_path: Path) -> None:
    assert "下一步：cd " in demo(tmp_path / "demo", "zh")


def test_a_wheel_holds_the_raw_tables_and_the_texts_of_a_demo(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    tables = {f"etl/demo_raw/{path.relative_to(ROOT / 'raw').as_posix()}" for path in (ROOT / "raw").rglob("*.csv")}
    assert len(tables) > 100
    assert tables <= names
    assert {"etl/init/texts/bulletin.txt", "etl/py.typed", "schemas/py.typed"} <= names
