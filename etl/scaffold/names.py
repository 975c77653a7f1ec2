"""English names for Chinese titles, from the catalogue or word by word.

A title with a word that is not known is not spelled out by its sound: it gets a placeholder, which a person replaces.
"""

from __future__ import annotations

import csv
import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from etl.catalogue import Catalogue
from schemas.models import Table, columns
from schemas.texts import Text

WORDS = Path(__file__).with_name("words.csv")
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
_SHARE_OF = re.compile("^(.*?)占(.+?)的?(?:比重|比例|份额|比)$")
_PER = re.compile("^每万(人|户)口?(.+)$")
_HAS_A_UNIT = re.compile("_(?:pct|yuan|days|months|mu|people|entities)$")
_LONGEST_NAME = 48


@dataclass(frozen=True, slots=True)
class Named:
    """An English name, as an identifier and in words; or a placeholder."""

    name: str
    en: str
    is_known: bool = True


def is_usable(name: str) -> bool:
    """Check whether an identifier is free for a column in Python and in models."""
    return bool(_IDENTIFIER.fullmatch(name)) and not keyword.iskeyword(name) and not hasattr(Table, name)


def not_a_name(name: str, of: str) -> Text:
    """Say that an identifier cannot be the name of a column."""
    return Text(
        f"{name!r} cannot be the name of {of}: small letters, digits and _, and no word of a model.",
        f"“{name}”不能用作“{of}”的名称，应由小写字母、数字和 _ 组成，且不是模型的保留名称。",
    )


def stated_name(zh: str, names: Mapping[str, str]) -> Named | None:
    """Return the name that the user states for a category or code; None for none."""
    return Named(names[zh], names[zh].replace("_", " ")) if zh in names else None


@dataclass(frozen=True, eq=False)
class Dictionary:
    """English names for Chinese titles and codes, after those of a catalogue."""

    catalogue: Catalogue

    def translate(self, zh: str, position: int, *, what: str = "column") -> Named:
        """Translate a title; a placeholder such as `column_3` if a word is unknown."""
        return self._of_columns.get(zh) or self._in_words(zh) or Named(f"{what}_{position}", f"{what} {position}", False)

    def translate_code(self, zh: str, position: int) -> Named:
        """Translate the name of a code, as a code list has it or word by word."""
        return self._of_codes.get(zh) or self._in_words(zh) or Named(f"code_{position}", f"code {position}", False)

    @cached_property
    def _of_columns(self) -> Mapping[str, Named]:
        """The names of columns by Chinese title, where all tables agree on the name."""
        found: dict[str, Named | None] = {}
        for entry in self.catalogue.entries():
            for column in columns(entry.model):
                english = Named(column.name, column.meaning.en)
                other = found.setdefault(column.meaning.zh, english)
                found[column.meaning.zh] = english if other is not None and other.name == english.name else None
        return {zh: english for zh, english in found.items() if english is not None and is_usable(english.name)}

    @cached_property
    def _of_codes(self) -> Mapping[str, Named]:
        """The codes of all categories by Chinese name or alias; the first of several."""
        found: dict[str, Named] = {}
        lists = dict.fromkeys(column.meaning.codes for entry in self.catalogue.entries() for column in columns(entry.model))
        for name in lists:
            for code in self.catalogue.codes(name) if name not in ("", "areas", "revisions") else ():
                for zh in (code.zh, *code.aliases) if code.code != "all" else ():
                    found.setdefault(zh, Named(code.code, code.en))
        return found

    @cached_property
    def _words(self) -> Mapping[str, tuple[str, str]]:
        """The known words, each with its part of a name and its English."""
        with WORDS.open(encoding="utf-8", newline="") as lines:
            found = {row["zh"]: (row["name"], row["en"]) for row in csv.DictReader(lines, strict=True)}
        areas = self.catalogue.codes("areas")
        of_areas = {name: area.en.split()[0] for area in areas for name in (*area.aliases, area.zh)}
        places = {name: (en.lower(), en) for name, en in of_areas.items() if en.isalpha() and en.isascii()}
        declared = {zh: (each.name, each.en) for zh, each in self._of_columns.items() if not _HAS_A_UNIT.search(each.name)}
        return declared | places | found

    def _in_words(self, zh: str) -> Named | None:
        """Translate a title word by word; None where a word is not known."""
        per = _PER.match(zh)
        if per is not None:
            of = self._put_together(per[2])
            unit = {"人": "people", "户": "households"}[per[1]]
            return of and Named(f"{of.name}_per_10k_{unit}", f"{of.en} per ten thousand {unit}")
        match = _SHARE_OF.match(zh)
        if match is None:
            return self._put_together(zh)
        part, whole = self._put_together(match[1]) if match[1] else Named("", ""), self._put_together(match[2])
        if part is None or whole is None:
            return None
        name = "_".join(filter(None, (part.name, "share_of", whole.name.removeprefix("of_"))))
        en = whole.en.removeprefix("of ")
        english = f"share of {part.en} in {en}" if part.en else f"share of {en}"
        return Named(name, english) if len(name) <= _LONGEST_NAME else None

    def _put_together(self, zh: str) -> Named | None:
        """Translate one word after the other, each the longest that is known."""
        found: list[tuple[str, str]] = []
        while zh:
            word = next((zh[:length] for length in range(len(zh), 0, -1) if zh[:length] in self._words), "")
            if word:
                found.append(self._words[word])
            elif zh[0] not in "·、—-_ :：":
                return None
            zh = zh[len(word) or 1 :]
        names, english = ([*dict.fromkeys(filter(None, each))] for each in zip(*found, strict=True)) if found else ([], [])
        if len(english) > 1 and english[-1] in ("share", "growth"):
            english = [f"{english.pop()} of", *english]
        name = "_".join(names)
        return Named(name, " ".join(english)) if is_usable(name) and len(name) <= _LONGEST_NAME else None
