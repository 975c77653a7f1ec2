"""Words that tell figures apart: opposites such as new and stock, words that only some columns have, and actors."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain
from pathlib import Path

from etl.intake.contexts import FIGURE, YEAR, Context
from etl.intake.targets import Names

_WORDS = Path(__file__).with_name("words.csv")
_NEAR = 14
_FIRST, _LAST = "共已的了各并和与及、年月", "达为至到超近约有共已的了数量额等在年月末底、"
"""Single characters that tell nothing at the beginning and at the end of a word."""
_MASKS = str.maketrans(dict.fromkeys((FIGURE, YEAR), "，"))
_OF_THINGS = frozenset(("count", "mean", "amount"))
_OPPOSITE, _UNSAID, _MISSING, _ADDED, _LEVEL = 2.2, 0.8, 1.0, 1.6, 1.4
_OTHER_ACTOR, _NO_ACTOR, _STRANGER = 2.2, 1.0, 1.4
_OTHER_WHOLE, _CITY = 3.0, 2
_SHARE_OF = re.compile("占(?P<whole>[^，。；（）占]*)$")


@cache
def _groups(kind: str) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """Return the groups of words of a kind, each with its sides."""
    with _WORDS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == kind]
    return tuple(tuple(tuple(side.split("|")) for side in row["words"].split(" / ")) for row in rows)


@cache
def _same() -> tuple[re.Pattern[str], dict[str, str]]:
    first = {word: sides[0][0] for sides in _groups("same") for word in sides[0]}
    return re.compile("|".join(sorted(first, key=len, reverse=True))), first


def standard(text: str) -> str:
    """Write the words that mean the same as others by the first of each group."""
    pattern, first = _same()
    return pattern.sub(lambda match: first[match[0]], text)


@cache
def _plain() -> re.Pattern[str]:
    words = {word for sides in _groups("plain") for word in sides[0]}
    return re.compile("|".join(sorted(words, key=len, reverse=True)))


def telling(text: str) -> str:
    """Return a text with a break for each word that tells nothing of a figure: 全市, 累计, 达."""
    parts = _plain().sub("，", text).translate(_MASKS).split("，")
    return "，".join(part.lstrip(_FIRST).rstrip(_LAST) for part in parts)


@dataclass(frozen=True, slots=True)
class Said:
    """What the words around a figure say: a side of each group of opposites, single words, the whole of a share, the actor."""

    sides: tuple[int | None, ...]
    only: tuple[bool, ...]
    whole: int | None
    level: int | None
    actor: int | None
    is_actor_of_sentence: bool
    is_actor_near: tuple[bool, ...]
    clause: str


def said_around(context: Context) -> Said:
    """Look for the words that tell figures apart around a figure."""
    clause, sentence = context.clause, context.sentence
    near, whole = clause[-_NEAR:] or sentence[-_NEAR:], clause + context.rest_of_clause
    actors = _actors()
    actor = _last_side(sentence, actors)
    share = _SHARE_OF.search(context.before)
    around = "。".join((*context.headings, context.after[:_NEAR]))
    return Said(
        tuple(_last_side(near, sides) for sides in _groups("opposite")),
        tuple(_has(whole, words) for (words,) in _groups("only")),
        _last_side(share["whole"], _groups("whole")[0]) if share else None,
        _last_side(near, _groups("level")[0]),
        actor if actor is not None else _last_side(context.before, actors),
        actor is not None,
        tuple(_has(around, words) for words in actors),
        whole,
    )


@lru_cache(maxsize=4096)
def _meant(names: Names) -> Said:
    """Return what the names of a column say."""
    everything = names.column + names.table + "".join(chain(*names.categories))
    return Said(
        tuple(_last_side(names.column, sides) for sides in _groups("opposite")),
        tuple(_has(names.column + names.table, words) for (words,) in _groups("only")),
        _last_side(names.column, _groups("whole")[0]),
        _last_side(everything, _groups("level")[0]),
        _last_side(names.table + names.domain, _actors()),
        True,
        (),
        names.column,
    )


def contradiction(said: Said, names: Names) -> float:
    """Return what the words around a figure speak against a column.

    They may say the opposite, or lack a word that makes another figure of it; and a court's figure needs a court.
    """
    meant = _meant(names)
    total = 0.0
    for of_figure, of_column in zip(said.sides, meant.sides, strict=True):
        if of_column is not None and of_figure != of_column and (of_figure is not None or not names.growth_of):
            total += _UNSAID if of_figure is None else _OPPOSITE
    if names.kind == "share" and said.whole not in (None, meant.whole, _CITY if meant.whole is None else None):
        total += _OTHER_WHOLE
    if said.level is not None and meant.level is None:
        total += _LEVEL
    for is_said, is_meant in zip(said.only, meant.only, strict=True):
        # a word is of the very thing that a column counts, as 高价值 of patents in force
        is_added = is_said and not is_meant and names.kind in _OF_THINGS and names.column[-2:] in said.clause
        total += _ADDED if is_added else _MISSING if is_meant and not is_said and not names.growth_of else 0.0
    return total + _of_another_actor(said, meant.actor)


def _of_another_actor(said: Said, actor: int | None) -> float:
    """Return what the actor of a sentence speaks against the actor of a table."""
    if actor is None:
        return _STRANGER if said.is_actor_of_sentence else 0.0
    if said.actor is None:
        return 0.0 if said.is_actor_near[actor] else _NO_ACTOR
    return 0.0 if said.actor == actor else _OTHER_ACTOR


def _actors() -> tuple[tuple[str, ...], ...]:
    return tuple(words for (words,) in _groups("actor"))


def _has(text: str, words: tuple[str, ...]) -> bool:
    return any(word in text for word in words)


def _last_side(text: str, sides: tuple[tuple[str, ...], ...]) -> int | None:
    """Return which side of a group a text names last; None where it names none."""
    found = [(place, rank) for rank, side in enumerate(sides) for word in side if (place := text.rfind(word)) >= 0]
    return max(found)[1] if found else None
