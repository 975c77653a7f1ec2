"""Write messages of broken rules: cells or measures, and what would be right."""

from __future__ import annotations

from collections.abc import Mapping

from etl.catalogue import RegisterEntry
from etl.nearest_name import suggestion
from etl.registers.group_codes import MONTH
from etl.registers.groups import GroupVerdict
from etl.registers.parse import FIRST_DAY, LAST_DAY, code_names
from etl.registers.row_tests import RowTest
from schemas import builtin_rules
from schemas.builtin_register_rules import (
    AMOUNT_IS_A_DECIMAL,
    DAY_IS_A_DATE,
    FLAG_IS_YES_OR_NO,
    IDENTIFIER_IS_WELL_FORMED,
    NAME_IS_ONE_LINE,
)
from schemas.models import Column, Rule
from schemas.registers import columns
from schemas.texts import Text

_OF_CELLS = {
    DAY_IS_A_DATE.id: Text(
        f"{{0!r}} is no day such as 2025-03-31, from {FIRST_DAY} to {LAST_DAY}",
        f"“{{0}}”不是 {FIRST_DAY} 至 {LAST_DAY} 之间的日期；写法如 2025-03-31",
    ),
    AMOUNT_IS_A_DECIMAL.id: Text("{0!r} is no amount in yuan such as 125000.50", "“{0}”不是以元为单位的金额；写法如 125000.50"),
    FLAG_IS_YES_OR_NO.id: Text("{0!r} is neither 是 nor 否 (true, false, 1, 0)", "“{0}”应为 是/否、true/false 或 1/0"),
    NAME_IS_ONE_LINE.id: Text("{0!r} has a line break; is a quotation mark missing?", "“{0}”含有换行，是否缺少引号？"),
    builtin_rules.NOT_BELOW_ITS_RANGE.id: Text("{0} is below 0", "{0} 小于 0"),
}


def row_message(test: RowTest, entry: RegisterEntry, cells: Mapping[str, object]) -> Text:
    """Write the message of a row that fails a test."""
    declared = {column.name: column for column in columns(entry.model)}
    if test.column:
        return _cell_message(test.rule, declared[test.column], cells[test.column], entry)
    shown = [(declared[name], cells[name]) for name in test.reads]
    en = ", ".join(f"{column.name} {'is blank' if cell is None else cell}" for column, cell in shown)
    zh = "，".join(f"{column.meaning.zh} {'为空' if cell is None else cell}" for column, cell in shown)
    return Text(f"{en}. {test.rule.reason}", f"{zh}；{test.rule.zh}")


def _cell_message(rule: Rule, column: Column, cell: object, entry: RegisterEntry) -> Text:
    meaning = column.meaning
    if rule is builtin_rules.CELL_IS_FILLED:
        return Text(f"{meaning.en} is blank", f"{meaning.zh}为空")
    if rule is builtin_rules.CODE_IS_KNOWN:
        where = f"schemas/codes/{meaning.codes}.csv"
        near = suggestion(str(cell), code_names(column, entry.catalogue.lists))
        return Text(f"{cell!r} is not listed in {where}.{near.en}", f"“{cell}”未登记在 {where}。{near.zh}".removesuffix("。"))
    if rule is IDENTIFIER_IS_WELL_FORMED:
        pattern = entry.model.to_schema().columns[column.name].metadata["pattern"]
        return Text(f"{cell!r} is not of the form {pattern}", f"“{cell}”不符合编号格式 {pattern}")
    if rule.id not in _OF_CELLS:
        return Text(f"{cell!r}: {rule.reason}", f"“{cell}”：{rule.zh}")
    template = _OF_CELLS[rule.id]
    return Text(template.en.format(cell), template.zh.format(cell))


def group_message(verdict: GroupVerdict, group: Mapping[str, object], entry: RegisterEntry) -> Text:
    """Write the message of a group that breaks a rule: its measures."""
    measures = ((name.lstrip("@"), value) for name, value in group.items() if name not in verdict.by)
    listed = ", ".join(f"{name} {value:g}" if isinstance(value, float) else f"{name} {value}" for name, value in measures)
    who = ", ".join(f"{name} {group[name]}" for name in verdict.by)
    titles = {column.name: column.meaning.zh for column in columns(entry.model)} | {MONTH: "月份"}
    who_zh = "，".join(f"{titles.get(name, name)} {group[name]}" for name in verdict.by)
    return Text(f"{who}: {listed}. {verdict.rule.reason}", f"{who_zh}：{listed}；{verdict.rule.zh}")
