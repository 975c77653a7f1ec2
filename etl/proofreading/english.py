"""The relations that an English sentence states: shares, parts, growth, totals, averages and clearance rates."""

from __future__ import annotations

import re

from etl.proofreading.figures import PrintedFigure
from etl.proofreading.growth import changes
from etl.proofreading.relations import Relations, added
from etl.proofreading.sentences import MARKS, MULTIPLE, PERCENT, POINTS, QUANTITY, Sentence
from schemas import document_rules, rules

_W = f"[^.;:(){MARKS}]"
_CHANGE = f"[{PERCENT}{POINTS}{MULTIPLE}{QUANTITY}]"
_LEVEL = f"[{QUANTITY}{PERCENT}]"
_RISE = "(?:rose|increased|grew|climbed|rising|up|increase|rise|growth|gain|higher)"
_FALL = "(?:fell|declined|decreased|dropped|shrank|falling|down|decrease|fall|decline|drop|lower)"
_WAY = f"(?:an? |(?:is|was) )?(?P<word>{_RISE}|{_FALL})(?: of| by)? ?"
_SHARES = (
    f"(?P<share>{PERCENT}) \\((?P<part>{QUANTITY})\\) of (?:the |its |all )?(?P<whole>{QUANTITY})",
    f"[Oo]f (?:the |its |these |all )?(?P<whole>{QUANTITY}){_W}{{0,60}}?, "
    f"(?P<part>{QUANTITY}){_W}{{0,30}}?(?:\\(|, or )(?P<share>{PERCENT})",
    f"(?P<part>{QUANTITY}) (?:out )?of (?:the |its |all )?(?P<whole>{QUANTITY}){_W}{{0,40}}?(?:\\(|, or )(?P<share>{PERCENT})",
    f"(?P<whole>{QUANTITY}){_W}{{0,60}}?,? (?:of which|of whom|including) "
    f"(?P<part>{QUANTITY}){_W}{{0,30}}?(?:\\(|, or )(?P<share>{PERCENT})",
    f"(?P<part>{QUANTITY}){_W}{{0,60}}?,? (?:accounting for|accounted for|representing|which is"
    f"|making up|equal to|or) (?P<share>{PERCENT}) of"
    f" (?:the |its |all )?(?:total (?:of )?|overall )?(?P<whole>{QUANTITY})",
)
_WITHIN = (
    f"(?P<whole>{QUANTITY}){_W}{{0,60}}?,? (?:of which|of whom|including) (?P<part>{QUANTITY})",
    f"[Oo]f (?:the |its |these )(?P<whole>{QUANTITY}){_W}{{0,40}}?, (?:only )?"
    f"(?P<part>{QUANTITY}) (?:were|was|are|had|came|involved|concerned)",
)
_GROWTH = (
    f"(?P<now>{_LEVEL}){_W}{{0,40}}?, (?:compared (?:with|to)|against|from) "
    f"(?P<before>{_LEVEL}){_W}{{0,30}}?(?:, |\\(){_WAY}(?P<change>{_CHANGE})",
    f"(?P<word>{_RISE}|{_FALL}) from (?P<before>{_LEVEL}){_W}{{0,30}}? to "
    f"(?P<now>{_LEVEL}){_W}{{0,20}}?, or (?:by )?(?P<change>[{PERCENT}])",
    f"from (?P<before>{_LEVEL}){_W}{{0,30}}? to (?P<now>{_LEVEL}){_W}{{0,30}}?(?:, |\\(){_WAY}(?P<change>{_CHANGE})",
    f"{_WAY}(?P<change>{_CHANGE}),? from (?P<before>{_LEVEL}){_W}{{0,30}}? to (?P<now>{_LEVEL})",
    f"{_WAY}(?P<change>{_CHANGE}),? to (?P<now>{_LEVEL}){_W}{{0,20}}?(?:, | )(?:from|against"
    f"|compared (?:with|to)) (?P<before>{_LEVEL})",
    f"(?P<now>{_LEVEL}){_W}{{0,40}}?(?:, |\\(){_WAY}(?P<change>{_CHANGE}) (?:from|on|over|against"
    f"|compared (?:with|to)) (?:the )?(?P<before>{_LEVEL})(?! per)",
    f"(?P<now>{_LEVEL}){_W}{{0,40}}?(?:, |\\(){_WAY}(?P<change>{_CHANGE}){_W}{{0,16}}? ?\\("
    f"(?:in )?(?:19|20)[0-9][0-9]: (?P<before>{_LEVEL})\\)",
)
_SUMS = (
    f"(?P<parts>{QUANTITY}(?:{_W}{{0,40}}?(?:, | and "
    f"|, and ){_W}{{0,12}}?{QUANTITY})+){_W}{{0,40}}?(?:, |: |; )(?:for |making |giving |or "
    f"|in all |together )?(?:in total |a total of |totall?ing )(?P<total>{QUANTITY})",
    f"(?P<total>{QUANTITY}){_W}{{0,40}}?,? (?:comprising|made up of|consisting of|composed of"
    f"|consisted of|comprised) (?P<parts>{QUANTITY}(?:{_W}{{0,40}}?(?:, | and "
    f"|, and ){_W}{{0,12}}?{QUANTITY})+)",
)
_LISTS = (
    f"(?P<total>{QUANTITY}){_W}{{0,40}}?: (?P<parts>{QUANTITY}(?:{_W}{{0,40}}?(?:, | and |, and ){_W}{{0,12}}?{QUANTITY})+)",
    f"[Oo]f (?:the |these |its )(?P<total>{QUANTITY}){_W}{{0,40}}?, (?P<parts>{QUANTITY} (?:were|was|are|concerned)"
    f"(?:{_W}{{0,40}}?(?:, | and |, and ){QUANTITY} (?:were|was|are|concerned|[a-z]+ [a-z]+))+)",
)
_CLEARANCE = (
    f"received (?P<received>{QUANTITY}){_W}{{0,40}}? (?:closed|disposed of|resolved|completed) (?P<closed>{QUANTITY})"
    f"{_W}{{0,40}}? clearance rate (?:of |was |is |at )?(?P<rate>{PERCENT})"
)
_AVERAGE = (
    f"(?P<total>{QUANTITY}){_W}{{0,40}}? (?:from|by|at|in|across) (?P<number>{QUANTITY}){_W}{{0,30}}?, "
    f"(?:or |which is )?(?:an average of|on average) (?P<mean>{QUANTITY})"
)


def _compiled(patterns: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(each) for each in patterns)


_PATTERNS = {
    name: _compiled(patterns)
    for name, patterns in (("shares", _SHARES), ("within", _WITHIN), ("growth", _GROWTH), ("sums", _SUMS), ("lists", _LISTS))
}
_CLEARANCE_PATTERN, _AVERAGE_PATTERN = re.compile(_CLEARANCE), re.compile(_AVERAGE)
_NOT_COMPARABLE = re.compile(
    "real terms|constant prices|GDP|value added|annual average|per year|a year|annually|like-for-like|adjusted"
)


def find_english(sentence: Sentence, relations: Relations) -> None:
    """Find the relations that an English sentence states."""
    for pattern in _PATTERNS["shares"]:
        for match in pattern.finditer(sentence.text):
            part, whole, share = (sentence.figure(match, name) for name in ("part", "whole", "share"))
            if part.unit == whole.unit:
                constraint = rules.share_of(part.cell, whole.cell, share.cell)
                figures = (part, whole, share)
                relations.add(document_rules.SHARE_OF_WHOLE, [constraint], figures, share, _words(sentence, match))
    for pattern in _PATTERNS["within"]:
        for match in pattern.finditer(sentence.text):
            part, whole = sentence.figure(match, "part"), sentence.figure(match, "whole")
            if part.unit == whole.unit:
                constraint = rules.within(part.cell, whole.cell)
                relations.add(document_rules.PART_WITHIN, [constraint], (part, whole), part, _words(sentence, match))
    for pattern in _PATTERNS["growth"]:
        for match in pattern.finditer(sentence.text):
            _growth(match, sentence, relations)
    for pattern in (*_PATTERNS["sums"], *_PATTERNS["lists"]):
        for match in pattern.finditer(sentence.text):
            total = sentence.figure(match, "total")
            parts = [sentence.figures[at] for at in range(*match.span("parts")) if at in sentence.figures]
            if {each.unit for each in parts} == {total.unit}:
                judged = rules.within if pattern in _PATTERNS["lists"] else rules.equal
                constraint = judged(added(parts), total.cell)
                relations.add(document_rules.PARTS_SUM, [constraint], (*parts, total), total, _words(sentence, match))
    for match in _CLEARANCE_PATTERN.finditer(sentence.text):
        received, closed, rate = (sentence.figure(match, name) for name in ("received", "closed", "rate"))
        constraint = rules.share_of(closed.cell, received.cell, rate.cell)
        relations.add(document_rules.CLEARANCE, [constraint], (closed, received, rate), rate, _words(sentence, match))
    for match in _AVERAGE_PATTERN.finditer(sentence.text):
        total, number, mean = (sentence.figure(match, name) for name in ("total", "number", "mean"))
        constraint = rules.equal(rules.term(total.cell) / number.cell, mean.result)
        relations.add(document_rules.AVERAGE, [constraint], (total, number, mean), mean, _words(sentence, match))


def _words(sentence: Sentence, match: re.Match[str]) -> str:
    return sentence.words(match.start(), match.end())


def _growth(match: re.Match[str], sentence: Sentence, relations: Relations) -> None:
    before, now, change = (sentence.figure(match, name) for name in ("before", "now", "change"))
    if before.unit != now.unit or _is_year(before) or _is_year(now):
        return
    is_rise = re.match(_RISE, match["word"]) is not None and not change.fall
    readings = [] if _NOT_COMPARABLE.search(sentence.text) else changes(before, now, change, is_rise=is_rise)
    if change.unit in ("%", "个百分点", "倍") or change.unit == now.unit:
        figures = (before, now, change)
        relations.add(document_rules.GROWTH, readings, figures, change, _words(sentence, match))


def _is_year(figure: PrintedFigure) -> bool:
    return re.fullmatch("(?:19|20)[0-9]{2}", figure.published) is not None
