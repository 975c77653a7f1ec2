"""The line of progress on a terminal, and what a command says beside its result."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import click

from etl.cli.language import spoken_language
from schemas.texts import Text

QUIET, _SHOWN = "etl.quiet", "etl.progress"
"""Of a command line: whether nothing but findings is printed; whether a line of progress is on the terminal."""
_CLEAR = "\r\x1b[K"


def speaker() -> Callable[[Text], None]:
    """Return what says something of the command that runs, from any thread."""
    return partial(say, context=click.get_current_context())


def say(text: Text, context: click.Context | None = None) -> None:
    """Print what is done next to standard error, unless the command is to be quiet; a `Step` on a terminal only."""
    context = context or click.get_current_context()
    said = text.in_language(spoken_language(context))
    if hasattr(text, "is_last"):
        _show("" if getattr(text, "is_last", False) else said, context.meta)
    elif not context.meta.get(QUIET):
        _show("", context.meta)
        click.echo(f"etl: {said}", err=True)


def _show(line: str, meta: dict[str, Any]) -> None:
    """Show a line of progress in place of the last; an empty one takes it away."""
    if not (line or meta.get(_SHOWN)) or meta.get(QUIET) or not _is_terminal():
        return
    exact = getattr(sys.stderr, "exact", sys.stderr)  # which does not escape what moves the cursor
    room = shutil.get_terminal_size().columns - 1
    exact.write(_CLEAR + (_fitting(f"etl: {line}", room) if line else ""))
    exact.flush()
    meta[_SHOWN] = bool(line)


def _fitting(line: str, room: int) -> str:
    from etl.cli.chinese import columns
    from etl.escape import visible

    shown = visible(line)
    while columns(shown) > room:
        shown = shown[:-1]
    return shown


def _is_terminal() -> bool:
    """Whether a person watches, and not a pipe, a log or CI."""
    return sys.stderr.isatty() and not os.environ.get("CI") and os.environ.get("TERM") != "dumb"
