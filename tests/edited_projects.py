"""Small projects of one table of figures and two registers, and what is done to their raw files."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from conftest import write_project

from etl.catalogue import PACKAGE
from etl.documents.citations import link
from etl.gate.check import parsed_tables
from etl.project import Project
from etl.publishing.versions import in_force
from etl.run import Ran, run

CASES = "case_number,area,court,cause,received_on,closed_on,outcome,amount_yuan,technical_investigator\n"
CASE = "（2031）浙02民初{0}号,330200,{1},patent,2031-{2:02d}-05,{3},{4},100.50,{5}\n"
PLEDGES = "pledge_number,area,right,pledgor_name,pledgee_name,registered_on,released_on,amount_yuan\n"
PLEDGE = "Y2031330200{0:06d},330200,patent,甲{0},某银行,2031-{1:02d}-06,,1000.50\n"
CASELOAD = "area,period,court,source,section,received,closed\n330200,2031,all,example-a,1,{0},0件\n"
LEDGER = "section,ordinal,offset,published,unit,hedge\n1,1,,{0},件,\n1,2,,0件,件,\n"
WAIVERS = "rule,table,row_key,column,reason,author,accepted_on,expires_on\n"


def case(number: int, *, court: str = "ip_tribunal", month: int = 1, closed: str = "", investigated: str = "否") -> str:
    return CASE.format(number, court, month, closed, "judgment" if closed else "", investigated)


GOOD = [case(number, month=number % 12 + 1) for number in range(1, 25)]
BROKEN = case(90, month=3, closed="2031-03-01")  # closed before it was received
TWICE = GOOD[0]
FILES = {
    "one": CASES + "".join(GOOD[:12]),
    "two": CASES + "".join(GOOD[12:]),
    "broken": CASES + BROKEN + case(91, court="nowhere"),
    "twice": CASES + TWICE + case(92, month=5, closed="2031-06-05"),
    "misfit": CASES + case(93) + "one,two\n",
    "columns": CASES.replace("court,", "") + case(94),
    "empty": CASES,
    "not text": "\udcff\udcfe",
}
CLOSED_TOO_SOON = "closed-is-not-before-received,courts.cases,（2031）浙02民初90号,,so it is,tests,2031-01-01,"
ACCEPTED = {
    "nothing": "",
    "the broken case": f"{CLOSED_TOO_SOON}\n",
    "the same for a while": f"{CLOSED_TOO_SOON}2999-01-01\n",
    "no longer": f"{CLOSED_TOO_SOON}2031-02-01\n",
    "a count": "received-is-as-published,courts.cases,330200:2031:all:example-a,,so it is,tests,2031-01-01,\n",
}


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode(errors="surrogateescape"))


def publish_figure(project: Project, received: str) -> None:
    """Have a document print how many cases were received, and the table take it."""
    write(project.raw("courts.caseload"), CASELOAD.format(received))
    write(project.ledger("example-a"), LEDGER.format(received))
    link(project, parsed_tables(project, PACKAGE.entries()))


def made(root: Path) -> Project:
    """A project with one table of figures and two registers."""
    project = write_project(root, {}, ["example-a"])
    publish_figure(project, "24件")
    for name in ("one", "two"):
        write(root / "raw" / "courts" / "cases" / f"{name}.csv", FILES[name])
    write(root / "raw" / "finance" / "pledges_register.csv", PLEDGES + "".join(PLEDGE.format(n, n) for n in range(1, 13)))
    project.waivers_file.write_text(WAIVERS)
    return project


def copied(template: Project, root: Path) -> Project:
    """Give a copy of a project with its warehouse, in a folder that may be there."""
    shutil.copytree(template.root, root, symlinks=True, dirs_exist_ok=True)
    return Project(root)


def do(project: Project, **options: Any) -> Ran:
    return run(Project(project.root), None, lambda text: None, **options)


def force_in(project: Project) -> str:
    version = in_force(project.warehouse)
    assert version is not None
    return version.load
