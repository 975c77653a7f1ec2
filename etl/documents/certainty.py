"""Doubts about a number of a running text: a word beside it that changes it, and that the grammar does not know.

A number in doubt is listed as unclear, with the reason, and is no figure until a person decides.
"""

from __future__ import annotations

import re

from etl.figures.language import SIMPLIFIED
from etl.figures.phrases import Phrase

UNCLEAR = "unclear"
"""The first word of the reason of a number in doubt."""

_CLAUSE = re.compile("[，。；：！？,;!?（）()、]")
_SIGNED_AFTER = re.compile(rf"(?:{SIMPLIFIED.any_of('before_sign')}|[\s，：:（(、,])$|^$")
_NEGATED = re.compile(f"{SIMPLIFIED.any_of('negations')}$")
_FALLS_NEAR = re.compile("(?:下降|下滑|回落|下跌|减少|降低|缩减|降幅|跌幅|负增长)(?!到|至|为|成)[^至到为成0-9]{0,8}$")
_FEWER = re.compile("(?:[比较].{0,8}|同比|环比)[少减](?!数)[^至到为成0-9]{1,3}$")
_HEDGE_NEAR = re.compile(
    "(?:大约|不到|不足|接近|至少|至多|最多|最少|低于|高于|不少于|不低于|不超过|不高于|超过|突破|将近|(?<![条公合签节制预契特规邀大])约(?!定|束|谈|为))"
    "[^0-9一二两三四五六七八九十百千万亿]{1,8}$"
)
_COMPARED = re.compile(f"{SIMPLIFIED.any_of('compared')}[^0-9]{{0,4}}$")
_BROKEN_OFF = re.compile(r"[.,]?[0-9]|(?:[~∼～/:：]|[-–—至到]) *[0-9一二两三四五六七八九]")
_CUT_BEFORE = re.compile(r"[0-9] *(?:[-–—~∼～/]|[.,])$")
_NEARBY = 24
"""In so many characters before a number stands what may change it."""
_TIMES = ("年", "月", "天", "日", "时", "分钟", "周")
_STRONG_OR_WEAK = re.compile("[强弱](?![度化制大省市县国势])")
_CHANGED_AFTER = re.compile(r"折(?!扣)|番|[ ]?(?:hundred|dozen|tens)\b|万分|亿分")
RATES = (
    *("%", "个百分点", "百分点", "成", "倍", "百分之", "千分之", "个基点", "基点", "/", "半", "half"),
    *("per cent", "percent", "pct", "percentage points", "percentage point", "pp", "basis points"),
)


def doubt(match: re.Match[str], start: int, end: int, said: Phrase | None) -> str:
    """Return why a number may be another than the grammar reads, as the reason for a list; empty where it is certain.

    Args:
        match: of the pattern of phrases.
        start: where the number begins, with its hedges.
        end: where it ends.
        said: what the phrase says.
    """
    word = _doubtful_word(match, start, end, said)
    return f"{UNCLEAR}: {word}" if word else ""


def _doubtful_word(match: re.Match[str], start: int, end: int, said: Phrase | None) -> str:
    text = match.string
    nearby = text[max(0, start - _NEARBY) : start]
    before = _CLAUSE.split(nearby)[-1]
    if said is None:
        return "a range or ratio with more than one reading"
    if match["ratio"] and re.fullmatch(r"[0-2]?[0-9][:：∶][0-5][0-9]", match["ratio"]):
        return "a ratio or a time of day"
    if broken := _CUT_BEFORE.search(nearby):
        return f"{broken[0].strip()} before it"
    is_first_level = re.search("[由从自]$", before) or said.unit.endswith("点") or match["direction"]
    is_closed = said.unit and not text[end - 1].isdecimal() and not said.unit.endswith(_TIMES)
    if (broken := _BROKEN_OFF.match(text, end)) and not (
        (is_first_level and broken[0][0] in "至到") or (is_closed and broken[0].isdecimal())
    ):
        return f"{broken[0].strip()} after it"
    if match["sign"] and match["sign"] not in "+负▲" and not _SIGNED_AFTER.search(nearby):
        return f"{match['sign']} before it"
    if changed := _CHANGED_AFTER.match(text, end) or (said.unit in ("成", "分之", "/") and _STRONG_OR_WEAK.match(text, end)):
        return f"{changed[0].strip()} after it"
    if match["before"] and (negated := _NEGATED.search(before)):
        return f"{negated[0]} before {match['before']}"
    if match["direction"]:
        return ""
    if (fall := _FALLS_NEAR.search(before)) and said.unit in RATES:
        return f"{fall[0]} before it"
    if fewer := _FEWER.search(before):
        return f"{fewer[0]} before it"
    if not match["before"] and (hedge := _HEDGE_NEAR.search(before)) and not (
        said.unit.endswith("百分点") and _COMPARED.search(hedge[0])
    ):  # fmt: skip
        return f"{hedge[0]} before it"
    return ""
