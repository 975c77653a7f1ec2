"""Documents: `etl extract` and `etl cite`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from etl.cli import complete
from etl.cli.language import language_option
from etl.cli.options import project_option
from etl.cli.paths import PathArgument
from etl.cli.progress import speaker
from etl.cli.terminal import print_as
from etl.formats import formats_of, writer

if TYPE_CHECKING:
    from etl.project import Project
    from schemas.texts import Language

_CITED = {
    "en": ("check, printed more than once: ", "not in the document's section: "),
    "zh": ("请核对，原文不止一处：", "原文该节未载："),
}


@click.command()
@click.argument("document", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("-o", "--output", type=PathArgument(dir_okay=False), help="Ledger to write: raw/sources/ID.csv.")
@click.option("--verify", is_flag=True, help="Compare with the committed ledger instead of writing.")
@click.option(
    "--source",
    shell_complete=complete.sources,
    help="Id of the document in raw/sources.csv. Default: the one with its SHA-256, or the output's name.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(formats_of("figures")),
    help="List the numbers with their places in this form; csv and json also those that are no figures.",
)
@click.option("--project", "root", type=PathArgument(), help="Folder that holds raw/. Default: this one, if it does.")
@language_option
def extract(
    document: str, output: Path | None, verify: bool, source: str | None, form: str | None, root: Path | None, lang: Language
) -> None:
    """List every figure of a document; no sentence of it is stored.

    DOCUMENT is plain text, Markdown, HTML, DOCX, PDF with text or a workbook; - is standard input. Outside a project the figures
    are listed with their places; in one by section and rank, as its ledgers have them.
    """
    from etl.documents.extract import extract as extract_figures
    from etl.documents.ledgers import list_figures, verify_document, write_ledger_of
    from etl.documents.listing import Listing
    from etl.documents.read import read_document
    from etl.escape import shortened, visible
    from etl.figures.words import PACKAGE_NOTATION
    from etl.project import Project

    is_project = root is not None or verify or Path("raw").is_dir()
    project = Project((root or Path()).resolve(), speaker()) if is_project else None
    read = read_document(document)
    if project and verify:
        differences = verify_document(project, read, source)
        for difference in differences:
            click.echo(visible(shortened(difference.in_language(lang))))
        sys.exit(1 if differences else 0)
    if output:
        for text in write_ledger_of(project, read, output, source):
            click.echo(visible(shortened(text.in_language(lang))))
    elif project and form is None:
        for text in list_figures(project, read):
            click.echo(visible(shortened(text.in_language(lang))))
    else:
        notation = project.catalogue.notation if project else PACKAGE_NOTATION
        listed = writer(form or "text", "figures")(Listing(read, extract_figures(read, notation), lang))
        print_as(form or "text", listed)


@click.command()
@project_option
@language_option
def cite(project: Project, lang: Language) -> None:
    """Link the cells of raw/ to the figures of their documents, and name those that a person must check."""
    from etl.documents.citations import link
    from etl.documents.not_cited import not_cited
    from etl.escape import shortened, visible
    from etl.gate.check import parsed_tables

    tables = parsed_tables(project, project.catalogue.entries())
    for linked in link(project, tables):
        click.echo(f"{linked.source}：已对应 {linked.linked} 个" if lang == "zh" else f"{linked.source}: {linked.linked} linked")
        ambiguous, unmatched = _CITED[lang]
        named = [*((ambiguous, cell) for cell in linked.ambiguous), *((unmatched, cell) for cell in linked.unmatched)]
        for words, cell in named:
            click.echo(f"  {words}{visible(shortened(cell))}")
    for each in not_cited(project, tables):
        click.echo(visible(each.in_language(lang)))
