"""The phrases in which a text prints a figure: ranges, fractions, ratios, numbers in parts, amounts of money, and plain figures.

One regular expression, derived from the code lists, takes a phrase apart wherever it stands, in a cell or in running text. What
it says is written as one or two plain figures (`1万2千件` as `12千件`, `3至5家` as `3家` and `5家`), so that all figures are read
by one arithmetic, that of `etl.figures.grammar`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache

from etl.figures import english
from etl.figures.language import ENGLISH, SIMPLIFIED, any_of
from etl.figures.measure_words import measure_word
from etl.figures.numerals import CHINESE, DIGIT, MULTIPLIER, MULTIPLIERS, SMALL_NUMERALS, fold
from etl.figures.words import BETWEEN_HEDGES, FALLS, FRACTIONS, MULTIPLIED, RISES, SIGNS, Notation

HALVES = SIMPLIFIED["halves"]
_MANNER = f"(?:(?!just (?:over|under)){ENGLISH.any_of('manner')},? )?"
ENGLISH_RISES, ENGLISH_FALLS = (rf"\b(?i:{ENGLISH.any_of(way)},? {_MANNER}(?:by )?{_MANNER})" for way in ("rises", "falls"))
_FALLS_AFTER = rf"(?i:{ENGLISH.any_of('falls_after')})\b"
_LATER = rf"(?<=[%ts]) (?:{ENGLISH.any_of('between')} )*{_FALLS_AFTER}"

_FALL = re.compile(f"{any_of(FALLS)}|{ENGLISH_FALLS}|{_FALLS_AFTER}")

_YUAN = ("人民币", "¥", "￥", "RMB", "CNY")
_WHOLE = (
    r"[1-9][0-9]{0,2}(?:,[0-9]{3})+(?![0-9])|(?<!分别为)(?<!分别是)(?<!分别)(?<!依次为)[1-9][0-9]{0,2}(?:，[0-9]{3})+(?![0-9])"
    r"|[1-9][0-9]{0,2}(?:[ \xa0\u2009\u202f][0-9]{3})+(?![0-9])|0|[1-9][0-9]*"
)
_NUMERAL = CHINESE.replace("[零", "[廿卅零", 1)
_TO = r"(?(between) *and |(?: *(?:[-–—~∼～]{1,2}|至|到) *|(?:(?<= )| )to ))"
_PAIR = "一二|二三|两三|三四|三五|四五|五六|六七|七八|八九"
_FILLER = rf"(?:{SIMPLIFIED.any_of('fillers')}|占[^\d，。；、：,;:()（）]{{0,8}}?(?:的|比例?为?)?)?"


@dataclass(frozen=True, slots=True)
class Phrase:
    """What a phrase says.

    Attributes:
        figures: one plain figure, or the two bounds of a range.
        factor: by which the plain figure is to be multiplied: 1/3 for a third of a whole.
        unit: as printed, without multiplier; empty where there is none.
        hedge: the hedges as printed, joined as in 超…以上.
        is_unit_known: whether the unit is one of the code lists.
    """

    figures: tuple[str, ...]
    factor: Fraction
    unit: str
    hedge: str
    is_unit_known: bool = True


def _amount(rank: str, notation: Notation) -> str:
    """Return the pattern of a number with its unit; the names of its groups end in the rank."""
    inside, unit = notation.hedge_pattern("inside"), notation.unit_pattern
    fractions = "|".join(FRACTIONS)
    starts = "|".join(each.unit for each in notation.lists.units if each.unit[0] in "十百千万亿") or "(?!)"
    multiplier = f"(?:(?!{starts}){MULTIPLIER})?"
    after = rf" *个(?P<odd{rank}>[多半])(?P<span{rank}>{SIMPLIFIED.any_of('spans')})|(?P<tenths{rank}>成)(?P<tenth{rank}>{DIGIT})"
    return (
        rf"(?P<fraction{rank}>{fractions})? *(?P<sign{rank}>负|[{SIGNS}])? *"
        rf"(?:(?P<head{rank}>[1-9][0-9]*)(?P<headword{rank}>[十百千]?[万亿]|千)(?=[1-9]))?"
        rf"(?:(?P<whole{rank}>{_WHOLE})(?:\.(?P<decimals{rank}>[0-9]+))?|(?P<numeral{rank}>{_NUMERAL})|(?P<spelled{rank}>{english.SPELLED}))"
        rf" *(?:个(?=[万亿]))?(?P<multiplier{rank}>{multiplier})(?: ?(?P<english{rank}>(?i:{any_of(english.MULTIPLIERS)}))\b)?"
        rf"(?: *(?P<inside{rank}>{inside}) *(?P<second{rank}>{MULTIPLIER}))?"
        rf"(?:{after}| *(?P<unit{rank}>\({MULTIPLIER}(?:{unit})\)|{unit}))?"
    )


@lru_cache(maxsize=8)
def phrase_pattern(notation: Notation) -> str:
    """Return the regular expression of a phrase, for Python's `re`; what it is tried on must be folded (`numerals.fold`)."""
    change, then = any_of(RISES + FALLS), "[为达]到?"
    before, after = notation.hedge_pattern("before"), rf"及?{notation.hedge_pattern('after')}|{notation.hedge_pattern('inside')}"
    small = f"[1-9][0-9]?|{CHINESE}"
    past_half = rf"(?<=[{''.join(SIMPLIFIED['before_half'])}])半(?!{SIMPLIFIED.any_of('after_half')})"
    return (
        rf"(?P<direction>(?:同比|环比)?(?:{change}率?(?:了|约?{then})?)?|{ENGLISH_RISES}|{ENGLISH_FALLS}) *"
        rf"(?:(?P<before>(?i:{before})){_FILLER})? *(?P<currency>{notation.currency_pattern})? *(?:"
        rf"(?:(?P<between>(?i:\bbetween) )|(?<![由从自0-9])(?<!from )(?<!From ))"
        rf"(?P<range>(?>{_amount('1', notation)}){_TO}{_amount('2', notation)}(?!/))"
        rf"|(?P<decade>十|[二三四五六七八九]十)?(?P<pair>{_PAIR})(?P<pairword>[十百千]?万?亿?)(?P<pairunit>{notation.unit_pattern})"
        rf"|翻了?(?P<near>{before})?(?P<times>[一两二三四]?番)"
        rf"|(?P<grown>(?i:{ENGLISH.any_of('multiplied')}))\b"
        rf"|(?P<half>{any_of(HALVES)}|{past_half})"
        rf"|(?![百千万]分之)(?P<denominator>{small})分之(?P<numerator>{small})"
        rf"|(?<![0-9/.-])(?P<over>[1-9][0-9]?)/(?P<under>[1-9][0-9]?)(?![0-9/.-])"
        rf"|(?<![0-9.:])(?P<ratio>[0-9]+(?:\.[0-9]+)?(?:[:∶：][0-9]+(?:\.[0-9]+)?)+)(?![0-9:]|\.[0-9])"
        rf"|{english.share_pattern()}"
        rf"|{_amount('', notation)}(?: *(?:/|per ) *(?P<per>万?亿?(?:{notation.unit_pattern})))?"
        rf")(?P<later>{_LATER})? *(?P<after>(?i:{after}))?"
    )


@lru_cache(maxsize=8)
def _whole_phrase(notation: Notation) -> re.Pattern[str]:
    neutral = rf"每[十百千万亿]*[人家户件]口?|{SIMPLIFIED.any_of('neutral')}"
    return re.compile(rf"(?:{neutral})*(?:{phrase_pattern(notation)})")


def read_phrase(text: str, notation: Notation) -> Phrase | None:
    """Read a cell that is one phrase; None where it is not, or has more than one reading."""
    plain = fold(text).strip()
    if match := _whole_phrase(notation).fullmatch(plain):
        return phrase(match)
    match = _whole_phrase(notation).match(plain)
    said = phrase(match) if match and not match["unit"] else None
    if match is None or said is None or said.unit:
        return None
    for end in (match.end() - 1, match.end()):  # the space before a word may be part of the match
        if end > 0 and (word := measure_word(plain, end)) and plain[end:] == word:
            return replace(said, unit=word.strip(), is_unit_known=False)
    return None


def unit_of(text: str, notation: Notation) -> str:
    """Return the unit in which a printed phrase stands; empty where it has none, or is no phrase."""
    said = read_phrase(text, notation)
    if said is None:
        return ""
    is_change = said.figures[0].startswith(("增长", "下降"))
    is_share = said.unit in ("分之", "/", "半", *FRACTIONS, *HALVES) or (is_change and said.unit == "倍")
    return "%" if is_share else "倍" if said.unit in MULTIPLIED else said.unit


def kind_of(text: str, notation: Notation) -> str:
    """Return the kind of a printed phrase that its unit implies; empty where none does."""
    said = read_phrase(text, notation)
    if said is None:
        return ""
    if said.figures[0].startswith(("增长", "下降")):
        return "rate"
    if said.figures[0].endswith("倍"):
        return "multiple"
    if "/" in said.unit and len(said.unit) > 1:
        return "mean"
    known = notation.lists.units_by_name.get(unit_of(text, notation))
    is_whole = "." not in said.figures[0] and "点" not in said.figures[0]
    return known.kind if known else "count" if is_whole and said.factor == 1 else "mean"


def phrase(match: re.Match[str]) -> Phrase | None:
    """Return what a match of the pattern says; None where it has no reading, or more than one."""
    said = {name: part or "" for name, part in match.groupdict().items()}
    odd = said["odd"].replace("半", "")
    hedges = [each.lower() for each in (said["before"], said["near"], said["inside"], odd, said["after"]) if each]
    direction = said["direction"] + said["later"]
    fall = "下降" if fall_of(direction) is not None else "增长" if direction else ""
    figures, factor, unit = _plain_figures(said, match)
    if not figures or any(figure is None for figure in figures):
        return None
    before, after = (said["before"] or said["near"]).lower(), said["after"].lower()
    written = tuple(f"{fall}{before}{figure}{after}" for figure in figures if figure)
    return Phrase(written, factor, unit, BETWEEN_HEDGES.join(hedges))


def fall_of(direction: str) -> re.Match[str] | None:
    """Find the word for a fall in what says that a number changes."""
    return _FALL.search(direction)


def end_of_first(match: re.Match[str]) -> int | None:
    """Return where the first of two numbers ends that are no range, as they have different units; else None."""
    one, other = (match[f"unit{rank}"] or match[f"tenths{rank}"] or match[f"fraction{rank}"] for rank in "12")
    is_level = one and not other and not match["span2"]
    is_change = match["direction"] and match["direction"].isascii() and match["range"]
    if not match["range"] or not (is_level or is_change or (one and other and one != other)):
        return None
    return max(match.end(name) for name in match.re.groupindex if name.endswith("1"))


def _plain_figures(said: dict[str, str], match: re.Match[str]) -> tuple[tuple[str | None, ...], Fraction, str]:
    """Return the plain figures, the factor, and the unit as printed."""
    one = Fraction(1)
    if match["range"] is not None:
        return _range(said), one, said["fraction2"] or _unit(said, "2") or _unit(said, "1")
    if said["pair"]:
        decade, word, unit = said["decade"], said["pairword"], said["pairunit"]
        word = word.removeprefix("十") if decade else word
        return tuple(f"{decade}{digit}{word}{unit}" for digit in said["pair"]), one, unit
    if said["times"]:
        return (f"翻{said['times']}",), one, f"翻{said['times']}"
    if said["half"]:
        return ("5成",), one, said["half"]
    if said["grown"]:
        return (said["grown"].lower(),), one, said["grown"].lower()
    in_words = english.share(said)
    if said["denominator"] or said["over"] or in_words:
        over, under = in_words or (
            SMALL_NUMERALS.get(said["numerator"] or said["over"]),
            SMALL_NUMERALS.get(said["denominator"] or said["under"]),
        )
        if not over or not under or over > under:
            return (None,), one, ""
        return (f"{over}成",), Fraction(10, under), "分之" if said["denominator"] else "/"
    if said["ratio"]:
        terms = re.split("[:∶：]", said["ratio"])
        is_clear = len(terms) == 2 and float(terms[1]) > 0
        return (f"{terms[0]}倍" if is_clear else None,), one / Fraction(terms[1]) if is_clear else one, ""
    return (_figure(said, ""),), one, (said["fraction"] or _money(_unit(said, ""), said["currency"])) + _per(said)


def _money(unit: str, currency: str) -> str:
    """Return the unit of a number, or the currency before it: 港币50万元 is in 港币."""
    return currency if not unit or (unit == "元" and currency not in ("", *_YUAN)) else unit


def _per(said: dict[str, str]) -> str:
    return f"/{said['per']}" if said["per"] else ""


def _unit(said: dict[str, str], rank: str) -> str:
    if said["span" + rank]:
        return "个" + said["span" + rank]
    return said["tenths" + rank] or said["unit" + rank]


def _range(said: dict[str, str]) -> tuple[str | None, ...]:
    """Return both bounds of a range; the first takes what only the second names."""
    low, high = _figure(said, "1"), _figure(said, "2")
    if low is None or high is None or (said["unit1"] and said["unit1"] != said["unit2"]):
        return (None,)
    shared = dict(said)
    for name in ("unit", "span", "tenths", "odd"):
        shared[name + "1"] = said[name + "1"] or said[name + "2"]
    if not said["multiplier1"] and not said["unit1"]:
        shared["multiplier1"] = said["multiplier2"]
    shared["fraction2"] = said["fraction2"] or said["fraction1"]
    return _figure(shared, "1"), _figure(shared, "2")


def _figure(said: dict[str, str], rank: str) -> str | None:
    """Write a number with its unit plainly; None where its parts do not follow each other."""
    part = {name.removesuffix(rank) if rank else name: text for name, text in said.items() if not rank or name.endswith(rank)}
    whole = re.sub("[,，\\s]", "", part["whole"])
    number = whole + (f".{part['decimals']}" if part["decimals"] else "") or fold(part["numeral"])
    number = number or str(english.spelled_number(part["spelled"]))
    multiplier = part["multiplier"] + english.MULTIPLIERS.get(part["english"].lower(), "")
    if part["head"]:
        power, next_power = MULTIPLIERS[part["headword"]], MULTIPLIERS[multiplier]
        if part["decimals"] or not whole or len(whole) + next_power > power:
            return None
        number = f"{int(part['head']) * 10 ** (power - next_power) + int(whole)}"
    unit = _money(part["unit"], part.get("currency", ""))
    if part["span"]:
        unit = "个" + part["span"]
        if part["odd"] == "半":
            if part["decimals"] or not whole:
                return None
            number += ".5"
    second = part["inside"] + part["second"] + ("多" if part["odd"] == "多" else "")
    sign = "-" if part["sign"] not in ("", "+") else part["sign"]
    return f"{part['fraction']}{sign}{number}{multiplier}{second}{part['tenths']}{part['tenth']}{unit}"
