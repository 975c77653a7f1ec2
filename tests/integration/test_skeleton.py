"""A warehouse is the same with and without a skeleton, whatever became of the skeleton."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from edited_projects import do

from etl.project import Project
from etl.publishing.versions import current_version
from etl.warehouse.publish import publish
from etl.warehouse.skeleton import KEPT, cache_folder
from etl.warehouse.table_spec import StreamedTable, TableSpec

KEY = "declarations"
NUMBERS = pl.DataFrame({"value": [1.0, 2.0], "unit": ["件", "起"]})
VIEW = "-- view: report.number\n-- zh: 数\n-- en: numbers\n-- grain: value\nSELECT DISTINCT value, unit FROM core.number\n"
FUNCTION = "CREATE MACRO report.twice(value) AS 2 * value;"


@pytest.fixture(autouse=True)
def cached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the path of the skeleton, in a cache of the test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = cache_folder()
    assert folder is not None
    return folder / f"{KEY}.duckdb"


@pytest.fixture
def views(tmp_path: Path) -> Path:
    folder = tmp_path / "views"
    (folder / "functions").mkdir(parents=True)
    (folder / "number.sql").write_text(VIEW, encoding="utf-8")
    (folder / "functions" / "twice.sql").write_text(FUNCTION, encoding="utf-8")
    return folder


def numbers(rows: pl.DataFrame = NUMBERS, *, comment: str = "数 · numbers", **comments: str) -> TableSpec:
    return TableSpec("core", "number", rows, comment, comments)


def held(path: Path) -> dict[str, Any]:
    """Return all that a warehouse holds, and how it describes it."""
    with duckdb.connect(path, read_only=True) as connection:
        ask: Callable[[str], list[tuple[Any, ...]]] = lambda sql: connection.execute(sql).fetchall()  # noqa: E731
        found = {
            "tables": ask("SELECT schema_name, table_name, comment FROM duckdb_tables() ORDER BY ALL"),
            "columns": ask("SELECT schema_name, table_name, column_name, data_type, comment FROM duckdb_columns() ORDER BY ALL"),
            "views": ask("SELECT schema_name, view_name, sql, comment FROM duckdb_views() ORDER BY ALL"),
            "functions": ask("SELECT function_name, macro_definition FROM duckdb_functions() WHERE NOT internal ORDER BY ALL"),
        }
        return found | {f"{schema}.{table}": ask(f"FROM {schema}.{table}") for schema, table, _ in found["tables"]}


def made(folder: Path, views: Path, *relations: TableSpec, key: str = KEY) -> dict[str, Any]:
    """Publish a warehouse, and return what it holds."""
    publish(folder / "ip.duckdb", relations or [numbers()], views, declarations=key)
    return held(folder / "ip.duckdb")


def test_a_skeleton_has_no_rows_and_what_is_made_of_it_is_the_same(tmp_path: Path, views: Path, cached: Path) -> None:
    without = made(tmp_path / "without", views, key="")
    assert not cached.exists()
    first = made(tmp_path / "first", views)
    rows = {name: content for name, content in held(cached).items() if "." in name}
    assert rows == {"core.number": [], "quality.content": []}
    number = cached.stat().st_ino
    assert without == first == made(tmp_path / "second", views)
    assert cached.stat().st_ino == number


def test_a_project_is_loaded_of_a_skeleton_as_without_one(small: Project, cached: Path) -> None:
    assert do(small, force=True).published
    version = current_version(small.warehouse)
    assert version is not None
    first = held(version.path)
    assert len([*cached.parent.glob("*.duckdb")]) == 1
    assert do(small, force=True).published
    second = held(small.warehouse)
    of_the_load = {"quality.run", "quality.basis", "quality.content"}
    assert {name: rows for name, rows in first.items() if name not in of_the_load} == {
        name: rows for name, rows in second.items() if name not in of_the_load
    }


def damaged(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:5000])


def link_to_another_file(path: Path) -> None:
    other = path.with_name("other")
    path.rename(other)
    path.symlink_to(other)


def writable_by_others(path: Path) -> None:
    path.chmod(0o666)


def in_a_folder_of_everybody(path: Path) -> None:
    path.parent.chmod(0o777)


def replaced_by_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def below_a_file(path: Path) -> None:
    path.unlink()
    path.parent.rmdir()
    path.parent.write_text("no folder")


@pytest.mark.parametrize(
    "harm",
    [
        damaged,
        truncated,
        link_to_another_file,
        writable_by_others,
        in_a_folder_of_everybody,
        replaced_by_a_folder,
        below_a_file,
        Path.unlink,
    ],
)
@pytest.mark.skipif(sys.platform == "win32", reason="has no modes and few links")
def test_a_skeleton_that_cannot_be_trusted_is_not_used(
    tmp_path: Path, views: Path, cached: Path, harm: Callable[[Path], None]
) -> None:
    wanted = made(tmp_path / "wanted", views, key="")
    (views / "number.sql").write_text(VIEW.replace("value, unit", "-value AS value, unit"), encoding="utf-8")
    made(tmp_path / "other", views)
    (views / "number.sql").write_text(VIEW, encoding="utf-8")
    assert made(tmp_path / "trusted", views) != wanted
    harm(cached)
    assert made(tmp_path / "found", views) == wanted


def test_of_a_skeleton_of_other_tables_only_what_is_declared_is_used(tmp_path: Path, views: Path) -> None:
    other = TableSpec("core", "thing", NUMBERS, "物 · things")
    made(tmp_path / "other", views, numbers(NUMBERS.cast({"value": pl.Int64}), comment="旧 · old"), other)
    wanted = made(tmp_path / "wanted", views, numbers(unit="单位 · unit as printed"), key="")
    assert made(tmp_path / "found", views, numbers(unit="单位 · unit as printed")) == wanted


def test_more_rows_than_are_stored_together_are_all_there(tmp_path: Path, views: Path) -> None:
    many = pl.DataFrame({"value": range(130_000), "unit": "件"}, schema={"value": pl.Float64, "unit": pl.String})
    streamed = StreamedTable("core", "number", many.clear(), "数 · numbers", more=lambda: [many.head(3), many, many])
    for relation in (numbers(many), streamed):
        wanted = made(tmp_path / f"{relation.__class__.__name__} without", views, relation, key="")
        made(tmp_path / f"{relation.__class__.__name__} first", views, relation)
        assert made(tmp_path / relation.__class__.__name__, views, relation) == wanted


def test_those_who_make_it_at_the_same_time_do_not_hinder_each_other(tmp_path: Path, views: Path, cached: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = [*pool.map(lambda number: made(tmp_path / str(number), views), range(4))]
    assert all(each == found[0] for each in found)
    assert [*cached.parent.iterdir()] == [cached]
    left = cached.with_name(".making-killed")
    left.mkdir()
    os.utime(left, (0, 0))
    made(tmp_path / "another", views, key="another")
    assert not left.exists()
    assert made(tmp_path / "next", views) == found[0]


def test_the_skeletons_used_last_are_kept(tmp_path: Path, views: Path, cached: Path) -> None:
    made(tmp_path / "first", views)
    for number in range(KEPT):
        path = cached.with_name(f"{number}.duckdb")
        path.write_bytes(b"")
        os.utime(path, ns=(number, number))
    made(tmp_path / "used", views)
    made(tmp_path / "another", views, key="another")
    assert {path.stem for path in cached.parent.iterdir()} == {KEY, "another", *map(str, range(2, KEPT))}
