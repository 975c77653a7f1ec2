"""Write the help of a rule: its statement, reasons, scope, and how to waive."""

from __future__ import annotations

from collections.abc import Sequence

from etl.escape import escape_markdown
from etl.gate.waivers import UNWAIVABLE, WAIVER_COLUMNS
from etl.reporters.rule_results import RuleResult, statement
from schemas.document_rules import DOCUMENT_RULES
from schemas.texts import Language, Text, listed_names

_HOLDS = Text("Holds in: ", "适用于")
_STOP = Text(".", "。")
_EVERY_TABLE = Text("every table", "所有数据表")
_EVERY_DOCUMENT = Text("every document", "所有文件")
_MEND = Text(
    "If the cell differs from its document, mend the cell. If the document really prints it so, leave the cell as it is and"
    " accept the finding: etl waive, or a line in raw/waivers.csv with the reason ({columns}).",
    "如单元格与来源文件不符，请更正单元格；如来源文件确如此载，请保留原文并予以豁免："
    "使用 etl waive，或在 raw/waivers.csv 中登记并写明理由（{columns}）。",
)
_MEND_DOCUMENT = Text(
    "Compare the figures with what the document is made from, and mend the one that is wrong.",
    "请将有关数字与原始数据核对，并更正有误者。",
)
_RENEW = Text("Renew or delete the line of raw/waivers.csv.", "请更新或删除 raw/waivers.csv 中的该行。")
_MORE = Text(" etl rule {rule} tells more, with an example.", "更多说明与示例见 etl rule {rule}。")
_TITLES = {
    "why": Text("Why", "理由"),
    "where": Text("Where", "适用范围"),
    "mend": Text("What to do", "如何处理"),
}


def help_text(of_rule: Sequence[RuleResult], language: Language) -> str:
    """Write the help of a rule as plain text."""
    tables = listed_names(_tables(of_rule, language))
    where = (_HOLDS + tables + _STOP).in_language(language)
    said = statement(of_rule[0].rule, language) + _STOP.in_language(language)
    return "\n\n".join((said, *_reasons(of_rule, language), where, _mend(of_rule, language)))


def help_markdown(of_rule: Sequence[RuleResult], language: Language) -> str:
    """Write the help of a rule as Markdown."""
    why, where, mend = (f"## {title.in_language(language)}" for title in _TITLES.values())
    return "\n\n".join(
        [
            f"**{escape_markdown(statement(of_rule[0].rule, language))}**",
            why,
            *map(escape_markdown, _reasons(of_rule, language)),
            where,
            "\n".join(f"- {escape_markdown(table)}" for table in _tables(of_rule, language)),
            mend,
            escape_markdown(_mend(of_rule, language)),
        ]
    )


def _reasons(of_rule: Sequence[RuleResult], language: Language) -> list[str]:
    """List the distinct reasons of a rule, which may differ between tables."""
    texts = (result.rule.zh if language == "zh" else result.rule.reason for result in of_rule)
    return list(dict.fromkeys(texts))


def _tables(of_rule: Sequence[RuleResult], language: Language) -> list[str]:
    if _is_of_documents(of_rule):
        return [_EVERY_DOCUMENT.in_language(language)]
    if of_rule[0].rule.constraint is None:
        return [_EVERY_TABLE.in_language(language)]
    return list(dict.fromkeys(result.table for result in of_rule))


def _mend(of_rule: Sequence[RuleResult], language: Language) -> str:
    rule = of_rule[0].rule.id
    if _is_of_documents(of_rule):
        return _MEND_DOCUMENT.in_language(language)
    mend = (_RENEW if rule in UNWAIVABLE else _MEND).in_language(language).format(columns=",".join(WAIVER_COLUMNS))
    return mend + _MORE.in_language(language).format(rule=rule)


def _is_of_documents(of_rule: Sequence[RuleResult]) -> bool:
    """Whether it is a rule of a document's own figures, which no table declares."""
    return any(of_rule[0].rule is each for each in DOCUMENT_RULES)
