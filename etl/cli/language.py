"""The language that the command line speaks."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePath
from typing import Any, TypeVar

import click

from schemas.texts import Language, Text

Command = TypeVar("Command", bound=Callable[..., Any])
PROJECT, _LANG = "--project", "--lang"


def language_of_locale() -> Language:
    """Return the language of the locale."""
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "zh" if locale.startswith("zh") else "en"


def asked_language(arguments: Sequence[str]) -> Language:
    """Return the language that `--lang` asks for, else the settings of the project, else the locale.

    It is needed before the arguments are parsed, for what is wrong with them, and help, is said in it. What is wrong with the
    settings is said when they are used.
    """
    for named in reversed([*values_of(_LANG, arguments)]):
        return "zh" if named == "zh" else "en"
    chosen = os.environ.get("ETL_LANGUAGE") or _of_settings(project_of(arguments))
    return "zh" if chosen == "zh" else "en" if chosen == "en" else language_of_locale()


def _of_settings(root: str) -> str:
    if not any(os.path.lexists(PurePath(root, name)) for name in ("etl.toml", "pyproject.toml")):
        return ""
    from pathlib import Path

    from etl.errors import ProjectError
    from etl.settings import settings

    try:
        language = settings(Path(root)).get("language")
    except (ProjectError, OSError):
        return ""
    return str(language.value) if language else ""


def project_of(arguments: Sequence[str]) -> str:
    """Return the folder that `--project` names, or this one."""
    return next(values_of(PROJECT, arguments), ".")


def values_of(option: str, arguments: Sequence[str]) -> Iterator[str]:
    """Yield what arguments give to an option."""
    for each, following in zip(arguments, [*arguments, ""][1:], strict=True):
        if each == "--":
            return
        if each == option and following:
            yield following
        elif each.startswith(f"{option}="):
            yield each.partition("=")[2]


def spoken_language(ctx: click.Context) -> Language:
    """Return the language of a command, which the context of the whole command line holds."""
    spoken: Language = ctx.find_root().obj or language_of_locale()
    return spoken


def spoken(en: str, zh: str) -> str:
    """Return the one of both that is in the language of the command that runs."""
    return Text(en, zh).in_language(spoken_language(click.get_current_context()))


def language_option(command: Command, *, expose_value: bool = True) -> Command:
    """Add `--lang zh|en`."""
    option = click.option(
        _LANG,
        expose_value=expose_value,
        type=click.Choice(["zh", "en"]),
        default=lambda: spoken_language(click.get_current_context()),
        help="Language of messages. Default: the locale's.",
    )
    return option(command)


class UsageError(click.UsageError):
    """What is wrong with the arguments of a command, in its language."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(spoken(en, zh))


class BadValue(click.BadParameter):
    """What is wrong with the value of an option, in the language of the command."""

    def __init__(self, en: str, zh: str, parameter: click.Parameter) -> None:
        super().__init__(spoken(en, zh), click.get_current_context(), parameter)
