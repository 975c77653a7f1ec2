"""Tables of contents, which are no text of a document: their title, and lines that end in the number of a page."""

from __future__ import annotations

import re

_TITLE = re.compile(r"目\s*[录次]|contents|table of contents", re.IGNORECASE)
LEADER = re.compile(r"(?:[.．·‥﹒]\s?){4,}\s*[-–—]?\s*[0-9]{1,3}\s*[-–—]?$|…{2,}\s*[0-9]{1,3}$")
"""The end of an entry: what leads to the number of its page."""
LONGEST_ENTRY = 300
_ENTRY = re.compile(r"\S.*?(?:[.．·…‥\s]{2,}|\s)[-–—]?\s*[0-9]{1,3}\s*[-–—]?$")


class Contents:
    """Whether the lines of a document, read one after the other, belong to a table of contents."""

    def __init__(self) -> None:
        self._is_inside = False

    def take(self, line: str) -> bool:
        """Return whether a line does: the title, the entries that follow it, and any line with a leader to a number."""
        text = line.strip()
        if not text or len(text) > LONGEST_ENTRY:
            self._is_inside &= not text
            return self._is_inside
        self._is_inside = bool(_TITLE.fullmatch(text)) or (self._is_inside and bool(_ENTRY.fullmatch(text)))
        return self._is_inside or LEADER.search(text) is not None
