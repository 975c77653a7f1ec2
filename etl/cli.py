"""The command line: a thin shell over the package, whose verbs are the functions of the same names.

Only click is imported here; each command imports what it needs, so that `etl --help` answers at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click

from etl.errors import ProjectError

if TYPE_CHECKING:
    from etl.check import Checked

Command = TypeVar("Command", bound=Callable[..., Any])
FailOn = Literal["error", "warning", "information", "never"]


class _Group(click.Group):
    """A group whose commands end with the exit code of the error that stopped them."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ProjectError as error:
            click.echo(f"Error: {error}", err=True)
            ctx.exit(error.exit_code)


def _language() -> str:
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "zh" if locale.startswith("zh") else "en"


def project_option(command: Command) -> Command:
    """Add `--project DIR`."""
    option = click.option(
        "--project", "root", type=click.Path(path_type=Path), default=".", help="Folder that holds raw/. Default: this one."
    )
    return option(command)


def language_option(command: Command) -> Command:
    """Add `--lang zh|en`."""
    option = click.option(
        "--lang", type=click.Choice(["zh", "en"]), default=_language, help="Language of messages. Default: the locale's."
    )
    return option(command)


def gate_options(command: Command) -> Command:
    """Add `--fail-on SEVERITY` and `--max-rows N`."""
    for option in (
        click.option(
            "--max-rows", default=20, show_default=True, help="How many findings of a rule to show; all are counted."
        ),
        click.option(
            "--fail-on",
            type=click.Choice(["error", "warning", "information", "never"]),
            default="error",
            show_default=True,
            help="Mildest severity that shuts the gate.",
        ),
    ):
        command = option(command)
    return command


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ip-bulletin-etl")
def main() -> None:
    """Prove that published figures can be true, and load them into one DuckDB file.

    Exit codes: 0 nothing at or above --fail-on; 1 findings at or above it; 2 could not check.
    """


@main.command()
@project_option
@gate_options
@language_option
def run(root: Path, fail_on: FailOn, max_rows: int, lang: Literal["zh", "en"]) -> None:
    """Check raw/ and publish warehouse/ip.duckdb.

    With a finding at or above --fail-on the old warehouse stays as it is.
    """
    from etl.project import Project
    from etl.run import run as run_project

    project = Project(root.resolve())
    ran = run_project(project, None if fail_on == "never" else fail_on, lambda text: click.echo(f"etl: {text}", err=True))
    _report(ran.checked, ran.exit_code, lang, max_rows)
    if ran.published:
        click.echo(project.relative(project.warehouse))
    sys.exit(ran.exit_code)


@main.command()
@project_option
@click.option("--domain", help="Show the findings of one domain only; other tables are read where its rules ask for them.")
@gate_options
@language_option
def check(root: Path, domain: str | None, fail_on: FailOn, max_rows: int, lang: Literal["zh", "en"]) -> None:
    """Check raw/ and write nothing."""
    from datetime import UTC, datetime

    from etl.catalogue import domains, entries
    from etl.check import check as check_tables
    from etl.errors import UnknownNameError
    from etl.project import Project

    if domain is not None and domain not in domains():
        raise UnknownNameError("domain", domain, domains())
    checked = check_tables(Project(root.resolve()), entries(), datetime.now(UTC).date(), whole=True)
    if domain is not None:
        checked = checked.of_domain(domain)
    exit_code = checked.exit_code(None if fail_on == "never" else fail_on)
    _report(checked, exit_code, lang, max_rows)
    sys.exit(exit_code)


def _report(checked: Checked, exit_code: int, lang: Literal["zh", "en"], max_rows: int) -> None:
    from etl.summary import domain_table, finding_lines, verdict

    for text in finding_lines(checked, lang, max_rows):
        click.echo(text)
    click.echo(domain_table(checked, lang))
    click.echo(verdict(checked, exit_code, lang))


@main.command()
@click.argument("query", required=False)
@click.option("-f", "--file", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Read the query from a file.")
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
    from etl.results import write_result
    from etl.warehouse import query as ask

    if (query is None) == (file is None):
        raise click.UsageError("Give a query, or a file with -f.")
    text = query if file is None else file.read_text(encoding="utf-8")
    write_result(ask(Project(root.resolve()).warehouse, text or ""), style, sys.stdout.buffer)


@main.command()
@click.argument("address", required=False)
@click.option("--domain", help="Tables of one domain only.")
@language_option
def tables(address: str | None, domain: str | None, lang: Literal["zh", "en"]) -> None:
    """Describe the tables, or the columns and rules of one: etl tables courts.caseload."""
    from etl.dictionary import described_table, listed_tables

    click.echo(described_table(address, lang) if address else listed_tables(domain, lang))


@main.command()
@click.argument("figure")
@project_option
@language_option
def trace(figure: str, root: Path, lang: Literal["zh", "en"]) -> None:
    """Follow a figure back to its file, line and document: etl trace 5981件, etl trace courts.caseload.received."""
    from etl.project import Project
    from etl.trace import traced

    for text in traced(Project(root.resolve()), figure, lang):
        click.echo(text)


@main.command()
@click.argument("document", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Ledger to write: raw/sources/ID.csv.")
@click.option("--verify", is_flag=True, help="Compare with the committed ledger instead of writing.")
@click.option("--source", help="Id of the document in raw/sources.csv. Default: the one with its SHA-256, or the output's name.")
@project_option
def extract(document: Path, output: Path | None, verify: bool, source: str | None, root: Path) -> None:
    """List every figure of a document; no sentence of it is stored."""
    from etl.documents import extract_document, verify_document
    from etl.project import Project

    project = Project(root.resolve())
    if verify:
        differences = verify_document(project, document, source)
        for difference in differences:
            click.echo(difference)
        sys.exit(1 if differences else 0)
    for text in extract_document(project, document, output, source):
        click.echo(text)


@main.command()
@project_option
def cite(root: Path) -> None:
    """Link the cells of raw/ to the figures of their documents, and name those that a person must check."""
    from etl.catalogue import entries
    from etl.check import parsed_tables
    from etl.citations import link
    from etl.project import Project

    project = Project(root.resolve())
    for linked in link(project, parsed_tables(project, entries())):
        click.echo(f"{linked.source}: {linked.linked} linked")
        for cell in linked.ambiguous:
            click.echo(f"  check, printed more than once: {cell}")
        for cell in linked.unmatched:
            click.echo(f"  not in the document's section: {cell}")
