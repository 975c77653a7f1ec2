"""Growth with both levels, in Chinese: 由A增至B，增长C%; B（上年A），增长C%; B，比上年增加D，增长C%."""

from __future__ import annotations

import re

from etl.proofreading.figures import PrintedFigure
from etl.proofreading.relations import Relations
from etl.proofreading.sentences import MULTIPLE, PERCENT, POINTS, QUANTITY, Sentence
from etl.proofreading.words import COMPARED, EARLIER, FALLS, NO_BREAK, NOT_COMPARABLE, OF_RISE, RISES, VERBS
from schemas import document_rules, rules
from schemas.constraints import Constraint

_RANKS = ("位", "名")
"""Units of persons, and of ranks, which rise as they get smaller."""
_TIME = ("天", "个月", "个工作日", "分钟", "周")
_LEVEL = f"[{QUANTITY}{PERCENT}]"
_CHANGE = f"[{QUANTITY}{PERCENT}{POINTS}{MULTIPLE}]"
_TAIL = f"{NO_BREAK}{{0,10}}"
_WAY = f"(?:{RISES}|{FALLS})"
_WORD = (
    f"(?P<adverb>{COMPARED}|累计|共|净|[0-9一两三四五六七八九十]{{1,2}}年(?:来|间)?)?"
    f"(?P<word>{_WAY})(?:幅度)?率?(?:了|为|达到?|约)*"
)
_LATER = f"[，（、]{_WORD}(?P<change>{_CHANGE})"
_FROM_TO = re.compile(
    f"(?:由|从){NO_BREAK}{{0,14}}?(?P<before>{_LEVEL}){_TAIL}?"
    f"(?P<way>增加|增长|提高|提升|上升|跃升|攀升|上涨|扩大|扩展|增|升|涨|下降|减少|降低|回落|下滑"
    f"|缩短|压缩|缩减|降|减)(?:至|到|为)"
    f"{NO_BREAK}{{0,10}}?(?P<now>{_LEVEL})(?P<tail>{_TAIL})(?:{_LATER})?"
)
_NOW_BEFORE = re.compile(
    f"(?P<now>{_LEVEL})(?P<tail>{_TAIL})[，（](?:而)?{EARLIER}{VERBS}(?P<before>{_LEVEL}){_TAIL}[）]?(?:{_LATER})"
)
_NOW_CHANGE_BEFORE = re.compile(
    f"(?P<now>{_LEVEL})(?P<tail>{_TAIL}){_LATER}[，（]{EARLIER}{VERBS}(?P<before>{_LEVEL}){NO_BREAK}{{0,4}}(?=[，。；）]|$)"
)
_BEFORE_NOW = re.compile(
    f"(?:^|[，；。：（]){EARLIER}(?P<label>{NO_BREAK}{{0,14}}?)(?P<before>{_LEVEL})(?P<noun>{_TAIL})[，；]"
    f"(?:今年|本年|当年|(?:19|20)[0-9]{{2}}年)(?P<other>{NO_BREAK}{{0,14}}?)(?P<now>{_LEVEL})(?P<tail>{_TAIL}){_LATER}"
)
_AGAINST = re.compile(
    f"(?P<now>{_LEVEL})(?P<tail>{_TAIL})[，（](?:同)?[比较](?:{EARLIER})?(?:的|（)?{VERBS}(?P<before>{_LEVEL})"
    f"{NO_BREAK}{{0,4}}）?{_WORD}(?P<change>{_CHANGE})"
)
_ADDED_FROM_TO = re.compile(
    f"(?:{COMPARED})(?:净)?(?P<word>{_WAY})(?:了)?(?P<added>{QUANTITY})[，（](?:由"
    f"|从){NO_BREAK}{{0,14}}?(?P<before>{QUANTITY}){_TAIL}?"
    f"{_WAY}(?:至|到|为){NO_BREAK}{{0,10}}?(?P<now>{QUANTITY})"
)
_ADDED = re.compile(
    f"(?P<now>{QUANTITY})(?P<tail>{_TAIL})[，（](?:{COMPARED}|{COMPARED[:-1]}的"
    f"(?P<before>{QUANTITY}){NO_BREAK}{{0,4}}))?(?:净)?(?P<word>{_WAY})(?:了)?"
    f"(?P<added>{QUANTITY}){NO_BREAK}{{0,4}}[，、（](?:{COMPARED})?(?P<second>{_WAY})(?:幅度)?率?"
    f"(?:了|为|达到?|约)*(?P<rate>{PERCENT})"
)
_RATE_ADDED = re.compile(
    f"(?P<now>{QUANTITY})(?P<tail>{_TAIL})[，（](?:{COMPARED})?(?P<second>{_WAY})(?:幅度)?率?(?:了"
    f"|为|达到?|约)*(?P<rate>{PERCENT})"
    f"[，、（](?:{COMPARED})?(?:净)?(?P<word>{_WAY})(?:了)?(?P<added>{QUANTITY})"
)
_BEFORE_ADDED = re.compile(
    f"(?P<now>{QUANTITY})(?P<tail>{_TAIL})[，（]{EARLIER}{VERBS}(?P<before>{QUANTITY}){NO_BREAK}{{0,4}}）?[，、]"
    f"(?:{COMPARED})?(?:净)?(?P<word>{_WAY})(?:了)?(?P<added>{QUANTITY})(?=[，。；）件起家项个人万]|$)"
)
_ALONE = re.compile(
    f"(?P<now>{QUANTITY})(?P<tail>{NO_BREAK}{{0,8}})[，（、](?:{COMPARED})?(?P<word>{_WAY})"
    f"(?:幅度)?率?(?:了|为|达到?)*(?P<rate>{PERCENT})(?=[，。；）、]|$)"
)


def find_growth(sentence: Sentence, relations: Relations) -> None:
    """Find the changes that a sentence states with both levels, or that whole cases must give."""
    for pattern in (_FROM_TO, _NOW_BEFORE, _NOW_CHANGE_BEFORE, _BEFORE_NOW, _AGAINST):
        for match in pattern.finditer(sentence.text):
            _change(match, sentence, relations)
    for pattern in (_ADDED, _RATE_ADDED):
        for match in pattern.finditer(sentence.text):
            _added(match, sentence, relations)
    for match in (*_BEFORE_ADDED.finditer(sentence.text), *_ADDED_FROM_TO.finditer(sentence.text)):
        before, now, added = (sentence.figure(match, name) for name in ("before", "now", "added"))
        if before.unit == now.unit == added.unit:
            _difference(match, sentence, relations, before, now, added)
    for match in _ALONE.finditer(sentence.text):
        if sentence.figure(match, "rate").offset not in relations.taken:
            _alone(match, sentence, relations)


def _change(match: re.Match[str], sentence: Sentence, relations: Relations) -> None:
    parts = match.groupdict()
    before, now = sentence.figure(match, "before"), sentence.figure(match, "now")
    words = sentence.words(match.start(), match.end())
    if before.suffix in _RANKS or before.unit != now.unit or (parts.get("label") or "") != (parts.get("other") or ""):
        return
    if way := parts.get("way"):
        is_rise = OF_RISE.match(way) is not None or way in ("跃升", "攀升", "扩展")
        order = (before.cell, now.cell) if is_rise else (now.cell, before.cell)
        if not (is_rise and now.unit in _TIME):  # what is quicker may be called a rise
            relations.add(document_rules.DIRECTION, [rules.within(*order)], (before, now), now, words)
    if not parts.get("change"):
        return
    change = sentence.figure(match, "change")
    readings = (
        []
        if NOT_COMPARABLE.search(_segment(match, sentence))
        else list(changes(before, now, change, is_rise=_is_rise(match["word"], change)))
    )
    figures = (before, now, change)
    is_difference = change.unit == now.unit and not now.is_percentage
    rule = document_rules.DIFFERENCE if is_difference else document_rules.GROWTH
    if change.unit in ("%", "个百分点", "倍") or is_difference:
        relations.add(rule, readings, figures, change, words)


def _segment(match: re.Match[str], sentence: Sentence) -> str:
    """Return the words of the sentence that a match is of, from a semicolon before it on."""
    return sentence.text[sentence.text.rfind("；", 0, match.start()) + 1 : match.end()]


def _is_rise(word: str, change: PrintedFigure) -> bool:
    return OF_RISE.match(word) is not None and not change.fall


def changes(before: PrintedFigure, now: PrintedFigure, change: PrintedFigure, *, is_rise: bool) -> list[Constraint]:
    """Return the constraints that a change between two levels can mean."""
    first, last = (before, now) if is_rise else (now, before)
    difference = rules.equal(rules.term(last.cell) - first.cell, change.result if change.unit == "个百分点" else change.cell)
    factor = rules.term(change.cell) / 100
    growth = rules.equal(rules.term(now.cell) / before.cell, factor + 1 if is_rise else 1 - factor)
    if change.unit == "个百分点":
        return [difference] if now.is_percentage else []
    if change.unit == "%":
        return [growth, difference] if now.is_percentage else [growth]
    if change.unit == "倍":
        quotient = rules.term(now.cell) / before.cell
        return [rules.equal(quotient, change.result), rules.equal(quotient, rules.term(change.result) + 1)] if is_rise else []
    return [difference]


def _added(match: re.Match[str], sentence: Sentence, relations: Relations) -> None:
    now, added, rate = (sentence.figure(match, name) for name in ("now", "added", "rate"))
    is_rise = _is_rise(match["word"], added)
    if now.unit != added.unit or is_rise != _is_rise(match["second"], rate) or match["tail"].endswith(("其中", "累计")):
        return
    words = sentence.words(match.start(), match.end())
    if NOT_COMPARABLE.search(_segment(match, sentence)):
        relations.add(document_rules.DIFFERENCE, (), (now, added, rate), rate, words)
        return
    # now = before ± added and added = before · rate, each figure once: now = added · (100 / rate ± 1)
    per_rate = rules.term(100) / rate.cell
    constraint = rules.equal(rules.term(added.cell) * (per_rate + 1 if is_rise else per_rate - 1), now.cell)
    relations.add(document_rules.DIFFERENCE, [constraint], (now, added, rate), rate, words)
    if match.groupdict().get("before"):
        _difference(match, sentence, relations, sentence.figure(match, "before"), now, added)


def _difference(
    match: re.Match[str],
    sentence: Sentence,
    relations: Relations,
    before: PrintedFigure,
    now: PrintedFigure,
    added: PrintedFigure,
) -> None:
    first, last = (before, now) if _is_rise(match["word"], added) else (now, before)
    constraint = rules.equal(rules.term(last.cell) - first.cell, added.cell)
    words = sentence.words(match.start(), match.end())
    relations.add(document_rules.DIFFERENCE, [constraint], (before, now, added), added, words)


def _alone(match: re.Match[str], sentence: Sentence, relations: Relations) -> None:
    now, rate = sentence.figure(match, "now"), sentence.figure(match, "rate")
    words = sentence.words(match.start(), match.end())
    before = sentence.text[: match.start("now")]
    is_plain = not NOT_COMPARABLE.search(_segment(match, sentence)) and not re.search("[增减升降超多少]$|每|均", before[-6:])
    if now.is_exact and is_plain:
        is_rise = _is_rise(match["word"], rate)
        whole_before = rules.whole_cases(now.cell, rules.term(rate.cell) + 100 if is_rise else 100 - rules.term(rate.cell))
        relations.add(document_rules.GROWTH_OF_WHOLE_CASES, [whole_before], (now, rate), rate, words)
    else:
        relations.add(document_rules.GROWTH, (), (now, rate), rate, words)
