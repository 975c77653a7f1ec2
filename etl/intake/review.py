"""Review proposals: what a person is shown of each figure, and what a key decides of its row."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from etl.catalogue import Catalogue
from etl.documents.document import Document
from etl.documents.extract import Found
from etl.errors import ProjectError
from etl.files import listed, replace_csv
from etl.intake.fill import Filled
from etl.intake.proposals import PROPOSAL_COLUMNS
from etl.intake.propose import GIVEN, Choice, Proposal
from etl.intake.readings import Readings
from etl.intake.targets import name_of, targets
from schemas.texts import Language

MOST_FOUND = 9
"""So many columns a search lists, which a key each chooses."""

_ENDS_OF_SENTENCES = re.compile("[。！？；\\n]")
_LONGEST_QUOTE = 120


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A figure under review: its proposal, and its row in the table of proposals.

    Attributes:
        proposal: what was proposed.
        row: the row, which a decision changes.
    """

    proposal: Proposal
    row: dict[str, str]

    @property
    def is_sure(self) -> bool:
        """Whether its row takes a cell."""
        return self.row["class"] == "sure"

    @property
    def is_given(self) -> bool:
        """Whether its row says that the tables give it, so that none has to take it."""
        return self.row["class"] == "none" and self.row["reason"] in (GIVEN.en, GIVEN.zh)

    @property
    def is_decided(self) -> bool:
        """Whether a person has confirmed it."""
        return bool(self.row["by"].strip()) and self.row["class"] != "ask"

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The cells to choose from."""
        return self.proposal.choices

    @property
    def taken(self) -> Choice | None:
        """The choice that its row takes; None where that is another cell."""
        cell = (self.row["table"], self.row["row_key"], self.row["column"])
        return next((each for each in self.choices if (each.target.table, each.row_key, each.target.column) == cell), None)

    def take(self, choice: Choice, by: str) -> None:
        """Decide on a cell."""
        cell = {"table": choice.target.table, "row_key": choice.row_key, "column": choice.target.column}
        self.row.update(cell | {"class": "sure", "by": by})

    def move_to(self, scope: str) -> None:
        """Take the cell of another area and period, such as `330200:2025`; of its own where the scope is empty."""
        if scope and self.row["row_key"]:
            self.row["row_key"] = ":".join((scope, *self.row["row_key"].split(":")[2:]))

    def leave_out(self, reason: str, by: str) -> None:
        """Leave the figure out, for a reason."""
        self.row.update({"table": "", "row_key": "", "column": "", "class": "none", "reason": reason, "by": by})


class Review:
    """A table of proposals under review; each decision is written at once.

    Raises:
        ProjectError: the table is of another document.
    """

    def __init__(self, filled: Filled, path: Path, by: str) -> None:
        self.path, self.by = path, by
        rows = listed(path, PROPOSAL_COLUMNS)
        proposed = {(each.context.found.section, str(each.context.found.ordinal)): each for each in filled.proposals}
        self.items: list[Reviewed] = []
        for line, row in zip(rows.lines, rows.records(), strict=True):
            proposal = proposed.get((row["section"], row["ordinal"]))
            if proposal is None or proposal.context.found.published != row["published"]:
                raise ProjectError(
                    f"{path}:{line}:1: {row['published']} is no such figure of the document.",
                    f"{path}:{line}:1: 文件此处没有数字“{row['published']}”。请用本文件的填报清单。",
                )
            self.items.append(Reviewed(proposal, row))

    def sections(self) -> list[tuple[str, list[Reviewed]]]:
        """Return the sections with the figures that are not decided yet."""
        waiting = [each for each in self.items if not each.is_decided]
        return [(section, list(items)) for section, items in groupby(waiting, key=lambda each: each.row["section"])]

    def confirm(self, items: Sequence[Reviewed]) -> None:
        """Confirm the rows as they are."""
        for each in items:
            each.row["by"] = self.by
        self.save()

    def save(self) -> None:
        """Write the table in one step."""
        replace_csv(self.path, PROPOSAL_COLUMNS, [[row[name] for name in PROPOSAL_COLUMNS] for row in self._rows()])

    def _rows(self) -> list[Mapping[str, str]]:
        return [each.row for each in self.items]


def quoted(document: Document, found: Found) -> tuple[str, str, str]:
    """Return the sentence of a figure as it is printed: what stands before the figure, the figure, and what stands after it."""
    text, end = document.text, found.offset
    for character in found.published:
        while text[end : end + 1].isspace() and not character.isspace():
            end += 1
        end += 1
    before = _ENDS_OF_SENTENCES.split(text[: found.offset])[-1].lstrip()
    after = _ENDS_OF_SENTENCES.split(text[end:], maxsplit=1)[0].rstrip()
    return before[-_LONGEST_QUOTE:].replace("\t", " | "), text[found.offset : end], after[:_LONGEST_QUOTE].replace("\t", " | ")


def marked(document: Document, found: Found) -> str:
    """Return the sentence of a figure, with the figure in brackets: 全市法院共收案【6120件】、结案6033件."""
    before, printed, after = quoted(document, found)
    return f"{before}【{printed}】{after}"


def scopes(filled: Filled) -> list[str]:
    """List areas with periods that a figure may be of, as a row key begins with them: the document's own first."""
    scope = filled.filing.scope
    found = [f"{scope.area}:{scope.period}", f"{scope.area}:{int(scope.period[:4]) - 1}"]
    return [*found, f"{scope.enclosing}:{scope.period}"] if scope.enclosing else found


def scope_name(scope: str, catalogue: Catalogue, language: Language) -> str:
    """Name an area and period: 330200:2026 is 宁波市 2026."""
    area, _, period = scope.partition(":")
    known = catalogue.lists.by_code("areas").get(area)
    return f"{(known.zh if language == 'zh' else known.en) if known else area} {period}"


def search(filled: Filled, item: Reviewed, text: str, catalogue: Catalogue) -> list[Choice]:
    """List the cells that can take a figure and whose names have all words of a text, the shortest name first."""
    published = item.proposal.context.printed
    named = targets(catalogue, filled.document.text)
    readings = Readings({published}, named.values(), catalogue.notation)
    words = text.split()
    found = []
    for target, names in named.items():
        name = name_of(target, catalogue)
        haystack = f"{name.zh} {name.en} {target.table}.{target.column}".lower()
        if readings.value(published, names) is not None and words and all(word.lower() in haystack for word in words):
            row_key = filled.filing.scope.row_key(target, filled.filing.source)
            found.append(
                Choice(target, row_key, 0.0, name, name, filled.levels.compared(target, readings.value(published, names)))
            )
    return sorted(found, key=lambda each: len(each.name.zh))[:MOST_FOUND]
