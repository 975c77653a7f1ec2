"""What stands around each figure of a document: headings, the words before and after it, years and areas that it names."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from etl.documents.document import Document
from etl.documents.exclusions import Reason
from etl.documents.extract import Found
from etl.documents.passages import OPENING, Passage, passages

FIGURE, YEAR = "#", "@"
"""What stands for another figure, and for a year or date, in the words around a figure."""

_TIMES = frozenset((Reason.YEAR, Reason.DATE, Reason.PERIOD, Reason.STREAK))
_SENTENCE_ENDS = re.compile("[。！？；]")
_CLAUSE_ENDS = re.compile("[，。！？；：:;]")
_HEADING_MARK = re.compile(r"^(?:#{1,6}\s*)?(?:[A-Z]|[(（]?[一二三四五六七八九十]{1,3}[)）、])?[ \u3000、.．]*")
_DIGITS = re.compile("[0-9.]+")
_SPACE = re.compile(r"\s+")
_YEAR_BEFORE = re.compile("(?:上年|去年)(?:同期)?(?:末|底)?(?:的|为|是|达)?$")
_COMPARED = re.compile("[比较与同]$")
_DIGITS_OF_YEARS = re.compile("[0-9]{4}")
_MONTHS = re.compile("(?<![0-9])(?:1[0-2]|0?[1-9])(?=[月至到—–-])")
_MEASURED = re.compile("[末底）)]")
_LONGEST_HEADING = 30

LAST_YEAR = "last year"


@dataclass(frozen=True, slots=True)
class Context:
    """A figure of a document with what stands around it.

    Attributes:
        found: the figure.
        headings: of its section, the outermost first.
        paragraph: rank of its paragraph in the document, from 0.
        before, after: its paragraph up to it and from it on, other figures as `#`, years and dates as `@`.
        period: the period that the text gives for this figure, or `last year`; empty where it gives none.
    """

    found: Found
    headings: tuple[str, ...]
    paragraph: int
    before: str
    after: str
    period: str = ""

    @property
    def sentence(self) -> str:
        """The words of its sentence before it."""
        return _SENTENCE_ENDS.split(self.before)[-1]

    @property
    def clause(self) -> str:
        """The words of its clause before it."""
        return _CLAUSE_ENDS.split(self.before)[-1]

    @property
    def rest_of_clause(self) -> str:
        """The words of its clause after it, up to the next figure."""
        return _CLAUSE_ENDS.split(self.after)[0].partition(FIGURE)[0]


def contexts(document: Document, extract: Callable[[str], list[Found]]) -> list[Context]:
    """List the figures of a document in order, each with what stands around it."""
    found = extract(document.text)
    tokens = iter(found)
    token = next(tokens, None)
    listed: list[Context] = []
    for rank, (headings, passage) in enumerate(_under_headings(document)):
        mine: list[Found] = []
        while token is not None and token.offset <= passage.offsets[-1]:
            mine.append(token)
            token = next(tokens, None)
        listed += _of_passage(rank, headings, passage, mine)
    return listed


def _under_headings(document: Document) -> Iterator[tuple[tuple[str, ...], Passage]]:
    """Yield the passages, each with the headings that it stands under, the outermost first."""
    marked = {each.offset for each in document.headings}
    section, heading_of = "", dict[str, str]()
    for passage in passages(document.text):
        if passage.section != OPENING and (passage.section != section or marked & {*passage.offsets[:1]}):
            section = passage.section
            mark = _HEADING_MARK.match(passage.text)
            name = passage.text[mark.end() if mark else 0 :]
            heading_of[section] = _SPACE.sub("", _CLAUSE_ENDS.split(name)[0])[:_LONGEST_HEADING]
        outer = [each for each in heading_of if each and section.startswith(each) and each != section]
        own = (section,) if passage.section == section and section in heading_of else ()
        yield tuple(heading_of[each] for each in (*outer, *own)), passage


def _of_passage(rank: int, headings: tuple[str, ...], passage: Passage, found: Sequence[Found]) -> Iterator[Context]:
    spans = [(*_span(passage, each), each) for each in found]
    pieces, starts, place = [], [], 0
    for start, end, each in spans:
        if start < place:  # part of a name that is left out already
            continue
        pieces.append(_SPACE.sub("", passage.text[place:start]))
        starts.append((sum(map(len, pieces)), each))
        pieces.append(_mask(each, passage.text[start:end]))
        place = end
    masked = "".join((*pieces, _SPACE.sub("", passage.text[place:])))
    for number, (start, each) in enumerate(starts):
        if not each.reason:
            before = masked[:start]
            yield Context(each, headings, rank, before, masked[start + 1 :], _period(before, starts[:number]))


def _mask(found: Found, printed: str) -> str:
    """Return what stands for a number in the words around others: a name keeps its letters."""
    if not found.reason:
        return FIGURE
    return YEAR if found.reason in _TIMES else _DIGITS.sub(YEAR, _SPACE.sub("", printed))


def _span(passage: Passage, found: Found) -> tuple[int, int]:
    """Return where a number stands in a passage, whose spaces `published` does not have."""
    start = end = max(0, bisect_right(passage.offsets, found.offset) - 1)
    for character in found.published:
        while end < len(passage.text) and passage.text[end].isspace() and passage.text[end] != character:
            end += 1
        end += 1
    return start, min(end, len(passage.text))


def _period(before: str, earlier: Sequence[tuple[int, Found]]) -> str:
    """Return the period that is said of a figure: in its own clause just before it, or at the beginning of its sentence."""
    if _YEAR_BEFORE.search(before):
        return LAST_YEAR
    for start, each in reversed(earlier):
        since = before[start + 1 :]
        if not each.reason:
            if _SENTENCE_ENDS.search(since):
                return ""
            continue
        if each.reason not in (Reason.YEAR, Reason.DATE) or _COMPARED.search(before[:start]):
            continue
        if each.reason == Reason.DATE and not _MEASURED.match(since):  # the day of an event
            continue
        is_alone = since[:1] in "，," and not _SENTENCE_ENDS.search(since)
        is_of_it = FIGURE not in since and not _CLAUSE_ENDS.search(since)
        if not (is_alone or is_of_it):
            return ""
        return _stated(each.published)
    return ""


def _stated(printed: str) -> str:
    """Return the period that a year, a span of years or a date says; empty where it gives no year."""
    years = _DIGITS_OF_YEARS.findall(printed)
    if not years:
        return ""
    months = [int(each) for each in _MONTHS.findall(printed)]
    if months and len(years) == 1:
        first, last = min(months), max(months)
        return f"{years[0]}-{first:02}" if first == last else f"{years[0]}-{first:02}/{years[0]}-{last:02}"
    return years[0] if len(years) == 1 else f"{years[0]}-01/{years[-1]}-12"
