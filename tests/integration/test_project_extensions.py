"""A project that extends domains of the package, uses some of its tables only, and changes its rules."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from paths import ROOT
from second_city import etl, made, write

from etl.catalogue import CATALOGUE, PACKAGE
from etl.project import Project
from etl.warehouse.query import query
from schemas.models import columns, rules, titles
from schemas.registers import declared_rules

COURTS = '''"""Courts of the city: cases of minors, and juries."""

from typing import Any

from schemas import rules
from schemas.constraints import Constraint
from schemas.courts import Caseload as Package
from schemas.registers import declared_rules
from schemas.models import Category, Count, Table, figure, label, rule


class Caseload(Package):
    of_minors: Count = figure("未成年人案件", "cases of minors", "件", optional=True)

    @rule(zh="未成年人案件不多于收案")
    def cases_of_minors_are_among_received(cls: Any) -> Constraint:
        """A case of a minor is one of the cases received."""
        return rules.within("of_minors", "received")


class Juries(Table, zh="人民陪审员"):
    """Lay judges of the courts. One row per area, period, court and source."""

    court: Category = label("法院", "court", codes="courts")
    lay_judges: Count = figure("陪审员", "lay judges", "人")
'''
JURIES = '''"""Courts of the city: marts."""

import polars as pl

from etl.warehouse.marts import mart


@mart()
def juries(rows: pl.LazyFrame) -> pl.LazyFrame:
    """Juries: n rows by area, period, court, source -> the same n rows."""
    return rows.select("area", "period", "court", "lay_judges", "source", "section")
'''
HEADER = "area,period,court,received,received_growth_pct,closed,pending_at_start,pending_at_end,of_minors,source,section\n"
CASELOAD = HEADER + "990100,2033,all,300件,50%,240件,,,12件,example-a,1\n990100,2032,all,200件,,,,,,example-a,1\n"
UNWHOLE = HEADER.replace(",of_minors", "") + "990100,2033,all,7件,20%,5件,,,example-a,1\n"
EXTENDED = "courts.caseload  # with cases of minors\ncourts.juries\n"
DOCUMENT = "一、法院\n2033年收案300件，同比增长50%，结案240件，未成年人案件12件，陪审员40人；2032年收案200件。\n"
GROWTH = "growth-is-from-whole-cases"


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A city with figures of its courts, and no declarations of its own."""
    root = made(tmp_path / "city")
    header = (root / "raw" / "sources.csv").read_text(encoding="utf-8")
    sources = "".join(f"{name},,,2034-01-15,,990100,2033,,,\n" for name in ("example-a", "example-b"))
    write(root, {"raw/sources.csv": header + sources})
    return root


@pytest.fixture
def extended(city: Path) -> Path:
    """The city, which extends the package's courts."""
    write(city, {"schemas/courts.py": COURTS, "transforms/courts.py": JURIES, "catalogue.txt": EXTENDED})
    juries = "area,period,court,lay_judges,source,section\n990100,2033,all,40人,example-a,1\n"
    write(city, {"raw/courts/caseload.csv": CASELOAD, "raw/courts/juries.csv": juries, "report.txt": DOCUMENT})
    for arguments in (("extract", str(city / "report.txt"), "-o", str(city / "raw/sources/example-a.csv")), ("cite",)):
        assert etl(city, *arguments).exit_code == 0
    return city


# Tables, columns and rules of a domain of the package.


def test_a_project_adds_a_column_a_rule_and_a_table_to_a_domain_of_the_package(extended: Path) -> None:
    ran = etl(extended, "run", "--lang", "en")
    assert ran.exit_code == 0, ran.output
    warehouse = Project(extended).warehouse
    mart = "SELECT period, received, of_minors FROM courts.caseload ORDER BY ALL"
    assert query(warehouse, mart).rows() == [("2032", 200.0, None), ("2033", 300.0, 12.0)]
    assert query(warehouse, "SELECT lay_judges FROM courts.juries").rows() == [(40.0,)]
    meant = "SELECT zh, en FROM core.indicator WHERE address = 'courts.caseload.of_minors'"
    assert query(warehouse, meant).rows() == [("未成年人案件", "cases of minors")]
    order = query(warehouse, "SELECT * FROM courts.caseload").columns
    assert order[-2:] == ["source", "section"]
    assert order.index("closed") < order.index("of_minors") < order.index("pending_change")


def test_a_rule_that_a_project_adds_to_a_table_of_the_package_finds_what_breaks_it(extended: Path) -> None:
    write(extended, {"raw/courts/caseload.csv": CASELOAD.replace("12件", "310件")})
    ran = etl(extended, "check", "--domain", "courts", "--lang", "en")
    assert ran.exit_code == 1
    assert "raw/courts/caseload.csv:2:33: error[cases-of-minors-are-among-received]" in ran.stdout
    told = etl(extended, "rule", "cases-of-minors-are-among-received", "--lang", "en").stdout
    assert "courts.caseload (schemas/courts.py: Caseload)" in told
    assert "0 errors" in etl(extended, "rule", "--lint", "--lang", "en").stdout


def test_an_extended_table_keeps_the_title_and_the_rules_of_the_package(extended: Path) -> None:
    ours, package = Project(extended).catalogue.entry("courts.caseload"), PACKAGE.entry("courts.caseload")
    assert titles(ours.model) == titles(package.model)
    added = {rule.id for rule in rules(ours.model)} - {rule.id for rule in rules(package.model)}
    assert added == {"cases-of-minors-are-among-received"}
    assert len(rules(ours.model)) == len(rules(package.model)) + 1
    assert {column.name for column in columns(ours.model)} - {column.name for column in columns(package.model)} == {"of_minors"}
    assert "of_minors" not in {column.name for column in columns(package.model)}
    assert Project(extended).catalogue.addresses == (*CATALOGUE, "courts.juries")


def test_only_what_a_project_adds_to_a_table_must_have_examples(extended: Path) -> None:
    given = HEADER.replace("section\n", "section,breaks\n") + (
        "990100,2031,all,200件,,,,,10件,example-a,1,\n"
        "990100,2032,all,20件,,,,,30件,example-a,1,cases-of-minors-are-among-received\n"
    )
    folder = "tests/examples/courts"
    write(extended, {f"{folder}/caseload/given.csv": given})
    juries = "area,period,court,lay_judges,source,section"
    write(extended, {f"{folder}/juries/given.csv": f"{juries},breaks\n990100,2031,all,4人,example-a,1,\n"})
    write(extended, {f"{folder}/juries/expected.csv": f"{juries}\n990100,2031,all,4,example-a,1\n"})
    ran = etl(extended, "rule", "--examples", "--lang", "en")
    assert ran.stdout.splitlines() == [
        f"{folder}/caseload/expected.csv:1: is missing: the mart of the kept rows",
        "2 tables of the project's own: 1 faults of their examples",
    ]


@pytest.mark.parametrize(
    ("schema", "listed", "said"),
    [
        (COURTS, "courts.juries\n", "schemas/courts.py: Caseload is named as a table of the package, and catalogue.txt does not"),
        (COURTS.replace("(Package)", "(Table)"), EXTENDED, "schemas/courts.py: Caseload does not extend the package's Caseload"),
        (COURTS.replace("class Caseload(", "class Other("), EXTENDED, "schemas/courts.py has no Caseload, and catalogue.txt:1"),
        (
            COURTS.replace("class Caseload(", "Caseload = Package\n\n\nclass Other("),
            EXTENDED,
            "schemas/courts.py: Caseload does not extend the package's Caseload, and catalogue.txt:1 lists courts.caseload",
        ),
        (COURTS.replace("of_minors", "received"), EXTENDED, "schemas/courts.py: Caseload declares received again"),
        (
            COURTS.replace("cases_of_minors_are_among_received", "growth_is_from_whole_cases"),
            EXTENDED,
            "The rule growth-is-from-whole-cases is declared twice",
        ),
    ],
)
def test_what_would_hide_a_model_of_the_package_is_refused(schema: str, listed: str, said: str, extended: Path) -> None:
    write(extended, {"schemas/courts.py": schema, "catalogue.txt": listed})
    ran = etl(extended, "check")
    assert (ran.exit_code, said in ran.stderr) == (2, True), ran.stderr


def test_a_file_of_a_project_imports_another_of_the_project(extended: Path) -> None:
    write(extended, {"schemas/cities.py": "UNIT = '人'\n"})
    schema = COURTS.replace("from typing", "from .cities import UNIT\nfrom typing").replace('"人"', "UNIT")
    write(extended, {"schemas/courts.py": schema})
    assert etl(extended, "check").exit_code == 0
    write(extended, {"schemas/courts.py": schema.replace("from .cities", "from schemas.cities")})
    ran = etl(extended, "check")
    assert ran.exit_code == 2
    assert "import it by `from .cities import …`" in ran.stderr


# Which tables are used.


def test_an_office_sees_the_tables_that_it_uses_only(city: Path) -> None:
    used = "use courts\nuse patents.stock\n"
    write(city, {"catalogue.txt": used})
    for path in (city / "raw").glob("*/*.csv"):
        if path.parent.name != "courts" and path.stem != "stock":
            path.unlink()
    courts = [address for address in CATALOGUE if address.startswith("courts.")]
    assert Project(city).catalogue.addresses == ("patents.stock", *courts)
    assert Project(city).catalogue.register_addresses == ("courts.cases",)
    ran = etl(city, "run", "--lang", "en")
    assert ran.exit_code == 0, ran.output
    assert "no figure is there yet: 5 tables await their rows" in ran.stdout
    listed = etl(city, "tables", "--lang", "en").stdout
    assert "courts.backlog" in listed
    assert "customs.seizures" not in listed
    warehouse = Project(city).warehouse
    assert query(warehouse, "SELECT count(*) FROM core.catalogue").rows() == [(5,)]
    marts = "SELECT count(*) FROM duckdb_tables() WHERE schema_name NOT IN ('core', 'quality')"
    assert query(warehouse, marts).rows()[0][0] < 10
    assert query(warehouse, "SELECT count(*) FROM report.unclosed").rows() == [(0,)]
    for arguments in (("rule", "--lint"), ("report", "-o", str(city / "report.html"))):
        assert etl(city, *arguments, "--lang", "en").exit_code == 0
    assert "There is no figure, so that none is covered" in etl(city, "coverage", "--lang", "en").stderr
    assert etl(city, "bulletin", "--area", "990100", "--year", "2033", "--lang", "en").exit_code == 0


def test_a_rule_that_asks_for_a_table_which_is_not_used_does_not_apply(city: Path) -> None:
    tables = {address: PACKAGE.entry(address) for address in CATALOGUE}
    address, rule, other = next(
        (address, rule, cell.table)
        for address, entry in tables.items()
        for rule in rules(entry.model)
        if rule.constraint is not None
        for cell in rule.constraint.cells()
        if cell.table and cell.table.partition(".")[0] != address.partition(".")[0]
    )
    examples = (ROOT / "tests" / "examples").joinpath(*address.split("."), "given.csv").read_text(encoding="utf-8")
    kept = "".join(line.rpartition(",")[0].replace("330300", "990100") + "\n" for line in examples.splitlines()[:2])
    write(city, {"catalogue.txt": f"use {address}\n", f"raw/{address.replace('.', '/')}.csv": kept})
    ran = etl(city, "check", "--format", "json", "--domain", address.partition(".")[0])
    case = next(each for each in json.loads(ran.stdout)["by_rule"] if each["rule"] == rule.id)
    assert (case["passed"], case["failed"], case["not_run"]) == (0, 0, None), other
    assert case["not_applicable"] > 0


def test_a_raw_file_of_a_table_that_is_not_used_is_told(city: Path) -> None:
    write(city, {"catalogue.txt": "use courts\n"})
    ran = etl(city, "check", "--lang", "en")
    assert "raw/customs/seizures.csv:1:1: warning[file-is-catalogued] catalogue.txt does not use this table" in ran.stdout


# Rules that are off, or have another severity.


def test_a_rule_that_is_off_is_not_applied_and_is_told_to_be_off(city: Path) -> None:
    write(city, {"raw/courts/caseload.csv": UNWHOLE})
    before = etl(city, "check", "--lang", "en")
    assert f"warning[{GROWTH}]" in before.stdout
    reason = "growth is published before it is rounded # by the court"
    write(city, {"catalogue.txt": f'rule {GROWTH} courts.caseload off "{reason}"\n'})
    ran = etl(city, "run", "--lang", "en", "--fail-on", "never")
    assert ran.exit_code == 0, ran.output
    assert f"[{GROWTH}]" not in ran.stdout
    assert "catalogue.txt switches rules off: 1, changes the severity: 0" in ran.stdout
    assert f"etl: catalogue.txt:1: {GROWTH} of courts.caseload is set to off: {reason}" in ran.stderr
    off = f"SELECT address, reason LIKE '%Set to off (catalogue.txt:1): {reason}' FROM quality.rule WHERE severity = 'off'"
    assert query(Project(city).warehouse, off).rows() == [("courts.caseload", True)]
    page = etl(city, "rule", GROWTH, "--lang", "en").stdout
    assert f"Changed by the project: courts.caseload: off, catalogue.txt:1: {reason}" in page
    listed = etl(city, "rule", "--domain", "courts", "--lang", "en").stdout
    assert f"off[{GROWTH}] courts.caseload:" in listed
    assert "0 errors" in etl(city, "rule", "--lint", "--lang", "en").stdout


def test_a_rule_gets_the_severity_that_the_project_gives_it(city: Path) -> None:
    write(city, {"raw/courts/caseload.csv": UNWHOLE, "catalogue.txt": f'rule {GROWTH} error "we print whole cases"\n'})
    ran = etl(city, "check", "--lang", "en")
    assert ran.exit_code == 1
    assert f"error[{GROWTH}]" in ran.stdout
    assert f"error[{GROWTH}]" in etl(city, "rule", "--domain", "courts", "--lang", "en").stdout
    assert {each.address for each in Project(city).catalogue.changed_rules} > {"courts.caseload"}
    models = [catalogue.entry("courts.caseload").model for catalogue in (PACKAGE, Project(city).catalogue)]
    assert [rule.severity for model in models for rule in rules(model) if rule.id == GROWTH] == ["warning", "error"]


def test_a_rule_of_a_register_can_be_switched_off(city: Path) -> None:
    register = PACKAGE.register("courts.cases")
    for rule in declared_rules(register.model):
        write(city, {"catalogue.txt": f'rule {rule.id} courts.cases off "not ours"\n'})
        left = declared_rules(Project(city).catalogue.register("courts.cases").model)
        assert {each.id for each in declared_rules(register.model)} - {each.id for each in left} == {rule.id}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("use", "catalogue.txt:2:1: a line that uses a domain or a table names one"),
        ("use courts customs", "catalogue.txt:2:1: a line that uses a domain or a table names one"),
        ("use court", "catalogue.txt:2:1: no domain 'court'. Did you mean 'courts'?"),
        ("use courts.caselaod", "catalogue.txt:2:1: no table 'courts.caselaod'. Did you mean 'courts.caseload'?"),
        ("use courts\nuse courts", "catalogue.txt:3:1: courts is used on line 2 already"),
        ("rule", "catalogue.txt:2:1: a line that changes a rule is rule RULE [TABLE] off|error|warning|information"),
        (f"rule {GROWTH} off", "catalogue.txt:2:1: a line that changes a rule is"),
        (f'rule {GROWTH} off " "', "catalogue.txt:2:1: a line that changes a rule is"),
        (f'rule {GROWTH} off "why', "catalogue.txt:2:1: a line that changes a rule is"),
        (
            f'rule {GROWTH}s off "why"',
            f"catalogue.txt:2:1: no rule '{GROWTH}s' that a table in use declares. Did you mean '{GROWTH}'?",
        ),
        (f'rule {GROWTH} courts.backlog off "why"', f"catalogue.txt:2:1: no rule '{GROWTH}' that courts.backlog declares."),
        (f'rule {GROWTH} courts.caselaod off "why"', "catalogue.txt:2:1: no table 'courts.caselaod'. Did you mean"),
        (
            'rule figure-is-cited off "why"',
            "catalogue.txt:2:1: figure-is-cited is a rule of every table, which a project cannot change",
        ),
    ],
)
def test_a_line_that_cannot_be_followed_is_refused_with_its_place(line: str, said: str, city: Path) -> None:
    write(city, {"catalogue.txt": f"# ours\n{line}\n"})
    ran = etl(city, "check")
    assert (ran.exit_code, said in ran.stderr) == (2, True), ran.stderr
