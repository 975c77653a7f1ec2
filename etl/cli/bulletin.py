"""Writing the bulletin back: `etl bulletin`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Literal

import click

from etl.cli import complete
from etl.cli.language import UsageError, language_option
from etl.cli.options import project_option
from etl.cli.paths import PathArgument
from etl.formats import formats_of, writer

if TYPE_CHECKING:
    from pathlib import Path

    from etl.project import Project
    from schemas.texts import Language


@click.command()
@click.option("--year", type=click.IntRange(1000, 9999), help="Year to write of. Default: that of the last bulletin.")
@click.option("--period", default="", help="Period to write of, where it is no year: 2024-H1, 2024-Q3, 2023-02.")
@click.option(
    "--area",
    default="",
    shell_complete=complete.areas,
    help="Code or name of the area to write of. Default: that of the last bulletin.",
)
@click.option(
    "--format", "form", type=click.Choice(formats_of("bulletin")), help="Form. Default: that of FILE's ending, or else markdown."
)
@click.option(
    "--units",
    "scale",
    type=click.Choice(["published", "plain", "wan", "yi"]),
    default="published",
    show_default=True,
    help="Large numbers as published; plain, without 万 and 亿; with 万 (in English thousand); with 万 and 亿 (also million).",
)
@click.option("--digits", type=click.IntRange(min=0), help="Most digits after the point; never more than were published.")
@click.option("-o", "--output", type=PathArgument(dir_okay=False), help="File to write. Default: standard output.")
@project_option
@language_option
def bulletin(
    year: int | None,
    period: str,
    area: str,
    form: str | None,
    scale: Literal["published", "plain", "wan", "yi"],
    digits: int | None,
    output: Path | None,
    project: Project,
    lang: Language,
) -> None:
    """Write the annual bulletin from the warehouse, in Chinese or English (--lang), for an office to edit.

    A Word document that is there is filled anew: its figures change, and what an office has written around them stays.
    A figure that the warehouse lacks is marked in its sentence; a figure that no sentence has is listed at the end.
    HTML, Word and PDF have a table and a chart for each section. Where the year before is known, the change since then is said.
    Exit codes: 0 written; 1 written, but the Chinese text does not read back as the figures that were put in.
    """
    from etl.bulletin.deliver import deliver, form_of
    from etl.bulletin.forms import Style
    from etl.bulletin.read_back import find_misreadings
    from etl.bulletin.write import write_bulletin

    if year and period:
        raise UsageError("Give --year or --period, not both.", "请给出 --year 或 --period，二者取一。")
    chosen = form_of(output, form)
    writer(chosen, "bulletin")  # a package that is missing is missed before the work
    found = write_bulletin(project.warehouse, Style(lang, scale, digits), area, str(year or period), project.catalogue)
    for change in deliver(found, chosen, output):
        click.echo(change, err=True)
    placed, missing = sum(each.is_figure for each in found.placed), len(found.missing)
    summary = f"{placed} 个数字，{missing} 处待填" if lang == "zh" else f"{placed} figures, {missing} to fill in"
    click.echo(f"etl: {summary}", err=True)
    differences = find_misreadings(found, project.catalogue.notation) if lang == "zh" else []
    for difference in differences:
        click.echo(f"etl: {difference.in_language(lang)}", err=True)
    sys.exit(1 if differences else 0)
