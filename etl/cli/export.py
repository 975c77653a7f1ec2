"""Handing data over: `etl export`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from etl.cli import complete
from etl.cli.language import UsageError, language_option
from etl.cli.options import project_option
from etl.cli.paths import PathArgument
from etl.formats import formats_of

if TYPE_CHECKING:
    from pathlib import Path

    from etl.exports.yearbook import Languages
    from etl.project import Project
    from schemas.texts import Language

YEARBOOK = "xlsx"


@click.command()
@click.argument("table", default="", shell_complete=complete.tables_and_domains)
@click.option(
    "--to",
    "form",
    type=click.Choice(formats_of("tables")),
    required=True,
    help="Form of the export: files of columns, a yearbook, a Frictionless package, SDMX, or a data contract.",
)
@click.option("-o", "--output", type=PathArgument(), required=True, help="Folder; or the file, where it is one.")
@click.option("--printed", is_flag=True, help="In a workbook: figures as their documents print them, not as numbers.")
@click.option("--bounds", is_flag=True, help="In a workbook: the bounds of computed measures too.")
@click.option("--languages", type=click.Choice(["zh", "en", "both"]), help="In a workbook: its languages. Default: both.")
@project_option
@language_option
def export(
    table: str,
    form: str,
    output: Path,
    printed: bool,
    bounds: bool,
    languages: Languages | None,
    project: Project,
    lang: Language,
) -> None:
    """Export TABLE (an address), the tables of a domain, or all, with meanings, units, keys and sources.

    In CSV, a text that begins with =, +, -, @, tab or carriage return gets an apostrophe before it, unless it is a number;
    so that no spreadsheet runs it.
    """
    from etl.exports.export import export

    del lang  # what is exported holds both languages
    options = {}
    if form == YEARBOOK:
        from etl.exports.yearbook import YearbookOptions

        options["options"] = YearbookOptions(printed, languages or "both", bounds)
    elif printed or bounds or languages:
        raise UsageError(
            f"--printed, --bounds and --languages are of --to {YEARBOOK}, not of --to {form}.",
            f"--printed、--bounds 和 --languages 只用于 --to {YEARBOOK}，不用于 --to {form}。",
        )
    for path in export(project.warehouse, form, table, output, project.catalogue, options):
        click.echo(path)
