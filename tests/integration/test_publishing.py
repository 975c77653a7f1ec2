"""Publishing: one version at a time, whole, activated in one step; earlier ones kept; and the commands."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import duckdb
import pytest

from etl.errors import BusyError, ProjectError, UnknownNameError, WriteError
from etl.publishing.lock import LOCK, hold_lock
from etl.publishing.protocol import begin_load
from etl.publishing.versions import KEPT, current_version, next_load, roll_back, versions
from etl.warehouse.database import STORAGE_VERSION, new_file, verify_file

Publish = Callable[[str], str]


def build(path: Path, state: str) -> None:
    with new_file(path) as connection:
        connection.execute("CREATE SCHEMA core")
        connection.execute(f"CREATE TABLE core.thing AS SELECT range AS number, '{state}' AS state FROM range(1000)")
        connection.execute("CREATE VIEW core.state AS SELECT DISTINCT state FROM core.thing")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "warehouse" / "ip.duckdb"


@pytest.fixture
def publish(target: Path) -> Publish:
    """A function that publishes a state and gives the load."""

    def published(state: str) -> str:
        with begin_load(target) as load:
            load.publish(partial(build, state=state), verify_file)
        return load.load

    return published


def state(path: Path) -> str:
    with duckdb.connect(path, read_only=True) as connection:
        return str(connection.execute("FROM core.state").fetchall()[0][0])


# Versions.


def test_users_open_one_name_and_each_load_is_a_read_only_file(target: Path, publish: Publish) -> None:
    loads = [publish(name) for name in ("a", "b")]
    assert state(target) == "b"
    assert [each.load for each in versions(target)] == loads
    assert str(target.readlink()) == f"ip.{loads[1]}.duckdb"
    assert {stat.S_IMODE(each.path.stat().st_mode) for each in versions(target)} == {0o444}
    assert [state(each.path) for each in versions(target)] == ["a", "b"]


def test_the_last_versions_are_kept(target: Path, publish: Publish) -> None:
    loads = [publish(str(number)) for number in range(KEPT + 2)]
    assert KEPT >= 3
    assert [each.load for each in versions(target)] == loads[-KEPT:]


def test_a_rollback_restores_the_previous_version_until_the_next_load(target: Path, publish: Publish) -> None:
    loads = [publish(name) for name in "abc"]
    assert roll_back(target, "", verify_file).load == loads[1]
    assert state(target) == "b"
    assert roll_back(target, "", verify_file).load == loads[0]
    assert state(target) == "a"
    publish("d")
    assert state(target) == "d"
    assert roll_back(target, "", verify_file).load == loads[0]


def test_a_rollback_can_be_undone_by_naming_the_newer_load(target: Path, publish: Publish) -> None:
    loads = [publish(name) for name in "abc"]
    roll_back(target, loads[0], verify_file)
    roll_back(target, loads[2], verify_file)
    assert state(target) == "c"
    assert roll_back(target, "", verify_file).load == loads[0]  # the second one was passed over, so it is taken for bad


def test_what_was_rolled_back_does_not_push_good_versions_out(target: Path, publish: Publish) -> None:
    good = [publish("a"), publish("b")]
    for _ in range(KEPT):
        publish("bad")
        roll_back(target, "", verify_file)
    good.append(publish("c"))
    assert set(good) <= {each.load for each in versions(target)}


@pytest.mark.parametrize("load", ["", "20340101T000000.000000-1"])
def test_a_rollback_to_nothing_is_refused_and_changes_nothing(target: Path, publish: Publish, load: str) -> None:
    with pytest.raises(ProjectError, match="Make it with `etl run`"):
        roll_back(target, load, verify_file)
    only = publish("a")
    with pytest.raises(ProjectError if not load else UnknownNameError, match="no version before" if not load else "No load"):
        roll_back(target, load, verify_file)
    assert current_version(target) == versions(target)[0]
    assert current_version(target).load == only  # type: ignore[union-attr]


def test_a_damaged_version_is_not_activated(target: Path, publish: Publish) -> None:
    first, _ = publish("a"), publish("b")
    path = versions(target)[0].path
    path.chmod(0o644)
    content = bytearray(path.read_bytes())
    content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
    path.write_bytes(content)
    with pytest.raises(WriteError, match="not published"):
        roll_back(target, first, verify_file)
    assert state(target) == "b"


def test_a_version_that_was_never_activated_is_deleted_by_the_next_load(target: Path, publish: Publish) -> None:
    publish("a")
    orphan = target.with_name("ip.29990101T000000.000000-1.duckdb")
    orphan.write_bytes(versions(target)[0].path.read_bytes())
    publish("b")
    assert not orphan.exists()
    assert state(target) == "b"


def test_a_plain_file_of_an_older_package_is_kept_as_a_version(target: Path, publish: Publish) -> None:
    target.parent.mkdir()
    build(target, "plain")
    publish("a")
    assert target.is_symlink()
    assert [state(each.path) for each in versions(target)] == ["plain", "a"]
    roll_back(target, "", verify_file)
    assert state(target) == "plain"


def test_a_plain_file_in_use_is_replaced_and_not_kept(target: Path, publish: Publish) -> None:
    target.parent.mkdir()
    build(target, "plain")
    target.with_name("ip.duckdb.wal").write_bytes(b"his changes")
    publish("a")
    assert state(target) == "a"
    assert len(versions(target)) == 1


def test_a_load_is_later_than_every_version_though_the_clock_goes_back(target: Path, publish: Publish) -> None:
    load = publish("a")
    assert next_load(target, datetime(1999, 1, 1, tzinfo=UTC), 1) > load


def test_where_files_have_no_links_a_write_ahead_log_beside_the_target_stops_the_load(
    target: Path, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    publish("a")
    monkeypatch.setattr(os, "symlink", refuse)
    monkeypatch.setattr(Path, "symlink_to", refuse)
    publish("b")
    assert not target.is_symlink()
    assert state(target) == "b"
    target.with_name("ip.duckdb.wal").write_bytes(b"his changes")
    with pytest.raises(WriteError, match=r"ip\.duckdb\.wal exists"):
        publish("c")
    target.with_name("ip.duckdb.wal").unlink()
    assert state(target) == "b"
    monkeypatch.setattr(Path, "hardlink_to", refuse)
    publish("c")
    assert (state(target), target.stat().st_nlink) == ("c", 1)
    assert current_version(target) == versions(target)[-1]


# The file.


def test_the_file_has_the_form_that_two_years_of_clients_read(target: Path, publish: Publish) -> None:
    publish("a")
    assert STORAGE_VERSION == "v1.0.0"
    assert int.from_bytes(target.read_bytes()[12:20], "little") == 64  # the number that DuckDB 0.10 to 1.1 write and ask for
    with duckdb.connect(target, read_only=True) as connection:
        tags = connection.execute("SELECT tags FROM duckdb_databases() WHERE NOT internal").fetchall()
    assert tags == [({"storage_version": "v1.0.0+"},)]


@pytest.mark.parametrize(
    "lie",
    [
        "UPDATE quality.content SET rows = rows + 1",
        "UPDATE core.thing SET state = 'c' WHERE number = 500",
        "UPDATE core.thing SET number = NULL WHERE number = 0",
        "DELETE FROM core.thing WHERE number = 7",
        "INSERT INTO core.thing FROM core.thing LIMIT 1",
        "CREATE TABLE core.other AS SELECT 1 AS one",
        "DROP VIEW core.state",
        "DROP TABLE quality.content",
    ],
)
def test_a_file_that_is_not_what_its_ledger_says_is_not_published(target: Path, publish: Publish, lie: str) -> None:
    publish("a")

    def build_wrong(path: Path) -> None:
        build(path, "b")
        with duckdb.connect(path) as connection:
            connection.execute(lie)

    with pytest.raises(WriteError), begin_load(target) as load:
        load.publish(build_wrong, verify_file)
    assert state(target) == "a"
    assert len(versions(target)) == 1


@pytest.mark.parametrize(
    ("load", "rejected", "is_true"),
    [("4, 2, 2", 2, True), ("5, 2, 2", 2, False), ("4, 3, 1", 1, False), ("4, 2, 2", 1, False), ("2, 2, 0", 0, True)],
)
def test_a_row_that_is_neither_loaded_nor_rejected_stops_the_load(
    tmp_path: Path, load: str, rejected: int, is_true: bool
) -> None:
    path = tmp_path / "new.duckdb"
    with new_file(path) as connection:
        connection.execute("CREATE SCHEMA courts; CREATE SCHEMA quality; CREATE TABLE courts.cases AS FROM range(2)")
        names = "domain, table_name, rows_read, rows_loaded, rows_rejected"
        connection.execute(f"CREATE TABLE quality.load AS SELECT * FROM (VALUES ('courts', 'cases', {load})) AS t({names})")
        connection.execute(f"CREATE TABLE quality.rejected AS SELECT 'courts.cases' AS address FROM range({rejected})")
    if is_true:
        verify_file(path)
    else:
        with pytest.raises(WriteError, match=r"rows of courts\.cases are neither loaded nor rejected"):
            verify_file(path)


# One load at a time.


def test_a_second_load_is_refused_with_who_holds_the_lock_and_since_when(target: Path, publish: Publish) -> None:
    publish("a")
    with (
        begin_load(target),
        pytest.raises(BusyError, match=rf"process {os.getpid()} on .*, since 2.* UTC\. Nothing was published"),
    ):
        publish("b")
    assert BusyError.exit_code == 75
    publish("c")
    assert state(target) == "c"


def test_the_lock_ends_with_the_process_that_holds_it(target: Path, publish: Publish) -> None:
    target.parent.mkdir()
    code = (
        "import os, sys; from pathlib import Path; from etl.publishing.lock import hold_lock\n"
        f"with hold_lock(Path({str(target.parent)!r})): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(BusyError, match=f"process {holder.pid} "):
            publish("a")
        holder.kill()
    publish("a")


def test_a_lock_without_the_name_of_its_holder_refuses_too(target: Path) -> None:
    target.parent.mkdir()
    with hold_lock(target.parent):
        (target.parent / LOCK).write_text("")
        with pytest.raises(BusyError, match="Another load is at work"), hold_lock(target.parent):
            pass
