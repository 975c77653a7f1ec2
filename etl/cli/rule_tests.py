"""Tests of the rules themselves: `etl mutate` and `etl coverage`."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click

from etl.cli import complete
from etl.cli.language import language_option
from etl.cli.options import project_option, say
from etl.cli.terminal import terminal_width
from etl.formats import formats_of, writer
from schemas.texts import Text

if TYPE_CHECKING:
    from etl.project import Project
    from schemas.texts import Language

_SOURCE_HELP = "Document whose figures are meant. Default: the last bulletin of raw/sources.csv."


@click.command()
@click.option("--source", shell_complete=complete.sources, help=_SOURCE_HELP)
@click.option("--without", "without", type=click.Choice(["cited"]), help="Do without the rules that trace figures to documents.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning"]),
    default="warning",
    show_default=True,
    help="Mildest severity that kills a mutant.",
)
@click.option("--min-score", type=float, default=0.0, help="Exit 1 where fewer percent of the mutants are killed.")
@click.option("--survivors", type=int, default=20, show_default=True, help="How many survivors to name.")
@click.option(
    "--format", "form", type=click.Choice(formats_of("scores")), default="text", show_default=True, help="Form of the result."
)
@project_option
@language_option
def mutate(
    source: str | None,
    without: str | None,
    fail_on: str,
    min_score: float,
    survivors: int,
    form: str,
    project: Project,
    lang: Language,
) -> None:
    """Test the rules: put one slip at a time into the raw tables, and see whether the gate would shut.

    Exit codes: 0 the score is at least --min-score; 1 it is lower; 2 the gate is shut already.
    """
    from etl.mutation.run import trial

    started = time.perf_counter()
    tried = trial(project, source, "error" if fail_on == "error" else "warning", cite=without is None)
    click.echo(writer(form, "scores")(tried, survivors, lang))
    seconds, times = f"{time.perf_counter() - started:.1f}", f"{tried.speed_up:.0f}"
    say(Text(f"{seconds} s, {times} times as fast as a check per mutant", f"{seconds} 秒，为逐一检查的 {times} 倍快"))
    sys.exit(int(not tried.score.percent >= min_score))


@click.command()
@click.option("--source", shell_complete=complete.sources, help="Document whose figures are meant. Default: all.")
@click.option("--min", "least", type=float, default=0.0, help="Exit 1 where fewer percent of the figures are held.")
@click.option("--show", type=int, default=20, show_default=True, help="How many figures without a rule to name.")
@project_option
@language_option
def coverage(source: str | None, least: float, show: int, project: Project, lang: Language) -> None:
    """List the figures that no rule constrains beyond being readable, in range and cited."""
    from itertools import islice

    from etl.errors import ProjectError
    from etl.escape import shortened, visible
    from etl.gate.check import parsed_tables
    from etl.mutation.coverage import coverage as cover
    from etl.mutation.run import refuse_unknown_source
    from etl.mutation.scores import coverage_table, unheld_lines

    tables = parsed_tables(project, project.catalogue.entries())
    refuse_unknown_source(project, source)
    found = cover(tables, source)
    if not found.held:
        raise ProjectError(
            f"There is no figure{f' of {source}' if source else ''}, so that none is covered.",
            f"{f'{source} ' if source else ''}没有数字，因此无从计算。",
        )
    for text in islice(unheld_lines(found, tables, lang), show):
        click.echo(visible(shortened(text)))
    click.echo(coverage_table(found, lang, terminal_width()))
    sys.exit(int(not found.share() >= least))
