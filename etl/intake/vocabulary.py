"""Words that tell figures apart: opposites such as new and stock, words that only some columns have, and actors."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from etl.intake.contexts import Context
from etl.intake.targets import Names

_WORDS = Path(__file__).with_name("words.csv")
_NEAR = 14
_OF_THINGS = frozenset(("count", "mean", "amount"))
_OPPOSITE, _MISSING, _ADDED = 2.2, 1.0, 1.6
_OTHER_ACTOR, _NO_ACTOR = 2.2, 1.0


@cache
def _groups(kind: str) -> tuple[tuple[tuple[str, ...], ...], ...]:
    """Return the groups of words of a kind, each with its sides."""
    with _WORDS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == kind]
    return tuple(tuple(tuple(side.split("|")) for side in row["words"].split(" / ")) for row in rows)


@dataclass(frozen=True, slots=True)
class Said:
    """What the words around a figure say: a side of each group of opposites, single words, and the actor."""

    sides: tuple[int | None, ...]
    only: tuple[bool, ...]
    actor: int | None
    is_actor_near: tuple[bool, ...]
    clause: str


def said_around(context: Context) -> Said:
    """Look for the words that tell figures apart around a figure."""
    clause, sentence = context.clause, context.sentence
    near, whole = clause[-_NEAR:] or sentence[-_NEAR:], clause + context.rest_of_clause
    actors = _actors()
    actor = _last_side(sentence, actors)
    around = "。".join((*context.headings, context.after[:_NEAR]))
    return Said(
        tuple(_last_side(near, sides) for sides in _groups("opposite")),
        tuple(_has(whole, words) for (words,) in _groups("only")),
        actor if actor is not None else _last_side(context.before, actors),
        tuple(_has(around, words) for words in actors),
        whole,
    )


@lru_cache(maxsize=4096)
def _meant(names: Names) -> tuple[tuple[int | None, ...], tuple[bool, ...], int | None]:
    """Return what the names of a column say: a side of each group of opposites, single words, and the actor."""
    return (
        tuple(_last_side(names.column, sides) for sides in _groups("opposite")),
        tuple(_has(names.column + names.table, words) for (words,) in _groups("only")),
        _last_side(names.table + names.domain, _actors()),
    )


def contradiction(said: Said, names: Names) -> float:
    """Return what the words around a figure speak against a column.

    They may say the opposite, or lack a word that makes another figure of it; and a court's figure needs a court.
    """
    sides, only, actor = _meant(names)
    total = sum(
        _OPPOSITE
        for of_figure, of_column in zip(said.sides, sides, strict=True)
        if of_figure is not None and of_column is not None and of_figure != of_column
    )
    for is_said, is_meant in zip(said.only, only, strict=True):
        # a word is of the very thing that a column counts, as 高价值 of patents in force
        is_added = is_said and not is_meant and names.kind in _OF_THINGS and names.column[-2:] in said.clause
        total += _ADDED if is_added else _MISSING if is_meant and not is_said else 0.0
    if actor is None or said.actor == actor:
        return total
    if said.actor is None:
        return total + (0.0 if said.is_actor_near[actor] else _NO_ACTOR)
    return total + _OTHER_ACTOR


def _actors() -> tuple[tuple[str, ...], ...]:
    return tuple(words for (words,) in _groups("actor"))


def _has(text: str, words: tuple[str, ...]) -> bool:
    return any(word in text for word in words)


def _last_side(text: str, sides: tuple[tuple[str, ...], ...]) -> int | None:
    """Return which side of a group a text names last; None where it names none."""
    found = [(place, rank) for rank, side in enumerate(sides) for word in side if (place := text.rfind(word)) >= 0]
    return max(found)[1] if found else None
