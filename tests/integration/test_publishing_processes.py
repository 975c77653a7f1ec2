"""Several processes at one warehouse: readers while loads publish, four loads at once, and signals.

`ETL_SECONDS=600` lets the readers read for ten minutes.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from made_up import made_up_project
from paths import FAULTS, ROOT

SECONDS = float(os.environ.get("ETL_SECONDS", "8"))
SETUP = f"import sys, time; sys.path[:0] = [{str(ROOT)!r}, {str(FAULTS)!r}]; from pathlib import Path; from drive import *\n"

READER = """
target, until, reads, last = Path(sys.argv[1]), time.monotonic() + float(sys.argv[2]), 0, 0
while time.monotonic() < until:
    found = state(target)
    assert found.isdigit(), found
    assert int(found) >= last, (found, last)
    last, reads = int(found), reads + 1
print(reads, last)
"""
WRITER = """
target, until, loads = Path(sys.argv[1]), time.monotonic() + float(sys.argv[2]), 0
while time.monotonic() < until:
    loads += 1
    publish(target, str(loads))
print(loads)
"""
LOADER = """
def slowly(path):
    build(path, "new")
    time.sleep(2)

target, start = Path(sys.argv[1]), Path(sys.argv[2])
print("ready", flush=True)
while not start.exists():
    time.sleep(0.001)
try:
    with begin_load(target) as load:
        load.publish(slowly, verify_file)
except ProjectError as error:
    print(error)
    sys.exit(error.exit_code)
"""
INTERRUPTED_LOAD = """
import os, signal
from etl.publishing import versions
from etl.publishing.signals import handle_signals

def build_or_be_hit(path):
    if sys.argv[2] == "build":
        os.kill(os.getpid(), number)
    build(path, "new")

def link_and_be_hit(target, version):
    really_link(target, version)
    os.kill(os.getpid(), number)

really_link, number = versions.link_version, int(sys.argv[3])
if sys.argv[2] == "publication":
    versions.link_version = link_and_be_hit
try:
    with handle_signals():
        with begin_load(Path(sys.argv[1])) as load:
            load.publish(build_or_be_hit, verify_file)
        if sys.argv[2] == "report":
            os.kill(os.getpid(), number)
except ProjectError as error:
    print(error)
    sys.exit(error.exit_code)
"""


def started(code: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SETUP + code, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    out, err = process.communicate()
    assert not err, err
    return process.returncode, out


def found(target: Path) -> str:
    return ended(started("print(state(Path(sys.argv[1])))", target))[1].strip()


def publish(target: Path, state: str) -> None:
    assert ended(started("publish(Path(sys.argv[1]), sys.argv[2])", target, state))[0] == 0


@pytest.mark.slow
def test_readers_are_never_refused_never_see_half_a_load_and_never_step_back(tmp_path: Path) -> None:
    target = tmp_path / "warehouse" / "ip.duckdb"
    publish(target, "0")
    readers = [started(READER, target, SECONDS) for _ in range(3)]
    code, loads = ended(started(WRITER, target, SECONDS))
    read = [ended(reader) for reader in readers]
    assert [code, *(each[0] for each in read)] == [0] * 4
    assert int(loads) > SECONDS / 2
    for _, said in read:
        reads, last = map(int, said.split())
        assert reads > SECONDS
        assert last > int(loads) / 2, "it read one state all the time"


def test_of_four_loads_at_once_one_publishes_and_three_say_that_it_is_busy(tmp_path: Path) -> None:
    target, start = tmp_path / "warehouse" / "ip.duckdb", tmp_path / "start"
    publish(target, "old")
    loads = [started(LOADER, target, start) for _ in range(4)]
    for each in loads:
        assert each.stdout
        assert each.stdout.readline() == "ready\n"
    start.touch()
    results = {each.pid: ended(each) for each in loads}
    assert sorted(code for code, _ in results.values()) == [0, 75, 75, 75]
    (winner,) = (pid for pid, (code, _) in results.items() if code == 0)
    assert all(f"process {winner} on " in said for code, said in results.values() if code)
    assert found(target) == "new"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_before_the_moment_of_publishing_leaves_the_old_state(tmp_path: Path, number: int, code: int) -> None:
    target = tmp_path / "warehouse" / "ip.duckdb"
    publish(target, "old")
    before = set(target.parent.iterdir())
    assert ended(started(INTERRUPTED_LOAD, target, "build", int(number)))[0] == code
    assert found(target) == "old"
    assert set(target.parent.iterdir()) == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("moment", ["publication", "report"])
def test_a_signal_from_the_moment_of_publishing_on_does_not_say_that_nothing_was_published(
    tmp_path: Path, number: int, moment: str
) -> None:
    target = tmp_path / "warehouse" / "ip.duckdb"
    publish(target, "old")
    assert ended(started(INTERRUPTED_LOAD, target, moment, int(number))) == (0, "")
    assert found(target) == "new"


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("moment", ["checking", "publishing"])
def test_an_interrupted_run_ends_with_its_own_code_and_publishes_nothing(
    tmp_path: Path, number: int, code: int, moment: str
) -> None:
    project = made_up_project(tmp_path)
    command = [sys.executable, "-c", "from etl.cli import main; main()", "run", "--project", str(tmp_path), "--fail-on", "never"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as ran:
        assert ran.stderr
        while moment not in ran.stderr.readline():
            assert ran.poll() is None
        time.sleep(0.05)
        ran.send_signal(number)
        said = ran.stderr.read()
        assert ran.wait() == code, said
    assert "Nothing was published" in said
    assert not os.path.lexists(project.warehouse)
    assert [path.name for path in project.warehouse.parent.iterdir()] == [".load.lock"]
