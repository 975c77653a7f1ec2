"""docs/how-to/connect.md: what can be run here runs, and opens the warehouse read-only."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from documents import blocks, carry_out, copy_of_the_project

PAGE = "docs/how-to/connect.md"
STANDS_FOR = "/srv/ip"

# Prints each view with a hash of its rows. What has a time zone is left out, for Python wants a library more to show it.
ROWS = """
import duckdb, hashlib
with duckdb.connect("warehouse/ip.duckdb", read_only=True) as warehouse:
    views = warehouse.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY view_name").fetchall()
    for (view,) in views:
        columns = warehouse.execute(f"DESCRIBE report.{view}").fetchall()
        named = ", ".join(column[0] for column in columns if "TIME ZONE" not in column[1])
        rows = sorted(map(repr, warehouse.execute(f"SELECT {named} FROM report.{view}").fetchall()))
        print(view, len(rows), hashlib.sha256("".join(rows).encode()).hexdigest())
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the project with its warehouse."""
    copy = copy_of_the_project(tmp_path_factory.mktemp("connect"))
    carry_out([block for block in blocks(PAGE) if block.info == "sh"], copy)
    return copy


def bodies(info: str) -> list[str]:
    return [block.body for block in blocks(PAGE) if block.info == info]


def test_every_way_in_asks_for_a_database_that_cannot_be_written(project: Path) -> None:
    """What JDBC, ODBC and SQLAlchemy hand on are settings of DuckDB's own; here they are handed to it without them between."""
    uris = bodies("text connection")
    data_source = configparser.ConfigParser()
    data_source.read_string(bodies("ini")[0])
    options = [re.search(r"[;?](access_mode)=(\w+)", uri) for uri in (*uris, *bodies("text notebook"))]
    settings = [match.groups() for match in options if match] + [("access_mode", data_source["IP warehouse"]["access_mode"])]
    assert len(settings) == 5
    for name, value in settings:
        with (
            duckdb.connect(project / "warehouse" / "ip.duckdb", config={name: value}) as warehouse,
            pytest.raises(duckdb.InvalidInputException, match="read-only"),
        ):
            warehouse.execute("CREATE TABLE t AS SELECT 1")
    assert data_source["IP warehouse"]["database"] in "".join(uris)
    assert "read_only = TRUE" in bodies("r")[0]
    assert "-readonly" in bodies("text shell")[0]


def test_sqlalchemy_opens_it_as_superset_would(project: Path) -> None:
    sqlalchemy = pytest.importorskip("sqlalchemy")
    pytest.importorskip("duckdb_engine")
    uri = next(body.strip() for body in bodies("text connection") if body.startswith("duckdb:"))
    with sqlalchemy.create_engine(uri.replace(STANDS_FOR, str(project))).connect() as connection:
        assert connection.execute(sqlalchemy.text("SELECT count(*) FROM report.cases")).scalar_one() > 0
        with pytest.raises(sqlalchemy.exc.DBAPIError, match="read-only"):
            connection.execute(sqlalchemy.text("CREATE TABLE t AS SELECT 1"))


@pytest.mark.skipif(shutil.which("Rscript") is None, reason="R is not installed")
def test_r_opens_it(project: Path) -> None:
    ran = subprocess.run(["Rscript", "-e", bodies("r")[0]], cwd=project, capture_output=True, text=True, check=False)
    if "there is no package called" in ran.stderr:
        pytest.skip("R has no package duckdb")
    assert "5981" in ran.stdout, ran.stderr


@pytest.mark.parametrize("python", [name for name in os.environ.get("ETL_OLDER_DUCKDB", "").split(os.pathsep) if name])
def test_an_older_duckdb_gives_the_same_rows(python: str, project: Path) -> None:
    """ETL_OLDER_DUCKDB names Pythons that have another DuckDB, joined by colons; without it there is nothing to compare."""
    rows = [
        subprocess.run([each, "-c", ROWS], cwd=project, capture_output=True, text=True, check=True).stdout.splitlines()
        for each in (sys.executable, python)
    ]
    assert len(rows[0]) > 15
    assert rows[0] == rows[1]


def test_a_connection_keeps_its_version_and_the_next_one_sees_the_new(project: Path, tmp_path: Path) -> None:
    shutil.copytree(project / "warehouse", tmp_path / "warehouse", symlinks=True)
    link = tmp_path / "warehouse" / "ip.duckdb"
    assert link.is_symlink()
    assert link.stat().st_mode & 0o777 == 0o444
    following = tmp_path / "warehouse" / "ip.following.duckdb"
    with duckdb.connect(following) as made:
        made.execute("CREATE SCHEMA core; CREATE TABLE core.figure AS SELECT 42 AS value")
    with duckdb.connect(link, read_only=True) as reader:
        (before,) = reader.execute("SELECT count(*) FROM core.figure").fetchall()
        (tmp_path / "warehouse" / "next").symlink_to(following.name)
        os.replace(tmp_path / "warehouse" / "next", link)
        assert reader.execute("SELECT count(*) FROM core.figure").fetchall() == [before]
        with duckdb.connect(link, read_only=True) as other:
            assert other.execute("FROM core.figure").fetchall() == [(42,)]
