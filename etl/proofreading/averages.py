"""Averages beside their total and number, in Chinese: N家…T件，平均每家M件; 近N年累计T件，年均M件."""

from __future__ import annotations

import re

from etl.proofreading.figures import PrintedFigure
from etl.proofreading.relations import Relations
from etl.proofreading.sentences import QUANTITY, Sentence
from etl.proofreading.words import NO_BREAK
from schemas import document_rules, rules

_MEAN = re.compile(
    f"(?:平均每|每)(?P<each>[家人件户个项台亩名辆次款只所])(?:[企机]业|机构|案件)?(?:平均|均)?"
    f"(?P<of>{NO_BREAK}{{0,8}}?)(?P<mean>{QUANTITY})"
    f"|(?P<per>[家人件户亩场])均(?P<of2>{NO_BREAK}{{0,8}}?)(?P<mean2>{QUANTITY})"
)
_YEARS_NUMBER = "(?:[0-9]|[1-9][0-9]|[两三四五六七八九十])"
_YEARS = re.compile(
    f"(?:(?:近|过去|最近)(?P<last>{_YEARS_NUMBER})年(?:来|间|以来)?|(?<![0-9])"
    f"(?P<years>{_YEARS_NUMBER})年(?:来|间|以来)?)[^。；年]{{0,20}}?(?:累计|共"
    f"|合计){NO_BREAK}{{0,10}}(?P<total>{QUANTITY}){NO_BREAK}{{0,8}}[，（]"
    f"(?:年均|平均每年)(?!增|下|递){NO_BREAK}{{0,6}}?(?P<mean>{QUANTITY})"
)
_YEARS_FROM_TO = re.compile(
    f"(?P<first>20[0-9]{{2}})年?[-—–至到~]+(?P<last>20[0-9]{{2}})年[^。；年]{{0,16}}?(?:累计|共"
    f"|合计){NO_BREAK}{{0,10}}(?P<total>{QUANTITY})"
    f"{NO_BREAK}{{0,8}}[，（](?:年均|平均每年)(?!增|下|递){NO_BREAK}{{0,6}}?(?P<mean>{QUANTITY})"
)
_SAYS_NOTHING = re.compile("^(?:拥有|持有|共|有|达到?|为|约|受理|办理|办结|结案|审结|完成|实现)+")
_PERSONS = ("人", "名", "位")
_NUMERALS = {each: number for number, each in enumerate("两三四五六七八九十", 2)}


def find_averages(sentence: Sentence, relations: Relations) -> None:
    """Find the averages of a sentence that stand beside one total and one number."""
    for match in _MEAN.finditer(sentence.text):
        _mean(match, sentence, relations)
    for match in (*_YEARS.finditer(sentence.text), *_YEARS_FROM_TO.finditer(sentence.text)):
        total, mean = sentence.figure(match, "total"), sentence.figure(match, "mean")
        if "first" in match.re.groupindex:
            years = int(match["last"]) - int(match["first"]) + 1
        else:
            printed = match["last"] or match["years"]
            years = _NUMERALS.get(printed) or int(printed)
        if total.unit == mean.unit and years:
            constraint = rules.equal(rules.term(total.cell) / years, mean.result)
            words = sentence.words(match.start(), match.end())
            relations.add(document_rules.AVERAGE, [constraint], (total, mean), mean, words)


def _mean(match: re.Match[str], sentence: Sentence, relations: Relations) -> None:
    group = "mean" if match["mean"] else "mean2"
    mean, each = sentence.figure(match, group), match["each"] or match["per"]
    before = {place: figure for place, figure in sentence.figures.items() if place < match.start()}
    units = _PERSONS if each == "人" else (each,)
    numbers = [figure for figure in before.values() if figure.suffix.lstrip("千百万亿") in units]
    totals: list[PrintedFigure] = [figure for figure in before.values() if figure.unit == mean.unit]
    if len(numbers) != 1 or len(totals) != 1 or numbers == totals or "其中" in sentence.text[: match.start()]:
        return
    number, total = numbers[0], totals[0]
    of_number = next(place for place, figure in before.items() if figure is number)
    if before[min(before)] is total and not re.search("[，；]", sentence.text[of_number : match.start()]):
        return  # 12名法官人均: of fewer than those whose total stands before
    named = _SAYS_NOTHING.sub("", match["of"] or match["of2"] or "")
    if named and named[:2] not in sentence.text[: match.start()]:  # an average of something else
        return
    is_plain = not re.search("增|减|累计|以来|历年|[上去]年|分别|[、]$", sentence.text[: match.start()])
    constraint = rules.equal(rules.term(total.cell) / number.cell, mean.result)
    words = sentence.words(min(before), match.end())
    relations.add(document_rules.AVERAGE, [constraint] if is_plain else (), (total, number, mean), mean, words)
