"""Proposals as a table: what `etl fill -o proposals.csv` writes, a person edits, and `etl fill --apply` reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from etl.files import csv_text
from etl.intake.propose import Choice, Proposal
from etl.reporters.targets import write_text
from schemas.texts import Language

PROPOSAL_COLUMNS = (
    *("section", "ordinal", "published", "table", "row_key", "column", "class", "confidence", "reason", "second", "third", "by"),
)


def proposal_rows(proposals: Iterable[Proposal], language: Language) -> list[tuple[str, ...]]:
    """Return proposals as rows of their table, in the document's order."""
    return [_row(each, language) for each in proposals]


def _row(proposal: Proposal, language: Language) -> tuple[str, ...]:
    found = proposal.context.found
    first, *others = (
        [*proposal.choices, None, None, None][:3] if proposal.kind != "none" else [None, *proposal.choices, None, None]
    )
    cell = (first.target.table, first.row_key, first.target.column) if first else ("", "", "")
    reason = proposal.reason.zh if language == "zh" else proposal.reason.en
    place = (found.section, str(found.ordinal), found.published)
    return (*place, *cell, proposal.kind, f"{proposal.confidence:.3f}", reason, *(_cell(each) for each in others[:2]), "")


def _cell(choice: Choice | None) -> str:
    return f"{choice.target.table} {choice.row_key} {choice.target.column}" if choice else ""


def write_proposals(proposals: Iterable[Proposal], path: Path, language: Language) -> None:
    """Write proposals in one step."""
    write_text(path, csv_text([PROPOSAL_COLUMNS, *proposal_rows(proposals, language)]))


def summary(proposals: Sequence[Proposal], language: Language) -> str:
    """Count the proposals by class, in words."""
    number = Counter(each.kind for each in proposals)
    if language == "zh":
        return f"{len(proposals)} 个数字：{number['sure']} 个有把握，{number['ask']} 个待选择，{number['none']} 个无对应的表"
    return f"{len(proposals)} figures: {number['sure']} sure, {number['ask']} to choose, {number['none']} of no table"
