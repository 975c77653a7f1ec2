"""Declarations at each address: the model, the transform and the rules."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from etl.catalogue_file import CATALOGUE_FILE, CatalogueFile, RuleChange
from etl.errors import ProjectError, did_you_mean
from etl.project_extensions import ProjectExtensions
from schemas.code_lists import CodeLists
from schemas.texts import Text, text_of

if TYPE_CHECKING:
    from schemas.models import Rule, Severity


@dataclass(frozen=True, eq=False)
class ChangedRule:
    """A rule that a project switches off, or gives another severity.

    Attributes:
        address: of the table that declares it.
        rule: as the model declares it.
        change: what the project says.
    """

    address: str
    rule: Rule
    change: RuleChange

    @property
    def severity(self) -> Severity | None:
        """The severity that the rule gets; None where it is switched off."""
        return None if self.change.severity == "off" else self.change.severity


@dataclass(frozen=True, eq=False)
class Declarations:
    """The declarations of the package and of a project, each read at first use.

    Attributes:
        package: the addresses of the package, each with whether it is a register.
        in_use: the addresses in use.
        lists: the code lists that a column may name.
        extensions: what the project declares; None for the package alone.
    """

    package: Mapping[str, bool]
    in_use: Sequence[str]
    lists: CodeLists
    extensions: ProjectExtensions | None

    def at(self, address: str) -> dict[str, Any]:
        """Return an address's model and transform, and the rules the project changes.

        Raises:
            AttributeError, ModuleNotFoundError: the package does not declare them.
            ProjectError: the project does not declare them, or in a way that is refused.
        """
        declared = self._model(address)
        changed = tuple(each for each in self.changed_rules if each.address == address)
        model = declared
        if changed:
            from schemas.changed_rules import with_changed_rules  # which needs pandera

            model = with_changed_rules(declared, {each.rule.id: each.severity for each in changed})
        return {"model": model, "transform": self._transform(address), "changed_rules": changed}

    @cached_property
    def changed_rules(self) -> tuple[ChangedRule, ...]:
        """The rules that the project changes, once for each table that declares the rule.

        Raises:
            ProjectError: no table in use declares a rule that is to be changed.
        """
        if self.extensions is None or not self.extensions.listed.rule_changes:
            return ()
        return tuple(_changed_rules({each: self._model(each) for each in self.in_use}, self.extensions.listed))

    def title(self, domain: str) -> tuple[str, str]:
        """Return a domain's title in Chinese and English, as its schema file states it."""
        if any(_domain(address) == domain for address in self.package):
            zh, en = import_module(f"schemas.{domain}").TITLE
        else:
            assert self.extensions is not None
            first = next(address for address in self.in_use if _domain(address) == domain)
            zh, en = self.extensions.member("schemas", domain, "TITLE", first)
        return zh, en

    @cached_property
    def _model(self) -> Callable[[str], Any]:
        """Return the model at an address, as it is declared."""
        return functools.cache(self._read_model)

    def _read_model(self, address: str) -> Any:
        if self.extensions is None or address not in self.extensions.listed.lines:
            return getattr(import_module(f"schemas.{_domain(address)}"), class_name(address))
        return _project_model(self.extensions, address, self.package, self.lists)

    def _transform(self, address: str) -> Any:
        """Return what a transform file declares for a table; None where none does."""
        domain, _, table = address.partition(".")
        if self.extensions and address in self.extensions.listed.lines:
            own = _project_transform(self.extensions, address)
            if own is not None:
                return own
        if address not in self.package:
            return None
        name = f"etl.transforms.{domain}"
        return _transforms(import_module(name)).get(table) if find_spec(name) else None


def _transforms(module: ModuleType) -> dict[str, Any]:
    """Return the marts and functions that a transform file declares, by table."""
    return {name: value for name, value in vars(module).items() if _is_transform(value, module.__name__)}


def _is_transform(value: object, module: str) -> bool:
    return hasattr(type(value), "IS_TRANSFORM") or (isinstance(value, FunctionType) and value.__module__ == module)


def _project_transform(extensions: ProjectExtensions, address: str) -> Any:
    """Return what a project declares for a table; None where it declares nothing.

    Raises:
        ProjectError: its file declares none of the table, and one of a table that is not listed.
    """
    domain, _, table = address.partition(".")
    if not extensions.has("transforms", domain):
        return None
    declared = _transforms(extensions.module("transforms", domain))
    strays = [name for name in declared if f"{domain}.{name}" not in extensions.listed.lines]
    if strays and table not in declared:
        raise ProjectError(
            f"transforms/{domain}.py declares {strays[0]}, and {CATALOGUE_FILE} lists no {domain}.{strays[0]}.",
            f"transforms/{domain}.py 声明了 {strays[0]}，而 {CATALOGUE_FILE} 没有列出 {domain}.{strays[0]}。",
        )
    return declared.get(table)


def _domain(address: str) -> str:
    return address.partition(".")[0]


def class_name(address: str) -> str:
    """Name the model of an address: `courts.cases_by_kind` is `CasesByKind`."""
    return "".join(word.capitalize() for word in address.partition(".")[2].split("_"))


def _project_model(extensions: ProjectExtensions, address: str, package: Mapping[str, bool], lists: CodeLists) -> Any:
    """Return the model that a project declares at an address.

    Args:
        extensions: what the project declares.
        address: one that it lists.
        package: the addresses of the package, each with whether it is a register.
        lists: the code lists that the columns of the model may name.

    Raises:
        ProjectError: there is no such model, it is of another kind, or it names a code list that is not there; or a model of the
            package would be hidden.
    """
    domain, name = address.partition(".")[0], class_name(address)
    module = extensions.module("schemas", domain)
    _refuse_unlisted(module, extensions.listed, domain, package)
    model = extensions.member("schemas", domain, name, address)
    where = f"schemas/{domain}.py: {name}"
    place = extensions.listed.place(address)
    listed = Text(f"{place} lists {address}", f"{place} 列有 {address}")
    columns = _columns(model, where, listed, is_register=address in extensions.listed.registers)
    if address in package:
        package_model = getattr(import_module(f"schemas.{domain}"), name)
        _refuse_hiding(model, package_model, where, listed)
        model.__doc__ = model.__doc__ or package_model.__doc__  # which is the title of the table
    try:
        for column in columns():
            if column.meaning.codes:
                lists.codes(column.meaning.codes)
    except Exception as error:
        raise ProjectError(f"{where}: " + text_of(error)) from error
    return model


def _columns(model: Any, where: str, listed: Text, *, is_register: bool) -> Callable[[], Any]:
    """Return what lists the columns of a model.

    Raises:
        ProjectError: it is no model of this kind.
    """
    from schemas import models, registers  # which need pandera

    kind = registers.Register if is_register else models.Table
    if not (isinstance(model, type) and issubclass(model, kind)):
        raise ProjectError(
            f"{where} is no {kind.__name__}, and {listed.en}.",
            f"{where} 不是 {kind.__name__} 的子类，而 {listed.zh}。请更正其一。",
        )
    return lambda: registers.columns(model) if is_register else models.columns(model)


def _refuse_unlisted(module: ModuleType, listed: CatalogueFile, domain: str, package: Mapping[str, bool]) -> None:
    """Refuse a class named as a package model that the catalogue does not extend."""
    for address in package:
        model = vars(module).get(class_name(address)) if address.startswith(f"{domain}.") else None
        if isinstance(model, type) and model.__module__ == module.__name__ and address not in listed.lines:
            raise ProjectError(
                f"schemas/{domain}.py: {model.__name__} is named as a table of the package, and {CATALOGUE_FILE} does not list"
                f" {address}. List it if this extends it, else give it another name.",
                f"schemas/{domain}.py 的 {model.__name__} 与本软件的表同名，而 {CATALOGUE_FILE} 没有列出 {address}。"
                "若为扩展请列出，否则请改用其他名称。",
            )


def _refuse_hiding(model: Any, package: Any, where: str, listed: Text) -> None:
    """Refuse a model that is no extension of the package's model of its name."""
    name = package.__name__
    if model is package or not issubclass(model, package):
        raise ProjectError(
            f"{where} does not extend the package's {name}, and {listed.en}. Extend it:"
            f" from {package.__module__} import {name} as Package, then class {name}(Package): …",
            f"{where} 没有扩展本软件的 {name}，而 {listed.zh}。请这样扩展："
            f"from {package.__module__} import {name} as Package，再写 class {name}(Package): …",
        )
    added = model.__mro__[: model.__mro__.index(package)]
    rules = {name.replace("-", "_") for name in _rules(package)}
    for each in added:
        fields = {*inspect.get_annotations(each)} & {*package.to_schema().columns}
        again = sorted(fields | ({*vars(each)} & rules))
        if again:
            raise ProjectError(
                f"{where} declares {again[0]} again, which the package declares. Choose another name;"
                f" {CATALOGUE_FILE} switches a rule off or changes its severity.",
                f"{where} 重复声明了本软件已声明的 {again[0]}。请改用其他名称；停用规则或更改其严重程度请写在 {CATALOGUE_FILE}。",
            )


def _changed_rules(models: Mapping[str, Any], listed: CatalogueFile) -> Iterator[ChangedRule]:
    """Yield the rules that a project changes, once for each declaring table.

    Args:
        models: the models of all tables and registers in use, by address.
        listed: the project's catalogue.

    Raises:
        ProjectError: none of the tables declares a rule that is to be changed.
    """
    declared = {address: _rules(model) for address, model in models.items()}
    for change in listed.rule_changes:
        of_tables = {change.table: declared.get(change.table, {})} if change.table else declared
        found = [ChangedRule(address, rules[change.rule], change) for address, rules in of_tables.items() if change.rule in rules]
        if not found:
            raise ProjectError(f"{change.place}:1: " + _why_unknown(change, of_tables))
        yield from found


def _why_unknown(change: RuleChange, declared: Mapping[str, Mapping[str, Rule]]) -> Text:
    from schemas.builtin_register_rules import BY_ID

    if change.rule in BY_ID:
        return Text(
            f"{change.rule} is a rule of every table, which a project cannot change. `etl waive` accepts single findings.",
            f"{change.rule} 适用于所有的表，项目不能更改。可用 `etl waive` 豁免单个问题。",
        )
    known = {name for rules in declared.values() for name in rules}
    where = Text("a table in use", "所用的表") if not change.table else Text(change.table, f" {change.table} ")
    unknown = Text(f"no rule {change.rule!r} that {where.en} declares.", f"{where.zh.lstrip()}没有声明规则“{change.rule}”。")
    return unknown + did_you_mean(change.rule, known)


def _rules(model: Any) -> dict[str, Rule]:
    """Return the rules that a model of a table or register declares, by id."""
    from schemas import models, registers

    is_register = issubclass(model, registers.Register)
    return {rule.id: rule for rule in (registers.declared_rules(model) if is_register else models.rules(model))}
