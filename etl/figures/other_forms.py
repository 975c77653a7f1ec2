"""Cells that the vectorised grammar does not read, read as phrases: the same that are read in running text.

Only texts with a problem come here, and each distinct one once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import polars as pl

from etl.figures.language import SIMPLIFIED
from etl.figures.phrases import Phrase, read_phrase
from etl.figures.words import CLASSIFIERS, Notation

RESULT = {**dict.fromkeys(("value", "low", "high"), pl.Float64), **dict.fromkeys(("unit", "hedge", "problem"), pl.String)}
_COUNTED = tuple(each for name in CLASSIFIERS for each in SIMPLIFIED[name])
_ASKED = {"published": pl.String, "kind": pl.String, "declared_unit": pl.String}
_Row = tuple[float | None, float | None, float | None, str | None, str, str | None]
_Reader = Callable[[pl.LazyFrame], pl.LazyFrame]


def read_other_forms(cells: pl.LazyFrame, read_plain: _Reader, notation: Notation) -> pl.LazyFrame:
    """Read again the cells that are unreadable so far, or in another unit than their column's.

    Args:
        cells: what `read_plain` returned.
        read_plain: the reader of plain figures.
        notation: the units and hedges that a figure may have.
    """

    def again(cells: pl.DataFrame) -> pl.DataFrame:
        is_open = cells.get_column("problem").str.contains(r"^(?:unreadable|wrong_unit)\|").fill_null(False)
        if not is_open.any():
            return cells
        asked = cells.select(pl.col(name).cast(pl.String) for name in _ASKED)
        known = _known(asked.filter(is_open).unique().rows(), read_plain, notation)
        if known is None:
            return cells
        found = asked.join(known, on=list(_ASKED), how="left", nulls_equal=True, maintain_order="left").get_column("again")
        is_read = found.struct.field("problem").is_null() | cells.get_column("problem").str.starts_with("unreadable|")
        is_read &= is_open & found.struct.field("unit").is_not_null()
        return cells.with_columns(pl.when(is_read).then(found.struct.field(name)).otherwise(name).alias(name) for name in RESULT)

    return cells.map_batches(again, projection_pushdown=False, streamable=True, validate_output_schema=False)


def _known(rows: list[tuple[str | None, ...]], read_plain: _Reader, notation: Notation) -> pl.DataFrame | None:
    """Read texts as phrases: one row each text that is one, with what it says; None where there are none."""
    readings = {row: each for row, each in _readings(rows, read_plain, notation) if each is not None}
    known = [(*row, each) for row, each in readings.items()]
    return pl.DataFrame(known, schema={**_ASKED, "again": pl.Struct(RESULT)}, orient="row") if known else None


def _readings(
    rows: list[tuple[str | None, ...]], read_plain: _Reader, notation: Notation
) -> Iterator[tuple[tuple[str | None, ...], dict[str, object] | None]]:
    """Yield each text that a phrase is, with what it says in its column."""
    phrases = {
        row: each
        for row in rows
        if row[0] and (each := read_phrase(row[0], notation)) and (each.is_unit_known or _column_unit(each, row[2] or ""))
    }
    asked = [
        (figure, kind or "", unit, number)
        for number, ((_, kind, declared), each) in enumerate(phrases.items())
        for unit in [_column_unit(each, declared or "")]
        for figure in _in_column(each, kind or "", unit)
    ]
    frame = pl.LazyFrame(asked, schema={**_ASKED, "number": pl.Int64}, orient="row")
    read: dict[int, list[_Row]] = {}
    for number, *of_figure in read_plain(frame).select("number", *RESULT).collect().iter_rows():
        read.setdefault(number, []).append(_row(of_figure))
    for number, (row, each) in enumerate(phrases.items()):
        said = _joined(each, read[number], _change_in_times(each, row[1] or "", row[2] or ""))
        if said is not None and not each.is_unit_known and each.unit == row[2]:
            said["unit"] = each.unit
        if said is not None and said["unit"] and "/" in each.unit and len(each.unit) > 1:
            said["unit"] = f"{said['unit']}/{each.unit.partition('/')[2]}"
        yield row, said


def _row(said: Sequence[Any]) -> _Row:
    value, low, high, unit, hedge, problem = said
    return value, low, high, unit, hedge, problem


def _column_unit(said: Phrase, declared: str) -> str:
    """Return the column's unit for the plain figure: without the denominator that both have.

    An unknown measure word is read as that of a column of counted things, or of one that has the same word.
    """
    if not said.is_unit_known:
        return _COUNTED[0] if declared == said.unit else declared if declared in _COUNTED else ""
    _, _, per = said.unit.partition("/")
    return declared.removesuffix(f"/{per}") if per and declared.endswith(f"/{per}") else "" if per else declared


def _in_column(said: Phrase, kind: str, unit: str) -> tuple[str, ...]:
    """Return the plain figures; a rise by 1.5 times is one of 150%."""
    if _change_in_times(said, kind, unit):
        return tuple(figure.replace("倍", "%") for figure in said.figures)
    return said.figures


def _change_in_times(said: Phrase, kind: str, unit: str) -> bool:
    return kind == "rate" and unit in ("%", "％") and said.unit == "倍" and said.figures[0].startswith(("增长", "下降"))


def _joined(said: Phrase, rows: list[_Row], is_change_in_times: bool) -> dict[str, object] | None:
    """Return the reading of a phrase out of those of its plain figures; None where one cannot be read."""
    if any(problem and not (problem.startswith("fraction_of_a_count") and len(rows) == 1) for *_, problem in rows):
        first = next(problem for *_, problem in rows if problem)
        return (
            {**dict.fromkeys(RESULT), "hedge": "", "unit": rows[0][3] or "", "problem": first}
            if first.startswith("wrong")
            else None
        )
    factor = said.factor * (100 if is_change_in_times else 1)
    value, low, high, unit, _, problem = rows[0]
    if len(rows) == 2:
        ends = sorted(each for row in rows if (each := row[0]) is not None)
        if len(ends) != 2 or (rows[0][0] or 0) >= (rows[1][0] or 0) > 0:
            return None
        # As of 4000余家, the value is the number that is printed first; what is known of the true one is in the bounds.
        low, high = ends
    numbers = [
        None if each is None else float(each * factor) if factor == 1 else float(each) * float(factor)
        for each in (value, low, high)
    ]
    return dict(zip(RESULT, (*numbers, unit, said.hedge, problem), strict=True))
