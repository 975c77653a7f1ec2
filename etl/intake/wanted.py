"""Indicators that several documents print and no table has: a table of them, ready for `etl new`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from etl.documents.citations import LEDGER_COLUMNS
from etl.files import csv_text
from etl.intake.contexts import FIGURE, YEAR
from etl.intake.likeness import Weights, Words, phrase_likeness, words_beside
from etl.intake.phrases import Phrase, has_phrases, phrases_file, read_phrases
from etl.project import Project, records

_ALIKE = 0.6
"""How alike the words beside two figures must be for one indicator."""
_LEAST_DOCUMENTS = 2
_BREAKS = re.compile(f"[，。；：、（）()“”{FIGURE}{YEAR}]")
_OF_ITS_PERIOD = re.compile("^(?:全年度?|本年度?|当年|年内|今年以来|今年|上半年|下半年|年末|年底|期末)+(?:共|累计)?")
"""Words before a name that say its document's period, which the table has in a column of its own."""


@dataclass
class Wanted:
    """An indicator that no table has.

    Attributes:
        name: the last words before it, as the first document has them.
        unit: as printed.
        published: the figure of each document, by source.
        reason: why it was left out first.
    """

    name: str
    unit: str
    words: Words = field(repr=False)
    published: dict[str, str]
    reason: str

    @property
    def header(self) -> str:
        """Its name with its unit, as the header of a column."""
        return f"{self.name}（{self.unit}）" if self.unit else self.name


def wanted(project: Project) -> list[Wanted]:
    """List the indicators that documents left out and at least two of them print, the most printed first."""
    left_out = {
        source: [each for each in read_phrases(phrases_file(project, source), project.root) if each.target is None]
        for source in project.sources
        if has_phrases(project, source)
    }
    weights = Weights(each.before + each.after for phrases in left_out.values() for each in phrases)
    found: list[Wanted] = []
    for source, phrases in left_out.items():
        ledger = {
            (row["section"], row["ordinal"]): row["published"]
            for row in records(project.ledger(source), LEDGER_COLUMNS, project.root)
        }
        for each in phrases:
            published = ledger.get((each.section, each.ordinal), "")
            words = words_beside(each.before, each.after, ())
            same = next((one for one in found if _is_same(one, each, words, source, weights)), None)
            if same:
                same.published[source] = published
            else:
                found.append(Wanted(_name(each), each.unit, words, {source: published}, each.reason))
    several = [each for each in found if len(each.published) >= _LEAST_DOCUMENTS]
    return sorted(several, key=lambda each: -len(each.published))


def _is_same(one: Wanted, phrase: Phrase, words: Words, source: str, weights: Weights) -> bool:
    is_open = one.unit == phrase.unit and source not in one.published
    return is_open and phrase_likeness(one.words, words, weights) >= _ALIKE


def _name(phrase: Phrase) -> str:
    """Return the last words before a figure, without those of another clause and those that say its period."""
    parts = [part for part in _BREAKS.split(phrase.before) if part]
    name = parts[-1] if parts else phrase.before
    return _OF_ITS_PERIOD.sub("", name) or name


def wanted_table(project: Project, found: Sequence[Wanted]) -> str:
    """Return the indicators as a table: a row for each document's area and period, a column for each indicator."""
    sources = [source for source in project.sources if any(source in each.published for each in found)]
    rows = [
        [project.sources[source].area, project.sources[source].period, *(each.published.get(source, "") for each in found)]
        for source in sources
    ]
    return csv_text([["地区", "时期", *(each.header for each in found)], *rows])
