"""Sentences as reports, bulletins, courts, customs and statistical offices print them, each with its figures; all are made up.

`figures` lists them in the order of the text: `12` is exact, `12±0.5` rounded, `>=12` and `<=12` have one bound, `?12`
none, `3..5` both; then the unit and, in brackets, the hedge. `unclear` is a number that a person has to decide.
"""

from __future__ import annotations

import csv
import math
import re
from itertools import groupby
from typing import Any

import pytest
from paths import FIXTURES

import etl
from etl.documents.extract import Found, extract
from etl.figures.numerals import fold
from schemas.code_lists import PACKAGE_LISTS

with (FIXTURES / "printed_figures.csv").open(encoding="utf-8", newline="") as _file:
    ROWS = sorted(csv.DictReader(_file), key=lambda row: row["kind"])
KINDS = {kind: list(rows) for kind, rows in groupby(ROWS, key=lambda row: row["kind"])}
FIGURE = re.compile(r"(>=|<=|\?)?(-?[\d.]+?)(?:±([\d.]+)|\.\.([\d.]+))?(?![\d.])([^\d()]*)(?:\((.*)\))?")


@pytest.mark.parametrize("kind", KINDS)
def test_every_printed_figure_of_a_kind_is_read_as_a_person_reads_it(kind: str) -> None:
    wrong = {row["text"]: difference for row in KINDS[kind] if (difference := _difference(row))}

    assert wrong == {}


def _difference(row: dict[str, str]) -> str:
    expected = [each.strip() for each in row["figures"].split(" ; ") if each.strip()]
    found = [each for each in extract(row["text"]) if not each.reason or each.is_unclear]
    if len(found) != len(expected):
        return f"{[each.published for each in found]} for {expected}"
    return "; ".join(
        f"{one.published} for {other}" for one, other in zip(found, expected, strict=True) if not _agrees(one, other)
    )


def _agrees(found: Found, expected: str) -> bool:
    match = FIGURE.fullmatch(expected)
    if expected == "unclear" or match is None or found.is_unclear:
        return found.is_unclear == (expected == "unclear")
    sign, number, half, high, unit, hedge = match.groups(default="")
    value = float(number)
    bounds: tuple[Any, Any] = {">=": (value, None), "<=": (None, value), "?": (None, None)}.get(sign, (value, value))
    bounds = (value - float(half), value + float(half)) if half else (value, float(high)) if high else bounds
    reading = etl.read_figure(found.published)
    if (reading.problem or "").startswith("fraction_of_a_count"):
        reading = etl.read_figure(found.published, kind="mean")
    known = PACKAGE_LISTS.units_by_name.get(fold(unit))
    factor = known.times / known.over if known and known.base == reading.unit else 1
    is_share = (unit == "%" and "." in number and len(number) > 10) or found.unit in ("/", "分之", "一半")
    numbers = [(reading.value, value)] + ([] if is_share else [(reading.low, bounds[0]), (reading.high, bounds[1])])
    is_read = all(_is_near(one, None if other is None else other * factor) for one, other in numbers)
    is_unit = unit in ("", "倍", "%") or fold(found.unit) == fold(unit)
    return is_read and is_unit and fold(found.hedge) == fold(hedge)


def _is_near(one: float | None, other: float | None) -> bool:
    return (one is None) == (other is None) and (one is None or other is None or math.isclose(one, other, abs_tol=1e-9))
