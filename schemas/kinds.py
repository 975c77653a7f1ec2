"""Kinds of columns, and what a declared column is.

A kind is a pandera dtype, so a column's annotation says at once how it is stored, what it can look like, how precisely
it is printed and in which range it must lie.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import polars as pl
from pandera.engines import polars_engine

USUAL_FACTORS = (3.0, 8.0)
"""Of what a figure was a year before: beyond the first it is unusual, beyond the second most likely a slip."""


class Immutable:
    """A value that never changes, so that pandera's many deep copies of a column share it."""

    def __deepcopy__(self, memo: Any) -> Any:
        return self


class Figure(Immutable, polars_engine.Float64):
    """A printed number, read as a value with bounds in the base unit of its column."""

    kind: ClassVar[str]
    minimum: ClassVar[float] = 0
    is_positive: ClassVar[bool] = False
    maximum: ClassVar[float | None] = None


class Count(Figure):
    """A number of whole things; exact when printed in full."""

    kind = "count"


class Amount(Figure):
    """A sum of money; yuan unless the unit says otherwise."""

    kind = "amount"


class Share(Figure):
    """A part of a whole, in percent."""

    kind = "share"
    maximum = 100


class Rate(Figure):
    """A change against an earlier level, in percent; at least -100."""

    kind = "rate"
    minimum = -100


class Mean(Figure):
    """An average over some number of units."""

    kind = "mean"
    is_positive = True


class Duration(Figure):
    """A length of time."""

    kind = "duration"
    is_positive = True


class Score(Figure):
    """A mark out of a hundred."""

    kind = "score"
    maximum = 100


class Multiple(Figure):
    """One quantity as a multiple of another."""

    kind = "multiple"


class Measure(Figure):
    """A physical quantity, such as an area of land."""

    kind = "measure"


class Label(Immutable, polars_engine.String):
    """A column that says which row this is, or where it is from."""

    def check(self, pandera_dtype: Any, data_container: Any = None) -> bool:
        """Accept a column of strings.

        pandera 0.35 compares classes of dtypes, and a kind is a class of its own.
        """
        return bool(polars_engine.Engine.dtype(pandera_dtype).type == pl.String)


class Area(Label):
    """An area, by its GB/T 2260 code."""


class Period(Label):
    """A span of time: `2025`, `2024-H1`, `2024-Q3`, `2023-02` or `2021-07/2024-06`."""


class Category(Label):
    """A code of a code list, part of the key."""


class Source(Label):
    """The document a row comes from."""


class Section(Label):
    """The section of that document."""


class Revision(Label):
    """Whether the row corrects an earlier print; blank in first prints and reprints."""


@dataclass(frozen=True, slots=True)
class Meaning(Immutable):
    """Meaning of a column: names, unit, code list.

    Attributes:
        zh: Chinese name, also accepted as a header.
        en: English name.
        unit: unit in which a bare number is read; empty for labels.
        codes: code list of a category or area; empty for figures.
        parts: codes of a category that make up its code `all`, without overlap; empty where no such breakdown is known.
        factors: by which a level may change in a year: beyond the first it is unusual, beyond the second a slip.
    """

    zh: str
    en: str
    unit: str = ""
    codes: str = ""
    parts: tuple[str, ...] = ()
    factors: tuple[float, float] = USUAL_FACTORS


@dataclass(frozen=True, slots=True)
class Column:
    """A declared column.

    Attributes:
        name: as declared, also the header in the raw file.
        dtype: the kind, an instance of one of the kinds of this module.
        meaning: what it means.
        optional: whether a row may leave it blank.
    """

    name: str
    dtype: Any
    meaning: Meaning
    optional: bool

    @property
    def is_level(self) -> bool:
        """Whether the column holds sizes of something, which change by some factor from year to year."""
        return isinstance(self.dtype, Count | Amount | Measure)

    @property
    def is_figure(self) -> bool:
        """Whether the column holds printed figures."""
        return isinstance(self.dtype, Figure)
