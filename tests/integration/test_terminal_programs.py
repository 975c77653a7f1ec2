"""The ways into `etl sql` and `etl ui`: with a query, without one, with and without a terminal and what they need installed."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import duckdb
import pytest

ETL = Path(sys.executable).with_name("etl")
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))} | {
    "LANG": "en_US.UTF-8"
}
HARLEQUIN = shutil.which("harlequin", path=os.pathsep.join((str(ETL.parent), os.environ["PATH"])))
# The program becomes the leader of a session whose terminal this is, so that Ctrl-C reaches it.
IN_A_SESSION = "import os, sys; os.login_tty(0); os.execvpe(sys.argv[1], sys.argv[1:], os.environ)"
# What a terminal answers when it is asked for its kind, and for the place of the cursor.
ANSWERS = {b"\x1b[c": "\x1b[?1;2c", b"\x1b[6n": "\x1b[1;1R"}
PATIENCE = 60


class Terminal:
    """A pseudo terminal in which a program runs."""

    def __init__(self, process: subprocess.Popen[bytes], keyboard: int) -> None:
        self._process, self._keyboard, self.seen = process, keyboard, ""

    def type(self, keys: str) -> None:
        os.write(self._keyboard, keys.encode())

    def until(self, text: str) -> None:
        """Read until a text comes that has not been waited for before."""
        end = time.monotonic() + PATIENCE
        while text not in self.seen:
            assert time.monotonic() < end, self.seen
            assert self._read(), f"not seen: {text}\n{self.seen}"
        self.seen = self.seen.partition(text)[2]

    def wait_quietly(self) -> None:
        """Read, and answer, until nothing has come for a second."""
        while self._read(1):
            pass

    def ended(self) -> int:
        """Read until the program ends; return its exit code."""
        while self._read():
            pass
        return self._process.wait(PATIENCE)

    def _read(self, seconds: float = PATIENCE) -> bool:
        if not select.select([self._keyboard], [], [], seconds)[0]:
            return False
        try:
            written = os.read(self._keyboard, 1 << 16)
        except OSError:  # the last program that had the terminal open has ended
            return False
        for question, answer in ANSWERS.items():
            self.type(answer * written.count(question))
        self.seen += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", written.decode(errors="replace"))
        return bool(written)


@contextmanager
def terminal(command: list[str | Path], folder: Path, more: Mapping[str, str] | None = None) -> Iterator[Terminal]:
    keyboard, screen = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", IN_A_SESSION, *map(str, command)],
        stdin=screen, stdout=screen, stderr=screen, cwd=folder, env={**ENVIRONMENT, "TERM": "xterm", **(more or {})},
    )  # fmt: skip
    os.close(screen)
    try:
        yield Terminal(process, keyboard)
    finally:
        process.kill()
        process.wait()
        os.close(keyboard)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose warehouse is a link to a version, as `etl run` leaves it."""
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


@pytest.fixture(scope="module")
def no_packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment that finds neither program: no package of either, and nothing on the path."""
    folder = tmp_path_factory.mktemp("bare")
    (folder / "sitecustomize.py").write_text(
        "import importlib.util as util\nfound = util.find_spec\n"
        "util.find_spec = lambda name, *more: None if name in ('duckdb_cli', 'harlequin') else found(name, *more)\n"
    )
    return {"PYTHONPATH": str(folder), "PATH": str(folder)}


def asked(project: Path, *arguments: str, typed: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [ETL, *arguments], input=typed, capture_output=True, text=True, check=False, cwd=project, env=ENVIRONMENT | more,
        timeout=PATIENCE,
    )  # fmt: skip


def test_a_query_can_come_from_the_standard_input(project: Path) -> None:
    ran = asked(project, "sql", "--format", "csv", typed="FROM number;\n")
    assert (ran.returncode, ran.stdout) == (0, "value\n4242\n")


@pytest.mark.parametrize(("arguments", "typed"), [((), " \n"), (("SELECT 1", "-f", "raw/query.sql"), "")])
def test_no_query_and_two_queries_are_wrong_usage(project: Path, arguments: tuple[str, ...], typed: str) -> None:
    (project / "raw" / "query.sql").write_text("SELECT 1")
    ran = asked(project, "sql", *arguments, typed=typed)
    assert ran.returncode == 2
    assert "Give a query" in ran.stderr


def test_a_wide_result_has_a_field_a_line_on_a_terminal_and_a_long_one_goes_through_the_pager(
    project: Path, tmp_path: Path
) -> None:
    pager = tmp_path / "pager"
    pager.write_text("#!/bin/sh\necho paged\ncat\n")
    pager.chmod(0o755)
    columns = ", ".join(f"repeat('ab', 9) AS column_{number}" for number in range(9))
    size = {"COLUMNS": "60", "LINES": "24", "PAGER": str(pager)}
    for query, options, is_paged in (
        (f"SELECT {columns}", [], False),
        ("FROM range(99)", [], True),
        ("FROM range(99)", ["--no-pager"], False),
    ):
        with terminal([ETL, "sql", query, *options], project, size) as opened:
            assert opened.ended() == 0
            assert ("paged" in opened.seen) == is_paged
            assert ("column_8 │ abab" in opened.seen) == ("column_8" in query)
            assert max(map(len, opened.seen.splitlines())) <= 60
    assert "column_8 │" not in asked(project, "sql", f"SELECT {columns}", **size).stdout


def test_without_a_query_duckdb_opens_the_warehouse_and_nothing_else(project: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("swordfish")
    questions = {
        "FROM number;": "4242",
        "CREATE TABLE more AS SELECT 1;": "read-only mode",
        f"FROM read_text('{tmp_path}/secret.txt');": "Permission Error",
        ".shell cat secret.txt": "cannot be used in -safe mode",
    }
    with terminal([ETL, "sql"], project, {"HOME": str(tmp_path)}) as opened:
        for typed, answer in questions.items():
            opened.until("ip D ")
            opened.type(f"{typed}\r")
            opened.until(answer)
        opened.until("ip D ")
        opened.type("SELECT max(hash(range)) FROM range(1000000000000);\r")
        opened.wait_quietly()
        opened.type("\x03")  # ends the query, not the program
        opened.until("^C")
        opened.until("ip D ")
        opened.type(".quit\r")
        opened.ended()


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ([ETL, "sql", "--format", "parquet"], "--format applies only to a query"),
        ([ETL, "sql", "--limit", "5"], "--limit applies only to a query"),
        (["sh", "-c", f"{ETL} sql | cat"], "This needs a terminal"),
    ],
)
def test_a_program_that_cannot_start_in_the_terminal_gives_the_reason(
    project: Path, command: list[str | Path], message: str
) -> None:
    with terminal(command, project) as opened:
        opened.until(message)
        opened.ended()


def test_a_missing_program_or_warehouse_names_the_next_step(project: Path, tmp_path: Path, no_packages: dict[str, str]) -> None:
    with terminal([ETL, "sql"], project, no_packages) as opened:
        opened.until("pip install 'ip-bulletin-etl[shell]'")
        assert opened.ended() == 2
    ran = asked(project, "ui", **no_packages)
    assert ran.returncode == 2
    assert "pip install 'ip-bulletin-etl[ui]'" in ran.stderr
    (tmp_path / "raw").mkdir()
    with terminal([ETL, "sql"], tmp_path) as opened:
        opened.until("Make it with `etl run`.")
        assert opened.ended() == 2


def test_the_editor_opens_the_warehouse_read_only(project: Path, tmp_path: Path) -> None:
    stand_in = tmp_path / "harlequin"
    stand_in.write_text(f"#!{sys.executable}\nimport json, sys\nprint('told:', json.dumps(sys.argv[1:]))\n")
    stand_in.chmod(0o755)
    if find_spec("harlequin"):
        pytest.skip("Harlequin itself is installed here")
    with terminal([ETL, "ui", "--", "--theme", "nord"], project, {"PATH": f"{tmp_path}:{os.environ['PATH']}"}) as opened:
        assert opened.ended() == 0
        told = json.loads(opened.seen.partition("told: ")[2])
    assert told == ["--adapter", "duckdb", "--read-only", "--theme", "nord", str(project / "warehouse" / "ip.duckdb")]


def test_the_editor_needs_a_terminal(project: Path, tmp_path: Path) -> None:
    (tmp_path / "harlequin").write_text("#!/bin/sh\n")
    (tmp_path / "harlequin").chmod(0o755)
    ran = asked(project, "ui", PATH=str(tmp_path))
    assert ran.returncode == 2
    assert "needs a terminal" in ran.stderr


@pytest.mark.skipif(HARLEQUIN is None, reason="Harlequin is not installed: the extra ui")
def test_harlequin_opens_the_warehouse_and_answers(project: Path, tmp_path: Path) -> None:
    with terminal(
        [ETL, "ui", "--", "--locale", "C"], project, {"HOME": str(tmp_path), "COLUMNS": "120", "LINES": "30"}
    ) as opened:
        opened.until("Query Editor")
        opened.type("FROM number")
        opened.until("number")
        opened.type("\x0a")  # Ctrl-J runs it
        opened.until("4242")
        opened.type("\x11")  # Ctrl-Q
        assert opened.ended() == 0
