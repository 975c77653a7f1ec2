"""Parts and wholes, in Chinese: 其中, 合计, 由…组成, and breakdowns that are complete by their names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from etl.proofreading.figures import PrintedFigure
from etl.proofreading.relations import Relations, added
from etl.proofreading.sentences import MARKS, OTHER, PERCENT, QUANTITY, Sentence
from etl.proofreading.words import NO_BREAK, label_of
from schemas import document_rules, rules

_MOST_OF_WHICH = 50
"""A sentence with more is no prose."""
_CLAUSES = re.compile(f"[，；。：（）{MARKS}]")
_NO_PART = re.compile(
    "累计|总数|达到|同比|环比|比上|较上|增(?!加?值|设)|[减升降超均罚每另]|(?<!单)位[居列]|第(?![一二三]产业)|上年|去年|历年"
    "|(?<!公)共(?![同享建])|合计|以来|截至|全省|全国|全市|新[收设]|(?<!青)年(?!轻)"
)
_TOTAL = re.compile(
    f"[，；、。：（](?:以上|上述)?(?:两者|二者|三者|四者|两项|二项|三项|四项|五项|三类|两类|四类"
    f"|各项|各类|三地|两地|{QUANTITY})?(?:合计|共计|总计|总数|共)(?:为|达到?|有)?"
    f"(?P<total>{QUANTITY})"
)
_TOTAL_OF_YEARS = re.compile(
    f"[，；](?:[0-9]{{1,2}}|[两三四五六七八九十])年(?:累计|合计|共计|共|总计)(?:受理|收案|审结"
    f"|授权|登记|办理|完成|新增|实现)?(?:为|达到?)?(?P<total>{QUANTITY})"
)
_SEVERALLY = re.compile(
    f"分别(?:为|是|有|达到?|完成|受理|办理|新增|授权|登记)?(?P<parts>{QUANTITY}(?:{NO_BREAK}{{0,4}}[、，和及]{QUANTITY})+)"
)
_CONSISTING = re.compile(
    f"(?P<total>{QUANTITY}){NO_BREAK}{{0,12}}[，：（]?(?:由|分为|分成)"
    f"(?P<parts>{NO_BREAK}{{0,16}}{QUANTITY}"
    f"(?:[^。；{MARKS}]{{0,18}}{QUANTITY})+){NO_BREAK}{{0,10}}?(?P<end>组成|构成|[。；）]|$)"
)
_INCLUDING = re.compile(
    f"(?P<total>{QUANTITY})[，：（](?:包括|包含)(?P<parts>[^，。；：（）{MARKS}]{{1,16}}{QUANTITY}"
    f"(?:[、和及，][^，。；：（）{MARKS}]{{1,16}}{QUANTITY})+)(?=[。；）]|$)"
)
_INDUSTRIES = re.compile(
    f"第?一、(?:第?)二、(?:第?)三(?:次)?产业{NO_BREAK}{{0,10}}(?:占比|比重"
    f"|占){NO_BREAK}{{0,14}}分别(?:为|占|达)?"
    f"(?P<shares>{PERCENT}[、，和]{PERCENT}[、，和]{PERCENT})"
)
_TRADE = {
    name: re.compile(f"(?:^|[，、；。：和中]|货物){word}(?:总额|额|总值)?(?:为|达到?|共)?(?P<figure>{QUANTITY})")
    for name, word in (
        ("exports", "出口"),
        ("imports", "进口"),
        ("total", "(?:货物)?进出口"),
        ("surplus", "(?:贸易|货物进出口)?顺差"),
    )
}
_COMPLETE = (
    ("发明", "实用新型", "外观设计"),
    ("第一产业", "第二产业", "第三产业"),
    ("一产", "二产", "三产"),
    ("进口", "出口"),
    ("城镇", "农村"),
    ("城镇", "乡村"),
    ("男性", "女性"),
    ("线上", "线下"),
    ("专职", "兼职"),
    ("公立", "民营"),
    ("民事", "刑事", "行政"),
)
"""Parts that are a whole by their names, where that is plain from the words: see `_complete`."""
_STRUCTURE = re.compile("(?:次产业|三产|产业)(?:增加值)?(?:结构|比例|比重|之比)[^，。；]{0,16}$")


def find_totals(sentence: Sentence, previous: Sentence | None, relations: Relations) -> None:
    """Find the parts and wholes of a sentence; `previous` is the one before it in the paragraph."""
    taken = _severally(sentence, relations)
    for match in _TOTAL.finditer(sentence.text):
        if match.start("total") not in taken:
            _total(match, sentence, relations)
    for match in _CONSISTING.finditer(sentence.text):
        if match["end"] in ("组成", "构成") or "分" in sentence.text[match.end("total") : match.start("parts")]:
            _sum(_figures_in(match, "parts", sentence), sentence.figure(match, "total"), sentence, match, relations)
    for match in _INCLUDING.finditer(sentence.text):
        _sum(_figures_in(match, "parts", sentence), sentence.figure(match, "total"), sentence, match, relations, is_whole=False)
    _trade(sentence, relations)
    _industries(sentence, relations)
    for match in list(re.finditer("其中", sentence.text))[:_MOST_OF_WHICH]:
        _of_which(match, sentence, previous, relations)


def _figures_in(match: re.Match[str], group: str, sentence: Sentence) -> list[PrintedFigure]:
    return [sentence.figures[at] for at in range(*match.span(group)) if at in sentence.figures]


def _industries(sentence: Sentence, relations: Relations) -> None:
    """Judge the shares of the three industries, which are a whole."""
    for match in _INDUSTRIES.finditer(sentence.text):
        shares = _figures_in(match, "shares", sentence)
        constraint = rules.equal(added(shares), 100)
        relations.add(document_rules.SHARES_SUM, [constraint], shares, shares[0], sentence.words(match.start(), match.end()))
    for place, terms in sentence.ratios.items():
        if len(terms) == 3 and _STRUCTURE.search(sentence.text[:place].replace(OTHER, "")):
            constraint = rules.equal(added(terms), 100)
            relations.add(document_rules.SHARES_SUM, [constraint], terms, terms[0], sentence.words(place, place + 1, around=16))


def _of_which(match: re.Match[str], sentence: Sentence, previous: Sentence | None, relations: Relations) -> None:
    wholes = _wholes(match.start(), sentence, previous)
    parts = _parts(match.end(), sentence)
    _complete(parts, wholes, sentence, match, relations)
    for _, part in parts:
        alike = [whole for whole in wholes if whole.unit == part.unit]
        readings = [rules.within(part.cell, whole.cell) for whole in alike]
        words = sentence.words(match.start(), match.end(), around=24)
        relations.add(document_rules.PART_WITHIN, readings, (part, *alike), part, words)


def _trade(sentence: Sentence, relations: Relations) -> None:
    """Judge exports, imports, their total and their balance, where a sentence prints each once."""
    found = {name: list(pattern.finditer(sentence.text)) for name, pattern in _TRADE.items()}
    of = {name: sentence.figure(matches[0], "figure") for name, matches in found.items() if len(matches) == 1}
    if not {"exports", "imports"} <= of.keys() or len({each.unit for each in of.values()}) > 1:
        return
    exports, imports = of["exports"], of["imports"]
    words = sentence.words(min(sentence.figures), max(sentence.figures) + 1)
    for name, term in (("total", rules.total(exports.cell, imports.cell)), ("surplus", rules.term(exports.cell) - imports.cell)):
        if name in of:
            constraint = rules.equal(term, of[name].cell)
            relations.add(document_rules.PARTS_SUM, [constraint], (exports, imports, of[name]), of[name], words)


def _severally(sentence: Sentence, relations: Relations) -> set[int]:
    """Judge 分别为a、b、c，合计T, and return the places of the totals."""
    taken = set()
    for match in _SEVERALLY.finditer(sentence.text):
        end = match.end() + len(_noun(sentence.text, match.end()))
        total = _TOTAL.match(sentence.text, end) or _TOTAL_OF_YEARS.match(sentence.text, end)
        if total is None:
            continue
        taken.add(total.start("total"))
        _sum(_figures_in(match, "parts", sentence), sentence.figure(total, "total"), sentence, match, relations)
    return taken


def _noun(text: str, start: int) -> str:
    found = re.compile(f"{NO_BREAK}{{0,8}}").match(text, start)
    return found[0] if found else ""


def _sum(
    parts: Sequence[PrintedFigure],
    total: PrintedFigure,
    sentence: Sentence,
    match: re.Match[str],
    relations: Relations,
    *,
    is_whole: bool = True,
) -> None:
    """Judge parts that make up a total, or are a part of it."""
    if len(parts) > 1 and {each.unit for each in parts} == {total.unit}:
        constraint = (rules.equal if is_whole else rules.within)(added(parts), total.cell)
        words = sentence.words(match.start(), match.end())
        relations.add(document_rules.PARTS_SUM, [constraint], (*parts, total), total, words)


def _total(match: re.Match[str], sentence: Sentence, relations: Relations) -> None:
    """Judge A a件、B b件，合计T件: the parts are the last figures before it, two of them or more."""
    total, before = sentence.figure(match, "total"), sentence.text[: match.start()]
    bracket = before.rfind("（")
    begin = max(before.rfind("；"), before.rfind("其中"), before.rfind("："), -1 if "）" in before[bracket:] else bracket)
    aside = [found.span() for found in re.finditer("（[^（）]*）", before)]
    places = [
        place
        for place in sentence.figures
        if begin < place < match.start() and sentence.text[place] == QUANTITY and not any(a <= place < b for a, b in aside)
    ]
    run: list[PrintedFigure] = []
    for place in reversed(places):
        if sentence.figures[place].unit != total.unit:
            break
        run.insert(0, sentence.figures[place])
    between = sentence.text[places[0] if places else 0 : match.start()]
    words = sentence.words(places[0] if places else match.start(), match.end())
    if len(run) < 2:
        return
    is_open = re.search("等|左右|之间|同比|增|减|累计|其余", between) is not None
    readings = [rules.equal(added(run[start:]), total.cell) for start in range(0 if not is_open else len(run), len(run) - 1)]
    relations.add(document_rules.PARTS_SUM, readings, (*run, total), total, words)


def _wholes(place: int, sentence: Sentence, previous: Sentence | None) -> list[PrintedFigure]:
    """Return the figures of which a part can be that follows 其中."""
    begin = sentence.text.rfind("；", 0, place) + 1
    here = [figure for at, figure in sentence.figures.items() if begin <= at < place and sentence.text[at] == QUANTITY]
    if not here and previous is not None and not sentence.text[:place].strip("，、"):
        return [figure for at, figure in previous.figures.items() if previous.text[at] == QUANTITY]
    return here


def _parts(start: int, sentence: Sentence) -> list[tuple[str, PrintedFigure]]:
    """Return the parts that follow 其中, with their labels: `label figure`, joined by commas, until anything else follows."""
    parts: list[tuple[str, PrintedFigure]] = []
    at = start
    for place, figure in sentence.figures.items():
        if place < start:
            continue
        label = sentence.text[at:place].lstrip("，：、和及；")
        clause = _CLAUSES.split(label)
        mark = sentence.text[place]
        if mark == PERCENT and parts and re.fullmatch("占(?:比|总数的|总量的)?|(?:同比)?(?:增长|下降|增加|减少)", clause[-1]):
            at = place + 1
            continue
        if mark != QUANTITY or len([each for each in clause if each]) > 1 + bool(parts) or "其中" in label:
            break
        if _NO_PART.search(label) or not clause[-1]:
            break
        parts.append((clause[-1], figure))
        at = place + 1
    return parts


def _complete(
    parts: Sequence[tuple[str, PrintedFigure]],
    wholes: Sequence[PrintedFigure],
    sentence: Sentence,
    match: re.Match[str],
    relations: Relations,
) -> None:
    """Judge the sum of parts that are a whole by their names."""
    for names in _COMPLETE:
        named = [next((name for name in names if name in label), "") for label, _ in parts]
        if sorted(named) != sorted(names):
            continue
        rests = {label_of(label.replace(name, "", 1)) for name, (label, _) in zip(named, parts, strict=True)}
        figures = [figure for _, figure in parts]
        alike = [whole for whole in wholes if whole.unit == figures[0].unit]
        if len(rests) > 1 or len({each.unit for each in figures}) > 1 or not alike:
            continue
        readings = [rules.equal(added(figures), whole.cell) for whole in alike]
        words = sentence.words(match.start(), match.end(), around=30)
        relations.add(document_rules.PARTS_SUM, readings, (*figures, *alike), alike[-1], words)
