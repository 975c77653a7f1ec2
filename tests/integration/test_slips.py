"""Slips that people make in a report or enter with it are named, and a cell that is named as wrong is the wrong one."""

from __future__ import annotations

import random
import sys
from collections import Counter
from pathlib import Path

import pytest
from made_slips import MadeYear
from paths import ROOT
from slip_kinds import KINDS

sys.path.insert(0, str(ROOT / "tests" / "benchmarks"))

from slips import measure  # type: ignore[import-not-found]

TABLES = ("courts.caseload", "customs.seizures", "patents.stock", "administration.penalties")
UNSEEN = {"two digits transposed", "a digit mistyped"}
"""Slips that leave a figure of the same size, so that only another figure can tell."""


def rates(counts: dict[tuple[str, bool], Counter[str]], *, in_text: bool) -> dict[str, float]:
    return {
        kind: count["named"] / count["tried"] for (kind, where), count in counts.items() if where == in_text and count["tried"]
    }


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> MadeYear:
    return MadeYear(tmp_path_factory.mktemp("slips") / "project", random.Random(5), TABLES)


def test_thirteen_kinds_of_slips_are_named_in_the_text_but_those_that_nobody_sees(few: MadeYear) -> None:
    counts = measure(few, 1, seed=1, in_texts=(True,))
    found = rates(counts, in_text=True)
    assert (len(KINDS), {kind for kind, rate in found.items() if not rate} <= UNSEEN) == (13, True), found
    every = sum(counts.values(), Counter[str]())
    assert every["right"] == every["likely"]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_slips_are_named_and_likely_cells_are_right_over_all_tables(seed: int, tmp_path: Path) -> None:
    counts = measure(MadeYear(tmp_path / "project", random.Random(seed)), 6, seed)
    in_text, in_cells = (rates(counts, in_text=each) for each in (True, False))
    assert set(in_cells.values()) == {1.0}
    assert {kind for kind, rate in in_text.items() if rate < 0.8} <= UNSEEN, in_text
    every = sum(counts.values(), Counter[str]())
    assert every["right"] >= 0.9 * every["likely"] > 10
