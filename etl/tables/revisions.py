"""Compare the prints of figures in several documents, and check revisions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from etl.findings import Finding, make_finding
from etl.tables.evaluate import Outcome
from etl.tables.parse import ParsedTable
from schemas import builtin_rules
from schemas.figure_table import Reading
from schemas.models import figures
from schemas.texts import Text
from schemas.vintages import revision_column

MOST_PRINTS_NAMED = 10
"""Of the documents that print a figure otherwise: so many are named, those just before it."""


class Print(NamedTuple):
    """One print of a figure: row, document, text and reading."""

    row: int
    source: str
    vintage: int | None
    published: str
    reading: Reading

    def contradicts(self, other: Print) -> bool:
        """Tell whether the two cannot be one number."""
        return self.reading.high < other.reading.low or other.reading.high < self.reading.low


def prints(table: ParsedTable, rows: Iterable[int], column: str) -> list[Print]:
    """Return what some rows print of a figure."""
    judged, figures, texts = table.figure_table, table.figures[column], table.raw.cells[column]
    return [
        Print(each, judged.sources[each] or "", judged.vintages[each], texts[each] or "", figures.reading(each)) for each in rows
    ]


def contradicted(table: ParsedTable, row: int, column: str) -> list[Print]:
    """Return the earlier prints of the same vintage that a row contradicts, the last `MOST_PRINTS_NAMED` of them."""
    judged, figures = table.figure_table, table.figures[column]
    before = judged.published_before(row)
    contradicts = (figures.high[before] < figures.low[row]) | (figures.high[row] < figures.low[before])
    found: list[int] = before[contradicts & figures.is_printed[before]].tolist()
    return prints(table, [each for each in found if judged.vintages[each] == judged.vintages[row]][-MOST_PRINTS_NAMED:], column)


def revision_outcome(table: ParsedTable, findings: list[Finding]) -> Outcome:
    """Evaluate the rule that a revision changes a figure, and add its findings."""
    rule, column = builtin_rules.REVISION_CHANGES_A_FIGURE, revision_column(table.raw.entry.model)
    marked = [row for row, is_revised in enumerate(table.figure_table.is_revised) if is_revised]
    unread = {row for row, _ in table.unread}
    broken: list[int] = []
    for row in marked:
        message = None if row in unread else _needless(table, row)
        if message is not None:
            broken.append(row)
            place = table.raw.place(row, column)
            findings.append(make_finding(rule, table.address, place, message, row=row, row_key=table.keys[row], column=column))
    return Outcome(rule, column, len(marked) - len(broken), table.labels.height - len(marked), tuple(broken))


def _needless(table: ParsedTable, row: int) -> Text | None:
    """Build the finding of a revised row that changes nothing; None otherwise."""
    compared = [(name, own, before) for name in _printed(table, row) for own, before in _with_vintage_before(table, row, name)]
    if not compared:
        return Text(
            "marked as revised, but no document before it prints any of its figures",
            "注明修订，但此前没有文件刊载其任何数字",
        )
    if any(own.contradicts(before) for _, own, before in compared):
        return None
    en = "; ".join(f"{name} {own.published} where {before.source} printed {before.published}" for name, own, before in compared)
    zh = "；".join(f"{name} {own.published}（{before.source} 载 {before.published}）" for name, own, before in compared)
    source = compared[0][1].source
    return Text(
        f"marked as revised, but {source} agrees with what was printed before: {en}",
        f"注明修订，但 {source} 与此前所载相符：{zh}",
    )


def _printed(table: ParsedTable, row: int) -> list[str]:
    model = table.raw.entry.model
    return [column.name for column in figures(model) if column.name in table.raw.cells and table.raw.cells[column.name][row]]


def _with_vintage_before(table: ParsedTable, row: int, column: str) -> Iterator[tuple[Print, Print]]:
    """Pair a revised figure with each print of the vintage before."""
    judged, (own,) = table.figure_table, prints(table, [row], column)
    value = table.figures[column].value
    before = (int(each) for each in reversed(judged.published_before(row)) if not math.isnan(value[each]))
    _, latest = next(groupby(before, judged.vintages.__getitem__), (None, ()))
    yield from ((own, each) for each in prints(table, sorted(latest), column))
