"""Layout of a form: where its cells are, and the marks that guard its lines.

A form has a sheet about itself and a sheet for each domain. A line of a domain is one figure; its last cell names the figure and
ends in a mark, a digest of its number and labels. A line that was changed no longer has its mark.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from schemas.texts import Language, Text

FORMAT = "etl form 1"
ABOUT = "说明 About"
"""Name of the sheet about the form."""

HEADER_ROW = 2
"""Row of the header in the sheet of a domain, from 0."""


class FormColumn(IntEnum):
    """The columns of a sheet of a domain."""

    NUMBER = 0
    TABLE = 1
    ROW = 2
    INDICATOR = 3
    UNIT = 4
    MEANING = 5
    LAST = 6
    PERIOD_OF_LAST = 7
    VALUE = 8
    RULES = 9
    KEY = 10


class AboutRow(IntEnum):
    """The rows of the sheet about the form; the second cell of each holds its value."""

    TITLE = 0
    FORMAT = 2
    AREA = 3
    PERIOD = 4
    LANGUAGE = 5
    SHEETS = 6
    MARK = 7
    DEPARTMENT = 9
    FIRST_NOTE = 11


LABELS = (FormColumn.TABLE, FormColumn.ROW, FormColumn.INDICATOR, FormColumn.UNIT)
"""The columns that say what a line requests; its mark covers them."""


@dataclass(frozen=True, slots=True)
class FormHeading:
    """What a form says of itself.

    Attributes:
        area: code of the area whose figures it requests.
        period: of the figures.
        language: of its texts.
        sheets: the number of lines in the sheet of each domain.
    """

    area: str
    period: str
    language: Language
    sheets: Mapping[str, int]

    @property
    def listed_sheets(self) -> str:
        """The sheets and their lines as one text."""
        return ", ".join(f"{name} {number}" for name, number in self.sheets.items())

    @property
    def mark(self) -> str:
        """The digest of the heading."""
        return mark_of((FORMAT, self.area, self.period, self.language, self.listed_sheets))


def mark_of(texts: Iterable[str]) -> str:
    """Return the digest of some texts; spaces within them do not count."""
    joined = "\0".join("".join(text.split()) for text in texts)
    return hashlib.sha256(joined.encode()).hexdigest()[:8]


def line_mark(heading: FormHeading, sheet: str, number: int, key: str, labels: Iterable[str]) -> str:
    """Return the mark of a line."""
    return mark_of((heading.area, heading.period, sheet, str(number), key, *labels))


TITLES: Mapping[FormColumn, Text] = {
    FormColumn.NUMBER: Text("No.", "序号"),
    FormColumn.TABLE: Text("Table", "表"),
    FormColumn.ROW: Text("Row", "分组"),
    FormColumn.INDICATOR: Text("Indicator", "指标"),
    FormColumn.UNIT: Text("Unit", "单位"),
    FormColumn.MEANING: Text("Meaning", "说明"),
    FormColumn.LAST: Text("Printed last", "上次刊载"),
    FormColumn.PERIOD_OF_LAST: Text("of", "所属时期"),
    FormColumn.VALUE: Text("Figure of {period}", "{period} 填报数"),
    FormColumn.RULES: Text("What must agree", "应满足的关系"),
    FormColumn.KEY: Text("Key (leave as it is)", "标识（请勿改动）"),
}

ABOUT_LABELS: Mapping[AboutRow, Text] = {
    AboutRow.FORMAT: Text("Form", "表式"),
    AboutRow.AREA: Text("Area", "地区"),
    AboutRow.PERIOD: Text("Period", "时期"),
    AboutRow.LANGUAGE: Text("Language", "语言"),
    AboutRow.SHEETS: Text("Sheets and their lines", "工作表及行数"),
    AboutRow.MARK: Text("Mark", "校验"),
    AboutRow.DEPARTMENT: Text("Department (fill in)", "填报单位（请填写）"),
}

NOTES = (
    Text(
        "Fill in the yellow cells only. The sheets are protected without a password; keys and labels must stay.",
        "只填黄色单元格。工作表已保护（无密码），标识与文字请勿改动。",
    ),
    Text(
        "Write the figure as it stands in your records: 5981, or with a unit of its own: 5981件, 7.64万件, 超七成.",
        "按台账如实填写：可只填数字，如 5981；也可带单位或限定词，如 5981件、7.64万件、超七成。",
    ),
    Text(
        "A bare number is in the unit of its line. Write 0 for nothing; leave empty what you do not have.",
        "只填数字时，单位为本行所列单位。没有发生填 0，没有数据则留空。",
    ),
    Text(
        "Type values: a cell with a formula is refused. Do not insert, delete, copy or reorder lines and columns.",
        "请填数值：含公式的单元格不予接收。请勿增删、复制或调换行列。",
    ),
    Text(
        "The column on the right says what must agree; what does not is sent back by sheet and cell.",
        "右侧列出各数应满足的关系；不符者将按工作表与单元格退回。",
    ),
)

KINDS: Mapping[str, Text] = {
    "count": Text("a number of whole things", "个数，填整数"),
    "amount": Text("a sum of money", "金额"),
    "share": Text("a part of the whole, 0 to 100 percent", "占比，0 至 100"),
    "rate": Text("the change on the same span a year before; negative for a fall", "比上年同期增减的幅度，下降填负数"),
    "mean": Text("an average", "平均值"),
    "duration": Text("a length of time", "时长"),
    "score": Text("a mark, 0 to 100", "得分，0 至 100"),
    "multiple": Text("one quantity as a multiple of another", "两数之比"),
    "measure": Text("a physical quantity", "计量值"),
}
CUMULATIVE = Text("counted since it began", "自开始以来的累计数")
