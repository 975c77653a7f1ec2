"""Handing data over: `etl export`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from etl.cli.options import language_option, project_option
from etl.cli.paths import PathArgument
from etl.formats import formats_of

if TYPE_CHECKING:
    from pathlib import Path

    from etl.findings import Language
    from etl.project import Project


@click.command()
@click.argument("table", default="")
@click.option(
    "--to",
    "form",
    type=click.Choice(formats_of("tables")),
    required=True,
    help="Form of the export: files of columns, a workbook, a Frictionless package, SDMX, or a data contract.",
)
@click.option("-o", "--output", type=PathArgument(), required=True, help="Folder; or the file, where it is one.")
@project_option
@language_option
def export(table: str, form: str, output: Path, project: Project, lang: Language) -> None:
    """Export TABLE (an address), the tables of a domain, or all, with meanings, units, keys and sources.

    In CSV, a text that begins with =, +, -, @, tab or carriage return gets an apostrophe before it, unless it is a number;
    so that no spreadsheet runs it.
    """
    from etl.exports.export import export

    del lang  # what is exported holds both languages
    for path in export(project.warehouse, form, table, output, project.catalogue):
        click.echo(path)
