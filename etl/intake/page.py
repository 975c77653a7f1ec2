"""The review of proposals as one HTML page, which opens from disk and gives back the table of proposals as a file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from etl.catalogue import Catalogue
from etl.intake.fill import Filled
from etl.intake.proposals import PROPOSAL_COLUMNS, proposal_rows
from etl.intake.propose import GIVEN, Choice, Proposal
from etl.intake.readings import Readings
from etl.intake.review import quoted, scope_name, scopes
from etl.intake.targets import Names, Target, name_of, targets
from schemas.texts import Language

_PAGE = Path(__file__).with_name("review.html")


def review_page(filled: Filled, catalogue: Catalogue, language: Language, by: str) -> str:
    """Return the page for a document and the person who reviews it."""
    data = _data(filled, catalogue, language, by)
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")
    return _PAGE.read_text(encoding="utf-8").replace("LANGUAGE", "zh-CN" if language == "zh" else "en").replace("DATA", text)


def _data(filled: Filled, catalogue: Catalogue, language: Language, by: str) -> dict[str, Any]:
    named = targets(catalogue, filled.document.text)
    published = {each.context.printed for each in filled.proposals}
    readings = Readings(published, named.values(), catalogue.notation)
    kinds = sorted({(each.kind, each.unit) for each in named.values()})
    of_kind = {(each.kind, each.unit): each for each in named.values()}
    rows = proposal_rows(filled.proposals, language)
    return {
        "columns": PROPOSAL_COLUMNS,
        "by": by,
        "source": filled.filing.source,
        "scopes": scopes(filled),
        "areas": {area: scope_name(area, catalogue, language).strip() for area in _areas(filled)},
        "figures": [
            {
                "row": row,
                "headings": each.context.headings,
                "quoted": quoted(filled.document, each.context.found),
                "choices": [_choice(choice, language) for choice in each.choices],
                "isGiven": each.reason == GIVEN,
                "kinds": _kinds_of(each, [of_kind[kind] for kind in kinds], readings),
            }
            for row, each in zip(rows, filled.proposals, strict=True)
        ],
        "cells": [
            {
                "name": _in(language, target, catalogue),
                "cell": [target.table, ":".join(target.categories), target.column],
                "last": filled.levels.compared(target, None),
                "kind": kinds.index((names.kind, names.unit)),
            }
            for target, names in named.items()
        ],
    }


def _areas(filled: Filled) -> list[str]:
    """List the codes of the areas that a figure may be of."""
    keys = [*scopes(filled), *(choice.row_key for each in filled.proposals for choice in each.choices)]
    return sorted({key.partition(":")[0] for key in keys})


def _kinds_of(proposal: Proposal, kinds: Sequence[Names], readings: Readings) -> list[int]:
    """Return which kinds of columns can take a figure, by their rank."""
    published = proposal.context.printed
    return [rank for rank, kind in enumerate(kinds) if readings.value(published, kind) is not None]


def _choice(choice: Choice, language: Language) -> dict[str, Any]:
    name = choice.name.zh if language == "zh" else choice.name.en
    return {"name": name, "cell": [choice.target.table, choice.row_key, choice.target.column], "last": choice.last}


def _in(language: Language, target: Target, catalogue: Catalogue) -> str:
    name = name_of(target, catalogue)
    return name.zh if language == "zh" else name.en
