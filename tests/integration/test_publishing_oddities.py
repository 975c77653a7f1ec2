"""Publishing where the folder of the warehouse is odd: it works, or says what to move away; and later runs work."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from commands import etl
from listed_projects import written
from register_projects import FOLDER, csv_of, pledge
from test_publishing import build, state

from etl.errors import WriteError
from etl.publishing.lock import LOCK
from etl.publishing.protocol import begin_load
from etl.publishing.versions import current_version, roll_back, rolled_back, versions
from etl.warehouse.database import CURRENT, new_file, verify_file


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "warehouse").mkdir()
    return tmp_path / "warehouse" / "ip.duckdb"


def publish(target: Path, name: str) -> str:
    with begin_load(target) as load:
        load.publish(partial(build, state=name), verify_file)
    return load.load


@pytest.mark.parametrize(
    "moment",
    [
        *("20260001T000000", "20261301T000000", "20260100T000000", "20260230T000000", "20260101T990000"),
        *("00000101T000000", "99991231T235959", "22630101T000000", "00010101T000000"),
    ],
)
def test_a_version_of_no_moment_is_passed_over(moment: str, target: Path) -> None:
    odd = target.with_name(f"ip.{moment}.999999-1.duckdb")
    odd.write_bytes(b"x")
    loads = [publish(target, name) for name in ("a", "b")]
    assert state(target) == "b"
    assert loads == [each.load for each in versions(target) if each.path != odd]
    assert roll_back(target, loads[0], verify_file).load == loads[0]
    assert state(target) == "a"


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: path.symlink_to("/etc/passwd")])
def test_a_folder_or_link_named_as_a_version_is_none(make: Callable[[Path], None], target: Path) -> None:
    make(target.with_name("ip.20260101T000000.000000-1.duckdb"))
    load = publish(target, "a")
    assert [each.load for each in versions(target)] == [load]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\0", b"nonsense", "20260101T000000.000000-1\n某".encode()])
def test_a_damaged_list_of_what_was_rolled_back_holds_and_keeps_what_is_newer(content: bytes, target: Path) -> None:
    first, second = publish(target, "a"), publish(target, "b")
    roll_back(target, first, verify_file)
    target.with_name(".rolled-back").write_bytes(content)
    assert second in rolled_back(target)
    third = publish(target, "c")
    assert state(target) == "c"
    assert {first, second, third} == {each.load for each in versions(target)}
    roll_back(target, first, verify_file)
    assert rolled_back(target) == {second, third}


@pytest.mark.parametrize("name", ["ip.duckdb", ".rolled-back", LOCK])
def test_a_folder_in_place_of_a_file_is_named_and_not_touched(name: str, target: Path) -> None:
    odd = target.with_name(name)
    odd.mkdir()
    (odd / "kept").write_text("kept")
    for act in (lambda: publish(target, "a"), lambda: roll_back(target, "", verify_file)):
        with pytest.raises(WriteError, match=f"{name} is .* [Dd]elete it, and run again"):
            act()
    assert (odd / "kept").read_text() == "kept"
    (odd / "kept").unlink()
    odd.rmdir()
    publish(target, "a")
    assert state(target) == "a"


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "warehouse").write_text("kept")
    with pytest.raises(WriteError, match="warehouse is no folder"):
        publish(tmp_path / "warehouse" / "ip.duckdb", "a")


def test_a_lock_that_is_a_link_is_refused_and_its_target_kept(target: Path, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("kept")
    target.with_name(LOCK).symlink_to(tmp_path / "kept")
    with pytest.raises(WriteError, match=r"\.load\.lock is a link"):
        publish(target, "a")
    target.with_name(LOCK).unlink()
    os.mkfifo(target.with_name(LOCK))
    with pytest.raises(WriteError, match=r"\.load\.lock is no file"):
        publish(target, "a")
    assert (tmp_path / "kept").read_text() == "kept"


def test_a_link_to_a_file_of_that_name_elsewhere_is_not_the_version_in_force(target: Path, tmp_path: Path) -> None:
    publish(target, "a")
    version = versions(target)[0]
    (tmp_path / version.path.name).write_bytes(b"x")
    target.unlink()
    target.symlink_to(f"../{version.path.name}")
    assert current_version(target) is None
    publish(target, "b")
    assert state(target) == "b"


def test_a_version_in_force_that_cannot_be_read_is_an_error_of_writing(target: Path, tmp_path: Path) -> None:
    publish(target, "a")
    path = versions(target)[0].path
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[1 << 15 :] = os.urandom(len(content) - (1 << 15))
    path.write_bytes(content)
    with (
        pytest.raises(WriteError, match=r"could not be written.*--force does without it"),
        new_file(tmp_path / "next.duckdb", current=path) as connection,
    ):
        connection.execute(f'CREATE TABLE copied AS FROM "{CURRENT}".core.thing')


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\0" + b"\0" * 4080])
def test_a_version_that_is_another_file_is_not_rolled_back_to_and_later_loads_pass_it(content: bytes, target: Path) -> None:
    first = publish(target, "a")
    publish(target, "b")
    path = next(each.path for each in versions(target) if each.load == first)
    path.chmod(0o644)
    path.write_bytes(content)
    with pytest.raises(WriteError, match="cannot be read back") as refused:
        roll_back(target, first, verify_file)
    assert "download" not in str(refused.value)
    assert state(target) == "b"
    publish(target, "c")
    assert state(target) == "c"


# Registers that vanish.

ROWS = [pledge(serial) for serial in range(1, 11)]
RULE = "warning[register-keeps-its-rows]"


@pytest.mark.parametrize(
    ("kept", "said"),
    [(10, ""), (5, ""), (4, "4 rows where"), (0, "0 rows where"), (None, "there is no raw file where")],
)
def test_a_register_that_has_lost_more_than_half_of_its_rows_is_a_warning(kept: int | None, said: str, tmp_path: Path) -> None:
    root = written(tmp_path)
    path = root / f"{FOLDER}.csv"
    path.parent.mkdir()
    path.write_bytes(csv_of(*ROWS))
    assert RULE not in etl(root, "run", "--lang", "en").output
    if kept is None:
        path.unlink()
    else:
        path.write_bytes(csv_of(*ROWS[:kept]))
    for command in ("check", "run"):
        ran = etl(root, command, "--lang", "en")
        assert ran.exit_code == 0
        assert (RULE in ran.output) == bool(said), ran.output
        assert not said or f"{FOLDER}.csv:1:1: {RULE} {said} the load in force has read 10 rows" in ran.output
    assert RULE not in etl(root, "check", "--lang", "en").output
