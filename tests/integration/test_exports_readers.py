"""Exports, read by the libraries and validators of the standards themselves; each is skipped where it is not installed."""

from __future__ import annotations

import json
import shutil
import subprocess
import warnings
from pathlib import Path
from types import ModuleType

import pytest

from etl.catalogue import PACKAGE
from etl.exports.export import export
from etl.exports.tables import read_tables


def installed(name: str, extra: str) -> ModuleType:
    """The library, whose own warnings are not ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found: ModuleType = pytest.importorskip(name, reason=f"needs {name}: pip install ip-bulletin-etl[{extra}]")
    return found


@pytest.mark.filterwarnings("ignore")
def test_frictionless_validates_the_package_and_reads_the_same_rows(own_warehouse: Path, tmp_path: Path) -> None:
    frictionless = installed("frictionless", "test")
    export(own_warehouse, "datapackage", "", tmp_path, PACKAGE)
    package = frictionless.Package(str(tmp_path / "datapackage.json"))
    report = package.validate()
    assert report.valid, report.flatten(["name", "rowNumber", "fieldName", "type", "message"])
    for found in read_tables(own_warehouse, PACKAGE):
        resource = package.get_resource(found.address)
        assert resource.schema.primary_key == list(found.key)
        with resource:
            read = [
                {name: str(value) for name, value in row.to_dict().items() if value is not None} for row in resource.row_stream
            ]
        for row, was in zip(read, found.rows.iter_rows(named=True), strict=True):
            assert set(row) == {name for name, value in was.items() if value is not None}
            for name, text in row.items():
                assert (float(text) == was[name]) if isinstance(was[name], int | float) else text == was[name]


@pytest.mark.filterwarnings("ignore")
def test_frictionless_rejects_a_row_that_breaks_the_schema(own_warehouse: Path, tmp_path: Path) -> None:
    """The constraints say something: a share above a hundred, a court that is none, a key twice."""
    frictionless = installed("frictionless", "test")
    export(own_warehouse, "datapackage", "courts", tmp_path, PACKAGE)
    file = tmp_path / "data" / "courts.technical_investigators.csv"
    header, row = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([header, row, row.replace("46.05", "146.05")]) + "\n", encoding="utf-8")
    package = json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))
    for resource in package["resources"]:
        del resource["hash"], resource["bytes"]
    (tmp_path / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    report = frictionless.Package(str(tmp_path / "datapackage.json")).validate()
    assert {error for (error,) in report.flatten(["type"])} == {"constraint-error", "primary-key"}


@pytest.mark.filterwarnings("ignore")
def test_pysdmx_reads_the_structures_and_the_same_observations(own_warehouse: Path, tmp_path: Path) -> None:
    installed("pandas", "readers")
    io = installed("pysdmx.io", "readers")
    export(own_warehouse, "sdmx", "", tmp_path, PACKAGE)
    message = io.read_sdmx(tmp_path / "structure.json")  # validated with the schema of the standard
    for found in read_tables(own_warehouse, PACKAGE):
        (read,) = io.get_datasets(tmp_path / f"{found.address}.csv", tmp_path / "structure.json", validate=False)
        dataflow = f"DF_{found.address.replace('.', '_').upper()}"
        assert read.short_urn == f"Dataflow=IP_BULLETIN:{dataflow}(1.0.0)"
        for name, column in (("OBS_VALUE", "value"), ("OBS_LOW", "low"), ("OBS_HIGH", "high")):
            values = [None if text in ("", "NaN", "nan", "<NA>") else float(text) for text in map(str, read.data[name])]
            assert values == found.figures[column].to_list(), (found.address, name)
        assert list(read.data["PUBLISHED"]) == found.figures["published"].to_list()
        assert list(read.data["INDICATOR"]) == found.figures["indicator"].to_list()
    structures = {each.id: each for each in message.get_data_structure_definitions()}
    dimensions = [each.id for each in structures["DSD_COURTS_CASELOAD"].components.dimensions]
    assert dimensions == ["REF_AREA", "COURT", "INDICATOR", "SOURCE", "TIME_PERIOD"]


@pytest.mark.filterwarnings("ignore")
def test_the_contract_is_one_of_the_open_data_contract_standard(own_warehouse: Path, tmp_path: Path) -> None:
    model = installed("open_data_contract_standard.model", "test")
    jsonschema = installed("jsonschema", "test")
    export(own_warehouse, "odcs", "courts", tmp_path, PACKAGE)
    file = tmp_path / "contract.odcs.yaml"
    contract = model.OpenDataContractStandard.from_file(str(file))
    assert [each.name for each in contract.schema_] == [each.address for each in read_tables(own_warehouse, PACKAGE, "courts")]
    schema = json.loads((Path(model.__file__).parent / "schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(contract.model_dump(by_alias=True, exclude_none=True), schema)


def test_datacontract_lint_accepts_the_contract(own_warehouse: Path, tmp_path: Path) -> None:
    lint = shutil.which("datacontract")
    if lint is None:
        pytest.skip("needs datacontract-cli: pip install ip-bulletin-etl[readers]")
    export(own_warehouse, "odcs", "", tmp_path, PACKAGE)
    ran = subprocess.run([lint, "lint", "contract.odcs.yaml"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
