"""Findings about one cell of a raw table."""

from __future__ import annotations

from etl.findings import Finding, make_finding
from etl.tables.read import RawTable
from schemas import builtin_rules
from schemas.models import Column, Rule
from schemas.texts import Text

MARKS = "schemas/codes/marks.csv"


def at_cell(rule: Rule, table: RawTable, row: int, column: Column, en: str, zh: str, row_key: str = "") -> Finding:
    """Build a finding about a cell."""
    place = table.place(row, column.name)
    return make_finding(rule, table.entry.address, place, Text(en, zh), row=row, row_key=row_key, column=column.name)


def blank(table: RawTable, row: int, column: Column, row_key: str = "") -> Finding:
    """Build the finding that a mandatory cell is blank."""
    en = f"{column.meaning.en} is blank"
    return at_cell(builtin_rules.CELL_IS_FILLED, table, row, column, en, f"{column.meaning.zh}为空", row_key)


def unreadable(problem: str, table: RawTable, row: int, column: Column, row_key: str = "") -> Finding:
    """Build the finding that a cell is not readable as a figure."""
    message = _explained(problem, column)
    return at_cell(rule_of_problem(problem), table, row, column, message.en, message.zh, row_key)


def rule_of_problem(problem: str) -> Rule:
    """Return the rule that a problem of the figure grammar breaks."""
    rules = {"wrong_unit": builtin_rules.UNIT_FITS_COLUMN, "fraction_of_a_count": builtin_rules.COUNT_IS_WHOLE}
    return rules.get(problem.partition("|")[0], builtin_rules.FIGURE_IS_READABLE)


def _explained(problem: str, column: Column) -> Text:
    """Return the message for a problem of the figure grammar."""
    code, _, detail = problem.partition("|")
    unit = column.meaning.unit
    match code:
        case "wrong_unit":
            printed = detail.partition("|")[0]
            return Text(f"printed in {printed} where {unit} is expected", f"单位为“{printed}”，应为“{unit}”")
        case "fraction_of_a_count":
            return Text(f"{detail} is not a whole number of {unit}", f"{detail} 应为整数")
        case "too_large":
            return Text(f"{detail} has more digits than a figure can have", f"{detail} 位数过多")
        case _:
            en = f"cannot read {detail!r} as a figure; write it as printed, such as 7.64万{unit} or 超7万{unit}"
            en += f", or with a mark of {MARKS}, such as …, x or 57{unit}(p); a project may add to that list"
            zh = f"无法将“{detail}”读作数字；请照原文书写，如 7.64万{unit}、超7万{unit}"
            return Text(en, f"{zh}，或使用 {MARKS} 所列符号，如 …、x、57{unit}(p)；项目可增补该表")
