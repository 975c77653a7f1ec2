"""A sandboxed query sees the warehouse and nothing else of this machine, and ends when its time or its memory does."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from socketserver import BaseRequestHandler, TCPServer

import duckdb
import pytest
from escapes.attempts import HARMLESS, REFUSED, RUNAWAYS
from paths import ROOT

from etl.errors import ProjectError, QueryError
from etl.escape import visible
from etl.sandbox.run import Limits, run_sandboxed

SECRET = "swordfish-7319"
LIMITS = Limits(seconds=60, memory=300_000_000, rows=100)


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a small warehouse that anyone may write to, so that only the sandbox protects it."""
    path = tmp_path_factory.mktemp("warehouse") / "ip.duckdb"
    with duckdb.connect(path) as connection:
        connection.execute("CREATE SCHEMA core; CREATE TABLE core.number AS SELECT 1 AS value")
        connection.execute("CREATE SCHEMA report; CREATE VIEW report.number AS SELECT value FROM core.number")
        connection.execute("CHECKPOINT")
    (path.parent / "canary.txt").write_text(SECRET)
    return path


@pytest.fixture(scope="module")
def calls() -> Iterator[tuple[int, list[str]]]:
    """Open a port of this machine, and record its callers."""
    called: list[str] = []

    class Handler(BaseRequestHandler):
        def handle(self) -> None:
            called.append(str(self.client_address))

    with TCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1], called
        server.shutdown()


def asked(warehouse: Path, query: str, style: str = "csv", limits: Limits = LIMITS) -> str:
    out = io.BytesIO()
    run_sandboxed(warehouse, query, style, limits, out)
    return out.getvalue().decode()


def state(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*")}


def test_there_are_attempts_enough() -> None:
    every = [attempt for attempts in REFUSED.values() for attempt in attempts] + [*RUNAWAYS]
    assert len(set(every)) == len(every) >= 120


@pytest.mark.parametrize("kind", REFUSED)
def test_an_attempt_to_get_at_more_than_the_warehouse_is_refused(
    kind: str, warehouse: Path, calls: tuple[int, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ETL_CANARY", SECRET)
    port, called = calls
    names = {"db": warehouse, "dir": warehouse.parent, "name": warehouse.parent.name, "port": port}
    names["canary"] = warehouse.parent / "canary.txt"
    before = state(warehouse.parent)

    def attempt(text: str) -> str:
        for name, value in names.items():
            text = text.replace(f"{{{name}}}", str(value))
        try:
            return asked(warehouse, text)
        except QueryError as error:
            assert SECRET not in str(error), text
            return "refused"

    with ThreadPoolExecutor(2) as pool:
        ended = dict(zip(REFUSED[kind], pool.map(attempt, REFUSED[kind]), strict=True))
    assert {text: said for text, said in ended.items() if said != "refused" and text not in HARMLESS} == {}
    assert SECRET not in "".join(ended.values())
    assert state(warehouse.parent) == before
    assert not called
    assert not Path("/tmp/etl-escaped.csv").exists()
    assert asked(warehouse, "FROM report.number") == "value\n1\n"


DRIVER = """
import io, json, resource, sys, time
from pathlib import Path
from etl.errors import QueryError
from etl.sandbox.run import Limits, run_sandboxed
for query in json.load(sys.stdin):
    since, said = time.monotonic(), ""
    try:
        run_sandboxed(Path(sys.argv[1]), query, "csv", Limits(1.5, 300_000_000, 100), io.BytesIO())
    except QueryError as error:
        said = str(error)
    took = time.monotonic() - since
    print(json.dumps([query, said, took, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024]))
"""


@pytest.fixture(scope="module")
def runaways(warehouse: Path) -> list[tuple[str, str, float, int]]:
    """Run each runaway query; return its message, its seconds, and the most memory so far."""
    ran = subprocess.run(
        [sys.executable, "-c", DRIVER, str(warehouse)],
        input=json.dumps(RUNAWAYS),
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        timeout=300,
    )
    return [tuple(json.loads(line)) for line in ran.stdout.splitlines()]


def test_a_runaway_query_ends_with_a_clear_message(runaways: list[tuple[str, str, float, int]]) -> None:
    assert [query for query, *_ in runaways] == list(RUNAWAYS)
    quiet = {query for query, said, *_ in runaways if not said}
    assert quiet <= {"SELECT * FROM range(100000000000)", "SELECT regexp_matches(repeat('a', 5000000), '(a*)*b')"}
    for query, said, *_ in runaways:
        assert said == "" or "--timeout" in said or "--memory-limit" in said or "Out of Memory" in said, query


def test_a_runaway_query_stays_under_its_memory(runaways: list[tuple[str, str, float, int]]) -> None:
    """What an idle child has comes on top: about 100 MB."""
    assert max(memory for *_, memory in runaways) < 300_000_000 + 150_000_000


def test_a_query_ends_soon_after_its_time(warehouse: Path) -> None:
    with pytest.raises(QueryError, match="--timeout gives it longer"):
        asked(warehouse, RUNAWAYS[5], limits=Limits(0.5, 300_000_000, 1))


def test_a_result_is_cut_only_where_it_is_longer_than_asked_for(warehouse: Path) -> None:
    out = io.BytesIO()
    assert run_sandboxed(warehouse, "FROM range(3)", "csv", Limits(60, 10**9, 2), out)
    assert out.getvalue() == b"range\n0\n1\n"
    assert not run_sandboxed(warehouse, "FROM range(3)", "csv", Limits(60, 10**9, 3), io.BytesIO())
    assert asked(warehouse, "FROM range(5000)", limits=Limits(60, 10**9, 0)).count("\n") == 5001


# Types that `test_all_types()` has not, and values at which others end in null or in a traceback.
MORE_TYPES = (
    "[now()::TIMESTAMP < NULL]", "[TIMESTAMPTZ '2025-01-01 00:00:00+00']", "[INTERVAL 3 DAY]", "'infinity'::DATE", "-0.0::DOUBLE",
    "340282366920938463463374607431768211455::UHUGEINT", "TIME '24:00:00'", "TIMETZ '24:00:00-15:59:59'", "1::VARIANT",
    "[0.1::FLOAT, 'nan'::FLOAT]", "{'FLOAT': 0.1::FLOAT, 'b': [union_value(u := 0.1::FLOAT)]}", "MAP {1: 'infinity'::TIMESTAMP}",
    "TIMESTAMP_NS '2025-01-01 00:00:00.123456789'", "[1::UHUGEINT]", "{'t': TIME '24:00:00'}", "'[1, null]'::JSON", "[]", "{}",
    "'\\x00\\x1b'::BLOB", "'0101'::BIT", "[DATE '0001-01-01 (BC)']", "NULL", "''", "'a|b' || chr(10)", "1e400::DOUBLE", "sum(1)",
)  # fmt: skip
EVERY_TYPE = f"SELECT {', '.join(MORE_TYPES)}"


@pytest.fixture(scope="module")
def texts() -> dict[str, list[list[str | None]]]:
    """Return what DuckDB itself prints of each query."""
    with duckdb.connect() as connection:
        return {query: _texts(connection.sql(query)) for query in ("FROM test_all_types()", EVERY_TYPE)}


def _texts(relation: duckdb.DuckDBPyRelation) -> list[list[str | None]]:
    cast = relation.project(", ".join(f"CAST(#{number} AS VARCHAR)" for number in range(1, len(relation.columns) + 1)))
    return [list(row) for row in cast.fetchall()]


@pytest.mark.parametrize("query", ["FROM test_all_types()", EVERY_TYPE], ids=["every", "more"])
def test_every_type_prints_as_duckdb_prints_it(
    query: str, texts: dict[str, list[list[str | None]]], warehouse: Path, tmp_path: Path
) -> None:
    wanted = texts[query]
    printed = list(csv.reader(io.StringIO(asked(warehouse, query), newline="")))[1:]
    assert printed == [[text or "" for text in row] for row in wanted]
    if "sum" in query:  # the other has cells too long for a table
        table = asked(warehouse, query, "table")
        assert all(visible(text) in table for row in wanted for text in row if text)
    markdown = asked(warehouse, query, "markdown").replace("\\\\", "\\")
    assert all(visible(text.replace("\n", " ")).replace("|", "\\|") in markdown for row in wanted for text in row if text)
    out = io.BytesIO()
    run_sandboxed(warehouse, query, "parquet", LIMITS, out)
    (tmp_path / "x.parquet").write_bytes(out.getvalue())
    with duckdb.connect() as connection:
        read = _texts(connection.sql(f"FROM '{tmp_path / 'x.parquet'}'"))
    assert read == wanted


@pytest.mark.parametrize("query", ["FROM test_all_types()", EVERY_TYPE], ids=["every", "more"])
def test_every_type_is_json(query: str, texts: dict[str, list[list[str | None]]], warehouse: Path) -> None:
    def no_json(text: str) -> None:
        raise AssertionError(text)

    read = json.loads(asked(warehouse, query, "json"), parse_constant=no_json, parse_float=Decimal)
    for row, wanted in zip(read, texts[query], strict=True):
        for cell, text in zip(row.values(), wanted, strict=True):
            if isinstance(cell, str):
                assert cell == text
            elif isinstance(cell, bool):
                assert str(cell).lower() == text
            elif isinstance(cell, int | Decimal):
                assert float(cell) == float(text or "")
            elif cell is None:
                assert text in (None, "inf", "nan")


def test_numbers_in_json_are_the_shortest_that_duckdb_prints(warehouse: Path) -> None:
    query = "SELECT 0.1::FLOAT AS f, 0.1 + 0.2 AS d, [0.1::FLOAT] AS l, 1.50::DECIMAL(9,2) AS c, 'nan'::DOUBLE AS n, 'NaN' AS t"
    lines = asked(warehouse, query, "json").splitlines()
    assert [line.strip(" ,") for line in lines if ":" in line] == [
        '"f": 0.1', '"d": 0.3', '"l": [0.1]', '"c": 1.5', '"n": null', '"t": "NaN"',
    ]  # fmt: skip


def test_all_results_of_several_statements_are_given(warehouse: Path) -> None:
    query = "SELECT 1 AS a; CREATE TEMP TABLE t AS SELECT 2 AS b; INSERT INTO t VALUES (3); FROM t ORDER BY b; SELECT 4 AS b"
    assert asked(warehouse, query) == "a\n1\n\nb\n2\n3\n\nb\n4\n"
    assert json.loads(asked(warehouse, query, "json")) == [[{"a": 1}], [{"b": 2}, {"b": 3}], [{"b": 4}]]
    assert asked(warehouse, query, "table").count("╞") == 3
    assert asked(warehouse, query, "markdown").count("| --- |") == 3
    with pytest.raises(QueryError, match="one result"):
        asked(warehouse, query, "parquet")
    with pytest.raises(QueryError, match="nothing"):
        asked(warehouse, "SELECT 1; SELECT nothing")


def test_the_limit_of_rows_holds_for_each_result(warehouse: Path) -> None:
    limits = Limits(60, 10**9, 2)
    assert asked(warehouse, "FROM range(5); FROM range(2)", limits=limits) == "range\n0\n1\n\nrange\n0\n1\n"


def test_columns_of_one_name_and_plans_are_shown(warehouse: Path) -> None:
    assert json.loads(asked(warehouse, "SELECT 1 AS a, 2 AS a, 3 AS a_1", "json")) == [{"a": 1, "a_2": 2, "a_1": 3}]
    assert "Dummy Scan" in asked(warehouse, "EXPLAIN SELECT 1", "table").splitlines()[4]
    assert asked(warehouse, "PIVOT (SELECT 1 AS a, 2 AS b) ON a USING sum(b)") == "1\n2\n"
    with pytest.raises(QueryError, match="has no statement"):
        asked(warehouse, "-- nothing")


def test_json_is_json_and_null_is_null(warehouse: Path) -> None:
    assert json.loads(asked(warehouse, "SELECT NULL AS a, 'x' AS b", "json")) == [{"a": None, "b": "x"}]
    assert json.loads(asked(warehouse, "SELECT 1 AS a WHERE false", "json")) == []


def test_a_missing_or_false_warehouse_names_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="Make it with `etl run`"):
        asked(tmp_path / "ip.duckdb", "SELECT 1")
    (tmp_path / "ip.duckdb").write_text("not a database")
    with pytest.raises(ProjectError, match="Make it anew with `etl run`"):
        asked(tmp_path / "ip.duckdb", "SELECT 1")


@pytest.mark.parametrize("query", ["", " ;\n", "-- only a comment"])
def test_a_query_without_a_statement_is_refused(warehouse: Path, query: str) -> None:
    with pytest.raises(QueryError, match="it has no statement"):
        asked(warehouse, query)
