"""Forms for departments, and what they hand in: `etl form` and `etl take`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from etl.cli import complete
from etl.cli.language import UsageError, language_option
from etl.cli.options import project_option
from etl.cli.paths import PathArgument

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from etl.project import Project
    from schemas.texts import Language


@click.command()
@click.option("--period", required=True, help="Period of the figures: 2026, 2026-H1, 2026-Q3, 2026-02.")
@click.option(
    "--area", default="", shell_complete=complete.areas, help="Code or name of the area. Default: that of the last bulletin."
)
@click.option(
    "--domain", "domains", multiple=True, shell_complete=complete.domains, help="Only this domain; may be repeated. Default: all."
)
@click.option("--every-row", is_flag=True, help="Also rows that no document has printed yet: all that the code lists allow.")
@click.option("--split", is_flag=True, help="A file for each domain, in the folder that --output names.")
@click.option("-o", "--output", required=True, type=PathArgument(), help="Workbook to write; with --split the folder.")
@project_option
@language_option
def form(
    period: str,
    area: str,
    domains: tuple[str, ...],
    every_row: bool,
    split: bool,
    output: Path,
    project: Project,
    lang: Language,
) -> None:
    """Write a workbook that departments fill in: etl form --period 2026 -o form.xlsx.

    A sheet a domain, a line a figure: unit, meaning, what was printed last beside the empty cell, and what must agree. Nothing is
    overwritten. `etl take` reads it back. It needs the extra `export`.
    """
    from etl.errors import ProjectError
    from etl.files import replace_bytes, writing
    from etl.returns.indicators import area_of, indicators
    from etl.returns.write_form import write_form

    code = area_of(project, area)
    asked = indicators(project, code, period, domains, every=every_row)
    named = list(dict.fromkeys(each.entry.domain for each in asked))
    books = {output / f"{domain}.xlsx": [domain] for domain in named} if split else {output: named}
    for path in books:
        if path.exists():
            raise ProjectError(
                f"{path} is there already, and may be filled in. Name another with --output.",
                f"{path} 已存在，可能已经填写。请用 --output 另指文件。",
            )
    for path, of_book in books.items():
        with writing(path):
            replace_bytes(path, write_form(asked, code, period, lang, project.catalogue, of_book))
        number = sum(each.entry.domain in of_book for each in asked)
        click.echo(
            f"{path}：{number} 个指标，{len(of_book)} 个工作表" if lang == "zh" else f"{path}: {number} figures to fill in"
        )


@click.command()
@click.argument("file", type=PathArgument(exists=True, dir_okay=False))
@click.option(
    "--table",
    default="",
    metavar="DOMAIN.TABLE",
    shell_complete=complete.tables,
    help="Take an office's own sheet (CSV or workbook) for this table.",
)
@click.option("--sheet", default="", help="Sheet of the workbook, with --table. Default: the only one.")
@click.option("--all", "labels", multiple=True, metavar="NAME=CODE", help="Area, period, category or column of all its figures.")
@click.option("--as", "meanings", multiple=True, metavar="TEXT=NAME", help="What a text of the sheet means; - leaves it out.")
@click.option("--unit", "units", multiple=True, metavar="COLUMN=UNIT", help="Unit of a column, such as amount_yuan=万元.")
@click.option("--published", is_flag=True, help="The sheet is published: its figures are not provisional.")
@click.option("--period", default="", help="Period that a form must be of. Default: any after the last bulletin.")
@click.option("--source", default="", metavar="ID", help="Id of the document in raw/sources.csv. Default: return-PERIOD-NUMBER.")
@click.option(
    "--received", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="Day on which it was received. Default: today."
)
@click.option("--revise", is_flag=True, help="Let it correct figures that were printed before; their rows are marked as revised.")
@click.option("--despite-findings", is_flag=True, help="Take it though its figures break rules; the gate then is shut.")
@click.option("--dry-run", is_flag=True, help="Say what would be taken, and write nothing.")
@project_option
@language_option
def take(
    file: Path,
    table: str,
    sheet: str,
    labels: tuple[str, ...],
    meanings: tuple[str, ...],
    units: tuple[str, ...],
    published: bool,
    period: str,
    source: str,
    received: datetime | None,
    revise: bool,
    despite_findings: bool,
    dry_run: bool,
    project: Project,
    lang: Language,
) -> None:
    """Take a filled-in form into raw/: all of it, or nothing.

    Its rows are added, the file is registered in raw/sources.csv as a document of the kind `return`, and each figure is linked to
    its sheet and row. What does not fit is refused by sheet and cell. Exit codes: 0 taken; 1 refused; 2 no such form.

    With --table it takes an office's own sheet for a table that is there: years down or across, headers of several rows, units in
    headers. What the sheet does not say for certain is asked; --all, --as and --unit answer.
    """
    from datetime import date

    from etl.returns.deliver import ReturnRefusedError, TakeOptions
    from etl.returns.summary import explain_refusal, summarize
    from etl.returns.take import take_form
    from etl.returns.take_sheet import SheetOptions, take_sheet

    day = received.date() if received else date.today()
    options = TakeOptions(source, day, period, revise, despite_findings, dry_run)
    stated = SheetOptions(table, sheet, pairs(labels), pairs(meanings), pairs(units), published)
    if not table and (sheet or labels or meanings or units or published):
        raise UsageError(
            "--sheet, --all, --as, --unit and --published are for an office's own sheet: state its --table.",
            "--sheet、--all、--as、--unit 和 --published 用于部门自己的工作表：请用 --table 指明表。",
        )
    try:
        taken = take_sheet(project, file, stated, options) if table else take_form(project, file, options)
    except ReturnRefusedError as refused:
        for text in explain_refusal(refused, lang):
            click.echo(text)
        click.echo(f"{file.name} 未予接收，没有写入任何内容" if lang == "zh" else str(refused))
        sys.exit(refused.exit_code)
    for text in summarize(taken, lang, is_written=not dry_run):
        click.echo(text)


def pairs(texts: tuple[str, ...]) -> dict[str, str]:
    """Parse texts of the form NAME=VALUE.

    Raises:
        UsageError: one is not.
    """
    found = {}
    for text in texts:
        name, mark, value = text.rpartition("=")
        if not (mark and name and value):
            raise UsageError(f"{text!r} is not NAME=VALUE.", f"{text!r} 不是“名称=值”的形式。")
        found[name] = value
    return found
