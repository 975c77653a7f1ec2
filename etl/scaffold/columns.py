"""Columns of figures of a handed-in table: their kind, unit and name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from etl.errors import ProjectError
from etl.figures.grammar import read_figures
from etl.figures.words import Notation
from etl.findings import Text
from etl.raw_files.plain_characters import plain
from etl.scaffold.input_table import InputTable, is_figure
from etl.scaffold.names import Dictionary, Named, is_usable
from etl.scaffold.titles import Title, without_multiplier
from schemas.code_lists import Unit
from schemas.models import Figure

_OF_CHANGE = re.compile("同比|环比|增长|增速|增幅|降幅|升降|较上年|比上年|±")
_OF_A_WHOLE = re.compile("占|比重|份额|构成|覆盖率|合格率|满意率|满意度|比例")
_PER_UNIT = re.compile("平均|人均|户均|件均|案均|每[百千万亿]")
_OF_MONEY = re.compile("金额|案值|价值|产值|额|款|收入|支出|增加值|费用|货值")
_OF_ORGANISATIONS = re.compile("企业|机构|单位|公司|基地|银行|站|户数|家数")
_OF_PEOPLE = re.compile("人数|人员|人次|嫌疑人|人才")
_SUFFIXES: Mapping[str, str] = {
    "percentage": "_pct", "percentage_point": "_points", "yuan": "_yuan", "us_dollar": "_us_dollars", "area": "_mu",
    "time": "_days", "working_time": "_working_days", "calendar_time": "_months", "multiple": "_times",
}  # fmt: skip
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
        remark: what was guessed, for a person to look at.
    """

    name: str
    title: Title
    en: str
    kind: str
    unit: str
    dimension: str
    cells: tuple[str | None, ...]
    is_optional: bool
    is_named: bool = True
    remark: Text | None = None

    @property
    def zh(self) -> str:
        """What it means in Chinese."""
        return self.title.zh

    @property
    def is_level(self) -> bool:
        """Whether its figures can be added up."""
        return self.kind in ("count", "amount", "measure")


@dataclass(frozen=True, slots=True)
class Draft:
    """A column of figures before its kind, unit and name are known."""

    position: int
    title: Title
    cells: tuple[str | None, ...]
    unit: str = ""


def figure_columns(
    table: InputTable,
    drafts: Sequence[Draft],
    names: Mapping[str, str],
    stated_units: Mapping[str, str],
    dictionary: Dictionary,
) -> Iterator[FigureColumn]:
    """Find the kind, the unit and the name of each column of figures.

    Args:
        table: the parts of the file.
        drafts: its columns of figures.
        names: English names that are stated, by title.
        stated_units: units that are stated, by title.
        dictionary: English names for the others.

    Raises:
        ProjectError: a unit is not known, a cell is no figure of it, or a stated name cannot be one.
    """
    notation = table.catalogue.notation
    taken: dict[str, str] = {}
    bases: list[tuple[Title, Named]] = []
    for draft in drafts:
        unit, remark = _unit(draft, table.units, stated_units, notation)
        known = _known_unit(unit, draft.title, table.catalogue.units)
        kind = _kind(draft, unit, known, notation)
        name = _named(draft, kind, known, names, bases) or _translated(draft, _suffix(kind, known), dictionary)
        if name.name in taken:
            other = taken[name.name]
            if draft.title.zh in names:
                raise ProjectError(f"The columns {other} and {draft.title.zh} are both named {name.name!r}.")
            name = Named(f"column_{draft.position}{_suffix(kind, known)}", f"column {draft.position}", False)
        taken[name.name] = draft.title.zh
        if not _OF_CHANGE.search(draft.title.zh):
            bases.append((draft.title, name))
        is_optional = bool(bases[1:]) or None in draft.cells or bool(_OF_CHANGE.search(draft.title.zh))
        yield FigureColumn(
            name.name, draft.title, name.en, kind, unit, known.dimension, draft.cells, is_optional, name.is_known, remark
        )


def _unit(draft: Draft, of_table: Sequence[str], stated: Mapping[str, str], notation: Notation) -> tuple[str, Text | None]:
    """Find the unit of a column, with a remark where it was guessed."""
    zh = draft.title.zh
    if zh in stated or draft.title.unit:
        return stated.get(zh) or draft.title.unit, None
    matches = (re.fullmatch(notation.figure_pattern, plain(cell)) for cell in draft.cells if cell)
    printed = [match["unit"] or match["fraction"] or match["tenths"] for match in matches if match]
    own = Counter(each for each in printed if each)
    if own:
        unit = without_multiplier(own.most_common(1)[0][0].strip("()"))
        return ("%" if unit.startswith(("百分之", "成", "％")) else unit), None
    if _OF_CHANGE.search(zh) or _OF_A_WHOLE.search(zh) or zh.endswith("率"):
        return "%", _guess("%")
    if draft.title.bracketed:
        bracketed = draft.title.bracketed
        raise ProjectError(f"If {bracketed!r} is the unit of {zh}, add it to schemas/codes/units.csv; else say --unit '{zh}=件'.")
    money = [unit for unit in of_table if unit.endswith("元")]
    others = [unit for unit in of_table if not unit.endswith(("元", "%"))]
    fitting = money if _OF_MONEY.search(zh) else others
    if len(fitting) == 1:
        return fitting[0], None
    if _OF_MONEY.search(zh):
        raise ProjectError(f"The unit of {zh} is not stated. Say it with --unit '{zh}=万元'.")
    for pattern, unit in ((_OF_ORGANISATIONS, "家"), (_OF_PEOPLE, "人"), (re.compile("案|起诉|收结|受理|结"), "件")):
        if pattern.search(zh):
            return unit, _guess(unit)
    return "个", _guess("个")


def _guess(unit: str) -> Text:
    return Text(f"no unit is stated; taken as {unit}", f"未注明单位，暂按“{unit}”")


def _known_unit(unit: str, title: Title, units: Sequence[Unit]) -> Unit:
    for each in units:
        if each.unit in (unit, without_multiplier(unit)):
            return each
    raise ProjectError(
        f"{unit!r}, the unit of {title.zh}, is not in schemas/codes/units.csv. Add it, or say --unit '{title.zh}=…'."
    )


def _kind(draft: Draft, unit: str, known: Unit, notation: Notation) -> str:
    """Choose the likeliest kind that all figures of a column fit."""
    zh, unread = draft.title.zh, ""
    for kind in _kinds(zh, known, draft.cells):
        read = _read(draft.cells, kind, unit, notation)
        problems = read.filter(pl.col("problem").is_not_null())
        if problems.is_empty():
            values = [value for value in read["value"].to_list() if value is not None]
            if all(_is_in_range(KINDS[kind], value) for value in values):
                return kind
            unread = f"its figures ({min(values):g} to {max(values):g}) are in the range of no kind of figure in {unit}"
        else:
            published, problem = problems.select("published", "problem").row(0)
            unread = f"{published!r} is no figure in {unit} ({problem.partition('|')[0].replace('_', ' ')})"
    raise ProjectError(f"{zh}: {unread}. Mend it, or state the unit with --unit '{zh}=…'.")


def _kinds(zh: str, known: Unit, cells: Sequence[str | None]) -> Iterator[str]:
    """Yield the kinds that a column might be of, the likeliest first."""
    if known.dimension == "percentage":
        is_signed = any(plain(cell or "").startswith(("+", "-")) for cell in cells)
        if is_signed or _OF_CHANGE.search(zh):
            yield "rate"
        elif _OF_A_WHOLE.search(zh):
            yield "share"
        else:
            yield "multiple"  # such as cases closed over cases received, which nothing keeps below a hundred
        return
    if known.dimension == "percentage_point":
        yield "rate"
        return
    if known.kind in ("count", "amount") and _PER_UNIT.search(zh):
        yield "mean"
        yield "measure"
        return
    yield known.kind
    if known.kind == "count":
        yield "mean"
    yield "measure"


def _read(cells: Sequence[str | None], kind: str, unit: str, notation: Notation) -> pl.DataFrame:
    frame = pl.DataFrame({"published": cells}, schema={"published": pl.String})
    return read_figures(frame.lazy().with_columns(kind=pl.lit(kind), declared_unit=pl.lit(unit)), notation).collect()


def _is_in_range(kind: type[Figure], value: float) -> bool:
    is_above = value > kind.minimum if kind.is_positive else value >= kind.minimum
    return is_above and (kind.maximum is None or value <= kind.maximum)


def _named(draft: Draft, kind: str, known: Unit, names: Mapping[str, str], bases: Sequence[tuple[Title, Named]]) -> Named | None:
    """Name a column as stated, or after the column whose change it is; else None."""
    zh, suffix = draft.title.zh, _suffix(kind, known)
    if zh in names:
        if not is_usable(names[zh]):
            raise ProjectError(f"{names[zh]!r} cannot be the name of {zh}: small letters, digits and _, and no word of a model.")
        return Named(names[zh], names[zh].removesuffix(suffix).replace("_", " "))
    if kind == "rate" and _OF_CHANGE.search(zh):
        base = re.sub(r"[、,，]|" + _OF_CHANGE.pattern, "", zh).removesuffix("率")
        of = next((english for title, english in reversed(bases) if title.zh == base), None)
        of = of or (bases[-1][1] if bases and not base else None)
        if of is not None:
            return Named(f"{without_unit(of.name)}_growth{suffix}", f"growth of {of.en} on a year before", of.is_known)
    return None


def _translated(draft: Draft, suffix: str, dictionary: Dictionary) -> Named:
    """Translate the title of a column, and end the name with its unit."""
    english = dictionary.translate(draft.title.zh, draft.position)
    name = english.name if english.name.endswith(suffix) else f"{english.name.removesuffix('_rate')}{suffix}"
    return (
        Named(name, english.en, english.is_known)
        if is_usable(name)
        else Named(f"column_{draft.position}{suffix}", english.en, False)
    )


def _suffix(kind: str, known: Unit) -> str:
    return "" if kind == "mean" else _SUFFIXES.get(known.dimension, "")


def without_unit(name: str) -> str:
    """Remove the unit at the end of a column's name."""
    return next((name.removesuffix(suffix) for suffix in _SUFFIXES.values() if name.endswith(suffix)), name)


def is_column_of_figures(cells: Sequence[str | None], notation: Notation) -> bool:
    """Check whether more than half of the filled cells of a column are figures.

    Cells that are not figures are errors, which are reported when the column is read.
    """
    filled = [cell for cell in cells if cell]
    return bool(filled) and sum(is_figure(cell, notation) for cell in filled) * 2 > len(filled)
