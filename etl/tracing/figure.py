"""What is told of a traced figure: what it says, where it stands, who printed it, and its rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from etl.catalogue import Catalogue
from etl.tables.explain import span
from schemas.models import rules
from schemas.texts import Language

_LARGE = re.compile(r"(?<![0-9])(?<![0-9]\.)[0-9]{5,}")


@dataclass(frozen=True, slots=True)
class TracedFigure:
    """A figure with its places.

    Attributes:
        address: of its table.
        indicator, zh, en: its column, and what that means.
        row_key: of its row.
        published: as printed.
        reading: what it says, in words.
        file, line: where it stands.
        printed: where its document prints it: the document, and the place in it.
        title: of the document.
    """

    address: str
    indicator: str
    zh: str
    en: str
    row_key: str
    published: str
    reading: str
    file: str
    line: int
    printed: str
    title: str


IN = " in "


def reading_of(value: float, low: float | None, high: float | None, unit: str) -> str:
    """Describe what a figure says, with the thousands of large numbers parted."""
    return _LARGE.sub(lambda digits: f"{int(digits[0]):,}", f"{value:.15g} {unit}{IN}{span(low, high, unit) or '?'}")


def both_or_chinese(zh: str, en: str, language: Language) -> str:
    """Return a meaning: in both languages for who reads English, who may look for either; else in Chinese."""
    return zh if language == "zh" else f"{zh} · {en}"


def figure_lines(figure: TracedFigure, catalogue: Catalogue, language: Language) -> Iterator[str]:
    """Yield the lines on a figure: meaning, value, place, document, rules."""
    yield f"{figure.address}.{figure.indicator}  {both_or_chinese(figure.zh, figure.en, language)}  [{figure.row_key}]"
    reading = figure.reading.replace(IN, " ∈ ", 1) if language == "zh" else figure.reading
    yield f"  {figure.published} = {reading}"
    yield f"  {figure.file}:{figure.line}"
    yield f"  {figure.printed}  {figure.title}"
    for rule in rules(catalogue.entry(figure.address).model):
        held = {cell.column for cell in rule.constraint.cells()} if rule.constraint else set()
        if figure.indicator in held:
            yield f"  {rule.severity}[{rule.id}] {rule.zh if language == 'zh' else rule.reason}"
