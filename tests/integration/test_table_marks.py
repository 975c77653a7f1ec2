"""Marks of statistical tables, from the raw table through the gate to the warehouse, the exports and the bulletin."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import openpyxl
import pytest
from commands import etl
from listed_projects import HEADER, LINKS, SOURCE, checked, written

from etl.api import Project as Opened
from etl.warehouse.query import query

COLUMNS = "area,period,court,received,received_growth_pct,closed,pending_at_start,pending_at_end,source,section\n"
ROWS = (
    ("2015", "-", "", ""),
    ("2016", "—", "", ""),
    ("2017", "…", "", ""),
    ("2018", "x", "", ""),
    ("2019", "*", "", "x①"),
    ("2020", "1200(p)", "", "1100件"),
    ("2021", "1210件①", "", "1100(r)"),
    ("2022", "1220e", "", "…"),
    ("2023", "|1230", "", "1200"),
    ("2024", "n/a", "+5%", "保密"),
)
TABLE = COLUMNS + "".join(f"330200,{year},all,{received},{growth},{closed},,,a,1\n" for year, received, growth, closed in ROWS)
FIGURES = [
    ("1200", "件"),
    ("1100件", "件"),
    ("1210件", "件"),
    ("1100", "件"),
    ("1220", "件"),
    ("1230", "件"),
    ("1200", "件"),
    ("+5%", "%"),
]
LEDGER_HEADER = "section,ordinal,offset,published,unit,hedge\n"
LEDGER = LEDGER_HEADER + "".join(
    f"1,{number},,{published},{unit},\n" for number, (published, unit) in enumerate(FIGURES, start=1)
)
NOTES = "table,source,mark,note\ncourts.caseload,a,①,含调解\n"
FILES = {
    "raw/sources.csv": HEADER + SOURCE,
    "raw/courts/caseload.csv": TABLE,
    "raw/sources/a.csv": LEDGER,
    "raw/sources/a.taken.csv": "section,ordinal,table,row_key,column\n",
    "raw/notes.csv": NOTES,
}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project whose table has marks, cited and loaded."""
    root = written(tmp_path_factory.mktemp("marks"), **FILES)
    assert etl(root, "cite").exit_code == 0
    ran = etl(root, "run", "--lang", "en")
    assert (ran.exit_code, "error[" in ran.output) == (0, False), ran.output
    return root


@pytest.fixture
def project(template: Path, tmp_path: Path) -> Path:
    shutil.copytree(template, tmp_path / "project", symlinks=True)
    return tmp_path / "project"


def ask(root: Path, sql: str) -> list[tuple[object, ...]]:
    return query(root / "warehouse" / "ip.duckdb", sql).rows()


def test_a_mark_fills_a_required_column_and_has_a_status_in_the_warehouse(template: Path) -> None:
    sql = "SELECT period, published, value, status, conf_status, mark, note FROM core.figure WHERE indicator = 'received'"
    assert ask(template, sql) == [
        ("2015", "-", None, "M", "F", "-", None),
        ("2016", "—", None, "M", "F", "—", None),
        ("2017", "…", None, "O", "F", "…", None),
        ("2018", "x", None, "Q", "C", "x", None),
        ("2019", "*", None, "Q", "C", "*", None),
        ("2020", "1200", 1200, "P", "F", "(p)", None),
        ("2021", "1210件", 1210, "A", "F", "①", "含调解"),
        ("2022", "1220", 1220, "E", "F", "e", None),
        ("2023", "1230", 1230, "B", "F", "|", None),
        ("2024", "n/a", None, "O", "F", "n/a", None),
    ]
    assert ask(template, "SELECT count(*) FROM courts.caseload") == [(10,)]
    assert ask(template, "SELECT period, status FROM core.figure WHERE is_provisional") == [("2020", "P")]
    unknown = "SELECT DISTINCT status FROM core.figure WHERE status NOT IN (SELECT code FROM core.status)"
    assert ask(template, unknown) == []


def test_rules_judge_marked_figures_and_say_nothing_of_marks(project: Path) -> None:
    raw = project / "raw" / "courts" / "caseload.csv"
    raw.write_text(TABLE.replace("2021,all,1210件①,", "2021,all,1210件①,+90%").replace("x①", "999999件"), encoding="utf-8")
    _, said = checked(project)
    assert (
        "caseload.csv:8:23: error[growth-leads-from-the-year-before]" not in said
    )  # what 2020 printed is provisional, and counts
    assert "growth-leads-from-the-year-before" in said
    assert not [line for line in said.splitlines() if "caseload.csv:6:" in line and "closed-are" in line]


def test_a_document_that_prints_a_figure_where_the_table_has_a_mark_is_a_finding(project: Path) -> None:
    taken = project / "raw" / "sources" / "a.taken.csv"
    taken.write_text(taken.read_text().replace("330200:2023:all:a,received", "330200:2018:all:a,received"))
    _, said = checked(project)
    assert "caseload.csv:5:17: error[figure-is-cited] received: x, but a 1:6 prints 1230" in said
    assert "caseload.csv:10:17: error[figure-is-cited]" in said


def test_a_mark_that_is_in_no_list_is_refused_with_the_list_and_the_next_step(project: Path) -> None:
    raw = project / "raw" / "courts" / "caseload.csv"
    raw.write_text(TABLE.replace(",n/a,", ",(123),"), encoding="utf-8")
    _, said = checked(project)
    assert "caseload.csv:11:17: error[figure-is-readable] received: cannot read '(123)' as a figure" in said
    assert "a mark of schemas/codes/marks.csv" in said
    assert "a project may add to that list" in said


def test_a_footnote_without_a_text_is_told_once(project: Path) -> None:
    (project / "raw" / "notes.csv").unlink()
    _, said = checked(project)
    told = [line for line in said.splitlines() if "footnote-has-a-text" in line]
    assert [line.partition(":")[2].partition(": ")[0] for line in told] == ["6:20"]
    assert "raw/notes.csv: courts.caseload,a,①,…" in told[0]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("courts.caselod,a,①,x\n", "2:1: table 'courts.caselod' is no table. Did you mean 'courts.caseload'?"),
        ("courts.caseload,b,①,x\n", "2:17: source 'b' is not listed"),
        ("courts.caseload,a,,x\n", "2:19: mark is blank"),
        ("courts.caseload,a,①,\n", "2:21: note is blank"),
        ("courts.caseload,a,①,x\ncourts.caseload,a,①,y\n", "3:1: courts.caseload a ① stands here twice"),
    ],
)
def test_the_list_of_notes_is_checked_like_code(row: str, said: str, project: Path) -> None:
    (project / "raw" / "notes.csv").write_text(f"table,source,mark,note\n{row}", encoding="utf-8")
    code, output = checked(project)
    assert (code, f"raw/notes.csv:{said}" in output) == (2, True), output


def exported(root: Path, form: str, folder: Path) -> dict[str, bytes]:
    assert etl(root, "export", "courts.caseload", "--to", form, "-o", str(folder)).exit_code == 0
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_sdmx_has_both_statuses_and_the_notes(template: Path, tmp_path: Path) -> None:
    files = exported(template, "sdmx", tmp_path)
    rows = [row for row in csv.DictReader(io.StringIO(files["courts.caseload.csv"].decode())) if row["INDICATOR"] == "received"]
    assert [row["OBS_STATUS"] + row["CONF_STATUS"] for row in rows] == [
        "MF",
        "MF",
        "OF",
        "QC",
        "QC",
        "PF",
        "AF",
        "EF",
        "BF",
        "OF",
    ]
    assert [row["OBS_VALUE"] for row in rows[4:7]] == ["", "1200", "1210"]
    assert rows[6]["COMMENT_OBS"] == "① 含调解"
    lists = {
        each["id"]: [code["id"] for code in each["codes"]] for each in json.loads(files["structure.json"])["data"]["codelists"]
    }
    assert {"A", "P", "Q", "R"} <= {*lists["CL_OBS_STATUS"]}
    assert {*lists["CL_CONF_STATUS"]} == {"C", "F"}


def test_the_data_package_has_a_status_beside_each_column_that_needs_it(template: Path, tmp_path: Path) -> None:
    files = exported(template, "datapackage", tmp_path)
    rows = list(csv.DictReader(io.StringIO(files["courts.caseload.csv"].decode())))
    assert [row["received_status"] for row in rows][4:7] == ["Q", "P", "A"]
    assert [row["closed_conf_status"] for row in rows][4:7] == ["C", "F", "F"]
    assert "received_growth_pct_status" not in rows[0]
    (resource,) = json.loads(files["datapackage.json"])["resources"]
    fields = {each["name"]: each for each in resource["schema"]["fields"]}
    assert "required" not in fields["received"]["constraints"]
    assert "Q" in fields["received_status"]["constraints"]["enum"]


def test_the_yearbook_shows_the_marks(template: Path, tmp_path: Path) -> None:
    exported(template, "xlsx", tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / "tables.xlsx").active
    rows = list(sheet.iter_rows(values_only=True))
    (received,) = [row for row in rows if str(row[0]).startswith("收案 ")]
    assert list(received[2:12]) == ["-", "—", "…", "x", "*", 1200, 1210, 1220, 1230, "n/a"]
    assert any("printed as “1210件①”; 含调解" in (row[0] or "") for row in rows)


def test_the_report_shows_the_marks(template: Path, tmp_path: Path) -> None:
    assert etl(template, "report", "--area", "330200", "-o", str(tmp_path / "report.html")).exit_code == 0
    text = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert "1230|" in text
    assert "1220e" in text


@pytest.mark.parametrize(("language", "words"), [("zh", "（暂缺）"), ("en", "(not available)")])
def test_the_bulletin_says_that_a_figure_is_not_available(template: Path, language: str, words: str) -> None:
    arguments = ("--area", "330200", "--period", "2024", "--lang", language)
    assert words in etl(template, "bulletin", *arguments).stdout


def test_a_figure_is_traced_with_its_marks(template: Path) -> None:
    said = etl(template, "trace", "courts.caseload.received", "--lang", "en").output
    assert "x = Q missing value; suppressed" in said
    assert "1210件 = 1210 件 in 1210件  [①, 含调解]" in said


def test_python_reads_the_statuses(template: Path) -> None:
    figures = Opened(template).figures()
    assert {"status", "conf_status", "mark", "note"} <= {*figures.columns}


def test_a_revised_row_has_the_status_of_one(tmp_path: Path) -> None:
    table = "area,period,court,received,closed,source,section,revision\n"
    table += "330200,2025,all,1200件,1100件,a,1,\n330200,2025,all,1201件,,b,1,revised\n"
    files = {"raw/sources.csv": HEADER + SOURCE + SOURCE.replace("a,", "b,", 1).replace("01-20", "03-20")}
    files |= {
        "raw/courts/caseload.csv": table,
        "raw/sources/b.csv": "section,ordinal,offset,published,unit,hedge\n1,1,,1201件,件,\n",
    }
    files["raw/sources/a.taken.csv"] = LINKS
    root = written(tmp_path, **files)
    assert etl(root, "cite").exit_code == 0
    assert etl(root, "run").exit_code == 0
    assert ask(root, "SELECT published, status FROM core.figure") == [("1200件", "A"), ("1100件", "A"), ("1201件", "R")]


FINANCIAL = COLUMNS + "".join(
    f"330200,{year},all,{received},{growth},,,,a,1\n"
    for year, received, growth in (("2022/23", "1000", ""), ("2023-24", "1100", "+10.0%"), ("FY2025", "1210", "+10.0%"))
)
OF_YEARS = f"{LEDGER_HEADER}1,1,,1000,件,\n1,2,,1100,件,\n1,3,,+10.0%,%,\n1,4,,1210,件,\n1,5,,+10.0%,%,\n"


def test_financial_years_are_dated_ordered_and_compared(tmp_path: Path) -> None:
    files = {"raw/courts/caseload.csv": FINANCIAL, "raw/sources/a.csv": OF_YEARS, "raw/sources.csv": HEADER + SOURCE}
    files |= {"raw/sources/a.taken.csv": "section,ordinal,table,row_key,column\n"}
    root = written(tmp_path, **{**files, "raw/sources.csv": HEADER + SOURCE.replace("2025,", "2024/25,")})
    assert etl(root, "cite").exit_code == 0
    ran = etl(root, "run", "--lang", "en")
    assert ran.exit_code == 0, ran.output
    assert "caseload.csv:2:8: information[financial-year-is-stated] period: 2022/23 is read as 2022-04/2023-03" in ran.output
    assert ask(root, "SELECT starts_on::VARCHAR, ends_on::VARCHAR, months FROM core.period") == [
        ("2022-04-01", "2023-03-31", 12),
        ("2023-04-01", "2024-03-31", 12),
        ("2024-04-01", "2025-03-31", 12),
    ]
    grown = "SELECT value_before, round(growth_pct), growth_agrees FROM report.year_on_year ORDER BY period"
    assert ask(root, grown) == [(1000, 10, True), (1100, 10, True)]
    assert ask(root, "SELECT period FROM core.source") == [("2024-04/2025-03",)]


def test_a_month_among_financial_years_is_refused(tmp_path: Path) -> None:
    files = {"raw/courts/caseload.csv": FINANCIAL + "330200,2011-12,all,900,,,,,a,1\n"}
    _, said = checked(written(tmp_path, **files))
    assert "caseload.csv:5:8: error[period-is-well-formed] period: 2011-12 is a month, or a financial year as others here" in said


def test_a_project_states_its_financial_years(tmp_path: Path) -> None:
    years = "notation,first_month,year\n2024/25,7,first\nFY2025,10,last\n"
    files = {"raw/courts/caseload.csv": FINANCIAL, "schemas/codes/financial_years.csv": years}
    _, said = checked(written(tmp_path, **files))
    assert "financial-year-is-stated" not in said
    assert "330200:2024-10/2025-09:all:a" in etl(tmp_path, "check", "--format", "json").output
