"""Lint rules before there is data: every name exists, and each rule can fail.

The idea is that of the R packages validate and validatetools: a rule set is checked for rules that contradict, double or
say nothing. What needs a linear program is in `etl.rules.systems`.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import cast

from etl.catalogue import IS_REGISTER, Catalogue, Entry
from etl.errors import ProjectError, did_you_mean
from etl.project_extensions import module_name
from etl.rules.scopes import RowKind, Scopes, scopes
from schemas.constraints import Cell, Constraint, Number, Operation, Term
from schemas.models import Category, Column, Rule, Severity, Table, columns, rules
from schemas.rules import first_of
from schemas.texts import Language, Text, joined

Models = Mapping[str, type[Table]]
CanonicalForm = tuple[object, ...]

KINDS: dict[str, Text] = {
    "names-unknown-table": Text("names a table that is not there", "引用了不存在的表"),
    "names-unknown-column": Text("names a column that is not there", "引用了不存在的列"),
    "names-unknown-code": Text("names a code that its list does not have", "引用了代码表中没有的代码"),
    "leaves-category-open": Text("leaves a category of another table open", "未指明另一张表的分类"),
    "cannot-be-evaluated": Text("has a condition that cannot be evaluated", "条件无法求值"),
    "can-never-run": Text("can never run", "永远不会执行"),
    "can-never-fail": Text("can never fail", "永远不会不通过"),
    "can-never-hold": Text("can never hold", "永远不可能成立"),
    "doubles-another": Text("doubles another rule", "与另一条规则重复"),
    "contradicts-others": Text("contradicts other rules", "与其他规则矛盾"),
    "follows-from-others": Text("follows from other rules", "可由其他规则推出"),
    "fixes-a-value": Text("leaves a column one value only", "使某列只能取一个值"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """A defect of a rule.

    Attributes:
        kind: one of `KINDS`.
        address: of the table that declares the rule.
        model: name of its class.
        rule: id of the rule.
        file: the schema file.
        detail: what exactly.
        severity: an error stops every check; information suggests a simplification.
    """

    kind: str
    address: str
    model: str
    rule: str
    file: str
    detail: Text
    severity: Severity = "error"

    def line(self, language: Language) -> str:
        """Format the problem as one line."""
        where = f"{self.file}: {self.model}.{self.rule.replace('-', '_')}: {self.severity}[{self.kind}]"
        colon = "：" if language == "zh" else ": "
        return f"{where} {KINDS[self.kind].in_language(language)}{colon}{self.detail.in_language(language)}"


def problem_of(kind: str, entry: Entry, rule: str, en: str, zh: str, severity: Severity = "error") -> Problem:
    """Build a problem of the rule with this id."""
    file = f"{module_name(entry.model).replace('.', '/')}.py"
    return Problem(kind, entry.address, entry.model.__name__, rule, file, Text(en, zh), severity)


_UNSOUND = Text("The rules are not sound; mend them before any data can be checked.", "规则有误；请先更正，再检查数据。")


def refuse_unsound(entries: Sequence[Entry]) -> None:
    """Let sound rules pass.

    Raises:
        ProjectError: a rule is not sound; names the schema file, the class and the rule of each.
    """
    problems = lint(tuple(entries))
    if problems:
        lines = [Text(f"  {each.line('en')}", f"  {each.line('zh')}") for each in problems]
        raise ProjectError(joined([_UNSOUND, *lines], "\n"))


@lru_cache(maxsize=8)
def lint(entries: tuple[Entry, ...]) -> tuple[Problem, ...]:
    """List the defects of the rules of all tables that show without data."""
    models = models_of(entries)
    return (*(problem for entry in entries for problem in _of_table(entry, models)), *_doubles(entries))


def models_of(entries: Sequence[Entry]) -> Models:
    """Return the models by address, also those that are not among the entries and that a rule may name; each read on use."""
    others = (_OfCatalogue(catalogue) for catalogue in dict.fromkeys(entry.catalogue for entry in entries))
    return ChainMap({entry.address: entry.model for entry in entries}, *(cast("dict[str, type[Table]]", each) for each in others))


class _OfCatalogue(Mapping[str, type[Table]]):
    """The models of a catalogue's tables, in use or not."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def __getitem__(self, address: str) -> type[Table]:
        if address not in self._addresses:
            raise KeyError(address)
        return self.catalogue.entry(address).model

    def __iter__(self) -> Iterator[str]:
        return iter(self._addresses)

    def __len__(self) -> int:
        return len(self._addresses)

    @cached_property
    def _addresses(self) -> tuple[str, ...]:
        unused = (address for address in self.catalogue.unused if not IS_REGISTER[address])
        return tuple(dict.fromkeys((*self.catalogue.addresses, *unused)))


def _of_table(entry: Entry, models: Models) -> Iterator[Problem]:
    declared = rules(entry.model)
    if not declared:
        return
    tried = scopes(entry.model, entry.catalogue.lists)
    for rule in declared:
        constraint = rule.constraint
        if constraint is None:
            continue
        problems = dict.fromkeys(_unknown_names(entry, rule, constraint, models))
        yield from problems
        if not problems and rule.id in tried.failed:
            detail = tried.failed[rule.id]
            yield problem_of("cannot-be-evaluated", entry, rule.id, f"{detail}; does it name all that it reads?", detail)
        elif not problems:
            yield from _idle(entry, rule, constraint, tried)


def _unknown_names(entry: Entry, rule: Rule, constraint: Constraint, models: Models) -> Iterator[Problem]:
    own = _declared(entry.model)
    for used in constraint.uses:
        name = used.removeprefix(first_of(""))
        if name not in own or (name != used and not isinstance(own[name].dtype, Category)):
            yield _unknown("column", entry, rule, name, own, entry.address)
    for cell in constraint.cells():
        address = cell.table or entry.address
        model = models.get(address)
        if model is None:
            yield _unknown("table", entry, rule, address, models, "")
            continue
        there = _declared(model)
        if cell.column not in there or not there[cell.column].is_figure:
            figures = {name for name, column in there.items() if column.is_figure}
            yield _unknown("column", entry, rule, cell.column, figures, address)
        yield from _unknown_codes(entry, rule, cell, there, address)
        yield from _open_categories(entry, rule, cell, own, there)


@cache
def _declared(model: type[Table]) -> dict[str, Column]:
    return {column.name: column for column in columns(model)}


def _unknown(what: str, entry: Entry, rule: Rule, name: str, known: Mapping[str, object] | set[str], address: str) -> Problem:
    where = f"{address}.{name}" if address else name
    return problem_of(f"names-unknown-{what}", entry, rule.id, f"{where}.{did_you_mean(name, known)}", where)


def _unknown_codes(entry: Entry, rule: Rule, cell: Cell, there: Mapping[str, Column], address: str) -> Iterator[Problem]:
    held = [*cell.pins, *((cell.over, code) for code in (cell.among or ("",)) if cell.over)]
    for name, code in held:
        column = there.get(name)
        if column is None or not isinstance(column.dtype, Category):
            categories = {each.name for each in there.values() if isinstance(each.dtype, Category)}
            yield _unknown("column", entry, rule, name, categories, address)
            continue
        listed = [*entry.catalogue.lists.by_code(column.meaning.codes)]
        if code and code not in listed:
            where = f"{code!r} of {address}.{name} (schemas/codes/{column.meaning.codes}.csv)"
            yield problem_of("names-unknown-code", entry, rule.id, f"{where}.{did_you_mean(code, listed)}", where)


def _open_categories(
    entry: Entry, rule: Rule, cell: Cell, own: Mapping[str, Column], there: Mapping[str, Column]
) -> Iterator[Problem]:
    """List the categories of the cell's table that are not determined."""
    decided = {*own, cell.over, *(name for name, _ in cell.pins)}
    for name, column in there.items():
        if isinstance(column.dtype, Category) and name not in decided:
            en = f"{cell.name} could be of any {name}; name a code, as in other_table(…, {name}=…)"
            yield problem_of("leaves-category-open", entry, rule.id, en, f"{cell.name} 未指明 {name}")


def _idle(entry: Entry, rule: Rule, constraint: Constraint, tried: Scopes) -> Iterator[Problem]:
    """Yield the problem of a rule whose verdict does not depend on the data."""
    rows = tried.of(rule)
    is_whole = tried.is_whole.get(rule.id, True)
    if constraint.relation == "holds":
        if is_whole and not rows:
            yield problem_of("can-never-hold", entry, rule.id, "no code satisfies its condition", "没有代码满足其条件")
        elif is_whole and len(rows) == len(tried.rows):
            yield problem_of("can-never-fail", entry, rule.id, "every code satisfies its condition", "所有代码都满足其条件")
    elif not constraint.cells():
        yield problem_of("can-never-fail", entry, rule.id, "it rests on no figure, so no data can break it", "不涉及任何数字")
    elif not rows and is_whole:
        yield problem_of(
            "can-never-fail", entry, rule.id, "no code satisfies its condition, so it is made of no row", "没有代码满足其条件"
        )
    elif rows and all(_is_blank(constraint, entry, row) for row in rows):
        en = "its condition holds only where a figure that it needs is blank, or has no area around it"
        yield problem_of("can-never-run", entry, rule.id, en, "其条件只在所需数字留空或没有上级地区时成立")
    elif any(len(set(cell.among)) < len(cell.among) for cell in constraint.cells()):
        yield problem_of("can-never-run", entry, rule.id, "it sums over a code twice, which no rows can fill", "同一代码求和两次")
    elif rows and all(_has_same_sides(constraint, entry.address, row) for row in rows):
        yield problem_of("can-never-fail", entry, rule.id, "both its sides are the same", "等式（不等式）两边相同")


def _has_same_sides(constraint: Constraint, address: str, row: RowKind) -> bool:
    return constraint.relation != "whole" and canonical(constraint.left, address, row) == canonical(
        constraint.right, address, row
    )


def _is_blank(constraint: Constraint, entry: Entry, row: RowKind) -> bool:
    """Whether a needed or mandatory figure is blank in rows of this kind."""
    cells, declared = constraint.cells(), _declared(entry.model)
    needs_parent = "area" in row and any(cell.area == "parent" for cell in cells)
    if needs_parent and entry.catalogue.parents.get(str(row["area"]), "") is None:
        return True
    blank = [name for name, value in row.items() if value is None]
    return any(not declared[name].optional or Cell(name) in cells for name in blank)


def canonical_cell(cell: Cell, address: str, row: RowKind) -> CanonicalForm:
    """Normalize a cell within a row kind: drop the codes that the row has anyway."""
    pins = tuple(sorted((name, code) for name, code in cell.pins if cell.table or row.get(name) != code))
    return (cell.table or address, cell.column, cell.period, cell.area, pins, cell.over, tuple(sorted(cell.among)))


def canonical(term: Term, address: str, row: RowKind) -> CanonicalForm:
    """Normalize a term: equal terms with reordered operands are equal."""
    match term:
        case Number(number):
            return ("number", number)
        case Cell():
            return ("cell", *canonical_cell(term, address, row))
        case Operation("+" | "*" as operator):
            return (operator, *sorted((canonical(each, address, row) for each in _operands(term, operator)), key=repr))
        case Operation(operator, left, right):
            return (operator, canonical(left, address, row), canonical(right, address, row))
        case _:
            return ("term", repr(term))


def _operands(term: Term, operator: str) -> Iterator[Term]:
    if isinstance(term, Operation) and term.operator == operator:
        yield from _operands(term.left, operator)
        yield from _operands(term.right, operator)
    else:
        yield term


def _doubles(entries: Sequence[Entry]) -> Iterator[Problem]:
    """Yield each rule that repeats the constraint of an earlier one."""
    first: dict[CanonicalForm, tuple[Entry, Rule]] = {}
    for entry in entries:
        for rule in rules(entry.model):
            if rule.constraint is None:
                continue
            statement = _statement(rule, rule.constraint, entry)
            if statement not in first:
                first[statement] = (entry, rule)
                continue
            other_entry, other = first[statement]
            name = f"{other_entry.address} {other.id}"
            yield problem_of("doubles-another", entry, rule.id, f"it says what {name} says", f"与 {name} 相同")


def _statement(rule: Rule, constraint: Constraint, entry: Entry) -> CanonicalForm:
    """Normalize a rule: its constraint, and its rows if it has a condition."""
    sides = [canonical(side, entry.address, {}) for side in (constraint.left, constraint.right)]
    if constraint.relation == "=":
        sides.sort(key=repr)
    if constraint.condition is None:
        return (constraint.relation, *sides)
    tried = scopes(entry.model, entry.catalogue.lists)
    is_listed = tried.is_whole[rule.id] and rule.id in tried.made
    condition = tuple(tried.made[rule.id]) if is_listed else repr(constraint.condition)
    return (constraint.relation, *sides, entry.address, condition)
