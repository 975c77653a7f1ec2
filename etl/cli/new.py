"""New tables: `etl new`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from etl.cli import complete
from etl.cli.language import UsageError, language_option
from etl.cli.options import project_option
from etl.cli.paths import PathArgument

if TYPE_CHECKING:
    from pathlib import Path

    from etl.project import Project
    from schemas.texts import Language


@click.command()
@click.argument("address", metavar="DOMAIN.TABLE")
@click.option("--from", "file", required=True, type=PathArgument(exists=True, dir_okay=False), help="CSV file or workbook.")
@click.option("--sheet", default="", help="Sheet of the workbook. Default: the only one.")
@click.option(
    "--area", default="", shell_complete=complete.areas, help="Area of all rows, by code or name. Default: as the file tells it."
)
@click.option("--period", default="", help="Period of all rows, such as 2025. Default: as the file tells it.")
@click.option("--title", default="", help="Title of the table in Chinese. Default: that of the file.")
@click.option("--domain-title", default="", help="Title of a new domain in Chinese. Default: that of the table.")
@click.option("--source", default="", metavar="ID", help="Id of the document in raw/sources.csv. Default: the name of the file.")
@click.option("--name", "names", multiple=True, metavar="TITLE=NAME", help="English name of a column, category or code.")
@click.option("--unit", "units", multiple=True, metavar="TITLE=UNIT", help="Unit of a column, such as 案值=万元.")
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@project_option
@language_option
def new(
    address: str,
    file: Path,
    sheet: str,
    area: str,
    period: str,
    title: str,
    domain_title: str,
    source: str,
    names: tuple[str, ...],
    units: tuple[str, ...],
    dry_run: bool,
    project: Project,
    lang: Language,
) -> None:
    """Propose a table of a file that an office hands in: columns, rules that hold on it, and all its files, to be edited.

    The files of DOMAIN.TABLE go into a checkout of this package, or into a project of one's own. Nothing is overwritten.
    """
    from etl.scaffold.propose import propose
    from etl.scaffold.summary import summary
    from etl.scaffold.titles import Stated, values_by_title
    from etl.scaffold.write_table import files, write
    from schemas.texts import TextError

    lists = project.catalogue.lists
    try:
        beside = Stated(area, period, title, values_by_title(names, "NAME", lists), values_by_title(units, "UNIT", lists))
    except TextError as error:
        raise UsageError(error.text.en, error.text.zh) from None
    proposal = propose(project, address, file, beside, source=source, sheet=sheet, domain_title=domain_title)
    found = files(proposal)
    if not dry_run:
        write(found)
    click.echo(summary(proposal, found, lang, is_written=not dry_run))
