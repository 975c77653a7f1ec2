"""Handing data over: `etl export`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from etl.cli import complete
from etl.cli.language import UsageError, language_option
from etl.cli.options import project_option
from etl.cli.paths import PathArgument
from etl.formats import format_named, formats_of

if TYPE_CHECKING:
    from pathlib import Path

    from etl.exports.yearbook import Languages
    from etl.project import Project
    from schemas.texts import Language

YEARBOOK = "xlsx"


@click.command()
@click.argument("table", default="", shell_complete=complete.tables_and_domains)
@click.option(
    "--to",
    "form",
    type=click.Choice(formats_of("tables")),
    help="Form of the export: files of columns, a yearbook, a Frictionless package, SDMX, or a data contract."
    " Default: that of the output's ending.",
)
@click.option("-o", "--output", type=PathArgument(), required=True, help="Folder; or the file, where it is one.")
@click.option("--query", default="", metavar="SQL", help="Export the result of a query in place of a table.")
@click.option("-f", "--file", "file", type=PathArgument(exists=True, dir_okay=False), help="Read the query from a file.")
@click.option(
    "--timeout", type=click.FloatRange(min=0, min_open=True), default=60, show_default=True, help="Seconds that a query may take."
)
@click.option("--memory-limit", default="2GB", show_default=True, metavar="SIZE", help="Memory that a query may use.")
@click.option("--printed", is_flag=True, help="In a yearbook: figures as their documents print them, not as numbers.")
@click.option("--bounds", is_flag=True, help="In a yearbook: the bounds of computed measures too.")
@click.option("--languages", type=click.Choice(["zh", "en", "both"]), help="In a yearbook: its languages. Default: both.")
@project_option
@language_option
def export(
    table: str,
    form: str | None,
    output: Path,
    query: str,
    file: Path | None,
    timeout: float,
    memory_limit: str,
    printed: bool,
    bounds: bool,
    languages: Languages | None,
    project: Project,
    lang: Language,
) -> None:
    """Export TABLE (an address), the tables of a domain, or all, with meanings, units, keys and sources.

    TABLE may also be any other table or view of the warehouse (core.figure), a schema or a pattern of them (report, 'quality.*');
    or a query stands in its place: --query "SELECT …". These run as those of `etl sql` do, and go to CSV, NDJSON, Parquet, a
    plain workbook or a Frictionless package.

    In CSV, a text that begins with =, +, -, @, tab or carriage return gets an apostrophe before it, unless it is a number;
    so that no spreadsheet runs it.
    """
    from etl.exports.export import export
    from etl.sandbox.run import Limits
    from etl.sizes import bytes_of

    del lang  # what is exported holds both languages
    if sum(map(bool, (table, query, file))) > 1:
        raise UsageError("Give one of TABLE, --query and -f.", "表、--query、-f 只能给出一个。")
    chosen = form or _form_of(output)
    options = {}
    if printed or bounds or languages or chosen == YEARBOOK:
        from etl.exports.yearbook import YearbookOptions

        if chosen != YEARBOOK:
            raise UsageError(
                f"--printed, --bounds and --languages are of --to {YEARBOOK}, not of --to {chosen}.",
                f"--printed、--bounds 和 --languages 只用于 --to {YEARBOOK}，不用于 --to {chosen}。",
            )
        options["options"] = YearbookOptions(printed, languages or "both", bounds)
    text = file.read_text(encoding="utf-8") if file else query
    if file and not text.strip():
        raise UsageError(f"{file} holds no query.", f"{file} 中没有查询。")
    limits = Limits(timeout, bytes_of(memory_limit), 0)
    for path in export(project.warehouse, chosen, table, output, project.catalogue, options, query=text, limits=limits):
        click.echo(path)


def _form_of(output: Path) -> str:
    """Return the form of which files end as the output does."""
    found = [each for each in formats_of("tables") if output.suffix.lower() in format_named(each).endings]
    if not found:
        forms = "|".join(formats_of("tables"))
        raise UsageError(f"Say in which form: --to {forms}.", f"请指明格式：--to {forms}。")
    return found[0]
