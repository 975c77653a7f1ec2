"""dbt on DuckDB: a model that is made of the file, and a data test for each rule."""

import json
import os
import tempfile
from pathlib import Path

os.environ["DO_NOT_TRACK"] = "1"

from cases import FILLED, FLAGS, GROUPS, IN_SETS, Task, known
from dbt.cli.main import dbtRunner

from contenders import hand_written_duckdb as rules_of

PACKAGES = ("dbt-core", "dbt-duckdb", "duckdb")

PROJECT = {
    "name": "benchmark",
    "profile": "benchmark",
    "version": "1.0",
    "config-version": 2,
    "models": {"benchmark": {"+materialized": "table"}},
    "flags": {"send_anonymous_usage_stats": False},
}


def check(task: Task) -> dict[str, int]:
    """Check the file."""
    with tempfile.TemporaryDirectory(dir=Path(task.file).parent) as name:
        folder = Path(name)
        rules = write_project(folder, task)
        arguments = ["build", "--project-dir", name, "--profiles-dir", name, "--quiet", "--threads", "2"]
        result = dbtRunner().invoke([*arguments, "--target-path", f"{name}/target", "--log-path", f"{name}/logs"])
        if result.exception:
            raise result.exception
        failures = {each.node.name: each.failures for each in result.result if each.node.resource_type == "test"}
    return {rule: int(failures[test]) for test, rule in rules.items()}


def write_project(folder: Path, task: Task) -> dict[str, str]:
    """Write the project, and give the rule of each test by the test's name. JSON is YAML."""
    output = {"type": "duckdb", "path": str(folder / "cases.duckdb"), "threads": 2}
    profile = {"benchmark": {"target": "here", "outputs": {"here": output}}}
    columns: dict[str, list[object]] = {}
    rules: dict[str, str] = {}
    (folder / "models").mkdir()
    (folder / "tests").mkdir()
    (folder / "models" / "cases.sql").write_text(rules_of.source(task), encoding="utf-8")
    for number, (rule, holds) in enumerate(rules_of.rules(task).items()):
        test = f"rule_{number}"
        rules[test] = rule
        if rule in FILLED:
            columns.setdefault(FILLED[rule], []).append({"not_null": {"name": test}})
        elif rule in IN_SETS:
            column, codes = IN_SETS[rule]
            allowed = known(codes) if codes else list(FLAGS)
            columns.setdefault(column, []).append({"accepted_values": {"name": test, "arguments": {"values": allowed}}})
        else:
            sql = "SELECT * FROM {{ ref('cases') }} WHERE NOT (" + holds + ")"
            (folder / "tests" / f"{test}.sql").write_text(sql, encoding="utf-8")
    rules["rule_unique"] = "number is unique"
    columns["case_number"].append({"unique": {"name": "rule_unique"}})
    for number, (rule, sql) in enumerate(zip(GROUPS, rules_of.broken_groups(), strict=True)):
        rules[f"rule_group_{number}"] = rule
        of_model = sql.replace("FROM cases", "FROM {{ ref('cases') }}")
        (folder / "tests" / f"rule_group_{number}.sql").write_text(of_model, encoding="utf-8")
    listed = [{"name": column, "data_tests": tests} for column, tests in columns.items()]
    models = {"version": 2, "models": [{"name": "cases", "columns": listed}]}
    for file, content in (("dbt_project.yml", PROJECT), ("profiles.yml", profile), ("models/schema.yml", models)):
        (folder / file).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return rules
