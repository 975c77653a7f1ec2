"""Documents: `etl extract` and `etl cite`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from etl.cli.options import project_option
from etl.cli.paths import PathArgument

if TYPE_CHECKING:
    from pathlib import Path

    from etl.project import Project


@click.command()
@click.argument("document", type=PathArgument(exists=True, dir_okay=False))
@click.option("-o", "--output", type=PathArgument(dir_okay=False), help="Ledger to write: raw/sources/ID.csv.")
@click.option("--verify", is_flag=True, help="Compare with the committed ledger instead of writing.")
@click.option("--source", help="Id of the document in raw/sources.csv. Default: the one with its SHA-256, or the output's name.")
@project_option
def extract(document: Path, output: Path | None, verify: bool, source: str | None, project: Project) -> None:
    """List every figure of a document; no sentence of it is stored."""
    from etl.documents.ledgers import extract_document, verify_document

    if verify:
        differences = verify_document(project, document, source)
        for difference in differences:
            click.echo(difference)
        sys.exit(1 if differences else 0)
    for text in extract_document(project, document, output, source):
        click.echo(text)


@click.command()
@project_option
def cite(project: Project) -> None:
    """Link the cells of raw/ to the figures of their documents, and name those that a person must check."""
    from etl.documents.citations import link
    from etl.gate.check import parsed_tables

    for linked in link(project, parsed_tables(project, project.catalogue.entries())):
        click.echo(f"{linked.source}: {linked.linked} linked")
        for cell in linked.ambiguous:
            click.echo(f"  check, printed more than once: {cell}")
        for cell in linked.unmatched:
            click.echo(f"  not in the document's section: {cell}")
