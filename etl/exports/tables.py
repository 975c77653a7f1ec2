"""Read tables of the warehouse with their declarations, for export."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from etl.catalogue import Catalogue, Entry
from etl.errors import ProjectError, UnknownNameError
from etl.exports.fields import Field as Field
from etl.exports.statuses import with_statuses
from etl.warehouse.marts import declared_mart
from etl.warehouse.query import RunQuery, open_warehouse
from schemas.code_lists import CodeLists
from schemas.models import Column, Figure, Meaning, columns, key, rules, titles
from schemas.texts import Text

DERIVED = "derived"
_BOUNDS = {"_low": ("下限", "lower bound"), "_high": ("上限", "upper bound")}


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
            f"No table of {wanted or 'the warehouse'} has rows. Fill its raw files and make it anew with `etl run`.",
            f"{wanted or '数据仓库'}的表都没有数据。请填写原始文件，再用 `etl run` 重新生成。",
        )
    return found


def is_declared(wanted: str, catalogue: Catalogue) -> bool:
    """Whether a name is that of a declared table or a domain."""
    return wanted in catalogue.addresses or wanted in catalogue.domains


def subject(tables: list[ExportTable]) -> tuple[str, str]:
    """Return a joint title of these tables, in Chinese and English."""
    if len(tables) == 1:
        return tables[0].zh, tables[0].en
    if len({each.domain for each in tables}) == 1 and tables[0].domain in tables[0].catalogue.domains:
        return tables[0].catalogue.domain_title(tables[0].domain)
    return "知识产权统计", "Intellectual-property statistics"


def _chosen(wanted: str, catalogue: Catalogue) -> tuple[Entry, ...]:
    if wanted in catalogue.addresses:
        return (catalogue.entry(wanted),)
    if wanted and wanted not in catalogue.domains:
        raise UnknownNameError(Text("table or domain", "表或领域"), wanted, (*catalogue.domains, *catalogue.addresses))
    return catalogue.entries(wanted or None)


def _read_table(described: Entry, run_query: RunQuery) -> ExportTable:
    rows = run_query(f'SELECT * FROM "{described.domain}"."{described.table}"', None)
    fields = tuple(_fields(described, rows.columns))
    whole = [each.name for each in fields if each.is_whole]
    zh, en = titles(described.model)
    place = {"domain": described.domain, "table_name": described.table}
    figures = run_query("SELECT * FROM core.figure WHERE domain = $domain AND table_name = $table_name", place)
    rows, fields = with_statuses(rows, fields, figures, key(described.model), described.catalogue.lists)
    return ExportTable(
        described.address,
        zh,
        en,
        " ".join((described.model.__doc__ or "").split()),
        fields,
        key(described.model),
        tuple((rule.id, rule.severity, rule.reason) for rule in rules(described.model)),
        rows.with_columns(pl.col(whole).cast(pl.Int64)) if whole else rows,
        figures,
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
