"""The language that the command line speaks."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

from schemas.texts import Language

Command = TypeVar("Command", bound=Callable[..., Any])
_CHOSEN = "etl.language"


def language_of_locale() -> Language:
    """Return the language of the locale."""
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "zh" if locale.startswith("zh") else "en"


def spoken_language(ctx: click.Context) -> Language:
    """Return the language of what stops a command: as its `--lang` or the settings say, else the locale's."""
    chosen: Language = ctx.meta.get(_CHOSEN) or language_of_locale()
    return chosen


def language_option(command: Command) -> Command:
    """Add `--lang zh|en`."""
    option = click.option(
        "--lang",
        type=click.Choice(["zh", "en"]),
        default=language_of_locale,
        is_eager=True,  # so that what is wrong with another option is said in this language
        callback=_keep,
        help="Language of messages. Default: the locale's.",
    )
    return option(command)


def _keep(ctx: click.Context, _: click.Parameter, chosen: Language) -> Language:
    ctx.meta[_CHOSEN] = chosen
    return chosen
