"""A second, small city with made-up figures: a project as `etl init` makes it, a bulletin, and a domain of its own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from click.testing import CliRunner, Result

from etl.cli import main
from etl.project import Project

CITY = ("--area", "990100", "--name", "示例市", "--name-en", "Exampleton", "--province", "示例省=Example Province")
DISTRICTS = ("--district", "990102=东岸区=Eastbank District", "--district", "990103=西岸区")
SCHEMA = '''"""Fairs: complaints of infringement that are made and settled at trade fairs."""

from typing import Any

from schemas import rules
from schemas.claims import Claim
from schemas.vocabulary import Category, Count, Share, Table, figure, label, rule

TITLE = ("展会", "Trade fairs")


class Complaints(Table, zh="展会知识产权投诉处理情况"):
    """Complaints of infringement at trade fairs. One row per area, period, fair and source."""

    fair: Category = label("展会", "fair", codes="fairs")
    received: Count = figure("受理投诉", "complaints received", "件")
    settled: Count = figure("办结投诉", "complaints settled", "件")
    settled_share_pct: Share = figure("投诉办结率", "share of complaints settled", "%", optional=True)

    @rule(zh="办结投诉不多于受理投诉")
    def settled_are_among_received(cls: Any) -> Claim:
        """A complaint that is settled at a fair was received at it."""
        return rules.within("settled", "received")

    @rule(zh="投诉办结率等于办结投诉除以受理投诉")
    def settled_share_is_of_received(cls: Any) -> Claim:
        """The printed share is what was settled over what was received."""
        return rules.share_of("settled", "received", "settled_share_pct")
'''
TRANSFORM = '''"""Fairs: complaints left open."""

from etl.warehouse.marts import mart, measure
from schemas.rules import term

complaints = mart(measure("left_open", "未办结投诉", "complaints left open", "件", term("received") - term("settled")))
'''
FAIRS = "code,zh,en,aliases\nall,全部展会,all fairs,全部\nspring,春季展会,the spring fair,春展\n"
GIVEN = (
    "area,period,fair,received,settled,settled_share_pct,source,section,breaks\n"
    "990100,2031,all,200件,150件,75%,example-a,1,\n"
    "990100,2032,all,20件,30件,,example-a,1,settled-are-among-received\n"
    "990103,2032,spring,200件,150件,76%,example-b,1,settled-share-is-of-received\n"
)
EXPECTED = (
    "area,period,fair,received,settled,settled_share_pct,left_open,left_open_low,left_open_high,source,section\n"
    "990100,2031,all,200,150,75,50,50,50,example-a,1\n"
)
COMPLAINTS = (
    "area,period,fair,received,settled,settled_share_pct,source,section\n"
    "示例市,2033,all,200件,150件,75%,exampleton-2033,1\n"
    "示例市,2033,春展,80件,58件,72.5%,exampleton-2033,1\n"
    "西岸区,2033,all,20件,20件,,exampleton-2033,1\n"
)
CASELOAD = (
    "area,period,court,received,received_growth_pct,closed,pending_at_start,pending_at_end,source,section\n"
    "990100,2033,示例市中级法院,120件,,90件,,,exampleton-2033,2\n990100,2033,all,300件,50%,240件,,,exampleton-2033,2\n"
    "990100,2032,all,200件,,,,,exampleton-2033,2\n"
)
COURTS = "code,zh,en,aliases\nintermediate,,,示例市中级法院\n"
DOCUMENT = (
    "2033年示例市知识产权情况\n一、展会\n2033年，展会受理投诉200件，办结150件，办结率为75%；春季展会受理80件，办结58件，办结率为72.5%。"
    "西岸区受理20件，办结20件。\n二、法院\n法院收案300件，同比增长50%，结案240件；中级法院收案120件，结案90件；2032年收案200件。\n"
)
SOURCES = "exampleton-2033,2033年示例市知识产权情况,示例市,2034-01-15,,990100,2033,bulletin,,\n"


def etl(project: Project | Path, *arguments: str) -> Result:
    """Run a command on a project."""
    root = project.root if isinstance(project, Project) else project
    return CliRunner().invoke(main, [arguments[0], "--project", str(root), *arguments[1:]], catch_exceptions=False)


def made(root: Path, *more: str) -> Path:
    """Give a new project."""
    ran = CliRunner().invoke(main, ["init", str(root), *CITY, *DISTRICTS, "--lang", "en", *more])
    assert ran.exit_code == 0, ran.output
    return root


def write(root: Path, texts: Mapping[str, str]) -> None:
    """Write files of a project, by path."""
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def filled(root: Path) -> Project:
    """Give the project of the city with a domain of its own, and figures of this one and another."""
    made(root)
    sources = (root / "raw" / "sources.csv").read_text() + SOURCES
    write(root, {"schemas/fairs.py": SCHEMA, "transforms/fairs.py": TRANSFORM, "schemas/codes/fairs.csv": FAIRS})
    write(root, {"schemas/codes/courts.csv": COURTS, "catalogue.txt": "fairs.complaints  # of trade fairs\n"})
    write(root, {"raw/fairs/complaints.csv": COMPLAINTS, "raw/courts/caseload.csv": CASELOAD, "raw/sources.csv": sources})
    write(root, {"tests/examples/fairs/complaints/given.csv": GIVEN, "tests/examples/fairs/complaints/expected.csv": EXPECTED})
    (root / "report.txt").write_text(DOCUMENT, encoding="utf-8")
    for arguments in (("extract", str(root / "report.txt"), "-o", str(root / "raw/sources/exampleton-2033.csv")), ("cite",)):
        ran = etl(root, *arguments)
        assert ran.exit_code == 0, ran.output
    return Project(root)


def content(root: Path) -> str:
    """Give a hash of all files of a folder, to see that none was changed."""
    found = hashlib.sha256()
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        found.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return found.hexdigest()
