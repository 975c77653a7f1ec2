"""The languages of documents: those that the grammar does not know are refused by name, and nothing is guessed."""

from __future__ import annotations

import re

from etl.errors import ProjectError

_SCRIPTS = {
    "Japanese": re.compile("[\u3041-\u309f\u30a1-\u30ff]"),
    "Korean": re.compile("[\uac00-\ud7af\u1100-\u11ff]"),
    "Russian or another language in Cyrillic": re.compile("[\u0400-\u04ff]"),
    "Arabic": re.compile("[\u0600-\u06ff]"),
    "Thai": re.compile("[\u0e00-\u0e7f]"),
    "Hindi or another language in Devanagari": re.compile("[\u0900-\u097f]"),
}
_FEW = 20
"""One character in so many may be of a foreign script, as names are."""


def refuse_foreign(text: str) -> None:
    """Refuse a document in a language that the grammar does not know.

    Raises:
        ProjectError: it is written in another script than Chinese or Latin.
    """
    if text.isascii():
        return
    letters = sum(map(str.isalpha, text))
    for name, script in _SCRIPTS.items():
        number = len(script.findall(text))
        if number * _FEW > letters:
            raise ProjectError(f"The document is in {name}. Figures are read in Chinese and English only; enter them by hand.")
