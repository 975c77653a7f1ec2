"""Find what is wrong with a document's ledger, its figures left out, and its links, as people may edit all three."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from etl.files import Check
from schemas.code_lists import CodeLists
from schemas.hand_edited import Fault, HandEditedList, cited
from schemas.texts import Text

LEDGER_COLUMNS = ("section", "ordinal", "offset", "published", "unit", "hedge")
LEFT_OUT_COLUMNS = ("section", "ordinal", "offset", "published", "reason")
TAKEN_COLUMNS = ("section", "ordinal", "table", "row_key", "column")

WHOLE = "^[0-9]{1,18}$"
"""A regular expression of a rank or an offset, for polars and for `re`."""

_RANK = Text("is no rank within the section, such as 1", "应为节内序号，如 1")
_OFFSET = Text("is no number of characters before the figure", "应为数字之前的字符数")
_NO_REASON = Text("says nothing; say why no table takes the number", "没有内容；请写明为何没有表收录该数字")
MOST_CHARACTERS_OF_A_WORD = 24
"""Of a unit or a hedge at the end of a figure."""
_MULTIPLIER = "十百千万亿"
_WORD = re.compile(r"[0-9](?:thousand|million|billion|trillion)?((?!thousand$|[mbt]illion$)[a-z]{3,})$", re.IGNORECASE)
"""An English word after a number, in a text without spaces."""


@dataclass(frozen=True, eq=False)
class LedgerWords:
    """The units and hedges that a ledger may name.

    Attributes:
        lists: the code lists.
    """

    lists: CodeLists

    def is_unit(self, unit: str, published: str) -> bool:
        """Whether a unit is known, or stands in the figure; a unit of a quotient is known where both of its parts are."""
        parts = [part.lstrip(_MULTIPLIER) for part in _plain(unit).split("/")]
        return all(part in self._units for part in parts) or _plain(unit) in _plain(published)

    def is_printed_otherwise(self, unit: str, published: str) -> str:
        """Return the unit with which a figure ends, if it is another one than this; else nothing."""
        own, text = _plain(unit), self._without_hedges(_plain(published))
        word = _WORD.search(text)
        printed = max(word[1] if word else "", _ending(text, self._units), key=len)
        bare = own if own in self._units else own.lstrip(_MULTIPLIER)
        is_same = own in text and f"个{bare}".endswith(printed)
        return "" if not own or is_same else printed

    def _without_hedges(self, text: str) -> str:
        while hedge := _ending(text, self._hedges):
            text = text.removesuffix(hedge)
        return text

    def is_hedge(self, hedge: str, published: str) -> bool:
        """Whether the parts of a hedge, such as 超…以上, are known, or stand in the figure."""
        parts = map(_plain, hedge.split("…"))
        return all(part in self._hedges or part in _plain(published) for part in parts)

    @cached_property
    def _units(self) -> frozenset[str]:
        return frozenset({"", *(_plain(each.unit) for each in self.lists.units)})

    @cached_property
    def _hedges(self) -> frozenset[str]:
        return frozenset({"", *(_plain(each.hedge) for each in self.lists.hedges)})


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).replace(" ", "") if not text.isalnum() or not text.isascii() else text


def _ending(text: str, words: frozenset[str]) -> str:
    """Return the longest of some words with which a text ends; empty for none."""
    ends = (text[-length:] for length in range(min(len(text), MOST_CHARACTERS_OF_A_WORD), 0, -1))
    return next((end for end in ends if end in words), "")


def ledger_checks(words: LedgerWords, length: str) -> Sequence[Check]:
    """Return the checks of a ledger of a document with so many characters; blank: unknown."""
    return (
        lambda each: each.repeated("section", "ordinal"),
        lambda each: each.wrong("ordinal", re.compile(WHOLE).match, _RANK, may_be_blank=False),
        lambda each: each.wrong("offset", re.compile(WHOLE).match, _OFFSET),
        lambda each: _misplaced(each, length),
        lambda each: each.blank("published"),
        lambda each: _unknown_words(each, words),
    )


def _misplaced(found: HandEditedList, length: str) -> Iterator[Fault]:
    """Yield the offsets at which the document has no figure, for it ends before, or another figure stands there or later."""
    before: dict[str, tuple[int, int, int]] = {}
    for number, row in enumerate(found.records()):
        section, ordinal, offset = row["section"], row["ordinal"], row["offset"]
        if not (re.fullmatch(WHOLE, offset) and re.fullmatch(WHOLE, ordinal)):
            continue
        rank, at = int(ordinal), int(offset)
        last_rank, last_at, line = before.get(section, (rank - 1, at - 1, 0))
        if length and at >= int(length):
            yield (
                number,
                "offset",
                Text(
                    f"offset {at} lies beyond the document, which has {int(length):,} characters",
                    f"offset {at} 超出文件，文件共 {int(length):,} 个字符",
                ),
            )
        elif at == last_at or (rank > last_rank) != (at > last_at):
            yield (
                number,
                "offset",
                Text(
                    f"offset {at} and {last_at} of line {line} are not in the order of their ranks",
                    f"offset {at} 与第 {line} 行的 {last_at} 次序与节内序号不符",
                ),
            )
        before[section] = rank, at, found.lines[number]


def _unknown_words(found: HandEditedList, words: LedgerWords) -> Iterator[Fault]:
    for number, row in enumerate(found.records()):
        unit, hedge, published = row["unit"], row["hedge"], row["published"]
        if not words.is_unit(unit, published):
            en = f"is no known unit, and {published} is not printed in it"
            yield number, "unit", cited("unit", unit, Text(en, f"不是已知单位，且“{published}”并未以其印发"))
        elif other := words.is_printed_otherwise(unit, published):
            en = f"is not that of {published}, which is printed in {other}"
            yield number, "unit", cited("unit", unit, Text(en, f"与“{published}”不符，原文以“{other}”印发"))
        if not words.is_hedge(hedge, published):
            en = f"is no known hedge, and {published} is not printed with it"
            yield number, "hedge", cited("hedge", hedge, Text(en, f"不是已知修饰词，且“{published}”并不带有该词"))


def left_out_checks(printed: Mapping[tuple[str, str], str]) -> Sequence[Check]:
    """Return the checks of the figures left out, beside what the ledger prints by section and rank."""
    return (
        lambda each: _left_out_by_hand(each, printed),
        lambda each: each.wrong("offset", re.compile(WHOLE).match, _OFFSET),
        lambda each: each.wrong("reason", str.strip, _NO_REASON, may_be_blank=False),
    )


def _left_out_by_hand(found: HandEditedList, printed: Mapping[tuple[str, str], str]) -> Iterator[Fault]:
    """Yield the rows with a rank that name no figure of the ledger, another one, or one twice."""
    first: dict[tuple[str, str], int] = {}
    for number, row in enumerate(found.records()):
        place = (row["section"], row["ordinal"])
        if not row["ordinal"]:
            continue
        before = first.setdefault(place, number)
        if place not in printed:
            en = f"the ledger has no figure {':'.join(place)}; correct section and rank, or delete the row"
            yield number, "ordinal", Text(en, f"台账没有数字 {':'.join(place)}；请更正节与序号，或删除本行")
        elif printed[place] != row["published"]:
            here, there = row["published"], printed[place]
            en = f"{':'.join(place)} is {here} here, and {there} in the ledger"
            yield number, "published", Text(en, f"{':'.join(place)} 此处为“{here}”，台账为“{there}”；请更正")
        if before != number:
            line = found.lines[before]
            en = f"{':'.join(place)} stands here twice, first on line {line}"
            yield number, "section", Text(en, f"{':'.join(place)} 重复，已见于第 {line} 行")


TAKEN_CHECKS: Sequence[Check] = (
    lambda each: each.repeated("section", "ordinal"),
    lambda each: each.blank("ordinal", "table", "row_key", "column"),
)
"""The checks of the links: a place of a document is taken by one cell."""
