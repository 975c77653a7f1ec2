"""Exports, read back with other libraries than the one that wrote them: the same values, units, keys and meanings."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
import yaml
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from projects import write_project
from small_warehouses import warehouse as warehouse_of

from etl.catalogue import PACKAGE
from etl.cli import main
from etl.exports.as_csv import csv_of
from etl.exports.as_odcs import contract
from etl.exports.as_sdmx import observations, structure, time_period
from etl.exports.as_xlsx import workbook_of
from etl.exports.tables import ExportTable, read_tables
from etl.exports.yearbook import YearbookOptions, lay_out
from etl.formats import formats_of
from etl.formula_text import safe_text
from etl.warehouse.mart_tables import mart_comments
from etl.warehouse.query import query

HOSTILE = ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " ＝1＋1", "=HYPERLINK('x')"]
FORMULA = re.compile(r"^[\s\u200b\ufeff]*[=+@＝＋＠－-]")


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One row of one table."""
    raw = "area,period,districts_covered,source,section\n330200,2031,5个,example-a,1\n"
    return warehouse_of(write_project(tmp_path_factory.mktemp("small"), {"copyright.service_stations": raw}))


@pytest.fixture(scope="module")
def hostile(small: Path) -> ExportTable:
    """A table whose sections are such texts as a spreadsheet would run."""
    found = table(small, "copyright.service_stations")
    rows = pl.concat([found.rows.with_columns(section=pl.lit(text)) for text in HOSTILE])
    return replace(found, rows=rows)


def export(warehouse: Path, *arguments: object) -> Result:
    return CliRunner().invoke(main, ["export", "--project", str(warehouse.parents[1]), *map(str, arguments)])


def table(warehouse: Path, address: str) -> ExportTable:
    (found,) = read_tables(warehouse, PACKAGE, address)
    return found


def test_every_column_of_every_mart_has_its_meaning_and_unit_from_its_declaration(own_warehouse: Path) -> None:
    tables = read_tables(own_warehouse, PACKAGE)
    assert len(tables) > 50
    for found in tables:
        assert [field.name for field in found.fields] == found.rows.columns
        comments = mart_comments(PACKAGE.entry(found.address))
        for field in found.fields:
            assert field.zh and field.en
            if field.name in comments:
                assert comments[field.name] == f"{field.zh} · {field.en}" + (f" ({field.unit})" if field.unit else "")
            assert field.is_number == found.rows.schema[field.name].is_numeric()
        assert set(found.key) <= set(found.rows.columns)


def test_csv_has_the_rows_of_the_warehouse(own_warehouse: Path, tmp_path: Path) -> None:
    assert export(own_warehouse, "courts", "--to", "csv", "-o", tmp_path).exit_code == 0
    read = pl.read_csv(tmp_path / "courts.caseload.csv", infer_schema=False)
    rows = query(own_warehouse, "SELECT * FROM courts.caseload")
    assert read.columns == rows.columns
    for name, dtype in rows.schema.items():
        cells = read.get_column(name).cast(dtype) if dtype.is_numeric() else read.get_column(name)
        assert cells.to_list() == rows.get_column(name).to_list(), name
    assert "5981," in (tmp_path / "courts.caseload.csv").read_text(encoding="utf-8")  # a count is a whole number


def test_no_cell_of_a_csv_begins_a_formula(hostile: ExportTable) -> None:
    sections = [row["section"] for row in csv.DictReader(io.StringIO(csv_of(hostile).decode(), newline=""))]
    assert not [text for text in sections if FORMULA.match(text)]
    assert sections == [f"'{text}" for text in HOSTILE]


@pytest.mark.parametrize("number", ["-5", "+72.3%", "-1,234.5", "1e-9", "-2e5"])
def test_a_number_stays_as_it_is(number: str) -> None:
    assert safe_text(number) == number


@given(st.text(alphabet=st.sampled_from("=+-@＝＋－＠ \t\r\n\u3000\u200b'0123456789.,%eAi(")))
def test_a_safe_text_is_a_number_or_begins_no_formula_and_loses_nothing(text: str) -> None:
    safe = safe_text(text)
    assert safe in (text, f"'{text}")
    assert not FORMULA.match(safe) or re.fullmatch(r"-|[+-][\d.,]+(?:[eE][+-]?\d+)?%?", safe)
    assert not safe.startswith(("\t", "\r"))


def test_parquet_is_read_by_duckdb_with_its_units(own_warehouse: Path, tmp_path: Path) -> None:
    file = tmp_path / "pledges.parquet"
    assert export(own_warehouse, "finance.pledges", "--to", "parquet", "-o", file).stdout == f"{file}\n"
    with duckdb.connect() as connection:
        rows = connection.execute("SELECT * FROM read_parquet(?)", [str(file)]).fetchall()
        told = dict(connection.execute("SELECT decode(key), decode(value) FROM parquet_kv_metadata(?)", [str(file)]).fetchall())
    assert rows == query(own_warehouse, "SELECT * FROM finance.pledges").rows()
    columns = {each["name"]: each for each in json.loads(told["columns"])}
    assert columns["amount_yuan"] == {
        "name": "amount_yuan", "zh": "质押融资金额", "en": "amount raised against pledges", "kind": "amount",
        "unit": "元", "unit_en": "yuan",
    }  # fmt: skip
    assert (told["address"], json.loads(told["key"])) == ("finance.pledges", ["area", "period", "right", "source"])
    title = query(own_warehouse, "SELECT title FROM core.source WHERE source = 'ningbo-2025'").item()
    assert title
    assert json.loads(told["sources"])["ningbo-2025"] == title


YEARBOOK = YearbookOptions()


def titles_of(sheet: Any) -> list[str]:
    """The titles of the tables of a sheet."""
    return [row[0].value.partition("  ")[2] for row in sheet.iter_rows() if re.match(r"\d+-\d+  ", str(row[0].value))]


def test_a_yearbook_has_a_sheet_a_domain_and_every_figure_under_its_period(own_warehouse: Path, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    file = tmp_path / "all.xlsx"
    assert export(own_warehouse, "--to", "xlsx", "-o", file).exit_code == 0
    book = openpyxl.load_workbook(file)
    tables = read_tables(own_warehouse, PACKAGE)
    domains = list(dict.fromkeys(each.domain for each in tables))
    assert book.sheetnames == ["目录 Contents", *(PACKAGE.domain_title(domain)[0] for domain in domains)]
    for domain, sheet in zip(domains, book.worksheets[1:], strict=True):
        of_domain = [each for each in tables if each.domain == domain]
        assert titles_of(sheet) == [f"{each.zh} {each.en}" for each in of_domain]
        numbers = [cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, int | float)]
        expected = [cell for each in of_domain for row in lay_out(each, YEARBOOK).rows for cell in row.cells if cell is not None]
        # a workbook has sixteen digits of a number
        assert sorted(numbers) == pytest.approx(sorted(expected), rel=1e-14)
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    links = [cell.hyperlink.location for row in book.worksheets[0].iter_rows() for cell in row if cell.hyperlink]
    assert len(links) == len(tables)
    for link, table in zip(links, tables, strict=True):
        name, _, place = link.partition("!")
        assert str(book[name.strip("'")][place].value).endswith(f"  {table.zh} {table.en}")


def test_a_yearbook_shows_the_latest_print_of_each_cell(own_warehouse: Path) -> None:
    (stock,) = read_tables(own_warehouse, PACKAGE, "patents.stock")
    laid_out = lay_out(stock, YEARBOOK)
    assert laid_out.periods == tuple(sorted(set(stock.rows["period"])))
    row = next(row for row in laid_out.rows if "全部权利人" in row.group and row.indicator.startswith("有效发明专利 "))
    assert row.cells[laid_out.periods.index("2025")] == 76400
    printed = lay_out(stock, YearbookOptions(is_printed=True, languages="zh"))
    assert next(each for each in printed.rows if each.indicator == "有效发明专利").cells[-1] == "7.64万件"
    assert not any(line.startswith("注") for line in printed.notes)


def test_a_yearbook_is_in_one_language_and_has_bounds_where_they_are_asked_for(own_warehouse: Path) -> None:
    (stock,) = read_tables(own_warehouse, PACKAGE, "patents.stock")
    english = lay_out(stock, YearbookOptions(languages="en"))
    chinese = re.compile(r"[\u4e00-\u9fff]")
    assert not [row for row in english.rows if chinese.search(row.group + row.indicator + row.unit)]
    bounds = [row.indicator for row in lay_out(stock, YearbookOptions(languages="en", has_bounds=True)).rows]
    assert {name for name in bounds if name.endswith(("bound",))}
    assert not [row for row in english.rows if row.indicator.endswith("bound")]


def test_options_of_a_yearbook_are_refused_for_other_forms(own_warehouse: Path, tmp_path: Path) -> None:
    ran = export(own_warehouse, "courts", "--to", "csv", "--printed", "-o", tmp_path)
    assert ran.exit_code == 2
    assert "--printed" in ran.stderr
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", HOSTILE)
def test_a_yearbook_holds_no_formula_and_no_link_out(text: str, hostile: ExportTable, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    written = replace(hostile, zh=text, rows=hostile.rows.head(1), figures=hostile.figures.with_columns(published=pl.lit(text)))
    (tmp_path / "one.xlsx").write_bytes(workbook_of([written], text, YearbookOptions(is_printed=True)))
    (sheet,) = openpyxl.load_workbook(tmp_path / "one.xlsx").worksheets
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert text.strip() in {str(cell.value).replace("_x000D_", "").strip() for cell in cells}
    assert not [cell for cell in cells if cell.hyperlink]


def test_a_data_package_describes_the_files_that_are_there(own_warehouse: Path, tmp_path: Path) -> None:
    assert export(own_warehouse, "--to", "datapackage", "-o", tmp_path).exit_code == 0
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    assert len(package["resources"]) == len(read_tables(own_warehouse, PACKAGE))
    for resource in package["resources"]:
        content = (tmp_path / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        rows = list(csv.DictReader(io.StringIO(content.decode())))
        fields = resource["schema"]["fields"]
        assert list(rows[0]) == [field["name"] for field in fields]
        keys = Counter(tuple(row[name] for name in resource["schema"]["primaryKey"]) for row in rows)
        assert max(keys.values()) == 1
        for field in fields:
            cells = [row[field["name"]] for row in rows]
            limits = field.get("constraints", {})
            assert not limits.get("required") or all(cells)
            assert set(cells) - {""} <= set(limits.get("enum", cells))
            assert all(re.fullmatch(limits.get("pattern", ".*"), cell) for cell in cells)
            assert (field["type"] == "string") != ("unit" in field)


def test_sdmx_observations_use_only_what_the_structure_declares(own_warehouse: Path) -> None:
    tables = read_tables(own_warehouse, PACKAGE)
    data: dict[str, Any] = structure(tables)["data"]
    codelists = {each["id"]: {code["id"] for code in each["codes"]} for each in data["codelists"]}
    structures = {each["id"]: each["dataStructureComponents"] for each in data["dataStructures"]}
    seen = 0
    for found in tables:
        rows = list(csv.DictReader(io.StringIO(observations(found).decode())))
        components = structures["DSD_" + found.address.replace(".", "_").upper()]
        dimensions = components["dimensionList"]["dimensions"]
        for each in [*dimensions, components["attributeList"]["attributes"][0]]:
            name = re.search(r":(CL_\w+)\(", each["localRepresentation"]["enumeration"])
            assert name is not None
            assert {row[each["id"]] for row in rows} <= codelists[name[1]], (found.address, each["id"])
        keys = {(*tuple(row[each["id"]] for each in dimensions), row["TIME_PERIOD"]) for row in rows}
        assert len(keys) == len(rows) == found.figures.height
        assert [float(row["OBS_VALUE"]) for row in rows] == found.figures["value"].to_list()
        seen += len(rows)
    assert seen == query(own_warehouse, "SELECT count(*) FROM core.figure").item()


@pytest.mark.parametrize(
    ("period", "sdmx"),
    [
        ("2025", "2025"),
        ("2024-H1", "2024-S1"),
        ("2024-Q3", "2024-Q3"),
        ("2023-02", "2023-02"),
        ("2021-07/2024-06", "2021-07-01/P36M"),
    ],
)
def test_a_period_is_written_as_sdmx_has_it(period: str, sdmx: str) -> None:
    assert time_period(period) == sdmx


def test_a_data_contract_is_yaml_with_keys_units_and_rules(own_warehouse: Path, tmp_path: Path) -> None:
    file = tmp_path / "courts.odcs.yaml"
    assert export(own_warehouse, "courts", "--to", "odcs", "-o", file).exit_code == 0
    read = yaml.safe_load(file.read_text(encoding="utf-8"))
    described = contract(read_tables(own_warehouse, PACKAGE, "courts"))
    assert read == described.model_dump(by_alias=True, exclude_none=True)
    caseload = read["schema"][0]
    assert [p["name"] for p in caseload["properties"] if p.get("primaryKey")] == ["area", "period", "court", "source"]
    received = next(p for p in caseload["properties"] if p["name"] == "received")
    assert {"property": "unit", "value": "件"} in received["customProperties"]
    assert {rule["name"] for rule in caseload["quality"]} == {
        rule for rule, _, _ in table(own_warehouse, "courts.caseload").rules
    }


@pytest.mark.parametrize("form", formats_of("tables"))
def test_a_table_without_rows_is_exported_where_it_is_named_and_else_left_out(small: Path, tmp_path: Path, form: str) -> None:
    assert export(small, "courts.caseload", "--to", form, "-o", tmp_path / "one").exit_code == 0
    assert export(small, "--to", form, "-o", tmp_path / "all").exit_code == 0
    names = [path.name for path in (tmp_path / "all").rglob("*") if path.is_file() and path.suffix in (".csv", ".parquet")]
    assert [name for name in names if not name.startswith("copyright.service_stations.")] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["court", "--to", "csv", "-o", "x"], "Did you mean 'courts'?"),
        (["police.operation", "--to", "csv", "-o", "x"], "Did you mean 'police.operations'?"),
        (["copyright", "--to", "csv", "-o", __file__], "this export is several. Name a folder"),
        (["talent", "--to", "csv", "-o", "x"], "has rows. Fill its raw files"),
    ],
)
def test_a_refused_export_is_reported_with_the_next_step(small: Path, arguments: list[str], said: str) -> None:
    ran = export(small, *arguments)
    assert (ran.exit_code, said in ran.output) == (2, True), ran.output
