"""What tells a number that is no figure from one that is: years, names, ordinals, streaks, set phrases.

Every rule is lexical: it looks at the words around a number, never at which document it stands in. Where no rule
applies the number stays a figure, and a person may leave it out by hand, with a reason of their own.

Digits are figures unless a rule says otherwise. A Chinese numeral is looked at only where a unit follows it: numerals
are in half of all words.
"""

import re
from enum import StrEnum
from functools import lru_cache

from etl.figures.english import MULTIPLIERS, NUMBERS
from etl.figures.language import ENGLISH, SIMPLIFIED, any_of
from etl.figures.words import FRACTIONS, Notation


class Reason(StrEnum):
    """Why a number that stands in a text is no figure of it; the words of the column `reason`."""

    YEAR = "year"
    DATE = "date"
    PERIOD = "period"
    STREAK = "streak"
    ORDINAL = "ordinal"
    NAME = "name"
    LIST_MARK = "list mark"
    RATE_BASE = "base of a rate"
    FIXED_GROUP = "fixed group"
    CLASS = "class"
    INDEFINITE = "indefinite"
    IDIOM = "idiom"
    REPEATED = "repeated"


_DIGIT = "[0-9]"
_NUMERAL = "[〇零一二两三四五六七八九十百千万亿]"
_NUMBER = f"(?:{_DIGIT}+|{_NUMERAL}+)"
_YEAR = f"(?:(?:19|20){_DIGIT}{{2}}|[〇零一二三四五六七八九]{{4}})"
_TO = "[-—–~～至到]"

_words, _of = SIMPLIFIED, SIMPLIFIED.any_of
_LONGER_WORDS = _of("longer_words")
"""A unit's or hedge's character that begins a longer word is none: 3单位, 12人次, 两分钟."""
_LONGER = re.compile(_LONGER_WORDS)
_SERVICE = re.compile(f"[^，。；、]{{0,4}}{_of('services')}|短信")
_NUMBERED = re.compile(f"(?:{_of('numbered')}|V|v)[:：]?$")
_COUNTED = re.compile(f"{_of('counted')}$")
"""What stands before a number that counts, though it looks like a year: 受理量为1999."""
_AFTER_TIME_ONLY = ("内", "之内")
"""A hedge after a length of time; elsewhere it begins another word, as in 12家内资企业."""
_AFTER_UNIT_LAST = ("余", "多")
"""A hedge after a unit where the clause ends (3年多); elsewhere it begins another word, as in 5家多次获奖."""

_QUOTED = re.compile("《[^《》]*》|“[^“”。；]{1,30}”|‘[^‘’。；]{1,30}’|「[^「」。；]{1,30}」|〔[^〔〕]*〕")
_LONGEST_SHORT_NAME = 12

_CLAUSE_MARK = re.compile("[，。；：！？]")
_SLOGAN = re.compile(_of("slogans"))
_ROUND_NUMERALS = frozenset("十百千万亿")


@lru_cache(maxsize=8)
def stretches(notation: Notation) -> tuple[tuple[Reason, str], ...]:
    """Stretches of text that hold numbers and no figure: reason and regex source; the first that fits counts."""
    unit = f"(?!{_LONGER_WORDS})(?:{notation.unit_pattern})"  # and not the beginning of a longer word
    latin = "|".join(each.unit for each in notation.lists.units if each.unit[0].isascii() and each.unit[0].isalpha())
    day = f"{_NUMBER}(?:{_TO}{_NUMBER})?日"
    return (
        *_english(),
        # 1. 2、 (3) before the first word of a paragraph
        (Reason.LIST_MARK, rf"^(?:[(（]{_DIGIT}{{1,2}}[)）]|{_DIGIT}{{1,2}}[.、](?!{_DIGIT}))"),
        (Reason.LIST_MARK, rf"^{_DIGIT}{{1,2}}(?:\.{_DIGIT}{{1,2}}){{1,3}} (?=[^\W\d])(?![百千万亿]|{unit})"),
        (Reason.DATE, f"{_YEAR}[-/]{_DIGIT}{{1,2}}(?:[-/]{_DIGIT}{{1,2}})?(?!{_DIGIT})"),
        (Reason.DATE, rf"{_YEAR}\.{_DIGIT}{{1,2}}\.{_DIGIT}{{1,2}}(?!{_DIGIT})"),
        (Reason.DATE, f"(?:{_YEAR} ?年)?{_NUMBER}月{day}"),
        # 6月, 1-6月, 1季度; but 3月内 is a length of time, and 3个月 always is
        (Reason.DATE, f"(?:{_YEAR} ?年)?(?<![0-9.])(?:{_NUMBER}月?{_TO})?{_NUMBER} ?(?:月(?![内之])|季度)"),
        (Reason.YEAR, f"{_YEAR}年?{_TO}+{_YEAR}年?"),
        (Reason.YEAR, f"{_YEAR} ?年"),
        (Reason.STREAK, f"连续第?{_NUMBER}个?(?:年|届|月|次|季度|天|周)"),
        (Reason.ORDINAL, f"第{_NUMBER}(?:{_TO}{_NUMBER})?|{_DIGIT}+(?=强)"),
        (Reason.ORDINAL, f"(?<![此之目以当日年提])前(?:{_NUMERAL}+|{_DIGIT}+(?=[位名强]))"),
        (Reason.PERIOD, f"(?:近|过去|未来|今后){_NUMBER}年|{_NUMBER}年(?=来|间|以来|年均|平均|累计)"),
        (Reason.CLASS, rf"{_NUMBER}(?:年|周?岁)(?:及?以[上下])"),
        (Reason.RATE_BASE, rf"(?:平均)?每(?:{_DIGIT}+(?:\.{_DIGIT}+)?[百千万亿]*|{_NUMERAL}+)个?(?:{unit})?"),
        (Reason.DATE, rf"(?:3[·.]15|4[·.]26|12[·.]4|5[·.]10|5[·.]25)(?={_of('anniversaries')})"),
        (Reason.DATE, rf"(?<![0-9.]){_DIGIT}{{1,2}}·{_DIGIT}{{1,2}}(?![0-9])"),
        (Reason.NAME, r"PM(?:2\.5|10|1)(?![0-9])|GB(?:/T)? ?[0-9][0-9.-]*|[A-Z]{2,4}/T ?[0-9][0-9.-]*"),
        (Reason.NAME, rf"(?<![0-9.]){_DIGIT}{{2}}(?=后(?:[^，。；的]|$))|{_DIGIT}+(?:\.{_DIGIT}+)?(?=英寸)"),
        (Reason.NAME, rf"{_DIGIT}+ ?小时(?={_of('after_hours')})"),
        # a mobile number, which no unit follows
        (Reason.NAME, rf"(?<![0-9.])1[3-9][0-9]{{9}}(?![0-9]| ?[万亿]?{unit})|(?<![0-9.])(?:400|800)-[0-9-]+"),
        (
            Reason.NAME,
            rf"(?<![0-9.])(?:1[0-9]{{4}}|9[56][0-9]{{3}}|11[0-9])(?! ?[百千万亿]*{unit})(?=[^0-9，。；]{{0,6}}{_of('services')})",
        ),
        (Reason.NAME, r"(?:[vV]|版本) ?[0-9]+(?:\.[0-9]+)+|(?<![0-9.])[0-9]+(?:\.[0-9]+){2,}"),
        (Reason.NAME, rf"(?<![发代图列报])[表图][0-9]+(?:-[0-9]+)?(?![0-9.,]*[百千万亿]*{unit})"),
        (Reason.NAME, r"双(?:1[128]|十[一二])"),
        (
            Reason.DATE,
            r"(?:[上中下]午|[晚早]上|凌晨) ?[0-2]?[0-9][:：][0-5][0-9]"
            r"|[0-2]?[0-9][:：][0-5][0-9] *[-–—~至] *[0-2]?[0-9][:：][0-5][0-9]",
        ),
        (Reason.FIXED_GROUP, f"{_NUMERAL}{{1,2}}个(?={_of('fixed_groups')})"),
        (Reason.PERIOD, rf"(?<![此之目以当日提])前{_DIGIT}+个月"),
        # a leading zero: a telephone number, a code
        (Reason.NAME, f"(?<![0-9.])0{_DIGIT}[0-9-]*"),
        # 三年行动, 12345号, 2.0版
        (Reason.NAME, f"{_NUMBER}年(?={_of('plans')})|{_DIGIT}[0-9.]*(?=[号版])"),
        # 1+4+N, 7×24
        (Reason.NAME, f"{_DIGIT}+(?:[+×xX*][0-9A-Za-z]+)+"),
        # C919, PM2.5, 5G; but PCT667件 is a figure after a word
        (Reason.NAME, rf"(?<![A-Za-z])[A-Za-z]-?{_DIGIT}[0-9A-Za-z.-]*"),
        (Reason.NAME, rf"[A-Za-z]{{2,}}-?{_DIGIT}[0-9A-Za-z.-]*+(?![百千万亿]*{unit})"),
        (Reason.NAME, rf"{_DIGIT}[0-9.]*(?!(?:{latin}|{any_of(MULTIPLIERS)})\b)[A-Za-z][0-9A-Za-z-]*"),
    )


def _english() -> tuple[tuple[Reason, str], ...]:
    """Return the stretches of English texts: dates, numbered things, periods."""
    words, month = ENGLISH.any_of, f"{ENGLISH.any_of('months')}\\.?"
    year = f"(?:19|20){_DIGIT}{{2}}(?!{_DIGIT}|[.,]{_DIGIT})"
    spelled = any_of(NUMBERS)
    return (
        (Reason.DATE, rf"(?<![0-9.,])[0-3]?{_DIGIT}(?:-[0-3]?{_DIGIT})? {month}(?![A-Za-z])(?: {year})?"),
        (Reason.DATE, rf"(?<![A-Za-z]){month} (?:[0-3]?{_DIGIT}(?![0-9.%]|,{_DIGIT})(?:, {year})?|{year})"),
        (Reason.DATE, rf"(?<![A-Za-z])(?:[QH][1-4]|FY) ?(?:{year}|(?![0-9A-Za-z]))"),
        (Reason.DATE, rf"(?<![0-9.,])[0-2]?{_DIGIT}(?:[:.][0-5]{_DIGIT})? ?(?:am|pm|a\.m\.|p\.m\.)(?![A-Za-z])"),
        (
            Reason.YEAR,
            rf"(?<![0-9.,])(?:(?i:between) )?{year}(?: (?:to|and|or|until|through) {year})?"
            r"(?= [a-z]|[ ,.;)]*$|[,;)])(?! ?(?:%|per cent|percent|million|billion))",
        ),
        (
            Reason.NAME,
            rf"(?<![A-Za-z])(?i:{words('numbered')}) ?\(?(?:[0-9]+(?:\.[0-9]+)*|{spelled}\b)"
            r"(?:\([a-z0-9]+\))*(?:(?:-| to | and |, | or )[0-9]+(?![0-9.,]*[%0-9]))*",
        ),
        (
            Reason.NAME,
            rf"\+{_DIGIT}{{1,3}}[ (][0-9() -]{{6,}}{_DIGIT}|24/7"
            rf"|{_DIGIT}+-[A-Za-z][A-Za-z-]*|{_DIGIT}+(?:st|nd|rd|th)(?![A-Za-z])",
        ),
        (
            Reason.PERIOD,
            rf"(?<![A-Za-z])(?i:{words('periods')}) (?:{_DIGIT}+|(?i:{spelled})) (?:days|weeks|months|quarters|years|decades)",
        ),
        (
            Reason.FIXED_GROUP,
            rf"(?<![A-Za-z])(?i:{words('fixed')}) (?i:{spelled})"
            r"(?![A-Za-z-]| (?:in|out|hundred|thousand|million|billion|per|thirds?|fifths?|half)\b)",
        ),
        (
            Reason.NAME,
            rf"(?<![A-Za-z])(?i:{spelled})-(?!(?:third|quarter|half|fifth|tenth|eighth|sixth)s?\b|(?:{spelled})\b)[a-z][a-z-]*",
        ),
    )


LEADING = (
    *(word for name in ("before_half", "halves", "rises", "falls") for word in SIMPLIFIED[name]),
    *(
        "同比",
        "环比",
        "负",
        "翻",
        "百分",
        "千分",
        "万分",
        "半",
        "连续",
        "第",
        "前",
        "近",
        "过去",
        "未来",
        "今后",
        "平均每",
        "每",
        "版本",
        "表",
        "图",
        "双",
        "上午",
        "中午",
        "下午",
        "晚上",
        "早上",
        "凌晨",
    ),
    *"(（+-–—▲",
)
"""What a number or a stretch begins with, but for digits, numerals, hedges and currencies."""
_LISTS = ("rises", "falls", "months", "numbered", "periods", "fixed", "multiplied", "numbers")
LEADING_WORD = rf"[A-Za-z]+(?:/T)?[ -]?(?=[0-9])|(?i:{ENGLISH.any_of(*_LISTS)}|an? |half|[a-z]+ty\b|between|[qh][1-4]|fy)"
"""The same in English."""


def quoted_names(text: str) -> list[tuple[int, int]]:
    """Start and end of what stands between quotation marks, without the marks, in the text's order.

    A long quotation is not a name, and may well hold figures, so only titles may be of any length.
    """
    return [(found.start() + 1, found.end() - 1) for found in _QUOTED.finditer(text)]


def is_short_name(span: tuple[int, int]) -> bool:
    """Whether a quoted name is listed whole, as 昆仑2025; of a longer one only the number is."""
    return span[1] - span[0] <= _LONGEST_SHORT_NAME


def is_year(digits: str) -> bool:
    """Whether digits without a unit are a year."""
    return re.fullmatch(_YEAR, digits) is not None


def is_end_of_word(text: str, start: int, hedge: str) -> bool:
    """Whether the hedge that starts there ends a longer word; not so for -1, where there is no hedge."""
    ends = _words["hedge_ends_word"] + (_words["past_ends_word"] if hedge == "过" else ())
    return start > 0 and bool(
        text[start - 1] in ends or (hedge.isascii() and hedge.isalpha() and re.match("[A-Za-z]", text[start - 1]))
    )


def reason_of_bare(text: str, start: int, end: int, digits: str) -> Reason | None:
    """Why digits without a unit are no figure, or None."""
    before = text[max(0, start - 16) : start]
    if _SERVICE.match(text, end) or _NUMBERED.search(before):
        return Reason.NAME
    if is_year(digits) and not _COUNTED.search(before):
        return Reason.YEAR
    return None


def end_of_figure(match: re.Match[str], notation: Notation) -> int:
    """Where a match of the figure pattern ends in running text: before a unit or hedge that begins another word."""
    text = match.string
    last = "2" if match["range"] else ""
    after, unit = match["after"], match[f"unit{last}"]
    for part in (f"inside{last}", f"tenths{last}", f"unit{last}", "after"):
        start = match.start(part)
        is_hedged_tenth = (match["before"] or match["range"]) and unit == "成"  # 超六成, whatever follows
        if start >= 0 and not is_hedged_tenth and _is_longer_word(text, start, match[part]):
            return start
    known = notation.lists.units_by_name.get(unit or "")
    is_time = known is not None and known.dimension.endswith("time")
    goes_on = re.compile(r"(?!的)\w").match(text, match.end())
    if (after in _AFTER_TIME_ONLY and not is_time) or (after in _AFTER_UNIT_LAST and goes_on):
        return match.start("after")
    return match.end()


def _is_longer_word(text: str, start: int, part: str) -> bool:
    """Whether a longer word begins with the unit or hedge; not where the unit is itself the longer word, as 人次 is."""
    longer = _LONGER.match(text, start)
    return longer is not None and len(longer[0]) > len(part)


def is_part_of_word(before: str, numeral: str, unit: str) -> bool:
    """Whether 一 and a unit are part of a word or name, and no number."""
    return (
        numeral == "一"
        and unit != "倍"
        and not (unit == "成" and before.endswith(("占", "达", "到", "约", "为")))
        and unit not in _words["articles"]
        and not before.endswith(_words["counting"])
    )


def reason_of_numeral(before: str, numeral: str, unit: str, after: str, is_hedged: bool) -> Reason | None:
    """Why a Chinese numeral with a unit is no figure, or None.

    Args:
        before: The text before it, hedges included.
        numeral: The numeral, such as `三`.
        unit: The unit, such as `大`.
        after: The text after it.
        is_hedged: Whether a hedge stands before, in or after it.
    """
    if unit == "大":
        # three clusters that everyone knows are a group (三大集群); areas newly added are counted (新增…两大领域)
        is_count = "新增" in _CLAUSE_MARK.split(before)[-1]
        return None if is_count else Reason.FIXED_GROUP
    if _SLOGAN.match(after):
        return Reason.IDIOM
    if is_hedged or unit in ("成", *FRACTIONS):
        return None
    is_round = set(numeral) <= _ROUND_NUMERALS
    if is_round and before.endswith(_words["indefinite"]):
        return Reason.INDEFINITE
    if is_round and (numeral != "十" or unit == "分"):  # 千家万户, 百日, 十分
        return Reason.IDIOM
    is_article = numeral == "一" and not before.endswith(_words["counting"])
    return Reason.INDEFINITE if is_article else None
