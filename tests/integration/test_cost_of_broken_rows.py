"""Check tables of which every row is broken: they cost little more than the same rows unbroken."""

from __future__ import annotations

import gc
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from itertools import combinations, islice
from pathlib import Path

import pytest
from projects import write_project

from etl.catalogue import PACKAGE
from etl.documents.citations import MOST_UNTAKEN
from etl.documents.extract import extract
from etl.documents.passages import MOST_CHARACTERS_OF_A_LINE
from etl.documents.read import read_document
from etl.errors import ProjectError
from etl.gate.check import Checked, check
from etl.tables.explain import MOST_EXPLAINED
from etl.tables.labels import MOST_SUGGESTIONS
from etl.tables.localize import MOST_EXAMINED
from etl.tables.revisions import MOST_PRINTS_NAMED

HEADER = "area,period,court,received,closed,pending_at_start,pending_at_end,source,section\n"
AREAS = ("330203", "330205", "330206", "330211", "330212", "330213")
ROWS, MOST_TIMES = 1_500, 8
SECONDS_OF_EXPLANATIONS = 2.0
"""What the findings that are explained may cost, however many rows there are; before, a broken row cost up to 200 good ones."""

Break = Callable[[int, dict[str, str]], dict[str, str]]
BREAKS: dict[str, Break] = {
    "contradiction": lambda row, cells: {"closed": "9件"},
    "unreadable cell": lambda row, cells: {"received": f"abc{row}"},
    "blank cell": lambda row, cells: {"received": ""},
    "other unit": lambda row, cells: {"received": "5元"},
    "unknown code": lambda row, cells: {"area": f"宁波{row}"},
    "unknown document": lambda row, cells: {"source": f"bulletin-{row}"},
    "duplicate key": lambda row, cells: {"area": "330200", "period": "2015"},
    "duplicate key with other figures": lambda row, cells: {"area": "330200", "period": "2015", "received": f"{row}件"},
    "bad period": lambda row, cells: {"period": f"20x{row}"},
    "a comma in a cell": lambda row, cells: {"received": "5,0件"},
    "several at once": lambda row, cells: {"area": f"x{row}", "period": f"20x{row}", "received": "abc", "closed": "9件"},
}


def good_rows() -> Iterator[dict[str, str]]:
    """Yield rows that break no rule of one row."""
    months = [f"{year}-{month:02d}" for year in range(1980, 2020) for month in range(1, 13)]
    city = {"received": "50000件", "closed": "50000件", "pending_at_start": "1200件", "pending_at_end": "1200件"}
    district = {"received": "5000件", "closed": "5000件", "pending_at_start": "120件", "pending_at_end": "120件"}
    for first, last in combinations(months, 2):
        for area in AREAS:
            figures = city if area == AREAS[0] else district
            yield {"area": area, "period": f"{first}/{last}", "court": "all", **figures, "source": "example-a", "section": "1"}


def table(broken: Break) -> str:
    """Write a table of which every row is broken, but for the first ones, without which a file may be refused as a whole."""
    rows = [row if at < 10 else row | broken(at, row) for at, row in enumerate(islice(good_rows(), ROWS))]
    return HEADER + "".join(",".join(row.values()) + "\n" for row in rows)


def checked(root: Path, text: str) -> tuple[Checked, float]:
    """Check a table alone; return the result and the seconds of processor time."""
    project, entry = write_project(root, {"courts.caseload": text}), PACKAGE.entry("courts.caseload")
    gc.collect()
    begun = time.process_time()
    found = check(project, [entry], date(2031, 1, 1), whole=False, cite=False)
    return found, time.process_time() - begun


@pytest.fixture(scope="module")
def seconds_unbroken(tmp_path_factory: pytest.TempPathFactory) -> float:
    """Return the processor time of the rows unbroken, the first time aside, which imports what is needed."""
    text = table(lambda row, cells: {})
    runs = [checked(tmp_path_factory.mktemp("good"), text) for _ in range(3)]
    assert runs[-1][0].findings == []
    return min(seconds for _, seconds in runs[1:])


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_row_costs_little_more_than_a_good_one(name: str, seconds_unbroken: float, tmp_path: Path) -> None:
    found, seconds = checked(tmp_path, table(BREAKS[name]))
    if found.tables["courts.caseload"].raw.height:
        assert sum(1 + each.more for each in found.findings) >= ROWS - 100
    assert seconds < MOST_TIMES * seconds_unbroken + SECONDS_OF_EXPLANATIONS
    most = Counter(each.rule for each in found.findings if each.suspects)
    assert all(number <= MOST_EXAMINED for number in most.values())
    assert all(len(each.message.en) < 2_000 for each in found.findings)


def test_the_nearest_name_is_sought_for_the_first_unknown_labels(tmp_path: Path) -> None:
    found, _ = checked(tmp_path, table(lambda row, cells: {"area": f"3302{row}"}))
    texts = [each.message.en for each in found.findings if each.rule == "code-is-known"]
    assert len(texts) > 1_000 > MOST_SUGGESTIONS
    assert sum("Did you mean" in text for text in texts) <= MOST_SUGGESTIONS
    assert "Did you mean" in texts[0]


def test_of_many_prints_of_a_figure_those_just_before_it_are_named(tmp_path: Path) -> None:
    rows = "".join(f"330200,2015,all,{100 + at}件,,,,example-a,1\n" for at in range(60))
    found, _ = checked(tmp_path, HEADER + rows)
    last = max((each for each in found.findings if each.rule == "sources-agree"), key=lambda each: each.place.line)
    assert last.message.en.count("printed") == MOST_PRINTS_NAMED
    assert "158件" in last.message.en
    assert "100件" not in last.message.en
    assert MOST_EXPLAINED <= MOST_UNTAKEN


def test_many_revisions_of_a_figure_are_compared_each_with_the_one_before(tmp_path: Path) -> None:
    header = HEADER.replace("\n", ",revision\n")
    rows = "".join(f"330200,2015,all,{100 + at // 2}件,,,,example-a,1,revised\n" for at in range(3_000))
    found, seconds = checked(tmp_path, header + rows)
    needless = [each for each in found.findings if each.rule == "revision-changes-a-figure"]
    assert len(needless) == 1 + 3_000 // 2  # the first, and each second of a pair
    assert len([each for each in found.findings if each.rule == "key-is-unique"]) == 2_999
    assert seconds < 6  # it was 14, and grew with the square of the rows


def test_a_document_of_numbers_or_lines_as_none_has_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bulletin.txt"
    path.write_text("本年授权12件。\n" + "超" * (MOST_CHARACTERS_OF_A_LINE + 1), encoding="utf-8")
    with pytest.raises(ProjectError, match="line 2 has 50,001 characters"):
        read_document(path)


@pytest.mark.parametrize("unit", ["1", "a@", "a", ".", "…", "超", "（", "1,", "至", "<"])
def test_no_pattern_searches_a_long_line_again_and_again(unit: str) -> None:
    begun = time.process_time()
    extract(unit * (8_000 // len(unit)) + "!")
    assert time.process_time() - begun < 4
