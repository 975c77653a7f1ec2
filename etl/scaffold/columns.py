"""Columns of figures of a handed-in table: their kind, unit and name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from etl.errors import ProjectError
from etl.figures.reading import read_printed
from etl.figures.words import Notation
from etl.raw_files.plain_characters import plain
from etl.scaffold.header_rows import is_figure
from etl.scaffold.input_table import InputTable
from etl.scaffold.names import Dictionary, Named, is_usable, not_a_name
from etl.scaffold.titles import OF_CHANGE, Stated, Title, TitledColumn, without_multiplier
from schemas.code_lists import Unit
from schemas.models import Column, Figure, Meaning, is_in_range
from schemas.texts import Text, joined

_OF_A_WHOLE = re.compile("占|比重|份额|构成|覆盖率|合格率|满意率|满意度|比例")
_PER_UNIT = re.compile("平均|人均|户均|件均|案均|每[百千万亿]")
_OF_MONEY = re.compile("金额|案值|价值|产值|额|款|收入|支出|增加值|费用|货值")
_LIKELY_UNITS = (
    (re.compile("企业|机构|单位|公司|基地|银行|站|户数|家数"), "家"),
    (re.compile("人数|人员|人次|嫌疑人|人才"), "人"),
    (re.compile("案|起诉|收结|受理|结"), "件"),
    (re.compile(""), "个"),
)
_SUFFIXES: Mapping[str, str] = {
    "percentage": "_pct", "percentage_point": "_points", "yuan": "_yuan", "us_dollar": "_us_dollars", "area": "_mu",
    "time": "_days", "working_time": "_working_days", "calendar_time": "_months", "multiple": "_times",
}  # fmt: skip
_PROBLEMS = {"wrong_unit": "单位不符", "fraction_of_a_count": "不是整数", "too_large": "位数过多"}
KINDS: Mapping[str, type[Figure]] = {kind.kind: kind for kind in Figure.__subclasses__()}


@dataclass(frozen=True, slots=True)
class FigureColumn:
    """A column of figures.

    Attributes:
        name: English name.
        title: its title in Chinese, parsed.
        en: what it means.
        kind: of `schemas.models`.
        unit: in which a bare number is read.
        dimension: of the unit.
        cells: as printed.
        is_optional: whether a row may leave it blank.
        is_named: whether the name is more than a placeholder.
        is_unit_stated: whether the unit is more than a guess.
    """

    name: str
    title: Title
    en: str
    kind: str
    unit: str
    dimension: str
    cells: tuple[str | None, ...]
    is_optional: bool
    is_named: bool
    is_unit_stated: bool

    @property
    def zh(self) -> str:
        """What it means in Chinese."""
        return self.title.zh

    @property
    def is_level(self) -> bool:
        """Whether its figures can be added up."""
        return self.kind in ("count", "amount", "measure")

    @property
    def remark(self) -> Text | None:
        """What was guessed, for a person to look at."""
        if self.is_unit_stated:
            return None
        return Text(f"{self.zh}: no unit is stated; taken as {self.unit}", f"{self.zh}：未注明单位，暂按“{self.unit}”")


def figure_columns(
    table: InputTable, columns: Sequence[TitledColumn], stated: Stated, dictionary: Dictionary
) -> Iterator[FigureColumn]:
    """Find the kind, the unit and the name of each column of figures.

    Args:
        table: the parts of the file.
        columns: its columns of figures.
        stated: names and units by title, which go before guesses.
        dictionary: English names for the others.

    Raises:
        ProjectError: a unit is not known, a cell is no figure of it, or a stated name cannot be one.
    """
    notation = table.catalogue.notation
    taken: dict[str, str] = {}
    bases: dict[str, Named] = {}
    of_units = [_unit(column, table.units, stated.units, notation) for column in columns]
    known_units = [_known_unit(unit, each.zh, table.catalogue.units) for (unit, _), each in zip(of_units, columns, strict=True)]
    kinds = _kinds_of_columns(table, columns, [unit for unit, _ in of_units], known_units)
    for column, (unit, is_unit_stated), known, kind in zip(columns, of_units, known_units, kinds, strict=True):
        zh, is_change = column.zh, bool(OF_CHANGE.search(column.zh))
        suffix = "" if kind == "mean" else _SUFFIXES.get(known.dimension, "")
        name = (
            _stated(zh, suffix, stated.names)
            or (_growth(zh, suffix, bases) if kind == "rate" and is_change else None)
            or _translated(column, suffix, dictionary)
        )
        if name.name in taken:
            if zh in stated.names:
                raise ProjectError(
                    f"The columns {taken[name.name]} and {zh} are both named {name.name!r}.",
                    f"列“{taken[name.name]}”与“{zh}”都命名为“{name.name}”；请更改其一。",
                )
            name = Named(f"column_{column.position}{suffix}", f"column {column.position}", False)
        taken[name.name] = zh
        if not is_change:
            bases[zh] = name
        is_optional = len(bases) > 1 or None in column.cells or is_change
        of_unit, told = (kind, unit, known.dimension), (name.is_known, is_unit_stated)
        yield FigureColumn(name.name, column.title, name.en, *of_unit, column.cells, is_optional, *told)


def _unit(column: TitledColumn, of_table: Sequence[str], stated: Mapping[str, str], notation: Notation) -> tuple[str, bool]:
    """Find the unit of a column, and whether it is more than a guess."""
    zh, title = column.zh, column.title
    if zh in stated or title.unit:
        return stated.get(zh) or title.unit, True
    matches = (re.fullmatch(notation.figure_pattern, plain(cell)) for cell in column.figures(notation))
    printed = Counter(unit for match in matches if match and (unit := match["unit"] or match["fraction"] or match["tenths"]))
    if printed:
        unit = without_multiplier(printed.most_common(1)[0][0].strip("()"))
        return ("%" if unit.startswith(("百分之", "成", "％")) else unit), True
    if OF_CHANGE.search(zh) or _OF_A_WHOLE.search(zh) or zh.endswith("率"):
        return "%", False
    if title.bracketed:
        en = f"If {title.bracketed!r} is the unit of {zh}, add it to schemas/codes/units.csv; else say --unit '{zh}=件'."
        raise ProjectError(
            en, f"如果“{title.bracketed}”是“{zh}”的单位，请在 schemas/codes/units.csv 中补列；否则请加 --unit '{zh}=件'。"
        )
    is_money = bool(_OF_MONEY.search(zh))
    fitting = [unit for unit in of_table if unit.endswith("元") == is_money and not unit.endswith("%")]
    if len(fitting) == 1:
        return fitting[0], True
    if is_money:
        raise ProjectError(
            f"The unit of {zh} is not stated. Say it with --unit '{zh}=万元'.", f"“{zh}”没有写明单位。请加 --unit '{zh}=万元'。"
        )
    return next(unit for pattern, unit in _LIKELY_UNITS if pattern.search(zh)), False


def _known_unit(unit: str, zh: str, units: Sequence[Unit]) -> Unit:
    known = next((each for each in units if each.unit in (unit, without_multiplier(unit))), None)
    if known is None:
        raise ProjectError(
            f"{unit!r}, the unit of {zh}, is not in schemas/codes/units.csv. Add it, or say --unit '{zh}=…'.",
            f"schemas/codes/units.csv 中没有“{zh}”的单位“{unit}”。请补列，或加 --unit '{zh}=…'。",
        )
    return known


def _kinds_of_columns(
    table: InputTable, columns: Sequence[TitledColumn], units: Sequence[str], known: Sequence[Unit]
) -> list[str]:
    """Choose the likeliest kind that all figures of each column fit.

    Raises:
        ProjectError: some fit none; it names them all.
    """
    kinds, problems = [], list[Text]()
    for column, unit, of_unit in zip(columns, units, known, strict=True):
        kind, unread = _kind(column, unit, of_unit, table)
        kinds.append(kind)
        problems += unread
    if problems:
        step = Text(
            "Mend these cells, or state the units with --unit 'TITLE=UNIT'.",
            "请更正这些单元格，或用 --unit '标题=单位' 写明单位。",
        )
        raise ProjectError(joined([*problems, step], "\n"))
    return kinds


def _kind(column: TitledColumn, unit: str, known: Unit, table: InputTable) -> tuple[str, list[Text]]:
    """Choose the likeliest kind that all figures of a column fit, or say for each cell why none does."""
    fewest: list[Text] | None = None
    notation = table.catalogue.notation
    for kind in _kinds(column, known):
        figures = dict(column.figures_by_row(notation))
        readings = read_printed(((cell, unit, kind) for cell in figures.values()), notation)
        unread = [
            f"{table.place(column, row)}: {column.zh}: " + _unread(cell, unit, problem.partition("|")[0])
            for row, cell in figures.items()
            if (problem := readings[cell, unit, kind].problem)
        ]
        values = [value for cell in figures.values() if (value := readings[cell, unit, kind].value) is not None]
        if not unread:
            if all(is_in_range(Column(column.zh, KINDS[kind](), Meaning(column.zh, ""), True), value) for value in values):
                return kind, []
            unread = [
                f"{table.place(column, 0)}: {column.zh}: "
                + Text(
                    f"its figures ({min(values):g} to {max(values):g}) are in the range of no kind of figure in {unit}",
                    f"各数字（{min(values):g} 至 {max(values):g}）超出以“{unit}”为单位的各类数字的范围",
                )
            ]
        fewest = unread if fewest is None or len(unread) < len(fewest) else fewest
    return "", fewest or []


def _unread(cell: str, unit: str, problem: str) -> Text:
    why = _PROBLEMS.get(problem, "无法读作数字")
    return Text(f"{cell!r} is no figure in {unit} ({problem.replace('_', ' ')})", f"“{cell}”不是以“{unit}”为单位的数字（{why}）")


def _kinds(column: TitledColumn, known: Unit) -> tuple[str, ...]:
    """List the kinds that a column might be of, the likeliest first."""
    if known.dimension == "percentage":
        is_signed = any(plain(cell).startswith(("+", "-")) for cell in column.filled)
        if is_signed or OF_CHANGE.search(column.zh):
            return ("rate",)
        # A multiple is such as cases closed over cases received, which nothing keeps below a hundred.
        return ("share",) if _OF_A_WHOLE.search(column.zh) else ("multiple",)
    if known.dimension == "percentage_point":
        return ("rate",)
    if known.kind in ("count", "amount") and _PER_UNIT.search(column.zh):
        return ("mean", "measure")
    return (known.kind, *(("mean",) if known.kind == "count" else ()), "measure")


def _stated(zh: str, suffix: str, names: Mapping[str, str]) -> Named | None:
    if zh not in names:
        return None
    if not is_usable(names[zh]):
        raise ProjectError(not_a_name(names[zh], zh))
    return Named(names[zh], names[zh].removesuffix(suffix).replace("_", " "))


def _growth(zh: str, suffix: str, bases: Mapping[str, Named]) -> Named | None:
    """Name a growth after the column whose change it is, or after the one before it."""
    base = re.sub(r"[、,，]|" + OF_CHANGE.pattern, "", zh).removesuffix("率")
    of = bases.get(base) or (list(bases.values())[-1] if bases and not base else None)
    return of and Named(f"{without_unit(of.name)}_growth{suffix}", f"growth of {of.en} on a year before", of.is_known)


def _translated(column: TitledColumn, suffix: str, dictionary: Dictionary) -> Named:
    """Translate the title of a column, and end the name with its unit."""
    english = dictionary.translate(column.zh, column.position)
    name = english.name if english.name.endswith(suffix) else f"{english.name.removesuffix('_rate')}{suffix}"
    is_named = is_usable(name)
    return Named(name if is_named else f"column_{column.position}{suffix}", english.en, is_named and english.is_known)


def without_unit(name: str) -> str:
    """Remove the unit at the end of a column's name."""
    return next((name.removesuffix(suffix) for suffix in _SUFFIXES.values() if name.endswith(suffix)), name)


def is_column_of_figures(column: TitledColumn, notation: Notation) -> bool:
    """Check whether more than half of the filled cells of a column are figures, or begin as ones below a title with a unit.

    Cells that are not figures are errors, which are reported when the column is read.
    """
    cells = column.figures(notation)
    if column.title.unit and sum(plain(cell)[:1].isdigit() for cell in cells) * 2 > len(cells):
        return True
    return sum(is_figure(cell, notation) for cell in cells) * 2 > len(cells)
