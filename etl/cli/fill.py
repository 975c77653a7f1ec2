"""Intake: `etl fill`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from etl.cli.options import language_option, project_option
from etl.cli.paths import PathArgument

if TYPE_CHECKING:
    from pathlib import Path

    from etl.findings import Language
    from etl.intake.fill import Filled
    from etl.project import Project


@click.command()
@click.argument("document", type=PathArgument(exists=True, dir_okay=False))
@click.option("--like", default="", help="Confirmed document to align with. Default: the last of the same area.")
@click.option("--source", default="", help="Id of the document. Default: the one with its SHA-256, or one of area and period.")
@click.option("--area", default="", help="Code or name of its area. Default: the one its title names.")
@click.option("--period", default="", help="Its period: 2026, 2024-H1. Default: the year its title names.")
@click.option(
    "-o", "--output", type=PathArgument(dir_okay=False), help="CSV file of proposals to write. Default: standard output."
)
@click.option(
    "--apply", "decided", type=PathArgument(exists=True, dir_okay=False), help="Enter the document as this CSV file says."
)
@click.option("--by", default="", help="With --apply: who confirms what the file decides and nobody has confirmed.")
@project_option
@language_option
def fill(
    document: Path,
    like: str,
    source: str,
    area: str,
    period: str,
    output: Path | None,
    decided: Path | None,
    by: str,
    project: Project,
    lang: Language,
) -> None:
    """Propose for each figure of a document the cell it belongs to: sure, to be chosen, or of no table.

    Nothing is written but the proposals. A person decides in that file: the class of a row is sure (table, row_key and
    column take the figure), none (it is left out, for the reason given) or ask (not decided yet). With --apply the file is
    carried out, all of it or nothing, and the project is checked: rows, ledger, links, and the phrases by which next year's
    document is recognised. A link counts when somebody has confirmed it, in the column by or with --by.
    """
    from etl.intake.fill import fill as propose_cells

    if decided and output:
        raise click.UsageError("Give --output or --apply, not both.")
    if by and not decided:
        raise click.UsageError("--by confirms what --apply enters; give that, too.")
    filled = propose_cells(project, document, like, source, area, period)
    if decided:
        sys.exit(_apply(project, filled, decided, by, lang))
    _write(filled, output, lang)


def _write(filled: Filled, output: Path | None, language: Language) -> None:
    from etl.files import csv_text
    from etl.intake.proposals import PROPOSAL_COLUMNS, proposal_rows, summary, write_proposals

    if output:
        write_proposals(filled.proposals, output, language)
    else:
        click.echo(csv_text([PROPOSAL_COLUMNS, *proposal_rows(filled.proposals, language)]), nl=False)
    scope = filled.filing.scope
    click.echo(f"etl: {filled.filing.source}, {scope.area}, {scope.period}; {summary(filled.proposals, language)}", err=True)


def _apply(project: Project, filled: Filled, decided: Path, by: str, language: Language) -> int:
    """Enter a document, check the project, and return the exit code of the check."""
    from etl.api import Project as ApiProject
    from etl.intake.fill import apply
    from etl.project import Project as Folder

    entered = apply(project, filled, decided, by)
    for file in entered.files:
        click.echo(f"raw/{file}")
    number = (entered.linked, entered.left_out, entered.undecided)
    if language == "zh":
        click.echo("etl: 已录入 {} 个数字，{} 个不录入，{} 个待定".format(*number), err=True)
    else:
        click.echo("etl: {} figures entered, {} left out, {} not decided".format(*number), err=True)
    result = ApiProject.of(Folder(project.root, project.say)).check()
    click.echo(result.to_text(language=language), nl=False)
    return result.exit_code
