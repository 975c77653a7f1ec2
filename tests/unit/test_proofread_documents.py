"""Ten made-up documents with sixty planted contradictions, and their honest twins."""

from __future__ import annotations

from collections.abc import Iterator

import made_chinese
import made_tables
import pytest
from documents_with_tables import document_of
from made_figures import MadeFigures, Maker

from etl.proofreading.proofread import Proofread, proofread

MAKERS: dict[str, Maker] = {
    "courts": made_chinese.courts,
    "patents": made_chinese.patents,
    "statistics": made_chinese.statistics,
    "work report": made_chinese.work_report,
    "supervision": made_chinese.supervision,
    "districts": made_tables.districts,
    "budget": made_tables.budget,
    "office": made_tables.office,
    "courts in English": made_tables.courts_in_english,
    "services": made_tables.services,
}
PLANTED, LEAST_FOUND = 60, 54


def planted(maker: Maker, seed: int) -> int:
    figures = MadeFigures(seed)
    maker(figures)
    return figures.planted


def alarms(read: Proofread) -> list[str]:
    return [each.message.en for each in read.findings if each.severity != "information"]


def read_each(seed: int) -> Iterator[tuple[str, list[str], list[str]]]:
    """Each planted contradiction with the alarms of its document, and those of an honest twin of other figures."""
    for name, maker in MAKERS.items():
        for wrong in range(planted(maker, seed)):
            of_wrong = alarms(proofread(document_of(maker(MadeFigures(seed, wrong)))))
            of_twin = alarms(proofread(document_of(maker(MadeFigures(seed * 1000 + wrong)))))
            yield f"{name} {wrong}", of_wrong, of_twin


def test_sixty_contradictions_are_planted_in_ten_documents() -> None:
    assert len(MAKERS) == 10
    assert sum(planted(maker, 1) for maker in MAKERS.values()) == PLANTED


@pytest.mark.parametrize("seed", [1, 2])
def test_planted_contradictions_are_found_and_honest_twins_raise_no_alarm(seed: int) -> None:
    read = list(read_each(seed))
    missed = [name for name, of_wrong, _ in read if not of_wrong]
    assert len(read) - len(missed) >= LEAST_FOUND, missed
    assert [(name, of_twin) for name, _, of_twin in read if of_twin] == []
