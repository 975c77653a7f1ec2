"""Built-in rules of registers: of a record, and of a raw file of records."""

from __future__ import annotations

from schemas import builtin_rules
from schemas.models import Rule

COLUMN_HAS_ITS_TYPE = Rule(
    "column-has-its-type",
    "A column of a Parquet file is text, or has the type of its declared column; nothing is converted in silence.",
    "Parquet 文件的列应为文本或与声明的类型一致，不作隐式转换",
    "error",
)
IDENTIFIER_IS_WELL_FORMED = Rule(
    "identifier-is-well-formed",
    "A number by which a record is known is written as its office writes it.",
    "编号应符合登记机关的编号格式",
    "error",
)
NAME_IS_ONE_LINE = Rule(
    "name-is-one-line",
    "A name with a line break in it is two cells that a quotation mark has joined.",
    "名称中不得有换行",
    "error",
)
DAY_IS_A_DATE = Rule(
    "day-is-a-date",
    "A day is written 2025-03-31, and the calendar has it.",
    "日期应写作 2025-03-31，且确有此日",
    "error",
    source="ISO 8601-1:2019, calendar date, extended format",
)
AMOUNT_IS_A_DECIMAL = Rule(
    "amount-is-a-decimal",
    "An amount is a plain decimal number of yuan with at most two decimals.",
    "金额应为以元为单位的十进制数，至多两位小数",
    "error",
)
FLAG_IS_YES_OR_NO = Rule(
    "flag-is-yes-or-no",
    "A flag says 是 or 否, true or false, 1 or 0.",
    "标识应为 是/否、true/false 或 1/0",
    "error",
)
RECORD_IS_KNOWN_ONCE = Rule(
    "record-is-known-once",
    "A record stands in its register once, however many files the register is in.",
    "同一编号在登记簿的全部文件中只出现一次",
    "error",
)
FLOW_ADDS_UP = Rule(
    "flow-adds-up",
    "What is there at the start of a month, and what comes in it, less what goes, is there at its end.",
    "期初数加本月新增减本月减少等于期末数",
    "error",
)
EVERY_MONTH_HAS_RECORDS = Rule(
    "every-month-has-records",
    "Where twenty records or more come in a month on the mean, a month without one is a month whose file is missing:"
    " by chance it happens once in 485 million months.",
    "月均二十件以上的地区某月没有任何记录，说明该月文件缺失",
    "warning",
)

REGISTER_KEEPS_ITS_ROWS = Rule(
    "register-keeps-its-rows",
    "A register grows: where more than half of the rows of the load in force are gone, a file is missing or cut off.",
    "登记簿通常只增不减；较现行版本减少一半以上，多为文件缺失或截断",
    "warning",
)

REGISTER_RULES: tuple[Rule, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
BY_ID: dict[str, Rule] = builtin_rules.BY_ID | {rule.id: rule for rule in REGISTER_RULES}
