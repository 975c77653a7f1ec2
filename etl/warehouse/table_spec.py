"""Specify a table of the warehouse: its rows, comment, and column meanings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

import polars as pl

from etl.errors import ProjectError


@dataclass(frozen=True, slots=True)
class CachedRows:
    """Rows that are copied unchanged from the current version.

    Attributes:
        schema: schema of their table.
        name: name of their table.
        address: of these rows only, where the table has a column `address`; empty for all.
    """

    schema: str
    name: str
    address: str = ""


Batch = pl.DataFrame | CachedRows


@dataclass(frozen=True)
class TableSpec:
    """A table of the warehouse.

    Attributes:
        schema: its schema.
        name: its name in the schema.
        rows: its rows.
        comment: its meaning, in both languages.
        comments: meanings of its columns, beyond those in `COLUMNS`.
    """

    schema: str
    name: str
    rows: pl.DataFrame
    comment: str
    comments: Mapping[str, str] = field(default_factory=dict)

    def batches(self) -> Iterator[Batch]:
        """Yield the rows in batches, at least one."""
        yield self.rows


@dataclass(frozen=True)
class StreamedTable(TableSpec):
    """A table that is never whole in memory.

    Attributes:
        rows: its first rows, or none; their schema lists its columns.
        more: yields the batches after these.
    """

    more: Callable[[], Iterable[Batch]] = tuple

    def batches(self) -> Iterator[Batch]:
        """Yield the rows in batches, at least one.

        No empty frame comes before rows: in duckdb 2.0.0, a table made empty shows none of the row groups that are inserted into
        it in the same transaction.
        """
        is_empty = True
        for rows in chain([self.rows], self.more()):
            if not isinstance(rows, pl.DataFrame) or rows.height:
                is_empty = False
                yield rows
        if is_empty:
            yield self.rows


@dataclass(frozen=True)
class ExternalTable(TableSpec):
    """A table whose rows are stored elsewhere: a view of its columns says where.

    Attributes:
        rows: none; their schema lists its columns.
        location: where the rows are stored.
    """

    location: str = ""


@dataclass(frozen=True)
class UnusedTable(TableSpec):
    """A table that the project does not use.

    It is created, without rows, only where a view names it.
    """


def column_comment(column: str, comments: Mapping[str, str], where: str) -> str:
    """Look up the meaning of a column in `comments` or `COLUMNS`.

    A bound is named after the column that it bounds.

    Raises:
        ProjectError: there is no comment on it.
    """
    for known in (comments, COLUMNS):
        if column in known:
            return known[column]
    for suffix, bound in (("_low", "下限 · lower bound"), ("_high", "上限 · upper bound")):
        if column.endswith(suffix):
            return f"{column_comment(column.removesuffix(suffix), comments, where)}: {bound}"
    raise ProjectError(
        f"The column {column} of {where} has no comment that says what it means.",
        f"{where} 的列 {column} 没有说明含义的注释；请补充。",
    )


COLUMNS: Mapping[str, str] = {
    "address": "表地址 · address of the table",
    "area_code": "地区代码 · GB/T 2260 code; see core.area",
    "area_en": "地区英文名 · area in English",
    "area_zh": "地区 · area",
    "categories": "分类代码 · codes of the row's categories, joined by colons; empty where the table has none",
    "categories_en": "分类英文名 · categories in English",
    "categories_zh": "分类 · categories",
    "column_name": "列名 · column; empty where the row is meant",
    "domain": "领域 · domain",
    "domain_en": "领域英文名 · domain in English",
    "domain_zh": "领域名 · domain in Chinese",
    "en": "英文名 · name in English",
    "errors": "错误 · findings that are errors and not waived",
    "hedge": "限定词 · hedge as printed; empty where there is none",
    "high": "上限 · greatest true value that the print allows; NULL is open",
    "indicator": "指标 · column of the table; see core.indicator",
    "indicator_en": "指标英文名 · indicator in English",
    "indicator_zh": "指标名 · indicator in Chinese",
    "information": "提示 · findings that are information and not waived",
    "kind": "数字类型 · kind of figure",
    "low": "下限 · least true value that the print allows; NULL is open",
    "not_applicable": "不适用行数 · rows of which the rule says nothing",
    "period": "时期 · period as written in the raw table; see core.period",
    "position": "次序 · place in the order of the list",
    "published": "原文 · figure as printed",
    "raw_file": "原始文件 · raw file",
    "raw_line": "行号 · line of the raw file",
    "row_key": "行键 · area, period, categories and source of the row",
    "rows_loaded": "装载行数 · rows loaded",
    "rows_read": "读取行数 · rows read",
    "rows_rejected": "拒收行数 · rows rejected",
    "rule": "规则 · id of the rule",
    "section": "章节 · section of the document",
    "severity": "严重程度 · error, warning or information",
    "source": "来源 · document; see core.source",
    "table_en": "表英文名 · table in English",
    "table_name": "表 · table of the domain",
    "table_zh": "表名 · table in Chinese",
    "unit": "单位 · base unit",
    "value": "数值 · value in the unit",
    "waived": "豁免 · accepted findings",
    "warnings": "警告 · findings that are warnings and not waived",
    "zh": "中文名 · name in Chinese",
}
"""Meanings of columns by name, in every table of `core` and `quality` and in every view."""
