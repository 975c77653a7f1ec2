"""Sentences of a document with a mark in place of each figure, so that what they state is found by patterns."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from etl.documents.document import Document
from etl.documents.extract import Found
from etl.documents.passages import passages
from etl.proofreading.figures import PrintedFigure

QUANTITY, PERCENT, POINTS, MULTIPLE, OTHER = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
"""What stands in a sentence for a count, an amount or a measure; a percentage; percentage points; a multiple; another figure."""
MARKS = QUANTITY + PERCENT + POINTS + MULTIPLE + OTHER
_MARKS_OF_UNITS = {"%": PERCENT, "个百分点": POINTS, "倍": MULTIPLE}

_PLAIN = str.maketrans({",": "，", ";": "；", ":": "：", "(": "（", ")": "）", "?": "？", "!": "！", "．": "."})
_ENDS = re.compile(rf"[。！？!?]|(?<=[a-z0-9)%{MARKS}])\.(?=\s|$|[A-Z])")
_AROUND = " ，。；、,.;\u3000"
_CLAUSES = re.compile(r"[，。；：！？]|[,;:](?= )|\.(?=\s|$|[A-Z])")
_HANZI, _LATIN = re.compile("[\u4e00-\u9fff]"), re.compile("[A-Za-z]")
_LETTERS_OF_A_WORD = 4


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """A sentence.

    Attributes:
        text: without the space in Chinese, Chinese punctuation, and a mark in place of each figure.
        places: of each character of the text, its place in `source`; one more for the end.
        source: the passage as printed, of which the sentence is a part.
        figures: the figures by the place of their marks in the text.
        ratios: the terms of ratios such as 2.5∶40.2∶57.3, by the place of their marks.
        rank: of the passage in the document.
        is_chinese: whether it is written in Chinese, and not in English.
    """

    text: str
    places: Sequence[int]
    source: str
    figures: dict[int, PrintedFigure]
    ratios: dict[int, tuple[PrintedFigure, ...]]
    rank: int
    is_chinese: bool

    def figure(self, match: re.Match[str], group: str) -> PrintedFigure:
        """Return the figure whose mark a group of a match is."""
        return self.figures[match.start(group)]

    def words(self, start: int, end: int, *, around: int = 12) -> str:
        """Return the words of the document around a part of the sentence, from a mark between clauses where one is near."""
        first, last = self.places[0], self.places[-1]
        begin = max(first, self.places[start] - around)
        clause = max((match.end() for match in _CLAUSES.finditer(self.source, begin, self.places[start])), default=None)
        finish = min(last, self.places[min(end, len(self.places) - 1)] + around // 2)
        text = self.source[clause or begin : finish]
        following = _CLAUSES.search(self.source, self.places[min(end, len(self.places) - 1)], finish)
        if following:
            text = self.source[clause or begin : following.start()]
        is_cut = (clause is None and begin > first, following is None and finish < last)
        return f"{'…' if is_cut[0] else ''}{text.strip(_AROUND)}{'…' if is_cut[1] else ''}"


Span = tuple[int, Found, PrintedFigure | None, tuple[PrintedFigure, ...]]


def sentences(
    document: Document,
    found: Sequence[Found],
    figures: Sequence[PrintedFigure | None],
    ratios: Mapping[int, tuple[PrintedFigure, ...]],
) -> Iterator[Sentence]:
    """Cut the running text of a document into sentences; tables are left out.

    Args:
        document: the document.
        found: its numbers, in order.
        figures: what each of them says; None for one that is no figure, or is not read for certain.
        ratios: the terms of ratios, by their offsets.
    """
    offsets = [each.offset for each in found]
    starts = [table.start for table in document.tables]
    for rank, passage in enumerate(passages(document)):
        start, end = passage.offsets[0], passage.offsets[-1]
        table = bisect_right(starts, start) - 1
        if "\t" in passage.text or (table >= 0 and start < document.tables[table].end):
            continue
        spans = [
            (
                bisect_left(passage.offsets, found[at].offset),
                found[at],
                figures[at],
                ratios.get(found[at].offset, ()),
            )
            for at in range(bisect_left(offsets, start), bisect_left(offsets, end + 1))
        ]
        yield from _sentences(passage.text, spans, rank)


def _sentences(text: str, spans: Sequence[Span], rank: int) -> Iterator[Sentence]:
    is_chinese = len(_HANZI.findall(text)) * _LETTERS_OF_A_WORD > len(_LATIN.findall(text))
    plain = text.translate(_PLAIN) if is_chinese else text
    marked: list[str] = []
    places: list[int] = []
    figures: dict[int, PrintedFigure] = {}
    of_ratios: dict[int, tuple[PrintedFigure, ...]] = {}
    at = 0
    for start, found, figure, terms in spans:
        _copy(plain, at, start, marked, places, is_chinese)
        end = _end(text, start, found.published)
        if (found.reason and not found.is_unclear) or (figure and figure.suffix == "年"):
            _copy(plain, start, end, marked, places, is_chinese)
        else:
            for character in figure.fall if figure else "":
                marked.append(character)
                places.append(start)
            if figure:
                figures[len(marked)] = figure
            if terms:
                of_ratios[len(marked)] = terms
            marked.append(_mark(figure))
            places.append(start)
        at = max(at, end)
    _copy(plain, at, len(plain), marked, places, is_chinese)
    whole, begin = "".join(marked), 0
    places.append(len(text))
    for stop in (*(match.end() for match in _ENDS.finditer(whole)), len(whole)):
        if stop > begin:
            mine = {place - begin: figure for place, figure in figures.items() if begin <= place < stop}
            terms_of = {place - begin: terms for place, terms in of_ratios.items() if begin <= place < stop}
            yield Sentence(whole[begin:stop], places[begin : stop + 1], text, mine, terms_of, rank, is_chinese)
        begin = max(begin, stop)


def _copy(text: str, start: int, end: int, marked: list[str], places: list[int], is_chinese: bool) -> None:
    for place in range(start, end):
        if not (is_chinese and text[place].isspace()):
            marked.append(text[place])
            places.append(place)


def _end(text: str, start: int, published: str) -> int:
    """Return where a number that starts there ends: it is printed with spaces that `published` lacks."""
    place = start
    for character in published.replace(" ", ""):
        while place < len(text) and text[place] != character and text[place].isspace():
            place += 1
        place += 1
    return min(place, len(text))


def _mark(figure: PrintedFigure | None) -> str:
    if figure is None or "/" in figure.suffix:
        return OTHER
    return _MARKS_OF_UNITS.get(figure.unit, QUANTITY)
