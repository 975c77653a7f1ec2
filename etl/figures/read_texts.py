"""Printed texts as figures, each read as a cell of its column is."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from etl.figures.marked_cells import read_cells
from etl.figures.words import Notation
from schemas.figure_table import Reading, reading
from schemas.models import Column


def read_texts(asked: Iterable[tuple[str | None, Column]], notation: Notation) -> list[tuple[Reading, str | None]]:
    """Return what each text says in a column, and why it cannot be read (as `read_figures` has it), else None."""
    cells = [(text, column.dtype.kind, column.meaning.unit) for text, column in asked]
    if not cells:
        return []
    schema = dict.fromkeys(("published", "kind", "declared_unit"), pl.String)
    frame = pl.DataFrame(cells, schema=schema, orient="row")
    read = read_cells(frame, notation).select("value", "low", "high", "problem")
    return [(reading(value, low, high), problem) for value, low, high, problem in read.iter_rows()]
