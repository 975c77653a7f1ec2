"""A write of `raw/` that is killed at any call: the old files or the new ones are there, never some of each."""

from __future__ import annotations

import json
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import etl
from killed import COMMAND, killed
from returns import CLOSED, RECEIVED, copied_project, files_of, filled_form, take, written_form

from etl.errors import ProjectError
from etl.files import replace_csv
from etl.intake.proposals import PROPOSAL_COLUMNS
from etl.project import Project, records
from etl.publishing.raw_folder import staged_raw

_WRITES = """
from pathlib import Path
from etl.publishing import raw_folder

if sys.argv[2] == "two renames":
    raw_folder._exchanged = lambda one, other: False

def do(root):
    root = Path(root)
    with raw_folder.staged_raw(root) as staged:
        staged.write({root / "raw" / "courts" / "caseload.csv": "new", root / "raw" / "sources" / "b.csv": "new"})
        staged.publish()
"""
OLD = {"raw/courts/caseload.csv": b"old", "raw/sources.csv": b"old", "raw/waivers.csv": b"kept"}
NEW = {**OLD, "raw/courts/caseload.csv": b"new", "raw/sources/b.csv": b"new"}


def project_of_old_files(root: Path) -> Path:
    for name, content in OLD.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root


@pytest.mark.parametrize("way", ["one call", pytest.param("two renames", marks=pytest.mark.slow)])
def test_killed_at_any_call_all_files_are_old_or_all_are_new(tmp_path: Path, way: str) -> None:
    if way == "one call" and sys.platform not in ("linux", "darwin"):
        pytest.skip("this system cannot exchange two folders")
    ((code, calls),) = killed(_WRITES, [(0, project_of_old_files(tmp_path / "whole"))], way)
    assert (code, files_of(tmp_path / "whole")) == (0, NEW)
    roots = {at: project_of_old_files(tmp_path / str(at)) for at in range(1, calls + 1, 3)}
    assert {code for code, _ in killed(_WRITES, roots.items(), way)} == {-signal.SIGKILL}
    found = []
    for root in roots.values():
        if way == "two renames" and not (root / "raw").exists():
            with pytest.raises(ProjectError, match="A write of raw/ was interrupted; it is whole in") as stopped:
                Project(root)
            Path(str(stopped.value).split(" in ")[1].split(". ")[0]).rename(root / "raw")
        found.append(files_of(root))
    assert all(each in (OLD, NEW) for each in found)
    assert OLD in found
    assert NEW in found
    assert {code for code, _ in killed(_WRITES, [(0, root) for root in roots.values()], way)} == {0}
    assert all(files_of(root) == NEW and not list(root.glob(".raw-*")) for root in roots.values())


def form_to_take(project: Project) -> list[str]:
    form = filled_form(written_form(project, "--lang", "en"), {RECEIVED: 6200, CLOSED: 6100})
    return ["take", str(form), "--received", "2027-01-10"]


def document_to_apply(project: Project) -> list[str]:
    document, table = project.root.parent / "next.txt", project.root.parent / "proposals.csv"
    document.write_text("2026年宁波市知识产权状况\n一、司法保护\n2026年，全市法院共收案6120件、结案6033件。\n", encoding="utf-8")
    assert etl(project, "fill", str(document), "-o", str(table)).exit_code == 0
    rows = records(table, PROPOSAL_COLUMNS)
    replace_csv(table, PROPOSAL_COLUMNS, [[*(row | {"by": "A. Person"}).values()] for row in rows])
    return ["fill", str(document), "--apply", str(table)]


@pytest.mark.parametrize(("prepare", "added"), [pytest.param(form_to_take, 2, marks=pytest.mark.slow), (document_to_apply, 5)])
def test_a_document_that_is_killed_is_entered_whole_or_not_at_all(
    tmp_path: Path, prepare: Callable[[Project], list[str]], added: int
) -> None:
    project = copied_project(tmp_path / "template")
    arguments = json.dumps(prepare(project))
    old = files_of(project.root)
    shutil.copytree(project.root, tmp_path / "whole")
    ((code, calls),) = killed(COMMAND, [(0, tmp_path / "whole")], arguments)
    new = files_of(tmp_path / "whole")
    assert (code, len(new)) == (0, len(old) + added)
    roots = {calls - back: tmp_path / str(back) for back in (1, 160, calls // 2)}
    for root in roots.values():
        shutil.copytree(project.root, root)
    assert {code for code, _ in killed(COMMAND, roots.items(), arguments)} == {-signal.SIGKILL}
    states = [files_of(root) for root in roots.values()]
    assert all(state in (old, new) for state in states)
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
        ran = take(project, form)
        assert (ran.exit_code, "Another load is at work" in ran.output) == (75, True)
        assert files_of(project.root) == before
    assert take(project, form).exit_code == 0
