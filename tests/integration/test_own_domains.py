"""A project's own domains, code lists and areas, beside the package's: known to every command, and to no other project."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from commands import etl, imported_by
from paths import ROOT
from second_city import COMPLAINTS, FAIRS, SCHEMA, TRANSFORM, filled, made, write

from etl.catalogue import CATALOGUE, PACKAGE
from etl.gate.check import check
from etl.project import Project
from etl.warehouse.query import query
from schemas.models import columns


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project of the second city, published."""
    project = filled(tmp_path_factory.mktemp("city") / "project")
    ran = etl(project, "run", "--lang", "en")
    assert ran.exit_code == 0, ran.output
    assert f"the gate is open; {len(CATALOGUE) - 1} of {len(CATALOGUE) + 1} tables await their rows" in ran.stdout
    return project


# Every command knows them.


def test_the_figures_of_an_added_domain_are_in_its_mart_the_views_and_the_catalogue(city: Project) -> None:
    rows = query(city.warehouse, "SELECT area, fair, settled, left_open FROM fairs.complaints ORDER BY ALL").rows()
    assert rows == [("990100", "all", 150.0, 50.0), ("990100", "spring", 58.0, 22.0), ("990103", "all", 20.0, 0.0)]
    shown = "SELECT DISTINCT domain_zh, area_en, categories_zh FROM report.bulletin WHERE table_name = 'complaints' ORDER BY ALL"
    assert query(city.warehouse, shown).rows() == [
        ("展会", "Exampleton", "全部展会"),
        ("展会", "Exampleton", "春季展会"),
        ("展会", "西岸区", "全部展会"),
    ]
    assert query(city.warehouse, "SELECT zh FROM core.area WHERE parent_code = '990100'").rows() == [("东岸区",), ("西岸区",)]
    assert query(city.warehouse, "SELECT count(*) FROM core.area WHERE area_code = '330200'").rows() == [(0,)]
    assert query(city.warehouse, "SELECT sum(figures) FROM report.data_quality WHERE domain = 'fairs'").rows() == [(8,)]


def test_a_package_s_code_has_the_aliases_of_the_project_and_keeps_its_names(city: Project) -> None:
    rows = query(city.warehouse, "SELECT court, received FROM courts.caseload WHERE period = '2033' ORDER BY ALL").rows()
    assert rows == [("all", 300.0), ("intermediate", 120.0)]
    there = city.catalogue.lists.by_code("courts")
    assert there["intermediate"].zh == "中级人民法院"
    assert {"中院", "示例市中级法院"} <= set(there["intermediate"].aliases)
    assert set(there) >= {"all", "ip_tribunal", "base"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("tables", "--domain", "fairs", "--lang", "en"), "Complaints of infringement at trade fairs"),
        (("tables", "fairs.complaints", "--lang", "en"), "error[settled-are-among-received] A complaint that is settled"),
        (("trace", "fairs.complaints.settled", "--lang", "en"), "raw/fairs/complaints.csv:2"),
        (("rule", "settled-are-among-received", "--lang", "en"), "fairs.complaints (schemas/fairs.py: Complaints)"),
        (("rule", "--lint", "--lang", "en"), "0 errors"),
        (("rule", "--domain", "fairs", "--lang", "zh"), "办结投诉不多于受理投诉"),
        (("check", "-v", "--domain", "fairs", "--lang", "zh"), "展会"),
        (("coverage", "--lang", "en"), "fairs"),
        (("mutate", "--survivors", "0", "--without", "cited", "--lang", "en"), "settled-are-among-received"),
        (("verify", "150件 / 200件 = 75%"), "agrees"),
    ],
)
def test_a_command_knows_the_added_domain(arguments: tuple[str, ...], said: str, city: Project) -> None:
    ran = etl(city, *arguments)
    assert ran.exit_code == 0, ran.output
    assert said in ran.stdout


def test_the_bulletin_is_of_the_city_and_lists_what_no_sentence_names(city: Project) -> None:
    ran = etl(city, "bulletin", "--lang", "en")
    assert ran.exit_code == 0, ran.output
    assert "Exampleton, 2033" in ran.stdout.splitlines()[0]
    assert "Complaints of infringement at trade fairs (the spring fair): complaints settled: 58." in ran.stdout
    assert "Ningbo" not in ran.stdout
    zh = etl(city, "bulletin", "--lang", "zh")
    assert "示例市" in zh.stdout
    assert zh.exit_code == 0, zh.stderr


def test_the_report_and_the_exports_hold_the_added_domain(city: Project, tmp_path: Path) -> None:
    assert etl(city, "report", "-o", str(tmp_path / "report.html"), "--lang", "en").exit_code == 0
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    for word in ("Exampleton", "示例市", "Trade fairs", "展会"):
        assert word in page
    for form in ("csv", "parquet", "xlsx", "datapackage", "sdmx", "odcs"):
        ran = etl(city, "export", "fairs", "--to", form, "-o", str(tmp_path / form))
        assert ran.exit_code == 0, ran.output
    assert "spring,80,58" in (tmp_path / "csv" / "fairs.complaints.csv").read_text(encoding="utf-8")


def test_a_planted_slip_is_found_in_the_added_domain_by_file_line_and_column(tmp_path: Path) -> None:
    project = filled(tmp_path / "city")
    write(project.root, {"raw/fairs/complaints.csv": COMPLAINTS.replace("200件,150件", "200件,250件")})
    ran = etl(project, "check", "--domain", "fairs", "--lang", "en")
    assert ran.exit_code == 1
    assert "raw/fairs/complaints.csv:2:19: error[settled-are-among-received]" in ran.stdout
    assert (
        "raw/fairs/complaints.csv:2:19: error[figure-is-cited] settled: 250件, but exampleton-2033 1:2 prints 150件" in ran.stdout
    )
    waived = etl(project, "waive", "raw/fairs/complaints.csv:2:19[settled-are-among-received]", "--reason", "so printed")
    assert waived.exit_code == 0, waived.output


def test_an_added_register_is_counted_by_month(tmp_path: Path) -> None:
    root = made(tmp_path / "city")
    source = (ROOT / "schemas" / "patents.py").read_text(encoding="utf-8")
    assert "class GrantsRegister(" in source
    write(root, {"schemas/inventions.py": source, "catalogue.txt": "inventions.grants_register register\n"})
    given = (ROOT / "tests" / "examples" / "patents" / "grants_register" / "given.csv").read_text(encoding="utf-8")
    header, row, *_ = (line.rpartition(",")[0] for line in given.splitlines())
    write(root, {"raw/inventions/grants_register.csv": f"{header}\n{row.replace('330200', '990100')}\n"})
    ran = etl(root, "run", "--lang", "en", "--fail-on", "never")
    assert ran.exit_code == 0, ran.output
    assert query(Project(root).warehouse, "SELECT count(*) FROM inventions.grants_register").rows() == [(1,)]


# What nobody changed is not loaded again; what of theirs is changed is.


@pytest.mark.slow
def test_where_nothing_has_changed_no_code_of_the_project_runs_and_a_changed_declaration_is_noticed(tmp_path: Path) -> None:
    project = filled(tmp_path / "city")
    first = etl(project, "run", "--lang", "en")
    assert "running code of the project's own, for fairs" in first.stderr
    again = etl(project, "run", "--lang", "en")
    assert "nothing has changed" in again.stderr
    assert "running code" not in again.stderr
    changes = {
        "schemas/fairs.py": SCHEMA.replace("A complaint that", "Each complaint that"),
        "transforms/fairs.py": TRANSFORM.replace("left open", "not settled"),
        "schemas/codes/fairs.csv": FAIRS.replace("the spring fair", "the fair of spring"),
        "catalogue.txt": "# one domain\nfairs.complaints\n",
    }
    for name, text in changes.items():
        write(project.root, {name: text})
        ran = etl(project, "run", "--lang", "en")
        assert "publishing" in ran.stderr, (name, ran.stderr)
    comment = "SELECT reason FROM quality.rule WHERE rule = 'settled-are-among-received'"
    assert query(project.warehouse, comment).rows() == [("Each complaint that is settled at a fair was received at it.",)]
    kinds = "SELECT path FROM quality.input WHERE kind = 'own declaration' AND hash <> '' ORDER BY path"
    assert [path for (path,) in query(project.warehouse, kinds).rows()] == [
        "catalogue.txt",
        "schemas/codes/areas.csv",
        "schemas/codes/courts.csv",
        "schemas/codes/fairs.csv",
        "schemas/fairs.py",
        "transforms/fairs.py",
    ]


def test_polars_is_not_imported_for_an_unchanged_project_with_added_domains(city: Project) -> None:
    modules = imported_by("run", "--project", str(city.root), says="nothing has changed")
    assert not {"polars", "pandera", "narwhals", "schemas.fairs"} & modules


# They belong to their project only.


def test_the_catalogue_of_a_project_leaves_the_package_s_as_it_is(city: Project) -> None:
    before = PACKAGE.codes("areas")
    catalogue = city.catalogue
    assert catalogue.addresses == (*CATALOGUE, "fairs.complaints")
    assert catalogue.domains[-1] == "fairs"
    assert catalogue.entry("fairs.complaints").model.__zh__ == "展会知识产权投诉处理情况"
    assert [each.zh for each in catalogue.codes("areas")] == ["全国", "示例省", "示例市", "东岸区", "西岸区"]
    assert PACKAGE.addresses == CATALOGUE
    assert PACKAGE.codes("areas") == before
    assert "schemas.fairs" not in sys.modules
    with pytest.raises(LookupError, match="No code list 'fairs'"):
        PACKAGE.codes("fairs")
    with pytest.raises(ModuleNotFoundError):
        PACKAGE.entry("fairs.complaints")


def test_two_projects_in_one_process_may_each_add_a_domain_of_the_same_name(city: Project, tmp_path: Path) -> None:
    root = made(tmp_path / "other")
    write(
        root,
        {
            "schemas/fairs.py": SCHEMA.replace("展会知识产权", "展览会知识产权"),
            "transforms/fairs.py": TRANSFORM,
            "schemas/codes/fairs.csv": "code,zh,en,aliases\nautumn,秋季展会,the autumn fair,\n",
            "catalogue.txt": "fairs.complaints\n",
        },
    )
    ours, others, package = city.catalogue, Project(root).catalogue, Project(ROOT).catalogue
    assert ours.entry("fairs.complaints").model.__zh__ == "展会知识产权投诉处理情况"
    assert others.entry("fairs.complaints").model.__zh__ == "展览会知识产权投诉处理情况"
    assert [each.code for each in ours.codes("fairs")] == ["all", "spring"]
    assert [each.code for each in others.codes("fairs")] == ["autumn"]
    assert "fairs.complaints" not in package.addresses
    checked = [check(each, each.catalogue.entries(), date(2034, 1, 1), whole=True) for each in (city, Project(root), city)]
    assert [list(each.tables).count("fairs.complaints") for each in checked] == [1, 0, 1]


def test_an_edited_declaration_counts_when_the_project_is_opened_again(tmp_path: Path) -> None:
    project = filled(tmp_path / "city")
    first = project.catalogue.entry("fairs.complaints")
    write(project.root, {"schemas/fairs.py": SCHEMA.replace('"受理投诉"', '"收到投诉"')})
    second = Project(project.root).catalogue.entry("fairs.complaints")
    titles = [{column.name: column.meaning.zh for column in columns(each.model)}["received"] for each in (first, second)]
    assert titles == ["受理投诉", "收到投诉"]
    assert project.catalogue.entry("fairs.complaints") is first


def test_after_a_command_that_fails_the_next_works_on_another_project(city: Project) -> None:
    assert etl(city, "tables", "nothing.at_all").exit_code == 2
    assert etl(city, "run", "--force", "--memory-limit", "much").exit_code == 2
    assert etl(ROOT, "tables", "fairs.complaints").exit_code == 2
    assert len(PACKAGE.entries()) == len(CATALOGUE)


def test_a_changed_declaration_bears_on_every_table_of_the_project(tmp_path: Path) -> None:
    project = filled(tmp_path / "city")
    git = ("git", "-C", str(project.root), "-c", "user.name=A. Clerk", "-c", "user.email=clerk@example.org")
    for arguments in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", "all")):
        subprocess.run([*git, *arguments], check=True, capture_output=True)
    assert "Trade fairs" not in etl(project, "check", "-v", "--changed-since", "HEAD", "--lang", "en").stdout
    write(project.root, {"schemas/codes/fairs.csv": FAIRS + "autumn,秋季展会,the autumn fair,\n"})
    assert "Trade fairs" in etl(project, "check", "-v", "--changed-since", "HEAD", "--lang", "en").stdout
