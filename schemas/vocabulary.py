"""The few words every table model is written in: kinds of columns, `figure`, `category`, `rule` and `Table`.

A kind is a pandera dtype, so a column's annotation says at once how it is stored, what it can look like, how precisely
it is printed and in which range it must lie. What a column means is said where it is declared, and nowhere else.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar

import narwhals.stable.v1 as nw
import pandera.polars as pa
import polars as pl
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

    def check(self, pandera_dtype: Any, data_container: Any = None) -> bool:
        """Accept a column of strings: pandera 0.35 compares classes of dtypes, and a kind is a class of its own."""
        return bool(polars_engine.Engine.dtype(pandera_dtype).type == pl.String)


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

        return _as_check(declared)

    return declare


def _as_check(declared: Rule) -> Any:
    """Return a rule as a pandera check: of plain columns by an expression, of figures by the evaluator of the gate."""
    claim = declared.claim
    assert claim is not None
    is_of_figures = claim.relation != "holds"

    def check(model: type[Table], data: Any) -> Any:
        if is_of_figures:
            from schemas.validation import row_verdicts  # which needs this module

            return row_verdicts(model, declared, data.lazyframe)
        if hasattr(data, "lazyframe"):
            return nw.from_native(data.lazyframe).select(claim.condition).to_native()
        return claim.condition

    return pa.dataframe_check(native=is_of_figures, name=declared.id, description=declared.reason, statistics={"rule": declared})(
        check
    )


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
        cls.__zh__, cls.__sheet__, cls.__title_rows__, cls.__note_rows__ = zh, sheet, title_rows, note_rows
        super().__init_subclass__(**keywords)  # type: ignore[no-untyped-call]

    @classmethod
    def validate(cls, check_obj: Any, *args: Any, **options: Any) -> Any:
        """Validate a frame as `etl check` does; see `schemas.validation.validate`."""
        from schemas.validation import validate  # which needs this module

        names = ("head", "tail", "sample", "random_state", "lazy", "inplace")
        return validate(cls, check_obj, **dict(zip(names, args, strict=False)), **options)

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
    """Return the checks of the range of a kind; what each tests is written once, for a column of polars, numpy, or a number."""

    def is_not_below(value: Any) -> Any:
        return value > kind.minimum if kind.is_positive else value >= kind.minimum

    def is_not_above(value: Any) -> Any:
        return value <= kind.maximum

    def check(holds: Callable[[Any], Any], name: str) -> pa.Check:
        return pa.Check(lambda data: data.lazyframe.select(holds(pl.col(data.key))), name=name, statistics={"holds": holds})

    below, above = check(is_not_below, "not-below-its-range"), check(is_not_above, "not-above-its-range")
    return (below,) if kind.maximum is None else (below, above)


def holds_of(check: pa.Check) -> Callable[[Any], Any]:
    """Return what a check of a range tests, for a number or a column of numbers."""
    assert check.statistics is not None
    holds: Callable[[Any], Any] = check.statistics["holds"]
    return holds


def is_in_range(column: Column, value: float) -> bool:
    """Tell whether a value lies in the range of a column's kind; a missing value does not."""
    return not math.isnan(value) and not broken_ranges(column, value)


def broken_ranges(column: Column, value: float) -> list[str]:
    """Return the ids of the rules of its kind's range that a value breaks."""
    kind: type[Figure] = type(column.dtype)
    return [str(check.name) for check in _ranges(kind) if not holds_of(check)(value)]


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
