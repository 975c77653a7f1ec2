"""Asking: `etl sql`, `etl tables` and `etl trace`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from etl.cli.options import Language, language_option, project_option


@click.command()
@click.argument("query", required=False)
@click.option(
    "-f", "--file", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Read the query from a file."
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "csv", "json", "markdown", "parquet"]),
    default="table",
    show_default=True,
    help="Form of the result.",
)
@project_option
def sql(query: str | None, file: Path | None, style: str, root: Path) -> None:
    """Ask the warehouse, read-only: etl sql "SELECT * FROM report.bulletin"."""
    from etl.project import Project
    from etl.warehouse.publish import query as ask
    from etl.warehouse.results import write_result

    if (query is None) == (file is None):
        raise click.UsageError("Give a query, or a file with -f.")
    text = query if file is None else file.read_text(encoding="utf-8")
    write_result(ask(Project(root.resolve()).warehouse, text or ""), style, sys.stdout.buffer)


@click.command()
@click.argument("address", required=False)
@click.option("--domain", help="Tables of one domain only.")
@language_option
def tables(address: str | None, domain: str | None, lang: Language) -> None:
    """Describe the tables, or the columns and rules of one: etl tables courts.caseload."""
    from etl.warehouse.dictionary import described_table, listed_tables

    click.echo(described_table(address, lang) if address else listed_tables(domain, lang))


@click.command()
@click.argument("figure")
@project_option
@language_option
def trace(figure: str, root: Path, lang: Language) -> None:
    """Follow a figure back to its file, line and document: etl trace 5981件, etl trace courts.caseload.received."""
    from etl.project import Project
    from etl.warehouse.trace import traced

    for text in traced(Project(root.resolve()), figure, lang):
        click.echo(text)
