"""The published file: what is in it, that it appears whole or not at all, and that a query can only read it."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from paths import ROOT

from etl.catalogue import CATALOGUE
from etl.errors import ProjectError, QueryError
from etl.project import Project
from etl.run import Ran, run
from etl.warehouse.publish import publish
from etl.warehouse.query import query
from etl.warehouse.table_spec import StreamedTable, TableSpec

Ask = Callable[[str], list[tuple[Any, ...]]]

CORE = {"area", "breakdown", "catalogue", "figure", "indicator", "ledger", "period", "source"}
QUALITY = {"content", "finding", "load", "rejected", "result", "rule", "run", "waiver"}
NUMBERS = TableSpec("core", "number", pl.DataFrame({"value": [1.0, 1.0]}), "数 · numbers")
VIEW = "-- view: report.number\n-- zh: 数\n-- en: Numbers\n-- grain: value\nSELECT DISTINCT value FROM core.number\n"


@pytest.fixture
def ask(made_up: tuple[Project, Ran]) -> Ask:
    return lambda sql: query(made_up[0].warehouse, sql).rows()


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    return tmp_path / "warehouse" / "ip.duckdb"


@pytest.fixture
def views(tmp_path: Path) -> Path:
    folder = tmp_path / "views"
    folder.mkdir()
    (folder / "number.sql").write_text(VIEW, encoding="utf-8")
    return folder


# What is in it.


def test_every_catalogued_table_is_there_with_those_of_core_and_quality(ask: Ask) -> None:
    tables = {name for (name,) in ask("SELECT schema_name || '.' || table_name FROM duckdb_tables()")}
    assert {*CATALOGUE, *(f"core.{name}" for name in CORE), *(f"quality.{name}" for name in QUALITY)} <= tables


def test_every_view_file_is_a_view(ask: Ask) -> None:
    files = {path.stem for path in (ROOT / "etl" / "warehouse" / "views").glob("*.sql")}
    assert {name for (name,) in ask("SELECT view_name FROM duckdb_views() WHERE schema_name = 'report'")} == files
    assert files


def test_every_table_view_and_column_says_in_both_languages_what_it_holds(ask: Ask) -> None:
    said = ask("SELECT schema_name || '.' || table_name, comment FROM duckdb_tables()")
    said += ask("SELECT schema_name || '.' || view_name, comment FROM duckdb_views() WHERE NOT internal")
    said += ask("SELECT concat_ws('.', schema_name, table_name, column_name), comment FROM duckdb_columns() WHERE NOT internal")
    assert len(said) > len(CATALOGUE)
    assert [name for name, comment in said if " · " not in (comment or "")] == []


def test_a_view_column_that_stands_for_another_has_its_meaning_and_a_bound_says_what_it_bounds(ask: Ask) -> None:
    comments = dict(ask("SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'finance_overview'"))
    assert comments["pledged_yuan"] == "质押融资金额 · amount raised against pledges (元)"
    assert comments["mean_cover_per_enterprise_yuan_low"] == comments["mean_cover_per_enterprise_yuan"] + ": 下限 · lower bound"


def test_core_figure_has_exactly_the_columns_that_are_promised(ask: Ask) -> None:
    texts = ("domain", "table_name", "indicator", "area_code", "period", "row_key")
    later = ("unit", "hedge", "published", "source", "section", "raw_file")
    assert ask("SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = 'figure' ORDER BY column_index") == [
        *((name, "VARCHAR") for name in texts),
        *((name, "DOUBLE") for name in ("value", "low", "high")),
        *((name, "VARCHAR") for name in later),
        ("raw_line", "BIGINT"),
        ("categories", "VARCHAR[]"),
        *((name, "VARCHAR") for name in ("status", "conf_status", "mark", "note")),
        ("is_provisional", "BOOLEAN"),
    ]


@pytest.mark.parametrize(
    ("published", "value", "low", "high", "unit", "hedge", "row_key", "raw_line"),
    [
        ("1.20万件", 12_000, 11_950, 12_050, "件", "", "330200:2031:early", 2),
        ("80亿元", 8e9, 7.95e9, 8.05e9, "元", "", "330200:2032:all:undated", 2),
        ("400余家", 400, 400, 500, "家", "余", "330200:2032:all:undated", 2),
        ("近7000万元", 7e7, None, 7e7, "元", "近", "330200:2032:copyright:undated", 3),
        ("98%以上", 98, 98, None, "%", "以上", "330200:2032:undated", 2),
        ("约750万亩", 7.5e6, None, None, "亩", "约", "330200:2032:undated", 2),
        ("990件", 990, 990, 990, "件", "", "330200:2032:all:undated", 3),
    ],
)
def test_a_figure_is_an_interval_in_its_base_unit_and_an_open_bound_is_null(
    ask: Ask, published: str, value: float, low: float | None, high: float | None, unit: str, hedge: str,
    row_key: str, raw_line: int,
) -> None:  # fmt: skip
    (row,) = ask(f"SELECT value, low, high, unit, hedge, row_key, raw_line FROM core.figure WHERE published = '{published}'")
    assert row == (
        pytest.approx(value),
        *(bound and pytest.approx(bound) for bound in (low, high)),
        unit,
        hedge,
        row_key,
        raw_line,
    )


def test_rows_read_are_rows_loaded_and_rows_rejected_of_every_table(ask: Ask) -> None:
    loads = ask("SELECT domain || '.' || table_name, rows_read, rows_loaded, rows_rejected FROM quality.load")
    rejected = dict(ask("SELECT address, count(*) FROM quality.rejected GROUP BY address"))
    assert ("courts.caseload", 4, 2, 2) in loads
    for address, read, loaded, left in loads:
        assert read == loaded + left
        assert ask(f"SELECT count(*) FROM {address}") == [(loaded,)]
        assert left == rejected.get(address, 0)
    assert ask("SELECT rows_read, rows_loaded, rows_rejected FROM quality.run") == [
        tuple(sum(load[position] for load in loads) for position in (1, 2, 3))
    ]


def test_a_rejected_row_keeps_its_line_its_text_and_the_rules_it_breaks_though_it_spans_lines(ask: Ask) -> None:
    (unread, short) = ask("SELECT raw_line, row_key, rules, cells ->> 'received' FROM quality.rejected ORDER BY raw_line")
    assert unread == (4, "330200:2032:ip_tribunal:undated", "figure-is-readable", "many")
    assert short == (6, None, "row-fits-header", None)


def test_a_figure_of_a_rejected_row_is_not_loaded(ask: Ask) -> None:
    assert ask("SELECT count(*) FROM core.figure WHERE row_key LIKE '%ip_tribunal%'") == [(0,)]


def test_a_table_without_a_raw_file_is_there_and_empty(ask: Ask, made_up: tuple[Project, Ran]) -> None:
    assert "customs.seizures" in made_up[1].checked.skipped
    assert ask("SELECT consignments, value_per_seizure_yuan_low FROM customs.seizures") == []


def test_a_project_without_any_table_gives_a_warehouse_with_every_table_and_view(project: Callable[..., Project]) -> None:
    empty = project({})
    assert run(empty, None, lambda text: None).published
    assert query(empty.warehouse, "SELECT tables, tables_skipped FROM quality.run").rows() == [(0, len(CATALOGUE))]
    assert query(empty.warehouse, "SELECT sum(figures) FROM report.data_quality").item() == 0


def test_the_real_warehouse_holds_every_figure_of_the_raw_tables(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "raw", tmp_path / "raw")
    project = Project(tmp_path)
    done = run(project, "error", lambda text: None)
    assert done.published, done.checked.findings
    read = sum(table.cells.height for table in done.checked.tables.values())
    assert query(project.warehouse, "SELECT count(*), count(value) FROM core.figure").rows() == [(read, read)]
    views = ROOT / "etl" / "warehouse" / "views"
    for view in {*views.glob("*.sql")} - {views / "revisions.sql"}:
        assert query(project.warehouse, f"SELECT count(*) FROM report.{view.stem}").item(), view.stem


# That it appears whole or not at all.


def test_the_published_file_is_read_only_to_everybody_and_alone_with_the_lock_in_its_folder(warehouse: Path, views: Path) -> None:
    publish(warehouse, [NUMBERS], views)
    assert stat.S_IMODE(warehouse.stat().st_mode) == 0o444
    assert set(warehouse.parent.iterdir()) == {warehouse, warehouse.resolve(), warehouse.parent / ".load.lock"}


BROKEN_VIEWS = {
    "several rows a grain": (VIEW.replace("DISTINCT ", ""), "several rows for"),
    "not SQL": (VIEW.replace("SELECT", "SELEKT"), "report.number cannot be made"),
    "no grain": (VIEW.replace("-- grain: value\n", ""), "must begin with `-- grain: …`"),
    "a grain of no column": (VIEW.replace("grain: value", "grain: sort"), "names sort, which is not one of"),
    "a meaning of no column": (
        VIEW.replace("SELECT", "-- sort: 类 · sort\nSELECT"),
        "names sort, which is not one of",
    ),
    "a column without a meaning": (VIEW.replace("value FROM", "value, 1 AS one FROM"), "one of report.number has no comment"),
    "a meaning of nothing": (VIEW.replace("SELECT", "-- value: {core.number.no}\nSELECT"), "names core.number.no"),
}


@pytest.mark.parametrize(("sql", "message"), BROKEN_VIEWS.values(), ids=BROKEN_VIEWS)
def test_a_broken_view_is_refused_and_the_old_file_stays_as_it_was(warehouse: Path, views: Path, sql: str, message: str) -> None:
    publish(warehouse, [NUMBERS], views)
    before, there = warehouse.read_bytes(), set(warehouse.parent.iterdir())
    (views / "number.sql").write_text(sql, encoding="utf-8")
    with pytest.raises(ProjectError, match=message):
        publish(warehouse, [NUMBERS], views)
    assert warehouse.read_bytes() == before
    assert set(warehouse.parent.iterdir()) == there


def test_a_build_that_fails_leaves_no_file_behind(warehouse: Path, views: Path) -> None:
    nameless = TableSpec("core", "thing", pl.DataFrame({"thingness": [1]}), "物 · things")
    with pytest.raises(ProjectError, match=r"thingness of core\.thing has no comment that says what it means"):
        publish(warehouse, [NUMBERS, nameless], views)
    assert list(warehouse.parent.iterdir()) == [warehouse.parent / ".load.lock"]


def test_a_table_whose_first_part_is_empty_holds_all_the_others(warehouse: Path, views: Path) -> None:
    """duckdb 2.0.0 loses sight of a row group or more that is put into a table made without rows."""
    many = pl.DataFrame({"value": range(130_000)}, schema={"value": pl.Float64})
    streamed = StreamedTable("core", "number", many.clear(), "数 · numbers", more=lambda: [many, many.clear(), many])
    publish(warehouse, [streamed], views)
    assert query(warehouse, "SELECT count(*), sum(value) FROM core.number").rows() == [(260_000, 2 * sum(range(130_000)))]


def test_files_of_a_killed_build_are_deleted_by_the_next(warehouse: Path, views: Path) -> None:
    warehouse.parent.mkdir()
    for name in (".build-20340101T000000.000000-1.duckdb", ".build-20340101T000000.000000-1.duckdb.wal", ".link-ip.1.duckdb"):
        (warehouse.parent / name).write_bytes(b"half a file")
    (warehouse.parent / ".build-20340101T000000.000000-1.duckdb.tmp").mkdir()
    publish(warehouse, [NUMBERS], views)
    assert set(warehouse.parent.iterdir()) == {warehouse, warehouse.resolve(), warehouse.parent / ".load.lock"}


def test_a_view_is_made_after_the_views_it_names_whatever_their_file_names(warehouse: Path, views: Path) -> None:
    later = VIEW.replace("report.number", "report.first").replace("core.number", "report.number")
    (views / "a.sql").write_text(later, encoding="utf-8")
    publish(warehouse, [NUMBERS], views)
    assert query(warehouse, "SELECT value FROM report.first").rows() == [(1.0,)]


def test_views_that_name_each_other_are_refused(warehouse: Path, views: Path) -> None:
    first = VIEW.replace("report.number", "report.first").replace("core.number", "report.number")
    (views / "a.sql").write_text(first, encoding="utf-8")
    (views / "number.sql").write_text(VIEW.replace("core.number", "report.first"), encoding="utf-8")
    with pytest.raises(ProjectError, match=r"report\.first.*report\.number|report\.number.*report\.first"):
        publish(warehouse, [NUMBERS], views)


# That a query can only read it.


@pytest.mark.parametrize(
    "sql",
    [
        "INSERT INTO core.number VALUES (3)",
        "UPDATE core.number SET value = 3",
        "DROP TABLE core.number",
        "CREATE TABLE core.other (value INTEGER)",
        "COPY core.number TO 'stolen.csv'",
        "SELECT * FROM read_text('/etc/hostname')",
        "ATTACH 'other.duckdb'",
        "SET enable_external_access = true",
        "SET memory_limit = '1GB'",
        "SELECT no_such_column FROM core.number",
        "SELECT CAST(range || 'x' AS INTEGER) FROM range(500000)",
    ],
)
def test_a_statement_that_is_no_query_is_refused_and_changes_nothing(warehouse: Path, views: Path, sql: str) -> None:
    publish(warehouse, [NUMBERS], views)
    before, there = warehouse.read_bytes(), set(warehouse.parent.iterdir())
    with pytest.raises(QueryError):
        query(warehouse, sql)
    assert warehouse.read_bytes() == before
    assert set(warehouse.parent.iterdir()) == there


def test_a_query_does_not_see_the_variables_of_this_process(warehouse: Path, views: Path) -> None:
    publish(warehouse, [NUMBERS], views)
    assert query(warehouse, "SELECT current_setting('python_enable_replacements')").item() is False


def test_a_query_has_named_parameters_and_may_be_of_any_type(warehouse: Path, views: Path) -> None:
    publish(warehouse, [NUMBERS], views)
    found = query(warehouse, "SELECT value + $more AS value, INTERVAL 90 SECOND AS took FROM report.number", {"more": 2})
    assert found.rows() == [(3.0, "00:01:30")]
    assert query(warehouse, "-- nothing is asked").is_empty()


def test_a_missing_warehouse_names_the_next_step(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match="Make it with `etl run`"):
        query(tmp_path / "ip.duckdb", "SELECT 1")


def test_a_file_that_is_no_warehouse_names_the_next_step(tmp_path: Path) -> None:
    (tmp_path / "ip.duckdb").write_text("not a database")
    with pytest.raises(ProjectError, match="Make it anew with `etl run`"):
        query(tmp_path / "ip.duckdb", "SELECT 1")
