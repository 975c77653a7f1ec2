"""The gate: `etl run` and `etl check`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from etl.cli.options import FailOn, Language, gate_options, language_option, project_option

if TYPE_CHECKING:
    from etl.check import Checked


@click.command()
@project_option
@gate_options
@language_option
def run(root: Path, fail_on: FailOn, max_rows: int, lang: Language) -> None:
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


@click.command()
@project_option
@click.option("--domain", help="Show the findings of one domain only; other tables are read where its rules ask for them.")
@gate_options
@language_option
def check(root: Path, domain: str | None, fail_on: FailOn, max_rows: int, lang: Language) -> None:
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


def _report(checked: Checked, exit_code: int, lang: Language, max_rows: int) -> None:
    from etl.summary import domain_table, finding_lines, verdict

    for text in finding_lines(checked, lang, max_rows):
        click.echo(text)
    click.echo(domain_table(checked, lang))
    click.echo(verdict(checked, exit_code, lang))
