"""Code lists of `schemas/codes/`: units, hedges, areas, courts and others.

A code list is a CSV file, so that a list grows without a change of code. This module needs only the standard library, so that
names can be looked up without a data frame library. A project may have lists of its own, and add to these
(`schemas.project_code_lists`).
"""

from __future__ import annotations

import functools
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import cast, get_args

from schemas.financial_years import FinancialYear, read_financial_years
from schemas.notation_faults import Bound as Bound
from schemas.notation_faults import HedgePosition as HedgePosition
from schemas.notation_faults import MarkPosition as MarkPosition
from schemas.project_code_lists import AREAS, CODES, FINANCIAL_YEARS, CodeRow, merge_code_list, read_rows
from schemas.texts import TextError, UnknownListError


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as printed, and its factor to the base unit.

    A number of it, times `times` and over `over`, is a number of the base unit.

    Attributes:
        unit: as printed, without 万 or 亿, which belong to the number.
        dimension: what it measures; figures of different dimensions never mix.
        kind: of a figure printed in it that stands in no column, which says whether it is exact when printed in full.
        base: the unit in which its dimension is stored.
        times: numerator of the factor to the base unit.
        over: denominator of that factor.
        en: English name of the base unit.
        zh: Chinese name of the base unit.
    """

    unit: str
    dimension: str
    kind: str
    base: str
    times: int
    over: int
    en: str
    zh: str


@dataclass(frozen=True, slots=True)
class Hedge:
    """A word beside a number that says how far the number may be from the truth.

    Attributes:
        hedge: as printed.
        position: before the number, inside it (between the digits and the unit), or after the unit.
        bound: what the printed number is to the true one.
        en: English rendering.
    """

    hedge: str
    position: HedgePosition
    bound: Bound
    en: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark of a statistical table, and what it says.

    Attributes:
        mark: as printed.
        position: alone in a cell that has no figure, or before or after a figure.
        status: code of the list `obs_status`, SDMX's OBS_STATUS.
        conf_status: code of the list `conf_status`, SDMX's CONF_STATUS.
    """

    mark: str
    position: MarkPosition
    status: str
    conf_status: str


@dataclass(frozen=True, slots=True)
class Code:
    """A code that stands for something, and its names.

    Attributes:
        code: as stored.
        zh: Chinese name.
        en: English name.
        aliases: other names that a raw table may use for it.
        parent: code of what encloses it, where the list has such a column; else empty.
    """

    code: str
    zh: str
    en: str
    aliases: tuple[str, ...]
    parent: str


@dataclass(frozen=True, eq=False)
class CodeLists:
    """The package's code lists, merged with a project's; each list is read once.

    Attributes:
        folder: the folder of the project's lists; None for the package's lists alone.
    """

    folder: Path | None = None

    def names(self) -> tuple[str, ...]:
        """List the names of all code lists."""
        return tuple(sorted({each.stem for place in (CODES, self.folder) if place for each in place.glob("*.csv")}))

    def verify(self) -> None:
        """Read every list of the project.

        Raises:
            ValueError, OSError: one cannot be read, or contradicts the package's.
        """
        names = sorted(each.stem for each in self.folder.glob("*.csv") if each.name[0] != ".") if self.folder else []
        for name in names:
            self.rows(name)
        if {"units", "hedges", "marks"} & {*names}:
            _ = self.units, self.hedges, self.marks

    @cached_property
    def rows(self) -> Callable[[str], tuple[Mapping[str, str], ...]]:
        """Return the rows of a code list in its order, as mappings of column to text.

        Raises:
            LookupError: there is no such list.
            ValueError: the project's list cannot be read, or contradicts the package's.
        """
        return functools.cache(self._read)

    def _read(self, name: str) -> tuple[Mapping[str, str], ...]:
        path = CODES / f"{name}.csv"
        own = self.folder / path.name if self.folder else None
        rows: list[CodeRow] = read_rows(path) if path.is_file() else []
        if own and os.path.lexists(own):
            rows = merge_code_list(rows, own, own.parents[2])
        elif not path.is_file():
            names = self.names()
            raise UnknownListError(
                f"No code list {name!r}. There are: {', '.join(names)}.", f"没有代码表“{name}”。现有：{'、'.join(names)}。"
            )
        return tuple(map(MappingProxyType, rows))

    @cached_property
    def codes(self) -> Callable[[str], tuple[Code, ...]]:
        """Return the codes of the list of a name, in its order.

        Raises:
            LookupError, ValueError: as for `rows`.
        """
        return functools.cache(lambda name: tuple(map(_code, self.rows(name))))

    @cached_property
    def by_code(self) -> Callable[[str], Mapping[str, Code]]:
        """Return the codes of the list of a name, by code."""
        return functools.cache(lambda name: {each.code: each for each in self.codes(name)})

    @cached_property
    def code_of_name(self) -> Callable[[str], Mapping[str, str]]:
        """Map each code, name and alias of a code list to its code."""
        return functools.cache(
            lambda name: {text: each.code for each in self.codes(name) for text in (*each.aliases, each.en, each.zh, each.code)}
        )

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """Every unit that a figure may be printed in."""
        return tuple(map(_unit, self.rows("units")))

    @cached_property
    def hedges(self) -> tuple[Hedge, ...]:
        """Every hedge that a figure may be printed with.

        Raises:
            ValueError: a hedge has an unknown position or bound.
        """
        return tuple(map(_hedge, self.rows("hedges")))

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """Every mark that may stand in place of a figure, or beside one."""
        return tuple(
            Mark(row["mark"], cast(MarkPosition, row["position"]), row["status"], row["conf_status"])
            for row in self.rows("marks")
        )

    @cached_property
    def financial_years(self) -> Mapping[str, FinancialYear]:
        """How each notation of financial years is read."""
        return read_financial_years(self.rows(FINANCIAL_YEARS))

    @property
    def states_financial_years(self) -> bool:
        """Whether the project says how financial years are read."""
        return self.folder is not None and (self.folder / f"{FINANCIAL_YEARS}.csv").is_file()

    @cached_property
    def units_by_name(self) -> Mapping[str, Unit]:
        """The units by the text that is printed."""
        return {each.unit: each for each in self.units}

    @cached_property
    def parents(self) -> Mapping[str, str | None]:
        """The area that encloses each area; None for the outermost."""
        return {each.code: each.parent or None for each in self.codes(AREAS)}

    def base_unit(self, unit: str) -> str:
        """Return the unit in which figures of a declared unit, such as 万元, are stored."""
        known = self.units_by_name.get(unit) or self.units_by_name.get(unit.lstrip("万亿"))
        return known.base if known else unit


PACKAGE_LISTS = CodeLists()
"""The code lists of the package, without those of any project."""


def _code(row: Mapping[str, str]) -> Code:
    return Code(row["code"], row["zh"], row["en"], tuple(filter(None, row["aliases"].split("|"))), row.get("parent", ""))


def _unit(row: Mapping[str, str]) -> Unit:
    return Unit(
        unit=row["unit"],
        dimension=row["dimension"],
        kind=row["kind"],
        base=row["base"],
        times=int(row["times"]),
        over=int(row["over"]),
        en=row["en"],
        zh=row["zh"],
    )


def _hedge(row: Mapping[str, str]) -> Hedge:
    position, bound = row["position"], row["bound"]
    if position not in get_args(HedgePosition) or bound not in get_args(Bound):
        raise TextError(
            f"The hedge {row['hedge']!r} has an unknown position {position!r} or bound {bound!r}.",
            f"修饰词“{row['hedge']}”的 position（{position}）或 bound（{bound}）不在可用值之列。",
        )
    return Hedge(row["hedge"], cast(HedgePosition, position), cast(Bound, bound), row["en"])
