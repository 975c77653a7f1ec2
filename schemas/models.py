"""Declare table models: kinds of columns, `figure`, `label`, `rule` and `Table`.

A column states its kind, its meaning, its unit and its relations to other columns where it stands, and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar, Unpack

import narwhals.stable.v1 as nw
import pandera.polars as pa
from pandera.typing import AnnotationInfo

from schemas.constraints import Constraint
from schemas.kinds import (
    USUAL_FACTORS,
    Amount,
    Area,
    Category,
    Column,
    Count,
    Duration,
    Figure,
    Immutable,
    Label,
    Mean,
    Meaning,
    Measure,
    Multiple,
    Period,
    Rate,
    Revision,
    Score,
    Section,
    Share,
    Source,
)
from schemas.ranges import broken_ranges, holds_of, is_in_range, ranges_of
from schemas.relation_rules import expand
from schemas.relations import NamedRelation, Relation, Words, relation, share
from schemas.rule_declarations import GRIM, Rule, Severity, thresholds
from schemas.texts import DeclarationError, TextError

__all__ = ["Amount", "Area", "Category", "Column", "Count", "Duration", "Figure", "Label", "Mean", "Meaning", "Measure"]
__all__ += ["Multiple", "Period", "Rate", "Relation", "Revision", "Rule", "Score", "Section", "Severity", "Share", "Source"]
__all__ += [
    "Table",
    "broken_ranges",
    "columns",
    "figure",
    "figures",
    "holds_of",
    "is_in_range",
    "key",
    "label",
    "relation",
    "relations",
    "rule",
    "rules",
    "share",
    "titles",
]


class _Declared(Immutable, dict[str, Any]):
    """What is declared of a column."""


def figure(
    name_zh: str,
    name_en: str,
    unit: str,
    /,
    *,
    optional: bool = False,
    factors: tuple[float, float] = USUAL_FACTORS,
    reason: str = "",
    zh: str = "",
    **words: Unpack[Words],
) -> Any:
    """Declare a figure column, and its relations to others by the words of `Words`.

    `optional` lets a row leave it blank. `factors` are those by which the figure may change in a year before that is an
    information, and a warning. Where a single rule follows from its words, `reason` and `zh` (the statement in Chinese)
    replace the texts that are made of the names.
    """
    meaning = Meaning(name_zh, name_en, unit=unit, factors=factors)
    declared = _Declared(meaning=meaning, words=words, texts={"reason": reason, "zh": zh})
    return pa.Field(nullable=optional, metadata=declared)


def label(zh: str, en: str, *, codes: str = "", parts: tuple[str, ...] = (), optional: bool = False) -> Any:
    """Declare a label column.

    Its cells are codes of the list `codes`, where one is named; those in `parts` make up the code `all`, without overlap.
    `optional` lets a row leave it blank.
    """
    return pa.Field(nullable=optional, metadata=_Declared(meaning=Meaning(zh, en, codes=codes, parts=parts)))


def rule(
    *,
    zh: str,
    severity: Severity | None = None,
    source: str = "",
    warn_if: int | str | None = None,
    error_if: int | str | None = None,
) -> Callable[[Callable[[Any], Constraint]], Any]:
    """Declare a method that returns a constraint as a rule; its docstring is why.

    It is an error unless `severity` says otherwise, or thresholds do: above `error_if` broken rows (a number such as 3, or a
    part of those it applies to such as "1%") error, above `warn_if` warning, else information.
    """

    def declare(method: Callable[[Any], Constraint]) -> Any:
        rule_id = method.__name__.replace("_", "-")
        reason = " ".join((method.__doc__ or "").split())
        if not reason:
            raise DeclarationError(
                f"The rule {rule_id} has no docstring; say why it must hold.", f"规则 {rule_id} 没有文档字符串；请写明其理由。"
            )
        try:
            limits = thresholds(warn_if, error_if)
        except TextError as error:
            why = error.text
            raise DeclarationError(f"The rule {rule_id}: {why.en}.", f"规则 {rule_id}：{why.zh}。") from None
        if limits and severity:
            raise DeclarationError(
                f"The rule {rule_id} has a severity and thresholds, which decide it; declare either.",
                f"规则 {rule_id} 既有严重程度又有阈值，而阈值决定严重程度；请只声明其一。",
            )
        worst = limits.worst if limits else severity or "error"
        constraint = method(None)
        origin = source or (GRIM if constraint.relation == "whole" else "")
        return as_check(Rule(rule_id, reason, zh, worst, constraint, origin, limits))

    return declare


def as_check(declared: Rule) -> Any:
    """Make a pandera check of a rule, which calls the gate's evaluator for figures."""
    constraint = declared.constraint
    assert constraint is not None
    is_of_figures = constraint.relation != "holds"

    def check(model: type[Table], data: Any) -> Any:
        if is_of_figures:
            from schemas.validation import row_verdicts  # which needs this module

            return row_verdicts(model, declared, data.lazyframe)
        if hasattr(data, "lazyframe"):
            return nw.from_native(data.lazyframe).select(constraint.condition).to_native()
        return constraint.condition

    return pa.dataframe_check(native=is_of_figures, name=declared.id, description=declared.reason, statistics={"rule": declared})(
        check
    )


class Table(pa.DataFrameModel):
    """Base of all table models: one row per area, period, categories and source.

    A subclass is named as its table, in CamelCase, states its Chinese title (`class Caseload(Table, zh="…")`), and adds
    its categories, its figures and its rules. Where its raw file is a workbook it may state the name of the `sheet`, and
    how many `title_rows` stand above the header and `note_rows` below the data, which are found where it does not.
    """

    __zh__: ClassVar[str] = ""
    __sheet__: ClassVar[str] = ""
    __title_rows__: ClassVar[int | None] = None
    __note_rows__: ClassVar[int | None] = None
    __of_columns__: ClassVar[tuple[Relation, ...]] = ()
    __named__: ClassVar[tuple[Relation, ...]] = ()

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
        _expand_relations(cls)

    @classmethod
    def _collect_check_infos(cls, key: str) -> list[Any]:
        """Collect pandera's checks: of relations of columns, then of the class body."""
        of_columns = (as_check(rule) for each in cls.__of_columns__ for rule in each.rules)
        infos = (getattr(check, key, None) for check in of_columns)
        return [*filter(None, infos), *super()._collect_check_infos(key)]

    @classmethod
    def validate(cls, check_obj: Any, *args: Any, **options: Any) -> Any:
        """Validate a frame as `etl check` does; see `schemas.validation.validate`."""
        from schemas.validation import validate  # which needs this module

        names = ("head", "tail", "sample", "random_state", "lazy", "inplace")
        return validate(cls, check_obj, **dict(zip(names, args, strict=False)), **options)

    @classmethod
    def _build_columns(cls, fields: dict[str, tuple[AnnotationInfo, Any]], checks: dict[str, Any]) -> dict[str, Any]:
        """Return pandera's columns, each with the range of its kind."""
        columns = super()._build_columns(fields, checks)
        for column in columns.values():
            if isinstance(column.dtype, Figure):
                column.checks += ranges_of(type(column.dtype))
        return columns


def _expand_relations(model: type[Table]) -> None:
    """Expand the relations of a model into rules; a named one becomes a check.

    Raises:
        TypeError: a column has no meaning, a relation names what is not there, or two rules have the same id.
    """
    found: dict[str, Column] = {}
    declarations: dict[str, tuple[Words, dict[str, str]]] = {}
    for annotation, field in model.__fields__.values():
        declared = field.metadata or {}
        if "meaning" not in declared:
            raise DeclarationError(
                f"The column {field.name} of {model.__name__} has no meaning; declare it by figure() or label().",
                f"{model.__name__} 的列 {field.name} 没有释义；请用 figure() 或 label() 声明。",
            )
        found[field.name] = Column(field.name, annotation.raw_annotation(), declared["meaning"], bool(field.nullable))
        declarations[field.name] = declared.get("words", {}), declared.get("texts", {})
    model.__of_columns__ = tuple(
        each for name, (words, texts) in declarations.items() for each in expand(found[name], words, found, **texts)
    )
    for name, each in [(name, each) for name, each in vars(model).items() if isinstance(each, NamedRelation)]:
        if each.column not in found:
            raise DeclarationError(
                f"The relation {name} is declared of {each.column}, and there is no column of that name.",
                f"关系 {name} 声明于列 {each.column}，而没有该列。",
            )
        (plain,) = expand(found[each.column], each.words, found)
        named = plain.restate(rule_id=name.replace("_", "-"), severity=each.severity, reason=each.reason, zh=each.zh)
        setattr(model, name, as_check(named.rules[0]))
        model.__named__ += (named,)
    ids = [rule.id for each in model.__of_columns__ for rule in each.rules]
    for rule_id in ids:
        if ids.count(rule_id) > 1 or hasattr(model, rule_id.replace("-", "_")):
            raise DeclarationError(
                f"The rule {rule_id} is declared twice; give one of them another name: a method its own, a relation"
                " of a column one by relation().",
                f"规则 {rule_id} 重复声明；请给其一另取名称：方法改名，列的关系用 relation() 命名。",
            )


@cache
def columns(model: type[Table]) -> tuple[Column, ...]:
    """List the columns of a model in the order of its declaration, provenance last."""
    found = [
        Column(name, column.dtype, column.metadata["meaning"], bool(column.nullable))
        for name, column in model.to_schema().columns.items()
    ]
    return tuple(sorted(found, key=lambda column: isinstance(column.dtype, Source | Section | Revision)))


def figures(model: type[Table]) -> tuple[Column, ...]:
    """List the figure columns of a model."""
    return tuple(column for column in columns(model) if column.is_figure)


def key(model: type[Table]) -> tuple[str, ...]:
    """Name the columns that identify a row: area, period, categories, source."""
    return tuple(c.name for c in columns(model) if isinstance(c.dtype, Area | Period | Category | Source))


@cache
def rules(model: type[Table]) -> tuple[Rule, ...]:
    """List the rules of a model: of relations of its columns, then its methods."""
    return tuple(check.statistics["rule"] for check in model.to_schema().checks)


def relations(model: type[Table]) -> tuple[Relation, ...]:
    """List the relations of a model: those of its columns, then the named ones."""
    return (*model.__of_columns__, *model.__named__)


def titles(model: type[Table]) -> tuple[str, str]:
    """Return a table's titles: Chinese, and English from its docstring."""
    first = re.split(r"\.(?:\s|$)", " ".join((model.__doc__ or "").split()), maxsplit=1)[0]
    return model.__zh__, first
