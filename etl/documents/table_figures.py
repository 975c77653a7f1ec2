"""Figures in tables: each number of a cell takes the unit that its header says, and a number that names a row is no figure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from etl.documents.certainty import UNCLEAR
from etl.documents.document import Cell, Document
from etl.documents.exclusions import Reason
from etl.documents.table_layout import LOST
from etl.figures.numerals import fold

if TYPE_CHECKING:
    from etl.documents.extract import Found

_PLAIN_NUMBER = re.compile(r"[-+–—▲]? ?(?:0|[1-9][0-9]{0,2}(?:[, ][0-9]{3})+|[1-9][0-9]*)(?:\.[0-9]+)?")
_NUMBER_OF_SIGNS = re.compile(r"[-+–—▲0-9.,()/ ]*[0-9][-+–—▲0-9.,()/ ]*")
_MULTIPLIED = re.compile("[十百千万亿]")
_MEASURE_WORDS = re.compile(r"(?<=\d) (?!thousand|million|billion|trillion)[A-Za-z -]+$|(?<=illion|ousand) [A-Za-z -]+$")
"""What an English sentence counts, which a cell leaves to the name of its row: 3,077 applications."""
_REPEATS_TEXT = re.compile(r"[(（](?:摘自正文|from the text above)[)）]")
"""In the caption of a table: it sums up figures that the text has printed, beside those of the year before."""


def with_tables(found: Sequence[Found], document: Document, is_listed: Callable[[str], bool]) -> list[Found]:
    """Return the numbers of a document with what its tables say of them; ranks follow the order.

    Args:
        found: what stands in the text, each cell read by itself.
        document: the document.
        is_listed: whether a number with that reason stands in the ledger; others are ranked apart.
    """
    if not document.tables and LOST not in document.text:
        return list(found)
    ranks: Counter[tuple[str, bool]] = Counter()
    ranked = []
    for each in _without_repeats(list(_judged(found, document)), document):
        series = (each.section, is_listed(each.reason))
        ranks[series] += 1
        ranked.append(replace(each, ordinal=ranks[series]))
    return ranked


def _judged(found: Sequence[Found], document: Document) -> Iterator[Found]:
    cells = {cell.offset: cell for table in document.tables for cell in table.cells}
    tables = iter(document.tables)
    table = next(tables, None)
    starts = sorted(cells)
    at, done = 0, -1
    for each in found:
        if each.offset <= done:
            continue
        while table and each.offset >= table.end:
            table = next(tables, None)
        if table is None or each.offset < table.start:
            yield _beside_lost(each, document.text)
            continue
        while at + 1 < len(starts) and starts[at + 1] <= each.offset:
            at += 1
        cell = (
            cells[starts[at]] if starts and starts[at] <= each.offset < starts[at] + max(len(cells[starts[at]].text), 1) else None
        )
        if cell is None:
            yield each if each.reason else replace(each, reason=str(Reason.NAME))
        elif _NUMBER_OF_SIGNS.fullmatch(fold(cell.text)):
            done = cell.offset + len(cell.text) - 1
            yield _bare(each, cell)
        else:
            yield _with_unit(each, cell)


def _without_repeats(found: list[Found], document: Document) -> Iterator[Found]:
    """Yield the numbers of a document; those are left out that a table repeats from the text, as its caption says.

    A number that stands in the column of the period, and not in the text, is a figure: it contradicts the text, or adds to it.
    """
    tables = [table for table in document.tables if _REPEATS_TEXT.search(table.caption)]
    if not tables:
        yield from found
        return
    apart = [each for each in found if not each.reason and not any(t.start <= each.offset < t.end for t in document.tables)]
    in_text = {text for each in apart for text in (each.published, _MEASURE_WORDS.sub("", each.published))}
    for each in found:
        table = next((table for table in tables if table.start <= each.offset < table.end), None)
        if table is None or each.reason:
            yield each
            continue
        first = min(cell.column for cell in table.cells)
        column = next((c.column for c in table.cells if c.offset <= each.offset < c.offset + len(c.text)), first)
        yield replace(each, reason=str(Reason.REPEATED)) if column > first or each.published in in_text else each


def _bare(each: Found, cell: Cell) -> Found:
    """Return the number of a cell that has no words; where it is not one number, it is unclear."""
    text = re.sub(r"\s", "", cell.text)
    whole = replace(each, offset=cell.offset, published=text, unit=cell.unit, hedge="", reason="", is_unit_known=True)
    if _PLAIN_NUMBER.fullmatch(fold(cell.text)):
        return whole
    if each.reason in (Reason.YEAR, Reason.DATE, Reason.PERIOD) and each.published == text:
        return each
    return replace(whole, reason=f"{UNCLEAR}: the cell is not one number")


def _with_unit(each: Found, cell: Cell) -> Found:
    """Return a number of a cell with words, which takes the header's unit where it is alone in the cell and has none."""
    is_alone = each.published == re.sub(r"\s", "", cell.text).replace("\u2060", "")
    if each.unit or each.reason or not is_alone or not cell.unit:
        return each
    if _MULTIPLIED.search(each.published) and _MULTIPLIED.match(cell.unit):
        return replace(each, reason=f"{UNCLEAR}: {cell.unit} above it")
    return replace(each, unit=cell.unit)


def _beside_lost(each: Found, text: str) -> Found:
    """Return a number as unclear where a character beside it is lost."""
    end = each.offset + len(each.published)
    if each.reason or LOST not in text[max(each.offset - 2, 0) : end + 2]:
        return each
    return replace(each, reason=f"{UNCLEAR}: a character beside it cannot be read")
