"""Synthetic registers: `etl generate`."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Literal

import click

from etl.cli import complete
from etl.cli.language import BadValue, language_option
from etl.cli.options import folder_option
from etl.cli.paths import PathArgument

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from etl.catalogue import Catalogue
    from etl.synthetic.generate import SyntheticRegister
    from schemas.texts import Language, Text

_FORMS = ("csv", "csv.gz", "csv.zst", "parquet")


def _counts(_: click.Context, parameter: click.Parameter, texts: tuple[str, ...]) -> dict[str, int]:
    """Parse KIND=COUNT texts, several of which a comma may join, to numbers by kind."""
    counts: dict[str, int] = {}
    for text in (part for joined in texts for part in joined.split(",")):
        kind, mark, count = text.partition("=")
        if not (mark and count.isdecimal()):
            raise BadValue(
                f"{text!r} is not KIND=COUNT, such as duplicate-key=3.",
                f"{text!r} 不是“类型=数量”的形式，如 duplicate-key=3。",
                parameter,
            )
        counts[kind.strip()] = counts.get(kind.strip(), 0) + int(count)
    return counts


def _years(_: click.Context, parameter: click.Parameter, text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    match = re.fullmatch(r"([0-9]{4})(?:/([0-9]{4}))?", text)
    if match is None or int(match[2] or match[1]) < int(match[1]):
        raise BadValue(
            f"{text!r} is neither a year nor years such as 2016/2025.",
            f"{text!r} 既不是年份，也不是 2016/2025 一类的起止年份。",
            parameter,
        )
    return int(match[1]), int(match[2] or match[1])


@click.command()
@click.argument("address", shell_complete=complete.registers)
@click.option(
    "--rows",
    type=click.IntRange(min=1),
    help="How many rows. Default: as many as the published figures count, and in the time between.",
)
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="The same seed gives the same rows.")
@click.option(
    "--faults", "faults", multiple=True, metavar="KIND=COUNT", callback=_counts, help="Faults to put in, such as duplicate-key=3."
)
@click.option("--faults-to", type=PathArgument(dir_okay=False), help="CSV file that lists the faults put in.")
@click.option(
    "--area",
    "areas",
    multiple=True,
    shell_complete=complete.areas,
    help="Area code to cover; may be repeated. Default: all areas.",
)
@click.option("--years", callback=_years, help="Years to cover, such as 2016/2025.")
@click.option(
    "-o",
    "--output",
    required=True,
    type=PathArgument(),
    help="File to write, or with --parts the folder of the files.",
)
@click.option("--parts", type=click.IntRange(min=1), default=1, show_default=True, help="How many files.")
@click.option("--form", type=click.Choice(_FORMS), help="Form of the files. Default: as the name of the file ends; of parts csv.")
@folder_option
@language_option
def generate(
    address: str,
    rows: int | None,
    seed: int,
    faults: dict[str, int],
    faults_to: Path | None,
    areas: tuple[str, ...],
    years: tuple[int, int] | None,
    output: Path,
    parts: int,
    form: Literal["csv", "csv.gz", "csv.zst", "parquet"] | None,
    root: Path,
    catalogue: Catalogue,
    lang: Language,
) -> None:
    """Make up a register, such as courts.cases, that agrees with the published figures of the project.

    Its rows follow from the model of the register and are no facts. Kinds of faults: end-before-start, impossible-date,
    unknown-code, negative-amount, duplicate-key, blank, malformed-number, wrong-year.
    """
    from etl.files import replace_csv, writing
    from etl.project import Project
    from etl.synthetic.generate import YEARS, locate_faults, write_register
    from etl.synthetic.generate import generate as generate_register

    project = Project(root.resolve(), given_catalogue=catalogue) if (root / "raw").is_dir() else None
    register = generate_register(
        address,
        rows=rows,
        seed=seed,
        faults=faults,
        catalogue=catalogue,
        project=project,
        areas=areas,
        years=years or YEARS,
    )
    with writing(output):
        files = write_register(register, output, parts, form)
    if faults_to:
        seeded = locate_faults(register, files)
        lines = (["" if cell is None else str(cell) for cell in row] for row in seeded.iter_rows())
        with writing(faults_to):
            replace_csv(faults_to, seeded.columns, lines)
    for text in _summary(output, register):
        click.echo(text.in_language(lang))


def _summary(output: Path, register: SyntheticRegister) -> Iterator[Text]:
    from schemas.texts import Text

    count, faults, agreed = register.rows.count, register.faults.height, len(register.agreed)
    yield Text(f"{output}: {count} rows, {faults} faults", f"{output}：{count} 行，{faults} 处差错")
    yield Text(f"agrees with {agreed} published figures", f"与 {agreed} 个公布数字一致")
    for rule in register.broken_rules():
        yield Text(
            f"does not keep the rule {rule}, which cannot be derived from the model", f"不满足规则 {rule}，它无法由模型推得"
        )
    for reason, number in Counter(reason for _, reason in register.left_out).items():
        yield Text(f"has no rows for {number} published figures: {reason.en}", f"有 {number} 个公布数字没有对应的行：{reason.zh}")
