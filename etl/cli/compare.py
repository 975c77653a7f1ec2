"""Comparing: `etl diff`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from etl.cli import complete
from etl.cli.language import language_option
from etl.cli.options import folder_option
from etl.cli.paths import PathArgument
from etl.cli.terminal import print_as
from etl.formats import formats_of, writer

if TYPE_CHECKING:
    from pathlib import Path

    from etl.catalogue import Catalogue
    from schemas.texts import Language


@click.command()
@click.argument("old", type=PathArgument())
@click.argument("new", required=False, type=PathArgument())
@click.option(
    "--format",
    "style",
    type=click.Choice(formats_of("differences")),
    default="text",
    show_default=True,
    help="Form of the result; csv has the figures only.",
)
@click.option("--domain", shell_complete=complete.domains, help="Compare one domain only.")
@click.option("--max-rows", default=20, show_default=True, help="How many differences of a kind text and markdown show.")
@folder_option
@language_option
def diff(
    old: Path, new: Path | None, style: str, domain: str | None, max_rows: int, root: Path, catalogue: Catalogue, lang: Language
) -> None:
    """Compare two warehouse files, OLD with NEW (default: the project's own).

    A figure whose print differs is changed only where no one number can be both, as the intervals of the two tell.
    Exit codes: 0 no figure is gone or changed beyond its interval; 1 some are; 2 could not compare.
    """
    from etl.project import Project
    from etl.warehouse.diff import compare

    comparison = compare(old, new or Project(root.resolve()).warehouse, domain, catalogue)
    print_as(style, writer(style, "differences")(comparison, lang, max_rows))
    sys.exit(comparison.exit_code)
