"""Marts: the columns of a model, its measures, and functions that reshape them."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import polars as pl
import pytest
from commands import etl
from paths import ROOT
from second_city import EXPECTED, FAIRS, GIVEN, SCHEMA, TRANSFORM, filled, write

from etl.catalogue import CATALOGUE, PACKAGE, REGISTERS
from etl.project import Project
from etl.registers.monthly_mart import Monthly, monthly_meanings
from etl.warehouse.marts import Mart, declared_mart, mart
from etl.warehouse.query import query

FILES = sorted((ROOT / "etl" / "transforms").glob("[!_]*.py"))
COLUMNS = ["area", "period", "fair", "received", "settled", "settled_share_pct"]
LEFT_OPEN = ["left_open", "left_open_low", "left_open_high"]
PROVENANCE = ["source", "section"]
SELECTING = '''import polars as pl

from etl.warehouse.marts import mart, measure
from schemas.rules import term


@mart(measure("left_open", "未办结投诉", "complaints left open", "件", term("received") - term("settled")))
def complaints(cases: pl.LazyFrame) -> pl.LazyFrame:
    """Complaints: n rows by area, period, fair, source -> the same n rows, with what was left open."""
    figures = ("received", "left_open", "left_open_low", "left_open_high")
    return cases.select("area", "period", "fair", *figures, "source", "section")
'''


def columns_of_complaints(project: Project) -> list[str]:
    """Run a project, and list the columns of its mart of complaints."""
    ran = etl(project, "run", "--lang", "en")
    assert ran.exit_code == 0, ran.output
    return query(project.warehouse, "FROM fairs.complaints").columns


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_transform_file_declares_marts_of_its_domain_and_repeats_no_columns(path: Path) -> None:
    declared = vars(import_module(f"etl.transforms.{path.stem}"))
    transforms = {name: value for name, value in declared.items() if isinstance(value, Mart | Monthly)}
    assert transforms and {f"{path.stem}.{name}" for name in transforms} <= {*CATALOGUE, *REGISTERS}
    assert all(value.reshape or value not in (Mart(), Monthly()) for value in transforms.values()), "a mart that adds nothing"


def test_a_table_without_a_transform_has_the_columns_of_its_model() -> None:
    assert PACKAGE.entry("mediation.disputes").transform is None
    names = declared_mart(None).names(PACKAGE.entry("mediation.disputes").model)
    assert names == ["area", "period", "mediated", "source", "section"]


def test_measures_stand_with_their_bounds_before_the_source() -> None:
    names = declared_mart(PACKAGE.entry("talent.mutual_appointments").transform).names(
        PACKAGE.entry("talent.mutual_appointments").model
    )
    assert names[-5:] == ["appointments", "appointments_low", "appointments_high", *PROVENANCE]


def test_the_months_of_a_register_without_a_transform_have_the_columns_of_its_flow() -> None:
    pledges = PACKAGE.register("finance.pledges_register")
    assert pledges.transform is None
    assert [*monthly_meanings(pledges)] == [
        "area", "right", "month", "registered", "released", "outstanding_at_start", "outstanding_at_end",
        "amount_yuan", "amount_yuan_at_end", "median_days", "mean_days",
    ]  # fmt: skip
    assert [*monthly_meanings(PACKAGE.register("courts.cases"))][-3:] == ["median_days", "mean_days", "clearance_rate_pct"]


def test_a_function_reshapes_the_mart_and_its_measures() -> None:
    @mart(*declared_mart(PACKAGE.entry("courts.caseload").transform).measures)
    def caseload(cases: pl.LazyFrame) -> pl.LazyFrame:
        return cases.filter(pl.col("court") == "all").drop("section")

    model = PACKAGE.entry("courts.caseload").model
    figures = ("received", "received_growth_pct", "closed", "pending_at_start", "pending_at_end")
    row: dict[str, str | float | None] = {"area": "330200", "period": "2025", "source": "a", "section": "1"}
    for name in figures:
        row |= dict.fromkeys((name, f"{name}__low", f"{name}__high"), 100.0 if name in {"received", "closed"} else None)
    made = caseload.of(pl.DataFrame([row | {"court": "all"}, row | {"court": "ip_tribunal"}]), model)
    assert made.columns == [name for name in caseload.names(model) if name != "section"]
    assert made.get_column("clearance_rate_pct_high").to_list() == [100]


# A project's own transforms.


def test_a_project_s_table_without_a_transform_file_has_the_columns_of_its_model(tmp_path: Path) -> None:
    project = filled(tmp_path / "city")
    (project.root / "transforms" / "fairs.py").unlink()
    assert columns_of_complaints(project) == [*COLUMNS, *PROVENANCE]


@pytest.mark.parametrize(
    ("transform", "columns"),
    [
        (TRANSFORM, [*COLUMNS, *LEFT_OPEN, *PROVENANCE]),
        (SELECTING, ["area", "period", "fair", "received", *LEFT_OPEN, *PROVENANCE]),
        (TRANSFORM.partition("complaints =")[0], [*COLUMNS, *PROVENANCE]),
        (
            "import polars as pl\n\n\ndef complaints(cases: pl.LazyFrame) -> pl.LazyFrame:\n"
            '    return cases.select("area", "period", "fair", "received", "source", "section")\n',
            ["area", "period", "fair", "received", *PROVENANCE],
        ),
    ],
    ids=["measures", "a function that selects", "nothing of the table", "a bare function"],
)
def test_a_project_s_transform_may_be_written_in_any_form(transform: str, columns: list[str], tmp_path: Path) -> None:
    project = filled(tmp_path / "city")
    write(project.root, {"transforms/fairs.py": transform})
    assert columns_of_complaints(project) == columns


def test_a_function_that_a_transform_file_imports_is_no_transform_of_a_table_of_that_name(tmp_path: Path) -> None:
    project = filled(tmp_path / "city")
    files = {"schemas/fairs.py": SCHEMA.replace("class Complaints", "class Term"), "schemas/codes/fairs.csv": FAIRS}
    files |= {"catalogue.txt": "fairs.term\n", "transforms/fairs.py": "from schemas.rules import term as term\n"}
    expected = EXPECTED.replace("left_open,left_open_low,left_open_high,", "").replace("50,50,50,", "")
    files |= {"tests/examples/fairs/term/given.csv": GIVEN, "tests/examples/fairs/term/expected.csv": expected}
    write(project.root, files)
    ran = etl(project, "rule", "--examples", "--lang", "en")
    assert ran.exit_code == 0, ran.output
