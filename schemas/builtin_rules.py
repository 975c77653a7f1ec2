"""Built-in rules, which apply to every table and cell of any domain.

They are checked where a file is read, parsed and traced to its document, not by pandera, so they carry no constraint.
"""

from __future__ import annotations

from schemas.models import Rule, Severity


def _builtin(rule_id: str, reason: str, zh: str, severity: Severity = "error", source: str = "") -> Rule:
    return Rule(rule_id, reason, zh, severity, None, source)


FILE_IS_READABLE = _builtin(
    "file-is-readable",
    "A raw file is a file of the project: text in CSV form (RFC 4180), a workbook, or Parquet, that can be read whole.",
    "原始文件应为项目内可完整读取的 CSV 文本、工作簿或 Parquet 文件",
    source="Y. Shafranovich, RFC 4180, 2005",
)
FILE_IS_PLAIN = _builtin(
    "file-is-plain",
    "A raw file is UTF-8 in plain characters, and a workbook one visible sheet of values;"
    " every automatic correction is reported.",
    "原始文件应为 UTF-8 编码的普通字符；凡非照原样读取者均予说明",
    "information",
)
TABLE_HAS_ONE_FILE = _builtin(
    "table-has-one-file", "Where a table stands in two files, it is unclear which one holds.", "每张表只有一个原始文件"
)
FILE_IS_CATALOGUED = _builtin(
    "file-is-catalogued",
    "Every file in a folder of raw/ is named as a table or register of its domain; any other is not read.",
    "raw/ 各领域文件夹中的文件均应以表或登记簿命名，否则无人读取",
    "warning",
)
FILE_HAS_ROWS = _builtin(
    "file-has-rows",
    "An empty file proves nothing; one with a header and no rows says at least which figures are not entered yet.",
    "原始文件不得为空；只有表头表示数据尚未录入",
)
COLUMN_IS_PRESENT = _builtin(
    "column-is-present", "Every declared column has a header in the raw file.", "声明的列在原始文件中都有表头"
)
COLUMN_IS_KNOWN = _builtin(
    "column-is-known",
    "Every header names a declared column, by its name or its Chinese meaning, once.",
    "表头都是已声明的列，且不重复",
)
ROW_FITS_HEADER = _builtin(
    "row-fits-header", "A row has as many cells as the header, and is not the header again.", "每行与表头同宽，且不重复表头"
)
ROW_IS_READABLE = _builtin(
    "row-is-readable",
    "A row is text of the encoding of its file, quoted as RFC 4180 has it, and in a workbook shows what it stores.",
    "每行应符合文件编码与 RFC 4180 的引号规则；工作簿中所示即所存",
    source="Y. Shafranovich, RFC 4180, 2005",
)
CELL_IS_FILLED = _builtin(
    "cell-is-filled",
    "Only an optional column may be blank; where the ledger of the document has no such figure, it is an information.",
    "非可选列不得留空；来源台账未载该数字时仅为提示",
)
FIGURE_IS_READABLE = _builtin(
    "figure-is-readable", "A figure follows the grammar of printed figures.", "数字应符合书面数字的写法"
)
FOOTNOTE_HAS_A_TEXT = _builtin(
    "footnote-has-a-text",
    "The mark of a footnote, such as ①, * or 1), has its text in raw/notes.csv.",
    "脚注符号（如 ①、*、1)）应在 raw/notes.csv 中登记其文字",
    "information",
)
UNIT_FITS_COLUMN = _builtin(
    "unit-fits-column", "A figure is printed in a unit of its column's dimension.", "数字的计量单位与该列的量纲一致"
)
COUNT_IS_WHOLE = _builtin("count-is-whole", "A count of things has no fraction.", "件数、家数等计数没有小数")
PERIOD_IS_WELL_FORMED = _builtin(
    "period-is-well-formed",
    "A period is a year, half-year, quarter, month, financial year or span of months: 2025, 2024-H1, 2024-Q3, 2023-02, 2024/25,"
    " 2021-07/2024-06.",
    "时期应为年、半年、季、月、财政年度或月份区间",
)
FINANCIAL_YEAR_IS_STATED = _builtin(
    "financial-year-is-stated",
    "Where a table has financial years, schemas/codes/financial_years.csv of the project says in which month they begin.",
    "表中有财政年度的，项目的 schemas/codes/financial_years.csv 应写明其起始月份",
    "information",
)
PERIOD_IS_OVER = _builtin(
    "period-is-over",
    "A document prints figures of no period that ends after the month of its publication, or begins after its own period.",
    "文件不应刊载其发布当月之后才结束的时期的数字；未注明发布日期的，不应刊载其报告期之后的数字",
)
DOCUMENT_IS_PUBLISHED = _builtin(
    "document-is-published",
    "A document is not dated after today, and reports on no period that is still to come.",
    "文件的发布日期不晚于今天，报告期也不在将来",
    "warning",
)
CODE_IS_KNOWN = _builtin("code-is-known", "A code, or a name that stands for it, is in its code list.", "代码或名称应在代码表中")
SOURCE_IS_KNOWN = _builtin("source-is-known", "Every source is listed in raw/sources.csv.", "来源应登记在 raw/sources.csv")
KEY_IS_UNIQUE = _builtin(
    "key-is-unique", "Area, period, categories and source name one row only.", "地区、时期、分类与来源唯一确定一行"
)
NOT_BELOW_ITS_RANGE = _builtin(
    "not-below-its-range",
    "Counts, amounts and shares are not negative, means and durations are positive; nothing falls by more than all of it.",
    "数值不低于其取值范围：计数、金额、比重非负，均值与时长为正，降幅不超过全部",
)
NOT_ABOVE_ITS_RANGE = _builtin("not-above-its-range", "Shares and scores are at most 100.", "比重与得分不超过 100")
SOURCES_AGREE = _builtin(
    "sources-agree",
    "A document that prints a figure anew prints what was printed before, or is marked as a revision of it.",
    "后来文件再次刊载的数字应与此前所载相符，否则须注明修订",
    source="XBRL International, Calculations 1.1 (2023), on the consistency of duplicate facts",
)
REVISION_CHANGES_A_FIGURE = _builtin(
    "revision-changes-a-figure",
    "A row is marked as revised only where a document before it prints one of its figures otherwise.",
    "注明修订的行应有至少一个数字与此前文件所载不同",
    "warning",
)
AREA_IS_OF_THE_SOURCE = _builtin(
    "area-is-of-the-source",
    "A document speaks of its own area, of areas within it, and of those that enclose it.",
    "文件所述地区应为其本地区、下辖地区或上级地区",
)
SOURCE_REPORTS_ITS_OWN_PERIOD = _builtin(
    "source-reports-its-own-period",
    "A bulletin that speaks of an earlier period in a table speaks there of its own period too.",
    "公报在表中述及往期时，也应载有本期数字",
    "warning",
)
LEVEL_IS_NEAR_THAT_OF_THE_YEAR_BEFORE = _builtin(
    "level-is-near-that-of-the-year-before",
    "A number seldom becomes many times what it was a year before, or a small part of it; a zero too many,"
    " another unit or another row is more likely.",
    "同一指标一年间通常不会成倍增减；更可能多写了零、误用单位或错行",
    "warning",
)
LEVEL_CHANGES_NO_MORE_THAN_USUAL = _builtin(
    "level-changes-no-more-than-usual",
    "A number that is several times what it was a year before, or a fraction of it, is worth a second look.",
    "同一指标一年间变动较大者，宜复核",
    "information",
)
FIGURE_IS_WITHIN_THAT_OF_THE_ENCLOSING_AREA = _builtin(
    "figure-is-within-that-of-the-enclosing-area",
    "What is counted in an area is counted in the area that encloses it too.",
    "下级地区的数字不超过上级地区",
    "warning",
)
FIGURE_IS_NOT_THAT_OF_ANOTHER_ROW = _builtin(
    "figure-is-not-that-of-another-row",
    "A number of three digits or more is seldom the same in two years, or in an area and the one that encloses it;"
    " one of them may be copied from the other.",
    "三位以上的数字在相邻年份之间、上下级地区之间极少完全相同；可能误抄了另一行",
    "warning",
)
FIGURES_ARE_NOT_EXCHANGED = _builtin(
    "figures-are-not-exchanged",
    "Two figures that stand the other way round than a year before may have been exchanged.",
    "两个数字的大小次序与上年相反，可能互换了",
    "warning",
)
NO_YEAR_IS_MISSING_BETWEEN_TWO = _builtin(
    "no-year-is-missing-between-two",
    "A document that prints a series prints each of its years.",
    "同一文件载列的各年数字应当连续",
    "information",
)
FIGURE_IS_CITED = _builtin(
    "figure-is-cited",
    "Every figure is what its document prints at the place that the link file names.",
    "每个数字都与其来源文件所载一致",
)
FIGURES_ARE_ALL_TAKEN = _builtin(
    "figures-are-all-taken",
    "Every figure of a document is taken by one cell, or left out with a reason.",
    "文件中的每个数字都已录入或注明不录入的理由",
)
LINK_IS_CONFIRMED = _builtin(
    "link-is-confirmed",
    "A cell that a machine proposed for a figure of a document counts when a person has confirmed it.",
    "机器建议的对应须经人确认",
)
WAIVER_IS_NEEDED = _builtin("waiver-is-needed", "A waiver accepts a finding that exists.", "豁免应对应实际存在的问题", "warning")
WAIVER_IS_CURRENT = _builtin("waiver-is-current", "A waiver has not expired.", "豁免应在有效期内")

BUILTIN_RULES: tuple[Rule, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
BY_ID: dict[str, Rule] = {rule.id: rule for rule in BUILTIN_RULES}
READING_RULES: tuple[Rule, ...] = (
    CELL_IS_FILLED,
    FIGURE_IS_READABLE,
    UNIT_FITS_COLUMN,
    COUNT_IS_WHOLE,
    PERIOD_IS_WELL_FORMED,
    CODE_IS_KNOWN,
    SOURCE_IS_KNOWN,
    KEY_IS_UNIQUE,
)
