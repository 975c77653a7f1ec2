"""Cases received, carried over, closed and pending, in Chinese, where one sentence prints them."""

from __future__ import annotations

import re

from etl.proofreading.figures import PrintedFigure
from etl.proofreading.relations import Relations, added
from etl.proofreading.sentences import MARKS, PERCENT, QUANTITY, Sentence
from schemas import document_rules, rules

_CLAUSE = f"[^，；。：、（）{MARKS}]"
_STARTS = "(?:^|(?<=[，；。：、（共各类件]))"
_PREFIXES = "(?:共|共计|总共|实际)?"
_KINDS = {
    "carried": "(?:旧存|上年结转|上年旧存|年初存案|结转|上期旧存)",
    "new": "(?:新收|新受理)",
    "received": "(?:受理|收案)",
    "docket": "(?:共有)(?:各类)?案件",
    "closed": "(?:审结|办结|结案|执结|审执结|已结)",
    "pending": "(?:未结|存案|尚未审结|年末未结)",
}
_COUNT = re.compile(
    "|".join(
        f"(?P<{kind}>{_STARTS}{_PREFIXES if kind == 'received' else ''}{_CLAUSE}{{0,8}}?{word}(?!率){_CLAUSE}{{0,14}}?{QUANTITY})"
        for kind, word in _KINDS.items()
    )
)
_RATE = re.compile(f"(?P<name>(?:结案|办结|审结|清结|结收|收结)(?:案)?[率比])(?:为|达到?|是)?(?P<rate>{PERCENT})")
_CARRIED_OVER = re.compile("旧存|结转|存案")


_SUCCESS = (
    re.compile(
        f"调解[^，；。：（）{MARKS}]{{0,10}}?(?P<of>{QUANTITY})[，、]"
        f"(?:其中)?[^，；。：（）{MARKS}]{{0,4}}成功[^，；。：（）{MARKS}]{{0,6}}"
        f"(?P<part>{QUANTITY})"
        f"[，、](?:调解)?成功率(?:为|达到?)?(?P<rate>{PERCENT})"
    ),
    re.compile(
        f"(?:立案|侦办)[^，；。：（）{MARKS}]{{0,14}}?(?P<of>{QUANTITY})[，、（]破案"
        f"(?P<part>{QUANTITY})）?[，、]破案率(?:为|达到?)?(?P<rate>{PERCENT})"
    ),
)


def find_dockets(sentence: Sentence, relations: Relations, *, names_carried_over: bool) -> None:
    """Find the docket of a sentence.

    Args:
        sentence: the sentence.
        relations: to which what is found is added.
        names_carried_over: whether the document names cases carried over anywhere, so that a rate may be over them too.
    """
    for match in (match for pattern in _SUCCESS for match in pattern.finditer(sentence.text)):
        part, whole, share = (sentence.figure(match, name) for name in ("part", "of", "rate"))
        if part.unit == whole.unit:
            constraint = rules.share_of(part.cell, whole.cell, share.cell)
            words = sentence.words(match.start(), match.end())
            relations.add(document_rules.SHARE_OF_WHOLE, [constraint], (part, whole, share), share, words)
    figures: dict[str, list[PrintedFigure]] = {}
    for match in _COUNT.finditer(sentence.text):
        kind = str(match.lastgroup)
        figures.setdefault(kind, []).append(sentence.figures[match.end() - 1])
    if (
        any(len(each) > 1 for each in figures.values())
        or "其中" in sentence.text
        or ("closed" not in figures and "carried" not in figures)
    ):
        return
    of = {kind: each[0] for kind, each in figures.items()}
    if len({each.unit for each in of.values()}) > 1:
        return
    words = sentence.words(min(sentence.figures), max(sentence.figures) + 1)
    _sums(of, words, relations, names_carried_over)
    for rate in _RATE.finditer(sentence.text) if "closed" in of else ():
        _rate(of, rate["name"], sentence.figure(rate, "rate"), words, relations, names_carried_over)


def mentions_carried_over(text: str) -> bool:
    """Whether a text names cases carried over."""
    return _CARRIED_OVER.search(text) is not None


def _sums(of: dict[str, PrintedFigure], words: str, relations: Relations, names_carried_over: bool) -> None:
    docket = [of[kind] for kind in ("new", "carried") if kind in of]
    if "new" not in of and "received" in of and "carried" in of:
        docket = [of["received"], of["carried"]]
    if not docket and {"received", "closed", "pending"} <= of.keys() and not names_carried_over:
        constraint = rules.equal(rules.term(of["received"].cell) - of["closed"].cell, of["pending"].cell)
        known = (of["received"], of["closed"], of["pending"])
        relations.add(document_rules.DOCKET, [constraint], known, of["pending"], words)
    if len(docket) == 2:
        total = added(docket)
        for name in ("received", "docket"):
            if name in of and of[name] not in docket:
                relations.add(document_rules.DOCKET, [rules.equal(total, of[name].cell)], (*docket, of[name]), of[name], words)
        if "closed" in of:
            constraint = rules.within(of["closed"].cell, total)
            relations.add(document_rules.CLOSED_WITHIN, [constraint], (of["closed"], *docket), of["closed"], words)
        if "closed" in of and "pending" in of:
            constraint = rules.equal(total - rules.term(of["closed"].cell), of["pending"].cell)
            figures = (*docket, of["closed"], of["pending"])
            relations.add(document_rules.DOCKET, [constraint], figures, of["pending"], words)


def _rate(
    of: dict[str, PrintedFigure],
    name: str,
    rate: PrintedFigure,
    words: str,
    relations: Relations,
    names_carried_over: bool,
) -> None:
    closed = of["closed"]
    received = of.get("received") or of.get("new")
    if received is None:
        return
    figures = [each for each in (closed, of.get("new"), of.get("received"), of.get("carried"), rate) if each]
    over_received = rules.share_of(closed.cell, received.cell, rate.cell)
    if ("new" in of and "received" not in of) or "carried" in of:
        fresh = of.get("new") or received
        readings = (
            [rules.share_of(closed.cell, rules.total(fresh.cell, of["carried"].cell), rate.cell)] if "carried" in of else []
        )
        readings += [over_received] if "received" in of else []
        readings += [rules.share_of(closed.cell, fresh.cell, rate.cell)] if name.startswith(("结收", "收结")) else []
        if not readings:  # what was carried over is not named, and makes the rate smaller
            readings = [rules.within(rate.cell, rules.term(closed.cell) / received.cell * 100)]
    else:
        readings = [over_received]
        if names_carried_over:
            readings = [rules.within(rate.cell, rules.term(closed.cell) / received.cell * 100)]
    relations.add(document_rules.CLEARANCE, readings, figures, rate, words)
