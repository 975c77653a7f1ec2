"""English names for Chinese titles, from the catalogue or word by word.

Nothing is spelled out in Latin letters by sound: a title of which one word is not known gets a placeholder, for a person to name.
"""

from __future__ import annotations

import csv
import keyword
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from etl.catalogue import entries
from etl.raw_files.plain_characters import plain
from schemas.code_lists import codes, units
from schemas.remembered import remembered
from schemas.vocabulary import Table, columns

WORDS = Path(__file__).with_name("words.csv")
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")
_BRACKETED = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
_AFTER_A_STROKE = re.compile(r"[/,，、]([^/,，、]+)$")
_AMONG_THEM = re.compile(r"^(?:其中|#)[:：]?")
_SHARE_OF = re.compile("^(.*?)占(.+?)的?(?:比重|比例|份额|比)$")
_PER = re.compile("^每万(人|户)口?(.+)$")
_HAS_A_UNIT = re.compile("_(?:pct|yuan|days|months|mu|people|entities)$")
LONGEST_NAME = 48
LONGEST_UNIT = 3


@dataclass(frozen=True, slots=True)
class Named:
    """An English name, as an identifier and in words; or a placeholder."""

    name: str
    en: str
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class Title:
    """A title as it stands over a column, taken apart.

    Attributes:
        zh: without unit and marks.
        unit: the unit that it names; empty for none.
        is_part: whether it says that it is one among those before it.
        bracketed: a short text in brackets that is no unit of the list, and may be one; empty for none.
    """

    zh: str
    unit: str
    is_part: bool
    bracketed: str = ""


def title(levels: Iterable[str]) -> Title:
    """Join the titles over a column, the outermost first."""
    joined, unit, is_part, bracketed = "", "", False, ""
    for level in levels:
        text = plain(level).replace(" ", "")
        is_part = is_part or bool(_AMONG_THEM.match(text))
        text = _AMONG_THEM.sub("", text)
        for match in (*_BRACKETED.finditer(text), *_AFTER_A_STROKE.finditer(text)):
            named = match[1].removeprefix("单位").lstrip(":：")
            if is_unit(named):
                unit, text = named, text.replace(match[0], "")
            elif match[0].endswith((")", "]", "】")) and len(named) <= LONGEST_UNIT:
                bracketed = named
        text = _BRACKETED.sub(r"\1", text)
        joined += text if text not in ("合计", "总计", "小计") or not joined else ""
    return Title(joined, unit, is_part, bracketed)


def is_unit(text: str) -> bool:
    """Tell whether a text is a unit, with or without 万 or 亿."""
    return bool(text) and (text in _units() or text.lstrip("十百千万亿") in _units())


@remembered
def _units() -> frozenset[str]:
    return frozenset(unit.unit for unit in units())


def is_usable(name: str) -> bool:
    """Tell whether an identifier is free for a column in Python and in models."""
    return bool(_IDENTIFIER.fullmatch(name)) and not keyword.iskeyword(name) and not hasattr(Table, name)


def named(zh: str, position: int, *, what: str = "column") -> Named:
    """Translate a title; a placeholder such as `column_3` if a word is unknown."""
    return _declared().get(zh) or _in_words(zh) or Named(f"{what}_{position}", f"{what} {position}", False)


@remembered
def _declared() -> Mapping[str, Named]:
    """Collect the names that the catalogued tables agree on, by Chinese title."""
    found: dict[str, Named | None] = {}
    for entry in entries():
        for column in columns(entry.model):
            english = Named(column.name, column.meaning.en)
            other = found.setdefault(column.meaning.zh, english)
            found[column.meaning.zh] = english if other is not None and other.name == english.name else None
    return {zh: english for zh, english in found.items() if english is not None and is_usable(english.name)}


@remembered
def _words() -> Mapping[str, tuple[str, str]]:
    with WORDS.open(encoding="utf-8", newline="") as lines:
        found = {row["zh"]: (row["name"], row["en"]) for row in csv.DictReader(lines, strict=True)}
    of_areas = {name: area.en.split()[0] for area in codes("areas") for name in (*area.aliases, area.zh)}
    places = {name: (en.lower(), en) for name, en in of_areas.items() if en.isalpha() and en.isascii()}
    declared = {zh: (english.name, english.en) for zh, english in _declared().items() if not _HAS_A_UNIT.search(english.name)}
    return declared | places | found


def _in_words(zh: str) -> Named | None:
    """Translate a title word by word; None where a word is not known."""
    per = _PER.match(zh)
    if per is not None:
        of = _put_together(per[2])
        unit = {"人": "people", "户": "households"}[per[1]]
        return of and Named(f"{of.name}_per_10k_{unit}", f"{of.en} per ten thousand {unit}")
    match = _SHARE_OF.match(zh)
    if match is None:
        return _put_together(zh)
    part, whole = _put_together(match[1]) if match[1] else Named("", ""), _put_together(match[2])
    if part is None or whole is None:
        return None
    name = "_".join(filter(None, (part.name, "share_of", whole.name.removeprefix("of_"))))
    en = whole.en.removeprefix("of ")
    english = f"share of {part.en} in {en}" if part.en else f"share of {en}"
    return Named(name, english) if len(name) <= LONGEST_NAME else None


def _put_together(zh: str) -> Named | None:
    """Translate one word after the other, each the longest that is known."""
    words = _words()
    longest = max(map(len, words))
    names, english, at = [], [], 0
    while at < len(zh):
        for length in range(min(longest, len(zh) - at), 0, -1):
            if zh[at : at + length] in words:
                name, en = words[zh[at : at + length]]
                names.append(name)
                english.append(en)
                at += length
                break
        else:
            if zh[at] not in "·、—-_ :：":
                return None
            at += 1
    name = "_".join(dict.fromkeys(filter(None, names)))
    words_in_order = list(dict.fromkeys(filter(None, english)))
    if len(words_in_order) > 1 and words_in_order[-1] in ("share", "growth"):
        words_in_order = [f"{words_in_order.pop()} of", *words_in_order]
    return Named(name, " ".join(words_in_order)) if is_usable(name) and len(name) <= LONGEST_NAME else None


def code_named(zh: str, position: int) -> Named:
    """Translate the name of a category: as some code list has it, or word by word."""
    return _listed().get(zh) or _in_words(zh) or Named(f"code_{position}", f"code {position}", False)


@remembered
def _listed() -> Mapping[str, Named]:
    found: dict[str, Named] = {}
    lists = (column.meaning.codes for entry in entries() for column in columns(entry.model) if column.meaning.codes)
    for name in dict.fromkeys(lists):
        if name in ("areas", "revisions"):
            continue
        for code in codes(name):
            for english in (code.zh, *code.aliases):
                if code.code != "all":
                    found.setdefault(english, Named(code.code, code.en))
    return found


def stated(texts: Iterable[str], what: str) -> dict[str, str]:
    """Parse the TITLE=VALUE texts of `--name` and `--unit`, by title.

    Raises:
        ValueError: one is not of that form.
    """
    found = {}
    for text in texts:
        zh, mark, value = text.rpartition("=")
        if not (mark and zh and value):
            raise ValueError(f"{text!r} is not TITLE={what}.")
        found[title([zh]).zh] = value
    return found
