"""A small made-up project with ledgers and links, whose figures the tests of the warehouse and its views know."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from conftest import SOURCE_COLUMNS, write_project

from etl.catalogue import PACKAGE
from etl.documents.citations import LEDGER_COLUMNS, cells_by_source, link
from etl.gate.check import parsed_tables
from etl.project import Project
from etl.run import Ran, run

SOURCES = {
    "early": {"title": "Early report", "publisher": "Office", "published_on": "2032-04-26", "period": "2031"},
    "late": {"title": "Late report", "publisher": "Office", "published_on": "2032-04-27", "period": "2031"},
    "undated": {"title": "Bulletin", "publisher": "Office", "period": "2032"},
}

TABLES = {
    "courts.caseload": (
        "area,period,court,source,section,received,received_growth_pct,closed\n"
        "330200,2031,all,early,1,800件,,810件\n"
        "330200,2032,all,undated,A1,1000件,+25%,990件\n"
        '330200,2032,ip_tribunal,undated,"A\n1",many,,\n'
        "330200,2033,all\n"
    ),
    "administration.adjudications": (
        "area,period,channel,received,closed,mean_days,source,section\n330200,2032,offline,196件,207件,42天,undated,A2\n"
    ),
    "police.operations": (
        "area,period,cases,solved,suspects,value_yuan,source,section\n330200,2032,40件,30件,66名,1.1亿余元,undated,A2\n"
    ),
    "overseas.disputes": (
        "area,period,screened,guided_share_pct,recovered_yuan,source,section\n330200,2032,106起,100%,,undated,A2\n"
    ),
    "copyright.registrations": (
        "area,period,works,works_growth_pct,share_of_province_pct,source,section\n"
        "330200,2031,1.20万件,,,early,1\n"
        "330200,2031,1.2万件,,,late,1\n"
        "330200,2032,1.5万件,+30%,,undated,A3\n"
    ),
    "finance.pledges": (
        "area,period,right,amount_yuan,enterprises,loan_balance_yuan,source,section\n"
        "330200,2032,all,80亿元,400余家,,undated,B1\n"
        "330200,2032,copyright,近7000万元,,,undated,B1\n"
    ),
    "operations.fund": (
        "area,period,projects,attracted_yuan,leverage,source,section\n330200,2032,40个,6亿元,12倍,undated,B1\n"
    ),
    "trade_secrets.standard_adopters": (
        "area,period,enterprises,new_enterprises,source,section\n330200,2032,1400家,400家,undated,C1\n"
    ),
    "plant_varieties.cultivation": (
        "area,period,hybrid_rice_mu,improved_variety_coverage_pct,source,section\n330200,2032,约750万亩,98%以上,undated,A3\n"
    ),
}  # fmt: skip


UNTAKEN = ("late", ["2", 1, "", "7件", "件", ""])
"""A figure that a document prints and no table takes; the finding is waived."""

WAIVERS = (
    "rule,table,row_key,column,reason,author,accepted_on,expires_on\n"
    "figures-are-all-taken,,,,the last figure is not of this area,tests,2032-05-01,\n"
)


def made_up_project(root: Path) -> Project:
    """Give the project, every readable figure of which is in a ledger and linked to it."""
    project = write_project(root, TABLES)
    with (root / "raw" / "sources.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, SOURCE_COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows({"source": source, "area": "330200", **about} for source, about in SOURCES.items())
    project = Project(root)
    tables = parsed_tables(project, PACKAGE.entries())
    for source, cells in cells_by_source(tables.values()).items():
        ordinals: Counter[str] = Counter()
        path = project.ledger(source)
        path.parent.mkdir(exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(LEDGER_COLUMNS)
            for cell in sorted(cells, key=lambda cell: cell.section):
                ordinals[cell.section] += 1
                writer.writerow([cell.section, ordinals[cell.section], "", cell.published, "", ""])
            if source == UNTAKEN[0]:
                writer.writerow(UNTAKEN[1])
    link(project, tables)
    project.waivers_file.write_text(WAIVERS, encoding="utf-8")
    return project


def ran(root: Path) -> tuple[Project, Ran]:
    """Give the project after a run that nothing stops."""
    project = made_up_project(root)
    return project, run(project, None, lambda text: None)
