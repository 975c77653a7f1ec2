"""The versions of the warehouse: `etl history` and `etl rollback`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from etl.cli import complete
from etl.cli.language import language_option
from etl.cli.options import project_option

if TYPE_CHECKING:
    from etl.project import Project
    from schemas.texts import Language


@click.command()
@project_option
@language_option
def history(project: Project, lang: Language) -> None:
    """List the versions of the warehouse that are kept, the newest first."""
    from etl.warehouse.history import format_versions

    for line in format_versions(project.warehouse, lang):
        click.echo(line)


@click.command()
@click.argument("load", required=False, default="", shell_complete=complete.loads)
@project_option
@language_option
def rollback(load: str, project: Project, lang: Language) -> None:
    """Restore the previous version, or the version LOAD that `etl history` lists.

    The same inputs are then not loaded again before raw/ changes, or without `etl run --force`.
    """
    from etl.publishing.signals import handle_signals
    from etl.publishing.versions import roll_back
    from etl.warehouse.database import verify_file

    with handle_signals():
        version = roll_back(project.warehouse, load, verify_file)
    name = project.relative(project.warehouse)
    click.echo(f"{name} 已恢复为装载 {version.load}" if lang == "zh" else f"{name} is the load {version.load} again")
