"""The few words every table model is written in: kinds of columns, `figure`, `category`, `rule` and `Table`.

A kind is a pandera dtype, so a column's annotation says at once how it is stored, what it can look like, how precisely
it is printed and in which range it must lie. What a column means is said where it is declared, and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

import narwhals.stable.v1 as nw
import pandera.polars as pa
from pandera.engines import polars_engine
from pandera.typing import AnnotationInfo

from schemas.claims import Claim
from schemas.rule_declarations import GRIM, thresholds
from schemas.rule_declarations import Rule as Rule
from schemas.rule_declarations import Severity as Severity


class Figure(polars_engine.Float64):
    """A printed number, read as a value with bounds in the base unit of its column."""

    kind: ClassVar[str]
    minimum: ClassVar[float] = 0
    is_positive: ClassVar[bool] = False
    maximum: ClassVar[float | None] = None


class Count(Figure):
    """A number of whole things; exact when printed in full."""

    kind = "count"


class Amount(Figure):
    """A sum of money; yuan unless the unit says otherwise."""

    kind = "amount"


class Share(Figure):
    """A part of a whole, in percent."""

    kind = "share"
    maximum = 100


class Rate(Figure):
    """A change against an earlier level, in percent; nothing can fall by more than all of it."""

    kind = "rate"
    minimum = -100


class Mean(Figure):
    """An average over some number of units."""

    kind = "mean"
    is_positive = True


class Duration(Figure):
    """A length of time."""

    kind = "duration"
    is_positive = True


class Score(Figure):
    """A mark out of a hundred."""

    kind = "score"
    maximum = 100


class Multiple(Figure):
    """How many times one quantity is another."""

    kind = "multiple"


class Measure(Figure):
    """A physical quantity, such as an area of land."""

    kind = "measure"


class Label(polars_engine.String):
    """A column that says which row this is, or where it is from."""


class Area(Label):
    """An area, by its GB/T 2260 code."""


class Period(Label):
    """A span of time: `2025`, `2024-H1`, `2024-Q3`, `2023-02` or `2021-07/2024-06`."""


class Category(Label):
    """A code of a code list, part of the key."""


class Source(Label):
    """The document a row comes from."""


class Section(Label):
    """The section of that document."""


class Revision(Label):
    """Whether the document corrects what was printed before; blank in a first print and in a reprint without change."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a column means, stated once.

    Attributes:
        zh: Chinese name, also accepted as a header.
        en: English name.
        unit: unit in which a bare number is read; empty for labels.
        codes: code list of a category or area; empty for figures.
    """

    zh: str
    en: str
    unit: str = ""
    codes: str = ""


def figure(zh: str, en: str, unit: str, *, optional: bool = False) -> Any:
    """Declare a figure column; `optional` lets a row leave it blank."""
    return pa.Field(nullable=optional, metadata={"meaning": Meaning(zh, en, unit=unit)})


def label(zh: str, en: str, *, codes: str = "", optional: bool = False) -> Any:
    """Declare a label column, whose cells are codes of the list `codes` where one is named; `optional` lets it be blank."""
    return pa.Field(nullable=optional, metadata={"meaning": Meaning(zh, en, codes=codes)})


def rule(
    *,
    zh: str,
    severity: Severity | None = None,
    source: str = "",
    warn_if: int | str | None = None,
    error_if: int | str | None = None,
) -> Callable[[Callable[[Any], Claim]], Any]:
    """Declare a method that returns a claim as a rule of its table; its docstring is the reason.

    It is an error unless `severity` says otherwise, or thresholds do: above `error_if` broken rows (a number such as 3, or a
    part of those it applies to such as "1%") error, above `warn_if` warning, else information.
    """

    def declare(method: Callable[[Any], Claim]) -> Any:
        rule_id = method.__name__.replace("_", "-")
        reason = " ".join((method.__doc__ or "").split())
        if not reason:
            raise TypeError(f"The rule {rule_id} has no docstring; say why it must hold.")
        try:
            limits = thresholds(warn_if, error_if)
        except ValueError as error:
            raise TypeError(f"The rule {rule_id}: {error}.") from None
        if limits and severity:
            raise TypeError(f"The rule {rule_id} has a severity and thresholds, which decide it; declare either.")
        worst = limits.worst if limits else severity or "error"
        claim = method(None)
        origin = source or (GRIM if claim.relation == "whole" else "")
        declared = Rule(rule_id, reason, zh, worst, claim, origin, limits)

        def check(model: type[Table], frame: nw.LazyFrame[Any]) -> nw.Expr:
            return claim.holds()

        return pa.dataframe_check(native=False, name=rule_id, description=reason, statistics={"rule": declared})(check)

    return declare


class Table(pa.DataFrameModel):
    """What every table has: one row per area, period, categories and source.

    A subclass is named as its table, in CamelCase, states its Chinese title (`class Caseload(Table, zh="…")`), and adds
    its categories, its figures and its rules. Where its raw file is a workbook it may state the name of the `sheet`, and
    how many `title_rows` stand above the header and `note_rows` below the data, which are found where it does not.
    """

    __zh__: ClassVar[str] = ""
    __sheet__: ClassVar[str] = ""
    __title_rows__: ClassVar[int | None] = None
    __note_rows__: ClassVar[int | None] = None

    area: Area = label("地区", "area", codes="areas")
    period: Period = label("时期", "period")
    source: Source = label("来源", "source document")
    section: Section = label("章节", "section of the document")
    revision: Revision = label("修订", "whether the row revises what was printed before", codes="revisions", optional=True)

    def __init_subclass__(
        cls, zh: str = "", sheet: str = "", title_rows: int | None = None, note_rows: int | None = None, **keywords: Any
    ) -> None:
        cls.__zh__, cls.__sheet__ = zh or cls.__zh__, sheet or cls.__sheet__
        cls.__title_rows__ = cls.__title_rows__ if title_rows is None else title_rows
        cls.__note_rows__ = cls.__note_rows__ if note_rows is None else note_rows
        super().__init_subclass__(**keywords)  # type: ignore[no-untyped-call]

    @classmethod
    def _build_columns(cls, fields: dict[str, tuple[AnnotationInfo, Any]], checks: dict[str, Any]) -> dict[str, Any]:
        """Give pandera's columns, each with the range of its kind."""
        columns = super()._build_columns(fields, checks)
        for column in columns.values():
            if isinstance(column.dtype, Figure):
                column.checks += _ranges(type(column.dtype))
        return columns


@cache
def _ranges(kind: type[Figure]) -> tuple[pa.Check, ...]:
    """Give the checks of the range of a kind, each written once and used twice: over an expression, and over a number."""

    def is_not_below(value: Any) -> Any:
        return value > kind.minimum if kind.is_positive else value >= kind.minimum

    def is_not_above(value: Any) -> Any:
        return value <= kind.maximum

    below = pa.Check(is_not_below, native=False, name="not-below-its-range", statistics={"holds": is_not_below})
    above = pa.Check(is_not_above, native=False, name="not-above-its-range", statistics={"holds": is_not_above})
    return (below,) if kind.maximum is None else (below, above)


@dataclass(frozen=True, slots=True)
class Column:
    """A declared column.

    Attributes:
        name: as declared, also the header in the raw file.
        dtype: the kind, an instance of one of the kinds of this module.
        meaning: what it means.
        optional: whether a row may leave it blank.
    """

    name: str
    dtype: Any
    meaning: Meaning
    optional: bool

    @property
    def is_figure(self) -> bool:
        """Whether the column holds printed figures."""
        return isinstance(self.dtype, Figure)


@cache
def columns(model: type[Table]) -> tuple[Column, ...]:
    """Give the columns of a model in the order of its declaration, provenance last."""
    found = [
        Column(name, column.dtype, column.metadata["meaning"], bool(column.nullable))
        for name, column in model.to_schema().columns.items()
    ]
    return tuple(sorted(found, key=lambda column: isinstance(column.dtype, Source | Section | Revision)))


def figures(model: type[Table]) -> tuple[Column, ...]:
    """Give the figure columns of a model."""
    return tuple(column for column in columns(model) if column.is_figure)


def key(model: type[Table]) -> tuple[str, ...]:
    """Give the names of the columns that together tell one row from another: area, period, categories, source."""
    return tuple(c.name for c in columns(model) if isinstance(c.dtype, Area | Period | Category | Source))


@cache
def rules(model: type[Table]) -> tuple[Rule, ...]:
    """Give the rules declared on a model, in the order of their declaration."""
    return tuple(check.statistics["rule"] for check in model.to_schema().checks)


def titles(model: type[Table]) -> tuple[str, str]:
    """Give a table's title in Chinese and English; the English one is the docstring up to its first full stop."""
    first = re.split(r"\.(?:\s|$)", " ".join((model.__doc__ or "").split()), maxsplit=1)[0]
    return model.__zh__, first
