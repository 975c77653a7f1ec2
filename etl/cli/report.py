"""Showing the warehouse to people: `etl report`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import click

from etl.cli import complete
from etl.cli.language import language_option
from etl.cli.options import project_option
from etl.cli.paths import PathArgument

if TYPE_CHECKING:
    from pathlib import Path

    from etl.project import Project
    from schemas.texts import Language


@click.command()
@click.option("-o", "--output", type=PathArgument(dir_okay=False), help="File to write. Default: warehouse/report.html.")
@click.option(
    "--area",
    default="",
    shell_complete=complete.areas,
    help="Code or name of the area to report on. Default: the one with the most figures.",
)
@click.option("--rule-tests", is_flag=True, help="Add how well the rules hold, as etl coverage and etl mutate measure it.")
@project_option
@language_option
def report(output: Path | None, area: str, rule_tests: bool, project: Project, lang: Language) -> None:
    """Show the warehouse as one HTML file, which opens from disk and needs no network: figures, charts, quality, sources.

    The page holds both languages; --lang tells in which it opens.
    """
    from etl.report_html.report import report as render
    from etl.report_html.rule_tests import measure_rules
    from etl.reporters.targets import write_text

    target = output or project.warehouse.with_name("report.html")
    seen_from_there = os.path.relpath(project.root, target.absolute().parent).replace(os.sep, "/") + "/"
    tests = measure_rules(project) if rule_tests else None
    write_text(target, render(project.warehouse, lang, area, seen_from_there, tests, project.catalogue.lists))
    click.echo(target if output else os.path.relpath(target))
