"""Asking: `etl sql`, `etl tables` and `etl trace`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from etl.cli.options import Language, catalogue_option, language_option, project_option
from etl.cli.paths import PathArgument

if TYPE_CHECKING:
    from pathlib import Path

    from etl.catalogue import Catalogue
    from etl.project import Project
    from etl.sandbox.ask import Limits


@click.command()
@click.argument("query", required=False)
@click.option("-f", "--file", "file", type=PathArgument(exists=True, dir_okay=False), help="Read the query from a file.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "csv", "json", "markdown", "parquet"]),
    default="table",
    show_default=True,
    help="Form of the result.",
)
@click.option("--limit", type=click.IntRange(min=0), default=10_000, show_default=True, help="Most rows to give; 0 for all.")
@click.option(
    "--timeout", type=click.FloatRange(min=0, min_open=True), default=60, show_default=True, help="Seconds that it may take."
)
@click.option("--memory-limit", default="2GB", show_default=True, metavar="SIZE", help="Memory that it may use, such as 500MB.")
@project_option
@language_option
def sql(
    query: str | None,
    file: Path | None,
    style: str,
    limit: int,
    timeout: float,
    memory_limit: str,
    project: Project,
    lang: Language,
) -> None:
    """Ask the warehouse, read-only: etl sql "SELECT * FROM report.bulletin".

    Without a query it asks for one after another at a terminal (with the extra `shell`), and else reads one from its input.
    Each query runs in a process of its own, which sees no other file, no network, and no more memory than it may use.
    """
    from etl.sandbox.ask import Limits, ask_as_stranger
    from etl.sizes import bytes_of

    if query is not None and file is not None:
        raise click.UsageError("Give a query, or a file with -f, not both.")
    limits = Limits(timeout, bytes_of(memory_limit), limit)
    warehouse = project.warehouse
    if query is None and file is None and sys.stdin.isatty():
        _converse(warehouse, style, limits, lang)
        return
    text = query if query is not None else (file.read_text(encoding="utf-8") if file else _piped())
    if ask_as_stranger(warehouse, text, style, limits, sys.stdout.buffer):
        click.echo(f"etl: these are the first {limit} rows; --limit 0 gives all", err=True)


def _converse(warehouse: Path, style: str, limits: Limits, lang: Language) -> None:
    from etl.shell.commands import STYLES, Settings
    from etl.shell.session import converse

    if not sys.stdout.isatty():
        raise click.UsageError("Give a query, or a file with -f: what is typed here could not be seen.")
    if style not in STYLES:
        raise click.UsageError(f"A terminal cannot show {style}. Give a query too, and a file to write to: etl sql QUERY > FILE.")
    converse(warehouse, Settings(limits, style, lang))


def _piped() -> str:
    text = sys.stdin.read()
    if not text.strip():
        raise click.UsageError('Give a query: etl sql "FROM report.gate", a file with -f, or text on the standard input.')
    return text


@click.command()
@click.argument("address", required=False)
@click.option("--domain", help="Tables of one domain only.")
@catalogue_option
@language_option
def tables(address: str | None, domain: str | None, catalogue: Catalogue, lang: Language) -> None:
    """Describe the tables, or the columns and rules of one: etl tables courts.caseload."""
    from etl.warehouse.dictionary import described_table, listed_tables

    click.echo(described_table(catalogue, address, lang) if address else listed_tables(catalogue, domain, lang))


@click.command()
@click.argument("figure")
@project_option
@language_option
def trace(figure: str, project: Project, lang: Language) -> None:
    """Follow a figure back to its file, line and document: etl trace 5981件, etl trace courts.caseload.received."""
    from etl.warehouse.trace import traced

    for text in traced(project, figure, lang):
        click.echo(text)
