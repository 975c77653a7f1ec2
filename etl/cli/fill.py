"""Intake: `etl fill`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from etl.cli.options import language_option, project_option
from etl.cli.paths import PathArgument

if TYPE_CHECKING:
    from pathlib import Path

    from etl.findings import Language
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
@project_option
@language_option
def fill(
    document: Path, like: str, source: str, area: str, period: str, output: Path | None, project: Project, lang: Language
) -> None:
    """Propose for each figure of a document the cell it belongs to: sure, to be chosen, or of no table."""
    from etl.files import csv_text
    from etl.intake.fill import proposals_for
    from etl.intake.proposals import PROPOSAL_COLUMNS, proposal_rows, summary, write_proposals

    filed, found = proposals_for(project, document, like, source, area, period)
    if output:
        write_proposals(found, output, lang)
    else:
        click.echo(csv_text([PROPOSAL_COLUMNS, *proposal_rows(found, lang)]), nl=False)
    place = f"{filed.source}, {filed.scope.area}, {filed.scope.period}"
    click.echo(f"etl: {place}; {summary(found, lang)}", err=True)
