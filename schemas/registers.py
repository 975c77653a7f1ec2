"""Declare registers: columns, flow of records, agreement with published figures.

A register is a table of records of any size: one row a case, a patent, a pledge. Its flow is what it counts by month; where
a bulletin prints the same count, the two must agree.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar, cast

import pandera.polars as pa
from pandera import dtypes
from pandera.engines import polars_engine
from pandera.typing import AnnotationInfo

from schemas import models
from schemas.flows import Agreement, Flow, GroupRule
from schemas.models import Column, Meaning
from schemas.rule_declarations import Rule
from schemas.texts import DeclarationError

# The second base is the type as pandera knows it whatever the engine; its narwhals backend looks for it there.


class Identifier(polars_engine.String, dtypes.String):
    """Identifier of a record, such as a case number."""


class Name(polars_engine.String, dtypes.String):
    """Name of a person or an organisation."""


class Code(polars_engine.String, dtypes.String):
    """Code of a code list; never that of the total, for a record is of one kind."""


class Day(polars_engine.Date, dtypes.Date):
    """Day, written 2025-03-31."""


class Money(polars_engine.Decimal, dtypes.Decimal):
    """Sum of money in yuan, to the fen."""

    DIGITS, DECIMALS = 18, 2

    def __init__(self) -> None:
        super().__init__(self.DIGITS, self.DECIMALS)


class Flag(polars_engine.Bool, dtypes.Bool):
    """Yes or no."""


def identifier(zh: str, en: str, *, pattern: str) -> Any:
    """Declare an identifier; every engine must read its pattern alike (no `\\d`)."""
    return pa.Field(nullable=False, metadata={"meaning": Meaning(zh, en), "pattern": pattern})


def name(zh: str, en: str, *, optional: bool = False, distinct: str = "") -> Any:
    """Declare a column of names; `distinct` addresses the figure that counts them."""
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
    """Declare a column of yes or no."""
    return pa.Field(nullable=optional, metadata={"meaning": Meaning(zh, en)})


TOTAL = "all"
"""The code of a list that stands for all others, which no record has."""


class Register(pa.DataFrameModel):
    """Base of every register: an area, and a key by which a record is known.

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
        """Build pandera's columns, each with the checks of its kind."""
        columns = super()._build_columns(fields, checks)
        for column in columns.values():
            match column.dtype:
                case Identifier():
                    column.checks.append(pa.Check.str_matches(column.metadata["pattern"], name="identifier-is-well-formed"))
                case Name():
                    column.checks.append(pa.Check.str_matches(r"^[^\r\n]+$", name="name-is-one-line"))
                case Money():
                    column.checks.append(pa.Check.ge(0, name="not-below-its-range"))
        return columns


@cache
def columns(model: type[Register]) -> tuple[Column, ...]:
    """List the columns of a model in the order of declaration, those of its key first."""
    declared = model.to_schema().columns.items()
    found = [Column(name, column.dtype, column.metadata["meaning"], bool(column.nullable)) for name, column in declared]
    return tuple(sorted(found, key=lambda column: column.name not in key(model)))


def key(model: type[Register]) -> tuple[str, ...]:
    """Name the columns that together tell one record from another."""
    return tuple(model.to_schema().unique or ())


def flow(model: type[Register]) -> Flow:
    """Return how the records of a register come and go.

    Raises:
        TypeError: the model does not say.
    """
    if model.__flow__ is None:
        raise DeclarationError(
            f"The register {model.__name__} has no flow; say how its records come and go.",
            f"登记簿 {model.__name__} 没有声明流量；请写明记录如何增减。",
        )
    return model.__flow__


@cache
def row_rules(model: type[Register]) -> tuple[Rule, ...]:
    """List the rules of rows that are declared on a model."""
    return tuple(check.statistics["rule"] for check in model.to_schema().checks if "rule" in (check.statistics or {}))


def declared_rules(model: type[Register]) -> tuple[Rule, ...]:
    """List the rules that a model declares: of rows, of groups and of agreement."""
    return (*row_rules(model), *(each.rule for each in model.__groups__), *(each.rule for each in model.__agreements__))


def titles(model: type[Register]) -> tuple[str, str]:
    """Return a register's titles: Chinese, and English from its docstring."""
    return models.titles(cast(type[models.Table], model))
