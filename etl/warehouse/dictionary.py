"""Format the data dictionary: tables, the meanings of columns, and their rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

import polars as pl

from etl.catalogue import Catalogue, RegisterEntry
from etl.errors import UnknownNameError
from etl.registers.monthly_mart import monthly_meanings
from etl.text_table import format_table
from etl.warehouse.marts import declared_mart
from schemas import registers
from schemas.code_lists import CodeLists
from schemas.models import Column, Meaning, Rule, columns, key, rules, titles
from schemas.texts import Language


def format_tables(catalogue: Catalogue, domain: str | None, language: Language, width: int | None = None) -> str:
    """Format the list of tables and registers, with numbers of figures and rules.

    Raises:
        UnknownNameError: there is no such domain.
    """
    if domain is not None and domain not in catalogue.domains:
        raise UnknownNameError("domain", domain, catalogue.domains)
    which = 0 if language == "zh" else 1
    rows = []
    for name in catalogue.domains if domain is None else (domain,):
        title = catalogue.domain_title(name)[which]
        listed = [
            (each.address, titles(each.model), sum(column.is_figure for column in columns(each.model)), len(rules(each.model)))
            for each in catalogue.entries(name)
        ]
        listed += [
            (each.address, registers.titles(each.model), 0, len(registers.declared_rules(each.model)))
            for each in catalogue.registers(name)
        ]
        rows += [
            {"domain": title, "table": address, "title": both[which], "figures": number, "rules": declared}
            for address, both, number, declared in listed
        ]
    return format_table(pl.DataFrame(rows), width=width)


def describe_table(catalogue: Catalogue, address: str, language: Language, width: int | None = None) -> str:
    """Format the title, columns, key and rules of a table or register.

    A register's monthly table is included.

    Raises:
        UnknownNameError: there is no such table.
    """
    if address in catalogue.register_addresses:
        return "\n".join(_of_register(catalogue.register(address), language, width))
    if address not in catalogue.addresses:
        raise UnknownNameError("table", address, (*catalogue.addresses, *catalogue.register_addresses))
    described = catalogue.entry(address)
    zh, en = titles(described.model)
    rows = [column_row(column, key(described.model), catalogue.lists) for column in columns(described.model)]
    rows += [measure_row(each.name, each.meaning) for each in declared_mart(described.transform).measures]
    listed = _rules(rules(described.model), language)
    return "\n".join([f"{address}: {zh} · {en}", format_table(pl.DataFrame(rows), width=width), *listed])


def _of_register(described: RegisterEntry, language: Language, width: int | None) -> Iterator[str]:
    zh, en = registers.titles(described.model)
    yield f"{described.address}: {zh} · {en}"
    key_names = registers.key(described.model)
    yield format_table(
        pl.DataFrame([column_row(column, key_names, described.catalogue.lists) for column in registers.columns(described.model)]),
        width=width,
    )
    meanings = monthly_meanings(described)
    yield f"{described.address}_monthly: {zh}：按月 · {en}: by month"
    yield format_table(pl.DataFrame([measure_row(name, meaning) for name, meaning in meanings.items()]), width=width)
    yield from _rules(registers.declared_rules(described.model), language)


def column_row(column: Column, key_names: Collection[str], lists: CodeLists) -> dict[str, str]:
    """Describe a column: its meanings, kind, unit and codes."""
    return {
        "column": column.name,
        "zh": column.meaning.zh,
        "en": column.meaning.en,
        "kind": type(column.dtype).__name__.lower(),
        "unit": column.meaning.unit,
        "blank": "may be" if column.optional else "",
        "key": "key" if column.name in key_names else "",
        "codes": _codes(column.meaning.codes, lists, with_total=not isinstance(column.dtype, registers.Code)),
    }


def measure_row(name: str, meaning: Meaning) -> dict[str, str]:
    """Describe a measure that a mart adds."""
    return {
        "column": name,
        "zh": meaning.zh,
        "en": meaning.en,
        "kind": "derived",
        "unit": meaning.unit,
        "blank": "may be",
        "key": "",
        "codes": "",
    }


def _codes(name: str, lists: CodeLists, *, with_total: bool) -> str:
    if not name:
        return ""
    listed = [code for code in lists.by_code(name) if with_total or code != registers.TOTAL]
    return " ".join(listed) if len(listed) <= 6 else f"schemas/codes/{name}.csv ({len(listed)})"


def _rules(declared: Iterable[Rule], language: Language) -> Iterator[str]:
    for rule in declared:
        yield f"{rule.severity}[{rule.id}] {rule.zh if language == 'zh' else rule.reason}"
