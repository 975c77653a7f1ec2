"""Sections of a document: the marks that open them, and the label of the section that is open.

A label joins the ranks of the open sections, the outermost first: `A1` under a letter, `1.2` under numbers, `1.2(3)` for a rank
in brackets, `1-2` for the second of 一是, 二是. A heading that the form marks (`<h2>`, a style, `##`) counts by its level, where
it bears no mark of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from etl.documents.document import Heading
from etl.figures.numerals import FOLDED

OPENING = "0"
"""The section before the first heading."""

PART, CHAPTER, SECTION, MAJOR, MINOR, NUMBER, SECOND_NUMBER, THIRD_NUMBER, BRACKETED, ITEM = range(10)
"""Kinds of marks, the outermost first."""

_TENS = ("", "十", "二十")
_CHINESE_RANKS = {
    f"{ten}{one}": str(10 * tens + ones) for tens, ten in enumerate(_TENS) for ones, one in enumerate(("", *"一二三四五六七八九"))
}
_ROMAN_RANKS = {roman: str(rank) for rank, roman in enumerate(("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"), 1)}
_ENGLISH_RANKS = {
    word: str(rank)
    for rank, word in enumerate(("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"), 1)
}
_NUMERAL = "[一二三四五六七八九十]{1,3}"
_NO_FIGURE = "(?![百千万亿余多]|[%％‰年月日件家个项次元人])"
_NAMED = {
    **dict.fromkeys(("部分", "编", "篇"), PART),
    **dict.fromkeys(("章",), CHAPTER),
    **dict.fromkeys(("节",), SECTION),
    "part": PART,
    "chapter": CHAPTER,
    "section": SECTION,
}
_MARKDOWN = re.compile("(#{1,6})[ \t]+")
_MAJOR = re.compile(rf"(?:(?P<letter>[A-Z])[ \u3000、.．]\s*(?![a-z])|(?P<numeral>{_NUMERAL})、)(?=\S)")
_MINOR = re.compile(rf"[(（](?P<numeral>{_NUMERAL})[)）]\s*")
_OF_LETTER = re.compile(r"(?P<letter>[A-Z])(?P<rank>[1-9][0-9]?)[ \u3000](?=\S)")
_CHINESE_NAMED = re.compile(rf"第\s*(?P<rank>{_NUMERAL}|[1-9][0-9]?)\s*(?P<name>部分|[编篇章节])(?:[\s\u3000:：、]|$)")
_ENGLISH_NAMED = re.compile(
    r"(?P<name>part|chapter|section)[ ]+(?P<rank>[1-9][0-9]?|[IVX]{1,4}|one|two|three|four|five|six|seven|eight|nine|ten)"
    r"(?:[:.\-–—]|$|[ ](?=[A-Z]))",
    re.IGNORECASE,
)
_NUMBERED = re.compile(rf"(?P<ranks>[1-9][0-9]?)(?:[.．](?![0-9])\s*|、){_NO_FIGURE}(?=\S)")
_DECIMAL = re.compile(
    rf"(?P<ranks>[1-9][0-9]?(?:\.[1-9][0-9]?){{1,2}})(?:[.．]?[ \u3000]\s*|[.．]\s*|(?=[\u4e00-\u9fff]))"
    rf"{_NO_FIGURE}(?=[^\W\d_])(?![a-z])"
)
_BRACKETED = re.compile(r"[(（](?P<ranks>[1-9][0-9]?)[)）]\s*(?=[^\s，。；、,;)）])")
_ITEM = re.compile(f"(?P<rank>{_NUMERAL})是(?![否非])")
_NEXT_ITEM = re.compile(f"(?<=[；。;])\\s*(?P<rank>{_NUMERAL})是(?![否非])")
_LONGEST_ENGLISH = 80
_FOLDED = str.maketrans({each: plain for each, plain in FOLDED.items() if plain != " "})


@dataclass(frozen=True, slots=True)
class _Open:
    """An open section; a heading without a mark has no kind, a mark in a plain line no level."""

    kind: int | None
    level: int
    rank: str


class Outline:
    """The open sections while a document is read line by line.

    Attributes:
        label: of the section that is open.
    """

    def __init__(self, headings: Iterable[Heading] = ()) -> None:
        self._open: list[_Open] = []
        self._levels = {heading.offset: heading.level for heading in headings}
        self._title = _title(self._levels)
        self._level_has_marks: set[int] = set()
        self.label = OPENING

    def read(self, line: str, offset: int, *, is_running: bool = False) -> tuple[int, bool] | None:
        """Open the section that a line begins; in the midst of a sentence only a chapter's mark does.

        Returns:
            The length of the mark to be left out, and whether the line is a heading that stands alone; None where it opens none.
        """
        self._close_items()
        line = line.translate(_FOLDED)
        prefix = _MARKDOWN.match(line)
        at = prefix.end() if prefix else 0
        level = self._levels.get(offset, len(prefix[1]) if prefix else 0)
        kinds, ranks, length = self._mark(line[at:], is_heading=level > 0)
        if not kinds or (is_running and not level and not self._parts_sentence(kinds, ranks)):
            if not level:
                return None
            self._open_unmarked(level, offset)
            return at, True
        self._level_has_marks.add(level)
        for kind, rank in zip(kinds, ranks, strict=True):
            self._push(_Open(kind, level if kind == kinds[-1] else 0, rank))
        is_alone = level > 0 or kinds[-1] <= MINOR
        return (at + length, is_alone) if kinds[-1] in (MAJOR, MINOR) else (at, is_alone)

    def _close_items(self) -> None:
        if self._open and self._open[-1].kind == ITEM:
            self._open.pop()
            self.label = self._label(self._open)

    def _mark(self, line: str, *, is_heading: bool) -> tuple[list[int], list[str], int]:
        """Return the kinds and ranks of the sections that a line's mark opens, and the mark's length; nothing without one."""
        if (found := _MAJOR.match(line)) and (rank := found["letter"] or _rank(found["numeral"])):
            is_initial = line[found.end()].isascii() and line[found.end()].isalpha()  # J. Smith, U.S.
            if is_heading or not is_initial or ord(rank[0]) == ord(self._rank_of(MAJOR) or "@") + 1:
                return [MAJOR], [rank], found.end()
        if (found := _MINOR.match(line)) and (rank := _rank(found["numeral"])):
            return [MINOR], [rank], found.end()
        if (found := _OF_LETTER.match(line)) and (is_heading or self._rank_of(MAJOR) == found["letter"]):
            return [MAJOR, MINOR], [found["letter"], found["rank"]], found.end()
        if found := _CHINESE_NAMED.match(line) or (len(line) <= _LONGEST_ENGLISH and _ENGLISH_NAMED.match(line)) or None:
            return [_NAMED[found["name"].lower()]], [_rank(found["rank"])], found.end()
        if (found := _DECIMAL.match(line)) and self._follows(ranks := found["ranks"].split("."), NUMBER, is_heading):
            return list(range(NUMBER, NUMBER + len(ranks))), ranks, found.end()
        if (found := _NUMBERED.match(line)) and self._follows([found["ranks"]], NUMBER, is_heading):
            return [NUMBER], [found["ranks"]], found.end()
        if (found := _BRACKETED.match(line)) and self._follows([found["ranks"]], BRACKETED, is_heading):
            return [BRACKETED], [found["ranks"]], found.end()
        if found := _ITEM.match(line):
            return [ITEM], [_rank(found["rank"])], found.end()
        return [], [], 0

    def _follows(self, ranks: list[str], kind: int, is_heading: bool) -> bool:
        """Whether a rank is the first, or follows the one before; in the midst of a text other numbers are no marks."""
        last = kind + len(ranks) - 1
        return is_heading or ranks[-1] == "1" or self._rank_of(last) == str(int(ranks[-1]) - 1) or (
            len(ranks) > 1 and self._rank_of(kind) == ranks[0]
        )  # fmt: skip

    def _parts_sentence(self, kinds: list[int], ranks: list[str]) -> bool:
        """Whether a mark opens a section though the sentence above has no end: 三、 may be a part of 前三、."""
        is_next = not ranks[-1].isdecimal() or ranks[-1] == "1" or self._rank_of(kinds[-1]) == str(int(ranks[-1]) - 1)
        return kinds[-1] < MAJOR or (kinds[-1] == MAJOR and is_next) or kinds[-1] == MINOR

    def _rank_of(self, kind: int) -> str:
        return next((each.rank for each in self._open if each.kind == kind), "")

    def _open_unmarked(self, level: int, offset: int) -> None:
        if offset == self._title:
            return
        while self._open and not 0 < self._open[-1].level <= level:
            self._open.pop()
        previous = self._open.pop().rank if self._open and self._open[-1].level == level else "0"
        if level not in self._level_has_marks and previous.isdecimal():
            self._open.append(_Open(None, level, str(int(previous) + 1)))
        self.label = self._label(self._open)

    def _push(self, new: _Open) -> None:
        while self._open and _closes(new, self._open[-1]):
            self._open.pop()
        self._open.append(new)
        self.label = self._label(self._open)

    @staticmethod
    def _label(opened: list[_Open]) -> str:
        label = ""
        for each in opened:
            if each.kind == BRACKETED:
                label = f"{label or OPENING}({each.rank})"
            elif each.kind == ITEM:
                label = f"{label or OPENING}-{each.rank}"
            else:
                label += f"{'' if not label or label[-1].isalpha() else '.'}{each.rank}"
        return label or OPENING


def items_of(section: str, text: str) -> list[tuple[int, str]]:
    """Return where each of 二是, 三是 begins in a paragraph that begins with 一是, and the section that it opens."""
    parent, is_item, rank = section.rpartition("-")
    found: list[tuple[int, str]] = []
    for match in _NEXT_ITEM.finditer(text) if is_item else ():
        if _rank(match["rank"]) == str(int(rank) + 1 + len(found)):
            found.append((match.start("rank"), f"{parent}-{_rank(match['rank'])}"))
    return found


def _closes(new: _Open, last: _Open) -> bool:
    """Whether a mark closes the section that was opened last."""
    if new.kind == last.kind:
        return True
    if new.level and last.level:
        return last.level >= new.level
    if last.kind is None or new.kind is None:
        return bool(new.level)
    return last.kind > new.kind


def _title(levels: dict[int, int]) -> int | None:
    """Return the offset of the document's title: the first heading, if no other is of its level or above."""
    if not levels:
        return None
    first = min(levels)
    return first if all(level > levels[first] for offset, level in levels.items() if offset != first) else None


def _rank(text: str) -> str:
    if text.isdecimal():
        return text
    return _CHINESE_RANKS.get(text) or _ROMAN_RANKS.get(text.upper()) or _ENGLISH_RANKS.get(text.lower(), "")
