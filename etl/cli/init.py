"""A new project: `etl init`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from etl.cli import complete
from etl.cli.language import language_option
from etl.cli.paths import PathArgument

if TYPE_CHECKING:
    from pathlib import Path

    from schemas.texts import Language


@click.command()
@click.argument("folder", type=PathArgument(), metavar="DIR")
@click.option(
    "--area",
    required=True,
    metavar="CODE",
    shell_complete=complete.areas,
    help="Area that the figures are of, by its GB/T 2260 code.",
)
@click.option("--name", default="", help="Its Chinese name, where the package does not know it.")
@click.option("--name-en", default="", help="Its English name. Default: the Chinese one.")
@click.option(
    "--province", default="", metavar="NAME[=ENGLISH]", help="Province that it lies in, where the package does not know it."
)
@click.option(
    "--district",
    "districts",
    multiple=True,
    metavar="CODE=NAME[=ENGLISH]",
    help="Area within it; may be repeated. Default: those that the package knows.",
)
@click.option(
    "--package", default="", metavar="REQUIREMENT", help="What the gate installs, as pip takes it. Default: this version."
)
@language_option
def init(
    folder: Path,
    area: str,
    name: str,
    name_en: str,
    province: str,
    districts: tuple[str, ...],
    package: str,
    lang: Language,
) -> None:
    """Make a project for another city: etl init shaoxing --area 330600.

    DIR gets empty raw tables, the list of its areas, a gate for CI, and a README that tells the next steps. It must not be
    there yet, or be empty but for .git; all of it is written, or nothing.
    """
    from etl.catalogue import CATALOGUE
    from etl.init.areas import GivenArea, areas_of, parse_area
    from etl.init.requirement import requirement, sound
    from etl.init.write import compose_files, write_project

    areas = areas_of(GivenArea(area, name, name_en), [parse_area(text) for text in districts], province)
    write_project(folder, compose_files(areas, area, sound(package) if package else requirement(), lang))
    within = sum(each.parent == area for each in areas)
    this = next(each for each in areas if each.code == area)
    if lang == "zh":
        click.echo(f"{folder}：{this.zh}，下辖 {within} 个地区，{len(CATALOGUE)} 张空表")
        click.echo(f"下一步：cd {folder}，etl run，然后见 README.zh-CN.md")
    else:
        click.echo(f"{folder}: {this.en}, {within} areas within it, {len(CATALOGUE)} empty tables")
        click.echo(f"next: cd {folder}, etl run, then README.md")
