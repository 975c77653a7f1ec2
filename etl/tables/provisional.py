"""Find provisional figures: those of returns that no published document prints yet.

A document that prints the figure of a return takes its place, unless the return is a later revision of it.
"""

from __future__ import annotations

from collections.abc import Collection

from etl.tables.parse import ParsedTable

PROVISIONAL = "*"
"""What follows a figure that a department has handed in, and no document has printed yet."""


def provisional_cells(table: ParsedTable, returns: Collection[str]) -> frozenset[tuple[int, str]]:
    """Return the cells (row, column) of a table that are provisional, where some documents are returns."""
    judged = table.figure_table
    own = [row for row, source in enumerate(judged.sources) if source in returns]
    found = set()
    for row in own:
        others = [each for each in judged.same_figures(row) if judged.sources[each] not in returns]
        since = judged.vintages[row] or 0
        printed_since = [each for each in others if (judged.vintages[each] or 0) >= since]
        for name, figures in table.figures.items():
            printed = figures.is_printed
            if printed[row] and not any(printed[each] for each in printed_since):
                found.add((row, name))
    return frozenset(found)
