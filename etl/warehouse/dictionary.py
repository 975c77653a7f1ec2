"""Format the data dictionary: tables, the meanings of columns, and their rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

import polars as pl

from etl.catalogue import Catalogue, RegisterEntry
from etl.errors import UnknownNameError
from etl.registers.monthly_mart import monthly_meanings
from etl.text_table import format_table
from etl.warehouse.marts import declared_mart
from schemas import registers
from schemas.code_lists import CodeLists
from schemas.models import Column, Meaning, Rule, columns, key, rules, titles
from schemas.texts import NO_TEXT, Language, Text, same

_OF_TABLES = (
    *(Text("domain", "领域"), Text("table", "表"), Text("title", "标题")),
    *(Text("figures", "数字列"), Text("rules", "规则")),
)
_OF_COLUMNS = {
    "column": Text("column", "列名"),
    "zh": Text("zh", "含义"),
    "en": same("en"),
    "kind": Text("kind", "类型"),
    "unit": Text("unit", "单位"),
    "blank": Text("blank", "可否留空"),
    "key": Text("key", "主键"),
    "codes": Text("codes", "代码"),
}
_MAY_BE_BLANK = Text("may be", "可")
KINDS_ZH = {
    "count": "计数",
    "amount": "金额",
    "share": "占比",
    "rate": "增减",
    "mean": "平均数",
    "duration": "时长",
    "score": "得分",
    "multiple": "倍数",
    "measure": "计量",
    "area": "地区",
    "period": "时期",
    "category": "分类",
    "source": "来源",
    "section": "章节",
    "revision": "修订",
    "identifier": "编号",
    "name": "名称",
    "code": "代码",
    "day": "日期",
    "money": "金额",
    "flag": "是否",
}


def format_tables(catalogue: Catalogue, domain: str | None, language: Language, width: int | None = None) -> str:
    """Format the list of tables and registers, with numbers of figures and rules.

    Raises:
        UnknownNameError: there is no such domain.
    """
    if domain is not None and domain not in catalogue.domains:
        raise UnknownNameError(Text("domain", "领域"), domain, catalogue.domains)
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
        rows += [(title, address, both[which], number, declared) for address, both, number, declared in listed]
    return format_table(pl.DataFrame(rows, [each.in_language(language) for each in _OF_TABLES], orient="row"), width=width)


def describe_table(catalogue: Catalogue, address: str, language: Language, width: int | None = None) -> str:
    """Format the title, columns, key and rules of a table or register.

    A register's monthly table is included.

    Raises:
        UnknownNameError: there is no such table.
    """
    if address in catalogue.register_addresses:
        return "\n".join(_of_register(catalogue.register(address), language, width))
    if address not in catalogue.addresses:
        raise UnknownNameError(Text("table", "表"), address, (*catalogue.addresses, *catalogue.register_addresses))
    described = catalogue.entry(address)
    zh, en = titles(described.model)
    rows = [column_row(column, key(described.model), catalogue.lists) for column in columns(described.model)]
    rows += [measure_row(each.name, each.meaning) for each in declared_mart(described.transform).measures]
    listed = _rules(rules(described.model), language)
    return "\n".join([_headed(address, Text(f"{zh} · {en}", zh), language), _columns(rows, language, width), *listed])


def _headed(address: str, title: Text, language: Language) -> str:
    return f"{address}{'：' if language == 'zh' else ': '}{title.in_language(language)}"


def _columns(rows: Sequence[Mapping[str, Text]], language: Language, width: int | None) -> str:
    """Format the columns of a table; in Chinese without their English meanings."""
    titles = {name: title for name, title in _OF_COLUMNS.items() if name != "en" or language == "en"}
    shown = {title.in_language(language): [row[name].in_language(language) for row in rows] for name, title in titles.items()}
    return format_table(pl.DataFrame(shown), width=width)


def _of_register(described: RegisterEntry, language: Language, width: int | None) -> Iterator[str]:
    zh, en = registers.titles(described.model)
    yield _headed(described.address, Text(f"{zh} · {en}", zh), language)
    key_names, lists = registers.key(described.model), described.catalogue.lists
    yield _columns([column_row(column, key_names, lists) for column in registers.columns(described.model)], language, width)
    meanings = monthly_meanings(described)
    monthly = Text(f"{zh}：按月 · {en}: by month", f"{zh}：按月")
    yield _headed(f"{described.address}_monthly", monthly, language)
    yield _columns([measure_row(name, meaning) for name, meaning in meanings.items()], language, width)
    yield from _rules(registers.declared_rules(described.model), language)


def column_row(column: Column, key_names: Collection[str], lists: CodeLists) -> dict[str, Text]:
    """Describe a column: its meanings, kind, unit and codes."""
    kind = type(column.dtype).__name__.lower()
    return {
        "column": same(column.name),
        "zh": same(column.meaning.zh),
        "en": same(column.meaning.en),
        "kind": Text(kind, KINDS_ZH.get(kind, kind)),
        "unit": same(column.meaning.unit),
        "blank": _MAY_BE_BLANK if column.optional else NO_TEXT,
        "key": Text("key", "是") if column.name in key_names else NO_TEXT,
        "codes": same(_codes(column.meaning.codes, lists, with_total=not isinstance(column.dtype, registers.Code))),
    }


def measure_row(name: str, meaning: Meaning) -> dict[str, Text]:
    """Describe a measure that a mart adds."""
    return {
        "column": same(name),
        "zh": same(meaning.zh),
        "en": same(meaning.en),
        "kind": Text("derived", "度量"),
        "unit": same(meaning.unit),
        "blank": _MAY_BE_BLANK,
        "key": NO_TEXT,
        "codes": NO_TEXT,
    }


def _codes(name: str, lists: CodeLists, *, with_total: bool) -> str:
    if not name:
        return ""
    listed = [code for code in lists.by_code(name) if with_total or code != registers.TOTAL]
    return " ".join(listed) if len(listed) <= 6 else f"schemas/codes/{name}.csv ({len(listed)})"


def _rules(declared: Iterable[Rule], language: Language) -> Iterator[str]:
    for rule in declared:
        yield f"{rule.severity}[{rule.id}] {rule.zh if language == 'zh' else rule.reason}"
