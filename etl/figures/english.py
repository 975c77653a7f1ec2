"""Numbers and shares in English words: twelve, two hundred and fifty, two thirds, one in five."""

from __future__ import annotations

import re

from etl.figures.language import ENGLISH, any_of

MULTIPLIERS = {word: str(read) for word, read in ENGLISH.tables["multipliers"].items()}
NUMBERS = {
    **{word: number for number, word in enumerate(ENGLISH["numbers"])},
    **{
        f"{word}-{one}" if digit else word: 10 * ten + digit
        for ten, word in enumerate(ENGLISH["tens"])
        for digit, one in enumerate(ENGLISH["numbers"][:10])
        if word
    },
}
_PARTS = {word + plural: 2 + rank for rank, word in enumerate(ENGLISH["parts"]) for plural in ("", "s")}

_SMALL = any_of([*NUMBERS, *(word.replace("-", " ") for word in NUMBERS)])
SPELLED = rf"(?<![A-Za-z-])(?i:{_SMALL}(?: hundred(?: and {_SMALL})?)?)(?![A-Za-z-])"
"""A number in words, below a thousand; one before a hyphen is part of a name (two-year)."""
_COUNT = rf"(?:[1-9][0-9]?(?![0-9]|[.,][0-9])|(?i:{_SMALL})(?![A-Za-z-]))"

LEADING = rf"(?i:{any_of(['a', 'an', 'half', 'between', *NUMBERS, *(word for word in ENGLISH['multiplied'])])})\b"
"""The first word of such a phrase, where it is none of digits."""


def share_pattern(rank: str = "") -> str:
    """Return the pattern of a share in words: half, a third of, two thirds, one in five, two out of three."""
    parts = any_of(_PARTS)
    return (
        rf"(?<![A-Za-z-])(?:(?!(?i:two|2) quarters)(?P<top{rank}>{_COUNT}|(?i:an?(?=[ -]{parts}"
        rf"(?: of\b|[,.;]|$| (?:lower|higher|more|less|fewer)))))[ -]"
        rf"(?P<bottom{rank}>{parts})(?![A-Za-z])|(?P<hit{rank}>{_COUNT}) (?:in|out of)(?: every)? (?P<outof{rank}>{_COUNT})"
        rf"|(?<!first )(?<!second )(?<!First )(?<!Second )"
        rf"(?P<half_word{rank}>(?i:half))(?![A-Za-z]|[ -](?:an?|year|yearly|hour|day|time|dozen)\b))"
    )


def share(said: dict[str, str]) -> tuple[int, int] | None:
    """Return how many parts of how many a share in words is; None where it says none."""
    if said["half_word"]:
        return 1, 2
    over, under = said["top"] or said["hit"], said["bottom"] or said["outof"]
    if not over:
        return None
    return _count(over), _PARTS.get(under.lower()) or _count(under)


def _count(word: str) -> int:
    return int(word) if word.isdecimal() else 1 if word.lower() in ("a", "an") else spelled_number(word)


def spelled_number(words: str) -> int:
    """Return the number that words say: two hundred and fifty -> 250."""
    hundreds, _, rest = re.sub("(?<=ty) ", "-", words.lower()).partition(" hundred")
    number = NUMBERS[hundreds]
    return 100 * number + NUMBERS.get(rest.removeprefix(" and "), 0) if " hundred" in words.lower() else number
