"""Exports of views and queries, read back: values and types as in the warehouse, meanings where they are known, no formula."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from click.testing import CliRunner, Result
from frictionless import Package

from etl.cli import main
from etl.warehouse.query import query

HOSTILE = "SELECT '=1+1' AS \"=name\", '@SUM(A1)' AS at, -5 AS number, DATE '2024-02-29' AS day, [1, 2] AS list, NULL AS gap, "
HOSTILE += "9007199254740993 AS large, 1.25::DECIMAL(10, 2) AS exact, true AS yes"


def export(warehouse: Path, *arguments: object) -> Result:
    return CliRunner().invoke(main, ["export", "--project", str(warehouse.parents[1]), *map(str, arguments)])


def test_a_core_table_and_a_view_are_exported_in_the_form_of_the_ending(own_warehouse: Path, tmp_path: Path) -> None:
    for name, ending in (("core.figure", "ndjson"), ("report.bulletin", "parquet"), ("core.figure", "csv")):
        file = tmp_path / f"out.{ending}"
        assert export(own_warehouse, name, "-o", file).stdout == f"{file}\n"
        rows = query(own_warehouse, f"SELECT * FROM {name}")
        match ending:
            case "ndjson":
                lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
                assert lines == json.loads(rows.write_json())
            case "parquet":
                assert pl.read_parquet(file).equals(rows)
                told = json.loads(pl.read_parquet_metadata(file)["columns"])
                assert told[0] == {"name": "domain", "zh": "领域", "en": "domain", "kind": "text", "unit": "", "unit_en": ""}
            case "csv":
                with file.open(encoding="utf-8", newline="") as opened:
                    assert len(list(csv.DictReader(opened))) == rows.height


def test_a_query_is_exported_as_it_is_and_no_cell_of_a_workbook_is_a_formula(own_warehouse: Path, tmp_path: Path) -> None:
    file = tmp_path / "query.xlsx"
    assert export(own_warehouse, "--query", HOSTILE, "-o", file).exit_code == 0
    header, row = openpyxl.load_workbook(file).worksheets[0].iter_rows()
    assert [cell.value for cell in header] == ["=name", "at", "number", "day", "list", "gap", "large", "exact", "yes"]
    expected = ["=1+1", "@SUM(A1)", -5, datetime(2024, 2, 29), "[1, 2]", None, "9007199254740993", 1.25, True]
    assert [cell.value for cell in row] == expected
    assert "f" not in {cell.data_type for cell in (*header, *row)}
    lines = tmp_path / "query.ndjson"
    assert export(own_warehouse, "--query", HOSTILE, "-o", lines).exit_code == 0
    assert json.loads(lines.read_text(encoding="utf-8"))["list"] == [1, 2]


def test_views_of_a_pattern_become_a_data_package_and_sheets_with_their_meanings(own_warehouse: Path, tmp_path: Path) -> None:
    assert export(own_warehouse, "report.*_overview", "--to", "datapackage", "-o", tmp_path / "package").exit_code == 0
    package = Package(str(tmp_path / "package" / "datapackage.json"))
    assert package.validate().valid
    assert "report.finance_overview" in package.resource_names
    book = tmp_path / "views.xlsx"
    assert export(own_warehouse, "report.*_overview", "-o", book).exit_code == 0
    sheets = openpyxl.load_workbook(book)
    assert sheets.sheetnames == [*package.resource_names, "columns"]


def test_declared_tables_are_exported_as_ndjson_with_whole_counts(own_warehouse: Path, tmp_path: Path) -> None:
    file = tmp_path / "caseload.jsonl"
    assert export(own_warehouse, "courts.caseload", "-o", file).exit_code == 0
    assert '"received":5981,' in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["report.gat", "--to", "csv"], "Did you mean 'report.gate'?"),
        (["report.gate", "--to", "sdmx"], "--to csv, ndjson, parquet, xlsx, datapackage"),
        (["--query", "SELECT 1; SELECT 2", "--to", "csv"], "one at a time"),
        (["--query", "FROM read_csv('/etc/passwd')", "--to", "csv"], "disabled by configuration"),
        (["--query", "DROP TABLE core.figure", "--to", "csv"], "read-only"),
        (["core.figure", "--query", "SELECT 1", "--to", "csv"], "Give one of"),
        (["core.figure"], "Say in which form"),
        (["core.figure", "--to", "ndjson", "--printed"], "--printed"),
    ],
)
def test_what_cannot_be_exported_is_said_and_nothing_is_written(
    arguments: list[str], said: str, own_warehouse: Path, tmp_path: Path
) -> None:
    ran = export(own_warehouse, *arguments, "-o", tmp_path / "out")
    assert ran.exit_code in (1, 2)
    assert said in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_export_that_fails_leaves_the_file_that_is_there(own_warehouse: Path, tmp_path: Path) -> None:
    file = tmp_path / "out.csv"
    file.write_text("mine")
    assert export(own_warehouse, "--query", "SELECT error('no')", "-o", file).exit_code == 1
    assert file.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [file]
