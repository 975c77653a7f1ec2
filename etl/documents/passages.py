"""Passages: the text of a document cut into its sections, with lines that break in mid-sentence joined.

Text copied from a page is broken where the page was: a word may begin in one paragraph and end in the next. A number
that is broken so can only be read once the lines are joined, and its place is wanted in the text as it is. So a
passage keeps, for each of its characters, the offset in the original.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from etl.documents.contents import Contents
from etl.documents.document import Document, Heading, plain
from etl.documents.sections import OPENING as OPENING
from etl.documents.sections import Outline, items_of

MOST_LINES, MOST_CHARACTERS_OF_A_LINE = 1_000, 50_000
"""Of a paragraph: so many lines are joined; one of more characters is none."""
_LONGEST_NUMBER = 40
_MARKED = re.compile("^#{1,6}(?=[ \t])", re.MULTILINE)
_NO_TEXT = re.compile(
    r"(?:https?://|www\.)[!-~]+|(?<![\w.+-])[\w.+-]++@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|(?<=[\u4e00-\u9fff%％0-9，。”])\[[0-9]{1,2}\](?![0-9])"
)
"""Addresses, and marks of footnotes."""
_CUT_IN_NUMBER = re.compile("[\u4e00-\u9fff](?<![表图第号影版])[0-9][0-9,.]*$")
_REST_OF_NUMBER = re.compile(r"[0-9]{1,4}(?:[.,][0-9]+)?(?!年|月|日|[.、])[百千万亿]*[\u4e00-\u9fff%％].*[，。；]")
_SPACE = "\ufeff \t\r\n\v\f\u3000\xa0\u200b\x1c\x1d\x1e\x85\u2028\u2029"
_TABS = re.compile(r"[^\t]+")
_SEPARATORS = {"text": re.compile(r"\S+"), "markdown": re.compile(r"[^|]+")}
"""What parts the cells of a table whose text is a file's own."""
INVISIBLE = "\u2060"
"""What stands for a character of markup, which is no text, so that offsets stay."""
_CLAUSE_MARKS = re.compile("[，；。;]|,(?![0-9])")
_CUT_NUMBER = re.compile("[0-9][百千万亿]*$")
_CUT_UNIT = re.compile(r"[\u4e00-\u9fff%％‰]{1,4}(?:[，。；、,;）)]|$)")
_ENDS_IN_LATIN = re.compile("[A-Za-z]{2}[.,;:]?$|[A-Za-z] [0-9][0-9.,]*%?[,;]?$")
_LATIN_WORD_OR_NUMBER = re.compile("[A-Za-z0-9$£€(]")
_LATIN_WORDS = re.compile("(?<![A-Za-z])(?:[A-Za-z]{2,}[, ]+){2}")
_AWAITS_NUMBER = re.compile(
    r"\b(?:by|of|to|in|at|from|than|over|about|nearly|almost|and|or|with|for|on|between|under|below|above|around|was|were|reached)$"
)
_SENTENCE_ENDS = "。！？；：…”’》）)!?;:"
_NEVER_FIRST = "，。、；：！？）》”’%％"


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of one section's running text.

    Attributes:
        section: `0` before the first heading, then the heading's letter and rank (`A1`), or its two ranks (`1.1`).
        text: The running text, without the breaks of lines and without the mark of its heading.
        offsets: For each character of `text`, its offset in the document.
    """

    section: str
    text: str
    offsets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    offset: int
    is_next: bool = False  # right below another, without a blank line or an indent


def passages(document: Document | str) -> Iterator[Passage]:
    """Yield the passages of a document, in its order; joined lines are one passage, and so is each cell of a table.

    Args:
        document: The document, or its text; its line breaks may be of any kind.

    Yields:
        One passage a paragraph, heading, caption or cell; empty lines give none.
    """
    document = plain(document) if isinstance(document, str) else document
    outline = Outline(document.headings or _marked(document.text))
    tables = iter(document.tables)
    table = next(tables, None)
    contents = Contents()
    separators = _SEPARATORS.get(document.form, _TABS)
    section, pending = outline.label, list[_Line]()
    for line in _lines(document.text):
        while table and line.offset >= table.end:
            table = next(tables, None)
        is_of_table = table is not None and line.offset >= table.start
        if not is_of_table and contents.take(line.text):
            continue
        goes_on = _may_go_on(pending, line) and not is_of_table and _continues(pending, line)
        opens = None if is_of_table else outline.read(line.text, line.offset, is_running=goes_on)
        if pending and (opens or not goes_on):
            yield from _parted(section, pending)
            pending = []
        if is_of_table:
            yield from _cells(outline.label, line, separators)
        elif not opens:
            section = section if pending else outline.label
            pending.append(line)
        else:
            section, (mark_length, is_alone) = outline.label, opens
            rest = _Line(line.text[mark_length:], line.offset + mark_length)
            if not is_alone or _CLAUSE_MARKS.search(rest.text):
                pending.append(rest)
            elif rest.text:  # a heading that stands alone: what follows is never its continuation
                yield _joined(section, [rest])
    if pending:
        yield from _parted(section, pending)


def _may_go_on(pending: list[_Line], line: _Line) -> bool:
    """Whether there is a paragraph, and it is not yet as long as none is."""
    return 0 < len(pending) < MOST_LINES and line.offset - pending[0].offset < MOST_CHARACTERS_OF_A_LINE


def _marked(text: str) -> tuple[Heading, ...]:
    """Return the headings that a plain text marks as Markdown does."""
    return tuple(Heading(found.start(), len(found[0])) for found in _MARKED.finditer(text)) if "#" in text else ()


def _cells(section: str, line: _Line, separators: re.Pattern[str]) -> Iterator[Passage]:
    """Yield the cells of a row of a table."""
    if separators is not _TABS and "\t" in line.text:
        separators = _TABS
    for cell in separators.finditer(line.text):
        bare = cell[0].strip(_SPACE + INVISIBLE)
        if bare:
            yield _joined(section, [_Line(bare, line.offset + cell.start() + cell[0].index(bare))])


def _parted(section: str, lines: list[_Line]) -> Iterator[Passage]:
    """Yield the passage that lines make; one that begins with 一是 is parted before 二是."""
    joined = _joined(section, lines)
    starts = [(0, section), *items_of(section, joined.text), (len(joined.text), "")]
    for (start, of_part), (end, _) in pairwise(starts):
        yield Passage(of_part, joined.text[start:end], joined.offsets[start:end])


def _lines(text: str) -> Iterator[_Line]:
    """The lines that hold more than space, without the space around them."""
    offset, was_text = 0, False
    for line in text.splitlines(keepends=True):
        bare = line.strip(_SPACE)
        if bare:
            indent = line.index(bare)
            yield _Line(bare, offset + indent, was_text and not indent)
        was_text = bool(bare)
        offset += len(line)


def _continues(lines: list[_Line], line: _Line) -> bool:
    """Whether a paragraph goes on in the line below.

    A title, a caption and a byline end without a full stop just as a broken line does; but they are no sentences, so
    they hold no mark between clauses.
    """
    following = line.text
    if following[0] in _NEVER_FIRST:
        return True
    if "\t" in following or "\t" in lines[-1].text:  # rows of a table
        return False
    if _CUT_NUMBER.search(lines[-1].text) and " " not in lines[-1].text and _CUT_UNIT.match(following):
        return True
    if line.is_next and _CUT_IN_NUMBER.search(lines[-1].text) and _REST_OF_NUMBER.match(following):
        return True
    is_latin = _LATIN_WORDS.search(lines[-1].text) is not None and lines[-1].text[-1] not in _SENTENCE_ENDS + "."
    if is_latin and (following[0].islower() or _AWAITS_NUMBER.search(lines[-1].text)):
        return True
    is_running_text = any(_CLAUSE_MARKS.search(line.text) for line in lines)
    return is_running_text and lines[-1].text[-1] not in _SENTENCE_ENDS


def _joined(section: str, lines: list[_Line]) -> Passage:
    """Join lines that belong together, as Chinese is, without a space; between Latin words stands the end of the line."""
    text, offsets = "", list[int]()
    for line in lines:
        if text and _ENDS_IN_LATIN.search(text, max(0, len(text) - _LONGEST_NUMBER)) and _LATIN_WORD_OR_NUMBER.match(line.text):
            text += " "
            offsets.append(offsets[-1] + 1)
        text += line.text
        offsets += range(line.offset, line.offset + len(line.text))
    if INVISIBLE in text:
        kept = [place for place, character in enumerate(text) if character != INVISIBLE]
        text, offsets = "".join(text[place] for place in kept), [offsets[place] for place in kept]
    for found in reversed(list(_NO_TEXT.finditer(text))):
        text, offsets = text[: found.start()] + text[found.end() :], offsets[: found.start()] + offsets[found.end() :]
    return Passage(section, text, tuple(offsets))
