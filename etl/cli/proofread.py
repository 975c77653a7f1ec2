"""Proofreading of documents: `etl proofread`."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from etl.cli.options import Gate, catalogue_option, gate_options
from etl.cli.progress import speaker

if TYPE_CHECKING:
    from etl.catalogue import Catalogue


@click.command()
@click.argument("documents", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@catalogue_option
@gate_options
def proofread(documents: tuple[str, ...], catalogue: Catalogue, gate: Gate) -> None:
    """Check whether the figures of a document agree with each other: etl proofread bulletin.txt.

    It needs no project. It finds the relations that the document states itself: shares of a whole, growth between two
    levels, parts and totals, averages, cases received and closed, rows and columns of tables, and what is printed twice. Only
    what is plain is judged; what is found and not judged is counted. - is standard input.

    Exit codes: 0 nothing at or above --fail-on; 1 contradictions at or above it; 2 a document cannot be read.
    """
    from etl.proofreading.result import proofread as proofread_documents
    from etl.reporters.targets import deliver

    result = proofread_documents(documents, fail_on=gate.fail_on, catalogue=catalogue, say=speaker())
    deliver(gate.report(result), gate.targets, partial(click.echo, nl=False))
    sys.exit(result.exit_code)
