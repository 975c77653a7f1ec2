"""A made-up project with every kind of finding, and reports of it without dates and versions, which change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType

from conftest import write_project

from etl.catalogue import PACKAGE
from etl.documents.citations import LEDGER_COLUMNS, cells_by_source, link
from etl.files import replace_csv
from etl.findings import Language
from etl.gate.check import Checked, check, parsed_tables
from etl.gate.waivers import WAIVER_COLUMNS, waivers
from etl.project import Project
from etl.reporters.check_report import CheckReport

TODAY = date(2032, 1, 1)
SCRIPT = "<script>alert(1)</script>"
IMAGE = '"><img src=x onerror=alert(1)>'
COMMAND = "1\n::error::forged"
REVERSED = "\u202e件1\x1b[2J"
PAYLOADS = (SCRIPT, IMAGE, COMMAND, REVERSED)
TABLES = {
    "courts.caseload": (
        "area,period,court,received,closed,pending_at_start,source,section\n"
        "330200,2031,all,800件,700件,,example-a,1\n"
        "330200,2030,all,500件,700件,100件,example-a,1\n"
        "330300,2030,all,500件,710件,100件,example-a,1\n"
        "330400,2030,all,500件,720件,100件,example-a,1\n"
        "330500,2030,all\n"
    ),
    "courts.technical_investigators": (
        "area,period,cases,share_pct,source,section\n330200,2031,10件,33.30%,example-a,1\n330300,2031,10件,33.30%,example-a,1\n"
    ),
    "administration.infringement_cases": (
        "area,period,right,cases,offline_cases,offline_cases_growth_pct,source,section\n"
        "330200,2031,patent,1844件,106件,+158%,example-a,1\n"
    ),
    "copyright.registrations": (
        "area,period,works,source,section\n"
        f"330200,2031,{SCRIPT},example-a,1\n"
        f'330300,2031,"{IMAGE.replace(chr(34), chr(34) * 2)}",example-a,1\n'
        f'330400,2031,"{COMMAND}",example-a,1\n'
        f"330500,2031,{REVERSED},example-a,1\n"
        "330600,2031,`a`|**b**,example-a,1\n"
    ),
    "courts.benches": "area,base_courts,circuit_points,source,section\n330200,8家,11个,example-a,1\n",
    "police.operations": "area,period,cases,source,section\n330200\n",
}
WAIVED = "part-of-whole-cases,courts.technical_investigators"
WAIVERS = (
    f'{WAIVED},330200:2031:example-a,share_pct,"so printed, <b>asked</b>",A. Clerk,2031-02-01,\n'
    f"{WAIVED},330300:2031:example-a,share_pct,was to be asked,A. Clerk,2031-02-01,2031-03-01\n"
    f"{WAIVED},330400:2031:example-a,share_pct,gone,A. Clerk,2031-02-01,\n"
)
ENTRIES = [PACKAGE.entry(address) for address in (*TABLES, "finance.pledges")]
UNTAKEN, MISPRINTED = ["1", "99", "", "12件", "件", ""], {"710件": "71件"}


def every_kind(root: Path) -> Project:
    """Give a project in a folder that has findings of every kind."""
    project = write_project(root, TABLES)
    write_waivers(project, WAIVERS)
    cite_all(project, MISPRINTED, [UNTAKEN])
    return project


def write_waivers(project: Project, lines: str) -> None:
    """Accept findings, one a line."""
    project.waivers_file.write_text(",".join(WAIVER_COLUMNS) + "\n" + lines, encoding="utf-8")


def cite_all(project: Project, misprinted: Mapping[str, str] = MappingProxyType({}), more: Sequence[Sequence[str]] = ()) -> None:
    """Write a ledger of all that the rows of example-a print, and link it; some of it printed otherwise, or in no table."""
    tables = parsed_tables(project, ENTRIES)
    cells = cells_by_source(tables.values()).get("example-a", [])
    published = [misprinted.get(cell.published, cell.published) for cell in cells]
    printed = [["1", str(number), "", text, "", ""] for number, text in enumerate(published)]
    replace_csv(project.ledger("example-a"), LEDGER_COLUMNS, [*printed, *more])
    link(project, tables)


def checked(project: Project) -> Checked:
    """Give the check of a project, of few tables so that the package may get more."""
    return check(project, ENTRIES, TODAY, whole=True)


def reported(project: Project, language: Language = "en", **others: object) -> CheckReport:
    """Give the report of a project, with a cap that leaves findings out."""
    found = checked(project)
    told = {"exit_code": found.exit_code("error"), "language": language, "most": 4, "waivers": tuple(waivers(project))} | others
    return CheckReport(found, **told)  # type: ignore[arg-type]
