"""What each figure of a document would be in each kind of column: a value, or nothing where the column cannot take it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

import polars as pl

from etl.figures.grammar import read_figures
from etl.figures.words import Notation
from etl.intake.targets import Names

SHORTER = re.compile("缩短|压缩|降幅|减少")
"""In the name of a column that it measures a fall."""

_WHOLE = 100
_UP_TO_A_WHOLE = frozenset(("share", "score"))


class Readings:
    """The values of figures by the kind and unit of a column, read in one query."""

    def __init__(self, published: Collection[str], names: Iterable[Names], notation: Notation) -> None:
        kinds = sorted({(each.kind, each.unit) for each in names})
        texts = sorted(set(published))
        asked = pl.DataFrame(
            [(text, kind, unit) for text in texts for kind, unit in kinds],
            schema=dict.fromkeys(("published", "kind", "declared_unit"), pl.String),
            orient="row",
        )
        read = read_figures(asked.lazy(), notation).select(
            "published", "kind", "declared_unit", "value", "low", "high", "problem"
        )
        self._read = {
            (text, kind, unit): (value, low, high)
            for text, kind, unit, value, low, high, problem in read.collect().iter_rows()
            if problem is None and value is not None
        }

    def value(self, published: str, names: Names) -> float | None:
        """Return the value of a figure in a column; None where the column cannot take it."""
        read = self._read.get((published, names.kind, names.unit))
        if read is None or names.kind == "rate":
            return read and read[0]
        value = read[0]
        if SHORTER.search(names.column):  # 缩短 and 减少 are what such a column measures, and no sign
            value = abs(value)
        return value if value >= 0 and (names.kind not in _UP_TO_A_WHOLE or value <= _WHOLE) else None

    def bounds(self, published: str, names: Names) -> tuple[float, float] | None:
        """Return the bounds of a figure in a column; None where the column cannot take it, or one is open."""
        _, low, high = self._read.get((published, names.kind, names.unit), (None, None, None))
        return (low, high) if low is not None and high is not None else None
