"""Publishes a small warehouse on a disk that fails, once for each fault, and tells what became of it.

    LD_PRELOAD=failio.so python drive.py failio.so FOLDER SCENE MODE[,MODE…] [EVERY]

It runs under the shim, imports once, and forks a process for each fault: importing would take most of the time. For each mode and
each k (or every n-th) a line of JSON on standard output: how the load ended, what state a reader finds, and whether the next load
works. Only the standard library, duckdb, and what publishes without polars are imported.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

import duckdb

from etl.errors import ProjectError
from etl.publishing.protocol import loading
from etl.publishing.versions import KEPT, in_force, roll_back, versions
from etl.warehouse.database import building, verify

MODES = ("count", "eio once", "eio on", "no space", "kill", "torn", "power", "power and names")
FAULTS = MODES[1:]
ROWS = 500


def build(path: Path, state: str) -> None:
    """Make a warehouse whose every table says which state it is."""
    with building(path) as connection:
        connection.execute("CREATE SCHEMA core")
        for table in ("one", "other"):
            rows = f"SELECT range AS number, '{state}' AS state FROM range({ROWS})"
            connection.execute(f"CREATE TABLE core.{table} AS {rows}")
        connection.execute("CREATE VIEW core.both AS FROM core.one UNION ALL FROM core.other")


def publish(target: Path, state: str) -> None:
    """Publish as the package does."""
    with loading(target) as load:
        load.publish(partial(build, state=state), verify)


def publish_naively(target: Path, state: str) -> None:
    """Publish as one would at first: close the file and move it."""
    new = target.with_name("new.duckdb")
    with duckdb.connect(new) as connection:
        connection.execute("CREATE SCHEMA core")
        for table in ("one", "other"):
            rows = f"SELECT range AS number, '{state}' AS state FROM range({ROWS})"
            connection.execute(f"CREATE OR REPLACE TABLE core.{table} AS {rows}")
        connection.execute("CREATE OR REPLACE VIEW core.both AS FROM core.one UNION ALL FROM core.other")
    os.replace(new, target)


def publish_plainly(target: Path, state: str) -> None:
    """Leave a plain file, as older versions of the package did."""
    build(target, state)
    target.chmod(0o444)


def go_back(target: Path, state: str) -> None:
    """Take the last load back."""
    roll_back(target, "", verify)


Step = Callable[[Path, str], None]

SCENES: dict[str, tuple[tuple[tuple[Step, str], ...], Step, int, tuple[str, str]]] = {
    # what is there before, what is done, which links there are (0 all, 1 no symbolic, 2 none), the states before and after
    "first": ((), publish, 0, ("nothing", "new")),
    "next": (((publish, "older"), (publish, "old")), publish, 0, ("old", "new")),
    "full": (((publish, "oldest"), (publish, "older"), (publish, "old")), publish, 0, ("old", "new")),
    "plain file": (((publish_plainly, "old"),), publish, 0, ("old", "new")),
    "hard links": (((publish, "old"),), publish, 1, ("old", "new")),
    "copies": (((publish, "old"),), publish, 2, ("old", "new")),
    "rollback": (((publish, "new"), (publish, "old")), go_back, 0, ("old", "new")),
    "naive": (((publish_naively, "old"),), publish_naively, 0, ("old", "new")),
}


def state(target: Path) -> str:
    """Give which state a reader finds, or what is wrong with it."""
    if not os.path.lexists(target):
        return "nothing"
    try:
        with duckdb.connect(target, read_only=True) as connection:
            found = connection.execute("SELECT state, count(*), sum(number) FROM core.both GROUP BY state").fetchall()
    except duckdb.Error as error:
        return f"unreadable: {str(error).splitlines()[0]}"
    whole = len(found) == 1 and found[0][1:] == (2 * ROWS, ROWS * (ROWS - 1))
    return str(found[0][0]) if whole else f"broken: {found}"


def in_a_child(work: Callable[[], object]) -> tuple[int, str]:
    """Do something in a process of its own; give the exit code it would end with (or 128 and the signal) and what it gives."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        code = 1
        try:
            os.write(writing, str(work()).encode())
            code = 0
        except ProjectError as error:
            os.write(writing, str(error).encode())
            code = error.exit_code
        except BaseException:
            os.write(writing, traceback.format_exc().encode())
        finally:
            os._exit(code)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read().decode()
    status = os.waitpid(child, 0)[1]
    return os.waitstatus_to_exitcode(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status), said


class Disk:
    """A folder on the disk that fails."""

    def __init__(self, library: str, folder: Path, scene: str) -> None:
        self.shim = ctypes.CDLL(library)
        self.shim.failio_count.restype = ctypes.c_long
        self.folder, self.scene = folder, scene
        self.before, self.step, self.links, self.states = SCENES[scene]
        self.template = folder / "template"
        shutil.rmtree(folder, ignore_errors=True)
        self.template.mkdir(parents=True)
        for step, name in self.before:
            code, said = in_a_child(partial(step, self.template / "ip.duckdb", name))
            assert not code, said

    def suffer(self, mode: str, at: int) -> tuple[Path, int, str]:
        """Do the step on a disk that fails at the k-th call; give the warehouse, the exit code and what was said."""
        here, spare = self.folder / "warehouse", self.folder / "spare"
        for folder in (here, spare):
            shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(self.template, here, symlinks=True)
        spare.mkdir()
        target = here / "ip.duckdb"

        def step() -> int:
            self.shim.failio_arm(str(here).encode(), str(spare).encode(), MODES.index(mode), at, self.links)
            self.step(target, "new")
            return int(self.shim.failio_count())

        return target, *in_a_child(step)


def tidy(target: Path) -> str:
    """Give what is in the folder of a warehouse that a load should not have left there; empty where nothing is."""
    names = {path.name for path in target.parent.iterdir()} - {".load.lock", ".rolled-back", target.name}
    there = versions(target)
    stray = sorted(names - {each.path.name for each in there})
    now = in_force(target)
    if stray or now is None or now != there[-1] or len(there) > KEPT:
        return f"{stray} {now} {there}"
    return ""


def afterwards(target: Path, scene: str) -> str:
    """Give which state a reader finds after a fault, and whether the next load works and tidies up."""
    found, said = state(target), ""
    try:
        (publish_naively if scene == "naive" else publish)(target, "next")
    except (ProjectError, duckdb.Error, OSError) as error:
        said = str(error)
    return json.dumps({"state": found, "next": said or state(target), "left": "" if scene == "naive" else tidy(target)})


def main() -> None:
    """Tell of every fault."""
    library, folder, scene, modes, *rest = sys.argv[1:]
    disk = Disk(library, Path(folder), scene)
    every = int(rest[0]) if rest else 1
    _, code, counted = disk.suffer("count", 0)
    assert not code, counted
    for number, mode in enumerate(modes.split(",")):
        for at in range(1 + number % every, int(counted) + 1, every):
            target, code, said = disk.suffer(mode, at)
            told = {"scene": scene, "mode": mode, "at": at, "of": int(counted), "code": code, "said": said, "states": disk.states}
            _, then = in_a_child(partial(afterwards, target, scene))
            sys.stdout.write(json.dumps(told | json.loads(then)) + "\n")


if __name__ == "__main__":
    main()
