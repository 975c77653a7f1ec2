"""A write of `raw/` that is killed at any call: the old files or the new ones are there, never some of each."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from paths import ROOT
from returns import CLOSED, RECEIVED, copied_project, files_of, filled_form, written_form

from etl.errors import ProjectError
from etl.project import Project
from etl.publishing.raw_folder import staged_raw

_KILLED = """
import os, signal, sys

at, count = int(sys.argv[1]), 0

def audited(event, arguments):
    global count
    if event == "open" or event.startswith(("os.", "shutil.", "tempfile.", "ctypes.")):
        count += 1
        if count == at:
            os.kill(os.getpid(), signal.SIGKILL)

"""
_WRITES = """
from pathlib import Path
from etl.publishing import raw_folder

if sys.argv[3] == "two renames":
    raw_folder._exchanged = lambda one, other: False
root = Path(sys.argv[2])
sys.addaudithook(audited)
with raw_folder.staged_raw(root) as staged:
    staged.write({root / "raw" / "courts" / "caseload.csv": "new", root / "raw" / "sources" / "b.csv": "new"})
    staged.publish()
print(count)
"""
_TAKES = """
from etl.cli import main

sys.addaudithook(audited)
try:
    main(sys.argv[2:])
finally:
    print(count)
"""
OLD = {"raw/courts/caseload.csv": b"old", "raw/sources.csv": b"old", "raw/waivers.csv": b"kept"}
NEW = {**OLD, "raw/courts/caseload.csv": b"new", "raw/sources/b.csv": b"new"}


def killed(code: str, at: int, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", _KILLED + code, str(at), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )


def project_of_old_files(root: Path) -> Path:
    for name, content in OLD.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root


@pytest.mark.parametrize("way", ["one call", pytest.param("two renames", marks=pytest.mark.slow)])
def test_killed_at_any_call_all_files_are_old_or_all_are_new(tmp_path: Path, way: str) -> None:
    if way == "one call" and sys.platform not in ("linux", "darwin"):
        pytest.skip("this system cannot exchange two folders")
    calls = int(killed(_WRITES, 0, project_of_old_files(tmp_path / "whole"), way).stdout)
    assert files_of(tmp_path / "whole") == NEW
    found = []
    for at in range(1, calls + 1, 3):
        root = project_of_old_files(tmp_path / str(at))
        assert killed(_WRITES, at, root, way).returncode == -signal.SIGKILL
        if way == "two renames" and not (root / "raw").exists():
            with pytest.raises(ProjectError, match="A write of raw/ was interrupted; it is whole in") as stopped:
                Project(root)
            Path(str(stopped.value).split(" in ")[1].split(". ")[0]).rename(root / "raw")
        found.append(files_of(root))
        assert found[-1] in (OLD, NEW), at
        assert killed(_WRITES, 0, root, way).returncode == 0
        assert files_of(root) == NEW
        assert not list(root.glob(".raw-*")), at
    assert OLD in found
    assert NEW in found


def test_a_return_that_is_killed_is_taken_whole_or_not_at_all(tmp_path: Path) -> None:
    project = copied_project(tmp_path / "template")
    form = filled_form(written_form(project, "--lang", "en"), {RECEIVED: 6200, CLOSED: 6100})
    old = files_of(project.root)
    arguments = ("take", str(form), "--received", "2027-01-10", "--project")
    shutil.copytree(project.root, tmp_path / "whole")
    ran = killed(_TAKES, 0, *arguments, tmp_path / "whole")
    calls, new = int(ran.stdout.splitlines()[-1]), files_of(tmp_path / "whole")
    assert len(new) == len(old) + 2
    states = []
    for back in (1, 100, 160, calls // 2):
        root = tmp_path / str(back)
        shutil.copytree(project.root, root)
        assert killed(_TAKES, calls - back, *arguments, root).returncode == -signal.SIGKILL
        states.append(files_of(root))
        assert states[-1] in (old, new), back
    assert old in states
    assert new in states


def test_a_file_that_is_changed_meanwhile_is_not_lost(tmp_path: Path) -> None:
    root = project_of_old_files(tmp_path)
    with staged_raw(root) as staged:
        staged.write({root / "raw" / "sources.csv": "new"})
        (root / "raw" / "waivers.csv").write_bytes(b"by hand")
        with pytest.raises(ProjectError, match="A file in raw/ was changed meanwhile"):
            staged.publish()
    assert files_of(root) == {**OLD, "raw/waivers.csv": b"by hand"}
    assert not list(root.glob(".raw-*"))


def test_links_of_raw_stay_links_and_other_files_are_not_copied(tmp_path: Path) -> None:
    root = project_of_old_files(tmp_path)
    (root / "raw" / "courts" / "cases").symlink_to(tmp_path)
    before = (root / "raw" / "waivers.csv").stat().st_ino
    with staged_raw(root) as staged:
        staged.write({root / "raw" / "sources.csv": "new"})
        staged.publish()
    assert (root / "raw" / "courts" / "cases").readlink() == tmp_path
    assert (root / "raw" / "waivers.csv").stat().st_ino == before


def test_a_return_is_refused_while_another_process_writes(tmp_path: Path) -> None:
    project = copied_project(tmp_path / "project")
    form = filled_form(written_form(project, "--lang", "en"), {RECEIVED: 6200, CLOSED: 6100})
    with staged_raw(project.root):
        before = files_of(project.root)
        ran = killed(_TAKES, 0, "take", str(form), "--project", project.root)
        assert ran.returncode == 75
        assert "Another load is at work" in ran.stderr
        assert files_of(project.root) == before
    assert killed(_TAKES, 0, "take", str(form), "--project", project.root).returncode == 0
