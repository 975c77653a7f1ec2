"""What tells a number that is no figure from one that is: years, names, ordinals, streaks, set phrases.

Every rule is lexical: it looks at the words around a number, never at which document it stands in. Where no rule
applies the number stays a figure, and a person may leave it out by hand, with a reason of their own.

Digits are figures unless a rule says otherwise. A Chinese numeral is looked at only where a unit follows it: numerals
are in half of all words.
"""

import re
from enum import StrEnum
from functools import lru_cache

from etl.figures.words import Notation


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
    INDEFINITE = "indefinite"
    IDIOM = "idiom"


_DIGIT = "[0-9]"
_NUMERAL = "[〇零一二两三四五六七八九十百千万亿]"
_NUMBER = f"(?:{_DIGIT}+|{_NUMERAL}+)"
_YEAR = f"(?:(?:19|20){_DIGIT}{{2}}|[〇零一二三四五六七八九]{{4}})"
_TO = "[-—–~～至到]"

_LONGER_WORDS = (
    "人(?:才|民|大代)|家(?:族|庭)|单(?:位|元)|分(?:之|钟|公司)|条(?:例|件)|款项|名(?:单|录)|日(?:报|常)|年(?:度|代)"
    "|来(?:自|源|访|信|华|电|到|说)|场(?:所|地|景|馆)|部(?:门|分|署)|所(?:有|在|属)|位(?:于|列|居)|份(?:额)|次(?:要|日)"
    "|处(?:理|置|罚|于|分)|组(?:织|成|建)|台(?:账|湾)|位(?:次)|对(?:接|外|比)|期(?:间|末|内)|门(?:户|店|槛)|包(?:括|含)|种(?:植|业)"
    "|套(?:餐|现)|版(?:权|本)|本(?:市|省|地|级|科)|道(?:路)|案(?:值|由)|周(?:年|边|期)|座(?:谈)|篇(?:章)|支(?:持|付|撑|队)|头(?:部)"
    "|米(?:兰)|升(?:级|至|为|到)|星(?:级)|例(?:如|会)|张(?:贴)|例(?:外)|块(?:链)|间(?:隔|接)|只(?:有|是)|辆次"
    "|成(?:立|果|效|员|熟|不变)|类(?:似|型)|项目(?!标)|批(?:准|复|发|评)|余(?:姚|额|杭)|上下游"
)
"""A unit's or hedge's character that begins a longer word is none: 3单位, 12人次, 两分钟."""
_LONGER = re.compile(_LONGER_WORDS)
_ENDS_OF_WORDS = "附最临邻签合节预履续违条公"
"""附近, 签约, 合约 and the like end in the character of a hedge and are none."""
_BEFORE_PAST = "通经不越渡透途路度"
"""通过3件, 经过3天: 过 is no hedge."""
_NO_MEASURE = (
    "的和与及至到或为是在以后前起等年月日多余来左上下中其占同比较增升降亿万千百十个则"
    "由从被将已均也都仍并而且但不未各共总达了于再向对按每当该此这那"
)
_MEASURE_WORD = re.compile(f"(?![{_NO_MEASURE}])(?:[\u4e00-\u9fff]{{2}}(?=[，。；、）)]|$)|[\u4e00-\u9fff])")
_SERVICE = re.compile("[^，。；、]{0,4}(?:热线|电话|平台投诉|专线)|短信")
_NUMBERED = re.compile("(?:电话|热线|邮编|表|图|附件|专栏|拨打|版本?|V|v|编号)[:：]?$")
_COUNTED = re.compile("(?:[量数为达到共计至]|合计|总计|有)$")
"""What stands before a number that counts, though it looks like a year: 受理量为1999."""
_AFTER_TIME_ONLY = ("内", "之内")
"""A hedge after a length of time; elsewhere it begins another word, as in 12家内资企业."""
_AFTER_UNIT_LAST = ("余", "多")
"""A hedge after a unit where the clause ends (3年多); elsewhere it begins another word, as in 5家多次获奖."""

_QUOTED = re.compile("《[^《》]*》|“[^“”。；]{1,30}”|‘[^‘’。；]{1,30}’|「[^「」。；]{1,30}」|〔[^〔〕]*〕")
_LONGEST_SHORT_NAME = 12

_CLAUSE_MARK = re.compile("[，。；：！？]")
_SLOGAN = re.compile("100%|百分之百|全覆盖|全面|确立|维护|意识|自信|毫不动摇|务必|健康|先行")
_ARTICLES = frozenset("件起宗批家户个项款单类条人名")
"""Units that 一 stands before as an article does; before others it belongs to a word, as in 最后一公里."""
_COUNTING_WORDS = ("新增", "增加", "增至", "降至", "共", "计", "达", "达到", "仅", "只有")
_ROUND_NUMERALS = frozenset("十百千万亿")


@lru_cache(maxsize=8)
def stretches(notation: Notation) -> tuple[tuple[Reason, str], ...]:
    """Stretches of text that hold numbers and no figure: reason and regex source; the first that fits counts."""
    unit = f"(?!{_LONGER_WORDS})(?:{notation.unit_pattern})"  # and not the beginning of a longer word
    codes = "|".join(code for code in notation.currencies if code.isascii() and code.isalpha()) or "(?!)"
    day = f"{_NUMBER}(?:{_TO}{_NUMBER})?日"
    return (
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
        (Reason.RATE_BASE, rf"(?:平均)?每(?:{_DIGIT}+(?:\.{_DIGIT}+)?[百千万亿]*|{_NUMERAL}+)个?(?:{unit})?"),
        (
            Reason.DATE,
            r"(?:3[·.]15|4[·.]26|12[·.]4|5[·.]10|5[·.]25)(?=[世消]|国家|宪法|中国|知识|活动|晚会|系列|主题|期间|“|”|日)",
        ),
        (Reason.DATE, rf"(?<![0-9.]){_DIGIT}{{1,2}}·{_DIGIT}{{1,2}}(?![0-9])"),
        (Reason.NAME, r"PM(?:2\.5|10|1)(?![0-9])|GB(?:/T)? ?[0-9][0-9.-]*|[A-Z]{2,4}/T ?[0-9][0-9.-]*"),
        (Reason.NAME, rf"(?<![0-9.]){_DIGIT}{{2}}(?=后(?:[^，。；的]|$))|{_DIGIT}+(?:\.{_DIGIT}+)?(?=英寸)"),
        (Reason.NAME, rf"{_DIGIT}+ ?小时(?=开放|服务|在线|值守|值班|不间断|不打烊|热线|自助|营业|全天|运行|监控|响应机制|无人)"),
        # a mobile number, which no unit follows
        (Reason.NAME, rf"(?<![0-9.])1[3-9][0-9]{{9}}(?![0-9]| ?[万亿]?{unit})|(?<![0-9.])(?:400|800)-[0-9-]+"),
        (Reason.NAME, r"(?<![0-9.])(?:1[0-9]{4}|9[56][0-9]{3}|11[0-9])(?=[^0-9，。；]{0,6}(?:热线|电话|专线|投诉平台))"),
        (Reason.NAME, r"(?:[vV]|版本) ?[0-9]+(?:\.[0-9]+)+|(?<![0-9.])[0-9]+(?:\.[0-9]+){2,}"),
        (Reason.NAME, r"(?<![发代图列报])[表图](?:[0-9]+(?:-[0-9]+)?)(?![0-9.,]*[万亿件家个%])"),
        (Reason.FIXED_GROUP, f"{_NUMERAL}{{1,2}}个(?=方面|坚持|必须|维护|意识|自信|确立|面向|体系|环节|阶段|层面)"),
        (Reason.PERIOD, rf"(?<![此之目以当日提])前{_DIGIT}+个月"),
        # a leading zero: a telephone number, a code
        (Reason.NAME, f"(?<![0-9.])0{_DIGIT}[0-9-]*"),
        # 三年行动, 12345号, 2.0版
        (Reason.NAME, f"{_NUMBER}年(?=行动|规划|计划)|{_DIGIT}[0-9.]*(?=[号版])"),
        # 1+4+N, 7×24
        (Reason.NAME, f"{_DIGIT}+(?:[+×xX*][0-9A-Za-z]+)+"),
        # C919, PM2.5, 5G; but PCT667件 is a figure after a word
        (Reason.NAME, rf"(?<![A-Za-z])[A-Za-z]-?{_DIGIT}[0-9A-Za-z.-]*"),
        (Reason.NAME, rf"[A-Za-z]{{2,}}-?{_DIGIT}[0-9A-Za-z.-]*+(?![百千万亿]*{unit})"),
        (Reason.NAME, rf"{_DIGIT}[0-9.]*(?!(?:{codes}|bn|mn)\b)[A-Za-z][0-9A-Za-z-]*"),
    )


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
    ends = _ENDS_OF_WORDS + (_BEFORE_PAST if hedge == "过" else "")
    return start > 0 and bool(
        text[start - 1] in ends or (hedge.isascii() and hedge.isalpha() and re.match("[A-Za-z]", text[start - 1]))
    )


def unknown_unit(text: str, end: int) -> str:
    """Return the measure word that follows a number without a unit of the code lists; empty where none does."""
    word = _MEASURE_WORD.match(text, end)
    return word[0] if word else ""


def reason_of_bare(text: str, start: int, end: int, digits: str) -> Reason | None:
    """Why digits without a unit are no figure, or None."""
    if _SERVICE.match(text, end) or _NUMBERED.search(text[:start]):
        return Reason.NAME
    if is_year(digits) and not _COUNTED.search(text[:start]):
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
    return numeral == "一" and unit not in _ARTICLES and not before.endswith(_COUNTING_WORDS)


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
    if is_hedged or unit == "成":
        return None
    is_round = set(numeral) <= _ROUND_NUMERALS
    if is_round and before.endswith(("数", "几", "上", "若干")):
        return Reason.INDEFINITE
    if is_round and (numeral != "十" or unit == "分"):  # 千家万户, 百日, 十分
        return Reason.IDIOM
    is_article = numeral == "一" and not before.endswith(_COUNTING_WORDS)
    return Reason.INDEFINITE if is_article else None
