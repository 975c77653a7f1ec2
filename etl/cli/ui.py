"""A SQL editor in the terminal: `etl ui`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from etl.cli.options import project_option

if TYPE_CHECKING:
    from etl.project import Project


@click.command()
@click.argument("options", nargs=-1, type=click.UNPROCESSED)
@project_option
def ui(options: tuple[str, ...], project: Project) -> None:
    """Open the warehouse, read-only, in Harlequin, a SQL editor for the terminal. It needs the extra `ui`.

    What stands behind -- goes to Harlequin: etl ui -- --theme nord.
    """
    import os
    import sys

    from etl.errors import ProjectError
    from etl.shell.editor import editor

    command = editor(project.warehouse, options)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise ProjectError("A SQL editor needs a terminal. `etl sql` takes a query without one.")
    os.execvp(command[0], command)
