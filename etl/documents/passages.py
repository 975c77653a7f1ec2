"""Passages: the text of a document cut into its sections, with lines that break in mid-sentence joined.

Text copied from a page is broken where the page was: a word may begin in one paragraph and end in the next. A number
that is broken so can only be read once the lines are joined, and its place is wanted in the text as it is. So a
passage keeps, for each of its characters, the offset in the original.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

OPENING = "0"
"""The section before the first heading."""

_TENS = ("", "十", "二十")
_CHINESE_RANKS = {
    f"{ten}{one}": str(10 * tens + ones) for tens, ten in enumerate(_TENS) for ones, one in enumerate(("", *"一二三四五六七八九"))
}
_MARKDOWN = r"(?:#{1,6}[ \t]+)?"
_MAJOR_HEADING = re.compile(
    rf"{_MARKDOWN}(?:(?P<letter>[A-Z])[ \u3000、.．]\s*|(?P<numeral>[一二三四五六七八九十]{{1,3}})、)(?=\S)"
)
_MINOR_HEADING = re.compile(rf"{_MARKDOWN}[(（](?P<numeral>[一二三四五六七八九十]{{1,3}})[)）]\s*")

_CLAUSE_MARKS = re.compile("[，；。;]|,(?![0-9])")
_CUT_NUMBER = re.compile("[0-9][百千万亿]*$")
_CUT_UNIT = re.compile(r"[\u4e00-\u9fff%％‰]{1,4}(?:[，。；、,;）)]|$)")
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


def passages(text: str) -> Iterator[Passage]:
    """The passages of a document, in its order; joined lines are one passage.

    Args:
        text: The document; its line breaks may be of any kind.

    Yields:
        One passage a paragraph, heading or caption; empty lines give none.
    """
    major, section = "", OPENING
    pending: list[_Line] = []
    for line in _lines(text):
        opens = _opened_section(line.text, major)
        if pending and (opens or not _continues(pending, line.text)):
            yield _joined(section, pending)
            pending = []
        if opens is None:
            pending.append(line)
            continue
        major, section, mark_length = opens
        rest = _Line(line.text[mark_length:], line.offset + mark_length)
        if _CLAUSE_MARKS.search(rest.text):
            pending.append(rest)
        elif rest.text:  # a heading that stands alone: what follows is never its continuation
            yield _joined(section, [rest])
    if pending:
        yield _joined(section, pending)


def _lines(text: str) -> Iterator[_Line]:
    """The lines that hold more than space, without the space around them."""
    offset = 0
    for line in text.splitlines(keepends=True):
        bare = line.strip("\ufeff \t\r\n\v\f\u3000\xa0\u200b\x1c\x1d\x1e\x85\u2028\u2029")
        if bare:
            yield _Line(bare, offset + line.index(bare))
        offset += len(line)


def _opened_section(line: str, major: str) -> tuple[str, str, int] | None:
    """The major heading and the section that a line opens, and the length of its mark; None if it opens none."""
    if found := _MAJOR_HEADING.match(line):
        label = found["letter"] or _CHINESE_RANKS.get(found["numeral"], "")
        return (label, label, found.end()) if label else None
    if found := _MINOR_HEADING.match(line):
        rank = _CHINESE_RANKS.get(found["numeral"], "")
        between = "." if major.isdecimal() else ""
        return (major, f"{major}{between}{rank}", found.end()) if rank else None
    return None


def _continues(lines: list[_Line], following: str) -> bool:
    """Whether a paragraph goes on in the line below.

    A title, a caption and a byline end without a full stop just as a broken line does; but they are no sentences, so
    they hold no mark between clauses.
    """
    if following[0] in _NEVER_FIRST:
        return True
    if "\t" in following or "\t" in lines[-1].text:  # rows of a table
        return False
    if _CUT_NUMBER.search(lines[-1].text) and " " not in lines[-1].text and _CUT_UNIT.match(following):
        return True
    is_running_text = any(_CLAUSE_MARKS.search(line.text) for line in lines)
    return is_running_text and lines[-1].text[-1] not in _SENTENCE_ENDS


def _joined(section: str, lines: list[_Line]) -> Passage:
    """One passage out of lines that belong together; nothing is put between them, as Chinese has no space there."""
    return Passage(
        section,
        "".join(line.text for line in lines),
        tuple(line.offset + place for line in lines for place in range(len(line.text))),
    )
