"""The data dictionary: what the tables are, and what each column means and is held by."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from etl.catalogue import CATALOGUE, domain_title, domains, entries, entry
from etl.errors import UnknownNameError
from etl.findings import Language
from etl.marts import Mart
from etl.summary import rendered
from schemas.code_lists import codes
from schemas.vocabulary import columns, key, rules, titles


def listed_tables(domain: str | None, language: Language) -> str:
    """Give the table of tables: address, title, and number of figures and rules.

    Raises:
        UnknownNameError: there is no such domain.
    """
    if domain is not None and domain not in domains():
        raise UnknownNameError("domain", domain, domains())
    which = 0 if language == "zh" else 1
    rows = [
        {
            "domain": domain_title(each.domain)[which],
            "table": each.address,
            "title": titles(each.model)[which],
            "figures": sum(column.is_figure for column in columns(each.model)),
            "rules": len(rules(each.model)),
        }
        for each in entries(domain)
    ]
    return rendered(pl.DataFrame(rows))


def described_table(address: str, language: Language) -> str:
    """Give a table's title, columns, key and rules.

    Raises:
        UnknownNameError: there is no such table.
    """
    if address not in CATALOGUE:
        raise UnknownNameError("table", address, CATALOGUE)
    described = entry(address)
    zh, en = titles(described.model)
    key_names = key(described.model)
    rows = [
        {
            "column": column.name,
            "zh": column.meaning.zh,
            "en": column.meaning.en,
            "kind": type(column.dtype).__name__.lower(),
            "unit": column.meaning.unit,
            "blank": "may be" if column.optional else "",
            "key": "key" if column.name in key_names else "",
            "codes": _codes(column.meaning.codes),
        }
        for column in columns(described.model)
    ]
    if isinstance(described.transform, Mart):
        rows += [
            {
                "column": each.name,
                "zh": each.meaning.zh,
                "en": each.meaning.en,
                "kind": "derived",
                "unit": each.meaning.unit,
                "blank": "may be",
                "key": "",
                "codes": "",
            }
            for each in described.transform.measures
        ]
    return "\n".join([f"{address}: {zh} · {en}", rendered(pl.DataFrame(rows)), *_rules(address, language)])


def _codes(name: str) -> str:
    if not name:
        return ""
    listed = [code.code for code in codes(name)]
    return " ".join(listed) if len(listed) <= 6 else f"schemas/codes/{name}.csv ({len(listed)})"


def _rules(address: str, language: Language) -> Iterator[str]:
    for rule in rules(entry(address).model):
        yield f"{rule.severity}[{rule.id}] {rule.zh if language == 'zh' else rule.reason}"
