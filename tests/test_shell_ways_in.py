"""The ways into `etl sql` and `etl ui`: with a query, without one, with and without a terminal and what they need installed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest
from terminals import ENTER, terminal

ETL = Path(sys.executable).with_name("etl")
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))} | {
    "LANG": "en_US.UTF-8"
}
HARLEQUIN = shutil.which("harlequin", path=os.pathsep.join((str(ETL.parent), os.environ["PATH"])))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a project whose warehouse is a link to a version, as `etl run` leaves it."""
    root = tmp_path_factory.mktemp("project")
    (root / "raw").mkdir()
    (root / "warehouse").mkdir()
    version = root / "warehouse" / "ip.one.duckdb"
    with duckdb.connect() as connection:
        connection.execute(
            f"ATTACH '{version}' AS made (STORAGE_VERSION 'v1.0.0'); CREATE TABLE made.number AS SELECT 4242 AS value"
        )
    version.chmod(0o444)
    (root / "warehouse" / "ip.duckdb").symlink_to(version.name)
    return root


def asked(project: Path, *arguments: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ETL, *arguments], input=typed, capture_output=True, text=True, check=False, cwd=project, env=ENVIRONMENT, timeout=60
    )


def test_a_query_can_come_from_the_standard_input(project: Path) -> None:
    ran = asked(project, "sql", "--format", "csv", typed="FROM number;\n")
    assert (ran.returncode, ran.stdout) == (0, "value\n4242\n")


@pytest.mark.parametrize(("arguments", "typed"), [((), " \n"), (("SELECT 1", "-f", "raw/query.sql"), "")])
def test_no_query_and_two_queries_are_wrong_usage(project: Path, arguments: tuple[str, ...], typed: str) -> None:
    (project / "raw" / "query.sql").write_text("SELECT 1")
    ran = asked(project, "sql", *arguments, typed=typed)
    assert ran.returncode == 2
    assert "Give a query" in ran.stderr


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ([ETL, "sql", "--format", "parquet"], "A terminal cannot show parquet"),
        (["sh", "-c", f"{ETL} sql | cat"], "could not be seen"),
    ],
)
def test_what_a_terminal_cannot_do_is_said(project: Path, command: list[str | Path], said: str) -> None:
    with terminal(command, ENVIRONMENT, project) as opened:
        opened.until(said)
        opened.ended()


def test_a_missing_library_or_warehouse_names_the_next_step(project: Path, tmp_path: Path) -> None:
    (tmp_path / "prompt_toolkit.py").write_text("raise ModuleNotFoundError('none', name='prompt_toolkit')")
    with terminal([ETL, "sql"], ENVIRONMENT | {"PYTHONPATH": str(tmp_path)}, project, columns=200) as opened:
        opened.until("pip install 'ip-bulletin-etl[shell]'")
        assert opened.ended() == 2
    (tmp_path / "raw").mkdir()
    with terminal([ETL, "sql"], ENVIRONMENT, tmp_path, columns=200) as opened:
        opened.until("Make it with `etl run`.")
        assert opened.ended() == 2


def test_without_a_pager_a_long_result_is_written_whole(project: Path) -> None:
    with terminal([ETL, "sql"], ENVIRONMENT | {"PAGER": "/nonexistent"}, project) as opened:
        opened.until("sql>")
        opened.type("FROM range(300);" + ENTER)
        opened.until("│ 299   │")


def test_the_editor_is_told_to_open_the_warehouse_read_only(project: Path, tmp_path: Path) -> None:
    stand_in = tmp_path / "harlequin"
    stand_in.write_text(f"#!{sys.executable}\nimport json, sys\nprint('told:', json.dumps(sys.argv[1:]))\n")
    stand_in.chmod(0o755)
    if find_spec("harlequin"):
        pytest.skip("Harlequin itself is installed here")
    with terminal(
        [ETL, "ui", "--", "--theme", "nord"], ENVIRONMENT | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}, project, columns=200
    ) as opened:
        assert opened.ended() == 0
        line = next(line for line in opened.lines if line.startswith("told:"))
    told = json.loads(line.removeprefix("told: "))
    assert told == ["--adapter", "duckdb", "--read-only", "--theme", "nord", str(project / "warehouse" / "ip.duckdb")]


def test_without_the_editor_or_a_terminal_the_next_step_is_named(project: Path, tmp_path: Path) -> None:
    if not HARLEQUIN:
        ran = asked(project, "ui")
        assert ran.returncode == 2
        assert "pip install 'ip-bulletin-etl[ui]'" in ran.stderr
    (tmp_path / "harlequin").write_text("#!/bin/sh\n")
    (tmp_path / "harlequin").chmod(0o755)
    ran = subprocess.run(
        [ETL, "ui"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, cwd=project,
        env=ENVIRONMENT | {"PATH": str(tmp_path)}, timeout=60,
    )  # fmt: skip
    assert ran.returncode == 2
    assert "needs a terminal" in ran.stderr


@pytest.mark.skipif(HARLEQUIN is None, reason="Harlequin is not installed: the extra ui")
def test_harlequin_opens_the_warehouse_and_answers(project: Path, tmp_path: Path) -> None:
    with terminal(
        [ETL, "ui", "--", "--locale", "C"], ENVIRONMENT | {"HOME": str(tmp_path)}, project, columns=120, rows=30
    ) as opened:
        opened.until("Query Editor")
        opened.until("ip db")
        opened.type("FROM number")
        opened.until("FROM number")
        opened.type("\x0a")  # Ctrl-J runs it
        opened.until("4242")
        opened.type("\x11")  # Ctrl-Q
        assert opened.ended() == 0
