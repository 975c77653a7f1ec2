"""Marks of statistical tables: what stands in a cell instead of a figure, or beside one.

The marks are the code list `marks`, which is closed: what is in no line of it is no mark. A figure is read before any mark is
looked for, so no mark takes part in a number, and a text of more than one reading is left unread.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from etl.figures.numerals import SAME_CHARACTERS
from schemas.code_lists import CodeLists, Mark

NORMAL, PROVISIONAL, BREAK, REVISED, FREE = "A", "P", "B", "R", "F"
"""Codes of SDMX: OBS_STATUS A, P, B and R; CONF_STATUS F."""
NOTHING = "M"
"""The status where there is nothing to count, or counting makes no sense."""

_PLAIN = str.maketrans(dict(SAME_CHARACTERS))
_POWERS = frozenset("⁰¹²³⁴⁵⁶⁷⁸⁹")
_MAY_BE_TEN = re.compile(r"(?:^|[^0-9.,])10$")
_LENGTHS = re.compile("[A-Za-z米里尺寸丈码]$")
"""What a small 2 or 3 makes an area or a volume of."""
_MAY_BE_BILLION = "b"


class Marked(NamedTuple):
    """A cell with marks.

    Attributes:
        figure: the text without them; empty where they stand in place of a figure.
        mark: the marks in plain characters, separated by spaces.
        status: code of OBS_STATUS.
        conf_status: code of CONF_STATUS.
    """

    figure: str
    mark: str
    status: str
    conf_status: str


@dataclass(frozen=True, eq=False)
class Marks:
    """The marks of some code lists."""

    lists: CodeLists

    @cached_property
    def alone(self) -> Mapping[str, Mark]:
        """The marks that stand in place of a figure, in plain characters."""
        return self._at("alone")

    @cached_property
    def _after(self) -> Mapping[str, Mark]:
        return self._at("after")

    @cached_property
    def _before(self) -> Mapping[str, Mark]:
        return self._at("before")

    @cached_property
    def _last_characters(self) -> frozenset[str]:
        return frozenset(mark[-1] for mark in self._after)

    @cached_property
    def _end(self) -> re.Pattern[str]:
        longest_first = sorted(self._after, key=len, reverse=True)
        return re.compile(f"({'|'.join(map(re.escape, longest_first))})$")

    @cached_property
    def _rank(self) -> Mapping[str, int]:
        return {code.code: rank for rank, code in enumerate(self.lists.codes("obs_status"))}

    def _at(self, position: str) -> dict[str, Mark]:
        return {each.mark.translate(_PLAIN): each for each in self.lists.marks if each.position == position}

    def is_footnote(self, mark: str) -> bool:
        """Whether a mark after a figure says no more than that there is a note on it."""
        return mark in self._after and self._after[mark].status == NORMAL

    def is_alone(self, text: str) -> bool:
        """Whether a text stands in place of a figure, whatever footnotes it has."""
        found = self.split(text)
        return found is not None and not found.figure

    def split(self, text: str) -> Marked | None:
        """Split a text into its figure and its marks; None where it has no mark, or may be read otherwise."""
        stripped = text.strip()
        rest = stripped.translate(_PLAIN)  # one character for one, so that places stay
        if rest in self.alone:
            return self._marked("", [self.alone[rest]])
        found: list[Mark] = []
        while rest and rest[-1] in self._last_characters and (end := self._end.search(rest)):
            if not _is_clear(rest[: end.start()], end[1]):
                return None
            found.insert(0, self._after[end[1]])
            rest = rest[: end.start()].rstrip()
        if rest in self.alone:
            return self._marked("", [self.alone[rest], *found])
        start = 0
        if rest[:1] in self._before:
            found.insert(0, self._before[rest[0]])
            start = len(rest) - len(rest[1:].lstrip())
        return self._marked(stripped[start : len(rest)], found) if found and start < len(rest) else None

    def _marked(self, figure: str, said: Sequence[Mark]) -> Marked:
        """Return what several marks say together: the status that is listed first, and the stricter confidentiality.

        In place of a figure it is the first that says why there is none; others are notes on it.
        """
        status = min((each.status for each in said), key=self._rank.__getitem__) if figure else said[0].status
        conf_status = next((each.conf_status for each in said if each.conf_status != FREE), FREE)
        return Marked(figure, " ".join(each.mark.translate(_PLAIN) for each in said), status, conf_status)


def _is_clear(before: str, mark: str) -> bool:
    """Whether what follows a text is a mark, and no part of a number or a unit."""
    last = before.rstrip()[-1:]
    if not last:
        return False
    if mark[0].isascii() and mark[0].isalnum() and before[-1:].isascii() and before[-1:].isalpha():
        return False  # 12tr
    if mark == _MAY_BE_BILLION:
        return not (last.isdigit() or (last.isascii() and last.isalpha()))
    if mark[0].isdecimal() and mark[0].isascii():
        return not before[-1:].isdecimal()  # 121) is no 12 with a note
    if mark[0] in _POWERS:
        return not (_MAY_BE_TEN.search(before) or (mark in "²³" and _LENGTHS.search(before)))
    return True
