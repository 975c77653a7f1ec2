"""The words of a language that stand beside figures, read from its file in `languages`.

Units and hedges are code lists, which a project can add to; these words are the grammar's own.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Language:
    """The words of one language.

    Attributes:
        words: lists of words by name.
        tables: words with what each stands for, by name.
        same: characters that are read as another, one for one.
        in_names: more of them, read so only where a name that is not known is held against those that are.
    """

    words: Mapping[str, tuple[str, ...]]
    tables: Mapping[str, Mapping[str, str | int]]
    same: Mapping[str, str]
    in_names: Mapping[str, str]

    def __getitem__(self, name: str) -> tuple[str, ...]:
        """Return the words of a list, or the keys of a table."""
        return self.words.get(name) or tuple(self.tables[name])

    def any_of(self, *names: str) -> str:
        """Return a regular expression of the words of some lists."""
        return any_of(word for name in names for word in self[name])


def any_of(words: Iterable[str]) -> str:
    """Return a regular expression of words, longest first: where one begins another, the longer is meant."""
    return f"(?:{'|'.join(map(re.escape, sorted(set(words), key=lambda word: (-len(word), word))))})"


@cache
def language(code: str) -> Language:
    """Read the language of a code such as `en`."""
    content = tomllib.loads((files("etl.figures") / "languages" / f"{code}.toml").read_text(encoding="utf-8"))
    same, in_names = ({pair[0]: pair[1] for pair in content.pop(name, "").split()} for name in ("same", "in_names"))
    words = {name: tuple(value) for name, value in content.items() if isinstance(value, list)}
    return Language(words, {name: value for name, value in content.items() if isinstance(value, dict)}, same, in_names)


SIMPLIFIED, TRADITIONAL, ENGLISH = language("zh-Hans"), language("zh-Hant"), language("en")
