"""The command line: a thin shell over the package, whose verbs are the functions of the same names.

Only click is imported here; each command imports what it needs when it runs, so that `etl --help` answers at once.
"""

from __future__ import annotations

from typing import Any

import click

from etl.cli.ask import sql, tables, trace
from etl.cli.documents import cite, extract
from etl.cli.gate import check, run
from etl.errors import ProjectError


class _Group(click.Group):
    """A group whose commands end with the exit code of the error that stopped them."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ProjectError as error:
            click.echo(f"Error: {error}", err=True)
            ctx.exit(error.exit_code)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ip-bulletin-etl")
def main() -> None:
    """Prove that published figures can be true, and load them into one DuckDB file.

    Exit codes: 0 nothing at or above --fail-on; 1 findings at or above it; 2 could not check.
    """


for command in (run, check, sql, tables, trace, extract, cite):
    main.add_command(command)
