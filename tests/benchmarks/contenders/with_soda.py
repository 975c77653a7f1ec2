"""Soda: a contract on a DuckDB table that is made of the file, as its documentation shows."""

import json
import os
import tempfile

os.environ["SODA_CORE_TELEMETRY_ENABLED"] = "false"

import duckdb
from cases import FILLED, FLAGS, GROUPS, IN_SETS, NUMBER, Task, known
from soda_core.contracts import verify_contract_locally
from soda_duckdb.common.data_sources.duckdb_data_source import DuckDBDataSourceImpl

from contenders import hand_written_duckdb as rules_of

PACKAGES = ("soda-duckdb", "duckdb")


def check(task: Task) -> dict[str, int]:
    """Check the file."""
    with duckdb.connect() as connection, tempfile.NamedTemporaryFile("w", suffix=".yml", encoding="utf-8") as contract:
        connection.execute(f"CREATE TABLE cases AS {rules_of.source(task)}")
        json.dump(contract_of(task), contract, ensure_ascii=False)  # JSON is YAML
        contract.flush()
        source = DuckDBDataSourceImpl.from_existing_cursor(connection, name="benchmark")
        result = verify_contract_locally(data_sources=[source], contract_file_path=contract.name)
    return {each.check.name: rows_of(each) for verified in result.results for each in verified.check_results}


def contract_of(task: Task) -> dict[str, object]:
    """Return the contract: Soda's own checks of columns, and failed rows for all other rules."""
    columns: dict[str, list[object]] = {}
    of_rows = []
    for rule, holds in rules_of.rules(task).items():
        if rule in FILLED:
            columns.setdefault(FILLED[rule], []).append({"missing": {"name": rule}})
        elif rule in IN_SETS:
            column, codes = IN_SETS[rule]
            allowed = known(codes) if codes else list(FLAGS)
            columns.setdefault(column, []).append({"invalid": {"name": rule, "valid_values": allowed}})
        elif rule == "number is well formed":
            form = {"regex": NUMBER, "name": "case number"}
            columns.setdefault("case_number", []).append({"invalid": {"name": rule, "valid_format": form}})
        else:
            of_rows.append({"failed_rows": {"name": rule, "qualifier": len(of_rows), "expression": f"NOT ({holds})"}})
    columns["case_number"].append({"duplicate": {"name": "number is unique"}})
    for rule, sql in zip(GROUPS, rules_of.broken_groups(), strict=True):
        of_rows.append({"failed_rows": {"name": rule, "qualifier": len(of_rows), "query": sql}})
    listed = [{"name": column, "checks": checks} for column, checks in columns.items()]
    return {"dataset": "benchmark/main/cases", "columns": listed, "checks": of_rows}


def rows_of(result) -> int:
    """Return the number of rows that a check counts as broken."""
    return int(result.diagnostic_metric_values[f"{result.check.type}_count"])
