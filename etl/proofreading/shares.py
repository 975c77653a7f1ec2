"""Shares of a whole that is named beside them, in Chinese: 占…（Q件）的S%, 其中P件，占S%; others by whole cases."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from etl.proofreading.figures import PrintedFigure
from etl.proofreading.relations import Relations, added
from etl.proofreading.sentences import MARKS, PERCENT, QUANTITY, Sentence
from etl.proofreading.words import AREAS, MONEY_OR_SIZE, NO_BREAK, label_of
from schemas import document_rules, rules
from schemas.constraints import Constraint, Number

_SHARE_VERBS = "(?:比例|比重|比率|份额)?(?:为|达到?|约|约为|高达|近)?"
_SHARE = re.compile(
    f"(?P<part>{QUANTITY})(?P<noun>(?:{NO_BREAK}{{0,20}}[，（、])?)(?:约|仅|共|已|就|均)?占(?P<whole>{NO_BREAK}{{0,24}}?)"
    f"(?:（{NO_BREAK}{{0,10}}(?P<given>{QUANTITY}){NO_BREAK}{{0,4}}）)?(?P<of>的|比(?!重|例))?{_SHARE_VERBS}(?P<share>{PERCENT})"
)
_SHARES = re.compile(
    f"(?P<parts>{QUANTITY}"
    f"(?:{NO_BREAK}{{0,14}}[、，和及]{NO_BREAK}{{0,14}}{QUANTITY})+){NO_BREAK}{{0,8}}[，（]分别占"
    f"(?P<whole>{NO_BREAK}{{0,24}}?)"
    f"(?:的|比(?!重|例))?{_SHARE_VERBS}(?P<shares>{PERCENT}(?:[、，和及]{PERCENT})+)"
)
_SHARE_WITHIN = re.compile(
    f"其中[，：]?(?P<label>{NO_BREAK}{{1,16}}?)(?:所)?占(?:比|总数的|总量的"
    f"|全部{NO_BREAK}{{0,6}}的)(?:重|例)?(?:为|达到?)?(?P<share>{PERCENT})(?=[，。；）]|$)"
)
_AMONG = re.compile(f"(?:^|[，；]){NO_BREAK}{{0,12}}{QUANTITY}{NO_BREAK}{{0,10}}中(?=[，：])")
_GENERIC = re.compile(
    f"(?:其|该|这)?(?:{AREAS})?(?:的)?(?:所有|全部|当年|同期)?(?:案件|件数|收案|受案|受理案件|结案"
    f"|案件数|申请|授权|登记|企业|专利|商标|人数|家数)?(?:总数|总量|总额|总计|总体|总|全部|合计"
    f"|总件数|总收案数|总人数)?"
)
_HALF, _WHOLE = 50, 100
_LISTED = re.compile(f"(?:(?!其中){NO_BREAK}){{0,14}}[、，和及](?:(?!其中){NO_BREAK}){{0,14}}")
_AREA_ONLY = re.compile(f"(?:{AREAS}|同期)?(?:总数|总量|总|的)?")


def find_shares(sentence: Sentence, previous: Sentence | None, relations: Relations) -> None:
    """Find the shares of a sentence; `previous` is the one before it in the paragraph."""
    if "占" not in sentence.text:
        return
    for match in _SHARES.finditer(sentence.text):
        _several_shares(match, sentence, previous, relations)
    alone: list[tuple[PrintedFigure, PrintedFigure, str]] = []
    for match in _SHARE.finditer(sentence.text):
        if _share(match, sentence, previous, relations):
            words = sentence.words(match.start(), match.end())
            alone.append((sentence.figure(match, "part"), sentence.figure(match, "share"), words))
    _shares_of_one_whole(alone, relations)
    for match in _SHARE_WITHIN.finditer(sentence.text):
        _share_within(match, sentence, relations)


def _share(match: re.Match[str], sentence: Sentence, previous: Sentence | None, relations: Relations) -> bool:
    """Add a share, and return whether its whole is neither named nor printed in the sentence."""
    part, share = sentence.figure(match, "part"), sentence.figure(match, "share")
    words = sentence.words(match.start(), match.end())
    if match["given"]:
        whole = sentence.figure(match, "given")
        if whole.unit == part.unit:
            _add(part, whole, share, words, relations)
        return False
    named = match["whole"]
    wholes = list(_wholes(named, match.start("part"), part, sentence, previous))
    run = _run(match.start("part"), sentence)
    parts = [added(run[start:]) for start in range(len(run) - 1, -1, -1)]
    if wholes:
        readings = [rules.share_of(each, whole.cell, share.cell) for each in parts for whole in wholes]
        relations.add(document_rules.SHARE_OF_WHOLE, readings, (*run, *wholes, share), share, words)
        return False
    if part.is_exact and _is_of_counts(named, match["noun"], sentence.text[: match.start("part")]):
        readings = [rules.whole_cases(each, share.cell) for each in parts]
        figures = (part, share) if len(run) == 1 else (*run, share)
        relations.add(document_rules.WHOLE_CASES, readings, figures, share, words)
    else:
        relations.add(document_rules.SHARE_OF_WHOLE, (), (part, share), share, words)
    return not named and "其中" not in sentence.text


def _run(place: int, sentence: Sentence) -> list[PrintedFigure]:
    """Return a part, and the figures listed before it: a share after A件、B件 can be that of B, or of both."""
    run = [sentence.figures[place]]
    for before in sorted((at for at in sentence.figures if at < place), reverse=True):
        figure, between = sentence.figures[before], sentence.text[before + 1 : place]
        if sentence.text[before] != QUANTITY or figure.unit != run[0].unit or not _LISTED.fullmatch(between):
            break
        run.insert(0, figure)
        place = before
    return run


def _shares_of_one_whole(alone: Sequence[tuple[PrintedFigure, PrintedFigure, str]], relations: Relations) -> None:
    """Hold shares against each other that stand in one list, and so are of one whole: A件，占a%；B件，占b%."""
    total = sum(share.reading.low or 0 for _, share, _ in alone)
    if len(alone) < 3 or not _HALF < total <= _WHOLE:  # of several wholes, or only examples
        return
    for (part, share, _), (other, of_other, words) in pairwise(alone):
        if part.unit == other.unit:
            constraint = rules.equal(rules.term(part.cell) / share.cell, rules.term(other.cell) / of_other.cell)
            relations.add(document_rules.SHARES_OF_ONE, [constraint], (part, share, other, of_other), of_other, words)


def _several_shares(match: re.Match[str], sentence: Sentence, previous: Sentence | None, relations: Relations) -> None:
    places, shares = ([at for at in range(*match.span(name)) if at in sentence.figures] for name in ("parts", "shares"))
    places = places[-len(shares) :]
    parts = [sentence.figures[at] for at in places]
    if len(parts) != len(shares) or len({each.unit for each in parts}) > 1:
        return
    words = sentence.words(places[0], match.end())
    wholes = list(_wholes(match["whole"], places[0], parts[0], sentence, previous))
    for part, at in zip(parts, shares, strict=True):
        share = sentence.figures[at]
        readings = [rules.share_of(part.cell, whole.cell, share.cell) for whole in wholes]
        relations.add(document_rules.SHARE_OF_WHOLE, readings, (part, *wholes, share), share, words)


def _share_within(match: re.Match[str], sentence: Sentence, relations: Relations) -> None:
    """A share of what stands before 其中, by whole cases: 案件99件，其中商标案件占比12.34%."""
    share = sentence.figure(match, "share")
    before = [place for place in sentence.figures if place < match.start()]
    if not before or sentence.text[before[-1]] != QUANTITY:
        return
    whole = sentence.figures[before[-1]]
    noun = label_of(re.split(f"[，；。：（）{MARKS}]", sentence.text[: before[-1]])[-1])
    label = match["label"]
    if whole.is_exact and len(noun) > 1 and label.endswith(noun[-2:]) and not MONEY_OR_SIZE.search(label + noun):
        constraint = Constraint("whole", rules.term(share.cell) * whole.cell / 100, Number(0))
        words = sentence.words(before[-1], match.end())
        relations.add(document_rules.WHOLE_CASES, [constraint], (whole, share), share, words)


def _wholes(
    named: str, before: int, part: PrintedFigure, sentence: Sentence, previous: Sentence | None
) -> Iterator[PrintedFigure]:
    """Yield the figures that a share can be of: those before 其中, or those that bear the name of the whole."""
    within = max(sentence.text.rfind("其中", 0, before), _among(sentence.text, before))
    is_generic = _GENERIC.fullmatch(named) is not None and not re.search("全国|全省|我国|我省", named)
    if is_generic and within >= 0:
        yield from _alike(sentence, 0, within, part)
        if not any(place < within for place in sentence.figures) and previous is not None:
            yield from _alike(previous, 0, len(previous.text), part)
        return
    name = re.sub("(?:的)?(?:总数|总量|总额|总)$", "", label_of(named))
    if len(name) < 2:
        return
    for other, end in ((previous, None), (sentence, before)):
        if other is None:
            continue
        for place, figure in other.figures.items():
            if (end is None or place < end) and figure.unit == part.unit and figure is not part:
                label = label_of(re.split(f"[，；。：（）{MARKS}]", other.text[:place])[-1])
                is_total = "总" in named and label.endswith(name) and not re.search("全国|全省|我国|我省", named)
                if re.sub("(?:总数|总量|总额|总)$", "", label) == name or (is_total and other is sentence):
                    yield figure


def _among(text: str, before: int) -> int:
    """Return the place of 中 in 在Q件案件中, of which what follows is a part; -1 where there is none."""
    found = [match.end() - 1 for match in _AMONG.finditer(text, 0, before)]
    return found[-1] if found else -1


def _alike(sentence: Sentence, start: int, end: int, part: PrintedFigure) -> Iterator[PrintedFigure]:
    for place, figure in sentence.figures.items():
        if start <= place < end and figure.unit == part.unit and sentence.text[place] == QUANTITY:
            yield figure


def _is_of_counts(named: str, noun: str, before: str) -> bool:
    """Whether a share without a named whole is one of things counted, as the part is."""
    clause = re.split(f"[，；。：（）{MARKS}]", before)[-1]
    if MONEY_OR_SIZE.search(named):
        return False
    if _AREA_ONLY.fullmatch(named):
        return not re.search("全国|我国", named)
    counted = re.sub("(?:总数|总量|总|的)$", "", named)
    return len(counted) > 1 and (noun.strip("，（、").endswith(counted[-2:]) or label_of(clause).endswith(counted[-2:]))


def _add(part: PrintedFigure, whole: PrintedFigure, share: PrintedFigure, words: str, relations: Relations) -> None:
    constraint = rules.share_of(part.cell, whole.cell, share.cell)
    relations.add(document_rules.SHARE_OF_WHOLE, [constraint], (part, whole, share), share, words)
