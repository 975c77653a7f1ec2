"""Proofread a document: find the relations that it states, and judge each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from etl.documents.document import Cell, Document
from etl.documents.extract import Found, extract
from etl.figures.words import PACKAGE_NOTATION, Notation
from etl.findings import Finding, Place, in_order
from etl.proofreading.averages import find_averages
from etl.proofreading.dockets import find_dockets, mentions_carried_over
from etl.proofreading.english import find_english
from etl.proofreading.figures import Print, PrintedFigure, read_prints
from etl.proofreading.grids import grid, prints_of
from etl.proofreading.growth import find_growth
from etl.proofreading.messages import message_of
from etl.proofreading.relations import Judged, Relations, judge, localize
from etl.proofreading.repeats import find_repeats, main_year, statements
from etl.proofreading.sentences import Sentence, sentences
from etl.proofreading.shares import find_shares
from etl.proofreading.table_changes import find_table_changes
from etl.proofreading.table_statements import table_statements
from etl.proofreading.table_sums import find_table_sums
from etl.proofreading.totals import find_totals
from schemas.rule_declarations import Severity

_RATIO = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:[:：∶][0-9]+(?:\.[0-9]+)?){2,}")
_TERM = re.compile(r"[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True, eq=False)
class Proofread:
    """A document that was proofread.

    Attributes:
        document: the document.
        figures: how many figures it has.
        unclear: how many of its numbers are not read for certain.
        judged: the relations that it states, with their verdicts.
    """

    document: Document
    figures: int
    unclear: int
    judged: Sequence[Judged]

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many relations have each verdict."""
        return Counter(each.verdict for each in self.judged)

    @cached_property
    def findings(self) -> list[Finding]:
        """The relations that cannot be true, and those that are only if digits were cut off, in the order of their places."""
        found: dict[int, Finding] = {}
        shown = [each for each in self.judged if each.verdict in ("contradicts", "agrees_if_cut_off")]
        for each in sorted(shown, key=lambda each: each.verdict != "contradicts"):
            found.setdefault(each.relation.suspect.offset, self._finding(each))
        return in_order([*found.values()])

    def _finding(self, judged: Judged) -> Finding:
        rule, name = judged.relation.rule, self.document.name
        place = self.document.place(judged.relation.suspect.offset)
        severity: Severity = "information" if judged.verdict == "agrees_if_cut_off" else rule.severity
        return Finding(rule.id, severity, name, Place(name, place.line, place.column), message_of(judged, place))


def proofread(document: Document, notation: Notation = PACKAGE_NOTATION) -> Proofread:
    """Proofread a document.

    Args:
        document: the document.
        notation: the units and hedges that its figures may have.

    Raises:
        ProjectError: it is in a language that is not read.
    """
    found = [_without_noun(each, notation) for each in extract(document, notation)]
    numbers, cells, ratios = _read(document, found, notation)
    relations = Relations()
    text = list(sentences(document, found, numbers, ratios))
    grids = [grid(rank, table, cells[rank - 1]) for rank, table in enumerate(document.tables, 1) if cells[rank - 1]]
    _find_in_text(document, text, relations)
    for each in grids:
        find_table_sums(each, relations)
        find_table_changes(each, relations)
    year = main_year(document.text)
    find_repeats([*statements(text, year), *(stated for each in grids for stated in table_statements(each, year))], relations)
    is_figure = [not each.reason for each in found]
    unclear = sum(each.is_unclear for each in found)
    return Proofread(document, sum(is_figure), unclear, localize([judge(each) for each in relations.relations]))


def _without_noun(found: Found, notation: Notation) -> Found:
    """Return a number without the English noun after it, which two numbers that are compared need not share."""
    is_noun = found.unit.isascii() and found.unit[:1].isalpha() and found.unit not in notation.lists.units_by_name
    if found.reason or not is_noun or not found.published.endswith(found.unit):
        return found
    return replace(found, published=found.published.removesuffix(found.unit).rstrip(), unit="")


def _read(
    document: Document, found: Sequence[Found], notation: Notation
) -> tuple[list[PrintedFigure | None], list[list[tuple[Cell, PrintedFigure | None]]], dict[int, tuple[PrintedFigure, ...]]]:
    """Read the figures of the text, of the cells of tables, and of ratios, all at once."""
    in_text = [Print(each.published, each.offset, each.unit) if not each.reason else Print("", each.offset, "") for each in found]
    in_tables = [prints_of(table) for table in document.tables]
    terms = [
        (each.offset, Print(term[0], each.offset + term.start(), "%"))
        for each in found
        if _RATIO.fullmatch(each.published)
        for term in _TERM.finditer(each.published)
    ]
    prints = [*in_text, *(print_ for cells in in_tables for _, print_ in cells), *(print_ for _, print_ in terms)]
    read = iter(read_prints(prints, notation))
    numbers = [next(read) for _ in in_text]
    cells = [[(cell, next(read)) for cell, _ in table] for table in in_tables]
    ratios: dict[int, tuple[PrintedFigure, ...]] = {}
    for offset, _ in terms:
        term = next(read)
        if term is not None:
            ratios[offset] = (*ratios.get(offset, ()), term)
    return numbers, cells, ratios


def _find_in_text(document: Document, text: Sequence[Sentence], relations: Relations) -> None:
    names_carried_over = mentions_carried_over(document.text)
    previous: Sentence | None = None
    for sentence in text:
        before = previous if previous is not None and previous.rank == sentence.rank else None
        if sentence.is_chinese:
            find_shares(sentence, before, relations)
            find_totals(sentence, before, relations)
            find_averages(sentence, relations)
            find_dockets(sentence, relations, names_carried_over=names_carried_over)
            find_growth(sentence, relations)
        else:
            find_english(sentence, relations)
        previous = sentence
