"""The same thing printed twice: text against text, and text against tables, by label, unit, year and area."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from etl.calculator.bounds import can_hold
from etl.proofreading.figures import PrintedFigure, bounds_of_cells
from etl.proofreading.relations import Relations
from etl.proofreading.scopes import scopes
from etl.proofreading.sentences import MARKS, QUANTITY, Sentence
from etl.proofreading.words import AREAS, label_of
from schemas import document_rules, rules

_YEAR = re.compile("(?:19|20)[0-9]{2}(?=年|$|-|/)|[上去前]年|今年|本年")
_SPAN = re.compile(
    "上半年|下半年|前[一二三四1-4]?季度|[第]?[一二三四1-4]季度|[0-9]{1,2}(?:[-—–至][0-9]{1,2})?月"
    "|十[一二三四]五|[近过][去]?[0-9一二两三四五十]+年|[0-9一二两三四五十]+年来|以来|历年|累计"
)
_BREAKS = re.compile(f"[，；。：（）{MARKS}]")
_NO_LABEL = re.compile("比|较|同期|[减降升超占每均达]|(?<!新)增(?![值设])|其中|目标|计划|力争|预计|将|争取|到20|左右|等|该|此")
_PLANNED = re.compile("力争|目标|计划|预期|预计|确保|争取|下一步|将(?!近)|打算|规划")
_LONG, _SHORTEST = 8, 5
_ENGLISH_SHORTEST = 12
_MOST_KINDS = 5
"""With more figures than these under one label, it is the heading of a list."""


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """A figure with what it is of.

    Attributes:
        label: the words for it, without area, year and verb.
        unit: its base unit.
        span: year and part of the year; empty for the year of the document.
        area: a larger area, or the district, firm or office, that is named; empty for that of the document.
        figure: the figure.
        words: of the document around it.
        is_of_table: whether a table prints it.
    """

    label: str
    unit: str
    span: str
    area: str
    figure: PrintedFigure
    words: str
    is_of_table: bool = False


def main_year(text: str) -> str:
    """Return the year that a document is of: the one that it names most, the later of two."""
    years = Counter(re.findall("(?<![0-9.,])(?:19|20)[0-9]{2}(?![0-9.,]*[0-9万亿件家个])", text))
    return max(years, key=lambda year: (years[year], year), default="")


def span_of(words: str, year: str) -> str:
    """Return the years and parts of a year that words name, without the year of the document."""
    named = [each for each in _YEAR.findall(words) if each not in (year, "今年", "本年")]
    return " ".join((*named[-1:], *_SPAN.findall(words)))


def statements(sentences: Sequence[Sentence], year: str) -> Iterator[Statement]:
    """Yield the statements of a text that are complete in themselves."""
    rank, context = -1, ""
    scope_of = scopes(sentences)
    for sentence in sentences:
        context = context if sentence.rank == rank else ""
        rank = sentence.rank
        for place, figure in sentence.figures.items():
            if sentence.text[place] == QUANTITY:
                for each in _statement(sentence, place, figure, context, year):
                    yield replace(each, area=each.area or scope_of[sentence.rank])
        context += sentence.text


def _statement(sentence: Sentence, place: int, figure: PrintedFigure, context: str, year: str) -> Iterator[Statement]:
    before = sentence.text[:place]
    start = max((match.end() for match in _BREAKS.finditer(before)), default=0)
    clause = before[start:]
    if start and before[start - 1] in MARKS + "：（）":
        return
    if not sentence.is_chinese:
        after = re.match(f"[^,.;()<>{MARKS}]*", sentence.text[place + 1 :])
        label = re.sub(f"^in {year},? ", "", f"{clause} {after[0] if after else ''}".strip().lower())
        is_complete = start == 0 and re.match("(?:[a-z]+ ){3}", label) and not re.search("20[0-9]{2}|than|from|to |year", label)
        if is_complete and len(label) >= _ENGLISH_SHORTEST:
            yield Statement(re.sub(" +", " ", label), figure.unit, "", "", figure, sentence.words(start, place + 1))
        return
    if _PLANNED.search(sentence.text) or _NO_LABEL.search(re.sub("达到?$", "", clause)) or "、" in clause:
        return
    label = label_of(clause)
    is_whole_sentence = not start or not label_of(before[:start])
    if len(label) < _SHORTEST or (len(label) < _LONG and not is_whole_sentence):
        return
    areas = re.findall(AREAS, before)
    area = areas[-1] if areas and re.search("国|省", areas[-1]) else ""
    span = span_of(context + before if not _YEAR.search(before) else before, year)
    yield Statement(label, figure.unit, span, area, figure, sentence.words(start, place + 1))


def find_repeats(stated: Sequence[Statement], relations: Relations) -> None:
    """Find what is printed more than once; a label with many different figures is a heading of a list, and is left alone."""
    groups: dict[tuple[str, str, str, str], list[Statement]] = {}
    for each in stated:
        groups.setdefault((each.label, each.unit, each.span, each.area), []).append(each)
    for group in groups.values():
        prints = list({each.figure.offset: each for each in group}.values())
        if len(prints) < 2:
            continue
        kinds = list({each.figure.reading: each for each in prints}.values())
        if len(kinds) > _MOST_KINDS:
            continue
        agreeing = [sum(_agree(one, other) for other in kinds) for one in kinds]
        counted = Counter(each.figure.reading for each in prints)
        best = max(range(len(kinds)), key=lambda at: (agreeing[at], counted[kinds[at].figure.reading], -at))
        first = kinds[best]
        most = sum(counted[each.figure.reading] for each in kinds if _agree(first, each))
        others = [each for each in kinds if not _agree(first, each)]
        if len(others) > 1 or (others and len(prints) > 2 and most < len(prints) - 1):
            continue
        for other in prints:
            if other is not first:
                later = max(first, other, key=lambda each: (most == 1 or each is other, each.figure.offset))
                is_near = _is_near(first.figure, other.figure) or len(first.label) >= _LONG + 4
                readings = [rules.equal(first.figure.cell, other.figure.cell)] if is_near else []
                words = f"{first.words} / {other.words}"
                relations.add(document_rules.PRINTED_ALIKE, readings, (first.figure, other.figure), later.figure, words)


def _agree(one: Statement, other: Statement) -> bool:
    if one is other:
        return True
    constraint = rules.equal(one.figure.cell, other.figure.cell)
    return can_hold(constraint, bounds_of_cells((one.figure, other.figure), is_cut_off=True)) is not False


def _is_near(one: PrintedFigure, other: PrintedFigure) -> bool:
    """Whether two figures may be prints of one: of like size, or with like digits, as a slip leaves them."""
    low, high = sorted(float(each.bounds[0].low or each.bounds[0].high or 0) for each in (one, other))
    if low > 0 and high <= 1.5 * low:
        return True
    digits = [re.sub("[^0-9]", "", each.published).strip("0") for each in (one, other)]
    return sorted(digits[0]) == sorted(digits[1])
