"""What stands around each figure of a document: headings, the words before and after it, years and areas that it names."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from etl.documents.document import Cell, Document, Table
from etl.documents.exclusions import Reason
from etl.documents.extract import Found
from etl.documents.passages import INVISIBLE, OPENING, Passage, passages

FIGURE, YEAR = "#", "@"
"""What stands for another figure, and for a year or date, in the words around a figure."""

_TIMES = frozenset((Reason.YEAR, Reason.DATE, Reason.PERIOD, Reason.STREAK))
_SENTENCE_ENDS = re.compile("[。！？；]")
_CLAUSE_ENDS = re.compile("[，。！？；：:;]")
_HEADING_MARK = re.compile(r"^(?:#{1,6}\s*)?(?:[A-Z]|[(（]?[一二三四五六七八九十]{1,3}[)）、])?[ \u3000、.．]*")
_DIGITS = re.compile("[0-9.]+")
_NUMERAL = re.compile("[0-9０-９一二两三四五六七八九十几数半]")
_SPACE = re.compile(f"[\\s{INVISIBLE}]+")
_YEAR_BEFORE = re.compile("(?:上年|去年)(?:同期)?(?:末|底)?(?:的|为|是|达)?$")
_COMPARED = re.compile("[比较与同]$")
_DIGITS_OF_YEARS = re.compile("[0-9]{4}")
_MONTHS = re.compile("(?<![0-9])(?:1[0-2]|0?[1-9])(?=[月至到—–-])")
_MEASURED = re.compile("[末底）)]")
_YEAR_OF_HEADER = re.compile("((?:19|20)[0-9]{2})年?")
_YEAR_OF_FIGURE = re.compile("(?<![比较与])(?:19|20)[0-9]{2}(?![0-9])")
_LAST_YEAR_OF_FIGURE = re.compile("(?:^|[、（(])(?:上年|去年)(?:度|全年|同期|末|底)?(?=$|[、数）)])")
_CHANGE = re.compile(
    f"（(?:与(?:上年|去年)(?:同期)?(?:基本)?持平|(?:同比|[比较](?:上年|去年))[^（）#]{{0,6}}{FIGURE}[^（）#]{{0,6}})）"
)
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
        unit: that the header of a table says, and the cell itself does not.
        is_cell: whether it stands in a table, whose header and stub say what it is of.
        header: what the header of its column says, without a unit.
    """

    found: Found
    headings: tuple[str, ...]
    paragraph: int
    before: str
    after: str
    period: str = ""
    unit: str = ""
    is_cell: bool = False
    header: str = ""

    @property
    def printed(self) -> str:
        """The figure with the unit that the header of its table says, as a cell of another unit must have it."""
        published = self.found.published
        return published if self.found.is_unclear or published.endswith(self.unit) else published + self.unit

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


def contexts(document: Document, extract: Callable[[Document], list[Found]]) -> list[Context]:
    """List the figures of a document in order, each with what stands around it."""
    found = extract(document)
    tokens = iter(found)
    token = next(tokens, None)
    listed: list[Context] = []
    cells = {cell.offset: (table, cell) for table in document.tables for cell in table.cells}
    rank, row = -1, None
    for headings, passage in _under_headings(document):
        cell = cells.get(passage.offsets[0])
        if cell is None or (id(cell[0]), cell[1].row) != row:  # the cells of a row are one paragraph
            rank, row = rank + 1, (id(cell[0]), cell[1].row) if cell else None
        mine: list[Found] = []
        while token is not None and token.offset <= passage.offsets[-1]:
            mine.append(token)
            token = next(tokens, None)
        made = _of_passage(rank, headings, passage, mine)
        listed += (_in_cell(each, *cell) for each in made) if cell else made
    return listed


def is_listed(found: Found) -> bool:
    """Whether a number stands in the ledger: a figure, or an unclear number, of which a person decides."""
    return not found.reason or found.is_unclear


def _in_cell(context: Context, table: Table, cell: Cell) -> Context:
    """Return a figure of a table with what its row, its column and the caption say before it."""
    bracketed = re.compile(f"[（(\\[【](?:单位[:：])?{re.escape(cell.unit)}[)）\\]】]")
    header, stub = (
        "、".join(part for text in texts if (part := bracketed.sub("", _SPACE.sub("", text))) not in ("", cell.unit))
        for texts in (cell.header, cell.stub)
    )
    said = "、".join(filter(None, (header, stub)))  # one clause: what a cell is of stands in all of them
    said = f"{_SPACE.sub('', table.caption)}。{said}" if table.caption else said
    years = _YEAR_OF_FIGURE.findall("".join((*cell.header, *cell.stub)))
    period = years[-1] if len(set(years)) == 1 else context.period
    if not years and _LAST_YEAR_OF_FIGURE.search("、".join((header, stub))):
        period = LAST_YEAR
    before = f"{_YEAR_OF_HEADER.sub(YEAR, said)}{context.before}"
    header = _YEAR_OF_HEADER.sub(YEAR, header)
    return replace(context, before=before, period=period, unit=cell.unit, is_cell=True, header=header)


def _under_headings(document: Document) -> Iterator[tuple[tuple[str, ...], Passage]]:
    """Yield the passages, each with the headings that it stands under, the outermost first."""
    marked = {each.offset for each in document.headings}
    section, heading_of = "", dict[str, str]()
    for passage in passages(document):
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
    pieces, starts, place = list[str](), list[tuple[int, Found]](), 0
    ends: list[int] = []
    for start, end, each in spans:
        if start < place:  # part of a name that is left out already
            continue
        pieces.append(_SPACE.sub("", passage.text[place:start]))
        starts.append((sum(map(len, pieces)), each))
        pieces.append(_mask(each, passage.text[start:end]))
        ends.append(starts[-1][0] + len(pieces[-1]))
        place = end
    masked = "".join((*pieces, _SPACE.sub("", passage.text[place:])))
    for number, (start, each) in enumerate(starts):
        if is_listed(each):
            before, after = _without_changes(masked[:start]), _without_changes(masked[ends[number] :])
            yield Context(each, headings, rank, before, after, _period(before, starts[:number]))


def _without_changes(words: str) -> str:
    """Leave out remarks in brackets on the year before, which say nothing of what a figure beside them is of."""
    return _CHANGE.sub("", words)


def _mask(found: Found, printed: str) -> str:
    """Return what stands for a number in the words around others: a name keeps its letters."""
    if is_listed(found):
        return FIGURE if has_numeral(printed) else printed
    return YEAR if found.reason in _TIMES else _DIGITS.sub(YEAR, _SPACE.sub("", printed))


def has_numeral(printed: str) -> bool:
    """Whether a figure has a numeral, in digits or in words; one without is a bound such as 超万人."""
    return bool(_NUMERAL.search(printed))


def _span(passage: Passage, found: Found) -> tuple[int, int]:
    """Return where a number stands in a passage, whose spaces `published` does not have."""
    start = end = max(0, bisect_right(passage.offsets, found.offset) - 1)
    for character in found.published:
        while end < len(passage.text) and _SPACE.match(passage.text[end]) and passage.text[end] != character:
            end += 1
        if end < len(passage.text) and passage.text[end] != character:  # a unit that the header of a table says
            break
        end += 1
    return start, min(end, len(passage.text))


def _period(before: str, earlier: Sequence[tuple[int, Found]]) -> str:
    """Return the period that is said of a figure: in its own clause just before it, or at the beginning of its sentence."""
    if _YEAR_BEFORE.search(before):
        return LAST_YEAR
    for start, each in reversed(earlier):
        since = before[start + 1 :]
        if is_listed(each):
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
