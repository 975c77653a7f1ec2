"""What the build of the site does with examples: which blocks it runs, what it shows of an output, and what fails it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from examples import examples
from paths import ROOT
from run_examples import Example, Runner

DOCS = ROOT / "docs"
PAGES = [path for path in sorted(DOCS.rglob("*.md")) if not path.name.endswith(".zh-CN.md")]


def found(page: Path, *, slow: bool = False) -> list[Example]:
    return examples(page.read_text(encoding="utf-8"), page.name, slow=slow)


def in_chinese(page: Path) -> Path:
    return page.with_name(f"{page.stem}.zh-CN.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(DOCS).as_posix())
def test_a_page_has_the_same_examples_in_both_languages(page: Path) -> None:
    texts = [re.sub(r"(?m)^ *#.*\n", "", path.read_text(encoding="utf-8")) for path in (page, in_chinese(page))]
    english, chinese = ([(each.words, each.body) for each in examples(text, page.name, slow=True)] for text in texts)
    assert chinese == english


def test_there_are_twenty_queries_each_with_its_output() -> None:
    asked = [each for each in found(DOCS / "how-to" / "queries.md") if each.words[0] == "sql"]
    assert len(asked) == 20
    assert all(each.is_shown for each in asked)


def test_an_excerpt_says_where_lines_are_left_out() -> None:
    def excerpt(*words: str) -> str:
        return Example(("sh", "output", *words), "", "").excerpt("1\n2\n3\n4\n")

    assert excerpt() == excerpt("first=4") == excerpt("first=2", "last=2") == "1\n2\n3\n4"
    assert excerpt("first=1") == "1\n…"
    assert excerpt("last=1") == "…\n4"
    assert excerpt("first=1", "last=1") == "1\n…\n4"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("import sys; print(1); sys.exit(3)", "page:7 ends with exit code 3"),
        ("pass", "page:7 prints nothing"),
        ("print('at 10:20:30')", "names a time"),
        ("import os; print(os.path.dirname(os.getcwd()))", "or a folder of this machine"),
    ],
)
def test_an_example_that_fails_or_prints_what_changes_fails_the_build(body: str, said: str, tmp_path: Path) -> None:
    (project := tmp_path / "project").mkdir()
    with pytest.raises(SystemExit, match=said):
        Runner(tmp_path).output_of(Example(("python", "output"), body, "page:7"), project, "C.UTF-8")


@pytest.mark.slow
def test_examples_that_take_long_run_too(tmp_path: Path) -> None:
    pages = [page for page in PAGES if any(each.is_slow for each in found(page, slow=True))]
    assert pages
    with Runner(tmp_path) as runner:
        for page in pages:
            runner.run({"": found(page, slow=True)})
