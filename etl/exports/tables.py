"""Read tables of the warehouse with their declarations, for export."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from etl.catalogue import Catalogue, Entry
from etl.errors import ProjectError, UnknownNameError
from etl.warehouse.marts import declared_mart
from etl.warehouse.query import RunQuery, open_warehouse
from schemas.code_lists import Code, CodeLists
from schemas.models import Column, Figure, Meaning, columns, key, rules, titles

DERIVED = "derived"
_BOUNDS = {"_low": ("下限", "lower bound"), "_high": ("上限", "upper bound")}


@dataclass(frozen=True, slots=True)
class Field:
    """A column of an exported table.

    Attributes:
        name: as in the warehouse.
        zh: its meaning in Chinese.
        en: its meaning in English.
        kind: `area`, `period`, `category`, `source`, `section` or `revision`; of a number its kind of figure, or `derived`.
        unit: of a number, as printed in Chinese; empty for others.
        unit_en: the same in English.
        codes: name of the code list of its cells; empty where there is none.
        listed: the codes of that list.
        required: whether no cell is empty.
        minimum: least value that its kind allows; None for no limit.
        maximum: greatest value that its kind allows; None for no limit.
    """

    name: str
    zh: str
    en: str
    kind: str
    unit: str = ""
    unit_en: str = ""
    codes: str = ""
    listed: tuple[Code, ...] = ()
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
    def code_names(self) -> dict[str, tuple[str, str]]:
        """The codes of its list with Chinese and English names; empty without one."""
        return {each.code: (each.zh, each.en) for each in self.listed}


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A document that rows are from."""

    source: str
    title: str
    publisher: str
    url: str


@dataclass(frozen=True, slots=True)
class ExportTable:
    """A table to export, with its declarations.

    Attributes:
        address: domain and table.
        zh: its title in Chinese.
        en: its title in English.
        grain: the meaning of a row.
        fields: its columns, in order.
        key: the names of the columns that tell one row from another.
        rules: id and reason of each declared rule, with its severity.
        rows: as in the warehouse; counts as whole numbers.
        figures: one row per printed figure of it, as in `core.figure`.
        documents: those that its rows are from, in the order of publication.
        catalogue: the declarations that it is one of.
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
    documents: tuple[SourceDocument, ...]
    catalogue: Catalogue

    @property
    def domain(self) -> str:
        """The part of the address before the dot."""
        return self.address.partition(".")[0]


def read_tables(warehouse: Path, catalogue: Catalogue, wanted: str = "") -> list[ExportTable]:
    """Read a table, the tables of a domain, or all; of several, those with rows.

    Raises:
        UnknownNameError: there is no such table or domain.
        ProjectError: there is no warehouse, or none of the tables has rows.
    """
    with open_warehouse(warehouse) as run_query:
        found = [_read_table(each, run_query) for each in _chosen(wanted, catalogue)]
    if len(found) > 1:
        found = [each for each in found if not each.rows.is_empty()]
    if not found:
        raise ProjectError(
            f"No table of {wanted or 'the warehouse'} has rows. Fill its raw files and make it anew with `etl run`."
        )
    return found


def subject(tables: list[ExportTable]) -> tuple[str, str]:
    """Return a joint title of these tables, in Chinese and English."""
    if len(tables) == 1:
        return tables[0].zh, tables[0].en
    if len({each.domain for each in tables}) == 1:
        return tables[0].catalogue.domain_title(tables[0].domain)
    return "知识产权统计", "Intellectual-property statistics"


def _chosen(wanted: str, catalogue: Catalogue) -> tuple[Entry, ...]:
    if wanted in catalogue.addresses:
        return (catalogue.entry(wanted),)
    if wanted and wanted not in catalogue.domains:
        raise UnknownNameError("table or domain", wanted, (*catalogue.domains, *catalogue.addresses))
    return catalogue.entries(wanted or None)


def _read_table(described: Entry, run_query: RunQuery) -> ExportTable:
    rows = run_query(f'SELECT * FROM "{described.domain}"."{described.table}"', None)
    fields = tuple(_fields(described, rows.columns))
    whole = [each.name for each in fields if each.is_whole]
    place = {"domain": described.domain, "table_name": described.table}
    zh, en = titles(described.model)
    return ExportTable(
        described.address,
        zh,
        en,
        " ".join((described.model.__doc__ or "").split()),
        fields,
        key(described.model),
        tuple((rule.id, rule.severity, rule.reason) for rule in rules(described.model)),
        rows.with_columns(pl.col(whole).cast(pl.Int64)) if whole else rows,
        run_query("SELECT * FROM core.figure WHERE domain = $domain AND table_name = $table_name", place),
        tuple(SourceDocument(*row) for row in run_query(_DOCUMENTS, place).iter_rows()),
        described.catalogue,
    )


_DOCUMENTS = """
    SELECT source, coalesce(title, source), coalesce(publisher, ''), coalesce(url, '')
    FROM core.source
    WHERE source IN (SELECT source FROM core.figure WHERE domain = $domain AND table_name = $table_name)
    ORDER BY publication_order DESC
"""


def _fields(described: Entry, names: list[str]) -> Iterator[Field]:
    """Yield the fields of a mart in its order, with measures and their bounds."""
    lists = described.catalogue.lists
    declared = {column.name: _declared(column, lists) for column in columns(described.model)}
    for measure in declared_mart(described.transform).measures:
        (zh, en), units = (measure.meaning.zh, measure.meaning.en), _units(measure.meaning, lists)
        declared[measure.name] = Field(measure.name, zh, en, DERIVED, *units)
        for suffix, (bound_zh, bound_en) in _BOUNDS.items():
            name = measure.name + suffix
            declared[name] = Field(name, f"{zh}：{bound_zh}", f"{en}: {bound_en}", DERIVED, *units)
    yield from (declared[name] for name in names)


def _declared(column: Column, lists: CodeLists) -> Field:
    meaning, kind, is_required = column.meaning, type(column.dtype).__name__.lower(), not column.optional
    field = Field(column.name, meaning.zh, meaning.en, kind, required=is_required)
    if isinstance(column.dtype, Figure):
        unit, unit_en = _units(meaning, lists)
        least, most = column.dtype.minimum, column.dtype.maximum
        return replace(field, kind=column.dtype.kind, unit=unit, unit_en=unit_en, minimum=least, maximum=most)
    return replace(field, codes=meaning.codes, listed=lists.codes(meaning.codes)) if meaning.codes else field


def _units(meaning: Meaning, lists: CodeLists) -> tuple[str, str]:
    """Return the base unit of a column, in Chinese and in English."""
    unit, names = lists.base_unit(meaning.unit), {each.base: each.en for each in lists.units}
    return unit, " per ".join(names.get(part, part) for part in unit.split("/"))
