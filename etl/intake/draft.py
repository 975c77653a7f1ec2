"""The phrases of the bulletin that the package itself drafts: its templates say which cell each sentence places."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from etl.catalogue import Catalogue
from etl.intake.contexts import FIGURE, YEAR
from etl.intake.phrases import Phrase
from etl.intake.targets import BEFORE, ENCLOSING, OWN, THIS, TO_DATE, Target
from schemas.models import figures

TEMPLATES = Path(__file__).parents[1] / "bulletin" / "zh"

_PLACED = re.compile(r"\{\{\s*(?P<name>\w+)(?P<arguments>\(.*?\))?\s*\}\}")
_WORDS = {"area": "", "enclosing": "全省", "period": YEAR}
_PERIODS = {"this": THIS, "before": BEFORE, "to_date": TO_DATE}


def draft_phrases(catalogue: Catalogue) -> list[Phrase]:
    """List the phrases of the Chinese draft, of tables that a catalogue has."""
    known = {
        (address, column.name): column.meaning.unit
        for address in catalogue.addresses
        for column in figures(catalogue.entry(address).model)
    }
    return [
        Phrase(section, str(ordinal), headings, before, after, known[target.table, target.column], target)
        for section, ordinal, headings, before, after, target in _placed()
        if (target.table, target.column) in known
    ]


@cache
def _placed() -> tuple[tuple[str, int, tuple[str, ...], str, str, Target], ...]:
    chapters: dict[str, str] = {}
    placed = []
    for path in sorted(TEMPLATES.glob("[A-Z]*.txt")):
        heading, *paragraphs = path.read_text(encoding="utf-8").strip().split("\n\n")
        chapters[path.stem] = heading
        headings = tuple(dict.fromkeys((chapters.get(path.stem[:1], ""), heading)))
        ordinal = 0
        for paragraph in paragraphs:
            text, marks = _masked(paragraph)
            for start, target in marks:
                ordinal += 1
                placed.append((path.stem, ordinal, headings, text[:start], text[start + 1 :], target))
    return tuple(placed)


def _masked(paragraph: str) -> tuple[str, list[tuple[int, Target]]]:
    """Return a paragraph with its figures as `#`, and where each stands with its cell."""
    text, marks, place = "", list[tuple[int, Target]](), 0
    for match in _PLACED.finditer(paragraph):
        text += paragraph[place : match.start()]
        place = match.end()
        if match["name"] in ("figure", "change"):
            text += "增长" if match["name"] == "change" else ""
            marks.append((len(text), _target(match["arguments"])))
            text += FIGURE
        else:
            text += _WORDS.get(match["name"], YEAR)
    return text + paragraph[place:], marks


def _target(arguments: str) -> Target:
    call = ast.parse(f"f{arguments}", mode="eval").body
    assert isinstance(call, ast.Call)
    address, *categories = [ast.literal_eval(each) for each in call.args]
    words = {each.arg: ast.literal_eval(each.value) for each in call.keywords}
    table, _, column = address.rpartition(".")
    area = ENCLOSING if words.get("place") == "enclosing" else OWN
    return Target(table, column, tuple(categories), area, _PERIODS[words.get("span", "this")])
