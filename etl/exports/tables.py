"""What is exported of a table: its rows, and all that its declaration says of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from etl.catalogue import Entry, addresses, domain_title, domains, entries, entry
from etl.errors import ProjectError, UnknownNameError
from etl.warehouse.ask import Ask, opened
from etl.warehouse.dimensions import base_unit
from etl.warehouse.marts import declared_mart
from schemas.code_lists import codes, units
from schemas.vocabulary import Column, Figure, columns, key, rules, titles

DERIVED = "derived"
_BOUNDS = {"_low": ("下限", "lower bound"), "_high": ("上限", "upper bound")}


@dataclass(frozen=True, slots=True)
class Field:
    """A column of an exported table.

    Attributes:
        name: as in the warehouse.
        zh: what it means, in Chinese.
        en: what it means, in English.
        kind: `area`, `period`, `category`, `source`, `section` or `revision`; of a number its kind of figure, or `derived`.
        unit: of a number, as printed in Chinese; empty for others.
        codes: code list of its cells; empty where there is none.
        required: whether no cell is empty.
        minimum: least value that its kind allows; None for no limit.
        maximum: greatest value that its kind allows; None for no limit.
    """

    name: str
    zh: str
    en: str
    kind: str
    unit: str = ""
    codes: str = ""
    required: bool = False
    minimum: float | None = None
    maximum: float | None = None

    @property
    def is_number(self) -> bool:
        """Whether its cells are numbers."""
        return bool(self.unit)

    @property
    def is_whole(self) -> bool:
        """Whether its cells are whole numbers."""
        return self.kind == "count"

    @property
    def unit_en(self) -> str:
        """The unit in English."""
        return " per ".join(_unit_names().get(part, part) for part in self.unit.split("/"))

    @property
    def code_names(self) -> dict[str, tuple[str, str]]:
        """The codes of its list with their Chinese and English names; empty where it has none."""
        return {each.code: (each.zh, each.en) for each in codes(self.codes)} if self.codes else {}


@dataclass(frozen=True, slots=True)
class Document:
    """A document that rows are from."""

    source: str
    title: str
    publisher: str
    url: str


@dataclass(frozen=True, slots=True)
class Exported:
    """A table as it is exported.

    Attributes:
        address: domain and table.
        zh: its title in Chinese.
        en: its title in English.
        grain: what a row is.
        fields: its columns, in order.
        key: the names of the columns that tell one row from another.
        rules: id and reason of each declared rule, with its severity.
        rows: as in the warehouse; counts as whole numbers.
        figures: one row per printed figure of it, as in `core.figure`.
        documents: those that its rows are from, in the order of publication.
    """

    address: str
    zh: str
    en: str
    grain: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    rules: tuple[tuple[str, str, str], ...]
    rows: pl.DataFrame
    figures: pl.DataFrame
    documents: tuple[Document, ...]

    @property
    def domain(self) -> str:
        """The part of the address before the dot."""
        return self.address.partition(".")[0]


def exported(warehouse: Path, wanted: str = "") -> list[Exported]:
    """Give a table, the tables of a domain, or all; of several, those that have rows.

    Raises:
        UnknownNameError: there is no such table or domain.
        ProjectError: there is no warehouse, or none of the tables has rows.
    """
    with opened(warehouse) as ask:
        found = [_exported(each, ask) for each in _chosen(wanted)]
    if len(found) > 1:
        found = [each for each in found if not each.rows.is_empty()]
    if not found:
        raise ProjectError(
            f"No table of {wanted or 'the warehouse'} has rows. Fill its raw files and make it anew with `etl run`."
        )
    return found


def subject(tables: list[Exported]) -> tuple[str, str]:
    """Give a title for these tables together, in Chinese and English."""
    if len(tables) == 1:
        return tables[0].zh, tables[0].en
    if len({each.domain for each in tables}) == 1:
        return domain_title(tables[0].domain)
    return "知识产权统计", "Intellectual-property statistics"


def _chosen(wanted: str) -> tuple[Entry, ...]:
    if wanted in addresses():
        return (entry(wanted),)
    if wanted and wanted not in domains():
        raise UnknownNameError("table or domain", wanted, (*domains(), *addresses()))
    return entries(wanted or None)


def _exported(described: Entry, ask: Ask) -> Exported:
    rows = ask(f'SELECT * FROM "{described.domain}"."{described.table}"', None)
    fields = tuple(_fields(described, rows.columns))
    whole = [each.name for each in fields if each.is_whole]
    place = {"domain": described.domain, "table_name": described.table}
    zh, en = titles(described.model)
    return Exported(
        described.address,
        zh,
        en,
        " ".join((described.model.__doc__ or "").split()),
        fields,
        key(described.model),
        tuple((rule.id, rule.severity, rule.reason) for rule in rules(described.model)),
        rows.with_columns(pl.col(whole).cast(pl.Int64)) if whole else rows,
        ask("SELECT * FROM core.figure WHERE domain = $domain AND table_name = $table_name", place),
        tuple(Document(*row) for row in ask(_DOCUMENTS, place).iter_rows()),
    )


_DOCUMENTS = """
    SELECT source, coalesce(title, source), coalesce(publisher, ''), coalesce(url, '')
    FROM core.source
    WHERE source IN (SELECT source FROM core.figure WHERE domain = $domain AND table_name = $table_name)
    ORDER BY publication_order DESC
"""


def _fields(described: Entry, names: list[str]) -> Iterator[Field]:
    """Give the columns of a mart, in its order: declared ones, measures, and the bounds of measures."""
    declared = {column.name: _declared(column) for column in columns(described.model)}
    for measure in declared_mart(described.transform).measures:
        meaning = measure.meaning
        declared[measure.name] = Field(measure.name, meaning.zh, meaning.en, DERIVED, base_unit(meaning.unit))
        for suffix, (zh, en) in _BOUNDS.items():
            name = measure.name + suffix
            declared[name] = Field(name, f"{meaning.zh}：{zh}", f"{meaning.en}: {en}", DERIVED, base_unit(meaning.unit))
    yield from (declared[name] for name in names)


def _declared(column: Column) -> Field:
    meaning, kind = column.meaning, type(column.dtype).__name__.lower()
    if not isinstance(column.dtype, Figure):
        return Field(column.name, meaning.zh, meaning.en, kind, "", meaning.codes, not column.optional)
    limits = (column.dtype.minimum, column.dtype.maximum)
    return Field(
        column.name, meaning.zh, meaning.en, column.dtype.kind, base_unit(meaning.unit), "", not column.optional, *limits
    )


def _unit_names() -> dict[str, str]:
    return {each.base: each.en for each in units()}
