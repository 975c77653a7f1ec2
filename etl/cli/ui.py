"""A SQL editor in the terminal: `etl ui`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from etl.cli.language import language_option
from etl.cli.options import project_option

if TYPE_CHECKING:
    from etl.project import Project
    from schemas.texts import Language


@click.command()
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
@project_option
@language_option
def ui(options: tuple[str, ...], project: Project, lang: Language) -> None:
    """Open the warehouse, read-only, in Harlequin, a SQL editor for the terminal.

    It needs the extra `ui`. What stands behind -- goes to Harlequin: etl ui -- --theme nord.
    """
    from etl.cli.programs import harlequin_command, run_in_terminal

    del lang  # Harlequin speaks English
    run_in_terminal(harlequin_command(project.warehouse, options))
