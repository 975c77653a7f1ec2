"""The few words that registers are written in: kinds of columns, how rows come and go, and what they must agree with.

A register is a table of records: one row a case, a patent, a pledge; of any size. What it counts, month by month, is its
flow; where a bulletin prints the same count, the two must agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar, cast

import narwhals.stable.v1 as nw
import pandera.polars as pa
from pandera import dtypes
from pandera.engines import polars_engine
from pandera.typing import AnnotationInfo

from schemas import vocabulary
from schemas.claims import Claim
from schemas.rule_declarations import Rule, Severity
from schemas.vocabulary import Column, Meaning

# The second base is the type as pandera knows it whatever the engine; its narwhals backend looks for it there.


class Identifier(polars_engine.String, dtypes.String):
    """What a record is known by, such as a case number."""


class Name(polars_engine.String, dtypes.String):
    """What somebody is called."""


class Code(polars_engine.String, dtypes.String):
    """A code of a code list; never that of the total, for a record is of one kind."""


class Day(polars_engine.Date, dtypes.Date):
    """A day, written 2025-03-31."""


class Money(polars_engine.Decimal, dtypes.Decimal):
    """A sum of money in yuan, to the fen."""

    DIGITS, DECIMALS = 18, 2

    def __init__(self) -> None:
        super().__init__(self.DIGITS, self.DECIMALS)


class Flag(polars_engine.Bool, dtypes.Bool):
    """Yes or no."""


def identifier(zh: str, en: str, *, pattern: str) -> Any:
    """Declare what a record is known by; `pattern` is a regular expression that every engine reads alike (no `\\d`)."""
    return pa.Field(nullable=False, metadata={"meaning": Meaning(zh, en), "pattern": pattern})


def name(zh: str, en: str, *, optional: bool = False, distinct: str = "") -> Any:
    """Declare a column of names; `distinct` is the address of the figure that counts the different ones."""
    return pa.Field(nullable=optional, metadata={"meaning": Meaning(zh, en), "distinct": distinct})


def code(zh: str, en: str, *, codes: str, optional: bool = False) -> Any:
    """Declare a column of codes of the list `codes`."""
    return pa.Field(nullable=optional, metadata={"meaning": Meaning(zh, en, codes=codes)})


def day(zh: str, en: str, *, optional: bool = False) -> Any:
    """Declare a column of days."""
    return pa.Field(nullable=optional, metadata={"meaning": Meaning(zh, en)})


def amount(zh: str, en: str, *, optional: bool = False) -> Any:
    """Declare a column of sums of money in yuan, none of which is negative."""
    return pa.Field(nullable=optional, metadata={"meaning": Meaning(zh, en, unit="元")})


def flag(zh: str, en: str, *, optional: bool = False) -> Any:
    """Declare a column that says yes or no."""
    return pa.Field(nullable=optional, metadata={"meaning": Meaning(zh, en)})


TOTAL = "all"
"""The code of a list that stands for all others, which no record has."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A number that the flow of a register gives for each month: its column, and what it means."""

    column: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Flow:
    """How the records of a register come and go, which is counted by month.

    Attributes:
        by: the code columns that the counts are broken down by; the area comes first in any case.
        opens: the day on which a record comes.
        closes: the day on which it goes; blank while it has not.
        opened: what the number of those that come in a month is called.
        closed: what the number of those that go is called.
        open: what the number of those that are there is called; `_at_start` and `_at_end` are added.
        lasts: the two days between which time is measured, in the month of the second; those of coming and going by default.
        amount: an amount that is summed over what comes and what is there; empty for none.
        flag: a flag that is counted among what comes; empty for none.
        is_foreseen: whether the day of going is known when a record comes, so that it may lie ahead of all that is known.
    """

    opens: str
    closes: str
    opened: Counted
    closed: Counted
    open: Counted
    by: tuple[str, ...] = ()
    lasts: tuple[str, str] = ("", "")
    amount: str = ""
    flag: str = ""
    is_foreseen: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that the counts are broken down by."""
        return ("area", *self.by)

    @property
    def measured(self) -> tuple[str, str]:
        """The two days between which time is measured."""
        return self.lasts if self.lasts[0] else (self.opens, self.closes)


@dataclass(frozen=True, slots=True)
class Agreement:
    """That a count of a register is what a table of figures prints for the same area and period, within its interval.

    Attributes:
        rule: as which it is told.
        measure: a column of the flow; or the amount, or the flag, of what comes, or `<amount>_at_end` of what is there.
        figure: address of the printed figure, `domain.table.column`.
        only: code columns of the register held at a code.
        pins: categories of the printed figure held at a code; of the others the register has a column of the same name,
            whose codes are the parts of the printed total.
    """

    rule: Rule
    measure: str
    figure: str
    only: Mapping[str, str] = field(default_factory=dict)
    pins: Mapping[str, str] = field(default_factory=dict)

    @property
    def table(self) -> str:
        """Address of the table that prints the figure."""
        return self.figure.rpartition(".")[0]

    @property
    def column(self) -> str:
        """Column that holds the figure."""
        return self.figure.rpartition(".")[2]


def agrees(
    measure: str,
    figure: str,
    *,
    zh: str,
    reason: str,
    severity: Severity = "error",
    only: Mapping[str, str] | None = None,
    pins: Mapping[str, str] | None = None,
) -> Agreement:
    """Declare that a count of a register is the printed figure at `figure`; the rule is named after the count."""
    rule = Rule(f"{measure.replace('_', '-')}-is-as-published", reason, zh, severity)
    return Agreement(rule, measure, figure, only or {}, pins or {})


@dataclass(frozen=True, slots=True)
class GroupRule:
    """A rule of groups of records: a claim about what they come to.

    Attributes:
        rule: the rule, whose claim names the measures.
        by: the columns that the records of a group share.
        month: a day whose month they share too; empty for none.
        measures: by name, what is computed of each group, over columns of the register.
    """

    rule: Rule
    by: tuple[str, ...]
    measures: Mapping[str, nw.Expr]
    month: str = ""


def of_groups(
    rule_id: str,
    claim: Claim,
    *,
    zh: str,
    reason: str,
    by: tuple[str, ...],
    measures: Mapping[str, nw.Expr],
    month: str = "",
    severity: Severity = "error",
    source: str = "",
) -> GroupRule:
    """Declare a rule of groups of records, which have the same `by` and, where `month` names a day, the same month."""
    return GroupRule(Rule(rule_id, reason, zh, severity, claim, source), by, measures, month)


class Register(pa.DataFrameModel):
    """What every register has: an area, and a key by which a record is known.

    A subclass is named as its table, in CamelCase, and states its Chinese title, its key, its flow and what it must agree
    with: `class Cases(Register, zh="…", key=("case_number",), flow=Flow(…))`.
    """

    __zh__: ClassVar[str] = ""
    __flow__: ClassVar[Flow | None] = None
    __agreements__: ClassVar[tuple[Agreement, ...]] = ()
    __groups__: ClassVar[tuple[GroupRule, ...]] = ()

    area: Code = code("地区", "area", codes="areas")

    def __init_subclass__(
        cls,
        zh: str = "",
        key: tuple[str, ...] = (),
        flow: Flow | None = None,
        agreements: tuple[Agreement, ...] = (),
        groups: tuple[GroupRule, ...] = (),
        **keywords: Any,
    ) -> None:
        cls.__zh__, cls.__flow__ = zh or cls.__zh__, flow or cls.__flow__
        cls.__agreements__, cls.__groups__ = (*cls.__agreements__, *agreements), (*cls.__groups__, *groups)
        if key:
            cls.Config = type("Config", (pa.DataFrameModel.Config,), {"unique": list(key)})
        super().__init_subclass__(**keywords)  # type: ignore[no-untyped-call]

    @classmethod
    def _build_columns(cls, fields: dict[str, tuple[AnnotationInfo, Any]], checks: dict[str, Any]) -> dict[str, Any]:
        """Give pandera's columns, each with the checks of its kind."""
        columns = super()._build_columns(fields, checks)
        for column in columns.values():
            if isinstance(column.dtype, Identifier):
                column.checks.append(pa.Check.str_matches(column.metadata["pattern"], name="identifier-is-well-formed"))
            if isinstance(column.dtype, Name):
                column.checks.append(pa.Check.str_matches(r"^[^\r\n]+$", name="name-is-one-line"))
            if isinstance(column.dtype, Money):
                column.checks.append(pa.Check.ge(0, name="not-below-its-range"))
        return columns


@cache
def columns(model: type[Register]) -> tuple[Column, ...]:
    """Give the columns of a model, those of its key first, then in the order of declaration."""
    declared = model.to_schema().columns.items()
    found = [Column(name, column.dtype, column.metadata["meaning"], bool(column.nullable)) for name, column in declared]
    return tuple(sorted(found, key=lambda column: column.name not in key(model)))


def key(model: type[Register]) -> tuple[str, ...]:
    """Give the names of the columns that together tell one record from another."""
    return tuple(model.to_schema().unique or ())


def flow(model: type[Register]) -> Flow:
    """Give how the records of a register come and go.

    Raises:
        TypeError: the model does not say.
    """
    if model.__flow__ is None:
        raise TypeError(f"The register {model.__name__} has no flow; say how its records come and go.")
    return model.__flow__


@cache
def row_rules(model: type[Register]) -> tuple[Rule, ...]:
    """Give the rules of rows that are declared on a model."""
    return tuple(check.statistics["rule"] for check in model.to_schema().checks if "rule" in (check.statistics or {}))


def declared_rules(model: type[Register]) -> tuple[Rule, ...]:
    """Give the rules that are declared on a model: of rows, of groups and of agreement."""
    return (*row_rules(model), *(each.rule for each in model.__groups__), *(each.rule for each in model.__agreements__))


def titles(model: type[Register]) -> tuple[str, str]:
    """Give a register's title in Chinese and English; the English one is the docstring up to its first full stop."""
    return vocabulary.titles(cast(type[vocabulary.Table], model))
