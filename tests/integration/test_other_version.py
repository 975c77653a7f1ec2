"""A warehouse that another version of the package made: every reader says so, and what to do."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from click.testing import CliRunner
from projects import write_project
from small_warehouses import warehouse

from etl.api import Project
from etl.cli import main
from etl.errors import QueryError

CASELOAD = "area,period,court,received,closed,source,section\n330200,2031,all,9件,9件,example-a,1\n"


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a project whose warehouse has none of the tables that are asked for."""
    project = write_project(tmp_path_factory.mktemp("project"), {"courts.caseload": CASELOAD})
    made = warehouse(project).resolve()
    made.chmod(0o644)
    made.unlink()
    with duckdb.connect(made) as connection:
        connection.execute("CREATE SCHEMA core; CREATE TABLE core.figure (published VARCHAR)")
    return project.root


@pytest.mark.parametrize(
    "arguments",
    [
        ("trace", "9件"),
        ("bulletin",),
        ("export", "--to", "csv", "-o", "out"),
    ],
)
@pytest.mark.parametrize(
    ("lang", "said"), [("en", "was made by another version of this package"), ("zh", "由本软件的另一版本生成")]
)
def test_every_reader_says_that_another_version_made_the_warehouse(
    arguments: tuple[str, ...], lang: str, said: str, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    ran = CliRunner().invoke(main, [*arguments, "--lang", lang])
    assert ran.exit_code == 2, ran.output
    assert said in ran.stderr
    assert "`etl run`" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [("report",), ("diff", "warehouse/ip.duckdb")])
def test_a_reader_that_looks_first_says_what_is_missing(
    arguments: tuple[str, ...], root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    ran = CliRunner().invoke(main, [*arguments, "--lang", "en"])
    assert (ran.exit_code, ran.stderr.endswith("Make it anew with `etl run`.\n")) == (2, True)


def test_the_versions_are_still_listed(root: Path) -> None:
    assert "unreadable" in CliRunner().invoke(main, ["history", "--project", str(root), "--lang", "en"]).stdout


def test_a_query_of_a_user_is_wrong_by_itself(root: Path) -> None:
    with pytest.raises(QueryError, match="no_such_table"):
        Project(root).query("FROM no_such_table")
