"""A project to try: `etl demo`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from etl.cli.language import language_option
from etl.cli.paths import PathArgument

if TYPE_CHECKING:
    from pathlib import Path

    from schemas.texts import Language


@click.command()
@click.argument("folder", type=PathArgument(), metavar="DIR")
@language_option
def demo(folder: Path, lang: Language) -> None:
    """Lay out a finished project to try: etl demo build/demo.

    DIR gets the raw tables of Ningbo's bulletins, and bulletin.txt, a short made-up bulletin that contradicts itself. It must not
    be there yet, or be empty but for .git.
    """
    from etl.escape import visible
    from etl.init.demo import BULLETIN, compose_demo
    from etl.init.write import write_project

    made = compose_demo()
    write_project(folder, made)
    named = visible(str(folder))
    if lang == "zh":
        click.echo(f"{named}：{len(made)} 个文件")
        click.echo(f"下一步：cd {named}，etl proofread {BULLETIN}，etl run，etl sql 'FROM report.cases'")
    else:
        click.echo(f"{named}: {len(made)} files")
        click.echo(f"next: cd {named}, etl proofread {BULLETIN}, etl run, etl sql 'FROM report.cases'")
