"""The settings: `etl config`, and what they are the defaults of."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from etl.cli.language import PROJECT, language_option, project_of
from etl.cli.paths import PathArgument
from etl.errors import ProjectError
from etl.settings import FILE, GATE, IGNORE, SETTINGS, Chosen, Setting, ignored_rules, settings
from schemas.texts import Text

if TYPE_CHECKING:
    from schemas.texts import Language

CHOSEN = "etl.chosen"
"""Of a command line: what the settings choose of the gate."""


def defaults_of(name: str, command: click.Command, arguments: Sequence[str]) -> tuple[dict[str, Any], list[Text]]:
    """Return the defaults of a command's options that the settings of its project choose, and what is to be said of them.

    Raises:
        ProjectError: as for `settings`, or a value is none that the option takes.
    """
    chosen = settings(Path(project_of(arguments)))
    parameters = {each.name: each for each in command.params if isinstance(each, click.Option)}
    found, said = {}, []
    for each in SETTINGS:
        if each.name in chosen and each.parameter in parameters and (not each.commands or name in each.commands):
            found[each.parameter] = _converted(each, chosen[each.name], parameters[each.parameter])
            if each.commands == GATE or each.parameter == "domain":
                value, origin = chosen[each.name].shown, chosen[each.name].origin
                said.append(Text(f"{each.name} = {value} ({origin})", f"{each.name} = {value}（{origin}）"))
    found.pop("lang", None)  # which the whole command line speaks already
    return found, said


def _converted(setting: Setting, chosen: Chosen, option: click.Option) -> Any:
    try:
        return option.type.convert(chosen.value, option, None)
    except click.BadParameter as error:
        raise ProjectError(
            f"{chosen.origin}: {setting.name}: {error.message}", f"{chosen.origin}：{setting.name}：{error.message}"
        ) from None


@click.command()
@click.option(PROJECT, "root", type=PathArgument(), default=".", help="Folder that holds raw/. Default: this one.")
@language_option
def config(root: Path, lang: Language) -> None:
    """Show the settings, and where each is from: etl.toml, pyproject.toml or the environment.

    Options on the command line win over variables such as ETL_FAIL_ON, these over the files.
    """
    from etl.escape import shortened

    chosen, which = settings(root), 0 if lang == "en" else 1
    lines = []
    for each in SETTINGS:
        default = "(default)" if lang == "en" else "（默认）"
        value = f"{shortened(chosen[each.name].shown)}  [{chosen[each.name].origin}]" if each.name in chosen else default
        lines.append(f"{each.name}: {value}\n    {each.meaning[which]}{'; ' if lang == 'en' else '；'}{each.variable}")
    for rule in (ignored := ignored_rules(root)):
        lines.append(f"{IGNORE}: {rule.rule}  [{rule.file}]\n    {shortened(rule.reason)}")
    if not (chosen or ignored):
        example = f"{FILE}: fail-on = 'warning'"
        lines.append(f"No setting is chosen. Write {example}" if lang == "en" else f"未作任何设置。可写入 {example}。")
    click.echo("\n".join(lines))
