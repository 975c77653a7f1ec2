"""The calculator: `etl verify`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from etl.cli.language import UsageError, language_option
from etl.cli.options import catalogue_option
from etl.formats import formats_of, writer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from etl.catalogue import Catalogue
    from schemas.texts import Language


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("formulas", nargs=-1, metavar="[FORMULA]...")
@click.option(
    "-f",
    "--file",
    "file",
    type=click.Path(exists=True, dir_okay=False, allow_dash=True),
    help="Read formulas from a file, one a line; - is stdin.",
)
@click.option(
    "--format", "form", type=click.Choice(formats_of("formulas")), default="text", show_default=True, help="Form of the answer."
)
@catalogue_option
@language_option
def verify(formulas: tuple[str, ...], file: str | None, form: str, catalogue: Catalogue, lang: Language) -> None:
    """Say whether printed figures can be true together: etl verify '4.40万件 / 7.64万件 = 57.6%'.

    A formula has figures as printed (hedges and units included), + - × ÷ and parentheses, sum(505件, 4852件), and one
    of = ≈ <= >= < >. In a file, blank lines and what follows a # are passed over.

    Exit codes: 0 agrees, also if only with digits cut off; 1 contradicts; 2 cannot be said or read. Of several
    formulas: 1 if any contradicts, else 2 if any cannot be said or read, or there is none.
    """
    from etl.calculator.report import Placed
    from etl.calculator.verdicts import exit_code
    from etl.calculator.verdicts import verify as verified_of

    if bool(formulas) == (file is not None):
        raise UsageError("Give a formula in quotes, or a file of them with -f.", "请给出带引号的算式，或用 -f 给出算式文件。")
    numbered = list(enumerate(formulas, start=1) if file is None else _lines(file))
    verified = verified_of((formula for _, formula in numbered), catalogue.notation)
    placed = [Placed(each, line, _name(file)) for (line, _), each in zip(numbered, verified, strict=True)]
    click.echo(writer(form, "formulas")(placed, lang))
    sys.exit(exit_code(verified))


def _name(file: str | None) -> str:
    return "<stdin>" if file == "-" else file or ""


def _lines(file: str) -> Iterator[tuple[int, str]]:
    """Yield the formulas of a file with their line numbers."""
    from etl.errors import ProjectError

    with click.open_file(file, "rb") as lines:
        content = lines.read()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProjectError(
            f"{_name(file)} is not UTF-8 (byte {error.start}). Save it as UTF-8.",
            f"{_name(file)} 不是 UTF-8（第 {error.start} 字节）。请存为 UTF-8。",
        ) from None
    for number, line in enumerate(text.split("\n"), start=1):
        formula = line.replace("＃", "#").partition("#")[0].strip()
        if formula:
            yield number, formula
